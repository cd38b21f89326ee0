"""Una distribución en barras, varias veces: qué le hace la temperatura a los mismos tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from .base import Diagram, color, fill, frame

__all__ = ["bar_panels"]

_PANEL = (
    "flex:1 1 13rem;min-width:min(100%,13rem);border:1px solid rgba(128,128,128,.5);border-radius:.6rem;"
    "padding:.5rem .7rem;box-sizing:border-box"
)
_ROW = (
    "display:grid;grid-template-columns:4.6rem 1fr 3.2rem;gap:.35rem;align-items:center;"
    "margin:.12rem 0;font-size:.9em"
)
_REST = "el resto"


def bar_panels(
    tokens: Sequence[str], panels: Mapping[str, Sequence[float]], *, title: str
) -> Diagram:
    """Devuelve un dibujo con un panel de barras por nombre de `panels`, todos a la misma escala, y `title` al pie.

    Cada panel da la probabilidad de los mismos `tokens`; lo que falta para 1 se dibuja como «el resto». Si un
    panel no da una por token, o no hay ninguno, `ValueError`.

    >>> bar_panels([" sal"], {"τ = 1": [0.25]}, title="Sazonar")
    Sazonar. τ = 1: «sal» 0.250, el resto 0.750.
    """
    if not panels or any(len(probs) != len(tokens) for probs in panels.values()):
        raise ValueError(
            f"Hay {len(tokens)} tokens: cada panel debe dar una probabilidad por token."
        )
    names = [f"«{token.strip()}»" for token in tokens]
    rows = {
        panel: [*zip(names, probs, strict=True), (_REST, max(0.0, 1 - sum(probs)))]
        for panel, probs in panels.items()
    }
    most = max(prob for found in rows.values() for _, prob in found)
    drawn = "".join(_panel(name, found, most) for name, found in rows.items())
    said = " ".join(
        f"{name}: {', '.join(f'{token} {_shown(prob)}' for token, prob in found)}."
        for name, found in rows.items()
    )
    return frame(
        f'<div style="display:flex;flex-wrap:wrap;gap:.6rem">{drawn}</div>', title=title, alt=said
    )


def _panel(name: str, rows: Sequence[tuple[str, float]], most: float) -> str:
    bars = "".join(_bar(token, prob, most) for token, prob in rows)
    return f'<div style="{_PANEL}"><strong>{escape(name)}</strong>{bars}</div>'


def _bar(token: str, prob: float, most: float) -> str:
    role, line = ("descartado", "dashed") if token == _REST else ("respuesta", "solid")
    bar = (
        f"width:{100 * prob / most:.1f}%;height:.9em;box-sizing:border-box;background:{fill(role, 0.4)};"
        f"border:1px {line} {color(role)}"
    )
    return (
        f'<div style="{_ROW}"><span style="overflow-wrap:anywhere">{escape(token)}</span>'
        f'<span style="{bar}"></span><span>{escape(_shown(prob))}</span></div>'
    )


def _shown(prob: float) -> str:
    return f"{prob:.3f}" if prob >= 0.0005 else "<0.001"
