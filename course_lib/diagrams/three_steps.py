"""Los tres pasos del prompting: de un texto a un prompt, del prompt a una respuesta y de ella a una etiqueta.

El color dice de dónde viene cada trozo y también lo dice un rótulo; la respuesta y la etiqueta que ganan llevan
además una marca. Son cajas de HTML que en un teléfono quedan una debajo de otra.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from ..show import number
from .base import Diagram, color, fill, frame

__all__ = ["three_steps"]

_BOX = (
    "flex:1 1 {width};min-width:min(100%,{width});border:1px solid rgba(128,128,128,.5);"
    "border-radius:.6rem;padding:.5rem .7rem;box-sizing:border-box"
)
_PIECE = (
    "padding:.05rem .25rem;border-bottom:.18rem {line} {color};background:{fill};border-radius:.2rem;"
    "white-space:pre-wrap;overflow-wrap:anywhere;box-decoration-break:clone;-webkit-box-decoration-break:clone"
)
_ARROW = '<div aria-hidden="true" style="align-self:center;margin:auto;font-weight:600">→</div>'
_LINES = {"entrada": "solid", "plantilla": "dotted", "respuesta": "dashed", "ejemplo": "double"}


def three_steps(
    parts: Sequence[tuple[str, str]],
    probs: Mapping[str, float],
    labels: Mapping[str, Sequence[str]],
    *,
    title: str,
) -> Diagram:
    """Devuelve el dibujo de los tres pasos, con `title` al pie.

    `parts` son los trozos del prompt y de dónde viene cada uno («entrada», «plantilla», «respuesta» o «ejemplo»);
    `probs`, la probabilidad de cada candidata; `labels`, las respuestas de cada etiqueta. La probabilidad de una
    etiqueta es la suma. Una candidata sin etiqueta, o al revés, es un `ValueError`.

    >>> drawing = three_steps(
    ...     [("Amé", "entrada"), (". Es ", "plantilla"), ("[Z]", "respuesta")],
    ...     {"buena": 0.9, "mala": 0.1}, {"+": ["buena"], "−": ["mala"]}, title="De Amé a +",
    ... )
    >>> drawing.alt
    'De Amé a +. 1. Prompt: entrada «Amé», plantilla «. Es », respuesta «[Z]». 2. Respuesta: buena 0.900, mala 0.100; gana buena. 3. Etiqueta: + 0.900, − 0.100; gana +.'
    """
    owned = [answer for answers in labels.values() for answer in answers]
    if not parts or sorted(owned) != sorted(probs):
        raise ValueError(
            f"Se dibujan las candidatas {list(probs)} y tienen etiqueta {owned}: deben ser las mismas, y el prompt, "
            "tener al menos un trozo."
        )
    sums = {label: sum(probs[answer] for answer in answers) for label, answers in labels.items()}
    given = [(text, source) for text, source in parts if source == "entrada"]
    steps = (
        ("Texto", _prompt(given), "6rem"),
        ("1. Prompt", _prompt(parts), "12rem"),
        ("2. Respuesta", _bars(probs, {}), "9rem"),
        ("3. Etiqueta", _bars(sums, labels), "9rem"),
    )
    said = ", ".join(f"{source} «{text}»" for text, source in parts)
    alt = f"1. Prompt: {said}. 2. Respuesta: {_said(probs)}. 3. Etiqueta: {_said(sums)}."
    return frame(_row(steps), title=title, alt=alt.replace("\n", "↵"))


def _row(steps: Sequence[tuple[str, str, str]]) -> str:
    """Las cajas, en fila y con una flecha entre ellas."""
    boxes = _ARROW.join(
        f'<div style="{_BOX.format(width=width)}"><strong>{name}</strong>{body}</div>'
        for name, body, width in steps
    )
    return f'<div style="display:flex;flex-wrap:wrap;gap:.6rem;align-items:stretch">{boxes}</div>'


def _prompt(parts: Sequence[tuple[str, str]]) -> str:
    """El prompt seguido, cada trozo con el trazo de su origen, y debajo qué es cada trazo."""
    pieces = "".join(_piece(text, source) for text, source in parts)
    key = " ".join(_piece(source, source) for source in dict.fromkeys(s for _, s in parts))
    return (
        f'<div style="margin:.4rem 0;line-height:1.9">{pieces}</div>'
        f'<small style="line-height:2">{key}</small>'
    )


def _piece(text: str, source: str) -> str:
    style = _PIECE.format(line=_LINES[source], color=color(source), fill=fill(source))
    return f'<span style="{style}">{escape(text)}</span>'


def _bars(probs: Mapping[str, float], notes: Mapping[str, Sequence[str]]) -> str:
    """Una fila por nombre, con su barra y su número; la mayor, marcada. `notes` va debajo del nombre."""
    best = max(probs, key=lambda name: probs[name])
    rows = []
    for name, p in probs.items():
        role, mark = ("respuesta", "✓ ") if name == best else ("descartado", "")
        bar = f"width:{max(100 * p, 0.5):.1f}%;height:.45rem;background:{color(role)};border-radius:.2rem"
        note = f"<small>= {escape(' + '.join(notes[name]))}</small>" if name in notes else ""
        shown = re.sub(r"\^(\S+)", r"<sup>\1</sup>", number(p))
        rows.append(
            f'<div style="margin:.35rem 0"><div style="display:flex;justify-content:space-between;gap:.5rem;'
            f'font-weight:{600 if name == best else 400}"><span>{mark}{escape(name)}</span><span>{shown}</span></div>'
            f'<div style="background:rgba(128,128,128,.2);border-radius:.2rem"><div style="{bar}"></div></div>{note}</div>'
        )
    return "".join(rows)


def _said(probs: Mapping[str, float]) -> str:
    found = ", ".join(f"{name} {number(p)}" for name, p in probs.items())
    return f"{found}; gana {max(probs, key=lambda name: probs[name])}"
