"""Ejercicio: búsqueda en haz (beam search) completa, sin token de fin."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import torch

from ..core.exercise import Exercise, Misconception, Property
from . import branches
from .beams import (
    Beam,
    Model,
    extended,
    one_beam_is_greedy,
    score_adds_up,
    search,
    survives_every_step,
    wide_is_exhaustive,
)
from .draws import draw_until, integer
from .toy_model import ToyModel

__all__ = ["EXERCISE"]

Case = tuple[Model, list[int], int, int]
MARGIN = 1e-3  # ninguna poda la decide el redondeo


def reference(
    next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
) -> Beam:
    """(tokens nuevos, suma de log-probabilidades) de la mejor hipótesis encontrada."""
    return search(next_log_probs, input_ids, num_beams, max_new_tokens)[0]


def cases(generator: torch.Generator) -> list[Case]:
    """Modelos en que cada poda mal hecha pierde o encuentra otra hipótesis, y modelos al azar."""
    fixed: list[Case] = [
        (branches.HIDDEN, [0], 1, 2),
        (branches.HIDDEN, [0], 2, 2),
        (branches.PRUNED, [0], 1, 2),
        (branches.PRUNED, [0], 2, 2),
        (branches.PRUNED, [0], 3, 2),
        (branches.SIBLINGS, [0], 2, 3),
        (branches.SAME_END, [0], 2, 3),
        (branches.SAME_TOKENS, [0], 2, 3),
        (branches.LATE, [0], 2, 3),
        (branches.FORBIDDEN, [0], 3, 2),  # más hipótesis que tokens, y uno imposible
    ]
    sizes = [  # vocabulario, entrada, hipótesis, pasos
        (2, 1, 1, 3),
        (4, 2, 2, 1),
        (3, 2, 9, 3),
        (3, 1, 2, 3),
        (4, 8, 3, 3),
        (5, 3, 2, 3),
        (2, 2, 3, 6),
    ]
    return fixed + [draw_until(partial(_random_case, generator, *size), _clear) for size in sizes]


def _random_case(
    generator: torch.Generator, vocab_size: int, prompt_length: int, num_beams: int, steps: int
) -> Case:
    model = ToyModel.random(generator, vocab_size).log_probs()
    prompt = [integer(generator, 0, vocab_size - 1) for _ in range(prompt_length)]
    return model, prompt, num_beams, steps


def _clear(case: Case) -> bool:
    """¿Se distinguen, en cada paso, las hipótesis que sobreviven entre sí y de las que no?"""
    gaps: list[float] = []

    def prune(beams: list[Beam], num_beams: int) -> list[Beam]:
        gaps.extend(one[1] - other[1] for one, other in pairwise(beams[: num_beams + 1]))
        return beams[:num_beams]

    search(*case, prune=prune)
    return min(gaps) > MARGIN


def _pruning(prune: Callable[[list[Beam], int], list[Beam]]) -> Callable[..., Beam]:
    """Variante en que `prune` elige, entre las extensiones ordenadas, quiénes siguen."""

    def wrong(
        next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
    ) -> Beam:
        return search(next_log_probs, input_ids, num_beams, max_new_tokens, prune)[0]

    return wrong


def _one_per_parent(beams: list[Beam], num_beams: int) -> list[Beam]:
    if len(beams[0][0]) == 1:
        return beams[:num_beams]
    best = {tuple(tokens[:-1]): (tokens, total) for tokens, total in reversed(beams)}
    return sorted(best.values(), key=lambda beam: -beam[1])[:num_beams]


def _by_last_token(
    next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
) -> Beam:
    beams: list[Beam] = [([], 0.0)]
    for _ in range(max_new_tokens):
        before = {tuple(tokens): total for tokens, total in beams}
        beams = extended(next_log_probs, input_ids, beams)
        beams.sort(key=lambda beam: beam[1] - before[tuple(beam[0][:-1])], reverse=True)
        beams = beams[:num_beams]
    return beams[0]


def _with_context(
    context: Callable[[list[int], list[int]], list[int]],
) -> Callable[..., Beam]:
    """Variante en que el modelo ve `context(entrada, tokens nuevos)`."""

    def wrong(
        next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
    ) -> Beam:
        def model(ids: list[int]) -> torch.Tensor:
            return next_log_probs(context(input_ids, ids[len(input_ids) :]))

        return reference(model, input_ids, num_beams, max_new_tokens)

    return wrong


def _topk_per_beam(
    next_log_probs: Model, input_ids: list[int], num_beams: int, max_new_tokens: int
) -> Beam:
    if num_beams > len(next_log_probs(input_ids)):
        raise RuntimeError("selected index k out of range")
    return reference(next_log_probs, input_ids, num_beams, max_new_tokens)


def _changed(change: Callable[[Beam, list[int]], Beam]) -> Callable[..., Beam]:
    """Variante que devuelve `change(respuesta, entrada)`."""
    return lambda *args: change(reference(*args), args[1])


MISCONCEPTIONS = (
    Misconception(
        "Esto es búsqueda voraz",
        "Tu respuesta es la de una sola hipótesis. O guardas una sola hipótesis por paso, o partiste con "
        "`num_beams` copias de la vacía, que dan siempre copias de lo mismo: parte con una, y quédate con "
        "las `num_beams` mejores entre todas las extensiones de todas.",
        lambda model, input_ids, num_beams, steps: reference(model, input_ids, 1, steps),
    ),
    Misconception(
        "Cada hipótesis siguió por su cuenta",
        "Cada hipótesis se quedó solo con su mejor extensión. Compiten todas juntas: una hipótesis puede "
        "dejar varias extensiones y otra, ninguna.",
        _pruning(_one_per_parent),
    ),
    Misconception(
        "Guardaste más hipótesis de las pedidas",
        "En cada paso sobreviven `num_beams` en total. Si guardas más, a veces encuentras algo mejor, pero "
        "es otro algoritmo, más caro.",
        _pruning(lambda beams, num_beams: beams[: 2 * num_beams]),
    ),
    Misconception(
        "Podaste solo al final",
        "Extiendes todas las hipótesis sin descartar ninguna: es una búsqueda exhaustiva, que crece como "
        "V ** pasos. Quédate con `num_beams` en cada paso.",
        _pruning(lambda beams, num_beams: beams),
    ),
    Misconception(
        "Podaste sin ordenar",
        "Te quedas con las primeras `num_beams` candidatas de la lista, no con las mejores. Ordénalas por "
        "su suma antes de cortar.",
        _pruning(lambda beams, num_beams: sorted(beams)[:num_beams]),
    ),
    Misconception(
        "Ordenas por el último token",
        "Las candidatas compiten por su suma acumulada, no por la log-probabilidad del último "
        "token.",
        _by_last_token,
    ),
    Misconception(
        "Devolviste la última hipótesis",
        "La mejor hipótesis es la de mayor suma: si ordenas de mejor a peor, la primera.",
        lambda *args: search(*args)[-1],
    ),
    Misconception(
        "Más hipótesis que tokens",
        "`topk(num_beams)` falla si hay menos de `num_beams` tokens. Junta primero todas las candidatas y "
        "toma las mejores, o todas si no alcanzan.",
        _topk_per_beam,
    ),
    Misconception(
        "Devolviste también el texto de entrada",
        "Se piden solo los tokens nuevos, sin los de `input_ids`.",
        _changed(lambda beam, input_ids: ([*input_ids, *beam[0]], beam[1])),
    ),
    Misconception(
        "Dividiste por la longitud",
        "Aquí todas las hipótesis tienen la misma longitud y se pide la suma, sin dividir.",
        _changed(lambda beam, input_ids: (beam[0], beam[1] / len(beam[0]))),
    ),
    Misconception(
        "El contexto no crece",
        "Preguntas siempre por la misma entrada. Cada hipótesis tiene su propio contexto: la "
        "entrada y sus tokens.",
        _with_context(lambda input_ids, new: input_ids),
    ),
    Misconception(
        "Olvidaste la entrada en el contexto",
        "Al modelo le llegan solo los tokens nuevos. El contexto de una hipótesis es "
        "`input_ids` más sus tokens.",
        _with_context(lambda input_ids, new: new or input_ids),
    ),
)

EXERCISE = Exercise(
    key="beam_search",
    chapter="08_generacion",
    title="Búsqueda en haz completa",
    objective="Mantener K hipótesis paso a paso y devolver la mejor.",
    difficulty=3,
    minutes=60,
    section="Búsqueda en haz",
    hints=(
        "Representa cada hipótesis como un par (tokens, suma) y parte con una sola: ([], "
        "0.0). En cada paso, ¿cuántas candidatas salen de cada hipótesis y cuántas sobreviven "
        "en total?",
        "En cada paso arma las candidatas de todas las hipótesis antes de descartar ninguna, "
        "y cuida que cada una tenga su propia lista de tokens. ¿Por qué número se ordenan, y "
        "cuántas pasan al paso siguiente?",
    ),
    cases=cases,
    reference=reference,
    outputs=("tokens", "sum_logprob"),
    idea=(
        "Se mantienen las `num_beams` hipótesis de mayor suma de log-probabilidades; al final se "
        "devuelve la mejor."
    ),
    properties=(
        Property(
            "La suma es la de los tokens devueltos",
            "La log-probabilidad de la hipótesis es la suma de las de sus tokens, cada una dado "
            "todo lo anterior.",
            score_adds_up,
        ),
        Property(
            "Con una hipótesis es búsqueda voraz",
            "Si solo sobrevive una hipótesis, en cada paso gana el token más probable.",
            one_beam_is_greedy,
        ),
        Property(
            "Siguen las mejores de cada paso",
            "En cada paso compiten todas las extensiones de las que sobreviven, y siguen las "
            "`num_beams` de mayor suma; al final se devuelve la mejor.",
            survives_every_step,
        ),
        Property(
            "Con muchas hipótesis es exhaustiva",
            "Si hay lugar para todas las hipótesis, ninguna se poda y se encuentra la mejor.",
            wide_is_exhaustive,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
