"""Ejercicio: partir el ancho en cabezas."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(x: torch.Tensor, num_heads: int) -> torch.Tensor:
    """Parte el último eje en (H, K) y pasa la cabeza adelante."""
    parts: torch.Tensor = x.unflatten(-1, (num_heads, x.shape[-1] // num_heads))
    return parts.transpose(0, 1)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, int]]:
    """Tablas numeradas, fáciles de seguir a mano, y otras al azar, con T, H y K distintos o iguales."""
    fixed = [
        (torch.tensor([[1.0, 2.0]]), 2),
        (torch.arange(8.0).view(2, 4), 2),
        (torch.arange(12.0).view(3, 4), 1),
        (torch.arange(10.0).view(2, 5), 5),
    ]
    random = []
    for tokens, heads, width in [(3, 2, 5), (2, 5, 3), (5, 4, 2), (3, 3, 3), (1, 3, 4)]:
        random.append((torch.randn(tokens, heads * width, generator=generator), heads))
    return fixed + random


def head_takes_its_slice(out: torch.Tensor, x: torch.Tensor, num_heads: int) -> str | None:
    """La cabeza h de un token es el tramo h de su vector."""
    width = x.shape[-1] // num_heads
    for head in range(num_heads):
        for token in range(len(x)):
            start = head * width
            if not torch.allclose(out[head, token], x[token, start : start + width]):
                last = start + width - 1
                which = (
                    f"la coordenada {start}" if width == 1 else f"las coordenadas {start} a {last}"
                )
                return f"La cabeza {head} del token {token} debía llevar {which} de ese token."
    return None


def _without_transpose(x: torch.Tensor, num_heads: int) -> torch.Tensor:
    return x.reshape(num_heads, len(x), -1)


def _interleaved(x: torch.Tensor, num_heads: int) -> torch.Tensor:
    return x.reshape(len(x), -1, num_heads).permute(2, 0, 1)


def _heads_second(x: torch.Tensor, num_heads: int) -> torch.Tensor:
    return x.reshape(len(x), num_heads, -1)


def _by_columns(x: torch.Tensor, num_heads: int) -> torch.Tensor:
    return x.T.reshape(num_heads, len(x), -1)


MISCONCEPTIONS = (
    Misconception(
        "`view` sin `transpose`",
        "Las formas encajan, pero `view` y `reshape` solo releen los números en el mismo orden: la "
        "cabeza 0 se quedó con los primeros tokens en lugar de las primeras coordenadas de todos. "
        "Primero (T, H, K) y después se intercambian los dos primeros ejes.",
        _without_transpose,
    ),
    Misconception(
        "Coordenadas salteadas",
        "Partiste el ancho en (K, H): cada cabeza recibe una coordenada de cada H. Con (H, K) recibe "
        "un tramo seguido.",
        _interleaved,
    ),
    Misconception(
        "Las cabezas quedaron en segundo lugar",
        "Devolviste (T, H, K). La cabeza va primero, como si fuera un lote: así `q @ kᵀ` calcula las "
        "H atenciones a la vez.",
        _heads_second,
    ),
    Misconception(
        "Leíste la tabla por columnas",
        "Al trasponer primero y releer después, los números de un token se reparten entre varios. "
        "Parte el último eje, (T, D) → (T, H, K), y solo entonces intercambia.",
        _by_columns,
    ),
)

EXERCISE = Exercise(
    key="split_heads",
    chapter="02_transformers",
    title="Partir en cabezas",
    objective="Repartir el ancho de cada token entre las cabezas sin mezclar tokens.",
    difficulty=1,
    minutes=15,
    section="Varias cabezas",
    hints=(
        "Con T = 2, D = 4 y H = 2, escribe a mano qué números debe recibir la cabeza 0: ¿los del "
        "primer token o la primera mitad de cada token?",
        "Son dos pasos, y el orden importa: primero se parte un solo eje de x, el que tiene las D "
        "coordenadas, y después se cambian ejes de lugar. ¿Qué forma hay entre los dos pasos? Si el primero "
        "ya da (H, T, K), mezclaste tokens.",
    ),
    cases=cases,
    reference=reference,
    idea="La cabeza h lleva las coordenadas h·K a (h + 1)·K − 1 de cada token.",
    properties=(
        Property(
            "Cada cabeza lleva su tramo",
            "Las cabezas se reparten las coordenadas de un token, no los tokens.",
            head_takes_its_slice,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
