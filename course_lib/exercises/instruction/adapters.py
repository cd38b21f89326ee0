"""Lo que comparten los dos ejercicios de LoRA: sortear una capa y su adaptador, y leer la escala."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch

__all__ = ["SCALES", "SIZES", "Adapter", "Scale", "drawn", "tiny", "with_scale"]

Scale = Callable[[torch.Tensor, torch.Tensor, float], float]  # de A, B y alpha a lo que multiplica

# (d_out, d_in, r, alpha): anchas, altas, cuadradas, de rango igual al ancho; alpha/r nunca entero salvo uno
SIZES = (
    (2, 3, 1, 3.0),
    (3, 2, 2, 1),
    (3, 3, 3, 0.5),
    (4, 4, 3, 8),
    (5, 3, 2, 3),
    (4, 6, 3, 16),
    (6, 5, 4, 2.5),
)


class Adapter(NamedTuple):
    """Una capa, W, su corrección de rango r, A y B, y alpha."""

    W: torch.Tensor
    A: torch.Tensor
    B: torch.Tensor
    alpha: float


def tiny() -> list[Adapter]:
    """Los adaptadores más pequeños: de un número, uno en cero, y uno que se calcula a mano."""
    one = torch.ones(1, 1)
    return [
        Adapter(2 * one, 3 * one, 5 * one, 2),
        Adapter(2 * one, 3 * one, 0 * one, 2),
        Adapter(torch.eye(2), torch.tensor([[3.0, 1.0]]), torch.tensor([[0.0], [1.0]]), 4),
    ]


def drawn(generator: torch.Generator, outputs: int, inputs: int, r: int, alpha: float) -> Adapter:
    """Un adaptador al azar de esos tamaños."""

    def draw(*size: int) -> torch.Tensor:
        return torch.randn(*size, generator=generator)

    return Adapter(draw(outputs, inputs), draw(r, inputs), draw(outputs, r), alpha)


# Las escalas equivocadas: nombre, explicación y cuál es.
SCALES: tuple[tuple[str, str, Scale], ...] = (
    (
        "Falta la escala",
        "La corrección se multiplica por α/r.",
        lambda A, B, alpha: 1.0,
    ),
    (
        "Falta dividir por r",
        "La escala es α/r, con r el rango: sin dividir, la corrección crece al subir el rango.",
        lambda A, B, alpha: alpha,
    ),
    (
        "Falta α",
        "La escala es α/r, no 1/r.",
        lambda A, B, alpha: 1 / len(A),
    ),
    (
        "La escala al revés",
        "La escala es α/r, no r/α.",
        lambda A, B, alpha: len(A) / alpha,
    ),
    (
        "Multiplicaste por r",
        "La escala es α/r: se divide por el rango.",
        lambda A, B, alpha: alpha * len(A),
    ),
    (
        "Dividiste por √r",
        "Hay una variante que lo hace; la que se pide divide por r.",
        lambda A, B, alpha: alpha / len(A) ** 0.5,
    ),
    (
        "r no es el ancho de la entrada",
        "A es (r, d_in): el rango es su número de filas, `A.shape[0]`, y no el de columnas.",
        lambda A, B, alpha: alpha / A.shape[1],
    ),
    (
        "r no es el ancho de la salida",
        "B es (d_out, r): el rango es su número de columnas, `B.shape[1]`, y no el de filas.",
        lambda A, B, alpha: alpha / B.shape[0],
    ),
    (
        "La división perdió los decimales",
        "`//` es la división entera: α/r se calcula con `/`.",
        lambda A, B, alpha: alpha // len(A),
    ),
)


def with_scale(scale: Scale, adapter: Adapter) -> torch.Tensor:
    """La corrección, (d_out, d_in), con esa escala."""
    return scale(adapter.A, adapter.B, adapter.alpha) * (adapter.B @ adapter.A)
