"""Muchas búsquedas a la vez: cada una pide sus tokens y el modelo los lee todos juntos.

Una búsqueda (`token_by_token`, `beam_search`) no conoce el modelo: mira los logits de sus filas, elige, y
con `yield Move(padres, tokens)` pide los siguientes.

    búsqueda 0   logits (2, V) → Move(parents=[0, 0], tokens=[7, 9]) ┐
    búsqueda 1   logits (1, V) → Move(parents=[0],    tokens=[4])    ├→ un solo paso del modelo, (3, 1)
    búsqueda 2   terminó: sus filas dejan el lote                    ┘

Por eso cada texto sale igual que si estuviera solo: la búsqueda hace las mismas cuentas.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..models import LanguageModel, State
from .trace import BeamStep, Step

__all__ = ["Found", "Hypothesis", "Move", "Search", "lockstep"]


@dataclass(frozen=True)
class Move:
    """Lo que una búsqueda pide: seguir desde sus filas `parents` (n,) con los tokens `tokens` (n,)."""

    parents: Tensor
    tokens: Tensor


@dataclass(frozen=True)
class Hypothesis:
    """Una continuación, viva o terminada: sus tokens y la log-probabilidad de cada uno.

    `logprobs` son las de tras los filtros; `model_logprobs`, las del modelo.
    """

    ids: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    model_logprobs: tuple[float, ...] = ()
    sum_logprob: float = 0.0
    score: float = float("-inf")
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Found:
    """El resultado de una búsqueda: sus hipótesis, de mejor a peor, y lo que se vio en el camino."""

    hypotheses: tuple[Hypothesis, ...]
    steps: tuple[Step, ...] | tuple[BeamStep, ...]


Search = Generator[Move, Tensor, Found]


def lockstep(
    lm: LanguageModel,
    state: State,
    searches: Sequence[Callable[[Tensor], Search]],
    on_end: Callable[[], object] = lambda: None,
) -> list[Found]:
    """Devuelve lo que encuentra cada búsqueda, todas al mismo paso.

    `searches[i]` recibe los logits (1, V) de la fila i de `state` y devuelve la búsqueda. Las filas de las
    que terminan dejan el lote, y `on_end` se llama con cada una.
    """
    running = {i: start(state.logits[i : i + 1]) for i, start in enumerate(searches)}
    first_row = {i: i for i in running}  # dónde empiezan, en el lote, las filas de cada búsqueda
    replies: dict[int, Tensor] = {}
    found: dict[int, Found] = {}
    while running:
        moves: dict[int, Move] = {}
        for i, search in running.items():
            try:
                moves[i] = search.send(replies[i]) if i in replies else next(search)
            except StopIteration as end:
                found[i] = end.value
                on_end()
        running = {i: running[i] for i in moves}
        if not running:
            break
        state = state.select(torch.cat([first_row[i] + move.parents for i, move in moves.items()]))
        tokens = torch.cat([move.tokens for move in moves.values()])  # (filas,)
        logits = lm.step(tokens[:, None], state)[:, -1]  # (filas, V)
        sizes = [len(move.tokens) for move in moves.values()]
        replies = dict(zip(moves, logits.split(sizes), strict=True))
        starts = torch.tensor([0, *sizes[:-1]]).cumsum(0).tolist()
        first_row = dict(zip(moves, starts, strict=True))
    return [found[i] for i in range(len(searches))]
