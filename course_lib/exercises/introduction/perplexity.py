"""Ejercicio: perplejidad de un texto."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(token_logprobs):
    """exp de menos la media, en nats."""
    return (-token_logprobs.mean()).exp().item()


def cases(generator):
    """Un token seguro, tokens parejos y textos al azar de varios largos."""
    fixed = [
        (torch.tensor([0.0, 0.0]),),
        (torch.tensor([0.5, 0.125]).log(),),
        (torch.tensor([0.1, 0.1, 0.1]).log(),),
    ]
    random = [(-4 * torch.rand(size, generator=generator) - 0.1,) for size in (2, 4, 6, 9)]
    return fixed + random


def at_least_one(value, token_logprobs):
    """Nunca baja de 1."""
    return None if value > 1 - 1e-4 else f"Salió {value:.3g}, y una perplejidad no baja de 1."


def between_extremes(value, token_logprobs):
    """Queda entre la del token más fácil y la del más difícil."""
    easy, hard = (-token_logprobs.max()).exp().item(), (-token_logprobs.min()).exp().item()
    if easy * 0.999 <= value <= hard * 1.001:
        return None
    return (
        f"El token más fácil valía por {easy:.3g} opciones y el más difícil, por {hard:.3g}; "
        f"la perplejidad salió {value:.3g}, fuera de ese rango."
    )


MISCONCEPTIONS = (
    Misconception(
        "Falta promediar",
        "exp(−suma) es la inversa de la probabilidad del texto entero, y esa inversa crece con el largo. La "
        "perplejidad usa la media por token.",
        lambda logprobs: (-logprobs.sum()).exp().item(),
    ),
    Misconception(
        "Olvidaste el signo",
        "exp(media) es una probabilidad, menor que 1. La perplejidad es su inversa: exp(−media).",
        lambda logprobs: logprobs.mean().exp().item(),
    ),
    Misconception(
        "Mezclaste las bases",
        "Las log-probabilidades llegan en base e: se deshacen con `exp`, no con `2 **`.",
        lambda logprobs: 2 ** (-logprobs.mean()).item(),
    ),
    Misconception(
        "Promediaste las inversas",
        "Promediaste 1/p de cada token. Primero se promedian los logaritmos y después se aplica la "
        "exponencial: un solo token muy raro no debe dominar.",
        lambda logprobs: (-logprobs).exp().mean().item(),
    ),
    Misconception(
        "Promediaste las probabilidades",
        "La inversa de la probabilidad media no es la perplejidad: la media se toma sobre los "
        "logaritmos.",
        lambda logprobs: (1 / logprobs.exp().mean()).item(),
    ),
    Misconception(
        "Falta la exponencial",
        "Devolviste la sorpresa media, en nats. Falta llevarla a un número de opciones con `exp`.",
        lambda logprobs: -logprobs.mean().item(),
    ),
)

EXERCISE = Exercise(
    key="perplexity",
    chapter="01_introduccion",
    title="Perplejidad",
    objective="Decir entre cuántos tokens igual de probables dudaba el modelo, en promedio.",
    difficulty=1,
    minutes=10,
    section="Perplejidad y bits por carácter",
    hints=(
        "Si todos los tokens tenían probabilidad 1/10, ¿qué perplejidad esperas? ¿Cuánto vale entonces "
        "la media de sus logaritmos?",
        "La fórmula con logaritmos naturales es exp(−media): `(-token_logprobs.mean()).exp()`. Como se "
        "pide un número, termina con `.item()`.",
    ),
    cases=cases,
    reference=reference,
    idea="Perplejidad = exp(−media de las log-probabilidades): la media va antes que la exponencial.",
    properties=(
        Property(
            "No baja de 1",
            "Quien acierta siempre con toda seguridad duda entre una sola opción.",
            at_least_one,
        ),
        Property(
            "Está entre el token más fácil y el más difícil",
            "Es un promedio (geométrico) de 1/p, y un promedio no se sale de sus extremos.",
            between_extremes,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
