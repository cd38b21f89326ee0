"""Con qué semillas se corrige una respuesta: unas pocas en las pruebas rápidas, y en todas, treinta."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Any

import pytest

QUICK, ALL = 3, 30


def with_seeds(cases: Iterable[tuple], quick: int = QUICK, total: int = ALL) -> list[Any]:
    """Cada caso dos veces: con una de las `quick` semillas, distinta según el caso, y, en una prueba lenta, con las demás."""
    found = []
    for name, *case in cases:
        chosen = zlib.crc32(name.encode()) % quick
        others = tuple(seed for seed in range(total) if seed != chosen)
        found.append(pytest.param(*case, (chosen,), id=f"{name}-{chosen}"))
        found.append(pytest.param(*case, others, id=f"{name}-demás", marks=pytest.mark.slow))
    return found
