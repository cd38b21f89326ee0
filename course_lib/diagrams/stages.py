"""Etapas en orden, con lo que entra en cada una y lo que sale: una receta en un dibujo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .base import Diagram, color, frame

__all__ = ["Stage", "stages"]

_BOX = (
    "flex:1 1 11rem;min-width:min(100%,11rem);border:1px solid rgba(128,128,128,.5);border-radius:.6rem;"
    "padding:.5rem .7rem;box-sizing:border-box"
)
_HERE = f"border:.18rem solid {color('respuesta')};"


@dataclass(frozen=True)
class Stage:
    """Una etapa: con qué datos, qué se le pide al modelo y qué sale. `here`: es la de este capítulo."""

    name: str
    data: str
    goal: str
    result: str
    here: bool = False


def stages(steps: Sequence[Stage], *, title: str) -> Diagram:
    """Devuelve el dibujo de las etapas, de izquierda a derecha (de arriba abajo en un teléfono), con `title` al pie.

    Sin etapas es un `ValueError`.

    >>> stages([Stage("Leer", "textos", "adivinar", "un modelo")], title="Receta")
    Receta. 1. Leer: con textos, adivinar; sale un modelo.
    """
    if not steps:
        raise ValueError("Un dibujo de etapas necesita al menos una.")
    arrow = '<div aria-hidden="true" style="align-self:center;margin:auto;font-weight:600">→</div>'
    boxes = arrow.join(_box(number, step) for number, step in enumerate(steps, start=1))
    said = " ".join(
        f"{number}. {step.name}{' (este capítulo)' if step.here else ''}: con {step.data}, {step.goal}; sale "
        f"{step.result}."
        for number, step in enumerate(steps, start=1)
    )
    drawn = f'<div style="display:flex;flex-wrap:wrap;gap:.5rem;align-items:stretch">{boxes}</div>'
    return frame(drawn, title=title, alt=said)


def _box(number: int, step: Stage) -> str:
    here = "<br><em>este capítulo</em>" if step.here else ""
    rows = "".join(
        f'<div style="margin-top:.3rem"><small>{name}</small><br>{escape(text)}</div>'
        for name, text in (
            ("con qué", step.data),
            ("qué se le pide", step.goal),
            ("qué sale", step.result),
        )
    )
    style = f"{_BOX};{_HERE}" if step.here else _BOX
    return f'<div style="{style}"><strong>{number}. {escape(step.name)}</strong>{here}{rows}</div>'
