"""Ejercicio: la tabla de bigramas, el modelo preentrenado más pequeño."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Texts = list[list[int]]
Case = tuple[Texts, int, float]

# (textos, V, largo máximo): de uno a ocho textos, y vocabularios que no alcanzan a aparecer enteros
SIZES = ((1, 3, 8), (2, 4, 6), (4, 3, 7), (5, 6, 5), (8, 5, 9))


def _pairs(ids: list[int]) -> Iterable[tuple[int, int]]:
    return pairwise(ids)


def _counts(
    sequences: Texts,
    vocab_size: int,
    pairs: Callable[[list[int]], Iterable[tuple[int, int]]] = _pairs,
) -> Tensor:
    """Cuántas veces viene cada columna después de cada fila."""
    counts = torch.zeros(vocab_size, vocab_size)
    for ids in sequences:
        for current, following in pairs(ids):
            counts[current, following] += 1
    return counts


def _rows(weights: Tensor) -> Tensor:
    return weights / weights.sum(dim=1, keepdim=True)


def reference(sequences: Texts, vocab_size: int, alpha: float) -> Tensor:
    """Las cuentas más alpha, divididas por la suma de su fila."""
    return _rows(_counts(sequences, vocab_size) + alpha)


def cases(generator: torch.Generator) -> list[Case]:
    """Sin texto, textos de un token y vacíos, tokens que no aparecen, y alpha de muy chico a grande."""
    fixed: list[Case] = [
        ([], 2, 1.0),
        ([[0, 1]], 2, 1.0),
        ([[0], [1]], 2, 0.5),
        ([[1, 1, 1]], 2, 0.25),
        ([[0, 1], [0, 2], [1]], 3, 1.0),
        ([[2, 0, 2, 0, 1], [], [2, 2]], 4, 0.01),
        ([[0, 1, 2], [0, 1], [2, 1]], 3, 3.0),
    ]
    return fixed + [_drawn(generator, *size) for size in SIZES]


def _drawn(generator: torch.Generator, texts: int, vocab_size: int, longest: int) -> Case:
    lengths = [integer(generator, 0, longest) for _ in range(texts)]
    lengths[0] = longest
    sequences = [[integer(generator, 0, vocab_size - 1) for _ in range(n)] for n in lengths]
    return sequences, vocab_size, integer(generator, 2, 60) / 20


def rows_add_up(table: Tensor, sequences: Texts, vocab_size: int, alpha: float) -> str | None:
    """Después de un token viene alguno."""
    sums = table.sum(dim=1)
    worst = int((sums - 1).abs().argmax())
    if abs(sums[worst] - 1) <= 1e-4:
        return None
    return f"La fila {worst} suma {sums[worst]:.4g}."


def nothing_is_impossible(
    table: Tensor, sequences: Texts, vocab_size: int, alpha: float
) -> str | None:
    """Con alpha mayor que 0, todo par tiene alguna probabilidad."""
    if bool((table > 0).all()):
        return None
    i, j = (~(table > 0)).nonzero()[0].tolist()
    return f"La probabilidad de que después de {i} venga {j} salió {table[i, j]:.4g}."


def unknown_is_uniform(
    table: Tensor, sequences: Texts, vocab_size: int, alpha: float
) -> str | None:
    """De un token al que nunca siguió nada no se sabe nada."""
    unseen = _counts(sequences, vocab_size).sum(dim=1) == 0
    for row in unseen.nonzero().flatten().tolist():
        if not torch.allclose(table[row], torch.full((vocab_size,), 1 / vocab_size), atol=1e-4):
            return f"A {row} nunca le sigue nada, y su fila no es 1/{vocab_size} en todas partes."
    return None


def _one_text(sequences: Texts, vocab_size: int, alpha: float) -> Tensor:
    return reference([[token for ids in sequences for token in ids]], vocab_size, alpha)


def _in_a_circle(ids: list[int]) -> Iterable[tuple[int, int]]:
    return [(ids[place - 1], ids[place]) for place in range(len(ids))]


def _by_occurrences(sequences: Texts, vocab_size: int, alpha: float) -> Tensor:
    seen = torch.zeros(vocab_size)
    for ids in sequences:
        for token in ids:
            seen[token] += 1
    return (_counts(sequences, vocab_size) + alpha) / (seen + alpha * vocab_size)[:, None]


def _seen_once(sequences: Texts, vocab_size: int, alpha: float) -> Tensor:
    """`counts[ids[:-1], ids[1:]] += 1` no acumula los repetidos de un mismo texto."""
    return _rows(_counts(sequences, vocab_size, lambda ids: set(_pairs(ids))) + alpha)


def _only_the_unseen(sequences: Texts, vocab_size: int, alpha: float) -> Tensor:
    counts = _counts(sequences, vocab_size)
    return _rows(counts.where(counts > 0, alpha))


def _unsmoothed(sequences: Texts, vocab_size: int, alpha: float) -> Tensor:
    counts = _counts(sequences, vocab_size)
    return counts / counts.sum(dim=1, keepdim=True).clamp(min=1)


def _over(
    total: Callable[[Tensor, int, float], Tensor | float],
    sequences: Texts,
    vocab_size: int,
    alpha: float,
) -> Tensor:
    """Las cuentas más alpha, con otro denominador."""
    counts = _counts(sequences, vocab_size)
    return (counts + alpha) / total(counts, vocab_size, alpha)


def _denominator(counts: Tensor, extra: float) -> Tensor:
    return counts.sum(dim=1, keepdim=True) + extra


MISCONCEPTIONS = (
    Misconception(
        "Pegaste los textos",
        "El último token de un texto y el primero del siguiente no son vecinos: cuenta cada texto por separado.",
        _one_text,
    ),
    Misconception(
        "Cerraste el texto en un círculo",
        "Nada viene antes del primer token. En Python, `ids[i - 1]` con i = 0 es el último.",
        lambda s, v, a: _rows(_counts(s, v, _in_a_circle) + a),
    ),
    Misconception(
        "Filas por columnas",
        "La fila es el token actual y la columna, el que viene después.",
        lambda s, v, a: _rows(_counts(s, v).T + a),
    ),
    Misconception(
        "Dividiste por la suma de las columnas",
        "Lo que suma 1 es cada fila: todo lo que puede venir después de un token.",
        lambda *args: _over(lambda c, v, a: (c + a).sum(dim=0, keepdim=True), *args),
    ),
    Misconception(
        "Dividiste cada columna por la suma de una fila",
        "`suma(dim=1)` queda de forma (V,), y al dividir se alinea con las columnas. Con `keepdim=True` queda (V, 1).",
        lambda *args: _over(lambda c, v, a: (c + a).sum(dim=1), *args),
    ),
    Misconception(
        "La probabilidad del par y no la condicional",
        "Dividiste por todos los pares del corpus. P(j | i) se divide por los pares que empiezan en i.",
        lambda *args: _over(lambda c, v, a: (c + a).sum(), *args),
    ),
    Misconception(
        "Sin suavizar",
        "Falta sumar `alpha`, también a los pares que nunca aparecieron.",
        _unsmoothed,
    ),
    Misconception(
        "Siempre sumaste 1",
        "Se suma `alpha`, que llega como argumento.",
        lambda s, v, a: reference(s, v, 1.0),
    ),
    Misconception(
        "Falta alpha en el denominador",
        "Si a cada una de las V cuentas de la fila se le suma `alpha`, el total crece en `alpha · V`.",
        lambda *args: _over(lambda c, v, a: _denominator(c, 0.0), *args),
    ),
    Misconception(
        "Un solo alpha en el denominador",
        "Se suma a cada una de las V cuentas de la fila: el total crece en `alpha · V`, no en `alpha`.",
        lambda *args: _over(lambda c, v, a: _denominator(c, a), *args),
    ),
    Misconception(
        "Dividiste por las veces que aparece",
        "El último token de un texto aparece y no lo sigue nada: el denominador cuenta los pares que empiezan en i.",
        _by_occurrences,
    ),
    Misconception(
        "Suavizaste solo lo nunca visto",
        "`alpha` se suma a todas las cuentas, no solo a las que son 0.",
        _only_the_unseen,
    ),
    Misconception(
        "Contaste cada par una sola vez por texto",
        "Un par repetido cuenta todas sus veces. Con listas de índices, `counts[a, b] += 1` no acumula los repetidos: usa un "
        "ciclo o `index_put_` con `accumulate=True`.",
        _seen_once,
    ),
    Misconception(
        "De dos en dos",
        "Los pares se traslapan: el token que viene después de uno también tiene su siguiente.",
        lambda s, v, a: _rows(_counts(s, v, lambda ids: list(_pairs(ids))[::2]) + a),
    ),
    Misconception(
        "Devolviste las cuentas",
        "Falta dividir cada fila por su suma: son probabilidades.",
        lambda *args: _over(lambda c, v, a: 1.0, *args),
    ),
    Misconception(
        "Usaste softmax",
        "Una cuenta no es un logit: se divide por la suma, sin exponenciales.",
        lambda s, v, a: (_counts(s, v) + a).softmax(dim=1),
    ),
    Misconception(
        "Devolviste los logaritmos",
        "Se piden probabilidades.",
        lambda *args: reference(*args).log(),
    ),
)

EXERCISE = Exercise(
    key="bigram_probabilities",
    chapter="03b_preentrenamiento",
    title="El modelo preentrenado más pequeño",
    objective="Preentrenar contando: la línea base que toda red debe superar.",
    difficulty=2,
    minutes=15,
    section="El modelo preentrenado más pequeño",
    hints=(
        "En el texto [5, 7, 5], ¿cuántos pares hay y cuáles son? ¿Cuántos tokens no tienen a nadie después? Al pasar a otro texto, ¿hay "
        "un par más?",
        "Parte de una tabla (V, V) con `alpha` en todas sus casillas y recorre los pares de cada texto, `zip(ids[:-1], ids[1:])`, "
        "sumando 1 donde toca. Lo que falta es que cada fila sume 1: `keepdim=True` ayuda.",
    ),
    cases=cases,
    reference=reference,
    idea="P(j | i) = (c(i, j) + alpha) / (Σ c(i, k) + alpha · V), con los pares contados dentro de cada texto.",
    properties=(
        Property("Cada fila suma 1", "Después de un token viene algún token.", rows_add_up),
        Property(
            "Nada es imposible",
            "Para eso se suaviza: un par nunca visto también tiene alguna probabilidad.",
            nothing_is_impossible,
        ),
        Property(
            "Lo desconocido es uniforme",
            "Si a un token nunca le siguió nada, todos los siguientes son igual de probables.",
            unknown_is_uniform,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
