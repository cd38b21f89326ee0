"""Ejercicio: cuánto tarda un entrenamiento."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

DAY = 86400


def reference(
    parameters: float, tokens: float, peak_flops: float, devices: int, utilization: float
) -> float:
    """6·N·T operaciones entre lo que hacen de verdad los aceleradores, en días."""
    return 6 * parameters * tokens / (peak_flops * devices * utilization) / DAY


def cases(generator: torch.Generator) -> list[tuple[float, float, float, int, float]]:
    """De minutos en un acelerador a meses en mil, con aprovechamientos de un tercio, malos y perfectos."""
    fixed = [
        (1e9, 20e9, 312e12, 8, 0.4),
        (2e6, 3.1e7, 1e13, 1, 0.37),
        (3e8, 7e9, 125e12, 3, 1.0),
        (175_000_000_000, 300_000_000_000, 125e12, 1000, 0.3),
    ]
    random = []
    for devices in (2, 16, 300):
        size, data, use = (0.2 + torch.rand(3, generator=generator)).tolist()
        random.append((7e9 * size, 2e12 * data, 312e12, devices, 0.5 * use))
    random.append((7e9 * size, 1e10 * data, 989e12, 64, 0.1 * use))
    return fixed + random


def does_all_the_work(
    value: float,
    parameters: float,
    tokens: float,
    peak_flops: float,
    devices: int,
    utilization: float,
) -> str | None:
    """En esos días, esas máquinas alcanzan a hacer justo 6·N·T operaciones."""
    done = value * DAY * peak_flops * devices * utilization
    needed = 6 * parameters * tokens
    if abs(done - needed) <= 1e-4 * needed:
        return None
    return (
        f"En {value:.4g} días esas máquinas hacen {done:.4g} operaciones y el entrenamiento pide "
        f"{needed:.4g}: salió {done / needed:.4g} veces lo esperado."
    )


MISCONCEPTIONS = (
    Misconception(
        "Solo el camino de ida",
        "2·N·T es leer los textos. Entrenar suma el camino de vuelta, que cuesta el doble: 6·N·T.",
        lambda *args: reference(*args) / 3,
    ),
    Misconception(
        "Multiplicaste por el aprovechamiento",
        "Si solo se logra el 40 % de la velocidad, se tarda más, no menos: `utilization` divide.",
        lambda N, T, peak, devices, use: reference(N, T, peak, devices, 1 / use),
    ),
    Misconception(
        "Olvidaste el aprovechamiento",
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
    Misconception(
        "En minutos",
        "Se piden días: 86 400 segundos, no 60.",
        lambda *args: 24 * 60 * reference(*args),
    ),
    Misconception(
        "En semanas",
        "Se piden días: no dividas por 7.",
        lambda *args: reference(*args) / 7,
    ),
    Misconception(
        "En meses",
        "Se piden días: no dividas por 30.",
        lambda *args: reference(*args) / 30,
    ),
    Misconception(
        "En años",
        "Se piden días: no dividas por 365.",
        lambda *args: reference(*args) / 365,
    ),
    Misconception(
        "Multiplicaste por los aceleradores",
        "Más aceleradores terminan antes: `devices` multiplica la velocidad, así que divide el tiempo.",
        lambda N, T, peak, devices, use: reference(N, T, peak, 1 / devices, use),
    ),
    Misconception(
        "Tomaste lo que no se usa",
        "`utilization` es la fracción que sí se logra; 1 − utilization es lo que se pierde.",
        lambda N, T, peak, devices, use: reference(N, T, peak, devices, 1 - use),
    ),
    Misconception(
        "Redondeaste",
        "Se pide el número tal cual: un entrenamiento de media mañana también dura algo.",
        lambda *args: float(round(reference(*args))),
    ),
    Misconception(
        "Olvidaste el 6",
        "Cada parámetro hace unas 6 operaciones por token al entrenar: 6·N·T.",
        lambda *args: reference(*args) / 6,
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
        "Entrenar cuesta 6·N·T operaciones. Una máquina no sostiene su velocidad de catálogo, y varias suman "
        "las suyas. Mira las unidades: operaciones entre operaciones por segundo da segundos, no días.",
    ),
    cases=cases,
    reference=reference,
    idea="días = 6·N·T / (velocidad de catálogo · aceleradores · aprovechamiento) / 86 400.",
    properties=(
        Property(
            "Alcanza justo para el trabajo",
            "Días por segundos del día, por aceleradores, por su velocidad real: eso debe dar 6·N·T.",
            does_all_the_work,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
