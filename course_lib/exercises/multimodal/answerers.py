"""Modelos de juguete que contestan preguntas sobre imágenes: unos miran, otros no, y otros a veces."""

from __future__ import annotations

import torch

from ..core.draws import choose, integer

__all__ = ["Answerer", "Case", "cases"]

COLORS = ("rojo", "azul", "verde")
QUESTIONS = {
    "¿De qué color es?": COLORS,
    "¿Qué figura es?": ("círculo", "cruz", "estrella"),
    "¿De qué tamaño es?": ("grande", "pequeño"),
}


class Answerer:
    """Contesta lo que dice su tabla, {imagen: {pregunta: respuesta}}, y `guess` si la imagen no está."""

    def __init__(self, table: dict[str, dict[str, str]], guess: str) -> None:
        self.table, self.guess = table, guess

    def __call__(self, image: object, question: object) -> str:
        """La respuesta, que es siempre un texto; vale cualquier imagen, también None."""
        found = self.table.get(image, {}) if isinstance(image, str) else {}
        return found.get(question, self.guess) if isinstance(question, str) else self.guess

    def __repr__(self) -> str:
        return f"un modelo que contesta {self.table}; si no, «{self.guess}»"


Case = tuple[Answerer, list[str], list[str], list[str]]


def cases(generator: torch.Generator) -> list[Case]:
    """De uno a ocho ejemplos; el que mira, el ciego, el que dice de más, y al azar."""
    color = "¿De qué color es?"
    sees = Answerer({"A": {color: "rojo"}, "B": {color: "azul"}}, "rojo")
    blind = Answerer({}, "rojo")
    talks = Answerer({"A": {color: "rojo y azul"}, "B": {color: "azul"}}, "verde")
    fixed: list[Case] = [
        (sees, ["A"], [color], ["rojo"]),
        (blind, ["A"], [color], ["azul"]),
        (sees, ["A", "B"], [color] * 2, ["rojo", "azul"]),
        (blind, ["A", "B"], [color] * 2, ["rojo", "azul"]),
        (talks, ["A", "B"], [color] * 2, ["rojo", "azul"]),
    ]
    sizes = ((3, 2, 9), (4, 3, 7), (5, 3, 5), (6, 4, 7), (8, 4, 6))
    return fixed + [_drawn(generator, *size) for size in sizes]


def _drawn(generator: torch.Generator, items: int, images: int, skill: int) -> Case:
    """Un modelo que de cada diez veces dice `skill` lo que hay, y si no, cualquier cosa."""
    names, asked = [f"foto {chr(65 + i)}" for i in range(images)], list(QUESTIONS)
    truth = {name: {q: choose(generator, QUESTIONS[q]) for q in asked} for name in names}
    said = {name: {q: _say(generator, truth[name][q], q, skill) for q in asked} for name in names}
    shown = [choose(generator, names) for _ in range(items)]
    questions = [choose(generator, asked) for _ in range(items)]
    expected = [truth[image][q] for image, q in zip(shown, questions, strict=True)]
    return Answerer(said, choose(generator, COLORS)), shown, questions, expected


def _say(generator: torch.Generator, truth: str, question: str, skill: int) -> str:
    if integer(generator, 1, 10) <= skill:
        return truth
    return choose(generator, (*QUESTIONS[question], f"{truth} o no"))
