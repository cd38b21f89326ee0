"""Ejercicio: información mutua puntual, en bits."""

from __future__ import annotations

import math

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(logprobs: torch.Tensor, priors: torch.Tensor) -> torch.Tensor:
    """log₂ P(z | x) / P(z) por candidata."""
    return (logprobs - priors) / math.log(2)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Candidatas frecuentes, raras y rarísimas, con entradas que ayudan o estorban.

    Las log-probabilidades enormes difieren bastante o nada, para que el redondeo no decida.
    """
    fixed = [
        (torch.tensor([-1.5]), torch.tensor([-3.0])),
        (torch.tensor([-1.0, -2.0]), torch.tensor([-1.0, -4.0])),
        (torch.tensor([-2.0, -9.0, -4.0]), torch.tensor([-1.0, -12.0, -4.0])),
        (
            torch.tensor([-900.0, -200.0, -900.0, -3.0]),
            torch.tensor([-860.0, -250.0, -900.0, -3.0]),
        ),
    ]
    random = []
    for size in (2, 3, 4, 6):
        priors = -8 * torch.rand(size, generator=generator) - 0.5
        gain = torch.randn(size, generator=generator)
        random.append((torch.minimum(priors + gain, torch.tensor(-0.05)), priors))
    return fixed + random


def zero_when_nothing_changes(
    value: torch.Tensor, logprobs: torch.Tensor, priors: torch.Tensor
) -> str | None:
    """Si la entrada no cambia la probabilidad de una candidata, su PMI es 0."""
    same = (logprobs - priors).abs() < 1e-6
    if same.any() and value[same].abs().max() > 1e-4:
        return "Una candidata igual de probable con la entrada y sin ella no salió con PMI 0."
    return None


def sign_follows_the_change(
    value: torch.Tensor, logprobs: torch.Tensor, priors: torch.Tensor
) -> str | None:
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


def halving_is_one_bit(
    value: torch.Tensor, logprobs: torch.Tensor, priors: torch.Tensor
) -> str | None:
    """Cada factor 2 entre las probabilidades es un bit."""
    right = reference(logprobs, priors)
    wrong = (value - right).abs() > 1e-3 * (1 + right.abs())
    if not wrong.any():
        return None
    i = int(wrong.nonzero()[0])
    return (
        f"La candidata {i} pasó de log P = {priors[i]:.4g} a {logprobs[i]:.4g}: su probabilidad se "
        f"multiplicó por 2 elevado a {right[i]:.4g}, y su PMI salió {value[i]:.4g}."
    )


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
    Misconception(
        "Multiplicaste por log 2",
        "Un bit son log 2 ≈ 0.69 nats, así que en bits el número es mayor: se divide por log 2.",
        lambda logprobs, priors: (logprobs - priors) * math.log(2),
    ),
    Misconception(
        "En base 10",
        "Para pasar de logaritmos naturales a bits se divide por log 2, no por log 10.",
        lambda logprobs, priors: (logprobs - priors) / math.log(10),
    ),
    Misconception(
        "Cortaste en cero",
        "Una PMI negativa también informa: la entrada vuelve menos probable a esa candidata.",
        lambda logprobs, priors: reference(logprobs, priors).clamp(min=0),
    ),
    Misconception(
        "Perdiste el signo",
        "Con el valor absoluto no se sabe si la entrada favorece o perjudica a la candidata.",
        lambda logprobs, priors: reference(logprobs, priors).abs(),
    ),
    Misconception(
        "Normalizaste entre las candidatas",
        "La PMI de cada candidata usa su propia probabilidad: no hay que repartir entre las demás.",
        lambda logprobs, priors: reference(logprobs.log_softmax(0), priors.log_softmax(0)),
    ),
    Misconception(
        "Pasaste por las probabilidades",
        "Una log-probabilidad de −900 se vuelve 0 al aplicar `exp`, y 0/0 es NaN. Resta los logaritmos, "
        "sin salir de ellos.",
        lambda logprobs, priors: (logprobs.exp() / priors.exp()).log2(),
    ),
)

EXERCISE = Exercise(
    key="pmi_bits",
    chapter="05_prompting",
    title="Información mutua puntual",
    objective="Medir cuánto favorece la entrada a una respuesta, sin premiar a las frecuentes.",
    difficulty=1,
    minutes=10,
    section="Lo que el modelo prefiere sin leer",
    hints=(
        "«buena» es frecuente con cualquier entrada. ¿Con qué comparas su probabilidad para saber si "
        "*esta* entrada la favorece?",
        "El logaritmo de un cociente se calcula sin salir de los logaritmos. Y cambiar de base es dividir "
        "por una constante: ¿cuántos nats hay en un bit? `math.log` o `torch.log` lo dicen.",
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
        Property(
            "El doble de probable es un bit más",
            "Se resta en logaritmos naturales y se divide por log 2.",
            halving_is_one_bit,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
