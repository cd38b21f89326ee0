"""Modelos en una escala de potencias de diez: cada paso a la derecha es diez veces más grande."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape

from ..show import number
from .base import Diagram, color, picture

__all__ = ["size_scale"]

_WIDTH, _NAMES, _RIGHT, _ROW, _TOP = 412, 124, 58, 26, 8
_DOT = {True: 'fill="currentColor"', False: 'fill="none" stroke="currentColor" stroke-width="2"'}


def size_scale(
    sizes: Mapping[str, float],
    *,
    hollow: Mapping[str, bool] | None = None,
    compare: tuple[str, str] | None = None,
    title: str,
) -> Diagram:
    """Devuelve una fila por modelo con un punto en su número de parámetros, y `title` al pie.

    `sizes`: {nombre: parámetros}. `hollow`: los que llevan el punto hueco (aquí, los codificadores). `compare`:
    dos nombres, cuya razón se dibuja abajo. Con menos de dos modelos, o un tamaño que no es positivo, `ValueError`.

    >>> size_scale({"BERT": 3e8, "GPT-3": 1.75e11}, compare=("BERT", "GPT-3"), title="Dos modelos")
    Dos modelos. BERT: 0.3e9 parámetros. GPT-3: 175e9 parámetros. GPT-3 / BERT: 583 veces.
    """
    if len(sizes) < 2 or min(sizes.values()) <= 0:
        raise ValueError("Una escala necesita al menos dos modelos con algún parámetro.")
    low = math.floor(math.log10(min(sizes.values())))
    high = math.ceil(math.log10(max(sizes.values())))

    def place(size: float) -> float:
        width = _WIDTH - _NAMES - _RIGHT
        return _NAMES + width * (math.log10(size) - low) / (high - low)

    bottom = _TOP + _ROW * len(sizes)
    hollow = hollow or {}
    parts = [_tick(place(10.0**power), power, bottom) for power in range(low, high + 1)]
    parts += [
        _row(name, size, place(size), _TOP + _ROW * (i + 0.5), not hollow.get(name, False))
        for i, (name, size) in enumerate(sizes.items())
    ]
    said = [f"{name}: {_billions(size)} parámetros." for name, size in sizes.items()]
    height = bottom + 26
    if compare is not None:
        first, last = compare
        ratio = sizes[last] / sizes[first]
        parts.append(_ratio(place(sizes[first]), place(sizes[last]), height + 8, ratio))
        said.append(f"{last} / {first}: {number(float(ratio))} veces.")
        height += 34
    return picture("".join(parts), width=_WIDTH, height=height, title=title, alt=" ".join(said))


def _tick(x: float, power: int, bottom: float) -> str:
    raised = f'10<tspan dy="-5" font-size="10">{power}</tspan>'
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{bottom}" stroke="currentColor" opacity="0.18"/>'
        f'<text x="{x:.1f}" y="{bottom + 17}" text-anchor="middle">{raised}</text>'
    )


def _row(name: str, size: float, x: float, y: float, filled: bool) -> str:
    return (
        f'<text x="{_NAMES - 10}" y="{y + 4.5:.1f}" text-anchor="end">{escape(name)}</text>'
        f'<line x1="{_NAMES}" x2="{x - 6:.1f}" y1="{y:.1f}" y2="{y:.1f}" stroke="currentColor" opacity="0.35"/>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" {_DOT[filled]}/>'
        f'<text x="{x + 10:.1f}" y="{y + 4.5:.1f}">{_billions(size)}</text>'
    )


def _ratio(left: float, right: float, y: float, ratio: float) -> str:
    line = color("respuesta")
    return (
        f'<path d="M{left:.1f} {y - 4}v8M{right:.1f} {y - 4}v8M{left:.1f} {y}H{right:.1f}" stroke="{line}" '
        f'stroke-width="2" fill="none"/><text x="{(left + right) / 2:.1f}" y="{y + 18}" '
        f'text-anchor="middle">× {number(float(ratio))}</text>'
    )


def _billions(size: float) -> str:
    """Miles de millones con la escritura de la diapositiva: 0.3e9, 175e9."""
    billions = size / 1e9
    return f"{number(float(billions), 1 if billions < 1 else 2 if billions < 100 else 3)}e9"
