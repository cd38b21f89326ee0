"""Cuánta memoria pide un modelo, parte por parte, frente a la que tiene un acelerador."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ..show import number
from .base import Diagram, color, fill, picture

__all__ = ["PARTS", "memory_bars"]

#: Qué papel tiene cada parte y con qué opacidad se pinta.
PARTS = {
    "pesos": ("quieto", 0.75),
    "gradientes": ("entrenado", 0.85),
    "optimizador": ("entrenado", 0.3),
    "caché": ("conservado", 0.75),
}
_WIDTH, _ROW, _BAR, _TOP, _SHOWN = 400, 46, 18, 46, 1.45  # el eje llega a 1.45 veces la memoria


def memory_bars(rows: Mapping[str, Mapping[str, float]], *, capacity: float, title: str) -> Diagram:
    """Devuelve una barra apilada por fila y una raya donde se acaba la memoria, con `title` al pie.

    `rows`: {nombre: {parte: GB}}, con las partes de `PARTS`; `capacity`: los GB del acelerador. La barra que no cabe
    en el dibujo se corta con una flecha y dice cuánto mide. Sin filas, o con una parte que no se conoce, es un
    `ValueError`.

    >>> memory_bars({"usar": {"pesos": 13.5, "caché": 2.1}}, capacity=80, title="Llama")
    Llama. Frente a 80 GB: usar, 15.6 GB (pesos 13.5, caché 2.10).
    """
    unknown = {part for parts in rows.values() for part in parts} - set(PARTS)
    if not rows or unknown:
        known = ", ".join(PARTS)
        raise ValueError(f"Hace falta al menos una fila, y sus partes son: {known}.")
    unit = (_WIDTH - 8) / (_SHOWN * capacity)
    height = _TOP + _ROW * len(rows) + 4
    drawn = [_legend(), _limit(unit * capacity, height, capacity)]
    drawn += [
        _row(name, parts, _TOP + _ROW * i, unit) for i, (name, parts) in enumerate(rows.items())
    ]
    said = "; ".join(_said(name, parts) for name, parts in rows.items())
    return picture(
        "".join(drawn),
        width=_WIDTH,
        height=height,
        title=title,
        alt=f"Frente a {capacity:g} GB: {said}.",
    )


def _legend() -> str:
    cells, x = [], 0
    for name, (role, alpha) in PARTS.items():
        cells.append(
            f'<rect x="{x}" y="4" width="12" height="12" fill="{fill(role, alpha)}" stroke="{color(role)}"/>'
            f'<text x="{x + 17}" y="15">{name}</text>'
        )
        x += 32 + 7 * len(name)
    return "".join(cells)


def _limit(x: float, height: float, capacity: float) -> str:
    return (
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="26" y2="{height}" stroke="currentColor" stroke-width="2" '
        f'stroke-dasharray="5 4"/><text x="{x + 6:.1f}" y="36">{capacity:g} GB</text>'
    )


def _row(name: str, parts: Mapping[str, float], y: float, unit: float) -> str:
    total = sum(parts.values())
    title = f'<text x="0" y="{y + 14}">{escape(name)}: {number(float(total))} GB</text>'
    x, bars = 0.0, []
    for part, size in parts.items():
        role, alpha = PARTS[part]
        width = min(size * unit, _WIDTH - 16 - x)
        if width > 0:
            bars.append(
                f'<rect x="{x:.1f}" y="{y + 20}" width="{width:.1f}" height="{_BAR}" fill="{fill(role, alpha)}" '
                f'stroke="{color(role)}"/>'
            )
            x += width
    arrow = (
        f'<path d="M{_WIDTH - 14} {y + 20}l12 {_BAR / 2}l-12 {_BAR / 2}z" fill="currentColor"/>'
        if total * unit > _WIDTH - 16
        else ""
    )
    return title + "".join(bars) + arrow


def _said(name: str, parts: Mapping[str, float]) -> str:
    each = ", ".join(f"{part} {number(float(size))}" for part, size in parts.items())
    return f"{name}, {number(float(sum(parts.values())))} GB ({each})"
