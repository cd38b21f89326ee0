"""Consultas, claves y valores: por dónde pasa un texto en una cabeza de atención, con sus formas."""

from __future__ import annotations

from .base import Diagram, picture
from .pen import arrow, box, label

__all__ = ["attention_flow"]

_LEFT, _MID, _RIGHT = 66, 200, 334  # los centros de las tres columnas


def attention_flow(tokens: int, width: int, head_dim: int, *, title: str) -> Diagram:
    """Devuelve el dibujo de una cabeza sobre `tokens` tokens de ancho `width`, con vectores de ancho `head_dim`.

    En cada caja va la forma de lo que contiene; `title`, al pie. Un número menor que 1 es un `ValueError`.

    >>> attention_flow(5, 576, 64, title="Una cabeza")
    Una cabeza. De x, 5 × 576, salen tres tablas de 5 × 64: consultas, claves y valores. Consultas y claves dan los puntajes, 5 × 5; la máscara y la softmax los convierten en pesos, y los pesos mezclan los valores: la salida es 5 × 64.
    """
    if min(tokens, width, head_dim) < 1:
        raise ValueError("Los tamaños del dibujo (tokens, width y head_dim) son enteros positivos.")
    x, small = f"{tokens} × {width}", f"{tokens} × {head_dim}"
    square, matrix = f"{tokens} × {tokens}", f"{width} × {head_dim}"
    body = _arrows() + "".join(
        [
            _box(_MID, 0, "x", x, "entrada"),
            *(
                _box(at, 72, f"W{letter}", matrix, "entrenado")
                for at, letter in ((_LEFT, "q"), (_MID, "k"), (_RIGHT, "v"))
            ),
            _box(_LEFT, 144, "consultas q", small, "pasos"),
            _box(_MID, 144, "claves k", small, "pasos"),
            _box(_RIGHT, 144, "valores v", small, "pasos"),
            _box(133, 222, "puntajes q·k/√dₕ", square, "pasos", 150),
            _box(133, 294, "pesos w", square, "conservado", 150),
            _box(233, 370, "salida: w · v", small, "respuesta", 150),
            label(146, 283, "máscara y softmax", anchor="start", size=12),
        ]
    )
    alt = (
        f"De x, {x}, salen tres tablas de {small}: consultas, claves y valores. Consultas y claves dan los "
        f"puntajes, {square}; la máscara y la softmax los convierten en pesos, y los pesos mezclan los "
        f"valores: la salida es {small}."
    )
    return picture(body, width=400, height=412, title=title, alt=alt)


def _box(center: float, top: float, name: str, note: str, role: str, width: float = 124) -> str:
    return box(center - width / 2, top + 1, width, 40, name, note=note, role=role)


def _arrows() -> str:
    columns = (_LEFT, _MID, _RIGHT)
    lines = [(_MID, 42, x, 72) for x in columns] + [(x, 114, x, 144) for x in columns]
    lines += [(_LEFT, 186, 110, 222), (_MID, 186, 156, 222), (133, 264, 133, 294)]
    lines += [(133, 336, 196, 370), (_RIGHT, 186, 270, 370)]
    return "".join(arrow(*line) for line in lines)
