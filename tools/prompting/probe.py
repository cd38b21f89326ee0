"""La sonda lineal del capítulo de prompting: cuánto acierta con pocas etiquetas y con todas."""

from __future__ import annotations

import random
from collections.abc import Sequence

import torch
from torch import Tensor

from course_lib.data import Review, load_reviews
from course_lib.experiments.answer_probe import Direction, answer_states, choose, fit
from course_lib.models import LanguageModel
from course_lib.prompting import Template
from course_lib.records import Row

from .choices import LABELS, SEED, SLIDE, held_reviews
from .measuring import SAMPLE

__all__ = ["again", "rows", "states"]

DRAWS = {4: 20, 16: 20, 68: 1}  # ejemplos: cuántos sorteos (con los 68 no hay nada que sortear)


def states(lm: LanguageModel, reviews: Sequence[Review]) -> Tensor:
    """Devuelve los vectores (B, L + 1, d) con que el prompt de la diapositiva va a responder."""
    return answer_states(lm, [Template(SLIDE).fill(review.text) for review in reviews])


def rows(lm: LanguageModel) -> list[Row]:
    """Devuelve los aciertos con pocos ejemplos, en desarrollo, y la sonda de todos, medida en prueba."""
    held = held_reviews()
    pool = [review for review in load_reviews("desarrollo") if review not in held]
    seen, new = states(lm, pool), states(lm, held)
    layer, ridge, found = choose(seen, _classes(pool))
    few = [
        {"split": "desarrollo", "k": k, "draws": draws, "layer": layer, "ridge": ridge}
        | {"cross_validated": round(found, 4)}
        | _few(seen[:, layer], pool, new[:, layer], held, k, ridge)
        for k, draws in DRAWS.items()
    ]
    everything = torch.cat([seen, new])
    return [*few, _every(everything, [*pool, *held], states(lm, load_reviews("prueba")))]


def again(lm: LanguageModel, row: Row) -> list[float]:
    """Devuelve los puntajes que la sonda grabada da a las primeras reseñas de prueba."""
    probe = Direction(torch.tensor(row["weights"], dtype=torch.float64), row["bias"])
    found = states(lm, load_reviews(row["split"])[:SAMPLE])[:, row["layer"]]
    return [float(score) for score in probe(found)]


def _few(
    seen: Tensor, pool: Sequence[Review], new: Tensor, held: Sequence[Review], k: int, ridge: float
) -> Row:
    """Los aciertos en `held`, promediados en los sorteos de k ejemplos, con igual número de cada etiqueta."""
    rng, labels, truth = random.Random(SEED), _classes(pool), _classes(held).bool()
    sides = [(labels == label).nonzero()[:, 0].tolist() for label in (0, 1)]
    hits = []
    for _ in range(DRAWS[k]):
        chosen = [place for side in sides for place in rng.sample(side, k // 2)]
        probe = fit(seen[chosen], labels[chosen], ridge=ridge)
        hits.append((probe(new) > 0) == truth)
    table = torch.stack(hits).double()  # (sorteos, reseñas)
    each = table.mean(dim=1)
    return {
        "hits": [round(value, 4) for value in table.mean(dim=0).tolist()],
        "worst": round(float(each.min()), 4),
        "best": round(float(each.max()), 4),
    }


def _every(seen: Tensor, reviews: Sequence[Review], new: Tensor) -> Row:
    layer, ridge, found = choose(seen, _classes(reviews))
    probe = fit(seen[:, layer], _classes(reviews), ridge=ridge)
    scores = [round(float(score), 5) for score in probe(new[:, layer])]
    return {
        "split": "prueba",
        "sampled": True,
        "k": len(reviews),
        "draws": 1,
        "layer": layer,
        "ridge": ridge,
        "cross_validated": round(found, 4),
        "weights": [float(f"{weight:.7g}") for weight in probe.weights.tolist()],
        "bias": round(probe.bias, 7),
        "scores": scores,
        "sample": scores[:SAMPLE],
    }


def _classes(reviews: Sequence[Review]) -> Tensor:
    """1 si la reseña es positiva, 0 si no."""
    return torch.tensor([int(review.label == LABELS[0]) for review in reviews])
