"""Ejercicio: elegir la mejor hipótesis con normalización por longitud."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _score(ids, sum_logprob, prompt_length, length_penalty):
    return sum_logprob / (len(ids) - prompt_length) ** length_penalty


def _best(scores):
    index = max(range(len(scores)), key=lambda i: scores[i])
    return index, scores[index]


def _scores(score, sequences, sum_logprobs, *rest):
    return [score(ids, total, *rest) for ids, total in zip(sequences, sum_logprobs, strict=True)]


def reference(sequences, sum_logprobs, prompt_length, length_penalty):
    """(índice, puntaje) de la hipótesis con mayor suma / longitud ** length_penalty."""
    return _best(_scores(_score, sequences, sum_logprobs, prompt_length, length_penalty))


def cases(generator):
    """Hipótesis de longitudes distintas y varias penalizaciones, también 0 y negativa."""
    fixed = [
        ([[7, 1], [7, 1, 2, 3]], [-1.0, -2.4], 1, 1.0),
        ([[7, 1], [7, 1, 2, 3]], [-1.0, -2.4], 1, 0.0),
        ([[7, 8, 9, 1], [7, 8, 9, 1, 2, 3]], [-1.0, -2.0], 3, 1.0),
    ]
    random = []
    for count, length_penalty in [(2, 0.5), (3, 1.0), (4, 2.0), (3, -1.0), (5, 0.7)]:
        random.append(_random_case(generator, count, length_penalty))
    return fixed + random


def _random_case(generator, count, length_penalty):
    prompt_length = int(torch.randint(1, 5, (1,), generator=generator))
    lengths = (1 + torch.randperm(9, generator=generator)[:count]).tolist()
    prompt = list(range(10, 10 + prompt_length))
    sequences = [prompt + list(range(1, 1 + n)) for n in lengths]
    per_token = (0.2 + torch.rand(count, generator=generator)).tolist()
    totals = [round(-rate * n, 3) for rate, n in zip(per_token, lengths, strict=True)]
    return sequences, totals, prompt_length, length_penalty


def nobody_scores_higher(output, sequences, sum_logprobs, prompt_length, length_penalty):
    """Ninguna otra hipótesis tiene un puntaje mayor que la elegida."""
    index, _ = output
    if not 0 <= index < len(sequences):
        return f"El índice {index} no corresponde a ninguna de las {len(sequences)} hipótesis."
    scores = _scores(_score, sequences, sum_logprobs, prompt_length, length_penalty)
    best = max(scores)
    if scores[index] >= best - 1e-6:
        return None
    return (
        f"Elegiste la hipótesis {index}, de puntaje {scores[index]:.3g}; la {scores.index(best)} "
        f"tiene {best:.3g}."
    )


def score_belongs_to_choice(output, sequences, sum_logprobs, prompt_length, length_penalty):
    """El puntaje devuelto es el de la hipótesis elegida."""
    index, score = output
    if not 0 <= index < len(sequences):
        return None
    right = _score(sequences[index], sum_logprobs[index], prompt_length, length_penalty)
    if abs(score - right) < 1e-4:
        return None
    return f"Para la hipótesis {index} devolviste el puntaje {score:.3g}; debía ser {right:.3g}."


def _variant(score):
    """Función que elige con otro puntaje."""
    return lambda *args: _best(_scores(score, *args))


def _smallest(*args):
    scores = _scores(_score, *args)
    index = min(range(len(scores)), key=lambda i: scores[i])
    return index, scores[index]


MISCONCEPTIONS = (
    Misconception(
        "Sin normalizar",
        "Comparas las sumas tal cual: como cada token agrega un logaritmo negativo, así casi "
        "siempre gana la más corta. Divide por la longitud elevada a `length_penalty`.",
        _variant(lambda ids, total, prompt, penalty: total),
    ),
    Misconception(
        "Contaste el texto de entrada",
        "La longitud es la de los tokens generados: a `len(ids)` réstale `prompt_length`.",
        _variant(lambda ids, total, prompt, penalty: total / len(ids) ** penalty),
    ),
    Misconception(
        "Multiplicaste en lugar de dividir",
        "Multiplicar una suma negativa por la longitud castiga más a las largas. Divide.",
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
        "Elegiste la peor",
        "Los puntajes son negativos y el mejor es el mayor, es decir, el más cercano a 0.",
        _smallest,
    ),
    Misconception(
        "No contaste el token de fin",
        "El token de fin también se generó y su probabilidad está en la suma: cuenta en la longitud.",
        _variant(lambda ids, total, prompt, penalty: total / (len(ids) - prompt - 1) ** penalty),
    ),
)

EXERCISE = Exercise(
    key="best_hypothesis",
    chapter="08_generacion",
    title="Normalización por longitud",
    objective="Comparar con justicia hipótesis de distinta longitud.",
    difficulty=1,
    minutes=15,
    section="Normalización por longitud",
    hints=(
        "Cada token suma un logaritmo negativo: sin corregir, las hipótesis largas siempre pierden. "
        "¿El texto de entrada es parte de lo que el modelo generó?",
        "Con `n = len(ids) - prompt_length`, el puntaje es `total / n ** length_penalty`. "
        "Devuelve la posición del mayor puntaje y ese puntaje.",
    ),
    cases=cases,
    reference=reference,
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
