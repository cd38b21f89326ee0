"""Textos escritos para este curso: de reseñas y titulares a tareas, instrucciones y problemas.

Cada conjunto es un JSONL (una línea, un ejemplo) y tiene al lado una ficha con su nombre
(`resenas.jsonl`, `resenas.md`) que dice cómo se hizo, cómo se comprobó y para qué no sirve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from ._jsonl import read_rows
from .constraints import ConstrainedPrompt, Constraint, load_constrained_prompts
from .declaration import Article, load_declaration
from .tasks import TASK_NAMES, TaskRow, TaskRows, load_task_rows
from .word_problems import Problem, word_problems

__all__ = [
    "SPLITS",
    "TASK_NAMES",
    "Article",
    "ConstrainedPrompt",
    "Constraint",
    "Headline",
    "Pair",
    "Problem",
    "Review",
    "TaskRow",
    "TaskRows",
    "Text",
    "load_constrained_prompts",
    "load_declaration",
    "load_headlines",
    "load_pairs",
    "load_reviews",
    "load_task_rows",
    "load_texts",
    "word_problems",
]

SPLITS = ("desarrollo", "prueba")
Labelled = TypeVar("Labelled", "Review", "Headline")


@dataclass(frozen=True)
class Review:
    """Una reseña de cine y su etiqueta, «positivo» o «negativo».

    `register` (coloquial, prensa…), `country` (variedad del español, o «neutro») y `difficulty`
    (directa, negación, mixta, ironía, comparación o implícita) permiten ver dónde falla un modelo.
    """

    id: str
    text: str
    label: str
    split: str
    register: str
    country: str
    difficulty: str


@dataclass(frozen=True)
class Headline:
    """Un titular inventado y su tema: «deportes», «economía», «ciencia» o «cultura».

    `difficulty` es «directa», o «cruzada» si el titular usa vocabulario de otro tema.
    """

    id: str
    text: str
    label: str
    split: str
    difficulty: str


@dataclass(frozen=True)
class Text:
    """Un texto de 120 a 180 palabras y su registro, para medir bits por carácter."""

    id: str
    text: str
    register: str


@dataclass(frozen=True)
class Pair:
    """Una oración en español y la misma en inglés, para comparar cuánto ocupa cada una.

    `source` dice en qué lengua se redactó primero, «es» o «en».
    """

    id: str
    es: str
    en: str
    source: str
    topic: str


def load_reviews(split: str | None = None) -> list[Review]:
    """Devuelve las 272 reseñas, o solo las 136 de una mitad.

    La mitad «desarrollo» es para elegir plantillas y ejemplos; «prueba» se abre una sola vez, al
    final. Lanza `ValueError` si `split` no es una de ellas. Fuente: textos del curso, `resenas.md`.

    >>> reviews = load_reviews("desarrollo")
    >>> len(reviews), sum(review.label == "positivo" for review in reviews)
    (136, 68)
    """
    return _select([Review(**row) for row in read_rows("resenas.jsonl")], split)


def load_headlines(split: str | None = None) -> list[Headline]:
    """Devuelve los 128 titulares, 32 por tema, o solo los 64 de una mitad.

    Lanza `ValueError` si `split` no es «desarrollo» ni «prueba». Fuente: textos del curso,
    `titulares.md`.

    >>> sorted({headline.label for headline in load_headlines("prueba")})
    ['ciencia', 'cultura', 'deportes', 'economía']
    """
    return _select([Headline(**row) for row in read_rows("titulares.jsonl")], split)


def load_texts(register: str | None = None) -> list[Text]:
    """Devuelve los 21 textos, tres por registro, o solo los del registro `register`.

    Lanza `ValueError` si el registro no existe. Fuente: textos del curso, `textos.md`.

    >>> [text.id for text in load_texts("narrativa")]
    ['texto-04', 'texto-05', 'texto-06']
    """
    texts = [Text(**row) for row in read_rows("textos.jsonl")]
    registers = list(dict.fromkeys(text.register for text in texts))
    if register is None:
        return texts
    if register not in registers:
        raise ValueError(
            f"No hay ningún registro {register!r} en los textos del curso. "
            f"Elige uno de estos: {', '.join(registers)}; o None para leerlos todos."
        )
    return [text for text in texts if text.register == register]


def load_pairs() -> list[Pair]:
    """Devuelve los 24 pares de oraciones español-inglés. Fuente: textos del curso, `paralelos.md`.

    >>> pair = load_pairs()[8]
    >>> pair.es, pair.en[:21]
    ('Las plantas transforman la luz del sol en azúcares y liberan el oxígeno que respiramos.', 'Plants turn sunlight ')
    """
    return [Pair(**row) for row in read_rows("paralelos.jsonl")]


def _select(items: list[Labelled], split: str | None) -> list[Labelled]:
    if split is None:
        return items
    if split not in SPLITS:
        raise ValueError(
            f"Llegó split={split!r}, pero los datos solo tienen dos mitades: «desarrollo», para "
            "elegir y ajustar, y «prueba», para medir una vez al final. "
            "Usa una de ellas, o None para leerlo todo."
        )
    return [item for item in items if item.split == split]
