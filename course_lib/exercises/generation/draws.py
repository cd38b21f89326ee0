"""Sorteos que comparten los ejercicios del capítulo."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import torch

from ..core.draws import integer

__all__ = ["draw_until", "integer", "logits", "real", "with_removed", "with_ties"]

TRIES = 500

Case = TypeVar("Case")


def real(generator: torch.Generator, low: float, high: float) -> float:
    """Un real al azar entre `low` y `high`, con dos decimales."""
    return round(low + (high - low) * torch.rand(1, generator=generator).item(), 2)


def logits(generator: torch.Generator, rows: int, width: int, scale: float = 2.0) -> torch.Tensor:
    """Logits (rows, width) al azar, de ambos signos y desviación `scale`."""
    return scale * torch.randn(rows, width, generator=generator)


def with_ties(generator: torch.Generator, rows: int, width: int) -> torch.Tensor:
    """Puntajes (rows, width) enteros y pequeños: muchos empatan."""
    return torch.randint(-2, 3, (rows, width), generator=generator).float()


def with_removed(generator: torch.Generator, rows: int, width: int) -> torch.Tensor:
    """Logits con −∞ en algunos tokens, como los deja un filtro anterior; nunca en el primero."""
    removed = torch.rand(rows, width, generator=generator) < 0.4
    removed[:, 0] = False
    return logits(generator, rows, width).masked_fill(removed, float("-inf"))


def draw_until(draw: Callable[[], Case], good: Callable[[Case], bool]) -> Case:
    """El primer sorteo que cumple `good`; tras muchos intentos, el último."""
    case = draw()
    for _ in range(TRIES):
        if good(case):
            return case
        case = draw()
    return case
