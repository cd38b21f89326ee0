"""Intervalos: ningún resultado del curso se muestra sin decir cuánto podría moverse.

Con 136 ejemplos, una exactitud de 0.75 es compatible con 0.67 y con 0.82. Dos maneras de decirlo: la
fórmula de Wilson, para una proporción, y el remuestreo (*bootstrap*), para cualquier otra cifra.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist, fmean
from typing import TYPE_CHECKING, Any

from .show import number

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Interval", "Measurement", "bootstrap_interval", "proportion", "wilson_interval"]


@dataclass(frozen=True)
class Interval:
    """Un intervalo de confianza [low, high] de nivel `confidence`."""

    low: float
    high: float
    confidence: float = 0.95

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        """Ancho del intervalo."""
        return self.high - self.low

    def __repr__(self) -> str:
        return f"[{number(self.low, 2)}, {number(self.high, 2)}]"


@dataclass(frozen=True)
class Measurement:
    """La media de una métrica sobre n ítems, con su intervalo del 95 % y lo que daría el azar."""

    name: str
    values: tuple[float, ...] = field(repr=False)  # uno por ítem
    interval: Interval
    chance: float

    @property
    def value(self) -> float:
        """La media."""
        return fmean(self.values)

    @property
    def n(self) -> int:
        """Número de ítems."""
        return len(self.values)

    def __repr__(self) -> str:
        value, chance = number(self.value, 2), number(self.chance, 2)
        return (
            f"{self.name} {value}, intervalo del 95 % {self.interval}, n = {self.n}, azar {chance}"
        )


def wilson_interval(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Devuelve el intervalo de Wilson, de nivel `confidence`, de la proporción `successes` / `n`.

    Con p = successes / n y z el cuantil normal (1.96 al 95 %):
    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n). No se sale de [0, 1] y no mide cero cuando se
    acierta todo o nada. Ref.: Wilson 1927.

    Raises:
        ValueError: `n` es 0, o hay más aciertos que casos.

    >>> wilson_interval(102, 136)
    [0.67, 0.82]
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(
            f"Llegaron {successes} aciertos de {n} casos. Hace falta al menos un caso, y entre 0 y n "
            "aciertos."
        )
    z = _quantile(confidence)
    p = successes / n
    center = p + z * z / (2 * n)
    margin = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    low = 0.0 if successes == 0 else (center - margin) / scale
    high = 1.0 if successes == n else (center + margin) / scale
    return Interval(low, high, confidence)


def proportion(name: str, hits: Sequence[bool], chance: float = 0.0) -> Measurement:
    """Devuelve la proporción de aciertos, llamada `name`, con su intervalo de Wilson; `chance`: la del azar.

    Sin ningún caso es un `ValueError`.

    >>> proportion("exactitud", [True, False, True, True], chance=0.5)
    exactitud 0.75, intervalo del 95 % [0.30, 0.95], n = 4, azar 0.50
    """
    interval = wilson_interval(sum(hits), len(hits))
    return Measurement(name, tuple(map(float, hits)), interval, chance)


def bootstrap_interval(
    values: ArrayLike,
    statistic: Callable[[NDArray[Any]], float] | None = None,
    *,
    confidence: float = 0.95,
    num_resamples: int = 2000,
    seed: int = 0,
) -> Interval:
    """Devuelve el intervalo percentil de `statistic(values)` al remuestrear con reemplazo.

    `values`: (n,) o (n, k), un caso por fila; los casos se sortean enteros, de modo que sirve para
    comparar dos modelos sobre los mismos ejemplos. `statistic` recibe un arreglo de la misma forma
    y devuelve un número (la media, si se omite); se calcula en `num_resamples` remuestreos y el
    intervalo deja fuera una fracción 1 − `confidence`. Ref.: Efron 1979.

    Raises:
        ValueError: no hay valores.

    >>> bootstrap_interval([0, 1] * 50)
    [0.40, 0.60]
    """
    import numpy as np

    array = np.asarray(values)
    if array.ndim == 0 or len(array) == 0:
        raise ValueError("No hay valores que remuestrear: pasa una lista con al menos un caso.")
    _quantile(confidence)
    measure = statistic or (lambda sample: float(sample.mean()))
    rng = np.random.default_rng(seed)
    found = [
        measure(array[rng.integers(len(array), size=len(array))]) for _ in range(num_resamples)
    ]
    tail = (1 - confidence) / 2
    low, high = np.quantile(found, [tail, 1 - tail])
    return Interval(float(low), float(high), confidence)


def _quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(
            f"confidence={confidence!r} no vale: es una proporción entre 0 y 1, como 0.95."
        )
    return NormalDist().inv_cdf((1 + confidence) / 2)
