"""El Transformer del curso tras la misma puerta que cualquier modelo: `prefill` y `step`.

Así puntúa y escribe con el mismo código (`course_lib.scoring`, `course_lib.decoding`) que los
modelos de transformers.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..models import LanguageModel, State
from ..models.language_model import finite, one_prompt
from .cache import KVCache
from .model import Transformer

__all__ = ["TransformerLM"]


class TransformerLM(LanguageModel):
    """Un `Transformer` con su tokenizer; se usa igual que cualquier `LanguageModel`.

    >>> from course_lib.transformer import TransformerConfig
    >>> config = TransformerConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2,
    ...                            num_attention_heads=4, num_key_value_heads=2,
    ...                            intermediate_size=16)
    >>> lm = TransformerLM(Transformer(config))
    >>> lm.prefill(torch.tensor([[3, 1, 4]])).logits.shape
    torch.Size([1, 50])
    """

    model: Transformer

    def __init__(
        self,
        model: Transformer,
        tokenizer: Any = None,
        *,
        eos_token_ids: tuple[int, ...] = (),
        bos_token_id: int | None = None,
    ) -> None:
        super().__init__(model.eval(), tokenizer)
        self._eos_token_ids, self._bos_token_id = tuple(eos_token_ids), bos_token_id

    @classmethod
    def from_lm(cls, lm: LanguageModel) -> TransformerLM:
        """Devuelve el mismo modelo que `lm`, con sus pesos puestos en nuestro Transformer."""
        return cls(
            Transformer.from_hf(lm),
            lm.tokenizer,
            eos_token_ids=lm.eos_token_ids,
            bos_token_id=lm.bos_token_id,
        )

    # --- la puerta ---

    @torch.no_grad()
    def prefill(
        self,
        input_ids: Tensor | None = None,
        *,
        inputs_embeds: Tensor | None = None,
        left_padding: Tensor | None = None,
    ) -> State:
        """Lee un prompt, input_ids (B, T) o inputs_embeds (B, T, D), y devuelve su estado.

        `left_padding`: (B,) columnas de relleno a la izquierda de cada fila.
        """
        length = one_prompt(input_ids, inputs_embeds).shape[1]
        if left_padding is not None:
            left_padding = left_padding.to(self.device) if left_padding.any() else None
        cache = KVCache.empty(self.model.config.num_hidden_layers)
        logits = self.model(
            None if input_ids is None else input_ids.to(self.device),
            inputs_embeds=None
            if inputs_embeds is None
            else inputs_embeds.to(self.device, self.dtype),
            cache=cache,
            left_padding=left_padding,
            only_last=True,
        )
        return State(finite(logits[:, -1]), cache, length, left_padding)

    @torch.no_grad()
    def step(self, input_ids: Tensor, state: State) -> Tensor:
        """Lee los tokens nuevos (B, T), devuelve sus logits (B, T, V) y avanza `state`."""
        return self._read(input_ids, state, only_last=False)

    @torch.no_grad()
    def advance(self, input_ids: Tensor, state: State) -> None:
        """Lee los tokens nuevos (B, T) como `step`, sin más logits que los últimos."""
        self._read(input_ids, state, only_last=True)

    def _read(self, input_ids: Tensor, state: State, only_last: bool) -> Tensor:
        logits = self.model(
            input_ids.to(self.device),
            cache=state.cache,
            left_padding=state.left_padding,
            only_last=only_last,
        )
        logits = finite(logits)
        state.logits, state.length = logits[:, -1], state.length + input_ids.shape[1]
        return logits

    # --- lo que hay que saber del modelo ---

    @property
    def device(self) -> torch.device:
        """Dispositivo donde están los pesos."""
        return self.model.embed.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """Tipo numérico de los pesos."""
        return self.model.embed.weight.dtype

    @property
    def vocab_size(self) -> int:
        """V, número de tokens del vocabulario."""
        return self.model.config.vocab_size

    @property
    def hidden_size(self) -> int:
        """D, ancho de los embeddings."""
        return self.model.config.hidden_size

    @property
    def max_length(self) -> int:
        """Contexto máximo, en tokens."""
        return self.model.config.max_position_embeddings

    @property
    def eos_token_ids(self) -> tuple[int, ...]:
        """Tokens que terminan un texto (puede no haber ninguno)."""
        return self._eos_token_ids

    @property
    def bos_token_id(self) -> int | None:
        """Token con el que empieza un texto, o None si el modelo no tiene."""
        return self._bos_token_id

    @property
    def mixes_lengths(self) -> bool:
        """Lee bien juntos prompts de distinto largo."""
        return True

    @property
    def bytes_per_token(self) -> int:
        """Memoria que ocupa, por fila, cada token leído: sus claves, sus valores y las activaciones."""
        c = self.model.config
        kept = 2 * c.num_hidden_layers * c.num_key_value_heads * c.head_dim
        passing = 6 * c.hidden_size + 3 * c.intermediate_size
        # los pesos de atención existen enteros: H por cada par de tokens
        passing += 2 * c.num_attention_heads * min(c.max_position_embeddings, 512)
        return (kept + passing) * self.dtype.itemsize
