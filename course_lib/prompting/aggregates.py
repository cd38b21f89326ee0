"""Los agregados: cómo se juntan las probabilidades de las respuestas de una misma etiqueta.

    SumOf    Σ p        son maneras distintas de decir lo mismo; favorece a la etiqueta que tiene más
    MeanOf   Σ p / n    compensa que una etiqueta tenga más respuestas que otra
    MaxOf    máx p      mira solo la mejor

Ninguno es el correcto: hay que elegir uno y decirlo.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import TypeAlias

__all__ = ["AGGREGATES", "Aggregate", "MaxOf", "MeanOf", "SumOf"]

Aggregate: TypeAlias = Callable[[Sequence[float]], float]


@dataclass(frozen=True)
class SumOf:
    """La suma: la probabilidad de contestar alguna de las respuestas."""

    name = "sum"

    def __call__(self, probs: Sequence[float]) -> float:
        """Devuelve la suma."""
        return sum(probs)


@dataclass(frozen=True)
class MeanOf:
    """El promedio: la suma dividida por el número de respuestas."""

    name = "mean"

    def __call__(self, probs: Sequence[float]) -> float:
        """Devuelve la media."""
        return fmean(probs)


@dataclass(frozen=True)
class MaxOf:
    """El máximo: la probabilidad de la mejor respuesta."""

    name = "max"

    def __call__(self, probs: Sequence[float]) -> float:
        """Devuelve la mayor."""
        return max(probs)


# Por su nombre corto, el que muestran las tablas y el laboratorio.
AGGREGATES: dict[str, Aggregate] = {"sum": SumOf(), "mean": MeanOf(), "max": MaxOf()}
