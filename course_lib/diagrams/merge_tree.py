"""Cómo llega una palabra a sus tokens: qué vecinos se unen, y en qué orden, con las uniones de un BPE."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from .base import Diagram, color, fill, picture

__all__ = ["merge_tree"]

_ROW, _TOP, _HIGH = 48, 16, 26  # de una fila a otra, a la primera, y alto de una caja


@dataclass(frozen=True)
class _Node:
    """Un trozo: dónde está su centro, y en qué fila."""

    text: str
    x: float
    row: int


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
    now = [_Node(piece, 10 + step * (i + 0.5), 0) for i, piece in enumerate(pieces)]
    drawn, lines, said = [_box(node, label, step) for node in now], [], []
    for number, left, right, made in _joined(now, merges):
        half = _wide(made, label, step) / 2
        lines += [_line(left, made, half), _line(right, made, half)]
        drawn.append(_box(made, label, step, number))
        said.append(f"Unión {number}: {label(left.text)} + {label(right.text)}.")
    drawn += [_box(node, label, step, final=True) for node in now]
    tokens = ", ".join(label(node.text) for node in now)
    alt = (
        f"Piezas: {', '.join(label(piece) for piece in pieces)}. {' '.join(said)} Tokens: {tokens}."
    )
    drawing = picture(
        "".join(lines + drawn),
        width=420,
        height=_TOP + _ROW * len(said) + _HIGH // 2 + 3,
        title=f"{title}{'. Cada número dice en qué lugar se aprendió la unión' if said else ''}",
        alt=alt,
    )
    return Diagram(drawing.html, f"{title}. {' '.join(alt.split())}")


def _joined(
    now: list[_Node], merges: Sequence[tuple[str, str]]
) -> Iterator[tuple[int, _Node, _Node, _Node]]:
    """Une los trozos de `now` (la lista cambia) y da cada unión: su número, los dos trozos y el que resulta."""
    ranks = {pair: number for number, pair in reversed(list(enumerate(merges, start=1)))}
    row = 0
    while place := _next(now, ranks):
        number, i = place
        row += 1
        left, right = now[i : i + 2]
        made = _Node(left.text + right.text, (left.x + right.x) / 2, row)
        now[i : i + 2] = [made]
        yield number, left, right, made


def _next(now: Sequence[_Node], ranks: dict[tuple[str, str], int]) -> tuple[int, int] | None:
    """La unión que toca: la más antigua de la lista, y en un empate la de más a la izquierda."""
    found = [
        (ranks[left.text, right.text], i)
        for i, (left, right) in enumerate(pairwise(now))
        if (left.text, right.text) in ranks
    ]
    return min(found, default=None)


def _y(node: _Node) -> float:
    return _TOP + _ROW * node.row


def _wide(node: _Node, label: Callable[[str], str], step: float) -> float:
    return max(len(label(node.text)) * 8.5 + 12, min(step - 6, 30))


def _line(start: _Node, end: _Node, half: float) -> str:
    """Baja de `start` y dobla hacia `end`, hasta el borde de su caja, que está a `half` de su centro."""
    edge = end.x - half if start.x < end.x else end.x + half
    return (
        f'<path d="M{start.x:.0f} {_y(start) + _HIGH / 2:.0f}V{_y(end):.0f}H{edge:.0f}" '
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
    wide = _wide(node, label, step)
    left, top = node.x - wide / 2, _y(node) - _HIGH / 2
    role = "respuesta" if final else "entrada"
    box = (
        f'<rect x="{left:.0f}" y="{top:.0f}" width="{wide:.0f}" height="{_HIGH}" rx="5" '
        f'fill="{"none" if final else fill("entrada", 0.24)}" '
        f'stroke="{color(role)}" stroke-width="{3 if final else 1}"/>'
    )
    if final:  # solo el borde: el trozo ya está escrito
        return box
    written = f'<text x="{node.x:.0f}" y="{_y(node) + 4.5:.0f}" text-anchor="middle">{escape(text)}</text>'
    order = (
        ""
        if number is None
        else f'<text x="{node.x:.0f}" y="{top - 4:.0f}" text-anchor="middle" opacity=".85">{number}</text>'
    )
    return box + written + order
