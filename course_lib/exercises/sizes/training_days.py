"""Ejercicio: cuánto tarda un entrenamiento."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property

DAY = 86400


def reference(parameters, tokens, peak_flops, devices, utilization):
    """6·N·T operaciones entre lo que hacen de verdad los aceleradores, en días."""
    return 6 * parameters * tokens / (peak_flops * devices * utilization) / DAY


def cases(generator):
    """De un modelo pequeño en una tarjeta a GPT-3 en mil."""
    fixed = [
        (1e9, 20e9, 312e12, 8, 0.4),
        (175e9, 300e9, 125e12, 1000, 0.3),
    ]
    random = []
    for devices in (2, 16, 300):
        size, data, use = (0.2 + torch.rand(3, generator=generator)).tolist()
        random.append((7e9 * size, 2e12 * data, 312e12, devices, 0.5 * use))
    return fixed + random


def not_faster_than_possible(value, parameters, tokens, peak_flops, devices, utilization):
    """Nunca menos que a toda velocidad."""
    fastest = 6 * parameters * tokens / (peak_flops * devices) / DAY
    if value >= 0.999 * fastest:
        return None
    return f"Salieron {value:.3g} días, y a la velocidad de catálogo serían {fastest:.3g}."


MISCONCEPTIONS = (
    Misconception(
        "Solo el camino de ida",
        "2·N·T es leer los textos. Entrenar suma el camino de vuelta, que cuesta el doble: 6·N·T.",
        lambda *args: reference(*args) / 3,
    ),
    Misconception(
        "Multiplicaste por el uso",
        "Si solo se logra el 40 % de la velocidad, se tarda más, no menos: el uso divide.",
        lambda N, T, peak, devices, use: reference(N, T, peak, devices, 1 / use),
    ),
    Misconception(
        "Olvidaste el uso",
        "Ninguna máquina sostiene su velocidad de catálogo: multiplica la velocidad por `utilization`.",
        lambda N, T, peak, devices, use: reference(N, T, peak, devices, 1),
    ),
    Misconception(
        "Olvidaste los aceleradores",
        "El trabajo se reparte entre `devices` aceleradores: sus velocidades se suman.",
        lambda N, T, peak, devices, use: reference(N, T, peak, 1, use),
    ),
    Misconception(
        "En segundos",
        "Operaciones entre operaciones por segundo da segundos. Un día tiene 86 400.",
        lambda *args: DAY * reference(*args),
    ),
    Misconception(
        "En horas",
        "Se piden días: 86 400 segundos, no 3600.",
        lambda *args: 24 * reference(*args),
    ),
)

EXERCISE = Exercise(
    key="training_days",
    chapter="03_tamanos",
    title="Los días de un entrenamiento",
    objective="Estimar cuánto tarda en entrenarse un modelo antes de empezar.",
    difficulty=1,
    minutes=10,
    section="¿Cuántas operaciones?",
    hints=(
        "¿Cuántas operaciones hace falta hacer en total? ¿Cuántas por segundo hacen de verdad todas las "
        "máquinas juntas?",
        "Las operaciones son `6 * parameters * tokens` y la velocidad real, `peak_flops * devices * "
        "utilization`. Divide y pasa de segundos a días.",
    ),
    cases=cases,
    reference=reference,
    idea="días = 6·N·T / (velocidad de catálogo · aceleradores · uso) / 86 400.",
    properties=(
        Property(
            "No va más rápido que el catálogo",
            "El uso es una fracción: con menos de 1 siempre se tarda más que a toda velocidad.",
            not_faster_than_possible,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
