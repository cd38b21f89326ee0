"""Ejercicio: la medida que hace aparecer el salto."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Curve = list[float]
Answer = tuple[Curve, int | None]


def _first(values: Curve, threshold: float) -> int | None:
    return next((i for i, value in enumerate(values) if value >= threshold), None)


def reference(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    """p elevado al largo de cada modelo, y el primero que llega al umbral (o None)."""
    curve = [p**length for p in token_accuracy]
    return curve, _first(curve, threshold)


def cases(generator: torch.Generator) -> list[tuple[Curve, int, float]]:
    """Largo 1, ninguno llega, llega el primero, curvas que suben y bajan, y valores iguales."""
    fixed: list[tuple[Curve, int, float]] = [
        ([0.5], 1, 0.5),
        ([0.25], 1, 0.5),
        ([0.9], 2, 0.5),
        ([0.5, 1.0], 3, 0.9),
        ([0.0, 0.9], 2, 0.5),
        ([0.95, 0.6, 0.99], 4, 0.5),
        ([0.6, 0.97, 0.7, 0.96], 5, 0.5),
        ([0.8, 0.8, 0.95, 0.95], 6, 0.6),
        ([0.4, 0.6, 0.8, 0.9], 3, 0.99),
        ([0.4, 0.55, 0.7, 0.85, 0.93, 0.99], 10, 0.3),
        ([0.9, 0.95, 0.99], 40, 0.002),
    ]
    return fixed + [_random_case(generator, *size) for size in [(3, 2), (4, 4), (6, 5), (8, 9)]]


def _random_case(generator: torch.Generator, models: int, length: int) -> tuple[Curve, int, float]:
    """Exactitudes con algún tropiezo, y un umbral que no depende del redondeo.

    El umbral está a medio camino entre dos valores seguidos de la curva ya ordenada.
    """
    values = (0.5 + 0.49 * torch.rand(models, generator=generator, dtype=torch.float64)).tolist()
    ordered = sorted(values)
    place = integer(generator, 0, models - 2)
    low, high = ordered[place] ** length, ordered[place + 1] ** length
    if integer(generator, 0, 1):
        values = ordered
    return values, length, (low + high) / 2


def inside_zero_one(
    answer: Answer, token_accuracy: Curve, length: int, threshold: float
) -> str | None:
    """Son probabilidades, una por modelo."""
    curve, _ = answer
    if len(curve) != len(token_accuracy):
        return f"Hay {len(token_accuracy)} modelos y la curva tiene {len(curve)} valores."
    bad = [value for value in curve if not 0 <= value <= 1]
    return f"Un valor de la curva salió {bad[0]:.4g}." if bad else None


def never_above_a_token(
    answer: Answer, token_accuracy: Curve, length: int, threshold: float
) -> str | None:
    """Acertar todos los tokens es a lo más tan probable como acertar uno."""
    for value, p in zip(answer[0], token_accuracy, strict=False):
        if value > p + 1e-6:
            return f"Con p = {p:.4g} por token, la respuesta entera salió {value:.4g}."
    return None


def reaches_the_threshold(
    answer: Answer, token_accuracy: Curve, length: int, threshold: float
) -> str | None:
    """El elegido llega al umbral en la curva."""
    curve, index = answer
    if index is None or len(curve) != len(token_accuracy):
        return None
    if not 0 <= index < len(curve):
        return f"Devolviste el índice {index}, y los modelos van del 0 al {len(curve) - 1}."
    if curve[index] >= threshold:
        return None
    return f"El modelo {index} vale {curve[index]:.4g} en tu curva y el umbral es {threshold:.4g}."


def none_before_it(
    answer: Answer, token_accuracy: Curve, length: int, threshold: float
) -> str | None:
    """Ningún modelo más pequeño llega."""
    curve, index = answer
    first = _first(curve[: max(index or 0, 0)], threshold)
    if first is None:
        return None
    return (
        f"Devolviste el {index}, y el modelo {first}, con {curve[first]:.4g}, ya llega al umbral."
    )


def _with(
    power: Callable[[float, int], float], token_accuracy: Curve, length: int, threshold: float
) -> Answer:
    """La solución con otra cuenta en lugar de p elevado al largo."""
    curve = [power(p, length) for p in token_accuracy]
    return curve, _first(curve, threshold)


def _threshold_on_tokens(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    return reference(token_accuracy, length, threshold)[0], _first(token_accuracy, threshold)


def _strict(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve = reference(token_accuracy, length, threshold)[0]
    return curve, next((i for i, value in enumerate(curve) if value > threshold), None)


def _zero_if_none(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve, index = reference(token_accuracy, length, threshold)
    return curve, index or 0


def _minus_one(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve, index = reference(token_accuracy, length, threshold)
    return curve, -1 if index is None else index


def _from_one(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve, index = reference(token_accuracy, length, threshold)
    return curve, None if index is None else index + 1


def _best(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve = reference(token_accuracy, length, threshold)[0]
    return curve, curve.index(max(curve)) if max(curve) >= threshold else None


def _lowest_that_passes(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve = reference(token_accuracy, length, threshold)[0]
    passing = [value for value in curve if value >= threshold]
    return curve, curve.index(min(passing)) if passing else None


def _last_that_passes(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve = reference(token_accuracy, length, threshold)[0]
    passing = [i for i, value in enumerate(curve) if value >= threshold]
    return curve, passing[-1] if passing else None


def _after_the_last_failure(token_accuracy: Curve, length: int, threshold: float) -> Answer:
    curve = reference(token_accuracy, length, threshold)[0]
    below = [i for i, value in enumerate(curve) if value < threshold]
    place = below[-1] + 1 if below else 0
    return curve, place if place < len(curve) else None


MISCONCEPTIONS = (
    Misconception(
        "Multiplicaste por el largo",
        "Acertar los L tokens es acertar el primero *y* el segundo *y*…: las probabilidades se "
        "multiplican entre sí, p · p · … · p = p^L.",
        lambda *args: _with(lambda p, length: p * length, *args),
    ),
    Misconception(
        "Dividiste por el largo",
        "Con cada token la probabilidad se multiplica otra vez por p: baja como una potencia, p^L.",
        lambda *args: _with(lambda p, length: p / length, *args),
    ),
    Misconception(
        "La base y el exponente al revés",
        "Es p elevado a L, no L elevado a p.",
        lambda *args: _with(lambda p, length: length**p, *args),
    ),
    Misconception(
        "Al menos uno",
        "1 − (1 − p)^L es la probabilidad de acertar *algún* token. La coincidencia exacta los exige "
        "todos: p^L.",
        lambda *args: _with(lambda p, length: 1 - (1 - p) ** length, *args),
    ),
    Misconception(
        "Elevaste el error",
        "(1 − p)^L es la probabilidad de fallar en todos los tokens.",
        lambda *args: _with(lambda p, length: (1 - p) ** length, *args),
    ),
    Misconception(
        "Un token de menos",
        "La respuesta tiene L tokens y hay que acertarlos todos: el exponente es L, no L − 1.",
        lambda *args: _with(lambda p, length: p ** (length - 1), *args),
    ),
    Misconception(
        "Un token de más",
        "La respuesta tiene L tokens: el exponente es L, no L + 1.",
        lambda *args: _with(lambda p, length: p ** (length + 1), *args),
    ),
    Misconception(
        "Olvidaste el largo",
        "Esa es la exactitud por token. La de la respuesta entera es p^L.",
        lambda *args: _with(lambda p, length: p, *args),
    ),
    Misconception(
        "En porcentaje",
        "La curva y el umbral son proporciones entre 0 y 1.",
        lambda *args: _with(lambda p, length: 100 * p**length, *args),
    ),
    Misconception(
        "El umbral sobre los tokens",
        "El umbral se mira en la curva que calculaste, no en la exactitud por token.",
        _threshold_on_tokens,
    ),
    Misconception("Llegar también vale", "Un valor igual al umbral ya llega: usa `>=`.", _strict),
    Misconception(
        "Ninguno llega",
        "Si ningún modelo llega al umbral, el índice es None. El 0 es el primer modelo, y `argmax` de "
        "una lista sin ningún verdadero también da 0.",
        _zero_if_none,
    ),
    Misconception(
        "−1 en vez de None",
        "Si ningún modelo llega al umbral, el índice es None.",
        _minus_one,
    ),
    Misconception("Contaste desde 1", "Los índices empiezan en 0.", _from_one),
    Misconception(
        "Elegiste el mejor",
        "Se pide el más pequeño que llega, no el de mayor valor: el primero de la lista.",
        _best,
    ),
    Misconception(
        "Elegiste el que apenas llega",
        "El más pequeño es el primero de la lista, no el de menor valor entre los que llegan.",
        _lowest_that_passes,
    ),
    Misconception(
        "Elegiste el último",
        "Se pide el más pequeño que llega: el primero de la lista.",
        _last_that_passes,
    ),
    Misconception(
        "La curva puede bajar",
        "Un modelo más grande puede valer menos. Se pide el primero que llega, aunque después otro no "
        "llegue.",
        _after_the_last_failure,
    ),
)

EXERCISE = Exercise(
    key="emergence_curve",
    chapter="04_habilidades",
    title="La medida que hace aparecer el salto",
    objective="Ver cómo una mejora gradual por token se vuelve un salto al exigir la respuesta entera.",
    difficulty=2,
    minutes=15,
    section="Emergencia o espejismo",
    hints=(
        "Si cada token se acierta con probabilidad 0.9 y los aciertos son independientes, ¿cuál es la "
        "probabilidad de acertar los dos tokens de una respuesta? ¿Y los diez?",
        "La curva es una lista con una potencia por modelo. Para el índice recorre "
        "`enumerate(curve)` y devuelve apenas un valor sea `>=` que el umbral; si el recorrido termina "
        "sin encontrarlo, el índice es None.",
    ),
    cases=cases,
    reference=reference,
    idea="La coincidencia exacta esperada es p^L; el índice, el del primer modelo cuya curva llega.",
    properties=(
        Property(
            "Son probabilidades, una por modelo", "Entre 0 y 1, en el mismo orden.", inside_zero_one
        ),
        Property(
            "Acertar todo es más difícil",
            "La respuesta entera nunca es más probable que uno solo de sus tokens.",
            never_above_a_token,
        ),
        Property(
            "El elegido llega",
            "El índice apunta a un modelo cuyo valor en la curva es al menos el umbral.",
            reaches_the_threshold,
        ),
        Property(
            "Ninguno más pequeño llega",
            "Los modelos vienen de menor a mayor tamaño: el más pequeño es el primero que llega.",
            none_before_it,
        ),
    ),
    outputs=("curva", "índice"),
    misconceptions=MISCONCEPTIONS,
)
