"""Ejercicio: información mutua puntual, en bits."""

import math

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(logprobs, priors):
    """log₂ P(z | x) / P(z) por candidata."""
    return (logprobs - priors) / math.log(2)


def cases(generator):
    """Candidatas frecuentes y raras, con entradas que ayudan o estorban."""
    fixed = [
        (torch.tensor([-1.0, -2.0]), torch.tensor([-1.0, -4.0])),
        (torch.tensor([-2.0, -9.0, -4.0]), torch.tensor([-1.0, -12.0, -4.0])),
    ]
    random = []
    for size in (2, 3, 4, 6):
        priors = -8 * torch.rand(size, generator=generator) - 0.5
        gain = torch.randn(size, generator=generator)
        random.append((torch.minimum(priors + gain, torch.tensor(-0.05)), priors))
    return fixed + random


def zero_when_nothing_changes(value, logprobs, priors):
    """Si la entrada no cambia la probabilidad de una candidata, su PMI es 0."""
    same = (logprobs - priors).abs() < 1e-6
    if same.any() and value[same].abs().max() > 1e-4:
        return "Una candidata igual de probable con la entrada y sin ella no salió con PMI 0."
    return None


def sign_follows_the_change(value, logprobs, priors):
    """Positiva si la entrada la vuelve más probable, negativa si menos."""
    change = logprobs - priors
    wrong = (change.abs() > 1e-3) & (change * value <= 0)
    if wrong.any():
        i = int(wrong.nonzero()[0])
        return (
            f"La candidata {i} pasó de log P = {priors[i]:.3g} a {logprobs[i]:.3g} y su PMI salió "
            f"{value[i]:.3g}."
        )
    return None


MISCONCEPTIONS = (
    Misconception(
        "En nats",
        "Los logaritmos llegan en base e y se piden bits: divide por log 2.",
        lambda logprobs, priors: logprobs - priors,
    ),
    Misconception(
        "Al revés",
        "Restaste lo condicional de lo previo. La PMI pregunta cuánto *sube* la candidata al leer la "
        "entrada: log P(z | x) − log P(z).",
        lambda logprobs, priors: -reference(logprobs, priors),
    ),
    Misconception(
        "Dividiste los logaritmos",
        "El cociente es de probabilidades; su logaritmo es una resta de logaritmos, no un cociente.",
        lambda logprobs, priors: logprobs / priors,
    ),
    Misconception(
        "Sumaste",
        "log(a / b) es log a − log b: los logaritmos se restan.",
        lambda logprobs, priors: (logprobs + priors) / math.log(2),
    ),
    Misconception(
        "Olvidaste el logaritmo",
        "Devolviste el cociente P(z | x) / P(z). Falta su logaritmo en base 2.",
        lambda logprobs, priors: (logprobs - priors).exp(),
    ),
)

EXERCISE = Exercise(
    key="pmi_bits",
    chapter="05_prompting",
    title="Información mutua puntual",
    objective="Medir cuánto favorece la entrada a una respuesta, sin premiar a las frecuentes.",
    difficulty=1,
    minutes=10,
    section="Por qué no gana «bacán»",
    hints=(
        "«buena» es frecuente con cualquier entrada. ¿Con qué comparas su probabilidad para saber si "
        "*esta* entrada la favorece?",
        "El logaritmo de un cociente es una resta: `logprobs - priors`. Para pasar de nats a bits "
        "divide por `torch.log(torch.tensor(2.0))`.",
    ),
    cases=cases,
    reference=reference,
    idea="PMI = log₂ P(z | x) / P(z): cuántos bits gana la respuesta por haber leído la entrada.",
    properties=(
        Property(
            "Sin cambio no hay información",
            "Si leer la entrada no mueve la probabilidad, la entrada no dice nada de esa respuesta.",
            zero_when_nothing_changes,
        ),
        Property(
            "El signo dice si sube o baja",
            "La PMI es positiva cuando la entrada vuelve más probable la respuesta.",
            sign_follows_the_change,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
