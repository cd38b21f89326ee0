"""Ejercicio: ajustar una ley de potencias con piso conocido."""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Pair = tuple[float, float]  # a y α, o el corte y la pendiente de una recta


def _line(x: torch.Tensor, y: torch.Tensor) -> Pair:
    """Ordenada en el origen y pendiente de la recta de mínimos cuadrados."""
    x, y = x.double(), y.double()
    slope = (((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()).item()
    return y.mean().item() - slope * x.mean().item(), slope


def reference(sizes: torch.Tensor, losses: torch.Tensor, floor: float) -> Pair:
    """(a, α) de pérdida − piso = a·N^(−α): una recta entre logaritmos."""
    intercept, slope = _line(sizes.log(), (losses - floor).log())
    return math.exp(intercept), -slope


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor, float]]:
    """Dos puntos exactos, y curvas con ruido: sin orden, a distancias desiguales, con repetidos."""
    fixed = [
        (torch.tensor([1.0, 100.0]), torch.tensor([3.0, 1.2]), 1.0),
        (torch.tensor([10.0, 1000.0, 10000.0]), torch.tensor([4.0, 1.5, 0.8]), 0.0),
    ]
    random = []
    for points in (3, 5, 7):
        scale, exponent, floor = (0.3 + torch.rand(3, generator=generator)).tolist()
        jitter = 0.3 * torch.rand(points, generator=generator)
        sizes = 10 ** (torch.linspace(1, 3.5, points) + jitter)
        if points == 5:
            sizes[3] = sizes[2]
        noise = 0.05 * torch.tensor([1.0, -1.0]).repeat(points)[:points]
        noise += 0.1 * torch.rand(points, generator=generator)
        losses = floor + 6 * scale * sizes ** (-0.5 * exponent) * noise.exp()
        if points == 7:  # dos modelos vecinos en que el mayor salió peor
            losses[[2, 3]] = losses[[3, 2]]
        order = torch.randperm(points, generator=generator)
        if sizes[order[0]] == sizes[order[-1]]:  # los repetidos, en los extremos
            order = order.roll(1)
        random.append((sizes[order], losses[order], floor))
    return fixed + random


def both_positive(
    value: Pair, sizes: torch.Tensor, losses: torch.Tensor, floor: float
) -> str | None:
    """La pérdida baja al crecer: a y α son positivos."""
    scale, exponent = value
    if scale > 0 and exponent > 0:
        return None
    return f"Salió a = {scale:.3g} y α = {exponent:.3g}: los dos deben ser positivos."


def passes_through_the_middle(
    value: Pair, sizes: torch.Tensor, losses: torch.Tensor, floor: float
) -> str | None:
    """Las desviaciones, en logaritmos, se compensan."""
    scale, exponent = value
    if scale <= 0:
        return None
    predicted = math.log(scale) - exponent * sizes.double().log()
    gap = ((losses - floor).double().log() - predicted).mean().item()
    if abs(gap) < 1e-3:
        return None
    if not abs(gap) < 700:
        return f"Con a = {scale:.3g} y α = {exponent:.3g} la curva no pasa ni cerca de los puntos."
    side = "bajo" if gap > 0 else "sobre"
    return f"La curva queda {side} los puntos: en promedio, a un factor {math.exp(abs(gap)):.3g}."


def leans_like_the_points(
    value: Pair, sizes: torch.Tensor, losses: torch.Tensor, floor: float
) -> str | None:
    """Las desviaciones no suben ni bajan con el tamaño: la inclinación es la de los puntos."""
    scale, exponent = value
    slope = _line(sizes.log(), (losses - floor).log())[1]
    if scale <= 0 or abs(exponent + slope) < 1e-4 * abs(slope) + 1e-5:
        return None
    word = "menos" if exponent < -slope else "más"
    return f"Con α = {exponent:.4g} la curva baja {word} que los puntos."


def _logs(
    transform: Callable[[float, float], Pair],
) -> Callable[[torch.Tensor, torch.Tensor, float], Pair]:
    def wrong(sizes: torch.Tensor, losses: torch.Tensor, floor: float) -> Pair:
        return transform(*_line(sizes.log(), (losses - floor).log()))

    return wrong


def _semilog(sizes: torch.Tensor, losses: torch.Tensor, floor: float) -> Pair:
    intercept, slope = _line(sizes.log(), losses - floor)
    return intercept, -slope


def _straight(sizes: torch.Tensor, losses: torch.Tensor, floor: float) -> Pair:
    intercept, slope = _line(sizes, losses - floor)
    return intercept, -slope


def _inverse(sizes: torch.Tensor, losses: torch.Tensor, floor: float) -> Pair:
    intercept, slope = _line((losses - floor).log(), sizes.log())
    return math.exp(-intercept / slope), -1 / slope


def _two_points(sizes: torch.Tensor, losses: torch.Tensor, floor: float) -> Pair:
    return reference(sizes[[0, -1]], losses[[0, -1]], floor)


def _through_the_origin(sizes: torch.Tensor, losses: torch.Tensor, floor: float) -> Pair:
    x, y = sizes.log(), (losses - floor).log()
    return 1.0, -((x * y).sum() / (x * x).sum()).item()


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
    Misconception(
        "Usaste solo dos puntos",
        "Por el primero y el último pasa una recta, pero los del medio también cuentan: mínimos "
        "cuadrados los usa todos.",
        _two_points,
    ),
    Misconception(
        "Intercambiaste los ejes",
        "En la pendiente se divide por Σ(x − x̄)², con x = log N. Dividir por Σ(y − ȳ)² ajusta los tamaños "
        "a partir de las pérdidas, que es otra recta.",
        _inverse,
    ),
    Misconception(
        "Forzaste la recta a pasar por el origen",
        "Faltan las medias: la pendiente es Σ(x − x̄)(y − ȳ) / Σ(x − x̄)², y el corte, ȳ − pendiente·x̄.",
        _through_the_origin,
    ),
    Misconception(
        "Le sumaste el piso a a",
        "El piso se resta de las pérdidas antes del logaritmo, y a ya describe lo que queda encima.",
        lambda sizes, losses, floor: (
            reference(sizes, losses, floor)[0] + floor,
            reference(sizes, losses, floor)[1],
        ),
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
        "Resta a cada variable su media: la pendiente es el cociente de dos sumas, la de los productos y la de los "
        "cuadrados de x. El corte sale de que la recta pasa por el punto medio. Después hay que deshacer el "
        "logaritmo en una de las dos constantes y cambiar el signo de la otra.",
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
        Property(
            "Se inclina como los puntos",
            "α es menos la pendiente de mínimos cuadrados: Σ(x − x̄)(y − ȳ) / Σ(x − x̄)², con todos los "
            "puntos.",
            leans_like_the_points,
        ),
    ),
    outputs=("a", "alfa"),
    misconceptions=MISCONCEPTIONS,
)
