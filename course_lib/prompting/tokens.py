"""Los tokens de un prompt: cuáles son contexto, cuáles se puntúan y de dónde viene cada uno.

    Amé  ␣esa  ␣película  .  ␣En ... ␣pareció | ␣bac  án  .
    entrada ......................  plantilla  | respuesta  plantilla
                                     contexto  | lo que se puntúa: [Z] y lo que lo sigue

El texto se tokeniza una sola vez y entero; la frontera es el primer token que llega hasta [Z].
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..models import LanguageModel
from .template import Prompt

__all__ = ["PromptTokens", "encode_prompt", "fit"]


@dataclass(frozen=True)
class PromptTokens:
    """Los tokens de un prompt con respuesta, y el origen de cada uno.

    `n_context`: tokens que preceden a [Z]. `n_answer`: los que tienen letras de [Z], los únicos que
    cuentan al normalizar. `answer`: [Z] tal como quedó escrita.
    """

    ids: tuple[int, ...]
    sources: tuple[str, ...]
    n_context: int
    n_answer: int
    answer: str

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
        ValueError: el prompt todavía tiene [Z] sin llenar, o de la respuesta no queda ningún token.
    """
    if prompt.answer is None:
        raise ValueError("A este prompt le falta la respuesta: usa prompt.answered(z) antes.")
    text, origin = _origins(prompt)
    ids, spans = _encode(lm, text)
    start = origin.index("respuesta") if "respuesta" in origin else len(text)
    end = start + origin.count("respuesta")
    n_answer = sum(first < end and stop > start for first, stop in spans)
    if n_answer == 0:
        raise ValueError(
            f"De la respuesta «{prompt.answer}» no queda ningún token en «{prompt.template}». Cámbiala por una con "
            "letras."
        )
    n_context = next(i for i, (_, stop) in enumerate(spans) if stop > start)
    if mixed := text[spans[n_context][0] : start].strip():
        warnings.warn(
            f"El token «{text[slice(*spans[n_context])]}» junta «{mixed}», de la plantilla, con la respuesta "
            f"«{prompt.answer}». Deja un espacio antes de [Z] o cambia ese signo.",
            stacklevel=2,
        )
    if n_context == 0:  # sin token de inicio no habría nada de qué predecir
        ids, spans, n_context = [_first_token(lm), *ids], [(0, 0), *spans], 1
    sources = tuple(origin[stop - 1] if stop else "inicio" for _, stop in spans)
    return PromptTokens(tuple(ids), sources, n_context, n_answer, text[start:end])


def fit(lm: LanguageModel, prompt: Prompt, answers: Sequence[str]) -> Prompt:
    """Devuelve `prompt` tal cual o, si no cabe en el modelo, con su entrada acortada por el final.

    Se quitan palabras; donde no hay espacios (una lengua que no los usa, una dirección web), letras.
    La plantilla y los ejemplos quedan enteros, y `prompt.removed` dice cuánto se quitó.

    Raises:
        ValueError: no cabe ni con la entrada vacía.
    """

    def fits(candidate: Prompt) -> bool:
        return all(
            len(encode_prompt(lm, candidate.answered(z)).ids) <= lm.max_length for z in answers
        )

    n_bytes = len(prompt.text.encode()) + max(len(z.encode()) for z in answers)
    if n_bytes < lm.max_length or fits(prompt):
        return prompt  # un token ocupa al menos un byte: lo corto ni se mide
    if not fits(prompt.with_input("")):
        raise ValueError(
            f"La plantilla y los ejemplos no caben en el modelo, que lee a lo sumo {lm.max_length} tokens, ni "
            "siquiera con la entrada vacía. Usa menos ejemplos o una plantilla más corta."
        )
    ends = [0, *(word.end() for word in re.finditer(r"\S+", prompt.x))]
    kept = _largest(len(ends) - 1, lambda n: fits(prompt.with_input(prompt.x[: ends[n]])))
    size, following = ends[kept], ends[kept + 1]
    if following > 2 * size:  # la palabra que no cabe es más larga que todo lo que la precede
        room = following - size
        letters = size + _largest(room, lambda n: fits(prompt.with_input(prompt.x[: size + n])))
        if letters > 2 * size:
            return prompt.with_input(prompt.x[:letters], len(prompt.x) - letters, "letras")
    return prompt.with_input(prompt.x[:size], cut=len(ends) - 1 - kept)


def _largest(end: int, fits: Callable[[int], bool]) -> int:
    """El mayor n < `end` que cabe, por bisección; se sabe que 0 cabe y `end`, no."""
    low = 0
    while end - low > 1:
        middle = (low + end) // 2
        low, end = (middle, end) if fits(middle) else (low, middle)
    return low


def _origins(prompt: Prompt) -> tuple[str, list[str]]:
    """El texto y, para cada una de sus letras, de qué parte viene."""
    parts = prompt.parts
    return prompt.text, [part.source for part in parts for _ in part.text]


def _encode(lm: LanguageModel, text: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Ids y, por token, las posiciones [inicio, fin) de sus letras; (0, 0) en los especiales.

    Lo que el tokenizer agregue tras el texto, como `</s>`, se quita: nadie lo escribió.
    """
    encoded = lm._tokenizer()(text, return_offsets_mapping=True, return_attention_mask=False)
    ids: list[int] = list(encoded["input_ids"])
    spans = [(int(first), int(stop)) for first, stop in encoded["offset_mapping"]]
    while spans and spans[-1][1] == 0:
        ids.pop()
        spans.pop()
    return ids, spans


def _first_token(lm: LanguageModel) -> int:
    """El token de inicio o, si el modelo no tiene, el de fin, que en ellos también separa textos."""
    for token in (lm.bos_token_id, *lm.eos_token_ids):
        if token is not None:
            return int(token)
    raise ValueError(
        "Este modelo no tiene token de inicio ni de fin, y antes de [Z] no hay nada de qué predecirla. Usa una "
        "plantilla en la que algo preceda a [Z]."
    )
