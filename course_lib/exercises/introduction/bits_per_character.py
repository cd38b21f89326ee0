"""Ejercicio: bits por carácter."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import choose, integer

__all__ = ["EXERCISE"]

LETTERS = ("a", "e", "ñ", "á", "S", "7", " ", " ", "\n", "¿", ",", "—", "🙂")


def _bits(token_logprobs: torch.Tensor) -> float:
    return -token_logprobs.sum().item() / math.log(2)


def reference(token_logprobs: torch.Tensor, text: str) -> float:
    """Sorpresa total en bits dividida por los caracteres."""
    return _bits(token_logprobs) / len(text)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, str]]:
    """Tildes, signos, cifras, espacios en las orillas y dobles, emojis; textos cortos y muy largos."""
    fixed = [
        (torch.tensor([0.25]).log(), "sí"),
        (torch.tensor([1.0, 1.0]).log(), "no"),
        (torch.tensor([0.5]).log(), " a"),
        (torch.tensor([0.125]).log(), "a\n"),
        (torch.tensor([0.5, 0.25]).log(), "a  b"),
        (torch.tensor([0.5, 0.125]).log(), "el ñu"),
        (torch.tensor([0.5, 0.5]).log(), "y tú."),
        (torch.tensor([0.25, 0.125]).log(), "30 €"),
        (torch.tensor([0.5, 0.25, 0.25, 0.5], dtype=torch.float64).log(), "🙂"),
        (torch.tensor([0.25, 0.5, 0.5]).log(), "\tun\ncuento "),
    ]
    random = [(_draw(generator, 3), "¿Qué pasó aquí?"), (_draw(generator, 7), "La niña añadió 2…")]
    for size in (5, 12, 24):
        text = "".join(choose(generator, LETTERS, size))
        random.append((_draw(generator, integer(generator, 2, size - 1)), text))
    # La probabilidad del texto es 0 para la máquina: en el primero con 32 bits y en el otro con 64.
    random += [(_draw(generator, 60), "Había una vez. " * 12)]
    random += [(_draw(generator, 500), "Y colorín colorado, este cuento se ha acabado. " * 30)]
    impossible = _draw(generator, 25)
    impossible[5] = -120.0  # su exponencial es 0 con 32 bits
    return [*fixed, *random, (impossible, "casi imposible " * 8)]


def _draw(generator: torch.Generator, size: int) -> torch.Tensor:
    return -5 * torch.rand(size, generator=generator) - 0.5


def survives_long_texts(value: float, token_logprobs: torch.Tensor, text: str) -> str | None:
    """No es infinito."""
    if math.isfinite(value):
        return None
    return f"Con {len(token_logprobs)} tokens salió {value:g}, y cada probabilidad es mayor que 0."


def not_negative(value: float, token_logprobs: torch.Tensor, text: str) -> str | None:
    """Una sorpresa nunca es negativa."""
    return None if value >= 0 else f"Salió {value:.3g}, y una sorpresa no puede ser negativa."


def total_is_the_surprise(value: float, token_logprobs: torch.Tensor, text: str) -> str | None:
    """Multiplicado por los caracteres da −log₂ de la probabilidad del texto."""
    bits, total = value * len(text), _bits(token_logprobs)
    if not math.isfinite(bits) or abs(bits - total) <= 1e-4 * total + 1e-5:
        return None
    size = "un carácter" if len(text) == 1 else f"los {len(text)} caracteres"
    return f"Por {size} da {bits:.5g} bits en total; la sorpresa del texto es de {total:.5g}."


def _counting(count: Callable[[str], int]) -> Callable[[torch.Tensor, str], float]:
    """Variante que divide por `count(text)`; 1 si no queda nada que contar."""
    return lambda logprobs, text: _bits(logprobs) / max(count(text), 1)


MISCONCEPTIONS = (
    Misconception(
        "En nats",
        "Las log-probabilidades llegan en base e. Para pasar a bits se divide por log 2.",
        lambda logprobs, text: -logprobs.sum().item() / len(text),
    ),
    Misconception(
        "Multiplicaste por log 2",
        "Un bit son log 2 ≈ 0.69 nats: para pasar de nats a bits se divide por log 2, y el número crece.",
        lambda logprobs, text: -logprobs.sum().item() * math.log(2) / len(text),
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
        "Falta dividir por los caracteres",
        "Esa es la sorpresa del texto entero, que crece con el largo. Divídela por `len(text)`.",
        lambda logprobs, text: _bits(logprobs),
    ),
    Misconception(
        "Contaste bytes",
        "«ñ» y las vocales con tilde ocupan dos bytes, pero son un solo carácter: usa `len(text)`.",
        _counting(lambda text: len(text.encode())),
    ),
    Misconception(
        "No contaste los espacios",
        "El espacio también es un carácter que el modelo tuvo que predecir.",
        _counting(lambda text: len(text.replace(" ", ""))),
    ),
    Misconception(
        "Quitaste los espacios de las orillas",
        "Los espacios y saltos de línea del comienzo y del final también son caracteres que el modelo tuvo "
        "que predecir: cuenta el texto tal como llegó, sin `strip()`.",
        _counting(lambda text: len(text.strip())),
    ),
    Misconception(
        "Contaste solo las letras",
        "Los espacios y los signos también son caracteres que el modelo tuvo que predecir.",
        _counting(lambda text: sum(letter.isalpha() for letter in text)),
    ),
    Misconception(
        "Contaste palabras",
        "Se divide por el número de caracteres, `len(text)`, y no por el de palabras.",
        _counting(lambda text: len(text.split())),
    ),
    Misconception(
        "Contaste caracteres distintos",
        "Cada carácter cuenta todas las veces que aparece: usa `len(text)`.",
        _counting(lambda text: len(set(text))),
    ),
    Misconception(
        "Multiplicaste las probabilidades",
        "La cuenta es correcta en papel, pero el producto de muchas probabilidades llega a ser 0 para la "
        "máquina, y su logaritmo es −∞. Suma las log-probabilidades.",
        lambda logprobs, text: -logprobs.exp().prod().log2().item() / len(text),
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
        "La suma de las log-probabilidades, cambiada de signo, está en nats: ¿cuántos nats hay en un bit? Después "
        "solo falta repartir entre los caracteres. Comprueba con «el ñu»: 1 y 3 bits en 5 caracteres dan 0.8.",
    ),
    cases=cases,
    reference=reference,
    idea="Bits por carácter = −Σ log₂ P(token) / número de caracteres del texto.",
    properties=(
        Property(
            "Sirve para textos largos",
            "El producto de muchas probabilidades es 0 para la máquina: suma las log-probabilidades tal "
            "como llegan, sin deshacer el logaritmo.",
            survives_long_texts,
        ),
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
