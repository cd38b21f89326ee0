"""El modelo completo: embeddings, bloques, norma final y una salida por cada token.

Ref.: Vaswani et al. 2017, arXiv:1706.03762; Touvron et al. 2023, arXiv:2302.13971.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from .attention import causal_mask, hide_padding
from .block import Block
from .cache import KVCache
from .config import TransformerConfig
from .norm import RMSNorm
from .rotary import rotary_angles
from .weights import load_hf_weights

__all__ = ["Trace", "Transformer"]


@dataclass(frozen=True)
class Trace:
    """Lo que pasó por dentro: lo devuelve `Transformer.trace`."""

    logits: Tensor  # (B, T, V)
    hidden_states: tuple[Tensor, ...]  # L + 1 de (B, T, D): los embeddings y tras cada bloque
    attentions: tuple[Tensor, ...]  # L de (B, H, T, S): cada fila suma 1


class Transformer(nn.Module):
    """Decodificador de la familia Llama: predice el token siguiente en cada posición.

    >>> config = TransformerConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2,
    ...                            num_attention_heads=4, num_key_value_heads=2,
    ...                            intermediate_size=16)
    >>> Transformer(config)(torch.tensor([[3, 1, 4]])).shape
    torch.Size([1, 3, 50])
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.num_hidden_layers))
        self.norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        if config.tie_word_embeddings:
            self.head.weight = self.embed.weight
        self.apply(_init_weights)

    @classmethod
    def from_hf(cls, lm: Any) -> Transformer:
        """Devuelve un Transformer con los pesos de `lm`: un LanguageModel o un LlamaForCausalLM.

        Un peso que falta, sobra o no calza es un `ValueError` (ver weights.py).
        """
        source = getattr(lm, "model", lm) if hasattr(lm, "tokenizer") else lm
        model = cls(TransformerConfig.from_hf_config(source.config))
        load_hf_weights(model, source.state_dict())
        return model.to(device=source.device, dtype=source.dtype).eval()

    def forward(
        self,
        input_ids: Tensor | None = None,
        *,
        inputs_embeds: Tensor | None = None,
        cache: KVCache | None = None,
        left_padding: Tensor | None = None,
        only_last: bool = False,
    ) -> Tensor:
        """Devuelve logits (B, T, V) para input_ids (B, T) o inputs_embeds (B, T, D).

        Con `cache`, los tokens dados continúan a los que ya están guardados en ella. `left_padding` (B,)
        dice cuántas columnas de relleno lleva cada fila a la izquierda: nadie las mira. Con `only_last`
        solo se calculan los logits del último token, (B, 1, V).
        """
        x = self._embed(input_ids, inputs_embeds)
        return self._run(x, cache, left_padding=left_padding, only_last=only_last)

    def trace(
        self, input_ids: Tensor | None = None, *, inputs_embeds: Tensor | None = None
    ) -> Trace:
        """Igual que llamar al modelo, pero devuelve también estados ocultos y atenciones.

        Se da input_ids (B, T) o inputs_embeds (B, T, D), uno de los dos, como al llamarlo.
        El último estado oculto es el de *antes* de la norma final (transformers entrega el de
        después).
        """
        x = self._embed(input_ids, inputs_embeds)
        steps: list[tuple[Tensor, Tensor]] = []
        logits = self._run(x, steps=steps)
        hidden_states, attentions = zip(*steps, strict=True)
        return Trace(logits, (x, *hidden_states), attentions)

    def _run(
        self,
        x: Tensor,  # (B, T, D)
        cache: KVCache | None = None,
        *,
        steps: list[tuple[Tensor, Tensor]] | None = None,
        left_padding: Tensor | None = None,
        only_last: bool = False,
    ) -> Tensor:
        past, T = (0 if cache is None else cache.length), x.shape[1]
        positions = torch.arange(past, past + T, device=x.device)  # (T,)
        mask = causal_mask(T, past + T, device=x.device)  # (T, S)
        if left_padding is not None:  # cada fila cuenta desde su primer token
            positions, mask = hide_padding(positions, mask, left_padding)
        angles = rotary_angles(positions, self.config.head_dim, self.config.rope_theta)
        for i, block in enumerate(self.blocks):
            x, weights = block(x, angles, mask, None if cache is None else cache.layers[i])
            if steps is not None:
                steps.append((x, weights))
        if only_last:
            x = x[:, -1:]
        logits: Tensor = self.head(self.norm(x))  # (B, T, V)
        return logits

    def _embed(self, input_ids: Tensor | None, inputs_embeds: Tensor | None) -> Tensor:
        given = input_ids if inputs_embeds is None else inputs_embeds
        if given is None or (input_ids is not None and inputs_embeds is not None):
            raise ValueError(
                "El modelo recibe o bien input_ids o bien inputs_embeds: pasa exactamente uno."
            )
        x: Tensor = self.embed(given) if inputs_embeds is None else given
        if x.dim() != 3 or x.shape[1] == 0:
            shape = tuple(given.shape)
            raise ValueError(
                f"La entrada tiene forma {shape}; se espera (B, T) para input_ids o (B, T, D) "
                "para inputs_embeds, con al menos un token. ¿Falta la dimensión del lote? "
                "Prueba input_ids[None]."
            )
        return x


def _init_weights(module: nn.Module) -> None:
    # 0.02 es la desviación de GPT-2 y Llama; en modelos mucho más angostos conviene más (1/sqrt D).
    if isinstance(module, nn.Linear | nn.Embedding):
        std = max(0.02, 0.4 * module.weight.shape[-1] ** -0.5)
        nn.init.normal_(module.weight, std=std)
