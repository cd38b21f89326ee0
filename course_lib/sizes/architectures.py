"""La forma de un Transformer, y la de los modelos publicados que el curso compara.

Cada total se comprueba contra transformers, peso por peso. Refs.: Devlin et al. 2019, arXiv:1810.04805; Liu et al.
2019, arXiv:1907.11692; He et al. 2021, arXiv:2111.09543 (DeBERTa-v3); Brown et al. 2020, arXiv:2005.14165 (tabla 2.1,
GPT-3); Touvron et al. 2023, arXiv:2307.09288; Ben Allal et al. 2025, arXiv:2502.02737; y la ficha de Gemma 3 270M.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

__all__ = ["ARCHITECTURES", "Architecture", "architecture"]


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """Los números que fijan la forma de un Transformer y, con ellos, su tamaño."""

    name: str
    kind: str  # «codificador» (lee en ambos sentidos) o «decodificador» (solo hacia atrás)
    year: int
    vocab_size: int  # V
    hidden_size: int  # d
    num_layers: int  # L
    num_heads: int  # h
    intermediate_size: int  # F
    num_key_value_heads: int = 0  # h_kv; 0 significa h
    head_dim: int = 0  # d_h; 0 significa d / h
    position_rows: int = 0  # filas de las tablas de posiciones; 0 si son rotatorias
    token_types: int = 0  # tipos de segmento (primera o segunda oración, en BERT)
    gated_mlp: bool = False  # tres matrices en el MLP (SwiGLU, GeGLU) en vez de dos
    bias: bool = False  # ¿las proyecciones y las normas suman un sesgo?
    norms_per_layer: int = 2
    extra_norms: int = 1  # fuera de los bloques: la de entrada o la final
    qk_norm: bool = False  # norma aparte para consultas y claves
    pooler: bool = False  # capa extra de BERT sobre su primer token
    tied_head: bool = True  # la salida reutiliza la matriz de embeddings
    window: int = 0  # tokens que recuerda una capa de ventana deslizante
    window_layers: int = 0  # cuántas capas son de esas; las demás recuerdan todo el contexto

    @property
    def query_width(self) -> int:
        """h·d_h: ancho de todas las consultas juntas."""
        return self.num_heads * (self.head_dim or self.hidden_size // self.num_heads)

    @property
    def key_value_width(self) -> int:
        """h_kv·d_h: ancho de todas las claves juntas (y de todos los valores)."""
        heads = self.num_key_value_heads or self.num_heads
        return heads * self.query_width // self.num_heads


_bert = partial(Architecture, kind="codificador", bias=True, pooler=True)
_base = partial(_bert, hidden_size=768, num_layers=12, num_heads=12, intermediate_size=3072)
_large = partial(_bert, hidden_size=1024, num_layers=24, num_heads=16, intermediate_size=4096)
_gpt_like = partial(Architecture, kind="decodificador", bias=True, vocab_size=50257)
_llama = partial(Architecture, kind="decodificador", gated_mlp=True)


def _gpt(name: str, year: int, L: int, d: int, h: int, context: int) -> Architecture:
    return _gpt_like(
        name=name,
        year=year,
        hidden_size=d,
        num_layers=L,
        num_heads=h,
        intermediate_size=4 * d,
        position_rows=context,
    )


ARCHITECTURES = (
    _base(name="BERT base", year=2018, vocab_size=30522, position_rows=512, token_types=2),
    _large(name="BERT large", year=2018, vocab_size=30522, position_rows=512, token_types=2),
    _base(name="RoBERTa base", year=2019, vocab_size=50265, position_rows=514, token_types=1),
    _large(name="RoBERTa large", year=2019, vocab_size=50265, position_rows=514, token_types=1),
    Architecture(
        name="DeBERTa-v3 base",
        kind="codificador",
        year=2021,
        vocab_size=128100,
        hidden_size=768,
        num_layers=12,
        num_heads=12,
        intermediate_size=3072,
        position_rows=512,  # posiciones relativas: 256 hacia cada lado
        bias=True,
        extra_norms=2,  # una para las palabras y otra para las posiciones
    ),
    _gpt("GPT-2 small", 2019, 12, 768, 12, 1024),
    _gpt("GPT-2 medium", 2019, 24, 1024, 16, 1024),
    _gpt("GPT-2 large", 2019, 36, 1280, 20, 1024),
    _gpt("GPT-2 XL", 2019, 48, 1600, 25, 1024),
    _gpt("GPT-3 175B", 2020, 96, 12288, 96, 2048),
    _llama(
        name="Llama 2 7B",
        year=2023,
        vocab_size=32000,
        hidden_size=4096,
        num_layers=32,
        num_heads=32,
        intermediate_size=11008,
        tied_head=False,
    ),
    _llama(
        name="SmolLM2 135M",
        year=2024,
        vocab_size=49152,
        hidden_size=576,
        num_layers=30,
        num_heads=9,
        num_key_value_heads=3,
        intermediate_size=1536,
    ),
    _llama(
        name="Gemma 3 270M",
        year=2025,
        vocab_size=262144,
        hidden_size=640,
        num_layers=18,
        num_heads=4,
        num_key_value_heads=1,
        head_dim=256,
        intermediate_size=2048,
        norms_per_layer=4,
        qk_norm=True,
        window=512,
        window_layers=15,  # cinco de cada seis
    ),
)


def architecture(name: str) -> Architecture:
    """Devuelve la arquitectura publicada con ese nombre.

    >>> architecture("GPT-3 175B").num_layers
    96
    """
    for arch in ARCHITECTURES:
        if arch.name == name:
            return arch
    known = ", ".join(arch.name for arch in ARCHITECTURES)
    raise ValueError(f"No hay una arquitectura «{name}». Las que hay: {known}.")
