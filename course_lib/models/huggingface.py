"""Los modelos de transformers tras la puerta del curso."""

from __future__ import annotations

import inspect
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from .catalogue import ModelCard
from .language_model import LanguageModel, finite, one_prompt
from .state import Cache, State, padded_attention

__all__ = ["HuggingFaceLM"]

# Cada biblioteca de modelos llama a su manera al contexto máximo; los que no tienen límite no lo dicen.
_CONTEXT_NAMES = ("max_position_embeddings", "n_positions", "n_ctx", "max_seq_len", "seq_length")


class HuggingFaceLM(LanguageModel):
    """Un modelo causal de transformers; también se obtiene con `LanguageModel(model, tokenizer)`.

    Raises:
        ValueError: el modelo no recuerda lo leído con claves y valores (GPT-1, Mamba, RecurrentGemma…) o
            no es causal: no podría avanzar token a token.
    """

    def __init__(self, model: Any, tokenizer: Any = None, card: ModelCard | None = None) -> None:
        super().__init__(model.eval(), tokenizer, card)
        self._parameters = set(inspect.signature(model.forward).parameters)
        self._check_memory()

    def _check_memory(self) -> None:
        """Comprueba que leer cuatro tokens de una vez o de a dos da lo mismo.

        No lo cumplen los que miran hacia adelante (BERT) ni los que no recuerdan con claves y valores, y se
        equivocarían sin decirlo.
        """
        stateful = getattr(self.model, "_is_stateful", False)
        encoder = getattr(self.model.config, "is_encoder_decoder", False)
        if stateful or encoder or "past_key_values" not in self._parameters:
            raise _refusal(self.model)
        ids, whole = self._probe
        try:
            state = self.prefill(ids[:, :2])
        except AttributeError as error:  # no devolvió ninguna caché
            raise _refusal(self.model) from error
        first = state.logits
        if not _agree(first, whole[:, 1], self.dtype) or not _agree(
            self.step(ids[:, 2:], state), whole[:, 2:], self.dtype
        ):
            raise _refusal(self.model)

    @cached_property
    def _probe(self) -> tuple[Tensor, Tensor]:
        """Cuatro tokens, (1, 4), y sus logits leídos de una vez, (1, 4, V)."""
        ids = torch.arange(1, 5, device=self.device)[None] % self.vocab_size
        with torch.no_grad():
            return ids, finite(self.model(input_ids=ids).logits)

    @cached_property
    def mixes_lengths(self) -> bool:
        """Si lee bien juntos prompts de distinto largo, con relleno a la izquierda.

        Lo hacen los que aceptan la posición de cada token; los demás leen juntos los de igual largo.
        """
        ids, whole = self._probe
        rows = torch.stack(
            [ids[0], ids[0].roll(2)]
        )  # la segunda: dos de relleno y los dos primeros
        try:
            found = self.prefill(rows, left_padding=torch.tensor([0, 2])).logits
        except ValueError:  # en float64, algunos modelos dan nan a las columnas de relleno
            return False
        return _agree(found, torch.stack([whole[0, 3], whole[0, 1]]), self.dtype)

    # --- lo que hay que saber del modelo ---

    @property
    def _config(self) -> Any:
        return self.model.config.get_text_config()

    @property
    def device(self) -> torch.device:
        """Dispositivo donde están los pesos."""
        where: torch.device = self.model.device
        return where

    @property
    def dtype(self) -> torch.dtype:
        """Tipo numérico de los pesos."""
        kind: torch.dtype = self.model.dtype
        return kind

    @property
    def vocab_size(self) -> int:
        """V, número de tokens del vocabulario."""
        return int(self._config.vocab_size)

    @property
    def hidden_size(self) -> int:
        """D, ancho de los embeddings."""
        return int(self.model.get_input_embeddings().weight.shape[1])

    @property
    def max_length(self) -> int | None:
        """Contexto máximo, en tokens; None si el modelo no tiene límite."""
        found = (getattr(self._config, name, None) for name in _CONTEXT_NAMES)
        return next((n for n in found if isinstance(n, int) and n > 0), None)

    @property
    def eos_token_ids(self) -> tuple[int, ...]:
        """Tokens que terminan un texto, según `generation_config` (puede no haber ninguno)."""
        eos = self.model.generation_config.eos_token_id
        if eos is None:
            return ()
        return (eos,) if isinstance(eos, int) else tuple(eos)

    @property
    def bos_token_id(self) -> int | None:
        """Token con el que empieza un texto, o None si el modelo no tiene."""
        bos: int | None = self.model.generation_config.bos_token_id
        return bos

    @property
    def bytes_per_token(self) -> int:
        """Memoria que ocupa, por fila, cada token leído: sus claves, sus valores y las activaciones."""
        config = self._config
        heads = getattr(config, "num_attention_heads", 1) or 1
        groups = getattr(config, "num_key_value_heads", None) or heads
        width = getattr(config, "head_dim", None) or config.hidden_size // heads
        inner = getattr(config, "intermediate_size", None) or 4 * config.hidden_size
        kept = 2 * config.num_hidden_layers * groups * width
        passing = 6 * config.hidden_size + 3 * inner + 4 * heads * width
        return int(kept + passing) * self.dtype.itemsize

    # --- la puerta ---

    @torch.no_grad()
    def prefill(
        self,
        input_ids: Tensor | None = None,
        *,
        inputs_embeds: Tensor | None = None,
        left_padding: Tensor | None = None,
    ) -> State:
        """Lee un prompt entero y devuelve el estado con los logits de lo que sigue.

        `input_ids`: (B, T) enteros, o `inputs_embeds`: (B, T, D); exactamente uno de los dos.
        `left_padding`: (B,) columnas de relleno a la izquierda de cada fila. Solo se calculan los logits
        de la última posición.
        """
        length = one_prompt(input_ids, inputs_embeds).shape[1]
        if left_padding is not None:
            left_padding = left_padding.to(self.device) if left_padding.any() else None
        output = self._forward(
            self._new_cache(),
            *padded_attention(left_padding, 0, length),
            input_ids=None if input_ids is None else input_ids.to(self.device),
            inputs_embeds=None
            if inputs_embeds is None
            else inputs_embeds.to(self.device, self.dtype),
            logits_to_keep=1,
        )
        logits = finite(output.logits[:, -1])
        return State(logits, output.past_key_values, length, left_padding)

    @torch.no_grad()
    def step(self, input_ids: Tensor, state: State) -> Tensor:
        """Lee los tokens nuevos `input_ids` (B, T) y devuelve sus logits (B, T, V) en float32.

        Avanza `state` en el sitio: su caché crece T posiciones y `state.logits` pasa a ser la última.
        """
        return self._read(input_ids, state, logits_to_keep=0)

    @torch.no_grad()
    def advance(self, input_ids: Tensor, state: State) -> None:
        """Lee los tokens nuevos `input_ids` (B, T) como `step`, sin más logits que los últimos."""
        self._read(input_ids, state, logits_to_keep=1)

    def _read(self, input_ids: Tensor, state: State, logits_to_keep: int) -> Tensor:
        new = input_ids.shape[1]
        output = self._forward(
            state.cache,
            *state.attention(new),
            input_ids=input_ids.to(self.device),
            logits_to_keep=logits_to_keep,
        )
        logits = finite(output.logits)
        state.logits, state.length = logits[:, -1], state.length + new
        return logits

    def _forward(
        self, cache: Cache, real: Tensor | None, positions: Tensor | None, **given: Any
    ) -> Any:
        if real is not None:
            given |= {"attention_mask": real.long(), "position_ids": positions}
        known = {name: value for name, value in given.items() if name in self._parameters}
        return self.model(**known, past_key_values=cache, use_cache=True)

    def _new_cache(self) -> Any:
        from transformers import DynamicCache

        return DynamicCache(config=self._config)


def _refusal(model: Any) -> ValueError:
    return ValueError(
        f"{type(model).__name__} no es un Transformer causal que guarde claves y valores de lo que lee, así que "
        "este curso no puede hacerlo avanzar token a token. Usa un modelo como los de models.CATALOGUE."
    )


def _agree(found: Tensor, expected: Tensor, dtype: torch.dtype) -> bool:
    """Si dos cálculos de los mismos logits coinciden, salvo el redondeo de los pesos."""
    rounding = 0.2 if dtype.itemsize == 2 else 1e-3
    return bool((found - expected).abs().max() <= rounding * expected.std())
