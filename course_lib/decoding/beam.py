"""Búsqueda en haz: mantener las K hipótesis más probables en vez de una sola.

En cada paso, cada hipótesis viva se prolonga con todo el vocabulario y quedan las mejores candidatas por
suma de log-probabilidades. Las que terminan se apartan con su puntaje normalizado por longitud. Las
reglas de parada son las de transformers, para poder comparar resultado con resultado.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from .lockstep import Found, Hypothesis, Move, Search
from .strategies import Strategy, nothing_left
from .token_by_token import Limits
from .trace import BeamStep, Candidate, filter_stages

__all__ = ["beam_search"]

Extension = tuple[int, Hypothesis]  # (índice de la hipótesis viva que se prolonga, la prolongada)


def beam_search(
    logits: Tensor,  # (1, V)
    prompt_ids: Tensor,  # (1, P)
    strategy: Strategy,
    limits: Limits,
) -> Search:
    """Encuentra las hipótesis terminadas, de mejor a peor; la traza tiene un `BeamStep` por paso.

    Ref.: la normalización por longitud^α es de Wu et al. 2016, arXiv:1609.08144.
    """
    K, eos = strategy.num_beams, set(limits.eos_token_ids)
    filters = strategy.filters()
    beams, finished = [Hypothesis()], list[Hypothesis]()
    steps: list[BeamStep] = []
    for position in range(limits.max_new_tokens):
        # 1. prolongar cada hipótesis con todo el vocabulario
        model_logprobs = torch.log_softmax(logits, dim=-1)  # (B, V)
        ids = _sequences(prompt_ids, beams)
        logprobs, stages = filter_stages(filters, ids, model_logprobs, limits.trace)

        # 2. las mejores candidatas: bastantes para que queden K vivas aunque otras K terminen
        candidates = _extend(beams, logprobs, model_logprobs, max(2, 1 + len(eos)) * K)
        last = position + 1 == limits.max_new_tokens
        ends = [last or h.ids[-1] in eos for _, h in candidates]

        # 3. siguen vivas las K mejores que no terminan; se guardan las que terminan entre las K mejores
        alive = [i for i, end in enumerate(ends) if not end][:K]
        full = len(finished) == K
        may_finish = not (full and strategy.early_stopping is True)
        done = [i for i, end in enumerate(ends[:K]) if end and may_finish]
        new = [_finish(candidates[i][1], strategy.length_penalty) for i in done]
        finished = sorted(finished + new, key=lambda h: -h.score)[:K]

        # 4. ¿puede alguna viva mejorar lo terminado?
        parents = [candidates[i][0] for i in alive]
        beams = [candidates[i][1] for i in alive]
        best = _best_possible(beams, strategy, position + 1, limits.max_new_tokens)
        worst = finished[-1].score if len(finished) == K else -math.inf
        if limits.trace is not None:
            marked = _mark(candidates, set(alive), dict(zip(done, new, strict=True)), finished)
            steps.append(BeamStep(position, marked, tuple(stages), best, worst))
        enough = len(finished) == K and strategy.early_stopping is True
        if not beams or best <= worst or enough:
            break

        # 5. reordenar la memoria del modelo y leer los tokens nuevos
        tokens = [h.ids[-1] for h in beams]
        logits = yield Move(_whole(parents, logits), _whole(tokens, logits))
    return Found(tuple(finished[: strategy.num_return_sequences]), tuple(steps))


def _whole(values: list[int], like: Tensor) -> Tensor:
    return torch.tensor(values, dtype=torch.long, device=like.device)


def _sequences(prompt_ids: Tensor, beams: list[Hypothesis]) -> Tensor:  # (B, P + t)
    new = torch.tensor([b.ids for b in beams], dtype=torch.long, device=prompt_ids.device)
    return torch.cat([prompt_ids.expand(len(beams), -1), new.view(len(beams), -1)], dim=1)


def _extend(
    beams: list[Hypothesis], logprobs: Tensor, model_logprobs: Tensor, how_many: int
) -> list[Extension]:
    """Las mejores prolongaciones, de mejor a peor; las que los filtros prohíben no cuentan."""
    sums = torch.tensor([b.sum_logprob for b in beams], dtype=logprobs.dtype)
    totals = logprobs + sums.to(logprobs.device)[:, None]  # (B, V)
    V = totals.shape[-1]
    top = totals.flatten().topk(min(how_many, totals.numel()))
    found = []
    for total, flat in zip(top.values.tolist(), top.indices.tolist(), strict=True):
        if total == -math.inf:
            break
        parent, token = divmod(flat, V)
        beam = beams[parent]
        longer = Hypothesis(
            (*beam.ids, token),
            (*beam.logprobs, logprobs[parent, token].item()),
            (*beam.model_logprobs, model_logprobs[parent, token].item()),
            total,
        )
        found.append((parent, longer))
    if not found:
        raise nothing_left()
    return found


def _finish(h: Hypothesis, length_penalty: float) -> Hypothesis:
    """La hipótesis con su puntaje final: sum_logprob / n**length_penalty."""
    return replace(h, score=h.sum_logprob / len(h.ids) ** length_penalty)


def _best_possible(
    beams: list[Hypothesis], strategy: Strategy, length: int, max_new_tokens: int
) -> float:
    """La cota que usa transformers: el puntaje de la mejor viva con su longitud actual o, con
    early_stopping="never" y penalización positiva, con la máxima."""
    if not beams:
        return -math.inf
    if strategy.early_stopping == "never" and strategy.length_penalty > 0:
        length = max_new_tokens
    return float(beams[0].sum_logprob / length**strategy.length_penalty)


def _mark(
    candidates: Sequence[Extension],
    alive: set[int],
    new: Mapping[int, Hypothesis],
    finished: Sequence[Hypothesis],
) -> tuple[Candidate, ...]:
    marked = []
    for i, (parent, h) in enumerate(candidates):
        saved = i in new and any(new[i] is f for f in finished)
        status = "kept" if i in alive else "finished" if saved else "dropped"
        score = new[i].score if i in new else None
        marked.append(
            Candidate(parent, h.ids[-1], h.logprobs[-1], h.sum_logprob, status, h.ids, score)
        )
    return tuple(marked)
