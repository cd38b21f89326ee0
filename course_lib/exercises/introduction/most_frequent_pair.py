"""Ejercicio: el par de tokens que más se repite."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import choose, integer

__all__ = ["EXERCISE"]

Pair = tuple[str, str]
Words = list[list[str]]
# Tokens de varias letras y que comienzan o terminan igual: juntar sus letras confunde.
TOKENS = ("n", "s", "a", "o", "na", "so", "an", "sa", "nas", "aso")


def _neighbours(words: Words, weights: list[int]) -> Counter[Pair]:
    """Cuántas veces aparece cada par de vecinos, en el orden en que se leen."""
    pairs: Counter[Pair] = Counter()
    for word, weight in zip(words, weights, strict=True):
        for pair in pairwise(word):
            pairs[pair] += weight
    return pairs


def reference(words: Words, counts: list[int]) -> Pair:
    """El par más repetido; en un empate, el que se leyó primero."""
    pairs = _neighbours(words, counts)
    return max(pairs, key=lambda pair: pairs[pair])


def cases(generator: torch.Generator) -> list[tuple[Words, list[int]]]:
    """Empates, pares invertidos o repetidos dentro de una palabra, tokens largos y listas al azar."""
    fixed: list[tuple[Words, list[int]]] = [
        ([["a", "b"], ["c", "d"]], [1, 2]),
        ([["c", "a"], ["b", "c"]], [1, 1]),
        ([["a", "b"], ["b", "c"]], [2, 2]),
        ([["la", "s"], ["so", "les"]], [2, 3]),
        ([["l", "a"], ["sol", "es"]], [2, 2]),
        ([list("pasto")], [3]),
        ([list("nana"), list("sí")], [2, 3]),
        ([list("aaa"), list("sí")], [2, 3]),
        ([list("mar"), list("tara")], [1, 1]),
        ([list("so"), list("la"), list("sol")], [1, 3, 2]),
        ([list("ab"), list("ca"), list("ba")], [2, 3, 2]),
        ([list("cd"), list("ba"), list("ab")], [3, 3, 2]),
        ([["ma", "l"], ["m", "al", "a"], list("sí")], [2, 2, 3]),
        ([["n", "a"], ["na", "na", "s"]], [2, 3]),
        ([["N", "a"], ["n", "á"], ["n", "a", "s"], list("sí")], [2, 2, 2, 3]),
        ([["l", "a"], list("sol"), list("son"), ["y"]], [5, 1, 1, 9]),
        ([list("cdl"), list("cdn"), list("abr"), list("bas"), list("abt")], [1, 1, 1, 1, 1]),
    ]
    sizes = [(4, 3), (6, 30), (9, 30), (9, 2)]  # con cuentas pequeñas abundan los empates
    return fixed + [_random_case(generator, *size) for size in sizes]


def _random_case(
    generator: torch.Generator, num_words: int, highest: int
) -> tuple[Words, list[int]]:
    words: dict[str, list[str]] = {}
    while len(words) < num_words:  # el enunciado promete palabras distintas
        shortest = 1 if words else 2  # al menos una tiene un par
        word = choose(generator, TOKENS, integer(generator, shortest, 5))
        words.setdefault("".join(word), word)
    counts = [integer(generator, 1, highest) for _ in range(num_words)]
    return list(words.values()), counts


def is_in_a_word(pair: Pair, words: Words, counts: list[int]) -> str | None:
    """El par está, con ese orden, dentro de alguna palabra."""
    if pair in _neighbours(words, counts):
        return None
    return f"El par {pair!r} no aparece seguido y en ese orden dentro de ninguna palabra."


def nothing_more_frequent(pair: Pair, words: Words, counts: list[int]) -> str | None:
    """Ningún otro par aparece más veces, ni las mismas y antes."""
    pairs = _neighbours(words, counts)
    if pair not in pairs:
        return None
    best = max(pairs, key=lambda other: pairs[other])
    if pairs[best] > pairs[pair]:
        times = "una vez" if pairs[pair] == 1 else f"{pairs[pair]} veces"
        return f"{pair!r} aparece {times} en el texto, y {best!r}, {pairs[best]}."
    if best != pair:
        return f"{pair!r} y {best!r} empatan en {pairs[best]}, y {best!r} se lee primero."
    return None


def _unordered(words: Words, counts: list[int]) -> Pair:
    pairs: Counter[Pair] = Counter()
    first: dict[Pair, Pair] = {}
    for pair, weight in _neighbours(words, counts).items():
        key = (min(pair), max(pair))
        pairs[key] += weight
        first.setdefault(key, pair)
    return first[max(pairs, key=lambda key: pairs[key])]


def _across_words(words: Words, counts: list[int]) -> Pair:
    text = [token for word, n in zip(words, counts, strict=True) for token in word * n]
    return reference([text], [1])


def _last_tie(words: Words, counts: list[int]) -> Pair:
    pairs = _neighbours(words, counts)
    return max(reversed(pairs), key=lambda pair: pairs[pair])


def _alphabetical_tie(words: Words, counts: list[int]) -> Pair:
    pairs = _neighbours(words, counts)
    return max((n, pair) for pair, n in pairs.items())[1]


def _first_to_get_there(words: Words, counts: list[int]) -> Pair:
    """El que primero alcanza la cuenta más alta, mirando mientras se cuenta."""
    pairs: Counter[Pair] = Counter()
    best: Pair = ("", "")
    for word, weight in zip(words, counts, strict=True):
        for pair in pairwise(word):
            pairs[pair] += weight
            best = pair if pairs[pair] > pairs[best] else best
    return best


def _once_per_word(words: Words, counts: list[int]) -> Pair:
    pairs: Counter[Pair] = Counter()
    for word, weight in zip(words, counts, strict=True):
        for pair in dict.fromkeys(pairwise(word)):
            pairs[pair] += weight
    return max(pairs, key=lambda pair: pairs[pair])


def _joined(words: Words, counts: list[int]) -> Pair:
    """Cuenta los textos unidos: («ma», «l») y («m», «al») se confunden."""
    totals: Counter[str] = Counter()
    first: dict[str, Pair] = {}
    for pair, weight in _neighbours(words, counts).items():
        totals["".join(pair)] += weight
        first.setdefault("".join(pair), pair)
    return first[max(totals, key=lambda text: totals[text])]


def _letters(words: Words, counts: list[int]) -> Pair:
    return reference([list("".join(word)) for word in words], counts)


def _least(words: Words, counts: list[int]) -> Pair:
    pairs = _neighbours(words, counts)
    return min(pairs, key=lambda pair: pairs[pair])


MISCONCEPTIONS = (
    Misconception(
        "Contaste cada palabra una sola vez",
        "`counts[i]` dice cuántas veces aparece la palabra i en el texto: cada uno de sus pares se suma "
        "esa cantidad de veces.",
        lambda words, counts: reference(words, [1] * len(words)),
    ),
    Misconception(
        "Contaste cada par una vez por palabra",
        "En «nana» el par (n, a) está dos veces, y las dos se suman: recorre todas las posiciones de la "
        "palabra, también las repetidas.",
        _once_per_word,
    ),
    Misconception(
        "Juntaste palabras distintas",
        "El final de una palabra y el comienzo de la siguiente no son vecinos: los pares se cuentan "
        "dentro de cada palabra.",
        _across_words,
    ),
    Misconception(
        "Olvidaste el orden del par",
        "(a, b) y (b, a) forman tokens distintos, «ab» y «ba»: se cuentan por separado.",
        _unordered,
    ),
    Misconception(
        "Contaste el texto del par y no el par",
        "(ma, l) y (m, al) se escriben igual al juntarlos, pero son pares distintos: usa como clave la "
        "tupla de los dos tokens.",
        _joined,
    ),
    Misconception(
        "Contaste letras y no tokens",
        "Un token puede tener varias letras: los vecinos son los elementos de cada lista, sin juntarlos "
        "en un texto.",
        _letters,
    ),
    Misconception(
        "En un empate gana el primero",
        "Con varios pares igual de frecuentes elegiste el último. Se pide el que aparece primero al leer "
        "las palabras en orden.",
        _last_tie,
    ),
    Misconception(
        "Desempataste por el alfabeto",
        "`max((n, par))` compara los pares cuando las cuentas empatan. Se pide el que aparece primero al "
        "leer las palabras: `max(pairs, key=pairs.get)`.",
        _alphabetical_tie,
    ),
    Misconception(
        "Elegiste antes de terminar de contar",
        "En un empate ganó el par que primero llegó a esa cuenta. Cuenta todo, y después elige: gana el "
        "que se lee primero.",
        _first_to_get_there,
    ),
    Misconception(
        "Elegiste el menos frecuente",
        "Se une el par que más se repite: es el que más acorta el texto.",
        _least,
    ),
)

EXERCISE = Exercise(
    key="most_frequent_pair",
    chapter="01_introduccion",
    title="El par más repetido",
    objective="Encontrar qué dos tokens conviene unir, el primer paso de BPE.",
    difficulty=1,
    minutes=15,
    section="Cómo se aprende un vocabulario",
    hints=(
        "Si «la» aparece 50 veces en el texto, ¿cuántas veces aparece el par (l, a)? ¿Y qué pares tiene "
        "una palabra de un solo token?",
        "Un diccionario de par a suma basta: recorre las palabras con su cuenta y, en cada una, sus vecinos, "
        "que da `zip(word, word[1:])`. ¿Cuánto se suma en cada paso? Para elegir, `max` acepta `key=`, y en un "
        "empate se queda con la primera clave que se guardó.",
    ),
    cases=cases,
    reference=reference,
    idea="Cada par de tokens vecinos suma las veces que aparece su palabra; gana el mayor.",
    properties=(
        Property(
            "El par existe",
            "Solo se pueden unir dos tokens que están uno al lado del otro dentro de una palabra.",
            is_in_a_word,
        ),
        Property(
            "Ningún par se repite más",
            "Cada par suma la cuenta de su palabra todas las veces que está en ella; en un empate gana "
            "el que se lee primero.",
            nothing_more_frequent,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
