"""Propiedades que cumple todo filtro de puntajes."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.exercise import Property

__all__ = ["filter_properties"]

INF = float("inf")
Filter = Callable[..., torch.Tensor]


def filter_properties(reference: Filter) -> tuple[Property, Property]:
    """Lo que cumple un filtro: eliminar es −∞ y lo conservado no cambia.

    `reference` es la solución: con ella se sabe si un puntaje cambiado debía irse o quedarse.
    """
    return (
        Property(
            "Eliminar es −∞",
            "Con −∞ (`float('-inf')`) la softmax da exactamente 0. Cualquier otro número es un puntaje "
            "más: cuánta probabilidad recibe depende de los demás.",
            lambda filtered, scores, *rest: _other_mark(
                filtered, scores, reference(scores, *rest) == -INF
            ),
        ),
        Property(
            "Los puntajes conservados no cambian",
            "Un filtro decide quién se va; los puntajes de los que se quedan no cambian.",
            lambda filtered, scores, *rest: _changed(
                filtered, scores, reference(scores, *rest) > -INF
            ),
        ),
    )


def _other_mark(filtered: torch.Tensor, scores: torch.Tensor, goes: torch.Tensor) -> str | None:
    """Lo que se va quedó en un número, distinto del que tenía."""
    marked = goes & (filtered > -INF) & ~torch.isclose(filtered, scores)
    if not marked.any():
        return None
    row, token = marked.nonzero()[0].tolist()
    mark = filtered[row, token].item()
    return (
        f"El token {token} (fila {row}) debe irse y quedó con puntaje {mark:.4g}, no con −∞."
        if mark < INF
        else f"El token {token} (fila {row}) debe irse y quedó en +∞: falta el signo menos."
    )


def _changed(filtered: torch.Tensor, scores: torch.Tensor, stays: torch.Tensor) -> str | None:
    """Un puntaje que debía quedarse igual es otro."""
    wrong = stays & (filtered > -INF) & ~torch.isclose(filtered, scores, rtol=1e-4, atol=1e-5)
    if not wrong.any():
        return None
    row, token = wrong.nonzero()[0].tolist()
    before, after = scores[row, token].item(), filtered[row, token].item()
    return f"El puntaje del token {token} (fila {row}) pasó de {before:.4g} a {after:.4g}."
