"""En qué falla una descripción: si falta algo de lo que hay, o si está todo y mal repartido.

A lo segundo se lo llama problema de la ligadura: «una cruz roja y un círculo azul» donde la azul es la cruz. Ref.:
Campbell et al. 2024, arXiv:2411.00238.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..data.scenes import COLORS, SHAPES

__all__ = ["MISTAKES", "mistake"]

#: En qué puede quedar una descripción, de mejor a peor.
MISTAKES = (
    "exacta",
    "en otro orden",
    "todo, mal repartido",
    "falla un color",
    "falla una figura",
    "fallan las dos cosas",
)


def mistake(right: str, said: str) -> str:
    """Devuelve cuál de `MISTAKES` es `said`, si lo que hay es `right`.

    >>> mistake("una cruz azul y un círculo rojo", "un círculo azul y una cruz roja")
    'todo, mal repartido'
    >>> mistake("una cruz azul y un círculo rojo", "una cruz azul")
    'fallan las dos cosas'
    """
    if said == right:
        return "exacta"
    if _pieces(said) == _pieces(right):
        return "en otro orden"
    shapes, colors = (_named(said, words) == _named(right, words) for words in (SHAPES, COLORS))
    if shapes and colors:
        return "todo, mal repartido"
    if shapes:
        return "falla un color"
    return "falla una figura" if colors else "fallan las dos cosas"


def _pieces(text: str) -> list[str]:
    return sorted(text.replace(" y ", ", ").split(", "))


def _named(text: str, words: Iterable[str]) -> set[str]:
    """Las palabras de una lista que están en el texto, en cualquier género."""
    stems = {word: word.removesuffix("o") for word in words}
    return {word for word, stem in stems.items() if stem in text}
