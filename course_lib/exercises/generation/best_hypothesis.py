"""Ejercicio: elegir la mejor hipótesis con penalización por longitud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import draw_until, integer, real

__all__ = ["EXERCISE"]

Answer = tuple[int, float]
Sequences = list[list[int]]
Case = tuple[Sequences, list[float], int, float]
Score = Callable[[list[int], float, int, float], float]
MARGIN = 1e-3  # distancia relativa entre la mejor hipótesis y la segunda: nada empata


def _score(ids: list[int], sum_logprob: float, prompt_length: int, length_penalty: float) -> float:
    divisor: float = (len(ids) - prompt_length) ** length_penalty
    return sum_logprob / divisor


def _best(scores: list[float]) -> Answer:
    index = max(range(len(scores)), key=lambda i: scores[i])
    return index, scores[index]


def _scores(
    score: Score,
    sequences: Sequences,
    sum_logprobs: list[float],
    prompt_length: int,
    length_penalty: float,
) -> list[float]:
    pairs = zip(sequences, sum_logprobs, strict=True)
    return [score(ids, total, prompt_length, length_penalty) for ids, total in pairs]


def reference(
    sequences: Sequences, sum_logprobs: list[float], prompt_length: int, length_penalty: float
) -> Answer:
    """(índice, puntaje) de la hipótesis con mayor suma / longitud ** length_penalty."""
    return _best(_scores(_score, sequences, sum_logprobs, prompt_length, length_penalty))


def cases(generator: torch.Generator) -> list[Case]:
    """Tokens repetidos, longitudes y sumas iguales, textos muy largos y exponentes de todo signo."""
    short_and_long = [[7, 1], [7, 1, 2, 3]]
    fixed: list[Case] = [
        ([[7, 1, 2]], [-3.0], 1, 1.0),
        ([[1, 2], [3]], [-1.5, -1.0], 0, 1.0),  # sin entrada
        (short_and_long, [-1.0, -2.4], 1, 1.0),
        (short_and_long, [-1.0, -2.4], 1, 0.0),
        (short_and_long, [-1.0, -1.2], 1, -1.0),
        (short_and_long, [-2.0, -2.0], 1, 1.0),  # la misma suma y longitud distinta
        (short_and_long[::-1], [-2.0, -2.0], 1, 1.0),
        (short_and_long, [-0.5, -1.4], 1, 2.0),
        ([[7, 1, 2], [7, 3, 4]], [-2.0, -3.0], 1, 1.0),  # la misma longitud
        ([[7, 1, 2], [7, 3, 4]], [-3.0, -2.0], 1, 0.5),
        ([[7, 1, 1, 1], [7, 2]], [-2.4, -1.0], 1, 1.0),  # tokens repetidos
        ([[7, 7, 7, 7], [7, 1]], [-2.4, -1.0], 1, 1.0),  # y que también están en la entrada
        ([[7, 8, 9, 1], [7, 8, 9, 1, 2, 3]], [-1.0, -2.0], 3, 1.0),
        ([[4, 2], [4, 3, 2]], [-6000.0, -9000.0], 1, 0.0),
    ]
    penalties = [(2, 0.5), (3, 1.0), (4, 2.0), (3, -1.0), (5, 0.7), (6, 0.0), (5, -0.5), (8, 3.0)]
    return fixed + [_clear_case(generator, *case) for case in penalties]


def _clear_case(generator: torch.Generator, count: int, length_penalty: float) -> Case:
    def is_clear(case: Case) -> bool:
        best, second, *_ = sorted(_scores(_score, *case), reverse=True)
        return best - second > MARGIN * abs(best)

    return draw_until(lambda: _random_case(generator, count, length_penalty), is_clear)


def _random_case(generator: torch.Generator, count: int, length_penalty: float) -> Case:
    """Hipótesis de 1 a 30 tokens, de un vocabulario tan pequeño que se repiten."""
    prompt_length = integer(generator, 1, 5)

    def ids(size: int) -> list[int]:
        return torch.randint(6, (size,), generator=generator).tolist()

    prompt = ids(prompt_length)
    lengths = (1 + torch.randperm(30, generator=generator)[:count]).tolist()
    totals = [round(-real(generator, 0.2, 1.2) * n, 3) for n in lengths]
    return [prompt + ids(n) for n in lengths], totals, prompt_length, length_penalty


def nobody_scores_higher(
    output: Answer,
    sequences: Sequences,
    sum_logprobs: list[float],
    prompt_length: int,
    length_penalty: float,
) -> str | None:
    """Ninguna otra hipótesis tiene un puntaje mayor que la elegida."""
    index, _ = output
    if not 0 <= index < len(sequences):
        return f"El índice {index} no corresponde a ninguna de las {len(sequences)} hipótesis."
    scores = _scores(_score, sequences, sum_logprobs, prompt_length, length_penalty)
    best = max(scores)
    if scores[index] == best:
        return None
    return (
        f"Elegiste la hipótesis {index}, de puntaje {scores[index]:.4g}; la {scores.index(best)} "
        f"tiene {best:.4g}."
    )


def score_belongs_to_choice(
    output: Answer,
    sequences: Sequences,
    sum_logprobs: list[float],
    prompt_length: int,
    length_penalty: float,
) -> str | None:
    """El puntaje devuelto es el de la hipótesis elegida."""
    index, score = output
    if not 0 <= index < len(sequences):
        return None
    total, n = sum_logprobs[index], len(sequences[index]) - prompt_length
    right = total / n**length_penalty
    if abs(score - right) <= 1e-4 * abs(right) + 1e-5:
        return None
    return (
        f"La hipótesis {index} suma {total:.4g} y tiene {n} tokens generados: su puntaje es {total:.4g} / "
        f"{n} ** {length_penalty:.4g} = {right:.4g}, y devolviste {score:.4g}."
    )


def _variant(score: Score) -> Callable[..., Answer]:
    """Función que elige con otro puntaje."""
    return lambda *args: _best(_scores(score, *args))


def _smallest(*args: Any) -> Answer:
    scores = [-score for score in _scores(_score, *args)]
    index, score = _best(scores)
    return index, -score


def _raw_score(
    sequences: Sequences, sum_logprobs: list[float], prompt_length: int, length_penalty: float
) -> Answer:
    index, _ = reference(sequences, sum_logprobs, prompt_length, length_penalty)
    return index, sum_logprobs[index]


MISCONCEPTIONS = (
    Misconception(
        "Sin normalizar",
        "Comparas las sumas tal cual: como cada token agrega un logaritmo negativo, así casi "
        "siempre gana la más corta. Divide por la longitud elevada a `length_penalty`.",
        _variant(lambda ids, total, prompt, penalty: total),
    ),
    Misconception(
        "Devolviste la suma y no el puntaje",
        "Elegiste bien la hipótesis. El segundo valor es su puntaje: la suma dividida por la longitud "
        "elevada a `length_penalty`.",
        _raw_score,
    ),
    Misconception(
        "Contaste el texto de entrada",
        "La longitud es la de los tokens generados: a `len(ids)` réstale `prompt_length`.",
        _variant(lambda ids, total, prompt, penalty: total / len(ids) ** penalty),
    ),
    Misconception(
        "Contaste una vez los tokens repetidos",
        "La longitud es la cantidad de tokens generados, con repeticiones: `len`, no `len(set(...))`.",
        _variant(lambda ids, total, prompt, penalty: total / len(set(ids[prompt:])) ** penalty),
    ),
    Misconception(
        "Multiplicaste en lugar de dividir",
        "Multiplicar una suma negativa por la longitud penaliza más a las largas. Divide.",
        _variant(lambda ids, total, prompt, penalty: total * (len(ids) - prompt) ** penalty),
    ),
    Misconception(
        "Multiplicaste el exponente",
        "`length_penalty` es un exponente de la longitud, no un factor: `n ** length_penalty`.",
        _variant(lambda ids, total, prompt, penalty: total / ((len(ids) - prompt) * penalty)),
    ),
    Misconception(
        "Ignoraste la penalización",
        "Divides siempre por la longitud, como si `length_penalty` fuera 1.",
        _variant(lambda ids, total, prompt, penalty: total / (len(ids) - prompt)),
    ),
    Misconception(
        "Penalización sin signo",
        "Un `length_penalty` negativo penaliza las hipótesis largas: úsalo tal como llega, sin valor "
        "absoluto.",
        _variant(lambda ids, total, prompt, penalty: total / (len(ids) - prompt) ** abs(penalty)),
    ),
    Misconception(
        "Elegiste la peor",
        "Los puntajes son negativos y el mejor es el mayor, es decir, el más cercano a 0.",
        _smallest,
    ),
    Misconception(
        "No contaste el token de fin",
        "El token de fin también se generó y su probabilidad está en la suma: cuenta en la longitud.",
        _variant(lambda ids, total, prompt, penalty: total / (len(ids) - prompt - 1) ** penalty),
    ),
    Misconception(
        "Usaste otra fórmula",
        "((5 + n)/6) ** length_penalty es la normalización de otro sistema (GNMT). Aquí se divide por "
        "n ** length_penalty.",
        _variant(lambda ids, total, prompt, a: total / ((5 + len(ids) - prompt) / 6) ** a),
    ),
)

EXERCISE = Exercise(
    key="best_hypothesis",
    chapter="08_generacion",
    title="Penalización por longitud",
    objective="Comparar con justicia hipótesis de distinta longitud.",
    difficulty=1,
    minutes=15,
    section="Penalización por longitud",
    hints=(
        "Cada token suma un logaritmo negativo: sin corregir, las hipótesis largas llevan "
        "desventaja. ¿El texto de entrada es parte de lo que el modelo generó?",
        "Cuenta los tokens generados, sin la entrada, y eleva esa cantidad al exponente. "
        "Prueba a mano con −1.0 en un token y −2.25 en tres: con α = 0 gana la corta. ¿Y con "
        "α = 1?",
    ),
    cases=cases,
    reference=reference,
    outputs=("index", "score"),
    idea="puntaje = suma de log-probabilidades / n ** length_penalty, con n = tokens generados.",
    properties=(
        Property(
            "Ninguna hipótesis supera a la elegida",
            "La mejor hipótesis es la de mayor puntaje normalizado.",
            nobody_scores_higher,
        ),
        Property(
            "El puntaje es el de la elegida",
            "El puntaje divide la suma por la longitud generada, elevada a `length_penalty`.",
            score_belongs_to_choice,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
