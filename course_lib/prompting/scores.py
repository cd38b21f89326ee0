"""Los puntajes: cómo se convierte lo que el modelo dice de una candidata en un número comparable.

    Sum       Σ log p             la probabilidad del texto; castiga a las respuestas largas
    PerToken  Σ log p / tokens    media por token
    PerChar   Σ log p / letras    media por letra
    PerByte   Σ log p / bytes     media por byte («niño»: 4 letras, 5 bytes)
    Pmi       Σ log p(·|x) − Σ log p(·)   cuánto más probable la vuelve la entrada

La suma y el largo son los del mismo texto: [Z] y lo que lo sigue. También vale una función propia que
reciba una `Measure`; si usa su `prior`, ponle el atributo `needs_prior = True`.

Ref.: Liu et al. 2021, arXiv:2107.13586; PMI frente al contexto sin entrada: Holtzman et al. 2021,
arXiv:2104.08315.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ..show import number

__all__ = [
    "SCORES",
    "Measure",
    "PerByte",
    "PerChar",
    "PerToken",
    "Pmi",
    "ScoreRule",
    "Sum",
    "softmax",
]


@dataclass(frozen=True)
class Measure:
    """Lo que el modelo dice de una candidata en un prompt.

    `sum_logprob` (nats) cubre [Z] y lo que lo sigue; `tokens` y `token_logprobs`, lo mismo token a
    token, y `sources` dice de dónde viene cada uno. `n_tokens`, `n_chars` y `n_bytes` miden ese mismo
    texto, sin el espacio que precede a [Z]. `prior`: el `sum_logprob` con la entrada vacía, si se midió.
    """

    answer: str
    sum_logprob: float
    tokens: tuple[str, ...]
    token_logprobs: tuple[float, ...]
    sources: tuple[str, ...]
    n_tokens: int
    n_chars: int
    n_bytes: int
    prior: float | None = None

    def __repr__(self) -> str:
        return f"Measure({self.answer!r}, sum_logprob={number(self.sum_logprob)})"


ScoreRule: TypeAlias = Callable[[Measure], float]


@dataclass(frozen=True)
class Sum:
    """Suma de log-probabilidades: el logaritmo de la probabilidad del texto."""

    name = "sum"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        """Devuelve la suma."""
        return m.sum_logprob


@dataclass(frozen=True)
class PerToken:
    """Media por token: la suma dividida por los tokens que se suman."""

    name = "token"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        """Devuelve la media por token."""
        return m.sum_logprob / m.n_tokens


@dataclass(frozen=True)
class PerChar:
    """Media por letra del texto que se puntúa (lo que lm-evaluation-harness llama `acc_norm`)."""

    name = "char"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        """Devuelve la media por letra."""
        return m.sum_logprob / m.n_chars


@dataclass(frozen=True)
class PerByte:
    """Media por byte UTF-8 del texto que se puntúa: una «ñ» o una vocal con tilde cuentan dos."""

    name = "byte"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        """Devuelve la media por byte."""
        return m.sum_logprob / m.n_bytes


@dataclass(frozen=True)
class Pmi:
    """Información mutua puntual: la suma menos la misma suma con la entrada vacía."""

    name = "pmi"
    needs_prior = True

    def __call__(self, m: Measure) -> float:
        """Devuelve la diferencia con la entrada vacía; sin ella medida, `ValueError`."""
        if m.prior is None:
            raise ValueError(
                "La PMI compara con la entrada vacía, y esta medida no la incluye. Usa search() o "
                "measure(..., prior=True)."
            )
        return m.sum_logprob - m.prior


# Por su nombre corto, el que muestran las tablas y el laboratorio.
SCORES: dict[str, ScoreRule] = {
    rule.name: rule for rule in (Sum(), PerToken(), PerChar(), PerByte(), Pmi())
}


def softmax(scores: Mapping[str, float]) -> dict[str, float]:
    """Devuelve e^s / Σ e^s por clave, sin desbordarse.

    Raises:
        ValueError: no hay puntajes, o no son números con los que se pueda.

    >>> softmax({"sí": 0.0, "no": 0.0})
    {'sí': 0.5, 'no': 0.5}
    """
    top = max(scores.values(), default=math.nan)
    if not math.isfinite(top) or any(math.isnan(value) for value in scores.values()):
        raise ValueError(
            f"Con los puntajes {dict(scores)} no hay softmax: hace falta al menos uno finito, y ninguno nan ni +∞."
        )
    weights = {key: math.exp(value - top) for key, value in scores.items()}
    total = math.fsum(weights.values())
    return {key: weight / total for key, weight in weights.items()}
