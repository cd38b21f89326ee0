"""Cómo llega una palabra a sus tokens: qué vecinos se unen, y en qué orden, con las uniones de un BPE."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from .base import Diagram, color, fill, picture

__all__ = ["merge_tree"]

_ROW, _TOP, _HIGH = 46, 30, 26  # alto de cada unión, de la primera fila y de una caja


@dataclass(frozen=True)
class _Node:
    """Un trozo: dónde está su centro, en qué fila, y si ya se unió a otro."""

    text: str
    x: float
    row: int
    leaf: bool = False


def merge_tree(
    pieces: Sequence[str],
    merges: Sequence[tuple[str, str]],
    *,
    label: Callable[[str], str] = str,
    title: str,
) -> Diagram:
    """Devuelve el árbol que une `pieces` con las uniones `merges` (en el orden en que se aprendieron).

    De arriba abajo: las piezas, cada unión con su número en la lista, y al final los tokens, con el borde grueso.
    `label` dice cómo se escribe cada trozo; `title` va al pie. Sin piezas es un `ValueError`.

    >>> merge_tree("sol", [("o", "l"), ("s", "ol")], title="«sol»")
    «sol». Piezas: s, o, l. Unión 1: o + l. Unión 2: s + ol. Tokens: sol.
    """
    if not pieces:
        raise ValueError("El árbol necesita al menos una pieza.")
    step = 400 / len(pieces)
    now = [_Node(piece, 10 + step * (i + 0.5), 0, True) for i, piece in enumerate(pieces)]
    drawn, lines, said = [_box(node, label, step) for node in now], [], []
    ranks = {pair: number for number, pair in reversed(list(enumerate(merges, start=1)))}
    row = 0
    while place := _next(now, ranks):
        number, i = place
        row += 1
        left, right = now[i], now[i + 1]
        made = _Node(left.text + right.text, (left.x + right.x) / 2, row)
        lines += [_line(left, made), _line(right, made)]
        drawn.append(_box(made, label, step, number))
        said.append(f"Unión {number}: {label(left.text)} + {label(right.text)}.")
        now[i : i + 2] = [made]
    drawn += [_box(node, label, step, final=True) for node in now]
    alt = (
        f"Piezas: {', '.join(label(piece) for piece in pieces)}. {' '.join(said)} "
        f"Tokens: {', '.join(label(node.text) for node in now)}."
    )
    height = _TOP + _ROW * row + _HIGH
    return picture("".join(lines + drawn), width=420, height=height, title=title, alt=alt)


def _next(now: Sequence[_Node], ranks: dict[tuple[str, str], int]) -> tuple[int, int] | None:
    """La unión que toca: la más antigua de la lista, y en un empate la de más a la izquierda."""
    found = [
        (ranks[left.text, right.text], i)
        for i, (left, right) in enumerate(pairwise(now))
        if (left.text, right.text) in ranks
    ]
    return min(found, default=None)


def _y(node: _Node) -> float:
    return _TOP / 2 + _ROW * node.row


def _line(start: _Node, end: _Node) -> str:
    return (
        f'<path d="M{start.x:.0f} {_y(start) + _HIGH / 2:.0f}L{end.x:.0f} {_y(end) - _HIGH / 2:.0f}" '
        'stroke="currentColor" stroke-opacity=".55" fill="none"/>'
    )


def _box(
    node: _Node,
    label: Callable[[str], str],
    step: float,
    number: int | None = None,
    *,
    final: bool = False,
) -> str:
    text = label(node.text)
    wide = max(len(text) * 8.5 + 12, min(step - 6, 30))
    left, top = node.x - wide / 2, _y(node) - _HIGH / 2
    role = "respuesta" if final else "entrada"
    paint = "none" if final else fill("entrada", 0.14 if node.leaf else 0.24)
    box = (
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{_HIGH}" rx="5" '
        f'fill="{paint}" stroke="{color(role)}" stroke-width="{3 if final else 1}"/>'
    )
    if final:  # solo el borde: el trozo ya está escrito
        return box
    written = f'<text x="{node.x:.0f}" y="{_y(node) + 4.5:.0f}" text-anchor="middle">{escape(text)}</text>'
    order = (
        ""
        if number is None
        else f'<text x="{left + wide + 4:.0f}" y="{_y(node) + 4.5:.0f}" opacity=".8">{number}.ª</text>'
    )
    return box + written + order
