"""Textos lado a lado: un comienzo y lo que cada estrategia escribió después, con lo repetido subrayado."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from .base import Diagram, color, fill, frame

__all__ = ["Written", "repeated", "side_by_side"]

_BOX = (
    "flex:1 1 15rem;min-width:min(100%,15rem);border:1px solid rgba(128,128,128,.5);border-radius:.6rem;"
    "padding:.5rem .7rem;box-sizing:border-box;overflow-wrap:anywhere"
)
_START = (
    f"border-left:.25rem solid {color('entrada')};background:{fill('entrada')};border-radius:.2rem;"
    "padding:.3rem .6rem;margin-bottom:.6rem;white-space:pre-wrap;overflow-wrap:anywhere"
)
_AGAIN = f"text-decoration:underline {color('respuesta')} .15em;background:{fill('respuesta')}"


@dataclass(frozen=True)
class Written:
    """Lo que se escribió: los `tokens`, cuáles repiten algo ya escrito (`again`), y una nota al pie."""

    name: str
    tokens: Sequence[str]
    again: Sequence[bool]
    note: str = ""

    def __post_init__(self) -> None:
        if len(self.tokens) != len(self.again):
            raise ValueError(
                f"«{self.name}» tiene {len(self.tokens)} tokens y {len(self.again)} marcas: deben ser las mismas."
            )

    @property
    def text(self) -> str:
        """El texto, con los saltos de línea a la vista."""
        return "".join(self.tokens).replace("\n", "↵").strip()


def repeated(ids: Sequence[int], n: int = 4) -> list[bool]:
    """Devuelve, de cada token de `ids`, si es parte de un grupo de `n` seguidos que ya había aparecido.

    >>> repeated([1, 2, 3, 1, 2], n=2)
    [False, False, False, True, True]
    """
    if n < 1:
        raise ValueError(f"n={n} no vale: un grupo tiene al menos un token.")
    seen: set[tuple[int, ...]] = set()
    again = [False] * len(ids)
    for start in range(len(ids) - n + 1):
        group = tuple(ids[start : start + n])
        if group in seen:
            again[start : start + n] = [True] * n
        seen.add(group)
    return again


def side_by_side(start: str, texts: Sequence[Written], *, title: str) -> Diagram:
    """Devuelve el dibujo de un comienzo (`start`) y sus continuaciones en cajas, con `title` al pie.

    Lo que repite algo ya escrito va subrayado. Sin textos es un `ValueError`.

    >>> side_by_side("Había", [Written("voraz", [" un", " gato"], [False, False])], title="Un cuento")
    Un cuento. Después de «Había»: voraz: «un gato».
    """
    if not texts:
        raise ValueError("Para comparar textos hace falta al menos uno.")
    boxes = "".join(_box(text) for text in texts)
    drawn = (
        f'<div style="{_START}"><small>comienzo</small><br>{escape(start)} …</div>'
        f'<div style="display:flex;flex-wrap:wrap;gap:.6rem;align-items:stretch">{boxes}</div>'
    )
    legend = ". Subrayado: repite algo ya escrito" if any(any(t.again) for t in texts) else ""
    said = " ".join(
        f"{t.name}: «{t.text}»{f' ({t.note})' if t.note else ''}{_share(t)}." for t in texts
    )
    shown_start = start.replace("\n", "↵")
    alt = f"Después de «{shown_start}»: {said}"
    return Diagram(frame(drawn, title=f"{title}{legend}", alt=alt).html, f"{title}. {alt}")


def _share(text: Written) -> str:
    return (
        f", con {sum(text.again)} de {len(text.again)} tokens repetidos" if any(text.again) else ""
    )


def _box(text: Written) -> str:
    pieces = zip(text.tokens, text.again, strict=True)
    spans = "".join(
        _span("".join(token for token, _ in group), bool(again))
        for again, group in groupby(pieces, key=lambda piece: piece[1])
    )
    note = (
        f'<div style="margin-top:.3rem"><small>{escape(text.note)}</small></div>'
        if text.note
        else ""
    )
    return f'<div style="{_BOX}"><strong>{escape(text.name)}</strong><br>{spans}{note}</div>'


def _span(text: str, again: bool) -> str:
    visible = escape(text).replace("\n", "↵")
    return f'<span style="{_AGAIN}">{visible}</span>' if again else visible
