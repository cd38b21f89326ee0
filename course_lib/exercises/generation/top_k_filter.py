"""Ejercicio: filtro top-k."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property
from course_lib.exercises.generation.filters import (
    kept_values_unchanged,
    removed_are_minus_infinity,
)

INF = float("inf")


def reference(scores, k):
    """-inf bajo el k-ésimo puntaje de cada fila; los empates con él se quedan."""
    kth = scores.topk(min(k, scores.shape[-1]), dim=-1).values[:, -1:]
    return scores.masked_fill(scores < kth, -INF)


def cases(generator):
    """Filas distintas, empates, puntajes negativos y un k mayor que el vocabulario."""
    fixed = [
        (torch.tensor([[1.0, 3.0, 2.0]]), 1),
        (torch.tensor([[2.0, 1.0, 2.0]]), 1),
        (torch.tensor([[0.0, -1.0]]), 5),
        (torch.tensor([[9.0, 8.0, 7.0], [1.0, 3.0, 2.0]]), 2),
    ]
    random = []
    for rows, width in [(1, 4), (2, 4), (3, 6), (4, 9)]:
        k = int(torch.randint(1, width, (1,), generator=generator))
        random.append((3 * torch.randn(rows, width, generator=generator), k))
    return fixed + random


def keeps_enough(filtered, scores, k):
    """Quedan al menos min(k, V) por fila."""
    kept = (filtered > -INF).sum(dim=-1)
    wanted = min(k, scores.shape[-1])
    row = int(kept.argmin())
    if kept[row] < wanted:
        return f"En la fila {row} quedaron {int(kept[row])} tokens y deben quedar {wanted}."
    return None


def keeps_the_best(filtered, scores, k):
    """Ningún token eliminado supera a uno conservado."""
    for row, (left, all_scores) in enumerate(zip(filtered, scores, strict=True)):
        kept = left > -INF
        if kept.any() and not kept.all() and all_scores[~kept].max() >= all_scores[kept].min():
            return (
                f"En la fila {row} se eliminó un token de puntaje "
                f"{all_scores[~kept].max():.3g} y se conservó uno de {all_scores[kept].min():.3g}."
            )
    return None


def _exactly_k(scores, k):
    top = scores.topk(min(k, scores.shape[-1]), dim=-1)
    return torch.full_like(scores, -INF).scatter(-1, top.indices, top.values)


def _whole_matrix(scores, k):
    kth = scores.flatten().topk(min(k, scores.numel())).values[-1]
    return scores.masked_fill(scores < kth, -INF)


def _crashes_over_vocabulary(scores, k):
    kth = scores.topk(k, dim=-1).values[:, -1:]
    return scores.masked_fill(scores < kth, -INF)


def _drops_kth(scores, k):
    kth = scores.topk(min(k, scores.shape[-1]), dim=-1).values[:, -1:]
    return scores.masked_fill(scores <= kth, -INF)


MISCONCEPTIONS = (
    Misconception(
        "Ceros en lugar de −∞",
        "Un puntaje 0 no elimina el token: su exponencial vale 1. Para que su probabilidad sea 0, "
        "el puntaje debe ser −∞ (`float('-inf')`).",
        lambda scores, k: reference(scores, k).masked_fill(reference(scores, k) == -INF, 0.0),
    ),
    Misconception(
        "Rompiste un empate",
        "Dos tokens empatan en el puesto k y eliminaste uno al azar. Compara con el puntaje del "
        "k-ésimo: se va solo lo que es menor que él.",
        _exactly_k,
    ),
    Misconception(
        "Un solo umbral para todo el lote",
        "Usaste los k mejores de la matriz completa. Cada fila es un contexto y tiene su umbral.",
        _whole_matrix,
    ),
    Misconception(
        "k mayor que el vocabulario",
        "Si k supera la cantidad de tokens, no hay nada que filtrar: usa "
        "`min(k, scores.shape[-1])`.",
        _crashes_over_vocabulary,
    ),
    Misconception(
        "Eliminaste también el k-ésimo",
        "El token que ocupa el puesto k se conserva: compara con `<`, no con `<=`.",
        _drops_kth,
    ),
    Misconception(
        "Un token de más",
        "Conservas k + 1 tokens: el k-ésimo está en la posición k − 1.",
        lambda scores, k: reference(scores, k + 1),
    ),
    Misconception(
        "Conservaste los peores",
        "Quedaron los k puntajes más bajos. `topk` ordena de mayor a menor.",
        lambda scores, k: -reference(-scores, k).masked_fill(reference(-scores, k) == -INF, INF),
    ),
    Misconception(
        "Devolviste probabilidades",
        "Un filtro recibe puntajes y devuelve puntajes: el softmax viene después.",
        lambda scores, k: torch.softmax(reference(scores, k), dim=-1),
    ),
)

EXERCISE = Exercise(
    key="top_k_filter",
    chapter="08_generacion",
    title="Filtro top-k",
    objective="Dejar solo los k tokens de mayor puntaje antes de muestrear.",
    difficulty=1,
    minutes=15,
    section="Top-k, top-p y min-p",
    hints=(
        "Busca en cada fila el k-ésimo puntaje: es el umbral. ¿Qué valor, al pasar por el softmax, "
        "da probabilidad exactamente 0?",
        "`scores.topk(k, dim=-1).values[:, -1:]` es el umbral de cada fila (cuida que k no supere "
        "V). Con `masked_fill` pon −∞ donde el puntaje es menor que el umbral.",
    ),
    cases=cases,
    reference=reference,
    idea="En cada fila se va a −∞ todo puntaje menor que el k-ésimo; lo demás no cambia.",
    properties=(
        Property(
            "Quedan al menos k tokens",
            "Top-k conserva k tokens por fila (más, si hay empates en el puesto k).",
            keeps_enough,
        ),
        Property(
            "Se conservan los mejores",
            "Todo token conservado tiene mayor puntaje que todo token eliminado.",
            keeps_the_best,
        ),
        kept_values_unchanged(),
        removed_are_minus_infinity(),
    ),
    misconceptions=MISCONCEPTIONS,
)
