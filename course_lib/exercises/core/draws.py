"""Los sorteos más simples, que comparten los ejercicios de todos los capítulos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import torch

__all__ = ["choose", "integer", "shuffled"]

Option = TypeVar("Option")


def integer(generator: torch.Generator, low: int, high: int) -> int:
    """Un entero al azar entre `low` y `high`, ambos incluidos."""
    return int(torch.randint(low, high + 1, (1,), generator=generator))


def choose(generator: torch.Generator, options: Sequence[Option]) -> Option:
    """Una opción al azar."""
    return options[integer(generator, 0, len(options) - 1)]


def shuffled(generator: torch.Generator, options: Sequence[Option]) -> list[Option]:
    """Las mismas opciones, en un orden al azar."""
    order = torch.randperm(len(options), generator=generator).tolist()
    return [options[place] for place in order]
