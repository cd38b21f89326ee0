"""Los tokens de una conversación en fila: cuáles solo se leen, cuáles se aprenden y cuánto cuesta cada uno.

El subrayado distingue lo que se aprende también sin color. Heredan el color del texto y pintan un fondo
translúcido, así que sirven en claro y en oscuro.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..palette import ROLES, rgb
from .base import Diagram, frame

__all__ = ["token_strip"]

_READ, _LEARNT = rgb(ROLES["quieto"]), rgb(ROLES["respuesta"])
_TOKEN = (
    "display:inline-block;vertical-align:top;margin:.1rem .08rem;padding:.1rem .25rem;border-radius:.2rem;"
    "background:rgba({color},{alpha});border-bottom:.18rem {line} rgb({color});white-space:pre-wrap;"
    "overflow-wrap:anywhere;text-align:center;line-height:1.35"
)


def token_strip(
    tokens: Sequence[str],
    trained: Sequence[bool],
    *,
    values: Sequence[float | None] | None = None,
    title: str,
) -> Diagram:
    """Devuelve los tokens en fila, con los que se aprenden (`trained`) subrayados, y `title` al pie.

    `values`: un número bajo cada token (None, ninguno); cuanto mayor, más intenso su fondo. Si las listas no miden lo
    mismo, `ValueError`.

    >>> token_strip(["Hola", "Buenas"], [False, True], title="Un saludo")
    Un saludo. Se lee: «Hola». Se aprende: «Buenas».
    """
    values = [None] * len(tokens) if values is None else values
    if not len(tokens) == len(trained) == len(values):
        raise ValueError(
            f"Hay {len(tokens)} tokens, {len(trained)} marcas y {len(values)} valores: deben ser los mismos."
        )
    most = max([value for value in values if value is not None], default=1.0) or 1.0
    spans = "".join(
        _span(token, learnt, value, most)
        for token, learnt, value in zip(tokens, trained, values, strict=True)
    )
    said = [
        f"{name}: {_quoted(tokens, trained, values, wanted)}"
        for name, wanted in (("Se lee", False), ("Se aprende", True))
        if wanted in [bool(t) for t in trained]
    ]
    legend = ". Subrayado continuo: se aprende. Punteado: solo se lee"
    drawing = frame(
        f'<div style="font-family:monospace;font-size:.9em">{spans}</div>',
        title=f"{title}{legend}",
        alt="",
    )
    return Diagram(drawing.html, f"{title}. {'. '.join(said)}.")


def _span(token: str, learnt: bool, value: float | None, most: float) -> str:
    color, line = (_LEARNT, "solid") if learnt else (_READ, "dotted")
    alpha = 0.13 if value is None else 0.06 + 0.5 * max(value, 0.0) / most
    style = _TOKEN.format(color=color, alpha=f"{alpha:.2f}", line=line)
    number = "" if value is None else f'<br><small style="opacity:.85">{value:.1f}</small>'
    visible = escape(token.replace("\n", "↵")) or "␣"
    return f'<span style="{style}">{visible}{number}</span>'


def _quoted(
    tokens: Sequence[str],
    trained: Sequence[bool],
    values: Sequence[float | None],
    wanted: bool,
) -> str:
    named = [
        f"«{token}»" + ("" if value is None else f" {value:.1f}")
        for token, learnt, value in zip(tokens, trained, values, strict=True)
        if bool(learnt) == wanted
    ]
    return " ".join(named).replace("\n", "↵")
