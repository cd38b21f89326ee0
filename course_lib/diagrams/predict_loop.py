"""Escribir con un modelo: predecir, elegir un token, agregarlo al texto y volver a predecir.

Cada vuelta muestra lo que se lee y los tokens más probables; el elegido se marca y pasa a la vuelta siguiente.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .base import Diagram, color, fill, frame

__all__ = ["Prediction", "predict_loop"]

_TURN = (
    "display:flex;flex-wrap:wrap;gap:.5rem .9rem;align-items:center;border:1px solid rgba(128,128,128,.5);"
    "border-radius:.6rem;padding:.5rem .7rem"
)
_MARK = "padding:.05rem .2rem;border-radius:.2rem;white-space:pre-wrap;"
_BAR = "display:inline-block;height:.75em;border-radius:.15rem;"


@dataclass(frozen=True)
class Prediction:
    """Una predicción: algunos tokens con su probabilidad, y el lugar del que se elige (`chosen`)."""

    candidates: tuple[tuple[str, float], ...]
    chosen: int = 0

    @property
    def token(self) -> str:
        """El token elegido."""
        return self.candidates[self.chosen][0]


def predict_loop(prompt: str, turns: Sequence[Prediction], *, title: str) -> Diagram:
    """Devuelve el dibujo de las vueltas `turns` que escriben a partir de `prompt`, con `title` al pie.

    Las barras comparten escala. Sin vueltas es un `ValueError`.

    >>> predict_loop("Hoy es", [Prediction(((" lunes", 0.2), (" un", 0.1)))], title="Una vuelta")
    Una vuelta. Lee «Hoy es»: « lunes» 0.20, « un» 0.10; agrega « lunes».
    """
    if not turns:
        raise ValueError("El dibujo necesita al menos una predicción.")
    most = max(p for turn in turns for _, p in turn.candidates)
    written: list[str] = []
    drawn, said = [], []
    for turn in turns:
        drawn.append(_turn(prompt, written, turn, most))
        said.append(_said(prompt + "".join(written), turn))
        written.append(turn.token)
    return frame("".join(drawn), title=title, alt=" ".join(said))


def _turn(prompt: str, written: Sequence[str], turn: Prediction, most: float) -> str:
    text = _mark(prompt, "entrada") + "".join(_mark(token, "respuesta") for token in written)
    bars = "".join(
        _bar(token, p, p / most, place == turn.chosen)
        for place, (token, p) in enumerate(turn.candidates)
    )
    return (
        f'<div style="{_TURN}"><div style="flex:1 1 13rem"><small>lee</small><br>{text}</div>'
        '<div aria-hidden="true" style="font-weight:600;flex:0 0 auto">modelo →</div>'
        f'<div style="flex:1 1 15rem"><small>probabilidad de lo que sigue</small>{bars}</div></div>'
        f'<div style="padding:.2rem .7rem"><strong aria-hidden="true">↻</strong> se agrega '
        f"{_mark(_visible(turn.token), 'respuesta')} y se vuelve a predecir</div>"
    )


def _mark(text: str, role: str) -> str:
    return f'<span style="{_MARK}background:{fill(role, 0.2)}">{escape(text)}</span>'


def _bar(token: str, probability: float, share: float, chosen: bool) -> str:
    role = "respuesta" if chosen else "descartado"
    name = f"<strong>{escape(_visible(token))} ✓</strong>" if chosen else escape(_visible(token))
    return (
        '<div style="display:flex;gap:.4rem;align-items:center">'
        f'<span style="flex:0 0 7.2rem;overflow-wrap:anywhere">{name}</span>'
        f'<span style="flex:0 0 2.4rem">{probability:.2f}</span>'
        f'<span style="flex:1 1 auto"><span style="{_BAR}width:{100 * share:.0f}%;'
        f'background:{color(role)}"></span></span></div>'
    )


def _visible(token: str) -> str:
    return f"«{token}»".replace("\n", "↵")


def _said(text: str, turn: Prediction) -> str:
    options = ", ".join(f"{_visible(token)} {p:.2f}" for token, p in turn.candidates)
    return f"Lee {_visible(text)}: {options}; agrega {_visible(turn.token)}."
