"""Ejercicio: una capa lineal con LoRA."""

from __future__ import annotations

from typing import Any

import torch

from ..core.exercise import Exercise, Misconception, Property
from .adapters import SCALES, SIZES, Adapter, Scale, drawn, tiny, with_scale

__all__ = ["EXERCISE"]

Tensor = torch.Tensor


def reference(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """x W^T + (alpha / r) x A^T B^T."""
    return x @ W.T + (alpha / A.shape[0]) * (x @ A.T @ B.T)


def cases(generator: torch.Generator) -> list[tuple[Tensor, Tensor, Tensor, Tensor, float]]:
    """De un número, con B en cero, y capas anchas, altas y cuadradas de varios rangos."""
    random = [drawn(generator, *size) for size in SIZES]
    found = []
    for place, adapter in enumerate([*tiny(), *random]):
        rows = 1 + place % 3 if place > 2 else 1
        found.append((torch.randn(rows, adapter.W.shape[1], generator=generator), *adapter))
    return found


def _scale_seen(
    y: Tensor, x: Tensor, W: Tensor, A: Tensor, B: Tensor
) -> tuple[float | None, Tensor]:
    """El número que multiplica a la corrección, si es uno solo, y lo que sobra."""
    left, correction = (y - x @ W.T).flatten(), (x @ A.T @ B.T).flatten()
    size = float(correction @ correction)
    if size < 1e-8:
        return None, left
    scale = float(left @ correction) / size
    return scale, left - scale * correction


def starts_as_the_layer(
    y: Tensor, x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float
) -> str | None:
    """Con la corrección en cero sale lo mismo que sin LoRA."""
    if B.any():
        return None
    gap = float((y - x @ W.T).abs().max())
    return None if gap < 1e-4 else f"B está en cero y la salida se aleja hasta {gap:.3g} de x W^T."


def the_scale_is_right(
    y: Tensor, x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float
) -> str | None:
    """Lo que se le suma a la capa es la corrección, por α/r."""
    scale, rest = _scale_seen(y, x, W, A, B)
    wanted = alpha / A.shape[0]
    if scale is None or float(rest.abs().max()) > 1e-3 or abs(scale - wanted) < 1e-3 * abs(wanted):
        return None
    return f"La corrección quedó multiplicada por {scale:.3g}, y α/r es {wanted:.3g}."


def _with_scale(scale: Scale, x: Tensor, *adapter: Any) -> Tensor:
    layer = Adapter(*adapter)
    return x @ layer.W.T + x @ with_scale(scale, layer).T


def _scaled(name: str, explanation: str, scale: Scale) -> Misconception:
    return Misconception(name, explanation, lambda *args: _with_scale(scale, *args))


def _everything_scaled(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return alpha / A.shape[0] * (x @ W.T + x @ A.T @ B.T)


def _without_the_layer(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return alpha / A.shape[0] * (x @ A.T @ B.T)


def _subtracted(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return x @ W.T - alpha / A.shape[0] * (x @ A.T @ B.T)


def _chained(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """La corrección de la salida de la capa, y no de su entrada."""
    y = x @ W.T
    return y + alpha / A.shape[0] * (y @ A.T @ B.T)


def _layer_not_transposed(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return x @ W + alpha / A.shape[0] * (x @ A.T @ B.T)


def _correction_not_transposed(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return x @ W.T + alpha / A.shape[0] * (x @ (B @ A))


def _nothing_transposed(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return x @ W + alpha / A.shape[0] * (x @ A @ B)


def _matrices_in_the_other_order(
    x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float
) -> Tensor:
    return x @ W.T + alpha / A.shape[0] * (x @ B.T @ A.T)


def _activated(x: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return x @ W.T + alpha / A.shape[0] * (torch.relu(x @ A.T) @ B.T)


MISCONCEPTIONS = (
    *(_scaled(*one) for one in SCALES),
    Misconception(
        "Ignoraste LoRA",
        "Falta la corrección: se suma α/r · x A^T B^T.",
        lambda x, W, A, B, alpha: x @ W.T,
    ),
    Misconception(
        "Falta la capa original",
        "W sigue ahí, fija: la corrección se le suma, no la reemplaza.",
        _without_the_layer,
    ),
    Misconception(
        "Escalaste también la capa original",
        "α/r multiplica solo a la corrección. Con B en cero debe salir lo mismo que sin LoRA.",
        _everything_scaled,
    ),
    Misconception("Restaste", "La corrección se suma.", _subtracted),
    Misconception(
        "La corrección recibe la entrada",
        "LoRA va en paralelo a la capa: A lee la misma x que lee W, no la salida de la capa.",
        _chained,
    ),
    Misconception(
        "W sin trasponer",
        "W es (d_out, d_in): se multiplica por su traspuesta, `x @ W.T`. Con una matriz cuadrada no falla, "
        "y da otra cosa.",
        _layer_not_transposed,
    ),
    Misconception(
        "La corrección sin trasponer",
        "La corrección es B A, (d_out, d_in), como W, y se traspone igual: `x @ (B @ A).T`.",
        _correction_not_transposed,
    ),
    Misconception(
        "Nada traspuesto",
        "Cada matriz se guarda como (salida, entrada): se multiplica por su traspuesta, `x @ W.T`.",
        _nothing_transposed,
    ),
    Misconception(
        "A y B en el orden inverso",
        "Primero A, que baja a r dimensiones, y después B, que sube: `x @ A.T @ B.T`.",
        _matrices_in_the_other_order,
    ),
    Misconception(
        "Una activación de más",
        "Entre A y B no hay ninguna función: así la corrección se puede fundir con W.",
        _activated,
    ),
)

EXERCISE = Exercise(
    key="lora_forward",
    chapter="06_instrucciones",
    title="Una capa con LoRA",
    objective="Sumar a una capa fija una corrección de rango pequeño, con su escala.",
    difficulty=1,
    minutes=15,
    section="LoRA: cambiar poco",
    hints=(
        "Anota la forma de cada factor. ¿Qué forma tiene `x @ A.T`? ¿Y después de `@ B.T`? ¿Cuál de las "
        "medidas de A es r?",
        "`r = A.shape[0]`. La salida es la de la capa, `x @ W.T`, más `alpha / r` por lo que resulta de "
        "pasar x por A y luego por B, las dos traspuestas.",
    ),
    cases=cases,
    reference=reference,
    idea="x W^T + (α/r) x A^T B^T, con r el número de filas de A.",
    properties=(
        Property(
            "Con B en cero, la capa original",
            "Así empieza el ajuste: el modelo con LoRA y el modelo base dan lo mismo.",
            starts_as_the_layer,
        ),
        Property(
            "La corrección va multiplicada por α/r",
            "El rango r es el número de filas de A, y también el de columnas de B.",
            the_scale_is_right,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
