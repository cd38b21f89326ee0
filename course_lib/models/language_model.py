"""La única puerta a cualquier modelo: `prefill` lee el prompt, `step` avanza token a token.

Puntuar, decodificar, el modelo con visión y el Transformer escrito en el curso pasan por estas dos
funciones, de modo que ninguno necesita su propio decodificador.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from .catalogue import ModelCard

__all__ = ["LanguageModel", "State"]


@dataclass
class State:
    """Lo que el modelo recuerda tras leer: claves y valores, y los logits del token que sigue.

    `logits`: (B, V) en float32. `length`: tokens leídos. `cache`: una `Cache` de transformers u otro
    objeto con sus mismos métodos (`batch_repeat_interleave`, `reorder_cache`).
    """

    logits: torch.Tensor  # (B, V)
    cache: Any
    length: int

    def expand(self, n: int) -> State:
        """Devuelve el estado con cada fila repetida `n` veces: el prompt se calcula una sola vez.

        La caché se reutiliza, no se copia: sigue desde lo devuelto, o guarda antes un `clone()`.
        """
        if n == 1:
            return self
        self.cache.batch_repeat_interleave(n)
        return replace(self, logits=self.logits.repeat_interleave(n, dim=0))

    def select(self, indices: torch.Tensor) -> State:
        """Devuelve el estado con las filas `indices` (N,), en ese orden: los haces que sobreviven.

        La caché se reutiliza, no se copia: sigue desde lo devuelto, o guarda antes un `clone()`.
        """
        same = torch.equal(indices, torch.arange(len(self.logits), device=indices.device))
        if not same:
            self.cache.reorder_cache(indices)
        return replace(self, logits=self.logits if same else self.logits[indices])

    def clone(self) -> State:
        """Devuelve una copia independiente: seguir desde ella no toca a la original."""
        return replace(self, logits=self.logits.clone(), cache=copy.deepcopy(self.cache))


class LanguageModel:
    """Un modelo causal y su tokenizer.

    `LanguageModel(model, tokenizer)` envuelve cualquier modelo causal de transformers;
    `tokenizer=None` vale si solo se usan ids.
    """

    def __init__(self, model, tokenizer=None, card: ModelCard | None = None):
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.card = card

    def __repr__(self) -> str:
        name = self.card.name if self.card else type(self.model).__name__
        kind = str(self.dtype).removeprefix("torch.")
        return f"LanguageModel({name}, {kind}, {self.device.type}, {self.vocab_size} tokens)"

    # --- lo que hay que saber del modelo ---

    @property
    def _text_config(self):
        return self.model.config.get_text_config()

    @property
    def device(self) -> torch.device:
        """Dispositivo donde están los pesos."""
        return self.model.device

    @property
    def dtype(self) -> torch.dtype:
        """Tipo numérico de los pesos."""
        return self.model.dtype

    @property
    def vocab_size(self) -> int:
        """V, número de tokens del vocabulario."""
        return self._text_config.vocab_size

    @property
    def max_length(self) -> int:
        """Contexto máximo, en tokens."""
        return self._text_config.max_position_embeddings

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
        return self.model.generation_config.bos_token_id

    # --- texto <-> tokens ---

    def encode(self, text: str, add_bos: bool = True) -> list[int]:
        """Devuelve los ids de `text`; con `add_bos`, precedidos por los tokens con que el modelo espera empezar."""
        return self._tokenizer().encode(text, add_special_tokens=add_bos)

    def decode(self, ids: Sequence[int]) -> str:
        """Devuelve el texto de `ids`, sin tokens especiales y sin retocar los espacios."""
        return self._tokenizer().decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )

    def token_strings(self, ids: Sequence[int]) -> list[str]:
        """Devuelve cada token como texto legible (con sus espacios; los especiales, con su nombre)."""
        tokenizer = self._tokenizer()
        return [tokenizer.decode([i], clean_up_tokenization_spaces=False) for i in ids]

    def _tokenizer(self):
        if self.tokenizer is None:
            raise ValueError(
                "Este modelo no tiene tokenizer, así que no puede leer ni escribir texto. Pasa ids de tokens, o créalo "
                "con LanguageModel(model, tokenizer)."
            )
        return self.tokenizer

    # --- la puerta ---

    @torch.no_grad()
    def prefill(
        self, input_ids: torch.Tensor | None = None, *, inputs_embeds: torch.Tensor | None = None
    ) -> State:
        """Lee un prompt entero y devuelve el estado con los logits de lo que sigue.

        `input_ids`: (B, T) enteros, o `inputs_embeds`: (B, T, D); exactamente uno de los dos. Solo
        se calculan los logits de la última posición.
        """
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("Pasa `input_ids` o `inputs_embeds`: exactamente uno de los dos.")
        given = input_ids if inputs_embeds is None else inputs_embeds
        cache = self._new_cache()
        output = self.model(
            input_ids=None if input_ids is None else input_ids.to(self.device),
            inputs_embeds=None
            if inputs_embeds is None
            else inputs_embeds.to(self.device, self.dtype),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return State(output.logits[:, -1].float(), cache, length=given.shape[1])

    @torch.no_grad()
    def step(self, input_ids: torch.Tensor, state: State) -> torch.Tensor:
        """Lee los tokens nuevos `input_ids` (B, T) y devuelve sus logits (B, T, V) en float32.

        Avanza `state` en el sitio: su caché crece T posiciones y `state.logits` pasa a ser la última.
        """
        output = self.model(
            input_ids=input_ids.to(self.device), past_key_values=state.cache, use_cache=True
        )
        logits = output.logits.float()
        state.logits, state.length = logits[:, -1], state.length + input_ids.shape[1]
        return logits

    def _new_cache(self):
        from transformers import DynamicCache

        return DynamicCache(config=self._text_config)
