"""Calibración contextual: descontar lo que el modelo responde cuando no hay nada que leer.

Se pregunta con entradas sin contenido («N/A», nada, «[MASK]») y se promedia: p_cf es la preferencia
previa del modelo. Después cada probabilidad se corrige con W = diag(p_cf)⁻¹ y se vuelve a normalizar:

    q = W p / Σ (W p)        y se predice argmax q

Ref.: Zhao et al. 2021, arXiv:2102.09690.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from .examples import Label

__all__ = ["CONTENT_FREE", "Calibration"]

CONTENT_FREE = ("N/A", "", "[MASK]")


@dataclass(frozen=True)
class Calibration:
    """La preferencia previa del modelo, {etiqueta: p_cf}, y cómo se descuenta.

    >>> calibration = Calibration({"positivo": 0.8, "negativo": 0.2})
    >>> calibration({"positivo": 0.8, "negativo": 0.2})
    {'positivo': 0.5, 'negativo': 0.5}
    """

    content_free: Mapping[Label, float]

    def __post_init__(self) -> None:
        if any(not p > 0 for p in self.content_free.values()):
            raise ValueError(
                f"p_cf = {dict(self.content_free)} tiene una probabilidad que no es positiva, y calibrar divide "
                "por ella. Revisa las entradas sin contenido."
            )

    @classmethod
    def from_probs(cls, rows: Iterable[Mapping[Label, float]]) -> Calibration:
        """Devuelve la calibración con el promedio de varias entradas sin contenido.

        Raises:
            ValueError: no hay ninguna, o una probabilidad no es positiva.
        """
        rows = list(rows)
        if not rows:
            raise ValueError("Para calibrar hace falta al menos una entrada sin contenido.")
        mean = {label: fmean(row[label] for row in rows) for label in rows[0]}
        total = sum(mean.values())
        return cls({label: value / total for label, value in mean.items()})

    def __call__(self, probs: Mapping[Label, float]) -> dict[Label, float]:
        """Devuelve las probabilidades corregidas, que suman 1.

        Raises:
            ValueError: no son las mismas etiquetas, o ninguna tiene probabilidad.
        """
        if probs.keys() != self.content_free.keys() or not sum(probs.values()) > 0:
            raise ValueError(
                f"Se calibra con p_cf = {dict(self.content_free)} y llegó {dict(probs)}: deben ser las mismas "
                "etiquetas, y alguna con probabilidad."
            )
        weighted = {label: p / self.content_free[label] for label, p in probs.items()}
        total = sum(weighted.values())
        return {label: value / total for label, value in weighted.items()}
