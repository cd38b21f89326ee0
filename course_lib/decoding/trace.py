"""La traza: qué vio la decodificación en cada paso, antes y después de cada filtro."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor

from .filters import Filter

__all__ = ["BeamStep", "Candidate", "Stage", "Step", "filter_stages"]

TOP = 50  # tokens que se guardan de cada distribución
MODEL = "modelo"  # nombre de la etapa anterior a todo filtro


@dataclass(frozen=True)
class Stage:
    """La distribución tras un filtro (o la del modelo, antes de todos).

    `token_ids` y `probs`: los 50 tokens más probables. `entropy`: de la distribución entera, en
    bits. `kept`: tokens con probabilidad mayor que 0. `mass_removed`: probabilidad que tenían, en la
    etapa anterior, los tokens que este filtro quitó. `full_probs`: (V,), solo con trace="full".
    """

    name: str
    token_ids: tuple[int, ...]
    probs: tuple[float, ...]
    entropy: float
    kept: int
    mass_removed: float
    full_probs: Tensor | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Step:
    """Un paso de búsqueda voraz o muestreo: las etapas y el token que salió.

    `prob` es su probabilidad tras los filtros; `model_prob` y `rank` (1 = el más probable), los que
    le daba el modelo antes de ellos.
    """

    position: int
    stages: tuple[Stage, ...]
    token_id: int
    prob: float
    model_prob: float
    rank: int


@dataclass(frozen=True)
class Candidate:
    """Una continuación posible de una hipótesis viva.

    `parent`: índice de la hipótesis de la que sale, entre las vivas del paso anterior. `status`: «kept» (sigue
    viva), «finished» (terminó y se guarda) o «dropped» (se descarta). `score`: solo si termina.
    """

    parent: int
    token_id: int
    logprob: float
    sum_logprob: float
    status: str
    ids: tuple[int, ...]  # todo lo generado hasta aquí, este token incluido
    score: float | None = None


@dataclass(frozen=True)
class BeamStep:
    """Un paso de Búsqueda en haz: todas las candidatas, de mejor a peor, y la prueba de parada.

    `stages[b]` son las etapas de la hipótesis viva b. Se sigue mientras `best_possible` supere a `worst_finished`
    (que es −∞ hasta que haya num_beams terminadas).
    """

    position: int
    candidates: tuple[Candidate, ...]
    stages: tuple[tuple[Stage, ...], ...]
    best_possible: float
    worst_finished: float


def filter_stages(
    filters: list[Filter], input_ids: Tensor, scores: Tensor, trace: str | None
) -> tuple[Tensor, list[tuple[Stage, ...]]]:
    """Aplica los filtros a `scores` (B, V); devuelve el resultado y las etapas de cada fila."""
    rows: list[list[Stage]] = [[] for _ in scores]
    before = None if trace is None else _record(MODEL, scores, None, trace, rows)
    for f in filters:
        scores = f(input_ids, scores)
        if trace is not None:
            before = _record(f.name, scores, before, trace, rows)
    return scores, [tuple(stages) for stages in rows]


def _record(
    name: str, scores: Tensor, before: Tensor | None, trace: str, rows: list[list[Stage]]
) -> Tensor:
    probs = torch.softmax(
        scores.double(), dim=-1
    )  # (B, V); en doble precisión: son cifras que se citan
    entropy = torch.special.entr(probs).sum(dim=-1) / math.log(2)
    removed = scores == -math.inf
    mass = torch.zeros(len(scores)) if before is None else (before * removed).sum(dim=-1)
    top = probs.topk(min(TOP, probs.shape[-1]))
    kept = (~removed).sum(dim=-1)
    for row, stages in enumerate(rows):
        stages.append(
            Stage(
                name,
                tuple(top.indices[row].tolist()),
                tuple(top.values[row].tolist()),
                entropy[row].item(),
                int(kept[row]),
                mass[row].item(),
                probs[row] if trace == "full" else None,
            )
        )
    return probs
