"""Modelos de n-gramas: tablas que cuentan qué token sigue a los anteriores.

El de bigramas es el modelo preentrenado más pequeño que hay: una tabla. Como la mayor parte de las
combinaciones no aparece nunca, cada tabla se mezcla con las más cortas; cuánto pesa cada una se elige en la
parte de desarrollo, nunca en la de prueba.

Ref.: Jelinek y Mercer 1980, «Interpolated estimation of Markov source parameters»; Shannon 1948.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["NgramModel", "fit_ngrams"]

Rows = Sequence[Sequence[int]]


@dataclass(frozen=True)
class NgramModel:
    """Mezcla de tablas de n-gramas: `p = w₀ / V + w₁ · p₁ + w₂ · p₂ + …`.

    `counts[k]` cuenta las secuencias de k + 1 tokens; `contexts[k]`, las mismas sin su último token;
    `weights`, cuánto pesa cada parte (la primera, el azar), y suman 1.
    """

    vocab_size: int
    counts: tuple[Counter[tuple[int, ...]], ...]
    contexts: tuple[Counter[tuple[int, ...]], ...]
    weights: tuple[float, ...]

    @property
    def order(self) -> int:
        """Cuántos tokens mira la tabla más larga, contado el que predice: 2 en los bigramas."""
        return len(self.counts)

    def parts(self, row: Sequence[int], position: int) -> list[float]:
        """Devuelve lo que cada parte de la mezcla da al token `row[position]`, en el orden de `weights`.

        Una tabla que nunca vio el contexto no da nada.
        """
        found = [1 / self.vocab_size]
        for k in range(self.order):
            key = tuple(row[max(0, position - k) : position + 1])
            seen = self.contexts[k][key[:-1]] if len(key) == k + 1 else 0
            found.append(self.counts[k][key] / seen if seen else 0.0)
        return found

    def losses(self, rows: Rows) -> list[float]:
        """Devuelve la pérdida de cada fila, en nats: la suma sobre sus tokens, desde el segundo."""
        return [
            -sum(math.log(_mix(self.weights, self.parts(row, i))) for i in range(1, len(row)))
            for row in rows
        ]


def fit_ngrams(
    rows: Rows, development: Rows, order: int, vocab_size: int, *, rounds: int = 30
) -> NgramModel:
    """Devuelve el modelo de `order` tokens que cuenta en `rows` y elige sus pesos en `development`.

    Los pesos se ajustan con `rounds` vueltas de esperanza-maximización: cada una reparte el mérito de
    cada acierto entre las tablas y nunca empeora la pérdida en `development`.

    Raises:
        ValueError: `order` es menor que 1, o falta alguno de los dos conjuntos.

    >>> model = fit_ngrams([[0, 2, 3, 1]] * 5, [[0, 2, 3, 1]], order=2, vocab_size=4)
    >>> model.losses([[0, 2, 3, 1]])[0] < 0.01
    True
    """
    if order < 1 or not rows or not development:
        raise ValueError(
            f"Llegaron order={order}, {len(rows)} filas para contar y {len(development)} de desarrollo: "
            "hacen falta order >= 1 y al menos una fila de cada."
        )
    counts = tuple(
        Counter(tuple(row[i : i + n]) for row in rows for i in range(len(row) - n + 1))
        for n in range(1, order + 1)
    )
    contexts = tuple(
        Counter(tuple(row[i : i + n - 1]) for row in rows for i in range(len(row) - n + 1))
        for n in range(1, order + 1)
    )
    weights = tuple([1 / (order + 1)] * (order + 1))
    model = NgramModel(vocab_size, counts, contexts, weights)
    parts = [model.parts(row, i) for row in development for i in range(1, len(row))]
    for _ in range(rounds):
        weights = _reweigh(weights, parts)
    return NgramModel(vocab_size, counts, contexts, weights)


def _reweigh(weights: Sequence[float], parts: Sequence[Sequence[float]]) -> tuple[float, ...]:
    credit = [0.0] * len(weights)
    for part in parts:
        total = _mix(weights, part)
        for i, (weight, p) in enumerate(zip(weights, part, strict=True)):
            credit[i] += weight * p / total
    return tuple(c / len(parts) for c in credit)


def _mix(weights: Sequence[float], part: Sequence[float]) -> float:
    return sum(weight * p for weight, p in zip(weights, part, strict=True))
