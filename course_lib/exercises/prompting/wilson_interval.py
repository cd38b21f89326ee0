"""Ejercicio: el intervalo de una exactitud."""

import math

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property

Z = 1.96


def reference(successes, n):
    """Intervalo de Wilson del 95 %."""
    p = successes / n
    center = p + Z**2 / (2 * n)
    margin = Z * math.sqrt(p * (1 - p) / n + Z**2 / (4 * n**2))
    scale = 1 + Z**2 / n
    return (center - margin) / scale, (center + margin) / scale


def cases(generator):
    """Pocos y muchos casos, con aciertos de ninguno a todos."""
    fixed = [(1, 2), (0, 5), (5, 5), (15, 20), (102, 136)]
    random = []
    for n in (10, 40, 136, 500):
        random.append((int(torch.randint(1, n, (1,), generator=generator)), n))
    return fixed + random


def stays_inside(value, successes, n):
    """Los extremos son proporciones."""
    low, high = value
    if low < -1e-6 or high > 1 + 1e-6:
        return f"El intervalo [{low:.3g}, {high:.3g}] se sale de [0, 1]."
    return None


def has_width(value, successes, n):
    """Con pocos casos nunca hay certeza."""
    low, high = value
    return None if high - low > 1e-3 else f"El intervalo mide {high - low:.3g}: parece una certeza."


def _wald(successes, n):
    p = successes / n
    margin = Z * math.sqrt(p * (1 - p) / n)
    return p - margin, p + margin


def _without_scale(successes, n):
    low, high = reference(successes, n)
    scale = 1 + Z**2 / n
    return low * scale, high * scale


def _one_sigma(successes, n):
    p = successes / n
    center = p + 1 / (2 * n)
    margin = math.sqrt(p * (1 - p) / n + 1 / (4 * n**2))
    scale = 1 + 1 / n
    return (center - margin) / scale, (center + margin) / scale


MISCONCEPTIONS = (
    Misconception(
        "Usaste p ± 1.96·√(p(1−p)/n)",
        "Esa aproximación mide cero cuando se acierta todo o nada, y se sale de [0, 1]. La fórmula de "
        "Wilson corrige el centro y el ancho.",
        _wald,
    ),
    Misconception(
        "Falta dividir por 1 + z²/n",
        "El centro y el margen están bien; los dos se dividen por 1 + z²/n.",
        _without_scale,
    ),
    Misconception(
        "Con z = 1",
        "Con z = 1 el intervalo es del 68 %. Para el 95 % es z = 1.96.",
        _one_sigma,
    ),
    Misconception(
        "En porcentaje",
        "Se piden proporciones entre 0 y 1.",
        lambda successes, n: tuple(100 * bound for bound in reference(successes, n)),
    ),
)

EXERCISE = Exercise(
    key="wilson_interval",
    chapter="05_prompting",
    title="El intervalo de una exactitud",
    objective="Decir cuánto puede moverse una exactitud medida con pocos ejemplos.",
    difficulty=1,
    minutes=10,
    section="Un clasificador sin entrenamiento",
    hints=(
        "¿Qué pasa con p ± 1.96·√(p(1 − p)/n) si se aciertan 5 de 5? ¿Te convence un intervalo que "
        "mide cero?",
        "Con p = successes / n y z = 1.96: centro = p + z²/(2n); margen = z·√(p(1 − p)/n + z²/(4n²)); "
        "devuelve (centro − margen, centro + margen), los dos divididos por 1 + z²/n.",
    ),
    cases=cases,
    reference=reference,
    idea="Wilson: los valores de p que no serían raros con estos aciertos.",
    properties=(
        Property(
            "No se sale de [0, 1]",
            "Una exactitud es una proporción: un intervalo que llega a 1.1 no significa nada.",
            stays_inside,
        ),
        Property(
            "Nunca mide cero",
            "Cinco aciertos de cinco no prueban que el modelo sea infalible.",
            has_width,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
