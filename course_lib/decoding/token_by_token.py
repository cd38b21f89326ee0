"""Búsqueda voraz y muestreo: en cada paso, un token por fila."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from .lockstep import Found, Hypothesis, Move, Search
from .strategies import Strategy
from .trace import Stage, Step, filter_stages

__all__ = ["Limits", "token_by_token"]


@dataclass(frozen=True)
class Limits:
    """Hasta dónde se escribe y qué se guarda, común a todas las búsquedas de una llamada."""

    eos_token_ids: tuple[int, ...]
    max_new_tokens: int
    seed: int | None = None
    trace: str | None = None


@dataclass(frozen=True)
class _Column:
    """Un paso de todas las filas a la vez; cada campo es (N,)."""

    stages: list[tuple[Stage, ...]]
    tokens: list[int]
    logprobs: list[float]
    model_logprobs: list[float]
    ranks: list[int]


def token_by_token(
    logits: Tensor,  # (1, V)
    prompt_ids: Tensor,  # (1, P)
    strategy: Strategy,
    limits: Limits,
) -> Search:
    """Elige un token por fila hasta que todas terminan; una fila por secuencia pedida.

    Con la misma semilla, el muestreo sortea lo mismo que transformers: el generador es propio y las filas
    que ya terminaron siguen sorteando, para gastar el azar igual.
    """
    N = strategy.num_return_sequences
    logits, ids = logits.expand(N, -1), prompt_ids.expand(N, -1)  # (N, V), (N, P)
    parents = torch.zeros(N, dtype=torch.long, device=logits.device)
    eos = torch.tensor(limits.eos_token_ids, dtype=torch.long, device=logits.device)
    done = torch.zeros(N, dtype=torch.bool, device=logits.device)
    filters, generator = strategy.filters(), _generator(limits.seed, logits.device)
    columns = []
    while True:
        scores, stages = filter_stages(filters, ids, logits, limits.trace)
        token = strategy.choose(scores, generator)  # (N,)
        columns.append(_column(logits, scores, token, stages, limits.trace))
        ids = torch.cat([ids, token[:, None]], dim=1)
        done |= torch.isin(token, eos)
        if done.all() or len(columns) == limits.max_new_tokens:
            break
        logits = yield Move(parents, token)
        parents = torch.arange(N, device=logits.device)
    rows = tuple(_row(columns, i, strategy, limits) for i in range(N))
    return Found(rows, rows[0].steps)


def _column(
    logits: Tensor,
    scores: Tensor,
    token: Tensor,
    stages: list[tuple[Stage, ...]],
    trace: str | None,
) -> _Column:
    after = _logprob(scores, token)
    before = after if scores is logits else _logprob(logits, token)
    ranks: list[int] = []
    if trace is not None:
        chosen = logits.gather(1, token[:, None])  # (N, 1)
        ranks = ((logits > chosen).sum(dim=-1) + 1).tolist()
    return _Column(stages, token.tolist(), after.tolist(), before.tolist(), ranks)


def _logprob(scores: Tensor, token: Tensor) -> Tensor:  # (N, V), (N,) -> (N,)
    return torch.log_softmax(scores, dim=-1).gather(1, token[:, None]).squeeze(1)


def _row(columns: list[_Column], i: int, strategy: Strategy, limits: Limits) -> Hypothesis:
    """La secuencia de la fila i, cortada tras su primer EOS."""
    ids = tuple(column.tokens[i] for column in columns)
    eos = limits.eos_token_ids
    n = next((t + 1 for t, token in enumerate(ids) if token in eos), len(ids))
    logprobs = tuple(column.logprobs[i] for column in columns[:n])
    model_logprobs = tuple(column.model_logprobs[i] for column in columns[:n])
    total = math.fsum(logprobs)
    steps = () if limits.trace is None else tuple(_step(columns[t], t, i) for t in range(n))
    score = total / n**strategy.length_penalty
    return Hypothesis(ids[:n], logprobs, model_logprobs, total, score, steps)


def _step(column: _Column, position: int, i: int) -> Step:
    return Step(
        position,
        column.stages[i],
        column.tokens[i],
        math.exp(column.logprobs[i]),
        math.exp(column.model_logprobs[i]),
        column.ranks[i],
    )


def _generator(seed: int | None, device: torch.device) -> torch.Generator:
    generator = torch.Generator(device)
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    return generator
