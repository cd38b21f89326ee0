"""El Transformer del curso tras la misma puerta que cualquier modelo: `prefill` y `step`.

Así puntúa y escribe con el mismo código (`course_lib.scoring`, `course_lib.decoding`) que los
modelos de transformers.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..models import LanguageModel, State
from .cache import KVCache
from .model import Transformer

__all__ = ["TransformerLM"]


class TransformerLM(LanguageModel):
    """Un `Transformer` con su tokenizer; se usa igual que un `LanguageModel`.

    >>> from course_lib.transformer import TransformerConfig
    >>> config = TransformerConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2,
    ...                            num_attention_heads=4, num_key_value_heads=2,
    ...                            intermediate_size=16)
    >>> lm = TransformerLM(Transformer(config))
    >>> lm.prefill(torch.tensor([[3, 1, 4]])).logits.shape
    torch.Size([1, 50])
    """

    def __init__(
        self,
        model: Transformer,
        tokenizer=None,
        *,
        eos_token_ids: tuple[int, ...] = (),
        bos_token_id: int | None = None,
    ) -> None:
        super().__init__(model, tokenizer)
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

    @torch.no_grad()
    def prefill(
        self, input_ids: Tensor | None = None, *, inputs_embeds: Tensor | None = None
    ) -> State:
        """Lee un prompt, input_ids (B, T) o inputs_embeds (B, T, D), y devuelve su estado."""
        cache = KVCache.empty(self.model.config.num_hidden_layers)
        if input_ids is not None:
            input_ids = input_ids.to(self.device)
        if inputs_embeds is not None:
            inputs_embeds = inputs_embeds.to(self.device, self.dtype)
        logits = self.model(input_ids, inputs_embeds=inputs_embeds, cache=cache)
        return State(logits[:, -1].float(), cache, length=cache.length)

    @torch.no_grad()
    def step(self, input_ids: Tensor, state: State) -> Tensor:
        """Lee los tokens nuevos (B, T), devuelve sus logits (B, T, V) y avanza `state`."""
        logits = self.model(input_ids.to(self.device), cache=state.cache).float()
        state.logits, state.length = logits[:, -1], state.cache.length
        return logits

    @property
    def _text_config(self):
        return self.model.config

    @property
    def device(self) -> torch.device:
        """Dispositivo donde están los pesos."""
        return self.model.embed.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """Tipo numérico de los pesos."""
        return self.model.embed.weight.dtype

    @property
    def eos_token_ids(self) -> tuple[int, ...]:
        """Tokens que terminan un texto (puede no haber ninguno)."""
        return self._eos_token_ids

    @property
    def bos_token_id(self) -> int | None:
        """Token con el que empieza un texto, o None si el modelo no tiene."""
        return self._bos_token_id
