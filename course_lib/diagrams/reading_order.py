"""Leer en fila o mirar a todos: la cadena de una red recurrente frente al grafo de la atención."""

from __future__ import annotations

from collections.abc import Sequence

from .base import Diagram, picture
from .pen import arrow, box, label

__all__ = ["reading_order"]

_WIDTH, _TOP = 400, 24
_HIGH = 28  # alto de una caja


def reading_order(tokens: Sequence[str], *, title: str) -> Diagram:
    """Devuelve dos dibujos de una lectura de `tokens` (de 3 a 7): en fila y todos con los anteriores; `title`, al pie.

    El camino del primer token al último va resaltado. Con otra cantidad de tokens es un `ValueError`.

    >>> reading_order(["Ana", "dejó", "todo"], title="Leer")
    Leer. En fila, cada token espera al anterior: del primero al último hay 2 pasos. Con atención, cada token mira al mismo tiempo a todos los anteriores y a sí mismo: hay 1 paso.
    """
    if not 3 <= len(tokens) <= 7:
        raise ValueError(
            f"Llegaron {len(tokens)} tokens; en este dibujo caben de 3 a 7, para que se lean."
        )
    step = _WIDTH / len(tokens)
    centers = [step * (i + 0.5) for i in range(len(tokens))]
    chain, graph = _chain(centers, step), _graph(centers, step, 150)
    words = "".join(
        box(x - step / 2 + 3, y, step - 6, _HIGH, token, role="entrada")
        for y in (_TOP + 76, 150 + 128)
        for x, token in zip(centers, tokens, strict=True)
    )
    hops = len(tokens) - 1
    alt = (
        f"En fila, cada token espera al anterior: del primero al último hay {hops} pasos. Con atención, cada "
        "token mira al mismo tiempo a todos los anteriores y a sí mismo: hay 1 paso."
    )
    return picture(chain + graph + words, width=_WIDTH, height=312, title=title, alt=alt)


def _chain(centers: Sequence[float], step: float) -> str:
    """Un estado por token, cada uno después del anterior."""
    top, half = _TOP + 8, min(20.0, step / 2 - 10)
    parts = [label(0, 14, "Red recurrente: en fila", anchor="start", bold=True)]
    for i, x in enumerate(centers):
        parts.append(box(x - half, top, 2 * half, _HIGH, f"u{i + 1}", role="pasos"))
        parts.append(arrow(x, _TOP + 76, x, top + _HIGH + 1))
        if i:
            start = centers[i - 1] + half
            parts.append(
                arrow(
                    start,
                    top + _HIGH / 2,
                    x - half - 1,
                    top + _HIGH / 2,
                    role="conservado",
                    width=2.4,
                )
            )
    return "".join(parts)


def _graph(centers: Sequence[float], step: float, top: float) -> str:
    """Una salida por token, con una línea desde cada token que mira."""
    half, below, last = min(20.0, step / 2 - 10), top + 128, len(centers) - 1
    parts = [label(0, top + 14, "Atención: todos a la vez", anchor="start", bold=True)]
    for i, x in enumerate(centers):
        parts.append(box(x - half, top + 24, 2 * half, _HIGH, f"y{i + 1}", role="pasos"))
        for j in range(i + 1):
            far = i == last and j == 0
            role, width = ("conservado", 2.4) if far else (None, 1.0)
            parts.append(arrow(centers[j], below, x, top + 24 + _HIGH + 1, role=role, width=width))
    return "".join(parts)
