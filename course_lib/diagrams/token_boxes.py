"""Una oración en cajas, una por token: cómo la parte cada tokenizador."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from .base import Diagram, color, fill, frame

__all__ = ["token_boxes"]

_BOX = (
    "display:inline-block;vertical-align:top;margin:.12rem .06rem;padding:.1rem .25rem;border-radius:.25rem;"
    "border:1px {line} {color};background:{fill};text-align:center;line-height:1.25;white-space:pre-wrap"
)
_PART = "�"  # lo que se ve de un token con solo una parte de los bytes de una letra


def token_boxes(
    rows: Mapping[str, Sequence[str]],
    *,
    ids: Mapping[str, Sequence[int]] | None = None,
    title: str,
) -> Diagram:
    """Devuelve los tokens de cada tokenizador (`rows`: nombre y tokens) en cajas, con `title` al pie.

    `ids` (nombre y números) escribe bajo cada token su número en el vocabulario. El espacio se ve como «␣», y un token
    que es solo parte de una letra lleva borde punteado. Si tokens y números no coinciden, `ValueError`.

    >>> token_boxes({"A": ["La", " niña"], "B": ["La", " ni", "ña"]}, title="Una oración")
    Una oración. A, 2 tokens: La|␣niña. B, 3 tokens: La|␣ni|ña.
    """
    if not rows or not all(rows.values()):
        raise ValueError("El dibujo necesita al menos un token por fila.")
    drawn = "".join(_row(name, tokens, (ids or {}).get(name)) for name, tokens in rows.items())
    legend = (
        ". Borde punteado: parte de una letra"
        if any(_PART in token for tokens in rows.values() for token in tokens)
        else ""
    )
    said = " ".join(
        f"{name}, {len(tokens)} tokens: {'|'.join(_visible(token) for token in tokens)}."
        for name, tokens in rows.items()
    )
    drawing = frame(drawn, title=f"{title}{legend}", alt=said)
    return Diagram(drawing.html, f"{title}. {said.replace('..', '.')}")


def _row(name: str, tokens: Sequence[str], ids: Sequence[int] | None) -> str:
    if ids is not None and len(ids) != len(tokens):
        raise ValueError(f"En {name} hay {len(tokens)} tokens y {len(ids)} números: uno por token.")
    numbers = [None] * len(tokens) if ids is None else ids
    boxes = "".join(
        _box(token, number, place)
        for place, (token, number) in enumerate(zip(tokens, numbers, strict=True))
    )
    return (
        f'<div style="margin-top:.5rem"><strong>{escape(name)}</strong>: {len(tokens)} tokens</div>'
        f"<div>{boxes}</div>"
    )


def _box(token: str, number: int | None, place: int) -> str:
    part = _PART in token
    role = "descartado" if part else "entrada"
    style = _BOX.format(
        line="dashed" if part else "solid",
        color=color(role),
        fill=fill(role, 0.10 + 0.14 * (place % 2)),  # se alternan, para ver dónde acaba cada una
    )
    below = "" if number is None else f'<br><small style="opacity:.85">{number}</small>'
    return f'<span style="{style}">{escape(_visible(token))}{below}</span>'


def _visible(token: str) -> str:
    return token.replace(" ", "␣").replace("\n", "↵")
