"""Los tokens de un prompt: cuáles son contexto, cuáles se puntúan y de dónde viene cada uno.

    Amé  ␣esa  ␣película  .  ␣En ... ␣pareció | ␣bac  án  .
    entrada ......................  plantilla  | respuesta  plantilla
                                     contexto  | lo que se puntúa: [Z] y lo que lo sigue

El texto se tokeniza una sola vez y entero; la frontera es el primer token que llega hasta [Z].
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

from ..models import LanguageModel
from .template import Prompt

__all__ = ["PromptTokens", "encode_prompt", "fit"]


@dataclass(frozen=True)
class PromptTokens:
    """Los tokens de un prompt con respuesta, y el origen de cada uno.

    `n_context`: tokens que preceden a [Z]. `n_answer`: los que tienen letras de [Z], los únicos que
    cuentan al normalizar.
    """

    ids: tuple[int, ...]
    sources: tuple[str, ...]
    n_context: int
    n_answer: int

    @property
    def context(self) -> list[int]:
        """Ids de lo que precede a [Z]."""
        return list(self.ids[: self.n_context])

    @property
    def continuation(self) -> list[int]:
        """Ids de [Z] y de lo que lo sigue."""
        return list(self.ids[self.n_context :])


def encode_prompt(lm: LanguageModel, prompt: Prompt) -> PromptTokens:
    """Devuelve los tokens de un prompt cuya respuesta ya está puesta.

    Avisa (`UserWarning`) si un token mezcla letras de la respuesta con lo que la precede: entonces
    las candidatas no comparten contexto y sus puntajes dejan de ser comparables.

    Raises:
        ValueError: el prompt todavía tiene [Z] sin llenar.
    """
    if prompt.answer is None:
        raise ValueError("A este prompt le falta la respuesta: usa prompt.answered(z) antes.")
    text, origin = _origins(prompt)
    start, end = origin.index("respuesta"), len(origin) - origin[::-1].index("respuesta")
    ids, spans = _encode(lm, text)
    n_context = next(i for i, (_, stop) in enumerate(spans) if stop > start)
    n_answer = sum(first < end and stop > start for first, stop in spans)
    if mixed := text[spans[n_context][0] : start].strip():
        warnings.warn(
            f"El token «{text[slice(*spans[n_context])]}» junta «{mixed}», de la plantilla, con la respuesta "
            f"«{prompt.answer}». Deja un espacio antes de [Z] o cambia ese signo.",
            stacklevel=2,
        )
    if n_context == 0:  # sin token de inicio no habría nada de qué predecir
        first = lm.bos_token_id if lm.bos_token_id is not None else lm.eos_token_ids[0]
        ids, spans, n_context = [first, *ids], [(0, 0), *spans], 1
    sources = tuple(origin[stop - 1] if stop else "inicio" for _, stop in spans)
    return PromptTokens(tuple(ids), sources, n_context, n_answer)


def fit(lm: LanguageModel, prompt: Prompt, answers: Sequence[str]) -> Prompt:
    """Devuelve `prompt` tal cual o, si no cabe en el modelo, con su entrada acortada por el final.

    Solo se quitan palabras de la entrada; la plantilla y los ejemplos quedan enteros. `cut` dice
    cuántas se quitaron.

    Raises:
        ValueError: no cabe ni con la entrada vacía.
    """

    def fits(candidate: Prompt) -> bool:
        lengths = (len(encode_prompt(lm, candidate.answered(z)).ids) for z in answers)
        return max(lengths) <= lm.max_length

    size = len(prompt.text.encode()) + max(len(z.encode()) for z in answers)
    if size < lm.max_length or fits(prompt):
        return prompt  # un token ocupa al menos un byte: lo corto ni se mide
    words = prompt.x.split(" ")
    low, high = 0, len(words)  # caben `low` palabras; `high` no caben
    if not fits(prompt.with_input("", cut=high)):
        raise ValueError(
            f"La plantilla y los ejemplos no caben en el modelo, que lee a lo sumo {lm.max_length} tokens, ni "
            "siquiera con la entrada vacía. Usa menos ejemplos o una plantilla más corta."
        )
    while high - low > 1:
        middle = (low + high) // 2
        shorter = prompt.with_input(" ".join(words[:middle]), cut=len(words) - middle)
        low, high = (middle, high) if fits(shorter) else (low, middle)
    return prompt.with_input(" ".join(words[:low]), cut=len(words) - low)


def _origins(prompt: Prompt) -> tuple[str, list[str]]:
    """El texto y, para cada una de sus letras, de qué parte viene."""
    parts = prompt.parts
    return prompt.text, [part.source for part in parts for _ in part.text]


def _encode(lm: LanguageModel, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Ids y, por token, las posiciones [inicio, fin) de sus letras; (0, 0) en los especiales."""
    encoded = lm._tokenizer()(text, return_offsets_mapping=True, return_attention_mask=False)
    return encoded["input_ids"], [tuple(span) for span in encoded["offset_mapping"]]
