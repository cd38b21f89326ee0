"""Ejercicio: entropía de una distribución, en bits."""

from __future__ import annotations

import math

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import logits, with_removed

__all__ = ["EXERCISE"]


def reference(probs: torch.Tensor) -> torch.Tensor:
    """-Σ p log2 p por fila, con 0 log 0 = 0."""
    return -torch.xlogy(probs, probs).sum(dim=-1) / math.log(2)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor]]:
    """Filas seguras, uniformes, con ceros y con probabilidades minúsculas; un vocabulario grande."""
    fixed = [
        (torch.tensor([[1.0]]),),
        (torch.tensor([[0.5, 0.5]]),),
        (torch.tensor([[1.0, 0.0]]),),
        (torch.tensor([[0.25, 0.75]]),),
        (torch.tensor([[0.9999, 0.0001]]),),
        (torch.tensor([[0.5, 0.0, 0.25, 0.0, 0.25]]),),
        (torch.tensor([[0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0.0, 0.0]]),),
    ]
    random = [
        (torch.softmax(logits(generator, rows, width), dim=-1),)
        for rows, width in [(1, 3), (3, 2), (2, 5), (3, 3), (4, 8)]
    ]
    random.append((torch.softmax(with_removed(generator, 3, 6), dim=-1),))
    random.append((torch.softmax(logits(generator, 2, 4), dim=-1).t().contiguous().t(),))
    # Un vocabulario como los de verdad: se nota si a cada p se le sumó un número nada pequeño, o si se
    # reemplazaron las probabilidades bajas.
    wide = torch.softmax(logits(generator, 2, 4000, 0.5), dim=-1)
    wide[1] = torch.tensor([1 - 60 * 2e-7] + 60 * [2e-7] + 3939 * [0.0])
    return [*fixed, *random, (wide,)]


def within_bounds(entropy: torch.Tensor, probs: torch.Tensor) -> str | None:
    """0 ≤ H ≤ log2 V."""
    highest = math.log2(probs.shape[-1])
    if entropy.min() < -1e-4:
        return f"Una entropía salió negativa ({entropy.min():.4g})."
    if entropy.max() > highest + 1e-3:
        return (
            f"Con {probs.shape[-1]} tokens la entropía no puede pasar de {highest:.4g} bits, "
            f"y una salió {entropy.max():.4g}."
        )
    return None


def certain_is_zero(entropy: torch.Tensor, probs: torch.Tensor) -> str | None:
    """Una fila con toda la masa en un token no tiene incertidumbre."""
    certain = probs.max(dim=-1).values == 1
    if certain.any() and entropy[certain].abs().max() > 1e-3:
        return "Una fila que da toda la probabilidad a un token no salió con entropía 0."
    return None


def even_is_highest(entropy: torch.Tensor, probs: torch.Tensor) -> str | None:
    """Si n tokens se reparten todo por igual, H = log2 n."""
    for row, (value, line) in enumerate(zip(entropy.tolist(), probs, strict=True)):
        shared = line[line > 0]
        if shared.max() == shared.min() and abs(value - math.log2(len(shared))) > 1e-3:
            return (
                f"En la fila {row} hay {len(shared)} tokens igual de probables: son "
                f"{math.log2(len(shared)):.4g} bits, y salió {value:.4g}."
            )
    return None


MISCONCEPTIONS = (
    Misconception(
        "Cero por menos infinito",
        "log 0 es −∞ y 0 · (−∞) da NaN. Por convención 0 · log 0 = 0: reemplaza esos términos "
        "(por ejemplo con `torch.where`) o usa `torch.xlogy`.",
        lambda probs: -(probs * probs.log2()).sum(dim=-1),
    ),
    Misconception(
        "Reemplazaste el NaN después de sumar",
        "Un solo cero vuelve NaN la suma de su fila, y al cambiar ese NaN por 0 se pierden los demás "
        "términos. Arregla cada término antes de sumar.",
        lambda probs: -(probs * probs.log2()).sum(dim=-1).nan_to_num(),
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
        "Sumaste las columnas",
        "Cada fila es una distribución: suma sobre el último eje, con `dim=-1`.",
        lambda probs: reference(probs.t()),
    ),
    Misconception(
        "Olvidaste ponderar por la probabilidad",
        "Sumaste los logaritmos sin más. Cada uno se multiplica por su probabilidad.",
        lambda probs: -probs.log2().sum(dim=-1),
    ),
    Misconception(
        "Aplicaste la softmax otra vez",
        "Lo que llega ya son probabilidades: otra softmax las empareja y sube la entropía.",
        lambda probs: reference(torch.softmax(probs, dim=-1)),
    ),
    Misconception(
        "Dividiste por la entropía máxima",
        "Tu número va de 0 a 1 porque está dividido por log₂ V. Se pide en bits, sin dividir.",
        lambda probs: reference(probs) / math.log2(probs.shape[-1]),
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
        "0 · (−∞) da NaN. Haz que el logaritmo nunca vea un cero: cámbialo, solo ahí, por un "
        "número cuyo log₂ sea 0. Al final revisa el signo y sobre qué eje sumas.",
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
        Property(
            "n tokens parejos dan log₂ n bits",
            "Dudar entre n opciones igual de probables es la entropía más fácil de comprobar: log₂ n.",
            even_is_highest,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
