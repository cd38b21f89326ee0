"""Un árbol de dos pasos: qué escribe la búsqueda voraz, qué mira un haz y qué no llega a ver ninguno."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..show import number
from .base import Diagram, color, picture

__all__ = ["Branch", "search_tree"]

_WIDTH, _TOP, _STEP = 420, 52, 40
_ROOT, _FIRST, _SECOND, _PRODUCT = (
    8,
    92,
    232,
    418,
)  # dónde empieza cada columna (la última, dónde acaba)


@dataclass(frozen=True)
class Branch:
    """Un primer token con su probabilidad, y el mejor de los que pueden seguirlo con la suya."""

    first: str
    prob: float
    second: str
    second_prob: float

    @property
    def product(self) -> float:
        """La probabilidad de los dos seguidos."""
        return self.prob * self.second_prob


def search_tree(branches: Sequence[Branch], *, kept: int, title: str) -> Diagram:
    """Devuelve el árbol de `branches`, de la más a la menos probable en su primer token, con `title` al pie.

    Las `kept` primeras siguen vivas en un haz de ese ancho; las demás se descartan tras el primer paso, y su
    segundo token se dibuja punteado. Se señala la que escribe la búsqueda voraz y la de mayor producto. Sin
    ramas, o con un ancho menor que 1, es un `ValueError`.

    >>> search_tree([Branch("A", 0.5, "x", 0.4), Branch("B", 0.4, "y", 0.9)], kept=1, title="Dos pasos")
    Dos pasos. «A» 0.5 → «x» 0.4 = 0.2 (voraz). «B» 0.4 → «y» 0.9 = 0.36 (se descarta; la mejor).
    """
    if not branches or kept < 1:
        raise ValueError("El árbol necesita al menos una rama y un haz de ancho 1 o más.")
    best = max(range(len(branches)), key=lambda i: branches[i].product)
    marks = [_marks(i, kept, best) for i in range(len(branches))]
    height = _TOP + _STEP * len(branches)
    middle = (_TOP + height - _STEP) / 2 + 4
    body = (
        _text(_FIRST, 18, "primer token")
        + _text(_SECOND, 18, "el mejor segundo")
        + _text(_PRODUCT, 18, "producto", "end")
        + _text(_ROOT, middle + 4, "comienzo")
        + "".join(
            _branch(_TOP + _STEP * i, middle, branch, marks[i], i < kept)
            for i, branch in enumerate(branches)
        )
    )
    said = " ".join(_said(b, m) for b, m in zip(branches, marks, strict=True))
    legend = (
        f"{title}. Continuo: sigue en un haz de {kept}. Punteado: se descarta tras el primer paso"
    )
    drawing = picture(body, width=_WIDTH, height=height, title=legend, alt=said)
    return Diagram(drawing.html, f"{title}. {said}")


def _marks(place: int, kept: int, best: int) -> tuple[str, ...]:
    found = ["voraz"] if place == 0 else []
    found += ["se descarta"] if place >= kept else []
    return (*found, *(["la mejor"] if place == best else []))


def _branch(y: float, middle: float, branch: Branch, marks: tuple[str, ...], alive: bool) -> str:
    role = "conservado" if alive else "descartado"
    dash = "" if alive else ' stroke-dasharray="4 4"'
    line = f'fill="none" stroke="{color(role)}" stroke-width="{3 if alive else 1.6}"{dash}'
    shown = [mark for mark in marks if mark != "se descarta"]
    weight = "700" if shown else "400"
    note = _text(_PRODUCT, y + 18, ", ".join(shown), "end", "700") if shown else ""
    return (
        f'<path d="M66 {middle} C 80 {middle}, 74 {y}, {_FIRST - 4} {y}" {line}/>'
        f'<path d="M{_SECOND - 26} {y} H{_SECOND - 5}" {line}/>'
        + _text(_FIRST, y + 4, f"{_visible(branch.first)} {number(branch.prob)}", weight=weight)
        + _text(
            _SECOND, y + 4, f"{_visible(branch.second)} {number(branch.second_prob)}", weight=weight
        )
        + _text(_PRODUCT, y + 4, number(branch.product), "end", weight)
        + note
    )


def _text(x: float, y: float, text: str, anchor: str = "start", weight: str = "400") -> str:
    return f'<text x="{x}" y="{y:g}" text-anchor="{anchor}" font-weight="{weight}">{escape(text)}</text>'


def _visible(token: str) -> str:
    shown = token.strip(" ").replace("\n", "↵")
    return f"«{shown}»"


def _said(branch: Branch, marks: tuple[str, ...]) -> str:
    note = f" ({'; '.join(marks)})" if marks else ""
    return (
        f"{_visible(branch.first)} {number(branch.prob, 3).rstrip('0')} → {_visible(branch.second)} "
        f"{number(branch.second_prob, 3).rstrip('0')} = {number(branch.product, 3).rstrip('0')}{note}."
    )
