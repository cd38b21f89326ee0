"""Listas numeradas, bien y mal escritas: los ejemplos con que se comprueba `keeps_constraint`."""

from __future__ import annotations

import torch

from ..core.draws import choose, integer, shuffled

__all__ = ["cases"]

Words = list[str]

FOODS = (
    "pan",
    "¡miel!",
    "té",
    "uva",
    "café-bar",
    "sal,",
    "«nuez»",
    "ají",
    "leche",
    "y/o",
    "3",
    "mote",
)
FIXED: list[tuple[str, int, int]] = [
    ("1. Pan", 1, 1),
    ("", 1, 1),
    ("\n", 2, 1),
    ("Pan", 1, 1),
    ("1. Pan\n", 1, 2),
    ("\n1. Pan\n\n", 1, 1),
    ("  1. Pan  ", 1, 1),
    ("1.  Pan   y  té ", 1, 3),
    ("1. Pan   integral", 1, 2),
    ("1. pan y té", 1, 1),
    ("1. pan - té", 1, 2),
    ("1. pan - té", 1, 3),
    ("1. ¡Sí, claro!", 1, 2),
    ("1. café-bar y/o", 1, 2),
    ("1.", 1, 1),
    ("1.\n2. Té", 2, 1),
    ("1. \n2. Té", 2, 2),
    ("1.Pan", 1, 1),
    ("1.Pan y té", 1, 3),
    ("1) Pan", 1, 1),
    ("- Pan", 1, 1),
    ("0. Pan", 1, 1),
    ("2. Pan\n1. Té", 2, 1),
    ("1. Pan\n1. Té", 2, 1),
    ("1. Pan\n3. Té", 2, 1),
    ("1. Pan\n2. Té\n3. Ají", 2, 1),
    ("1. Pan\n2. Té", 3, 1),
    ("1. Pan integral\n2. Té", 2, 1),
    ("1. Té\n2. Pan integral", 2, 1),
    ("1. Pan con miel\n2. Té", 2, 2),
    ("1. Pan integral\n\n2. Queso fresco", 2, 2),
    ("Claro:\n1. Pan\n2. Té", 2, 2),
    ("1. Pan\n2. Té\n¡Listo!", 2, 2),
    ("Claro:\n1. Pan", 2, 2),
    ("1. Pan\ncon miel", 1, 3),
    ("1. Pan con 2. Té", 2, 4),
    ("1. Pan 2. Té", 1, 3),
    ("\n".join(f"{number}. té" for number in range(1, 11)), 10, 1),
    ("\n".join(f"{number}. té" for number in range(1, 12)), 10, 1),
]


def cases(generator: torch.Generator) -> list[tuple[str, int, int]]:
    """Listas que cumplen y que fallan de a una cosa por vez: el largo, el número, las palabras, lo demás."""
    return FIXED + [change(generator) for change in [_good, _good, _good, *CHANGES]]


def _list(items: list[Words], gap: str = "\n") -> str:
    return gap.join(f"{number}. {' '.join(words)}" for number, words in enumerate(items, start=1))


def _items(generator: torch.Generator, n_items: int, max_words: int) -> list[Words]:
    sizes = [integer(generator, 1, max_words) for _ in range(n_items)]
    return [shuffled(generator, FOODS)[:size] for size in sizes]


def _sizes(generator: torch.Generator) -> tuple[int, int]:
    return integer(generator, 2, 11), integer(generator, 2, 5)


def _good(generator: torch.Generator) -> tuple[str, int, int]:
    n_items, max_words = _sizes(generator)
    start, end = choose(generator, ("", "\n", "  ")), choose(generator, ("", "\n", " \n\n"))
    items, gap = _items(generator, n_items, max_words), choose(generator, ("\n", "\n\n", " \n "))
    return start + _list(items, gap) + end, n_items, max_words


def _one_word_more(generator: torch.Generator) -> tuple[str, int, int]:
    n_items, max_words = _sizes(generator)
    items = _items(generator, n_items, max_words)
    items[integer(generator, 0, n_items - 1)] = shuffled(generator, FOODS)[: max_words + 1]
    return _list(items), n_items, max_words


def _other_length(generator: torch.Generator) -> tuple[str, int, int]:
    n_items, max_words = _sizes(generator)
    step = choose(generator, (-1, 1))
    return _list(_items(generator, n_items + step, max_words)), n_items, max_words


def _something_more(generator: torch.Generator) -> tuple[str, int, int]:
    n_items, max_words = _sizes(generator)
    text = _list(_items(generator, n_items, max_words))
    return choose(generator, (f"Aquí va:\n{text}", f"{text}\n\nEso.")), n_items, max_words


def _other_number(generator: torch.Generator) -> tuple[str, int, int]:
    """Un elemento con otro número, con otro signo o sin espacio."""
    n_items, max_words = _sizes(generator)
    lines = _list(_items(generator, n_items, max_words)).split("\n")
    place = integer(generator, 0, n_items - 1)
    _, words = lines[place].split(". ", maxsplit=1)
    mark = choose(
        generator, (f"{place}. ", f"{place + 2}. ", f"{place + 1}) ", f"{place + 1}.", "- ")
    )
    lines[place] = mark + words
    return "\n".join(lines), n_items, max_words


CHANGES = (
    _one_word_more,
    _one_word_more,
    _other_length,
    _something_more,
    _other_number,
    _other_number,
)
