"""Los trazos con que se arma un SVG: una caja con su nombre, una flecha y un rótulo.

Las puntas de flecha se dibujan una por una: un `<marker>` necesita un identificador, y dos dibujos de una
misma página se lo disputarían.
"""

from __future__ import annotations

import math
from html import escape

from .base import color, fill

__all__ = ["arrow", "box", "label"]

_GREY = "rgba(128,128,128,.75)"


def label(
    x: float, y: float, text: str, *, anchor: str = "middle", size: int = 13, bold: bool = False
) -> str:
    """Devuelve un rótulo con la base de sus letras en (x, y), del color de la página.

    `anchor` es cuál de sus puntos queda en x («start», «middle» o «end»), `size` el alto de la letra, y `bold` dice si
    va en negrita.

    >>> label(5, 9, "x < y")
    '<text x="5" y="9" text-anchor="middle" font-size="13">x &lt; y</text>'
    """
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="{size}"{weight}>{escape(text)}</text>'


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    name: str,
    *,
    note: str = "",
    role: str | None = None,
    alpha: float = 0.14,
) -> str:
    """Devuelve una caja con su esquina en (x, y), `name` al centro y `note` debajo, en letra menor.

    `role` da su color (`palette.ROLES`; None, gris y sin fondo) y `alpha` cuánto se pinta el fondo.
    """
    stroke = color(role) if role else _GREY
    inside = fill(role, alpha) if role else "none"
    middle, center = x + width / 2, y + height / 2
    drawn = (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="5" fill="{inside}" '
        f'stroke="{stroke}" stroke-width="1.4"/>'
    )
    if not note:
        return drawn + label(middle, center + 4.5, name)
    return drawn + label(middle, center - 2, name) + label(middle, center + 13, note, size=12)


def arrow(
    x1: float, y1: float, x2: float, y2: float, *, role: str | None = None, width: float = 1.3
) -> str:
    """Devuelve una flecha recta de (x1, y1) a (x2, y2), de grosor `width` y del color de `role` (None: gris)."""
    stroke = color(role) if role else _GREY
    angle, size = math.atan2(y2 - y1, x2 - x1), 4 + 2 * width
    base = (x2 - size * math.cos(angle), y2 - size * math.sin(angle))
    side = (0.45 * size * math.sin(angle), -0.45 * size * math.cos(angle))
    tip = f"{x2:.1f},{y2:.1f} " + " ".join(
        f"{base[0] + sign * side[0]:.1f},{base[1] + sign * side[1]:.1f}" for sign in (1, -1)
    )
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{base[0]:.1f}" y2="{base[1]:.1f}" stroke="{stroke}" '
        f'stroke-width="{width:g}"/><polygon points="{tip}" fill="{stroke}"/>'
    )
