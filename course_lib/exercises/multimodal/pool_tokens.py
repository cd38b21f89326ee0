"""Ejercicio: menos tokens visuales."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Case = tuple[Tensor, int, int]

# (B, lado, lado nuevo, C): de un bloque a tantos como celdas, con más y menos bloques que celdas por bloque
SIZES = (
    (1, 2, 1, 2),
    (2, 2, 2, 3),
    (1, 4, 2, 2),
    (2, 4, 2, 4),
    (1, 6, 2, 3),
    (2, 6, 3, 2),
    (1, 8, 2, 1),
    (3, 3, 1, 4),
)


def _grid(tokens: Tensor, side: int) -> Tensor:
    return tokens.reshape(len(tokens), side, side, -1)  # (B, lado, lado, C)


def _blocks(tokens: Tensor, side: int, new_side: int) -> Tensor:
    """(B, r, alto del bloque, r, ancho del bloque, C)."""
    block = side // new_side
    return tokens.reshape(len(tokens), new_side, block, new_side, block, -1)


def reference(tokens: Tensor, side: int, new_side: int) -> Tensor:
    """El promedio de cada bloque, fila por fila."""
    return _blocks(tokens, side, new_side).mean(dim=(2, 4)).flatten(1, 2)


def cases(generator: torch.Generator) -> list[Case]:
    """Una cuadrícula que se calcula a mano, y al azar de varios lados; también sin reducir nada."""
    fixed = [
        (torch.tensor([[[1.0], [2.0], [3.0], [6.0]]]), 2, 1),
        (torch.arange(16.0).reshape(1, 16, 1), 4, 2),
    ]
    drawn = [
        (torch.randn(batch, side * side, width, generator=generator), side, new_side)
        for batch, side, new_side, width in SIZES
    ]
    return [*fixed, *drawn]


def keeps_the_average(pooled: Tensor, tokens: Tensor, side: int, new_side: int) -> str | None:
    """Con bloques iguales, el promedio de toda la imagen no cambia."""
    gap = float((pooled.mean(dim=1) - tokens.mean(dim=1)).abs().max())
    if gap < 1e-4 * (1 + float(tokens.abs().max())):
        return None
    return f"El promedio de los tokens de una imagen cambió en {gap:.3g}."


def first_block(pooled: Tensor, tokens: Tensor, side: int, new_side: int) -> str | None:
    """El primer token es el promedio del bloque de arriba a la izquierda."""
    block = side // new_side
    wanted = _grid(tokens, side)[:, :block, :block].mean(dim=(1, 2))
    if torch.allclose(pooled[:, 0], wanted, rtol=1e-3, atol=1e-4):
        return None
    return (
        f"El primer token de la primera imagen empieza con {pooled[0, 0, 0]:.4g}, y el promedio de las "
        f"{block}×{block} celdas de arriba a la izquierda, con {wanted[0, 0]:.4g}."
    )


def _consecutive(tokens: Tensor, side: int, new_side: int) -> Tensor:
    images, _, width = tokens.shape
    return tokens.reshape(images, new_side * new_side, -1, width).mean(dim=2)


def _far_apart(tokens: Tensor, side: int, new_side: int) -> Tensor:
    """El eje del bloque después del lugar: se promedian celdas cada tantas."""
    block = side // new_side
    grid = tokens.reshape(len(tokens), block, new_side, block, new_side, -1)
    return grid.mean(dim=(1, 3)).flatten(1, 2)


def _window_of_the_new_side(tokens: Tensor, side: int, new_side: int) -> Tensor:
    return reference(tokens, side, side // new_side)


def _channels_as_grid(tokens: Tensor, side: int, new_side: int) -> Tensor:
    """Los números cortados como (B, C, lado, lado) sin mover los ejes."""
    images, _, width = tokens.shape
    grid = tokens.reshape(images, width, side * side).transpose(1, 2)
    return reference(grid, side, new_side)


MISCONCEPTIONS = (
    Misconception(
        "Promediaste tokens seguidos",
        "En la secuencia las celdas van fila por fila: las que siguen a una son de su misma fila. Un bloque cuadrado tiene "
        "celdas de varias filas.",
        _consecutive,
    ),
    Misconception(
        "Promediaste celdas lejanas",
        "Al separar un eje en dos, primero va el bloque y después el lugar dentro del bloque: (r, s/r), no (s/r, r).",
        _far_apart,
    ),
    Misconception(
        "Tomaste una celda de cada bloque",
        "Se pide el promedio de todas las del bloque, no una de muestra.",
        lambda *args: _blocks(*args)[:, :, 0, :, 0].flatten(1, 2),
    ),
    Misconception(
        "Tomaste el máximo",
        "Se pide el promedio de cada bloque.",
        lambda *args: _blocks(*args).amax(dim=(2, 4)).flatten(1, 2),
    ),
    Misconception(
        "Sumaste",
        "Se pide el promedio: divide por las celdas del bloque.",
        lambda *args: _blocks(*args).sum(dim=(2, 4)).flatten(1, 2),
    ),
    Misconception(
        "Sumaste en un eje",
        "El promedio es sobre las dos direcciones del bloque: divide también por su alto.",
        lambda *args: _blocks(*args).mean(dim=4).sum(dim=2).flatten(1, 2),
    ),
    Misconception(
        "Los bloques columna por columna",
        "Los bloques también se leen fila por fila.",
        lambda *args: _blocks(*args).mean(dim=(2, 4)).transpose(1, 2).flatten(1, 2),
    ),
    Misconception(
        "Reduciste una sola dirección",
        "Cada bloque abarca varias filas y varias columnas: faltan las filas.",
        lambda *args: _blocks(*args).mean(dim=4).flatten(1, 3),
    ),
    Misconception(
        "Redujiste solo las filas",
        "Cada bloque abarca varias filas y varias columnas: faltan las columnas.",
        lambda *args: _blocks(*args).mean(dim=2).flatten(1, 3),
    ),
    Misconception(
        "`new_side` es el lado de la cuadrícula nueva",
        "Hay `new_side` bloques por lado, y cada uno mide `side // new_side`: al revés quedan otros tantos.",
        _window_of_the_new_side,
    ),
    Misconception(
        "Te quedaste con los primeros",
        "Son los de la parte de arriba de la imagen: el resto se perdió.",
        lambda tokens, side, new_side: tokens[:, : new_side * new_side],
    ),
    Misconception(
        "Recortaste la esquina",
        "Se reduce la imagen entera, no una parte: cada bloque se promedia.",
        lambda tokens, side, new_side: _grid(tokens, side)[:, :new_side, :new_side].flatten(1, 2),
    ),
    Misconception(
        "Falta aplanar",
        "(B, r, r, C) es todavía una cuadrícula: junta los dos ejes de en medio.",
        lambda *args: _blocks(*args).mean(dim=(2, 4)),
    ),
    Misconception(
        "Los canales quedaron antes",
        "El orden de los ejes es (B, tokens, C): los canales van al final.",
        lambda *args: reference(*args).transpose(1, 2),
    ),
    Misconception(
        "Tomaste los canales como cuadrícula",
        "`reshape(B, C, s, s)` no mueve los ejes: mezcla canales y celdas. Primero `transpose(1, 2)`, o deja los canales al "
        "final: `reshape(B, s, s, C)`.",
        _channels_as_grid,
    ),
)

EXERCISE = Exercise(
    key="pool_tokens",
    chapter="07_multimodalidad",
    title="Menos tokens visuales",
    objective="Reducir el número de tokens visuales promediando celdas vecinas.",
    difficulty=2,
    minutes=20,
    section="Cuántos tokens visuales hacen falta",
    hints=(
        "Con 4×4 celdas y 2×2 bloques, ¿qué números de la secuencia forman el primer bloque? ¿Y el segundo? ¿Están seguidos?",
        "Con k = s // r, `reshape(B, r, k, r, k, C)` separa las filas en (bloque, lugar) y las columnas en (bloque, lugar). Un "
        "bloque es todo lo que comparte los ejes 1 y 3: promedia en los otros dos de tamaño k, y junta los que quedan.",
    ),
    cases=cases,
    reference=reference,
    idea="El promedio de cada bloque de (s/r)×(s/r) celdas vecinas; los bloques, fila por fila.",
    properties=(
        Property(
            "El promedio de la imagen no cambia",
            "Los bloques son iguales y cada celda está en uno: promediar los promedios da el de todas.",
            keeps_the_average,
        ),
        Property(
            "El primer token es la esquina de arriba a la izquierda",
            "Un bloque es un cuadrado de celdas vecinas, de varias filas.",
            first_block,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
