"""Ejercicio: perplejidad de un texto."""

from __future__ import annotations

import math

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(token_logprobs: torch.Tensor) -> float:
    """exp de menos la media, en nats."""
    return (-token_logprobs.mean()).exp().item()


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor]]:
    """Uno o varios tokens, repetidos, seguros, casi imposibles, y textos muy largos."""
    fixed = [
        (torch.tensor([0.25]).log(),),
        (torch.tensor([0.0, 0.0]),),
        (torch.tensor([0.5, 0.125]).log(),),
        (torch.tensor([0.1, 0.1, 0.1]).log(),),
        (torch.tensor([1.0, 0.5, 0.5, 0.125]).log(),),
        (torch.tensor([-150.0, -0.5, -1.0, -0.25, -2.0, -1.5], dtype=torch.float64),),
    ]
    random = [(_draw(generator, size),) for size in (2, 4, 6, 9)]
    # El producto de todas las probabilidades es 0 para la máquina; en el segundo, también con 64 bits.
    random += [(_draw(generator, 80),), (_draw(generator, 600),)]
    impossible = _draw(generator, 40)
    impossible[7] = -120.0  # su exponencial es 0 con 32 bits
    return [*fixed, *random, (impossible,)]


def _draw(generator: torch.Generator, size: int) -> torch.Tensor:
    return -4 * torch.rand(size, generator=generator) - 0.1


def survives_long_texts(value: float, token_logprobs: torch.Tensor) -> str | None:
    """No es infinita."""
    if value < math.inf:
        return None
    return f"Con {len(token_logprobs)} tokens salió {value:g}, y cada probabilidad es mayor que 0."


def at_least_one(value: float, token_logprobs: torch.Tensor) -> str | None:
    """Nunca baja de 1."""
    return None if value > 1 - 1e-4 else f"Salió {value:.3g}, y una perplejidad no baja de 1."


def between_extremes(value: float, token_logprobs: torch.Tensor) -> str | None:
    """Queda entre la del token más fácil y la del más difícil."""
    easy, hard = -token_logprobs.max().item(), -token_logprobs.min().item()
    if value <= 0 or easy - 1e-3 <= math.log(value) <= hard + 1e-3:
        return None
    return (
        f"El token más fácil valía por {_exp(easy):.4g} opciones y el más difícil, por "
        f"{_exp(hard):.4g}; la perplejidad salió {value:.4g}, fuera de ese rango."
    )


def _exp(nats: float) -> float:
    return math.exp(nats) if nats < 700 else math.inf


def _by_sum(token_logprobs: torch.Tensor) -> float:
    return (-token_logprobs.sum()).exp().item()


def _by_product(token_logprobs: torch.Tensor) -> float:
    return token_logprobs.exp().prod().pow(-1 / len(token_logprobs)).item()


# Las mismas cuentas con los números de Python, que desbordan más tarde y con una excepción.
def _by_sum_in_python(token_logprobs: torch.Tensor) -> float:
    return math.exp(-sum(token_logprobs.tolist()))


def _by_product_in_parts(token_logprobs: torch.Tensor) -> float:
    inverse: float = token_logprobs.exp().prod().item() ** (-1 / len(token_logprobs))
    return inverse


def _by_product_in_python(token_logprobs: torch.Tensor) -> float:
    probs = [math.exp(logprob) for logprob in token_logprobs.tolist()]
    return math.prod(probs) ** (-1 / len(probs))


def _distinct(token_logprobs: torch.Tensor) -> float:
    return reference(token_logprobs.unique())


MISCONCEPTIONS = (
    *(
        Misconception(
            "Falta promediar",
            "exp(−suma) es la inversa de la probabilidad del texto entero, y esa inversa crece con el "
            "largo. La perplejidad usa la media por token.",
            wrong,
        )
        for wrong in (_by_sum, _by_sum_in_python)
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
    *(
        Misconception(
            "Multiplicaste las probabilidades",
            "La cuenta es correcta en papel, pero el producto de muchas probabilidades llega a ser 0 para "
            "la máquina, y un texto tiene miles de tokens. Suma logaritmos, que no se agotan.",
            wrong,
        )
        for wrong in (_by_product, _by_product_in_parts, _by_product_in_python)
    ),
    Misconception(
        "Contaste una vez los valores repetidos",
        "Dos tokens pueden tener la misma probabilidad, y los dos cuentan: la media es sobre los n tokens.",
        _distinct,
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
        "Son tres pasos en orden: la media, el signo y una sola exponencial, al final. Si la haces antes de la "
        "media, promedias otra cosa. Un tensor de un elemento se convierte en número con `.item()`.",
    ),
    cases=cases,
    reference=reference,
    idea="Perplejidad = exp(−media de las log-probabilidades): la media va antes que la exponencial.",
    properties=(
        Property(
            "Sirve para textos largos",
            "El producto de muchas probabilidades, o la exponencial de una suma grande, no cabe en la "
            "máquina: promedia los logaritmos y aplica la exponencial al final, una sola vez.",
            survives_long_texts,
        ),
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
