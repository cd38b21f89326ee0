"""Medir por turnos: A, B, A, B…, para que la deriva de la máquina afecte a los dos por igual."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping


def interleaved(
    tasks: Mapping[str, Callable[[], object]], repeats: int = 3
) -> dict[str, list[float]]:
    """Devuelve los segundos de cada tarea en cada ronda; antes hay una ronda que no se cuenta."""
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for round_ in range(repeats + 1):
        for name, task in tasks.items():
            start = time.perf_counter()
            task()
            if round_ > 0:
                seconds[name].append(time.perf_counter() - start)
    return seconds


def ratio(seconds: Mapping[str, list[float]], slow: str, fast: str) -> tuple[float, float, float]:
    """Devuelve (mediana, mínimo, máximo) de slow / fast, ronda a ronda."""
    ratios = [a / b for a, b in zip(seconds[slow], seconds[fast], strict=True)]
    return statistics.median(ratios), min(ratios), max(ratios)


def median(values: list[float]) -> float:
    """Devuelve la mediana."""
    return statistics.median(values)
