"""Ejercicio: el intervalo de una exactitud (la verdadera, no la que saldría en otra muestra)."""

from __future__ import annotations

import math

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Interval = tuple[float, float]

Z = 1.96


def reference(successes: int, n: int) -> Interval:
    """Intervalo de Wilson del 95 %."""
    return _wilson(successes, n)


def _wilson(
    successes: float,
    n: int,
    *,
    z: float = Z,
    shift: float = 0.5,
    inside: float = 0.25,
    divide: bool = True,
) -> Interval:
    """El intervalo; cambiar un argumento con nombre es equivocarse en un término."""
    p = successes / n
    center = p + shift * z**2 / n
    margin = z * math.sqrt(p * (1 - p) / n + inside * z**2 / n**2)
    scale = 1 + z**2 / n if divide else 1.0
    return (center - margin) / scale, (center + margin) / scale


def cases(generator: torch.Generator) -> list[tuple[int, int]]:
    """Pocos y muchos casos, con aciertos de ninguno a todos."""
    fixed = [(1, 2), (0, 5), (5, 5), (1, 1), (0, 1), (15, 20), (102, 136), (1, 2000)]
    random = [(int(torch.randint(1, n, (1,), generator=generator)), n) for n in (10, 40, 136, 500)]
    return fixed + random


def in_order(value: Interval, successes: int, n: int) -> str | None:
    """Primero el extremo inferior."""
    low, high = value
    if low <= high:
        return None
    return f"El primer extremo, {low:.3g}, es mayor que el segundo, {high:.3g}."


def stays_inside(value: Interval, successes: int, n: int) -> str | None:
    """Los extremos son proporciones."""
    low, high = value
    if min(value) < -1e-6 or max(value) > 1 + 1e-6:
        return f"El intervalo [{low:.3g}, {high:.3g}] se sale de [0, 1]."
    return None


def has_width(value: Interval, successes: int, n: int) -> str | None:
    """Con pocos casos nunca hay certeza."""
    width = abs(value[1] - value[0])
    return None if width > 1e-3 else f"El intervalo mide {width:.3g}: parece una certeza."


def contains_the_proportion(value: Interval, successes: int, n: int) -> str | None:
    """Lo que se midió está dentro."""
    low, high = sorted(value)
    if low - 1e-6 <= successes / n <= high + 1e-6:
        return None
    return f"El intervalo [{low:.3g}, {high:.3g}] no contiene lo medido, {successes / n:.3g}."


def is_not_rounded(value: Interval, successes: int, n: int) -> str | None:
    """Los extremos van con todas sus cifras."""
    right = reference(successes, n)
    for digits in range(5):
        if value == tuple(round(bound, digits) for bound in right):
            return f"Los extremos vienen redondeados a {digits} decimales."
    return None


def is_of_95_percent(value: Interval, successes: int, n: int) -> str | None:
    """Cada extremo p₀ cumple |p − p₀| = z·√(p₀(1 − p₀)/n): de ahí se despeja z."""
    p = successes / n
    inner = [bound for bound in value if 1e-9 < bound < 1 - 1e-9]
    found = [abs(p - bound) / math.sqrt(bound * (1 - bound) / n) for bound in inner]
    if len(found) < 2 or abs(found[0] / found[1] - 1) > 1e-3 or abs(found[0] / Z - 1) < 1e-2:
        return None
    if is_not_rounded(value, successes, n):
        return None
    return f"Este es el intervalo de Wilson con z = {found[0]:.4g}; el del 95 % es con z = {Z}."


def _wald(successes: int, n: int) -> Interval:
    p = successes / n
    margin = Z * math.sqrt(p * (1 - p) / n)
    return p - margin, p + margin


def _adjusted(successes: int, n: int) -> Interval:
    p = (successes + Z**2 / 2) / (n + Z**2)
    margin = Z * math.sqrt(p * (1 - p) / (n + Z**2))
    return p - margin, p + margin


def _center_and_margin(successes: int, n: int) -> Interval:
    low, high = reference(successes, n)
    return (low + high) / 2, (high - low) / 2


def _without_root(successes: int, n: int) -> Interval:
    low, high = reference(successes, n)
    scale = 1 + Z**2 / n
    margin = (high - low) / 2 * scale
    short = margin**2 / Z  # z·(p(1 − p)/n + …), sin la raíz
    return (low + high) / 2 - short / scale, (low + high) / 2 + short / scale


MISCONCEPTIONS = (
    Misconception(
        "Usaste p ± 1.96·√(p(1−p)/n)",
        "Esa aproximación mide cero cuando se acierta todo o nada, y se sale de [0, 1]. La fórmula de "
        "Wilson corrige el centro y el ancho.",
        _wald,
    ),
    Misconception(
        "Falta dividir por 1 + z²/n",
        "El centro y el margen están bien; los dos se dividen por 1 + z²/n.",
        lambda successes, n: _wilson(successes, n, divide=False),
    ),
    Misconception(
        "Con z = 1",
        "Con z = 1 el intervalo es del 68 %. Para el 95 % es z = 1.96.",
        lambda successes, n: _wilson(successes, n, z=1.0),
    ),
    Misconception(
        "En porcentaje",
        "Se piden proporciones entre 0 y 1.",
        lambda successes, n: tuple(100 * bound for bound in reference(successes, n)),
    ),
    Misconception(
        "Los extremos al revés",
        "Se pide (inferior, superior): primero el centro menos el margen y después el centro más el "
        "margen.",
        lambda successes, n: reference(successes, n)[::-1],
    ),
    Misconception(
        "Devolviste el centro y el margen",
        "Se piden los extremos: centro − margen y centro + margen.",
        _center_and_margin,
    ),
    Misconception(
        "No corriste el centro",
        "El centro de Wilson no es p: es p + z²/(2n), antes de dividir por 1 + z²/n.",
        lambda successes, n: _wilson(successes, n, shift=0),
    ),
    Misconception(
        "Olvidaste un término de la raíz",
        "Dentro de la raíz van p(1 − p)/n más z²/(4n²): sin el segundo, con 5 de 5 el margen es cero.",
        lambda successes, n: _wilson(successes, n, inside=0),
    ),
    Misconception(
        "Olvidaste el 4",
        "El segundo término de la raíz es z²/(4n²).",
        lambda successes, n: _wilson(successes, n, inside=1),
    ),
    Misconception(
        "Un 2 en lugar de un 4",
        "El segundo término de la raíz es z²/(4n²), no z²/(2n²).",
        lambda successes, n: _wilson(successes, n, inside=0.5),
    ),
    Misconception(
        "Olvidaste el 2 del centro",
        "El centro es p + z²/(2n), antes de dividir por 1 + z²/n.",
        lambda successes, n: _wilson(successes, n, shift=1),
    ),
    Misconception(
        "Olvidaste la raíz",
        "El margen es z por la *raíz* de p(1 − p)/n + z²/(4n²).",
        _without_root,
    ),
    Misconception(
        "Ese es el intervalo de Agresti y Coull",
        "Suma z²/2 aciertos y z² casos y usa la fórmula corriente: el centro es el de Wilson, pero el "
        "margen no.",
        _adjusted,
    ),
    Misconception(
        "Contaste los errores",
        "p es aciertos / n.",
        lambda successes, n: reference(n - successes, n),
    ),
)

EXERCISE = Exercise(
    key="wilson_interval",
    chapter="05_prompting",
    title="El intervalo de una exactitud",
    objective="Decir con qué exactitudes verdaderas son compatibles unos aciertos.",
    difficulty=1,
    minutes=10,
    section="Cuánto acierta",
    hints=(
        "¿Qué pasa con p ± 1.96·√(p(1 − p)/n) si se aciertan 5 de 5? ¿Te convence un intervalo que "
        "mide cero?",
        "Calcula por separado tres cantidades: el centro (lo que va antes del ±), el margen (lo que va "
        "después, con su z delante de la raíz) y el denominador, que divide a los dos extremos. Comprueba "
        "con 5 de 5: el superior debe ser 1.",
    ),
    cases=cases,
    reference=reference,
    idea="Wilson: las exactitudes verdaderas con las que estos aciertos no serían raros.",
    properties=(
        Property(
            "Van en orden",
            "Se devuelve (inferior, superior).",
            in_order,
        ),
        Property(
            "No se sale de [0, 1]",
            "Una exactitud es una proporción: un intervalo que llega a 1.1 no significa nada.",
            stays_inside,
        ),
        Property(
            "Nunca mide cero",
            "Cinco aciertos de cinco no prueban que el modelo sea infalible.",
            has_width,
        ),
        Property(
            "Contiene lo medido",
            "El intervalo se construye alrededor de la proporción que se midió.",
            contains_the_proportion,
        ),
        Property(
            "Sin redondear",
            "Se redondea al mostrar, no al calcular: con muchos casos el intervalo mide menos que eso.",
            is_not_rounded,
        ),
        Property(
            "Es el del 95 %",
            "z dice cuántas desviaciones se aceptan: 1.96 para el 95 %, 1.645 para el 90 %.",
            is_of_95_percent,
        ),
    ),
    outputs=("inferior", "superior"),
    misconceptions=MISCONCEPTIONS,
)
