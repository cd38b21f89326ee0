"""Ejercicio: el par de tokens que más se repite."""

from collections import Counter
from itertools import pairwise

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _neighbours(words, weights):
    """Cuántas veces aparece cada par de vecinos, en el orden en que se leen."""
    pairs = Counter()
    for word, weight in zip(words, weights, strict=True):
        for pair in pairwise(word):
            pairs[pair] += weight
    return pairs


def reference(words, counts):
    """El par más repetido; en un empate, el que se leyó primero."""
    pairs = _neighbours(words, counts)
    return max(pairs, key=pairs.get)


def cases(generator):
    """Palabras repetidas, pares invertidos, empates y listas al azar."""
    fixed = [
        ([["a", "b"], ["c", "d"]], [1, 2]),
        ([["c", "a"], ["b", "c"]], [1, 1]),
        ([["l", "a"], ["s", "o", "l"], ["s", "o", "n"], ["y"]], [5, 1, 1, 9]),
        ([["a", "b"], ["c", "a"], ["b", "a"]], [2, 3, 2]),
        ([["c", "d"], ["b", "a"], ["a", "b"]], [3, 3, 2]),
        ([list("cdl"), list("cdn"), list("abr"), list("bas"), list("abt")], [1, 1, 1, 1, 1]),
    ]
    random = []
    for num_words in (4, 6, 9):
        words = []
        for _ in range(num_words):
            size = int(torch.randint(2, 6, (1,), generator=generator))
            letters = torch.randint(0, 4, (size,), generator=generator).tolist()
            words.append(["nsao"[letter] for letter in letters])
        counts = torch.randint(1, 30, (num_words,), generator=generator).tolist()
        random.append((words, counts))
    return fixed + random


def is_in_a_word(pair, words, counts):
    """El par está, con ese orden, dentro de alguna palabra."""
    if pair in _neighbours(words, counts):
        return None
    return f"El par {pair!r} no aparece seguido y en ese orden dentro de ninguna palabra."


def _unordered(words, counts):
    pairs, first = Counter(), {}
    for pair, weight in _neighbours(words, counts).items():
        key = tuple(sorted(pair))
        pairs[key] += weight
        first.setdefault(key, pair)
    return first[max(pairs, key=pairs.get)]


def _across_words(words, counts):
    text = [token for word, n in zip(words, counts, strict=True) for token in word * n]
    return reference([text], [1])


def _last_tie(words, counts):
    pairs = _neighbours(words, counts)
    return max(reversed(pairs), key=pairs.get)


MISCONCEPTIONS = (
    Misconception(
        "Contaste cada palabra una sola vez",
        "`counts[i]` dice cuántas veces aparece la palabra i en el texto: cada uno de sus pares se suma "
        "esa cantidad de veces.",
        lambda words, counts: reference(words, [1] * len(words)),
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
        "En un empate gana el primero",
        "Con varios pares igual de frecuentes elegiste el último. Se pide el que aparece primero al leer "
        "las palabras en orden.",
        _last_tie,
    ),
    Misconception(
        "Elegiste el menos frecuente",
        "Se une el par que más se repite: es el que más acorta el texto.",
        lambda words, counts: min(_neighbours(words, counts), key=_neighbours(words, counts).get),
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
        "Suma en un diccionario: por cada palabra y su cuenta n, por cada `pair` de "
        "`zip(word, word[1:])`, haz `pairs[pair] = pairs.get(pair, 0) + n`. Devuelve "
        "`max(pairs, key=pairs.get)`, que en un empate elige el primero que se guardó.",
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
    ),
    misconceptions=MISCONCEPTIONS,
)
