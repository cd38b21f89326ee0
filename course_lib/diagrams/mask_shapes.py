"""Codificador, decodificador y los dos juntos: quién puede mirar a quién en cada uno."""

from __future__ import annotations

from html import escape

from .base import Diagram, color, fill, frame

__all__ = ["mask_shapes"]

_SIDE = 17
_PANEL = (
    "flex:1 1 12rem;min-width:min(100%,12rem);border:1px solid rgba(128,128,128,.5);border-radius:.6rem;"
    "padding:.5rem .7rem;box-sizing:border-box"
)
_SAID = (
    "Codificador (BERT): cada token mira a los demás, antes y después. Decodificador (GPT, SmolLM2): cada "
    "token mira a los anteriores y a sí mismo. Codificador–decodificador (el de 2017): el texto que se lee se "
    "mira entero, el que se escribe mira hacia atrás y, además, mira todo el que se lee: la atención cruzada."
)


def mask_shapes(source: int, target: int, *, title: str) -> Diagram:
    """Devuelve las máscaras de un codificador, un decodificador y un codificador–decodificador; `title`, al pie.

    `source` es cuántos tokens tiene el texto que se lee y `target` cuántos el que se escribe, de 2 a 7; si no,
    `ValueError`.

    >>> repr(mask_shapes(3, 2, title="Máscaras"))[:57]
    'Máscaras. Codificador (BERT): cada token mira a los demás'
    """
    if not (2 <= source <= 7 and 2 <= target <= 7):
        raise ValueError(
            f"source={source} y target={target}: en este dibujo caben de 2 a 7 tokens de cada lado."
        )
    full, cross = _grid(source, source), _grid(target, source)
    causal = _grid(target, target, causal=True)
    panels = (
        ("Codificador", "BERT: lee un texto completo", (("todos con todos", full),)),
        ("Decodificador", "GPT, SmolLM2: escribe", (("solo hacia atrás", causal),)),
        (
            "Codificador–decodificador",
            "el Transformer de 2017: lee uno y escribe otro",
            (
                ("1. el que se lee: todos con todos", full),
                ("2. el que se escribe: solo hacia atrás", causal),
                ("3. atención cruzada: el que se escribe mira al que se lee", cross),
            ),
        ),
    )
    drawn = "".join(_panel(*panel) for panel in panels)
    drawing = frame(
        f'<div style="display:flex;flex-wrap:wrap;gap:.5rem;align-items:flex-start">{drawn}</div>',
        title=f"{title}. Fila: quién mira; columna: a quién. Verde: se puede; gris: no",
        alt=_SAID,
    )
    return Diagram(drawing.html, f"{title}. {_SAID}")


def _panel(name: str, note: str, grids: tuple[tuple[str, str], ...]) -> str:
    body = "".join(
        f'<div style="margin-top:.4rem"><small>{escape(what)}</small><br>{grid}</div>'
        for what, grid in grids
    )
    return f'<div style="{_PANEL}"><strong>{escape(name)}</strong><br><small>{escape(note)}</small>{body}</div>'


def _grid(rows: int, columns: int, *, causal: bool = False) -> str:
    """Una cuadrícula pequeña; con `causal`, la fila i solo llega hasta la columna i."""
    cells = "".join(
        _cell(_SIDE * j, _SIDE * i, not causal or j <= i)
        for i in range(rows)
        for j in range(columns)
    )
    width, height = _SIDE * columns, _SIDE * rows
    return f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" aria-hidden="true">{cells}</svg>'


def _cell(x: int, y: int, allowed: bool) -> str:
    role = "conservado" if allowed else "descartado"
    return (
        f'<rect x="{x + 1}" y="{y + 1}" width="{_SIDE - 2}" height="{_SIDE - 2}" rx="2" '
        f'fill="{fill(role, 0.55 if allowed else 0.08)}" stroke="{color(role)}" stroke-width=".8"/>'
    )
