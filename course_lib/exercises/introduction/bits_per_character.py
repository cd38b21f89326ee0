"""Ejercicio: bits por carácter."""

import math

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(token_logprobs, text):
    """Sorpresa total en bits dividida por los caracteres."""
    return -token_logprobs.sum().item() / math.log(2) / len(text)


def cases(generator):
    """Textos con espacios, tildes y eñes, partidos en distinto número de tokens."""
    fixed = [
        (torch.tensor([0.25]).log(), "sí"),
        (torch.tensor([0.5, 0.125]).log(), "el ñu"),
        (torch.tensor([0.5, 0.5]).log(), "y tú."),
    ]
    texts = ["Mañana salió el sol.", "¿Qué pasó aquí?", "La niña añadió azúcar al café."]
    random = []
    for text in texts:
        size = int(torch.randint(3, len(text) // 2, (1,), generator=generator))
        random.append((-5 * torch.rand(size, generator=generator) - 0.5, text))
    return fixed + random


def not_negative(value, token_logprobs, text):
    """Una sorpresa nunca es negativa."""
    return None if value >= 0 else f"Salió {value:.3g}, y una sorpresa no puede ser negativa."


def total_is_the_surprise(value, token_logprobs, text):
    """Multiplicado por los caracteres da −log₂ de la probabilidad del texto."""
    bits, total = value * len(text), -token_logprobs.sum().item() / math.log(2)
    if abs(bits - total) <= 1e-3 * total:
        return None
    return (
        f"Por los {len(text)} caracteres da {bits:.3g} bits en total; la sorpresa del texto es de "
        f"{total:.3g}."
    )


MISCONCEPTIONS = (
    Misconception(
        "En nats",
        "Las log-probabilidades llegan en base e. Para pasar a bits se divide por log 2.",
        lambda logprobs, text: -logprobs.sum().item() / len(text),
    ),
    Misconception(
        "Dividiste por los tokens",
        "Eso son bits por token, que dependen de cómo se partió el texto. Divide por los caracteres, que "
        "son los mismos para cualquier modelo.",
        lambda logprobs, text: -logprobs.mean().item() / math.log(2),
    ),
    Misconception(
        "Dividiste dos veces",
        "Usaste la media por token y además dividiste por los caracteres. Se parte de la suma.",
        lambda logprobs, text: -logprobs.mean().item() / math.log(2) / len(text),
    ),
    Misconception(
        "Contaste bytes",
        "«ñ» y las vocales con tilde ocupan dos bytes, pero son un solo carácter: usa `len(text)`.",
        lambda logprobs, text: -logprobs.sum().item() / math.log(2) / len(text.encode()),
    ),
    Misconception(
        "No contaste los espacios",
        "El espacio también es un carácter que el modelo tuvo que predecir.",
        lambda logprobs, text: -logprobs.sum().item() / math.log(2) / len(text.replace(" ", "")),
    ),
    Misconception(
        "Contaste solo las letras",
        "Los espacios y los signos también son caracteres que el modelo tuvo que predecir.",
        lambda logprobs, text: (
            -logprobs.sum().item() / math.log(2) / sum(letter.isalpha() for letter in text)
        ),
    ),
    Misconception(
        "Olvidaste el signo",
        "El logaritmo de una probabilidad es negativo; la sorpresa es ese número cambiado de signo.",
        lambda logprobs, text: -reference(logprobs, text),
    ),
)

EXERCISE = Exercise(
    key="bits_per_character",
    chapter="01_introduccion",
    title="Bits por carácter",
    objective="Medir cuánto sorprende un texto sin que importe cómo se partió en tokens.",
    difficulty=1,
    minutes=10,
    section="Por qué no basta la perplejidad",
    hints=(
        "Dos modelos parten el mismo texto en 20 y en 35 tokens. ¿Por qué número, igual para los dos, "
        "puedes dividir la sorpresa total?",
        "Suma las log-probabilidades y cambia el signo: son los nats del texto. Divide por log 2, que es "
        "`torch.log(torch.tensor(2.0))`, para tener bits, y por `len(text)`; termina con `.item()`.",
    ),
    cases=cases,
    reference=reference,
    idea="Bits por carácter = −Σ log₂ P(token) / número de caracteres del texto.",
    properties=(
        Property(
            "No es negativo",
            "Una probabilidad no pasa de 1, y por eso su sorpresa no baja de 0.",
            not_negative,
        ),
        Property(
            "El total es la sorpresa del texto",
            "Bits por carácter por número de caracteres es −log₂ de la probabilidad del texto.",
            total_is_the_surprise,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
