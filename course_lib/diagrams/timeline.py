"""Una línea de tiempo: el año, qué pasó y qué cambió."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .base import Diagram, color, frame

__all__ = ["Event", "timeline"]


@dataclass(frozen=True)
class Event:
    """Un momento: su año, un nombre corto y una línea que lo explica. `here`: es parte de este capítulo."""

    year: int
    name: str
    note: str
    here: bool = False


def timeline(events: Sequence[Event], *, title: str) -> Diagram:
    """Devuelve los momentos `events` de arriba abajo, con `title` al pie. Deben venir en orden, o es un `ValueError`.

    >>> timeline([Event(2017, "Transformer", "Solo atención.")], title="Una fecha")
    Una fecha. 2017, Transformer: Solo atención.
    """
    years = [event.year for event in events]
    if not years or years != sorted(years):
        raise ValueError("Una línea de tiempo necesita al menos un momento, y todos en orden.")
    drawn = "".join(_row(event) for event in events)
    said = " ".join(f"{event.year}, {event.name}: {event.note}" for event in events)
    return frame(f"<div>{drawn}</div>", title=title, alt=said)


def _row(event: Event) -> str:
    role = "respuesta" if event.here else "quieto"
    here = " <em>(en este capítulo)</em>" if event.here else ""
    return (
        '<div style="display:flex;gap:.7rem">'
        f'<strong style="flex:0 0 2.8rem">{event.year}</strong>'
        f'<div style="flex:1 1 auto;border-left:.2rem solid {color(role)};padding:0 0 .6rem .7rem">'
        f"<strong>{escape(event.name)}</strong>{here}<br>{escape(event.note)}</div></div>"
    )
