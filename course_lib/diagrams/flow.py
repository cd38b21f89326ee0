"""Cajas unidas por flechas: por dónde pasa un dato, qué forma tiene al salir y qué se entrena."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from .base import Diagram, color, fill, frame

__all__ = ["Box", "flow"]

_BOX = (
    "flex:0 1 auto;min-width:6.5rem;max-width:12rem;border:.1rem {line} {color};border-radius:.5rem;"
    "padding:.35rem .6rem;box-sizing:border-box;text-align:center;background:{fill}"
)
_STYLES = {
    None: ("solid", "rgba(128,128,128,.5)", "transparent"),  # un dato
    False: ("dashed", color("quieto"), fill("quieto")),  # una pieza quieta
    True: ("solid", color("entrenado"), fill("entrenado")),  # una que se entrena
}
_SAID = {None: "", False: " (quieto)", True: " (se entrena)"}


@dataclass(frozen=True)
class Box:
    """Una caja: `name`, y debajo `note` (su forma, o qué hace). `trained`: None si es un dato y no una pieza."""

    name: str
    note: str = ""
    trained: bool | None = None


def flow(rows: Mapping[str, Sequence[Box]], *, title: str) -> Diagram:
    """Devuelve un dibujo con una fila de cajas por cada nombre de `rows` (vacío: sin rótulo) y `title` al pie.

    En una pantalla angosta las cajas siguen en el renglón de abajo. Sin cajas es un `ValueError`.

    >>> flow({"": [Box("imagen"), Box("red", "7×7", trained=False)]}, title="Ver")
    Ver. imagen → red (quieto): 7×7.
    """
    if not rows or not all(rows.values()):
        raise ValueError("Un flujo necesita al menos una caja por fila.")
    drawn = "".join(_row(name, boxes) for name, boxes in rows.items())
    kinds = {box.trained for boxes in rows.values() for box in boxes}
    legend = (
        "" if kinds == {None} else ". Borde continuo y fondo rosa: se entrena. Punteado: quieto"
    )
    said = " ".join(_read(name, boxes) for name, boxes in rows.items())
    drawing = frame(drawn, title=f"{title}{legend}", alt=said)
    return Diagram(drawing.html, f"{title}. {said}")


def _row(name: str, boxes: Sequence[Box]) -> str:
    arrow = '<div aria-hidden="true" style="align-self:center;font-weight:600">→</div>'
    label = f'<div style="margin-top:.5rem"><strong>{escape(name)}</strong></div>' if name else ""
    cells = arrow.join(_box(box) for box in boxes)
    return f'{label}<div style="display:flex;flex-wrap:wrap;gap:.4rem;align-items:stretch">{cells}</div>'


def _box(box: Box) -> str:
    line, color, fill = _STYLES[box.trained]
    style = _BOX.format(line=line, color=color, fill=fill)
    note = f"<br><small>{escape(box.note)}</small>" if box.note else ""
    return f'<div style="{style}"><strong>{escape(box.name)}</strong>{note}</div>'


def _read(name: str, boxes: Sequence[Box]) -> str:
    parts = [f"{b.name}{_SAID[b.trained]}{': ' + b.note if b.note else ''}" for b in boxes]
    return f"{name + ': ' if name else ''}{' → '.join(parts)}."
