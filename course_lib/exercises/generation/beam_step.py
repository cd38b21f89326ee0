"""Ejercicio: un paso de la búsqueda en haz (beam search)."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import draw_until, logits, with_removed

__all__ = ["EXERCISE"]

INF = float("inf")
MARGIN = 1e-3  # entre las elegidas, y con la primera que queda fuera: nada empata
Answer = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
Case = tuple[torch.Tensor, torch.Tensor]


def _best(total: torch.Tensor, count: int) -> Answer:
    """Las `count` mayores de una matriz (K, V): su valor, su fila y su columna."""
    scores, flat = total.flatten().topk(count)
    return scores, flat // total.shape[1], flat % total.shape[1]


def reference(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    """Las K mejores extensiones entre las K·V: (puntajes, hipótesis de origen, token), de mejor a peor."""
    return _best(beam_scores[:, None] + log_probs, len(beam_scores))


def cases(generator: torch.Generator) -> list[Case]:
    """Una hipótesis que se lo lleva todo, el primer paso, más hipótesis que tokens, textos muy largos y −∞."""
    fixed = [
        (torch.tensor([[0.3, 0.7]]).log(), torch.tensor([-1.0])),
        (torch.zeros(2, 1), torch.tensor([-2.0, -1.0])),
        (torch.tensor([[0.6, 0.4], [0.9, 0.1]]).log(), torch.tensor([-0.1, -2.0])),
        (torch.tensor([[0.9, 0.1], [0.8, 0.2]]).log(), torch.tensor([-3.0, -0.5])),
        (torch.tensor([[0.4, 0.6], [0.1, 0.9]]).log(), torch.tensor([-1000.0, -1001.0])),
        (
            torch.tensor([[0.6, 0.4], [0.7, 0.3], [0.9, 0.1]]).log(),
            torch.tensor([-0.1, -0.5, -3.0]),
        ),
        (torch.tensor([[0.5, 0.3, 0.2]] * 3).log(), torch.tensor([0.0, -1e9, -1e9])),
        (torch.tensor([[0.5, 0.3, 0.2]] * 2).log(), torch.tensor([0.0, -INF])),
        (torch.tensor([[0.9, 0.0, 0.1], [0.0, 0.6, 0.4]]).log(), torch.tensor([-2.0, -0.5])),
    ]
    sizes = [(1, 3), (2, 3), (2, 5), (3, 3), (3, 4), (4, 7), (5, 2), (6, 4)]
    random = [_clear_case(generator, *size) for size in sizes]
    random.append(_clear_case(generator, 3, 5, draw=with_removed))
    random.append(_clear_case(generator, 3, 6, past=400.0))
    return fixed + random


def _clear_case(
    generator: torch.Generator,
    beams: int,
    width: int,
    draw: Callable[[torch.Generator, int, int], torch.Tensor] = logits,
    past: float = 0.0,
) -> Case:
    """Haces desordenados y parecidos, que ya acumulan `past`; ninguna extensión empata."""

    def sample() -> Case:
        scores = -2 * torch.rand(beams, generator=generator) - past
        return torch.log_softmax(draw(generator, beams, width), dim=-1), scores

    def is_clear(case: Case) -> bool:
        total = (case[1][:, None] + case[0]).flatten().sort(descending=True).values
        return bool((total[:-1] - total[1:])[:beams].min() > MARGIN)

    return draw_until(sample, is_clear if beams * width > 1 else lambda case: True)


def scores_add_up(output: Answer, log_probs: torch.Tensor, beam_scores: torch.Tensor) -> str | None:
    """Cada puntaje es el de la hipótesis de origen más la log-probabilidad del token."""
    scores, beams, tokens = output
    num_beams, width = log_probs.shape
    for i, (beam, token) in enumerate(zip(beams.tolist(), tokens.tolist(), strict=True)):
        if not 0 <= beam < num_beams:
            return f"La extensión {i} viene de la hipótesis {beam}, y las hipótesis van de 0 a {num_beams - 1}."
        if not 0 <= token < width:
            return f"La extensión {i} agrega el token {token}, y los tokens van de 0 a {width - 1}."
    right = beam_scores[beams] + log_probs[beams, tokens]
    wrong = ~torch.isclose(scores, right, rtol=1e-4, atol=1e-4)
    if not wrong.any():
        return None
    i = int(wrong.nonzero()[0])
    return (
        f"La extensión {i} (hipótesis {int(beams[i])}, token {int(tokens[i])}) tiene puntaje "
        f"{scores[i]:.4g}; hipótesis más token dan {beam_scores[beams[i]]:.4g} + "
        f"{log_probs[beams[i], tokens[i]]:.4g} = {right[i]:.4g}."
    )


def best_first(output: Answer, log_probs: torch.Tensor, beam_scores: torch.Tensor) -> str | None:
    """De mejor a peor."""
    scores = output[0]
    if (scores[1:] > scores[:-1]).any():
        return "Los puntajes no van de mayor a menor."
    return None


def nothing_better_left_out(
    output: Answer, log_probs: torch.Tensor, beam_scores: torch.Tensor
) -> str | None:
    """Entre las K·V extensiones no queda fuera ninguna mejor, ni se repite una."""
    _, beams, tokens = output
    chosen = list(zip(beams.tolist(), tokens.tolist(), strict=True))
    if len(set(chosen)) < len(chosen):
        return "Una misma extensión (hipótesis, token) aparece dos veces."
    total = beam_scores[:, None] + log_probs
    mask = torch.zeros_like(total, dtype=torch.bool)
    for beam, token in chosen:
        if not (0 <= beam < total.shape[0] and 0 <= token < total.shape[1]):
            return None
        mask[beam, token] = True
    if mask.all() or total[~mask].max() <= total[mask].min():
        return None
    best = total.masked_fill(mask, -INF)
    beam, token = (best == best.max()).nonzero()[0].tolist()
    return (
        f"Quedó fuera la extensión (hipótesis {beam}, token {token}), de puntaje "
        f"{total[beam, token]:.4g}, mejor que una elegida."
    )


def _with(
    change: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
) -> Callable[[torch.Tensor, torch.Tensor], Answer]:
    """Variante que puntúa las extensiones con `change(log_probs, beam_scores)`."""
    return lambda log_probs, beam_scores: _best(change(log_probs, beam_scores), len(beam_scores))


def _one_per_beam(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    best = log_probs.max(dim=-1)
    scores, beams = (beam_scores + best.values).sort(descending=True)
    return scores, beams, best.indices[beams]


def _by_product(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    scores, beams, tokens = _best(log_probs.exp() * beam_scores.exp()[:, None], len(beam_scores))
    return scores.log(), beams, tokens


def _topk_per_beam(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    values, tokens = log_probs.topk(len(beam_scores), dim=-1)  # falla si K > V
    scores, beams, places = _best(values + beam_scores[:, None], len(beam_scores))
    return scores, beams, tokens[beams, places]


def _unsorted(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    scores, beams, tokens = reference(log_probs, beam_scores)
    order = (beams * log_probs.shape[1] + tokens).argsort()
    return scores[order], beams[order], tokens[order]


def _upside_down(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    scores, beams, tokens = reference(log_probs, beam_scores)
    return scores.flip(0), beams.flip(0), tokens.flip(0)


def _divided_by_beams(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    scores, beams, tokens = reference(log_probs, beam_scores)
    flat = beams * log_probs.shape[1] + tokens
    return scores, flat // len(beam_scores), flat % len(beam_scores)


def _swapped(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    scores, beams, tokens = reference(log_probs, beam_scores)
    return scores, tokens, beams


def _last_step(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    _, beams, tokens = reference(log_probs, beam_scores)
    return log_probs[beams, tokens], beams, tokens


def _worst(log_probs: torch.Tensor, beam_scores: torch.Tensor) -> Answer:
    scores, beams, tokens = _best(-(beam_scores[:, None] + log_probs), len(beam_scores))
    return -scores, beams, tokens


MISCONCEPTIONS = (
    Misconception(
        "Cada hipótesis eligió por su cuenta",
        "Tomaste la mejor extensión de cada hipótesis. En la búsqueda en haz compiten todas las K·V "
        "extensiones: una hipótesis puede dejar varias y otra, ninguna.",
        _one_per_beam,
    ),
    Misconception(
        "Olvidaste lo acumulado",
        "Comparas solo la log-probabilidad del último token. Suma a cada fila el puntaje de su "
        "hipótesis: `beam_scores[:, None] + log_probs`.",
        _with(lambda log_probs, beam_scores: log_probs),
    ),
    Misconception(
        "El puntaje es solo del último token",
        "Elegiste bien las extensiones, pero el puntaje de cada una es el de su hipótesis más el del token, no "
        "solo el del token.",
        _last_step,
    ),
    Misconception(
        "Multiplicaste logaritmos",
        "Las probabilidades se multiplican; sus logaritmos se suman.",
        _with(lambda log_probs, beam_scores: log_probs * beam_scores[:, None]),
    ),
    Misconception(
        "Mezclaste probabilidades y logaritmos",
        "Aplicaste la exponencial a `log_probs` antes de sumar. Quédate en logaritmos.",
        _with(lambda log_probs, beam_scores: log_probs.exp() + beam_scores[:, None]),
    ),
    Misconception(
        "Deshiciste los logaritmos",
        "Multiplicar probabilidades es lo mismo en papel, pero la de un texto largo es 0 para la máquina y "
        "todas empatan. Suma los logaritmos tal como llegan.",
        _by_product,
    ),
    Misconception(
        "Más hipótesis que tokens",
        "Cada hipótesis tiene V extensiones, y K puede ser mayor que V: `topk(K)` sobre una fila falla. Compiten "
        "todas juntas: aplana primero.",
        _topk_per_beam,
    ),
    Misconception(
        "Dividiste por K y no por V",
        "En la lista aplanada cada hipótesis ocupa V lugares: la hipótesis es `flat // V` y el token, "
        "`flat % V`, con V = `log_probs.shape[1]`.",
        _divided_by_beams,
    ),
    Misconception(
        "Intercambiaste hipótesis y token",
        "El cociente `flat // V` es la hipótesis de origen y el resto `flat % V`, el token.",
        _swapped,
    ),
    Misconception(
        "Elegiste las peores",
        "Los puntajes son negativos y los mejores son los mayores.",
        _worst,
    ),
    Misconception(
        "De peor a mejor",
        "Elegiste bien las K extensiones, pero la primera debe ser la de mayor puntaje.",
        _upside_down,
    ),
    Misconception(
        "Falta ordenar",
        "Elegiste bien las K extensiones, pero van de mejor a peor.",
        _unsorted,
    ),
)

EXERCISE = Exercise(
    key="beam_step",
    chapter="08_generacion",
    title="Un paso de la búsqueda en haz",
    objective="Hacer competir todas las extensiones de todas las hipótesis y quedarse con K.",
    difficulty=2,
    minutes=30,
    section="Búsqueda en haz",
    hints=(
        "Cada hipótesis puede extenderse con cualquiera de los V tokens: hay K·V candidatas y "
        "compiten todas juntas. ¿Cuál es el puntaje de una candidata?",
        "Pon la tabla (K, V) de puntajes totales en una sola fila y elige los K mayores. De "
        "un lugar de esa fila se recuperan la hipótesis y el token con una división entera y "
        "su resto.",
    ),
    cases=cases,
    reference=reference,
    outputs=("scores", "beam_indices", "token_ids"),
    idea=(
        "puntaje(hipótesis, token) = puntaje de la hipótesis + log-probabilidad del token; se eligen los K "
        "mayores entre los K·V."
    ),
    properties=(
        Property(
            "Cada puntaje es hipótesis más token",
            "La probabilidad de una secuencia es un producto; su logaritmo, una suma.",
            scores_add_up,
        ),
        Property(
            "No queda fuera ninguna mejor",
            "Compiten todas las extensiones de todas las hipótesis, sin cupos para ninguna.",
            nothing_better_left_out,
        ),
        Property("Van de mejor a peor", "La primera debe ser la de mayor puntaje.", best_first),
    ),
    misconceptions=MISCONCEPTIONS,
)
