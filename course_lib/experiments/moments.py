"""Mirar un modelo mientras aprende: unas pocas medidas, en momentos repartidos por igual."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

__all__ = ["watcher"]


def watcher(
    curve: list[dict[str, Any]],
    look: Callable[[], Mapping[str, Any]],
    *,
    steps: int,
    moments: int,
    on_step: Callable[[], None] = lambda: None,
) -> Callable[[], None]:
    """Devuelve la función que hay que llamar tras cada uno de los `steps` lotes.

    En `moments` de ellos, repartidos por igual y con el último entre ellos, agrega a `curve` lo que diga
    `look()`, con el lote en `step`. `on_step` se llama tras cada lote (para una barra de progreso).

    >>> curve = []
    >>> watch = watcher(curve, lambda: {"loss": 1.0}, steps=4, moments=2)
    >>> for _ in range(4):
    ...     watch()
    >>> curve
    [{'step': 2, 'loss': 1.0}, {'step': 4, 'loss': 1.0}]
    """
    steps_done = count(1)

    def watch() -> None:
        step = next(steps_done)
        if step * moments % steps < moments:
            curve.append({"step": step, **look()})
        on_step()

    return watch
