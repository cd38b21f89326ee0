"""Ejercicio: del mapa de rasgos a una secuencia."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor

# (B, C, H, W): una y varias imágenes, cuadrículas anchas, altas y cuadradas, y una con C = H·W
SIZES = (
    (1, 2, 1, 3),
    (1, 3, 3, 1),
    (2, 2, 2, 2),
    (1, 4, 2, 3),
    (2, 3, 3, 2),
    (3, 6, 2, 3),
    (2, 5, 4, 3),
)


def reference(features: Tensor) -> Tensor:
    """Una celda por token, fila por fila."""
    return features.permute(0, 2, 3, 1).flatten(1, 2)


def cases(generator: torch.Generator) -> list[tuple[Tensor]]:
    """De una celda, uno en que cada número dice de dónde viene, y al azar de varias formas."""
    fixed = [torch.tensor([[[[3.0]], [[5.0]]]]), torch.arange(8.0).reshape(1, 2, 2, 2)]
    return [(features,) for features in [*fixed, *(_drawn(generator, *s) for s in SIZES)]]


def _drawn(generator: torch.Generator, *size: int) -> Tensor:
    return torch.randn(*size, generator=generator)


def each_token_is_a_cell(tokens: Tensor, features: Tensor) -> str | None:
    """El token i es la celda (i // W, i % W) de su imagen."""
    images, _, rows, columns = features.shape
    for image in range(images):
        for row in range(rows):
            for column in range(columns):
                cell, place = features[image, :, row, column], row * columns + column
                if not torch.allclose(tokens[image, place], cell, atol=1e-5):
                    return (
                        f"En la imagen {image}, el token {place} es {_text(tokens[image, place])}, y la celda "
                        f"(fila {row}, columna {column}) tiene {_text(cell)}."
                    )
    return None


def _text(vector: Tensor) -> str:
    return "[" + ", ".join(f"{value:.3g}" for value in vector.tolist()) + "]"


def _reshaped(features: Tensor) -> Tensor:
    images, channels, rows, columns = features.shape
    return features.reshape(images, rows * columns, channels)


def _images_mixed(features: Tensor) -> Tensor:
    """La posición queda primero, y al cortar se mezclan las imágenes."""
    images, channels, rows, columns = features.shape
    return features.permute(2, 3, 0, 1).reshape(images, rows * columns, channels)


MISCONCEPTIONS = (
    Misconception(
        "Cambiaste la forma sin mover los ejes",
        "`reshape` y `view` no reordenan: vuelven a cortar los números en el orden en que están guardados, canal "
        "por canal. Primero lleva los canales al final, con `permute` o `transpose`.",
        _reshaped,
    ),
    Misconception(
        "Leíste columna por columna",
        "Se lee fila por fila: la columna es lo que cambia más rápido. `transpose(1, 3)` deja los ejes en el orden "
        "(B, W, H, C); hace falta (B, H, W, C).",
        lambda features: features.permute(0, 3, 2, 1).flatten(1, 2),
    ),
    Misconception(
        "Los canales no se movieron",
        "Juntaste filas y columnas, (B, C, H·W): falta cambiar de lugar los dos últimos ejes.",
        lambda features: features.flatten(2),
    ),
    Misconception(
        "Falta juntar filas y columnas",
        "(B, H, W, C) es todavía una cuadrícula: junta los dos ejes de en medio en uno solo.",
        lambda features: features.permute(0, 2, 3, 1),
    ),
    Misconception(
        "Juntaste las imágenes del lote",
        "Cada imagen es una secuencia aparte: el primer eje, B, se conserva.",
        lambda features: features.permute(0, 2, 3, 1).flatten(0, 2),
    ),
    Misconception(
        "Solo la primera imagen",
        "El lote tiene B imágenes, y el resultado también: (B, H·W, C).",
        lambda features: features[0].flatten(1).T,
    ),
    Misconception(
        "Mezclaste las imágenes del lote",
        "El eje del lote se queda primero. Si se mueve y después se corta, en una secuencia hay celdas de varias imágenes.",
        _images_mixed,
    ),
    Misconception(
        "Las posiciones quedaron antes que el lote",
        "El orden de los ejes es (B, H·W, C): el lote va primero.",
        lambda features: features.flatten(2).permute(2, 0, 1),
    ),
    Misconception(
        "Un solo token por imagen",
        "Promediar las celdas pierde dónde está cada cosa: se pide un token por celda.",
        lambda features: features.mean(dim=(2, 3)),
    ),
    Misconception(
        "Una imagen en un solo vector",
        "Se pide un vector de ancho C por celda, no uno con todos los números de la imagen.",
        lambda features: features.flatten(1),
    ),
    Misconception(
        "Leíste de abajo arriba",
        "La primera fila es la de arriba, y la fila 0 del mapa.",
        lambda features: reference(features.flip(2)),
    ),
    Misconception(
        "Leíste de derecha a izquierda",
        "La primera columna es la de la izquierda, y la columna 0 del mapa.",
        lambda features: reference(features.flip(3)),
    ),
)

EXERCISE = Exercise(
    key="feature_map_to_tokens",
    chapter="07_multimodalidad",
    title="Del mapa de rasgos a una secuencia",
    objective="Convertir una cuadrícula de rasgos en una secuencia sin mezclar sus números.",
    difficulty=1,
    minutes=10,
    section="De la imagen a los rasgos",
    hints=(
        "¿Qué números forman el rasgo de una celda, y en qué lugar de cada canal están? ¿Los junta un `reshape`?",
        "Dos pasos: `flatten(2)` junta filas y columnas, que ya están en el orden pedido, y deja (B, C, H·W). Falta "
        "cambiar de lugar los ejes 1 y 2, con `transpose`.",
    ),
    cases=cases,
    reference=reference,
    idea="El token i es el vector de la celda de la fila i // W y la columna i % W.",
    properties=(
        Property(
            "Cada token es una celda",
            "Un rasgo son los C números de una misma celda, uno de cada canal; las celdas van fila por fila.",
            each_token_is_a_cell,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
