"""Leyes de escala: ajustar «pérdida = piso + a · N^(-alfa)» a unos pocos puntos.

Ref.: Kaplan et al. 2020, arXiv:2001.08361; con piso, Hoffmann et al. 2022, arXiv:2203.15556.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

__all__ = ["PowerLaw", "fit_exponent", "fit_power_law"]


@dataclass(frozen=True)
class PowerLaw:
    """La curva `floor + scale · n ** (-exponent)`.

    >>> PowerLaw(floor=1.0, scale=10.0, exponent=0.5)(100.0)
    2.0
    """

    floor: float
    scale: float
    exponent: float

    @overload
    def __call__(self, n: float) -> float: ...

    @overload
    def __call__(self, n: NDArray[np.float64]) -> NDArray[np.float64]: ...

    def __call__(self, n: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
        """Devuelve la pérdida que predice para un modelo de n parámetros (número o arreglo)."""
        return self.floor + self.scale * n**-self.exponent


def fit_power_law(sizes: Sequence[float], losses: Sequence[float]) -> PowerLaw:
    """Devuelve la ley de potencias con piso que mejor pasa por los puntos.

    Si se conociera el exponente, la pérdida sería una recta en `N^(-alfa)` y bastarían mínimos
    cuadrados para hallar piso y escala. Se prueban muchos exponentes y queda el de menor error.

    >>> law = fit_power_law([1e2, 1e3, 1e4, 1e5], [1.1, 1.01, 1.001, 1.0001])
    >>> round(law.floor, 3), round(law.exponent, 2)
    (1.0, 1.0)
    """
    if len(sizes) < 4 or len(sizes) != len(losses):
        raise ValueError(
            f"Llegaron {len(sizes)} tamaños y {len(losses)} pérdidas. La curva tiene tres "
            "incógnitas: hacen falta al menos cuatro puntos, con tantos tamaños como pérdidas."
        )
    x, y = np.asarray(sizes, dtype=float), np.asarray(losses, dtype=float)
    return min((_fit_line(x, y, float(a)) for a in _EXPONENTS), key=lambda fit: fit[0])[1]


_EXPONENTS = np.linspace(0.02, 2, 1981)


def _fit_line(
    sizes: NDArray[np.float64], losses: NDArray[np.float64], exponent: float
) -> tuple[float, PowerLaw]:
    x = np.stack([np.ones_like(sizes), sizes**-exponent], axis=1)  # (puntos, 2)
    coefficients = np.linalg.lstsq(x, losses, rcond=None)[0]
    error = float(((x @ coefficients - losses) ** 2).sum())
    return error, PowerLaw(float(coefficients[0]), float(coefficients[1]), exponent)


def fit_exponent(lengths: Sequence[float], values: Sequence[float]) -> float:
    """Devuelve el exponente p de `valor ~ n^p`: la pendiente en ejes logarítmicos.

    >>> round(fit_exponent([1, 2, 4, 8], [3, 12, 48, 192]), 3)
    2.0
    """
    return float(np.polyfit(np.log(lengths), np.log(values), 1)[0])
