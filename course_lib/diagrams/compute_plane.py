"""El plano de un presupuesto: a la derecha, más parámetros; hacia arriba, más tokens leídos."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ..show import number
from .base import Diagram, color, picture

__all__ = ["compute_plane"]

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 400, 340, 44, 382, 10, 290


@dataclass(frozen=True)
class _Plane:
    """Los dos ejes, en potencias de diez: (menor, mayor)."""

    parameters: tuple[int, int]
    tokens: tuple[int, int]

    def x(self, n: float) -> float:
        low, high = self.parameters
        return _LEFT + (_RIGHT - _LEFT) * (math.log10(n) - low) / (high - low)

    def y(self, t: float) -> float:
        low, high = self.tokens
        return _BOTTOM - (_BOTTOM - _TOP) * (math.log10(t) - low) / (high - low)


def compute_plane(
    models: Mapping[str, tuple[float, float]],
    *,
    ratio: float,
    budgets: Sequence[float] = (),
    title: str,
) -> Diagram:
    """Devuelve el plano con un punto por modelo, la recta T = `ratio`·N y otra por presupuesto.

    `models`: {nombre: (N, T)}; los ejes son logarítmicos. `budgets`: las operaciones C cuya recta 6·N·T = C se
    traza. `title` va al pie. Sin modelos es un `ValueError`.

    >>> compute_plane({"GPT-3": (175e9, 300e9)}, ratio=20, title="Reparto")
    Reparto. GPT-3: 1.71 tokens por parámetro. La recta continua: 20 tokens por parámetro.
    """
    if not models:
        raise ValueError("El plano necesita al menos un modelo.")
    plane = _Plane(
        _powers([n for n, _ in models.values()]), _powers([t for _, t in models.values()])
    )
    thick = f'stroke="{color("respuesta")}" stroke-width="2"'
    thin = 'stroke="currentColor" stroke-dasharray="4 4" opacity="0.5"'
    lines = [_line(plane, ratio, 1, thick), *(_line(plane, c / 6, -1, thin) for c in budgets)]
    points = [_point(plane, name, *pair, ratio) for name, pair in models.items()]
    said = [f"{name}: {number(t / n)} tokens por parámetro." for name, (n, t) in models.items()]
    return picture(
        "".join([*lines, _axes(plane), *points]),
        width=_WIDTH,
        height=_HEIGHT,
        title=title,
        alt=" ".join([*said, f"La recta continua: {ratio:g} tokens por parámetro."]),
    )


def _powers(values: Sequence[float]) -> tuple[int, int]:
    """Las potencias de diez que dejan los valores dentro, con algo de aire."""
    return math.floor(math.log10(min(values)) - 0.1), math.ceil(math.log10(max(values)) + 0.25)


def _line(plane: _Plane, scale: float, slope: int, style: str) -> str:
    """La recta T = scale · N^slope, solo donde queda dentro del plano."""
    middle = math.log10(scale)
    ends = sorted((edge - middle) / slope for edge in plane.tokens)
    first, last = max(plane.parameters[0], ends[0]), min(plane.parameters[1], ends[1])
    if first >= last:
        return ""
    (x1, y1), (x2, y2) = (
        (plane.x(10**p), plane.y(10 ** (middle + slope * p))) for p in (first, last)
    )
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'


def _axes(plane: _Plane) -> str:
    frame = f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" stroke="currentColor" fill="none" opacity="0.6"/>'
    across = "".join(
        f'<text x="{plane.x(10.0**p):.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{_ten(p)}</text>'
        for p in range(plane.parameters[0], plane.parameters[1] + 1)
    )
    up = "".join(
        f'<text x="{_LEFT - 6}" y="{plane.y(10.0**p) + 5:.1f}" text-anchor="end">{_ten(p)}</text>'
        for p in range(plane.tokens[0], plane.tokens[1] + 1)
    )
    names = (
        f'<text x="{_RIGHT}" y="{_BOTTOM + 40}" text-anchor="end">N, parámetros →</text>'
        f'<text x="{_LEFT + 6}" y="{_TOP + 12}">↑ T, tokens leídos</text>'
    )
    return frame + across + up + names


def _point(plane: _Plane, name: str, n: float, t: float, ratio: float) -> str:
    """Un punto y su rótulo: encima si el modelo leyó más que la recta, debajo si no."""
    x, y = plane.x(n), plane.y(t)
    anchor = "start" if x < _LEFT + 0.6 * (_RIGHT - _LEFT) else "end"
    below = -10 if t > ratio * n else 20
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="currentColor"/><text x="{x:.1f}" y="{y + below:.1f}" '
        f'text-anchor="{anchor}">{escape(name)}: {number(t / n)}</text>'
    )


def _ten(power: int) -> str:
    return f'10<tspan dy="-5" font-size="10">{power}</tspan>'
