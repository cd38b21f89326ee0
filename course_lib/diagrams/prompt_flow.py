"""De un prompt a su respuesta: qué lee el modelo, de dónde viene cada trozo y qué escribe.

Cada trozo lleva el color de su origen, el mismo en todo el libro, y también su nombre escrito: el color
nunca es lo único que distingue. Son cajas de HTML que se pliegan en un teléfono; heredan el color del
texto y pintan un fondo translúcido, así que sirven en claro y en oscuro.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..palette import ROLES, rgb
from .base import Diagram, frame

__all__ = ["ORIGINS", "Piece", "prompt_flow"]

#: De dónde puede venir un trozo, con el color de su borde y de su fondo.
ORIGINS = {
    name: rgb(ROLES[role])
    for name, role in {
        "instrucción": "plantilla",
        "ejemplo": "ejemplo",
        "entrada": "entrada",
        "pasos": "pasos",
        "respuesta": "respuesta",
    }.items()
}
_BOX = (
    "flex:1 1 {width};min-width:min(100%,{width});border:1px solid rgba(128,128,128,.5);"
    "border-radius:.6rem;padding:.5rem .7rem;box-sizing:border-box"
)
_PIECE = (
    "display:block;margin:.3rem 0;padding:.2rem .5rem;border-left:.25rem solid rgb({color});"
    "background:rgba({color},.13);border-radius:.2rem;white-space:pre-wrap;overflow-wrap:anywhere"
)


@dataclass(frozen=True)
class Piece:
    """Un trozo de texto y su origen, una clave de `ORIGINS`."""

    origin: str
    text: str

    def __post_init__(self) -> None:
        if self.origin not in ORIGINS:
            raise ValueError(f"«{self.origin}» no es un origen. Los que hay: {', '.join(ORIGINS)}.")


def prompt_flow(read: Sequence[Piece], written: Sequence[Piece], *, title: str) -> Diagram:
    """Devuelve el dibujo «lo que lee → modelo → lo que escribe», con `title` al pie.

    `read` son los trozos del prompt y `written` los de la respuesta, en su orden. Sin trozos es un
    `ValueError`.

    >>> prompt_flow([Piece("entrada", "Chile →")], [Piece("respuesta", "Santiago")], title="Capitales")
    Capitales. El modelo lee: entrada «Chile →». Escribe: respuesta «Santiago».
    """
    if not read or not written:
        raise ValueError("Un dibujo necesita al menos un trozo que leer y uno que escribir.")
    boxes = (
        _box("Lo que lee", read, "17rem"),
        '<div aria-hidden="true" style="align-self:center;text-align:center;flex:0 0 auto;margin:auto;'
        'font-weight:600">modelo<br>→</div>',
        _box("Lo que escribe", written, "13rem"),
    )
    drawn = f'<div style="display:flex;flex-wrap:wrap;gap:.7rem;align-items:stretch">{"".join(boxes)}</div>'
    return frame(
        drawn,
        title=title,
        alt=f"El modelo lee: {_said(read)}. Escribe: {_said(written)}.",
    )


def _box(name: str, pieces: Sequence[Piece], width: str) -> str:
    body = "".join(
        f'<span style="{_PIECE.format(color=ORIGINS[piece.origin])}"><small style="opacity:.85">'
        f"{escape(piece.origin)}</small><br>{escape(piece.text)}</span>"
        for piece in pieces
    )
    return f'<div style="{_BOX.format(width=width)}"><strong>{escape(name)}</strong>{body}</div>'


def _said(pieces: Sequence[Piece]) -> str:
    return ", ".join(
        f"{piece.origin} «{' / '.join(piece.text.split(chr(10)))}»" for piece in pieces
    )
