"""Ejercicio: ajustar una ley de potencias con piso conocido."""

import math

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def _line(x, y):
    """Ordenada en el origen y pendiente de la recta de mínimos cuadrados."""
    x, y = x.double(), y.double()
    slope = (((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()).item()
    return y.mean().item() - slope * x.mean().item(), slope


def reference(sizes, losses, floor):
    """(a, α) de pérdida − piso = a·N^(−α): una recta entre logaritmos."""
    intercept, slope = _line(sizes.log(), (losses - floor).log())
    return math.exp(intercept), -slope


def cases(generator):
    """Dos puntos exactos, curvas limpias y curvas con ruido, con piso y sin él."""
    fixed = [
        (torch.tensor([1.0, 100.0]), torch.tensor([3.0, 1.2]), 1.0),
        (torch.tensor([10.0, 1000.0, 10000.0]), torch.tensor([4.0, 1.5, 0.8]), 0.0),
    ]
    random = []
    for points in (3, 5, 7):
        scale, exponent, floor = (0.3 + torch.rand(3, generator=generator)).tolist()
        sizes = 10 ** torch.linspace(1, 3.5, points)
        noise = (0.1 * torch.randn(points, generator=generator)).exp()
        losses = floor + 4 * scale * sizes ** (-0.5 * exponent) * noise
        random.append((sizes, losses, floor))
    return fixed + random


def both_positive(value, sizes, losses, floor):
    """La pérdida baja al crecer: a y α son positivos."""
    scale, exponent = value
    if scale > 0 and exponent > 0:
        return None
    return f"Salió a = {scale:.3g} y α = {exponent:.3g}: los dos deben ser positivos."


def passes_through_the_middle(value, sizes, losses, floor):
    """Las desviaciones, en logaritmos, se compensan."""
    scale, exponent = value
    if scale <= 0:
        return None
    predicted = math.log(scale) - exponent * sizes.double().log()
    gap = ((losses - floor).double().log() - predicted).mean().item()
    if abs(gap) < 1e-3:
        return None
    side = "bajo" if gap > 0 else "sobre"
    return f"La curva queda {side} los puntos: en promedio, a un factor {math.exp(abs(gap)):.3g}."


def _logs(transform):
    def wrong(sizes, losses, floor):
        return transform(*_line(sizes.log(), (losses - floor).log()))

    return wrong


def _semilog(sizes, losses, floor):
    intercept, slope = _line(sizes.log(), losses - floor)
    return intercept, -slope


def _straight(sizes, losses, floor):
    intercept, slope = _line(sizes, losses - floor)
    return intercept, -slope


MISCONCEPTIONS = (
    Misconception(
        "No restaste el piso",
        "La ley de potencias describe lo que sobra por encima del piso: resta `floor` antes del logaritmo.",
        lambda sizes, losses, floor: reference(sizes, losses, 0.0),
    ),
    Misconception(
        "El signo de α",
        "La pendiente de la recta es −α: la pérdida baja cuando N crece.",
        _logs(lambda intercept, slope: (math.exp(intercept), slope)),
    ),
    Misconception(
        "Devolviste log a",
        "La recta corta el eje en log a. Para tener a hay que aplicar la exponencial.",
        _logs(lambda intercept, slope: (intercept, -slope)),
    ),
    Misconception(
        "Mezclaste las bases",
        "Si los logaritmos son en base e, a se recupera con `exp`, no con `10 **`.",
        _logs(lambda intercept, slope: (10**intercept, -slope)),
    ),
    Misconception(
        "Devolviste los dos al revés",
        "El orden es (a, α).",
        _logs(lambda intercept, slope: (-slope, math.exp(intercept))),
    ),
    Misconception(
        "Solo un eje en logaritmos",
        "Una potencia es una recta cuando *los dos* ejes son logarítmicos: falta el logaritmo de la "
        "pérdida.",
        _semilog,
    ),
    Misconception(
        "Ajustaste una recta sin logaritmos",
        "a·N^(−α) no es una recta en N. Toma el logaritmo de los tamaños y de las pérdidas.",
        _straight,
    ),
)

EXERCISE = Exercise(
    key="fit_power_law",
    chapter="03_tamanos",
    title="Ajustar una ley de escala",
    objective="Encontrar la ley de potencias que mejor pasa por unas pérdidas medidas.",
    difficulty=3,
    minutes=25,
    section="La ley de escala",
    hints=(
        "Toma logaritmos a los dos lados de (pérdida − piso) = a·N^(−α). ¿Qué queda si llamas x a log N? ¿Cuáles son su "
        "pendiente y su corte con el eje?",
        "Con `x = sizes.log()` e `y = (losses - floor).log()`, la pendiente de mínimos cuadrados es "
        "Σ(x − x̄)(y − ȳ) / Σ(x − x̄)², y el corte, ȳ − pendiente·x̄. Devuelve (exp(corte), −pendiente), los "
        "dos como números, con `.item()`.",
    ),
    cases=cases,
    reference=reference,
    idea="log(pérdida − piso) = log a − α·log N: una recta que se ajusta por mínimos cuadrados.",
    properties=(
        Property(
            "a y α son positivos",
            "La pérdida queda sobre el piso y baja al crecer el modelo.",
            both_positive,
        ),
        Property(
            "Pasa por el medio de los puntos",
            "En mínimos cuadrados las desviaciones (aquí, entre logaritmos) suman cero.",
            passes_through_the_middle,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
