"""Ejercicio: el mejor modelo que cabe."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _fitting(parameters, bits, memory):
    return [i for i, count in enumerate(parameters) if count * bits / 8 <= memory]


def reference(parameters, losses, bits, memory):
    """El de menor pérdida entre los que caben; −1 si no cabe ninguno."""
    fitting = _fitting(parameters, bits, memory)
    return min(fitting, key=lambda i: losses[i]) if fitting else -1


def cases(generator):
    """Ninguno cabe, cabe justo, y listas en que el mayor no es el mejor."""
    fixed = [
        ([80], [2.0], 16, 100),
        ([80], [2.0], 8, 80),
        ([81], [2.0], 8, 80),
        ([100, 50, 40], [1.5, 2.5, 2.0], 8, 60),
        ([40, 90, 60], [2.0, 1.0, 3.0], 16, 120),
        ([40, 90, 60], [2.0, 1.0, 3.0], 4, 29),
        ([300, 200, 20, 90], [0.5, 0.7, 2.2, 1.1], 8, 250),
    ]
    random = []
    for size, bits in [(3, 4), (5, 8), (6, 16)]:
        parameters = torch.randint(10, 100, (size,), generator=generator).tolist()
        losses = (torch.randperm(size, generator=generator) / 4 + 1).tolist()
        memory = sorted(parameters)[size // 2] * bits // 8 + 1
        random.append((parameters, losses, bits, memory))
    return fixed + random


def is_an_index(value, parameters, losses, bits, memory):
    """Un lugar de la lista, o −1."""
    if -1 <= value < len(parameters):
        return None
    return f"Hay {len(parameters)} modelos, numerados desde 0, y devolviste {value}."


def it_fits(value, parameters, losses, bits, memory):
    """Lo elegido cabe."""
    if not 0 <= value < len(parameters):
        return None
    needed = parameters[value] * bits / 8
    if needed <= memory:
        return None
    return f"El modelo {value} ocupa {needed:g} bytes y hay {memory}."


def _largest(parameters, losses, bits, memory):
    fitting = _fitting(parameters, bits, memory)
    return max(fitting, key=lambda i: parameters[i]) if fitting else -1


def _place_among_fitting(parameters, losses, bits, memory):
    kept = [losses[i] for i in _fitting(parameters, bits, memory)]
    return kept.index(min(kept)) if kept else -1


def _without_fallback(parameters, losses, bits, memory):
    return min(_fitting(parameters, bits, memory), key=lambda i: losses[i])


def _strict(parameters, losses, bits, memory):
    fitting = [i for i, count in enumerate(parameters) if count * bits / 8 < memory]
    return min(fitting, key=lambda i: losses[i]) if fitting else -1


MISCONCEPTIONS = (
    Misconception(
        "Comparaste bits con bytes",
        "Cada parámetro ocupa `bits` bits y la memoria está en bytes: divide por 8.",
        lambda parameters, losses, bits, memory: reference(parameters, losses, 8 * bits, memory),
    ),
    Misconception(
        "Un byte por parámetro",
        "No usaste `bits`: un parámetro de 16 bits ocupa 2 bytes y uno de 4 bits, medio.",
        lambda parameters, losses, bits, memory: reference(parameters, losses, 8, memory),
    ),
    Misconception(
        "Elegiste el más grande",
        "Más parámetros no garantizan mejor resultado: entre los que caben gana el de menor pérdida.",
        _largest,
    ),
    Misconception(
        "El lugar entre los que caben",
        "Devolviste el lugar dentro de la lista filtrada. Se pide el índice en la lista original.",
        _place_among_fitting,
    ),
    Misconception(
        "¿Y si no cabe ninguno?",
        "`min` de una lista vacía lanza un error. En ese caso se devuelve −1.",
        _without_fallback,
    ),
    Misconception(
        "El que ocupa justo la memoria también cabe",
        "Compara con `<=`.",
        _strict,
    ),
    Misconception(
        "Elegiste la mayor pérdida",
        "Una pérdida menor es mejor.",
        lambda parameters, losses, *rest: reference(parameters, [-x for x in losses], *rest),
    ),
)

EXERCISE = Exercise(
    key="best_that_fits",
    chapter="03_tamanos",
    title="El mejor que cabe",
    objective="Elegir un modelo cuando la memoria manda.",
    difficulty=2,
    minutes=15,
    section="¿Cuánta memoria ocupa?",
    hints=(
        "¿Cuántos bytes ocupan los pesos de un modelo de 80 parámetros a 4 bits? Primero descarta los que "
        "no caben, sin perder de vista sus índices.",
        "`fitting = [i for i in range(len(parameters)) if parameters[i] * bits / 8 <= memory]`; si está "
        "vacía, −1; si no, `min(fitting, key=lambda i: losses[i])`.",
    ),
    cases=cases,
    reference=reference,
    idea="Entre los índices cuyos pesos (parámetros · bits / 8) caben, el de menor pérdida; −1 si no hay.",
    properties=(
        Property(
            "Es un índice de la lista",
            "Se devuelve un lugar de la lista, contado desde 0, o −1 si nada cabe.",
            is_an_index,
        ),
        Property("Cabe en la memoria", "El elegido no puede ocupar más de lo que hay.", it_fits),
    ),
    misconceptions=MISCONCEPTIONS,
)
