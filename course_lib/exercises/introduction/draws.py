"""Sorteos que comparten los ejercicios del capítulo."""

from __future__ import annotations

from collections.abc import Sequence

import torch

from ..core.draws import integer

__all__ = ["choose", "integer"]


def choose(generator: torch.Generator, options: Sequence[str], size: int) -> list[str]:
    """`size` opciones al azar; se pueden repetir."""
    return [options[integer(generator, 0, len(options) - 1)] for _ in range(size)]
