"""Qué conserva y qué descarta cada recorte: la misma distribución ordenada, cortada de tres maneras.

Los dos ejes son logarítmicos: hacia la derecha, el puesto del token; hacia arriba, su probabilidad. Así
caben a la vez el favorito y un cuarto de millón de tokens, y cada recorte se ve como lo que es: top-k corta
en un puesto, min-p a una altura, y top-p donde la masa acumulada llega a p.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from ..show import number
from .base import Diagram, color, fill, picture

__all__ = ["Cut", "cuts"]

_WIDTH, _COLUMN, _ROW, _GAP = 420, 130, 92, 15
_LEAST = 1e-9  # la probabilidad más baja que se dibuja
_POINTS = 60  # puestos que se dibujan de cada curva


@dataclass(frozen=True)
class Cut:
    """Una distribución ordenada de mayor a menor y, de cada recorte, cuántos tokens conserva."""

    name: str
    probs: Sequence[float]
    kept: Mapping[str, int]


def cuts(rows: Sequence[Cut], *, title: str) -> Diagram:
    """Devuelve el dibujo: una fila por distribución y una columna por recorte, con `title` al pie.

    Verde y continuo: lo conservado; gris: lo descartado. Bajo cada curva, cuántos tokens quedan y cuánta
    probabilidad reúnen. Sin filas, o si no todas tienen los mismos recortes (tres a lo sumo), `ValueError`.

    >>> cuts([Cut("seguro", [0.9, 0.06, 0.04], {"top-k 2": 2})], title="Recortes")
    Recortes. seguro: top-k 2 conserva 2 de 3 tokens (masa 0.96).
    """
    names = list(rows[0].kept) if rows else []
    if not 1 <= len(names) <= 3 or any(list(row.kept) != names for row in rows):
        raise ValueError("Cada fila lleva los mismos recortes, entre uno y tres.")
    step = _ROW + 56
    body = "".join(_row(row, 8 + step * i) for i, row in enumerate(rows))
    said = " ".join(
        f"{row.name}: "
        + ", ".join(
            f"{name} conserva {kept} de {len(row.probs)} tokens (masa {_mass(row, kept)})"
            for name, kept in row.kept.items()
        )
        + "."
        for row in rows
    )
    legend = (
        f"{title}. Hacia la derecha, el puesto del token; hacia arriba, su probabilidad (ejes logarítmicos). "
        "Verde: conservado. Gris: descartado. Debajo, cuántos tokens quedan y qué masa reúnen"
    )
    drawing = picture(body, width=_WIDTH, height=step * len(rows), title=legend, alt=said)
    return Diagram(drawing.html, f"{title}. {said}")


def _mass(row: Cut, kept: int) -> str:
    return number(math.fsum(row.probs[:kept]), 2)


def _row(row: Cut, top: float) -> str:
    panels = "".join(
        _panel(row, name, kept, (_COLUMN + _GAP) * i, top + 22)
        for i, (name, kept) in enumerate(row.kept.items())
    )
    return f'<text x="0" y="{top + 10:g}" font-weight="700">{escape(row.name)}</text>{panels}'


def _panel(row: Cut, name: str, kept: int, left: float, top: float) -> str:
    ranks = _ranks(len(row.probs), kept)
    points = [_point(rank, row.probs[rank - 1], len(row.probs), left, top) for rank in ranks]
    cut = ranks.index(kept) + 1
    inside, outside = points[:cut], points[cut - 1 :]
    bottom = top + _ROW
    edge = inside[-1][0]
    return (
        _area(inside, bottom, "conservado", 0.4)
        + _area(outside, bottom, "descartado", 0.18)
        + f'<path d="M{edge:.1f} {top:g} V{bottom:g}" stroke="{color("conservado")}" stroke-width="2"/>'
        + f'<path d="M{left:g} {bottom:g} h{_COLUMN}" stroke="currentColor" opacity=".5"/>'
        + f'<text x="{left + _COLUMN:g}" y="{top + 11:g}" text-anchor="end">{escape(name)}</text>'
        + f'<text x="{left:g}" y="{bottom + 16:g}">{kept} · {_mass(row, kept)}</text>'
    )


def _ranks(total: int, kept: int) -> list[int]:
    """Los puestos que se dibujan, repartidos por igual en escala logarítmica, con el del corte."""
    spread = {round(total ** (i / (_POINTS - 1))) for i in range(_POINTS)}
    return sorted(spread | {1, kept, total})


def _point(rank: int, prob: float, total: int, left: float, top: float) -> tuple[float, float]:
    x = left + _COLUMN * math.log(rank) / math.log(max(total, 2))
    y = top + _ROW * min(1.0, math.log(max(prob, _LEAST)) / math.log(_LEAST))
    return x, y


def _area(points: Sequence[tuple[float, float]], bottom: float, role: str, alpha: float) -> str:
    line = " ".join(f"L{x:.1f} {y:.1f}" for x, y in points)
    first, last = points[0][0], points[-1][0]
    return (
        f'<path d="M{first:.1f} {bottom:g} {line} L{last:.1f} {bottom:g} Z" fill="{fill(role, alpha)}" '
        f'stroke="{color(role)}" stroke-width="1.4"/>'
    )
