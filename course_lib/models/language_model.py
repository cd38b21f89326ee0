"""La única puerta a cualquier modelo: `prefill` lee el prompt, `step` avanza token a token.

Puntuar, decodificar, el modelo con visión y el Transformer escrito en el curso pasan por aquí, de modo
que ninguno necesita su propio decodificador. Quien quiera traer otro modelo implementa esta clase.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from .catalogue import ModelCard
from .state import State
from .text import decode, encode_with_spans, token_strings

__all__ = ["LanguageModel", "finite", "one_prompt"]


class LanguageModel(ABC):
    """Un modelo causal y su tokenizer.

    `LanguageModel(model, tokenizer)` envuelve cualquier modelo causal de transformers que guarde claves y
    valores (devuelve un `HuggingFaceLM`); `tokenizer=None` vale si solo se usan ids. `card` es su ficha del
    catálogo, si la tiene.
    """

    model: Any
    tokenizer: Any
    card: ModelCard | None

    def __new__(cls, *args: Any, **kwargs: Any) -> LanguageModel:
        """Como `pathlib.Path`: la clase general construye la que sirve para lo que recibe."""
        if cls is LanguageModel:
            from .huggingface import HuggingFaceLM

            return super().__new__(HuggingFaceLM)
        return super().__new__(cls)

    def __init__(self, model: Any, tokenizer: Any = None, card: ModelCard | None = None) -> None:
        self.model, self.tokenizer, self.card = model, tokenizer, card

    def __repr__(self) -> str:
        kind = str(self.dtype).removeprefix("torch.")
        return f"LanguageModel({self.name}, {kind}, {self.device.type}, {self.vocab_size} tokens)"

    # --- lo que hay que saber del modelo ---

    @property
    def name(self) -> str:
        """Nombre del catálogo o, si no está en él, el de su clase."""
        return self.card.name if self.card else type(self.model).__name__

    @property
    @abstractmethod
    def device(self) -> torch.device:
        """Dispositivo donde están los pesos."""

    @property
    @abstractmethod
    def dtype(self) -> torch.dtype:
        """Tipo numérico de los pesos."""

    @property
    @abstractmethod
    def vocab_size(self) -> int:
        """V, número de tokens del vocabulario."""

    @property
    @abstractmethod
    def hidden_size(self) -> int:
        """D, ancho de los embeddings."""

    @property
    @abstractmethod
    def max_length(self) -> int | None:
        """Contexto máximo, en tokens; None si el modelo no tiene límite."""

    @property
    @abstractmethod
    def eos_token_ids(self) -> tuple[int, ...]:
        """Tokens que terminan un texto (puede no haber ninguno)."""

    @property
    @abstractmethod
    def bos_token_id(self) -> int | None:
        """Token con el que empieza un texto, o None si el modelo no tiene."""

    @property
    @abstractmethod
    def mixes_lengths(self) -> bool:
        """Si lee bien juntos prompts de distinto largo, con relleno a la izquierda."""

    @property
    @abstractmethod
    def bytes_per_token(self) -> int:
        """Memoria que ocupa, por fila, cada token leído: sus claves, sus valores y las activaciones."""

    # --- texto <-> tokens ---

    def encode(self, text: str, add_bos: bool = True) -> list[int]:
        """Devuelve los ids de `text`; con `add_bos`, precedidos por los tokens con que el modelo espera empezar."""
        return self.encode_with_spans(text, add_bos=add_bos)[0]

    def encode_with_spans(
        self, text: str, add_bos: bool = True
    ) -> tuple[list[int], list[tuple[int, int]]]:
        """Devuelve los ids de `text` y, por cada uno, las posiciones [inicio, fin) de sus letras.

        Con `add_bos` van delante los especiales con que el modelo espera empezar, que ocupan (0, 0).
        """
        return encode_with_spans(self._tokenizer(), text, add_bos)

    def decode(self, ids: Sequence[int]) -> str:
        """Devuelve el texto de `ids`, sin tokens especiales y sin retocar los espacios."""
        return decode(self._tokenizer(), ids)

    def token_strings(self, ids: Sequence[int]) -> list[str]:
        """Devuelve cada token como texto legible, con sus espacios; sin tokenizer, su número."""
        if self.tokenizer is None:
            return [str(i) for i in ids]
        return token_strings(self.tokenizer, ids)

    @cached_property
    def start_token_id(self) -> int:
        """Token tras el que se lee un texto que no tiene nada delante. El primero que exista de estos:

        1. el que el tokenizer pone delante de todo texto (`<bos>` en Gemma);
        2. el que separa documentos, `<|endoftext|>`, si no hay BOS o si BOS abre un turno de conversación:
           tras `<|im_start|>`, SmolLM2 espera «user» o «assistant», no un texto;
        3. BOS; 4. el primer EOS.

        Raises:
            ValueError: el modelo no tiene ninguno.
        """
        if self.tokenizer is not None:
            ids, spans = self.encode_with_spans("a")
            if spans[0] == (0, 0):
                return ids[0]
            separator = self.tokenizer.get_vocab().get("<|endoftext|>")
            if separator is not None and (self.bos_token_id is None or self._bos_opens_a_turn()):
                return int(separator)
        if self.bos_token_id is not None:
            return self.bos_token_id
        if self.eos_token_ids:
            return self.eos_token_ids[0]
        raise ValueError(
            "Este modelo no tiene BOS ni EOS, así que no sabe qué va al comienzo de un texto. Pasa un "
            "contexto de al menos un token."
        )

    def _bos_opens_a_turn(self) -> bool:
        template = str(getattr(self.tokenizer, "chat_template", None) or "")
        return self.tokenizer.convert_ids_to_tokens(self.bos_token_id) in template

    def _tokenizer(self) -> Any:
        if self.tokenizer is None:
            raise ValueError(
                "Este modelo no tiene tokenizer, así que no puede leer ni escribir texto. Pasa ids de tokens, o créalo "
                "con LanguageModel(model, tokenizer)."
            )
        return self.tokenizer

    # --- la puerta ---

    @abstractmethod
    def prefill(
        self,
        input_ids: Tensor | None = None,
        *,
        inputs_embeds: Tensor | None = None,
        left_padding: Tensor | None = None,
    ) -> State:
        """Lee un prompt entero y devuelve el estado con los logits de lo que sigue.

        `input_ids`: (B, T) enteros, o `inputs_embeds`: (B, T, D); exactamente uno de los dos.
        `left_padding`: (B,) cuántas columnas de relleno lleva cada fila a la izquierda, para leer juntos
        prompts de distinto largo. Solo se calculan los logits de la última posición.
        """

    @abstractmethod
    def step(self, input_ids: Tensor, state: State) -> Tensor:
        """Lee los tokens nuevos `input_ids` (B, T) y devuelve sus logits (B, T, V) en float32.

        Avanza `state` en el sitio: su caché crece T posiciones y `state.logits` pasa a ser la última.
        """

    @abstractmethod
    def advance(self, input_ids: Tensor, state: State) -> None:
        """Lee los tokens nuevos `input_ids` (B, T) como `step`, sin más logits que los últimos.

        Con 262 144 tokens de vocabulario, los logits cuestan más que todas las capas de Gemma 3 270M.
        """


def one_prompt(input_ids: Tensor | None, inputs_embeds: Tensor | None) -> Tensor:
    """Devuelve el que se dio de los dos; dar ambos o ninguno es un `ValueError`."""
    if (input_ids is None) == (inputs_embeds is None):
        raise ValueError("Pasa `input_ids` o `inputs_embeds`: exactamente uno de los dos.")
    given = input_ids if inputs_embeds is None else inputs_embeds
    assert given is not None
    if given.dim() != (2 if inputs_embeds is None else 3) or 0 in given.shape[:2]:
        raise ValueError(
            f"El prompt tiene forma {tuple(given.shape)}; se espera (B, T) para input_ids o (B, T, D) para "
            "inputs_embeds, con al menos un token. ¿Falta la dimensión del lote? Prueba input_ids[None]."
        )
    return given


def finite(logits: Tensor) -> Tensor:
    """Devuelve `logits` en float32, o `ValueError` si alguno no es un número finito."""
    logits = logits.float()
    if (
        not logits.sum().isfinite()
    ):  # un nan o un infinito se contagian a la suma, y es una sola pasada
        raise ValueError(
            "El modelo devolvió logits que no son números (nan o infinitos): sus cuentas se desbordaron. Suele "
            "pasar en float16; carga el modelo con dtype='float32' (o 'bfloat16' en una GPU). Si ya era así, "
            "sus pesos están dañados: bórralos de la caché y vuelve a traerlos."
        )
    return logits
