"""Posiciones que giran: cuánto se ha movido cada par de coordenadas en cada posición."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from .base import Diagram, color, picture
from .pen import arrow, label

__all__ = ["rotation"]

_MARGIN, _SIDE = 96, 60
_RADIUS = 24


def rotation(
    angles: Mapping[str, Sequence[float]], positions: Sequence[int], *, title: str
) -> Diagram:
    """Devuelve un reloj por par de coordenadas (fila) y por posición (columna), con la aguja en su ángulo.

    `angles` es {nombre del par: radianes en cada una de las `positions`}, hasta cinco; `title`, al pie. Si no hay un
    ángulo por posición, `ValueError`.

    >>> rotation({"rápido": [0.0, 1.5708]}, [0, 1], title="Giros")
    Giros. rápido: 0° en la posición 0, 90° en la posición 1.
    """
    if (
        not angles
        or not 1 <= len(positions) <= 5
        or any(len(turns) != len(positions) for turns in angles.values())
    ):
        raise ValueError(
            "Hace falta un ángulo por posición, con 1 a 5 posiciones y al menos un par."
        )
    parts = [label(_MARGIN + _SIDE * (j + 0.5), 14, f"p = {p}") for j, p in enumerate(positions)]
    for i, (name, turns) in enumerate(angles.items()):
        middle = 22 + _SIDE * (i + 0.5)
        parts += [
            label(0, middle - 4 + 16 * k, line, anchor="start")
            for k, line in enumerate(name.split("\n"))
        ]
        parts += [_clock(_MARGIN + _SIDE * (j + 0.5), middle, turn) for j, turn in enumerate(turns)]
    said = " ".join(
        f"{' '.join(name.split(chr(10)))}: "
        + ", ".join(
            f"{math.degrees(turn):.0f}° en la posición {p}"
            for turn, p in zip(turns, positions, strict=True)
        )
        + "."
        for name, turns in angles.items()
    )
    width, height = _MARGIN + _SIDE * len(positions), 24 + _SIDE * len(angles)
    return picture("".join(parts), width=width, height=height, title=title, alt=said)


def _clock(x: float, y: float, turn: float) -> str:
    """Un círculo con la aguja girada desde la derecha y contra el reloj; la de partida queda a puntos."""
    end = (x + _RADIUS * math.cos(turn), y - _RADIUS * math.sin(turn))
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="{_RADIUS}" fill="none" stroke="{color("descartado")}"/>'
        f'<line x1="{x:g}" y1="{y:g}" x2="{x + _RADIUS:g}" y2="{y:g}" stroke="{color("descartado")}" '
        f'stroke-dasharray="2 3"/>' + arrow(x, y, *end, role="pasos", width=2)
    )
