"""Sorteos que comparten los ejercicios del capítulo."""

from __future__ import annotations

from collections.abc import Sequence

import torch

__all__ = ["choose", "integer"]


def integer(generator: torch.Generator, low: int, high: int) -> int:
    """Un entero al azar entre `low` y `high`, ambos incluidos."""
    return int(torch.randint(low, high + 1, (1,), generator=generator))


def choose(generator: torch.Generator, options: Sequence[str], size: int) -> list[str]:
    """`size` opciones al azar; se pueden repetir."""
    return [options[integer(generator, 0, len(options) - 1)] for _ in range(size)]
