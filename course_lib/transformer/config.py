"""La ficha técnica de un Transformer: los números que fijan su forma, y nada más.

Los nombres son los de transformers (`LlamaConfig`), para poder comparar campo por campo.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["TransformerConfig"]


@dataclass(frozen=True, kw_only=True)
class TransformerConfig:
    """Forma de un decodificador de la familia Llama.

    Ref.: Touvron et al. 2023, arXiv:2302.13971.

    >>> config = TransformerConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2,
    ...                            num_attention_heads=4, num_key_value_heads=2,
    ...                            intermediate_size=16)
    >>> config.head_dim
    2
    """

    vocab_size: int  # V: cuántos tokens distintos existen
    hidden_size: int  # D: ancho del flujo residual
    num_hidden_layers: int  # L: cuántos bloques
    num_attention_heads: int  # H: cabezas de consulta por bloque
    num_key_value_heads: int  # G: cabezas de clave y valor; G divide a H
    intermediate_size: int  # F: ancho interior del MLP
    head_dim: int = 0  # K: ancho de cada cabeza; 0 significa D / H
    max_position_embeddings: int = 2048  # tokens que el modelo vio, como mucho, al entrenarse
    rms_norm_eps: float = 1e-5  # evita dividir por cero en RMSNorm
    rope_theta: float = 10_000.0  # base de las frecuencias rotatorias
    tie_word_embeddings: bool = True  # la salida usa la misma matriz que la entrada

    def __post_init__(self) -> None:
        if self.head_dim == 0:
            if self.hidden_size % self.num_attention_heads:
                raise ValueError(
                    f"hidden_size={self.hidden_size} no se reparte en "
                    f"num_attention_heads={self.num_attention_heads} cabezas iguales. "
                    "Elige un múltiplo o indica head_dim."
                )
            object.__setattr__(self, "head_dim", self.hidden_size // self.num_attention_heads)
        if self.num_attention_heads % self.num_key_value_heads:
            raise ValueError(
                f"num_attention_heads={self.num_attention_heads} no es múltiplo de "
                f"num_key_value_heads={self.num_key_value_heads}: cada cabeza de clave y valor "
                "debe servir al mismo número de consultas."
            )
        if self.head_dim % 2:
            raise ValueError(
                f"head_dim={self.head_dim} es impar: las posiciones rotatorias giran pares de "
                "coordenadas. Elige un ancho de cabeza par."
            )

    @classmethod
    def from_hf_config(cls, config: Any) -> TransformerConfig:
        """Traduce una `LlamaConfig` de transformers; lo que esta familia no tiene es un error.

        >>> from transformers import LlamaConfig
        >>> TransformerConfig.from_hf_config(LlamaConfig(num_hidden_layers=3)).num_hidden_layers
        3
        """
        rope = getattr(config, "rope_parameters", None) or {}
        expected = {
            "model_type": "llama",
            "hidden_act": "silu",
            "attention_bias": False,
            "mlp_bias": False,
            "rope_type": "default",
        }
        for name, wanted in expected.items():
            found = rope.get(name) if name == "rope_type" else getattr(config, name, None)
            if found != wanted:
                raise ValueError(
                    f"El modelo trae {name}={found!r} y este Transformer solo entiende "
                    f"{name}={wanted!r}. Usa un modelo de la familia Llama, por ejemplo "
                    "models.load('smollm2-135m-instruct')."
                )
        return cls(
            vocab_size=config.vocab_size,
            hidden_size=config.hidden_size,
            num_hidden_layers=config.num_hidden_layers,
            num_attention_heads=config.num_attention_heads,
            num_key_value_heads=config.num_key_value_heads,
            intermediate_size=config.intermediate_size,
            head_dim=config.head_dim,
            max_position_embeddings=config.max_position_embeddings,
            rms_norm_eps=config.rms_norm_eps,
            rope_theta=float(rope["rope_theta"]),
            tie_word_embeddings=config.tie_word_embeddings,
        )
