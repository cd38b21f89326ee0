"""Ejercicio: filtro min-p."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property
from course_lib.exercises.generation.filters import kept_values_unchanged

INF = float("inf")
MARGIN = 1e-3  # los ejemplos no dejan una probabilidad pegada al umbral


def reference(scores, min_p):
    """-inf donde la probabilidad no llega a min_p veces la del más probable de su fila."""
    probs = torch.softmax(scores, dim=-1)
    threshold = min_p * probs.max(dim=-1, keepdim=True).values
    return scores.masked_fill(probs < threshold, -INF)


def cases(generator):
    """Un modelo seguro, uno que duda, ambos en un lote, y lotes al azar lejos del umbral."""
    sure, doubtful = torch.tensor([[0.9, 0.07, 0.03]]), torch.tensor([[0.4, 0.35, 0.25]])
    fixed = [
        (torch.tensor([[0.8, 0.2]]).log(), 0.5),
        (sure.log(), 0.1),
        (doubtful.log(), 0.5),
        (doubtful.log(), 1.0),  # el más probable alcanza justo el umbral
        (torch.cat([sure, doubtful]).log(), 0.3),
    ]
    random = []
    for rows, width in [(1, 4), (2, 4), (3, 6), (4, 9)]:
        random.append(_safe_case(generator, rows, width))
    return fixed + random


def _safe_case(generator, rows, width):
    while True:
        scores = 2 * torch.randn(rows, width, generator=generator)
        min_p = round(0.05 + 0.6 * torch.rand(1, generator=generator).item(), 2)
        probs = torch.softmax(scores, dim=-1)
        gap = probs - min_p * probs.max(dim=-1, keepdim=True).values
        if gap.abs().min() > MARGIN:
            return scores, min_p


def best_always_stays(filtered, scores, min_p):
    """El más probable de cada fila se conserva."""
    best = scores.argmax(dim=-1)
    for row, token in enumerate(best.tolist()):
        if filtered[row, token] == -INF:
            return f"En la fila {row} se eliminó el token más probable ({token})."
    return None


def _absolute(scores, min_p):
    return scores.masked_fill(torch.softmax(scores, dim=-1) < min_p, -INF)


def _on_scores(scores, min_p):
    return scores.masked_fill(scores < min_p * scores.max(dim=-1, keepdim=True).values, -INF)


def _whole_matrix(scores, min_p):
    probs = torch.softmax(scores, dim=-1)
    return scores.masked_fill(probs < min_p * probs.max(), -INF)


def _inverted(scores, min_p):
    return torch.where(reference(scores, min_p) == -INF, scores, -INF)


def _zeros(scores, min_p):
    return scores.masked_fill(reference(scores, min_p) == -INF, 0.0)


MISCONCEPTIONS = (
    Misconception(
        "Umbral absoluto",
        "Comparaste cada probabilidad con `min_p` a secas; si el modelo duda, podrían irse todas. "
        "El umbral es relativo: `min_p` por la probabilidad del más probable.",
        _absolute,
    ),
    Misconception(
        "Umbral sobre los puntajes",
        "Comparaste puntajes, que no están en una escala de probabilidad. Aplica primero el "
        "softmax, y usa las probabilidades solo para decidir.",
        _on_scores,
    ),
    Misconception(
        "Un solo umbral para todo el lote",
        "Usaste el máximo de la matriz completa. Cada fila tiene su token más probable.",
        _whole_matrix,
    ),
    Misconception(
        "Eliminaste los que debían quedar",
        "La comparación está al revés: se van los que están por debajo del umbral.",
        _inverted,
    ),
    Misconception(
        "Ceros en lugar de −∞",
        "Un puntaje 0 no elimina el token: su exponencial vale 1. Usa −∞ (`float('-inf')`).",
        _zeros,
    ),
    Misconception(
        "Devolviste probabilidades",
        "Un filtro recibe puntajes y devuelve puntajes: el softmax solo sirve aquí para decidir.",
        lambda scores, min_p: torch.softmax(reference(scores, min_p), dim=-1),
    ),
)

EXERCISE = Exercise(
    key="min_p_filter",
    chapter="08_generacion",
    title="Filtro min-p",
    objective="Recortar con un umbral que se adapta a la seguridad del modelo.",
    difficulty=1,
    minutes=10,
    section="Top-k, top-p y min-p",
    hints=(
        "El umbral depende del token más probable de cada fila. Si ese token tiene 0.8 y `min_p` "
        "es 0.1, ¿desde qué probabilidad se conserva un token?",
        "Con `probs = torch.softmax(scores, dim=-1)`, el umbral de cada fila es `min_p` por "
        "`probs.max(dim=-1, keepdim=True).values`. Con `masked_fill` pon −∞ donde `probs` es "
        "menor.",
    ),
    cases=cases,
    reference=reference,
    idea="Se conserva un token si su probabilidad llega a `min_p` veces la del más probable.",
    properties=(
        Property(
            "El más probable siempre queda",
            "Su probabilidad es el máximo de la fila, y `min_p` no pasa de 1.",
            best_always_stays,
        ),
        kept_values_unchanged(),
    ),
    misconceptions=MISCONCEPTIONS,
)
