"""Los tokens de un prompt: cuáles son contexto, cuáles se puntúan y de dónde viene cada uno.

    Amé  ␣esa  ␣película  .  ␣En ... ␣pareció | ␣bac  án  .
    entrada ......................  plantilla  | respuesta  plantilla
                                     contexto  | lo que se puntúa: [Z] y lo que lo sigue

Dónde se separan lo decide `split_tokens`, la misma regla con que se puntúa cualquier continuación.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..models import LanguageModel
from ..models.boundary import split_tokens
from .template import Prompt

__all__ = ["PromptTokens", "encode_prompt", "fit"]


@dataclass(frozen=True)
class PromptTokens:
    """Los tokens de un prompt con respuesta, y el origen de cada uno.

    `n_context`: tokens que preceden a [Z]. `n_answer`: los que tienen letras de [Z]. `scored`: lo que
    se puntúa, [Z] y lo que lo sigue, tal como quedó escrito.
    """

    ids: tuple[int, ...]
    sources: tuple[str, ...]
    n_context: int
    n_answer: int
    scored: str

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

    Avisa (`UserWarning`) si la respuesta se junta en un token con lo que la precede: se puntúa por
    separado, como dice `split_tokens`, pero así el modelo casi nunca la habrá leído.

    Raises:
        ValueError: el prompt todavía tiene [Z] sin llenar, o de la respuesta no queda ningún token.
    """
    if prompt.answer is None:
        raise ValueError("A este prompt le falta la respuesta: usa prompt.answered(z) antes.")
    text, origin = _origins(prompt)
    start = origin.index("respuesta") if "respuesta" in origin else len(text)
    end = start + origin.count("respuesta")
    split = split_tokens(lm, text, start)
    n_answer = sum(first < end and stop > start for first, stop in split.spans)
    if n_answer == 0:
        raise ValueError(
            f"De la respuesta «{prompt.answer}» no queda ningún token en «{prompt.template}». Cámbiala por una con "
            "letras."
        )
    if split.crossed:
        warnings.warn(
            f"Un token junta el final de «{text[max(start - 12, 0) : start]}», de la plantilla, con la respuesta "
            f"«{prompt.answer}». Deja un espacio antes de [Z] o cambia ese signo.",
            stacklevel=2,
        )
    sources = tuple(origin[stop - 1] if stop else "inicio" for _, stop in split.spans)
    return PromptTokens(split.ids, sources, split.n_context, n_answer, text[start:])


def fit(lm: LanguageModel, prompt: Prompt, answers: Sequence[str]) -> Prompt:
    """Devuelve `prompt` tal cual o, si no cabe en el modelo, con su entrada acortada por el final.

    Se quitan palabras; donde no hay espacios (una lengua que no los usa, una dirección web), letras.
    La plantilla y los ejemplos quedan enteros, y `prompt.removed` dice cuánto se quitó.

    Raises:
        ValueError: no cabe ni con la entrada vacía.
    """

    if (room := lm.max_length) is None:
        return prompt

    def fits(candidate: Prompt) -> bool:
        return all(len(encode_prompt(lm, candidate.answered(z)).ids) <= room for z in answers)

    n_bytes = len(prompt.text.encode()) + max(len(z.encode()) for z in answers)
    if n_bytes < room or fits(prompt):
        return prompt  # un token ocupa al menos un byte: lo corto ni se mide
    if not fits(prompt.with_input("")):
        raise ValueError(
            f"La plantilla y los ejemplos no caben en el modelo, que lee a lo sumo {room} tokens, ni "
            "siquiera con la entrada vacía. Usa menos ejemplos o una plantilla más corta."
        )
    ends = [0, *(word.end() for word in re.finditer(r"\S+", prompt.x))]
    kept = _largest(len(ends) - 1, lambda n: fits(prompt.with_input(prompt.x[: ends[n]])))
    size, following = ends[kept], ends[kept + 1]
    if following > 2 * size:  # la palabra que no cabe es más larga que todo lo que la precede
        letters = size + _largest(
            following - size, lambda n: fits(prompt.with_input(prompt.x[: size + n]))
        )
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
