"""En qué falla lo que dice de una escena: si ve mal, o si ve bien y se lo atribuye a otra figura.

A lo segundo se lo llama problema de la ligadura: «una cruz roja y un círculo azul» donde la azul es la cruz. Ref.:
Campbell et al. 2024, arXiv:2411.00238.
"""

from __future__ import annotations

from collections.abc import Iterable

from ..data.scenes import COLORS, SHAPES, Question, Scene

__all__ = ["CONFUSIONS", "MISTAKES", "confusion", "mistake"]

#: En qué puede quedar una descripción, de mejor a peor.
MISTAKES = (
    "exacta",
    "en otro orden",
    "todo, mal repartido",
    "falla un color",
    "falla una figura",
    "fallan las dos cosas",
)

#: Qué se contesta cuando se pregunta por el color o la figura de una cosa.
CONFUSIONS = ("correcta", "de otra figura de la escena", "solo falla el género", "otra cosa")


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


def confusion(scene: Scene, question: Question, said: str) -> str:
    """Devuelve cuál de `CONFUSIONS` es `said`, que contesta una pregunta de la clase «color» o «figura».

    Raises:
        ValueError: la pregunta es de otra clase.
    """
    if question.kind not in ("color", "figura"):
        raise ValueError(
            f"Se juzgan preguntas de color o de figura, y llegó una de «{question.kind}»."
        )
    words = COLORS if question.kind == "color" else SHAPES
    there = {thing.color if question.kind == "color" else thing.shape for thing in scene.things}
    right, found = _named(question.answer, words), _named(said, words)
    if said == question.answer:
        return "correcta"
    if found == right:
        return "solo falla el género" if question.kind == "color" else "otra cosa"
    return "de otra figura de la escena" if found and found <= there else "otra cosa"


def _pieces(text: str) -> list[str]:
    return sorted(text.replace(" y ", ", ").split(", "))


def _named(text: str, words: Iterable[str]) -> set[str]:
    """Las palabras de una lista que están en el texto, en cualquier género."""
    stems = {word: word.removesuffix("o") for word in words}
    return {word for word, stem in stems.items() if stem in text}
