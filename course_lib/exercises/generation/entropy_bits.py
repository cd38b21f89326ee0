"""Ejercicio: entropía de una distribución, en bits."""

import math

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(probs):
    """-Σ p log2 p por fila, con 0 log 0 = 0."""
    return -torch.xlogy(probs, probs).sum(dim=-1) / math.log(2)


def cases(generator):
    """Filas seguras, uniformes y al azar, algunas con ceros."""
    fixed = [
        (torch.tensor([[0.5, 0.5]]),),
        (torch.tensor([[1.0, 0.0]]),),
        (torch.tensor([[0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0.0, 0.0]]),),
    ]
    random = []
    for rows, width in [(1, 3), (3, 2), (2, 5), (4, 8)]:
        logits = 2 * torch.randn(rows, width, generator=generator)
        random.append((torch.softmax(logits, dim=-1),))
    return fixed + random


def within_bounds(entropy, probs):
    """0 ≤ H ≤ log2 V."""
    highest = math.log2(probs.shape[-1])
    if entropy.min() < -1e-4:
        return f"Una entropía salió negativa ({entropy.min():.3g})."
    if entropy.max() > highest + 1e-3:
        return (
            f"Con {probs.shape[-1]} tokens la entropía no puede pasar de {highest:.3g} bits, "
            f"y una salió {entropy.max():.3g}."
        )
    return None


def certain_is_zero(entropy, probs):
    """Una fila con toda la masa en un token no tiene incertidumbre."""
    certain = probs.max(dim=-1).values == 1
    if certain.any() and entropy[certain].abs().max() > 1e-3:
        return "Una fila que da toda la probabilidad a un token no salió con entropía 0."
    return None


MISCONCEPTIONS = (
    Misconception(
        "Cero por menos infinito",
        "log 0 es −∞ y 0 · (−∞) da NaN. Por convención 0 · log 0 = 0: reemplaza esos términos "
        "(por ejemplo con `torch.where`) o usa `torch.xlogy`.",
        lambda probs: -(probs * probs.log2()).sum(dim=-1),
    ),
    Misconception(
        "Entropía en nats",
        "Usaste el logaritmo natural. En bits se usa el logaritmo en base 2: `torch.log2`, o "
        "divide por log 2.",
        lambda probs: -torch.xlogy(probs, probs).sum(dim=-1),
    ),
    Misconception(
        "Cero por menos infinito, y en nats",
        "0 · log 0 te da NaN, y además el logaritmo debe ser en base 2.",
        lambda probs: -(probs * probs.log()).sum(dim=-1),
    ),
    Misconception(
        "Falta el signo",
        "Los logaritmos de probabilidades son negativos: la entropía lleva un menos delante.",
        lambda probs: -reference(probs),
    ),
    Misconception(
        "Promedio en lugar de suma",
        "La probabilidad ya pondera cada término: los términos se suman, no se promedian.",
        lambda probs: reference(probs) / probs.shape[-1],
    ),
    Misconception(
        "Sumaste todas las filas",
        "Se pide una entropía por fila: suma solo sobre el último eje, con `dim=-1`.",
        lambda probs: reference(probs).sum(),
    ),
    Misconception(
        "Olvidaste ponderar por la probabilidad",
        "Sumaste los logaritmos sin más. Cada uno se multiplica por su probabilidad.",
        lambda probs: -probs.log2().sum(dim=-1),
    ),
)

EXERCISE = Exercise(
    key="entropy_bits",
    chapter="08_generacion",
    title="Entropía en bits",
    objective="Medir con un número cuánta duda tiene el modelo sobre el próximo token.",
    difficulty=1,
    minutes=10,
    section="Temperatura",
    hints=(
        "La entropía es el promedio de −log₂ p, y el promedio se toma con las mismas "
        "probabilidades. ¿Qué debe aportar un token de probabilidad 0?",
        "Dentro del logaritmo cambia los ceros por 1: `torch.where(probs > 0, probs, 1.0)`, porque "
        "log₂ 1 = 0. Multiplica por `probs`, suma sobre el último eje y cambia el signo.",
    ),
    cases=cases,
    reference=reference,
    idea="H = −Σ p log₂ p en cada fila, con la convención 0 · log 0 = 0.",
    properties=(
        Property(
            "Está entre 0 y log₂ V",
            "La entropía va de 0 (el modelo está seguro) a log₂ V (todos los tokens empatan).",
            within_bounds,
        ),
        Property(
            "Sin duda no hay entropía",
            "Si un token tiene probabilidad 1, no hay nada que averiguar: la entropía es 0.",
            certain_is_zero,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
