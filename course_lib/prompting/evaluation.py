"""Lo que predice un clasificador con prompt, y cuánto acierta, con su intervalo y su azar."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..metrics import Interval, wilson_interval
from ..show import number, table_html
from .examples import Label
from .template import Prompt

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Evaluation", "Prediction"]


@dataclass(frozen=True)
class Prediction:
    """La etiqueta predicha para un texto y lo que llevó a ella.

    `answer`: la candidata de mayor puntaje. Si varias suman para una etiqueta, o se calibra, puede
    no ser una de las de `label`. `label_probs` suma 1. `prompt.removed` dice si se acortó la entrada.
    """

    label: Label
    answer: str
    label_probs: Mapping[Label, float]
    answer_scores: Mapping[str, float]
    prompt: Prompt = field(repr=False, compare=False)

    def __repr__(self) -> str:
        probs = ", ".join(f"{label} {number(p, 2)}" for label, p in self.label_probs.items())
        cut = f", entrada sin {self.prompt.removed}" if self.prompt.cut else ""
        return f"Prediction({self.label!r}, respuesta «{self.answer}», {probs}{cut})"


@dataclass(frozen=True)
class Evaluation:
    """Las predicciones sobre ejemplos con etiqueta."""

    labels: tuple[Label, ...]
    texts: tuple[str, ...] = field(repr=False)
    truth: tuple[Label, ...] = field(repr=False)
    predictions: tuple[Prediction, ...] = field(repr=False)

    @property
    def hits(self) -> tuple[bool, ...]:
        """Por ejemplo, si se acertó."""
        return tuple(
            p.label == truth for p, truth in zip(self.predictions, self.truth, strict=True)
        )

    @property
    def n(self) -> int:
        """Número de ejemplos."""
        return len(self.truth)

    @property
    def accuracy(self) -> float:
        """Exactitud: proporción de aciertos."""
        return sum(self.hits) / self.n

    @property
    def interval(self) -> Interval:
        """Intervalo de Wilson del 95 % de la exactitud."""
        return wilson_interval(sum(self.hits), self.n)

    @property
    def chance(self) -> float:
        """Nivel de azar: la exactitud de responder una etiqueta al azar, 1 / etiquetas."""
        return 1 / len(self.labels)

    @property
    def confusion(self) -> dict[Label, dict[Label, int]]:
        """Matriz de confusión: {etiqueta verdadera: {etiqueta predicha: casos}}."""
        table = {truth: dict.fromkeys(self.labels, 0) for truth in self.labels}
        for truth, prediction in zip(self.truth, self.predictions, strict=True):
            table[truth][prediction.label] += 1
        return table

    def confusion_frame(self) -> pd.DataFrame:
        """Devuelve la matriz de confusión como tabla de pandas: filas reales, columnas predichas."""
        import pandas as pd

        frame = pd.DataFrame(self.confusion).T
        return frame.rename_axis(index="real", columns="predicha")

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con una fila por ejemplo."""
        import pandas as pd

        return pd.DataFrame(
            {
                "texto": self.texts,
                "etiqueta": self.truth,
                "predicha": [p.label for p in self.predictions],
                "respuesta": [p.answer for p in self.predictions],
                "probabilidad": [p.label_probs[p.label] for p in self.predictions],
                "acierto": self.hits,
            }
        )

    def __repr__(self) -> str:
        return (
            f"Evaluation(exactitud {number(self.accuracy, 2)}, intervalo del 95 % {self.interval}, "
            f"n = {self.n}, azar {number(self.chance, 2)})"
        )

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(repr(self))}</p>{table_html(self.confusion_frame(), index=True)}"
