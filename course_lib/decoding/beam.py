"""Búsqueda en haz: mantener las K hipótesis más probables en vez de una sola.

En cada paso, cada hipótesis viva se prolonga con todo el vocabulario y quedan las mejores candidatas por
suma de log-probabilidades. Las que terminan se apartan con su puntaje normalizado por longitud. Las
reglas de parada son las de transformers, para poder comparar resultado con resultado.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..models import LanguageModel, State
from .strategies import BeamSearch
from .trace import BeamStep, Candidate, filter_stages

__all__ = ["Hypothesis", "beam_search"]


@dataclass(frozen=True)
class Hypothesis:
    """Una continuación, viva o terminada: sus tokens y la log-probabilidad de cada uno."""

    ids: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    model_logprobs: tuple[float, ...] = ()
    sum_logprob: float = 0.0
    score: float = -math.inf

    def extend(
        self, token_id: int, logprob: float, model_logprob: float, total: float
    ) -> Hypothesis:
        """Devuelve la hipótesis con un token más."""
        return replace(
            self,
            ids=(*self.ids, token_id),
            logprobs=(*self.logprobs, logprob),
            model_logprobs=(*self.model_logprobs, model_logprob),
            sum_logprob=total,
        )

    def finish(self, length_penalty: float) -> Hypothesis:
        """Devuelve la hipótesis con su puntaje final: sum_logprob / n**length_penalty."""
        return replace(self, score=self.sum_logprob / len(self.ids) ** length_penalty)


def beam_search(
    lm: LanguageModel,
    state: State,
    prompt_ids: Tensor,  # (1, P)
    strategy: BeamSearch,
    max_new_tokens: int,
    trace: str | None,
) -> tuple[list[Hypothesis], list[BeamStep]]:
    """Devuelve las hipótesis terminadas, de mejor a peor, y los pasos. `state` se consume.

    Ref.: la normalización por longitud^α es de Wu et al. 2016, arXiv:1609.08144.
    """
    K, eos = strategy.num_beams, set(lm.eos_token_ids)
    filters = strategy.filters()
    beams, finished, steps = [Hypothesis()], [], []
    for position in range(max_new_tokens):
        # 1. prolongar cada hipótesis con todo el vocabulario
        model_logprobs = torch.log_softmax(state.logits, dim=-1)  # (B, V)
        ids = _sequences(prompt_ids, beams)
        logprobs, stages = filter_stages(filters, ids, model_logprobs, trace)
        totals = (
            logprobs + torch.tensor([b.sum_logprob for b in beams], device=logprobs.device)[:, None]
        )

        # 2. las mejores candidatas: bastantes para que queden K vivas aunque otras K terminen
        V = totals.shape[-1]
        top = totals.flatten().topk(min(max(2, 1 + len(eos)) * K, totals.numel()))
        candidates = []
        for total, flat in zip(top.values.tolist(), top.indices.tolist(), strict=True):
            parent, token = divmod(flat, V)
            logprob, model_logprob = (
                logprobs[parent, token].item(),
                model_logprobs[parent, token].item(),
            )
            candidates.append((parent, beams[parent].extend(token, logprob, model_logprob, total)))
        last = position + 1 == max_new_tokens
        ends = [last or h.ids[-1] in eos for _, h in candidates]

        # 3. siguen vivas las K mejores que no terminan; se guardan las que terminan entre las K mejores
        alive = [i for i, end in enumerate(ends) if not end][:K]
        full = len(finished) == K
        may_finish = not (full and strategy.early_stopping is True)
        done = [i for i, end in enumerate(ends[:K]) if end and may_finish]
        new = [candidates[i][1].finish(strategy.length_penalty) for i in done]
        finished = sorted(finished + new, key=lambda h: -h.score)[:K]

        # 4. ¿puede alguna viva mejorar lo terminado?
        parents = [candidates[i][0] for i in alive]
        beams = [candidates[i][1] for i in alive]
        best = _best_possible(beams, strategy, position + 1, max_new_tokens)
        worst = finished[-1].score if len(finished) == K else -math.inf
        if trace is not None:
            marked = _mark(candidates, set(alive), dict(zip(done, new, strict=True)), finished)
            steps.append(BeamStep(position, marked, tuple(stages), best, worst))
        enough = len(finished) == K and strategy.early_stopping is True
        if not beams or best <= worst or enough:
            break

        # 5. reordenar la memoria del modelo y leer los tokens nuevos
        state = state.select(torch.tensor(parents, device=state.logits.device))
        lm.step(torch.tensor([[b.ids[-1]] for b in beams]), state)
    return finished, steps


def _sequences(prompt_ids: Tensor, beams: list[Hypothesis]) -> Tensor:  # (B, P + t)
    new = torch.tensor([b.ids for b in beams], dtype=torch.long, device=prompt_ids.device)
    return torch.cat([prompt_ids.expand(len(beams), -1), new.view(len(beams), -1)], dim=1)


def _best_possible(beams, strategy: BeamSearch, length: int, max_new_tokens: int) -> float:
    """La cota que usa transformers: el puntaje de la mejor viva con su longitud actual o, con
    early_stopping="never" y penalización positiva, con la máxima."""
    if not beams:
        return -math.inf
    if strategy.early_stopping == "never" and strategy.length_penalty > 0:
        length = max_new_tokens
    return beams[0].sum_logprob / length**strategy.length_penalty


def _mark(
    candidates, alive: set[int], new: dict[int, Hypothesis], finished
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
