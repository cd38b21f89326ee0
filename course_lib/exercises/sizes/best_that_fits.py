"""Ejercicio: el mejor modelo que cabe."""

from __future__ import annotations

import torch

from ..core.draws import shuffled
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Case = tuple[list[int], list[float], int, int]


def _fitting(parameters: list[int], bits: int, memory: int) -> list[int]:
    return [i for i, count in enumerate(parameters) if count * bits / 8 <= memory]


def reference(parameters: list[int], losses: list[float], bits: int, memory: int) -> int:
    """El de menor pérdida entre los que caben; −1 si no cabe ninguno."""
    fitting = _fitting(parameters, bits, memory)
    return min(fitting, key=lambda i: losses[i]) if fitting else -1


def cases(generator: torch.Generator) -> list[Case]:
    """Ninguno cabe, cabe justo, listas sin orden, tamaños y pérdidas que se repiten.

    Entre los que caben nunca empata la menor pérdida: el enunciado no dice cuál elegir.
    """
    fixed = [
        ([80], [2.0], 16, 100),
        ([80], [2.0], 8, 80),
        ([81], [2.0], 8, 80),
        ([81], [2.0], 4, 40),  # 40.5 bytes
        ([50, 40], [0.0, 1.5], 8, 60),
        ([50, 40], [2e12, 1e12], 8, 60),
        ([100, 50, 40], [1.5, 2.5, 2.0], 8, 60),
        ([90, 40, 30], [2.0, 3.0, 2.0], 8, 50),  # la pérdida del mejor también la tiene otro
        ([40, 40, 90], [3.0, 2.0, 1.0], 8, 50),  # y su tamaño
        ([40, 30, 50], [2.0004, 2.0002, 2.0006], 16, 100),
        ([40, 90, 60], [2.0, 1.0, 3.0], 16, 120),
        ([40, 90, 60], [2.0, 1.0, 3.0], 4, 29),
        ([300, 200, 20, 90], [0.5, 0.7, 2.2, 1.1], 8, 250),
        ([1_500_000_000, 7_000_000_000, 13_000_000_000], [2.3, 1.9, 1.7], 16, 16_000_000_000),
    ]
    random = []
    for fitting, bits in [(2, 4), (3, 8), (4, 16), (3, 3)]:
        random.append(_random_case(generator, fitting, bits))
    return fixed + random


def _random_case(generator: torch.Generator, fitting: int, bits: int) -> Case:
    """Modelos revueltos: otro que no cabe iguala la pérdida del mejor, y uno que cabe, su tamaño."""
    sizes = torch.randint(20, 60, (fitting,), generator=generator).tolist()
    losses = (2 + torch.randperm(fitting, generator=generator) / 7).tolist()
    models = list(zip(sizes, losses, strict=True))
    best = min(models, key=lambda model: model[1])
    models += [(best[0], best[1] + 1), (max(sizes) + 8, best[1]), (90, best[1] - 0.5)]
    parameters, measured = zip(*shuffled(generator, models), strict=True)
    return list(parameters), list(measured), bits, (max(sizes) * bits + 7) // 8


def is_an_index(
    value: int, parameters: list[int], losses: list[float], bits: int, memory: int
) -> str | None:
    """Un lugar de la lista, o −1."""
    if -1 <= value < len(parameters):
        return None
    return f"Los índices van de 0 a {len(parameters) - 1} (o −1) y devolviste {value}."


def it_fits(
    value: int, parameters: list[int], losses: list[float], bits: int, memory: int
) -> str | None:
    """Lo elegido cabe."""
    if not 0 <= value < len(parameters):
        return None
    needed = parameters[value] * bits / 8
    if needed <= memory:
        return None
    return f"El modelo {value} ocupa {needed:.12g} bytes y hay {memory}."


def nothing_better_fits(
    value: int, parameters: list[int], losses: list[float], bits: int, memory: int
) -> str | None:
    """Ninguno de los que caben tiene menor pérdida."""
    fitting = _fitting(parameters, bits, memory)
    if value == -1 and fitting:
        return f"Devolviste −1, y el modelo {fitting[0]} cabe."
    if value not in fitting:
        return None
    better = [i for i in fitting if losses[i] < losses[value]]
    if not better:
        return None
    return (
        f"El modelo {better[0]} también cabe y su pérdida, {losses[better[0]]:.6g}, es menor que la "
        f"del {value}, {losses[value]:.6g}."
    )


def _first_with_that_loss(
    parameters: list[int], losses: list[float], bits: int, memory: int
) -> int:
    kept = [losses[i] for i in _fitting(parameters, bits, memory)]
    return losses.index(min(kept)) if kept else -1


def _first_with_that_size(
    parameters: list[int], losses: list[float], bits: int, memory: int
) -> int:
    best = reference(parameters, losses, bits, memory)
    return best if best == -1 else parameters.index(parameters[best])


def _best_then_check(parameters: list[int], losses: list[float], bits: int, memory: int) -> int:
    best = losses.index(min(losses))
    return best if best in _fitting(parameters, bits, memory) else -1


def _whole_bytes(parameters: list[int], losses: list[float], bits: int, memory: int) -> int:
    return reference([count * bits // 8 for count in parameters], losses, 8, memory)


def _largest(parameters: list[int], losses: list[float], bits: int, memory: int) -> int:
    fitting = _fitting(parameters, bits, memory)
    return max(fitting, key=lambda i: parameters[i]) if fitting else -1


def _place_among_fitting(parameters: list[int], losses: list[float], bits: int, memory: int) -> int:
    kept = [losses[i] for i in _fitting(parameters, bits, memory)]
    return kept.index(min(kept)) if kept else -1


def _without_fallback(parameters: list[int], losses: list[float], bits: int, memory: int) -> int:
    return min(_fitting(parameters, bits, memory), key=lambda i: losses[i])


def _strict(parameters: list[int], losses: list[float], bits: int, memory: int) -> int:
    fitting = [i for i, count in enumerate(parameters) if count * bits / 8 < memory]
    return min(fitting, key=lambda i: losses[i]) if fitting else -1


MISCONCEPTIONS = (
    Misconception(
        "Comparaste bits con bytes",
        "Cada parámetro ocupa `bits` bits y la memoria está en bytes: divide por 8.",
        lambda parameters, losses, bits, memory: reference(parameters, losses, 8 * bits, memory),
    ),
    Misconception(
        "Un byte por parámetro",
        "No usaste `bits`: un parámetro de 16 bits ocupa 2 bytes y uno de 4 bits, medio.",
        lambda parameters, losses, bits, memory: reference(parameters, losses, 8, memory),
    ),
    Misconception(
        "Elegiste el más grande",
        "Más parámetros no garantizan mejor resultado: entre los que caben gana el de menor pérdida.",
        _largest,
    ),
    Misconception(
        "El lugar entre los que caben",
        "Devolviste el lugar dentro de la lista filtrada. Se pide el índice en la lista original.",
        _place_among_fitting,
    ),
    Misconception(
        "¿Y si no cabe ninguno?",
        "`min` de una lista vacía lanza un error. En ese caso se devuelve −1.",
        _without_fallback,
    ),
    Misconception(
        "El que ocupa justo la memoria también cabe",
        "Compara con `<=`.",
        _strict,
    ),
    Misconception(
        "Elegiste la mayor pérdida",
        "Una pérdida menor es mejor.",
        lambda parameters, losses, *rest: reference(parameters, [-x for x in losses], *rest),
    ),
    Misconception(
        "Buscaste la pérdida en la lista completa",
        "`losses.index(...)` da el primer modelo con esa pérdida, y ese puede no caber. Guarda los "
        "índices de los que caben y elige entre ellos.",
        _first_with_that_loss,
    ),
    Misconception(
        "Buscaste el tamaño en la lista completa",
        "`parameters.index(...)` da el primer modelo de ese tamaño, y puede haber otro igual de grande "
        "y mejor. Guarda los índices de los que caben y elige entre ellos.",
        _first_with_that_size,
    ),
    Misconception(
        "Primero el mejor, después la memoria",
        "Miraste si cabe el de menor pérdida de todos. Si no cabe, puede caber otro: descarta primero "
        "los que no caben.",
        _best_then_check,
    ),
    Misconception(
        "Redondeaste los bytes",
        "Al redondear se pierde la fracción: 81 parámetros de 4 bits ocupan 40.5 bytes y no caben en 40. "
        "Divide con `/` y compara sin redondear.",
        _whole_bytes,
    ),
)

EXERCISE = Exercise(
    key="best_that_fits",
    chapter="03_tamanos",
    title="El mejor que cabe",
    objective="Elegir un modelo cuando la memoria manda.",
    difficulty=2,
    minutes=15,
    section="¿Cuánta memoria ocupa?",
    hints=(
        "¿Cuántos bytes ocupan los pesos de un modelo de 80 parámetros a 4 bits? Primero descarta los que "
        "no caben, sin perder de vista sus índices.",
        "Recorre los índices y no los modelos: así no pierdes su lugar en la lista original. Hazlo en dos "
        "pasos: los índices de los que caben y, entre esos, el de menor pérdida (`min` admite `key=`). ¿Y si "
        "la lista de los que caben queda vacía?",
    ),
    cases=cases,
    reference=reference,
    idea="Entre los índices cuyos pesos (parámetros · bits / 8) caben, el de menor pérdida; −1 si no hay.",
    properties=(
        Property(
            "Es un índice de la lista",
            "Se devuelve un lugar de la lista, contado desde 0, o −1 si nada cabe.",
            is_an_index,
        ),
        Property("Cabe en la memoria", "El elegido no puede ocupar más de lo que hay.", it_fits),
        Property(
            "Ninguno de los que caben es mejor",
            "Entre los que caben gana el de menor pérdida, esté donde esté y sea cual sea su tamaño.",
            nothing_better_fits,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
