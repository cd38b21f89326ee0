"""Con qué semillas se corrige una respuesta: unas pocas en las pruebas rápidas, y en todas, treinta."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import pytest

QUICK, ALL = 3, 30
SEEDS = [
    *range(QUICK),
    *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(QUICK, ALL)),
]


def with_seeds(cases: Iterable[tuple]) -> list:
    """Cada caso con todas las semillas; de las rápidas, solo una lo es aquí, distinta según el caso."""
    return [
        pytest.param(
            *case,
            seed,
            id=f"{name}-{seed}",
            marks=() if seed == zlib.crc32(name.encode()) % QUICK else pytest.mark.slow,
        )
        for name, *case in cases
        for seed in range(ALL)
    ]
