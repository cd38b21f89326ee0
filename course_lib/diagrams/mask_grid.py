"""Quién mira a quién: la tabla de pesos de atención, con lo prohibido tachado."""

from __future__ import annotations

from collections.abc import Sequence

from .base import Diagram, color, fill, picture
from .pen import label

__all__ = ["mask_grid"]

_SIDE = 46
_MARGIN = 70  # donde van los nombres de las filas
_MOST = 7


def mask_grid(
    weights: Sequence[Sequence[float]],
    allowed: Sequence[Sequence[bool]],
    tokens: Sequence[str],
    *,
    title: str,
) -> Diagram:
    """Devuelve la tabla de `weights`: una fila por token que mira y una columna por token mirado; `title`, al pie.

    Lo que `allowed` prohíbe va tachado y lo demás lleva su peso, más intenso cuanto mayor. Las dos tablas son
    cuadradas, de hasta siete `tokens`; si no, `ValueError`.

    >>> mask_grid([[1, 0], [0.3, 0.7]], [[True, False], [True, True]], ["Ana", "ve"], title="Pesos")
    Pesos. Ana mira a Ana 1.00. ve mira a Ana 0.30, ve 0.70.
    """
    size = len(tokens)
    tables = (weights, allowed)
    square = all(len(part) == size for table in tables for part in (table, *table))
    if not square or not 1 <= size <= _MOST:
        raise ValueError(
            f"Las dos tablas deben ser cuadradas, una fila y una columna por token, con 1 a {_MOST} tokens; "
            f"llegaron {size} tokens."
        )
    said = " ".join(_said(*row, tokens) for row in zip(tokens, weights, allowed, strict=True))
    cells = [
        _cell(_MARGIN + _SIDE * j, 42 + _SIDE * i, weights[i][j] if allowed[i][j] else None)
        for i in range(size)
        for j in range(size)
    ]
    return picture(
        "".join([*_names(tokens), *cells]),
        width=_MARGIN + _SIDE * size + 4,
        height=46 + _SIDE * size,
        title=title,
        alt=said,
    )


def _said(token: str, row: Sequence[float], seen: Sequence[bool], tokens: Sequence[str]) -> str:
    looks = [f"{name} {w:.2f}" for name, w, ok in zip(tokens, row, seen, strict=True) if ok]
    return f"{token} mira a {', '.join(looks)}."


def _names(tokens: Sequence[str]) -> list[str]:
    """Los tokens sobre las columnas y a la izquierda de las filas, y qué es cada lado."""
    columns = [
        label(_MARGIN + _SIDE * (j + 0.5), 34, name, size=12) for j, name in enumerate(tokens)
    ]
    rows = [
        label(_MARGIN - 8, 44 + _SIDE * (i + 0.6), name, anchor="end", size=12)
        for i, name in enumerate(tokens)
    ]
    sides = [
        label(_MARGIN, 14, "a quién mira →", anchor="start", bold=True),
        label(0, 34, "quién ↓", anchor="start", bold=True),
    ]
    return [*sides, *columns, *rows]


def _cell(x: float, y: float, weight: float | None) -> str:
    """Una casilla de 2 unidades menos que su lugar; None es prohibido."""
    role = "descartado" if weight is None else "conservado"
    inside = fill(role, 0.1 if weight is None else round(0.06 + 0.6 * weight, 2))
    drawn = (
        f'<rect x="{x + 1}" y="{y + 1}" width="{_SIDE - 2}" height="{_SIDE - 2}" rx="3" fill="{inside}" '
        f'stroke="{color(role)}"/>'
    )
    if weight is not None:
        return drawn + label(x + _SIDE / 2, y + _SIDE / 2 + 4.5, f"{weight:.2f}")
    near, far = _SIDE * 0.36, _SIDE * 0.64
    cross = f"M{x + near:g} {y + near:g}L{x + far:g} {y + far:g}M{x + far:g} {y + near:g}L{x + near:g} {y + far:g}"
    return f'{drawn}<path d="{cross}" stroke="{color(role)}" stroke-width="1.6"/>'
