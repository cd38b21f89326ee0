"""Ejercicio: fundir LoRA con la capa."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property
from .adapters import SCALES, SIZES, Adapter, Scale, drawn, tiny, with_scale

__all__ = ["EXERCISE"]

Tensor = torch.Tensor


def reference(W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    """W + (alpha / r) B A, en una matriz nueva."""
    return W + (alpha / A.shape[0]) * (B @ A)


def cases(generator: torch.Generator) -> list[tuple[Tensor, Tensor, Tensor, float]]:
    """De un número, con B en cero, y capas anchas, altas y cuadradas de varios rangos."""
    return [*tiny(), *(drawn(generator, *size) for size in SIZES)]


def changes_little(merged: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float) -> str | None:
    """El cambio tiene rango r a lo más."""
    if A.shape[0] >= min(W.shape):
        return None
    rank = int(torch.linalg.matrix_rank((merged - W).double(), rtol=1e-4, atol=1e-4))
    if rank <= A.shape[0]:
        return None
    return f"La diferencia entre tu matriz y W tiene rango {rank}, y r es {A.shape[0]}."


def works_like_the_layer(
    merged: Tensor, W: Tensor, A: Tensor, B: Tensor, alpha: float
) -> str | None:
    """La primera entrada de la base sale igual que por la capa con LoRA."""
    x = torch.zeros(W.shape[1])
    x[0] = 1.0
    found, wanted = x @ merged.T, x @ W.T + alpha / A.shape[0] * (x @ A.T @ B.T)
    gap = float((found - wanted).abs().max())
    if gap < 1e-3 * (1 + float(wanted.abs().max())):
        return None
    return f"Con la entrada (1, 0, 0…), tu matriz y la capa con LoRA difieren hasta en {gap:.3g}."


def _scaled(name: str, explanation: str, scale: Scale) -> Misconception:
    def wrong(W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
        return W + with_scale(scale, Adapter(W, A, B, alpha))

    return Misconception(name, explanation, wrong)


def _product_reversed(W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return W + alpha / A.shape[0] * (A @ B)


def _correction_transposed(W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return W + alpha / A.shape[0] * (A.T @ B.T)


def _everything_scaled(W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return alpha / A.shape[0] * (W + B @ A)


def _subtracted(W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return W - alpha / A.shape[0] * (B @ A)


def _scaled_twice(W: Tensor, A: Tensor, B: Tensor, alpha: float) -> Tensor:
    return W + (alpha / A.shape[0]) ** 2 * (B @ A)


MISCONCEPTIONS = (
    *(_scaled(*one) for one in SCALES),
    Misconception(
        "Devolviste solo la corrección",
        "La matriz que reemplaza a W es la suma de W y la corrección.",
        lambda W, A, B, alpha: alpha / A.shape[0] * (B @ A),
    ),
    Misconception(
        "Devolviste W",
        "Falta sumar la corrección, α/r · B A.",
        lambda W, A, B, alpha: W.clone(),
    ),
    Misconception(
        "A B en lugar de B A",
        "Al trasponer un producto se invierte el orden: A^T B^T es (B A)^T. B A tiene la forma de W; A B, la "
        "de una matriz r × r.",
        _product_reversed,
    ),
    Misconception(
        "La corrección quedó traspuesta",
        "A^T B^T es lo que multiplica a x; la matriz que se suma a W es su traspuesta, B A.",
        _correction_transposed,
    ),
    Misconception(
        "Devolviste la traspuesta",
        "La matriz reemplaza a W y tiene su forma, (d_out, d_in): la capa la traspone después.",
        lambda W, A, B, alpha: reference(W, A, B, alpha).T,
    ),
    Misconception(
        "Escalaste también W",
        "α/r multiplica solo a la corrección.",
        _everything_scaled,
    ),
    Misconception("Restaste", "Restar es deshacer la fusión: la corrección se suma.", _subtracted),
    Misconception(
        "Escalaste dos veces",
        "α/r se aplica una sola vez, y no a A y a B por separado.",
        _scaled_twice,
    ),
)

EXERCISE = Exercise(
    key="merge_lora",
    chapter="06_instrucciones",
    title="Fundir LoRA con la capa",
    objective="Reemplazar una capa y su adaptador por una sola matriz que da lo mismo.",
    difficulty=1,
    minutes=10,
    section="LoRA: cambiar poco",
    hints=(
        "Escribe x W^T + (α/r) x A^T B^T como x multiplicada por una sola matriz traspuesta. ¿Qué pasa con "
        "el orden de un producto al trasponerlo?",
        "A^T B^T es (B A)^T, así que la matriz es W más α/r por B A, con `r = A.shape[0]`. Usa `W + ...`, "
        "que crea otra, y no `W += ...`, que cambia la que recibiste.",
    ),
    cases=cases,
    reference=reference,
    idea="W + (α/r) B A, en una matriz nueva.",
    properties=(
        Property(
            "El cambio tiene rango r",
            "Lo que se suma es el producto de una matriz de r columnas y una de r filas.",
            changes_little,
        ),
        Property(
            "Da lo mismo que la capa con LoRA",
            "Para cualquier x, `x @ merged.T` es x W^T + (α/r) x A^T B^T.",
            works_like_the_layer,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
