"""Cuánto tarda leer una secuencia: paso a paso, como una red recurrente, o toda de una vez.

Una GRU necesita el estado anterior para calcular el siguiente: leer n símbolos son n pasos en
fila. El Transformer puede hacer lo mismo (con su caché) o calcular todas las posiciones a la vez.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from ..transformer.cache import KVCache
from ..transformer.config import TransformerConfig
from ..transformer.model import Transformer

__all__ = ["MODES", "best_time", "reading_times"]

MODES = ("GRU", "Transformer, paso a paso", "Transformer, de una vez")


@torch.inference_mode()
def reading_times(
    lengths: Sequence[int],
    *,
    width: int = 512,
    repeats: int = 3,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> list[dict[str, Any]]:
    """Devuelve una fila por modo y longitud con los segundos (el mejor de `repeats` intentos).

    La GRU (cuatro capas) y el Transformer (dos bloques), de ancho `width`, tienen casi los mismos
    parámetros. `clock` es el reloj: `time.process_time` no cuenta lo que otros programas hagan
    mientras tanto.

    >>> [row["mode"] for row in reading_times([2], width=64, repeats=1)] == list(MODES)
    True
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        gru = nn.GRU(width, width, num_layers=4).eval()
        model = Transformer(_config(width)).eval()
    rows = []
    for n in lengths:
        ids = torch.arange(n)[None] % model.config.vocab_size  # (1, n)
        vectors = model.embed(ids).transpose(0, 1)  # (n, 1, D)
        readers = (
            lambda vectors=vectors: gru(vectors),
            lambda ids=ids: _step_by_step(model, ids),
            lambda ids=ids: model(ids),
        )
        for mode, read in zip(MODES, readers, strict=True):
            rows.append({"mode": mode, "length": n, "seconds": best_time(read, repeats, clock)})
    return rows


def _config(width: int) -> TransformerConfig:
    return TransformerConfig(
        vocab_size=100,
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=width // 64,
        num_key_value_heads=width // 64,
        intermediate_size=8 * width // 3 // 2 * 2,
    )


def _step_by_step(model: Transformer, ids: torch.Tensor) -> None:
    cache = KVCache.empty(model.config.num_hidden_layers)
    for i in range(ids.shape[1]):
        model(ids[:, i : i + 1], cache=cache)


def best_time(
    read: Callable[[], Any], repeats: int = 3, clock: Callable[[], float] = time.process_time
) -> float:
    """Devuelve los segundos de la llamada más corta a `read`, de `repeats` que se hacen después de una de más.

    `clock` es el reloj; el de siempre cuenta solo el tiempo de este proceso.

    >>> ticks = iter(range(10))
    >>> best_time(lambda: None, repeats=2, clock=lambda: next(ticks))
    1
    """
    read()  # la primera vez paga gastos que las demás no
    seconds = []
    for _ in range(repeats):
        start = clock()
        read()
        seconds.append(clock() - start)
    return min(seconds)
