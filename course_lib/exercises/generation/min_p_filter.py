"""Ejercicio: filtro min-p."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import draw_until, logits, real, with_removed
from .filters import filter_properties

__all__ = ["EXERCISE"]

INF = float("inf")
MARGIN = 1e-3  # los ejemplos no dejan una probabilidad pegada al umbral
Case = tuple[torch.Tensor, float]
Rule = Callable[[torch.Tensor, float], torch.Tensor]


def _gap(scores: torch.Tensor, min_p: float) -> torch.Tensor:
    """Cuánto le sobra a cada probabilidad sobre el umbral de su fila."""
    probs = torch.softmax(scores, dim=-1)
    return probs - min_p * probs.max(dim=-1, keepdim=True).values


def reference(scores: torch.Tensor, min_p: float) -> torch.Tensor:
    """-inf donde la probabilidad no llega a min_p veces la del más probable de su fila."""
    return scores.masked_fill(_gap(scores, min_p) < 0, -INF)


def cases(generator: torch.Generator) -> list[Case]:
    """Modelos seguros y dudosos, min_p de 0 a 1, empates, puntajes enormes y −∞."""
    sure, doubtful = torch.tensor([[0.9, 0.07, 0.03]]), torch.tensor([[0.4, 0.35, 0.25]])
    fixed = [
        (torch.tensor([[2.0]]), 0.5),
        (torch.tensor([[0.8, 0.2]]).log(), 0.5),
        (torch.tensor([[5.0, 0.0]]), 0.0),  # con 0 no se va nadie
        (
            torch.tensor([[0.0, 1000.0]]),
            0.0,
        ),  # ni siquiera una probabilidad que la máquina da por 0
        (torch.tensor([[1000.0, 990.0]]), 0.1),
        (torch.tensor([[-1000.0, -1010.0]]), 0.1),
        (sure.log(), 0.1),
        (doubtful.log(), 0.5),
        (doubtful.log(), 1.0),  # el más probable alcanza justo el umbral
        (torch.tensor([[2.0, 1.0, 2.0]]), 1.0),  # y los que empatan con él, también
        (torch.tensor([[-INF, 0.0, -0.5, -4.0]]), 0.2),
        (torch.cat([sure, doubtful]).log(), 0.3),
    ]
    sizes = [(1, 4), (2, 4), (3, 6), (3, 3), (4, 9)]
    random = [_safe_case(generator, partial(logits, generator, *size)) for size in sizes]
    random.append(_safe_case(generator, lambda: logits(generator, 5, 3).t()))
    random.append(_safe_case(generator, lambda: with_removed(generator, 2, 6)))
    return fixed + random


def _safe_case(generator: torch.Generator, draw: Callable[[], torch.Tensor]) -> Case:
    return draw_until(
        lambda: (draw(), real(generator, 0.05, 0.65)),
        lambda case: bool(_gap(*case).abs().min() > MARGIN),
    )


def best_always_stays(filtered: torch.Tensor, scores: torch.Tensor, min_p: float) -> str | None:
    """El más probable de cada fila se conserva."""
    gone = (scores == scores.max(dim=-1, keepdim=True).values) & (filtered == -INF)
    if not gone.any():
        return None
    row, token = gone.nonzero()[0].tolist()
    return f"En la fila {row} se eliminó el token más probable ({token})."


def threshold_decides(filtered: torch.Tensor, scores: torch.Tensor, min_p: float) -> str | None:
    """Se conserva lo que llega al umbral y se elimina lo que no."""
    probs = torch.softmax(scores, dim=-1)
    expected = reference(scores, min_p) > -INF
    wrong = expected != (filtered > -INF)
    if not wrong.any():
        return None
    row, token = wrong.nonzero()[0].tolist()
    best = probs[row].max().item()
    verdict = "se fue" if expected[row, token] else "quedó"
    return (
        f"En la fila {row} el más probable tiene {best:.4g}, así que el umbral es {min_p:.4g} × "
        f"{best:.4g} = {min_p * best:.4g}; el token {token} tiene {probs[row, token]:.4g} y {verdict}."
    )


def _below(threshold: Rule, values: Callable[[torch.Tensor], torch.Tensor] | None = None) -> Rule:
    """Variante que elimina donde `values(scores)` es menor que `threshold(valores, min_p)`."""

    def wrong(scores: torch.Tensor, min_p: float) -> torch.Tensor:
        found = torch.softmax(scores, dim=-1) if values is None else values(scores)
        return scores.masked_fill(found < threshold(found, min_p), -INF)

    return wrong


def _row_max(values: torch.Tensor) -> torch.Tensor:
    return values.max(dim=-1, keepdim=True).values


def _strict(scores: torch.Tensor, min_p: float) -> torch.Tensor:
    return scores.masked_fill(_gap(scores, min_p) <= 0, -INF)


def _one_best_at_one(scores: torch.Tensor, min_p: float) -> torch.Tensor:
    best = torch.zeros_like(scores, dtype=torch.bool).scatter(
        -1, scores.argmax(dim=-1, keepdim=True), True
    )
    return scores.masked_fill(~best, -INF) if min_p == 1 else reference(scores, min_p)


def _logarithm(scores: torch.Tensor, min_p: float) -> torch.Tensor:
    if min_p == 0:
        raise ValueError("math domain error")
    return reference(scores, min_p)


def _inverted(scores: torch.Tensor, min_p: float) -> torch.Tensor:
    return torch.where(reference(scores, min_p) == -INF, scores, -INF)


def _zeros(scores: torch.Tensor, min_p: float) -> torch.Tensor:
    return scores.masked_fill(reference(scores, min_p) == -INF, 0.0)


MISCONCEPTIONS = (
    Misconception(
        "Umbral absoluto",
        "Comparaste cada probabilidad con `min_p` a secas; si el modelo duda, podrían irse todas. "
        "El umbral es relativo: `min_p` por la probabilidad del más probable.",
        _below(lambda probs, min_p: torch.full_like(probs, min_p)),
    ),
    Misconception(
        "Umbral sobre los puntajes",
        "Comparaste puntajes, que no están en una escala de probabilidad. Aplica primero el "
        "softmax, y usa las probabilidades solo para decidir.",
        _below(lambda found, min_p: min_p * _row_max(found), lambda scores: scores),
    ),
    Misconception(
        "Exponencial desbordada",
        "exp(1000) es infinito para la máquina y exp(−1000) es 0: así no se pueden comparar. Resta a cada "
        "fila su máximo, o usa `torch.softmax`.",
        _below(lambda found, min_p: min_p * _row_max(found), torch.exp),
    ),
    Misconception(
        "Un solo umbral para todo el lote",
        "Usaste el máximo de la matriz completa. Cada fila tiene su token más probable.",
        _below(lambda probs, min_p: min_p * probs.max()),
    ),
    Misconception(
        "Máximo sobre el eje equivocado",
        "Usaste el máximo de cada columna. El umbral sale del token más probable de la fila: "
        "`max(dim=-1, keepdim=True)`.",
        _below(lambda probs, min_p: min_p * probs.max(dim=0, keepdim=True).values),
    ),
    Misconception(
        "Eliminaste lo que está justo en el umbral",
        "Se conserva lo que llega al umbral: con `min_p` = 1 el más probable queda, y con 0 no se va nadie. "
        "Elimina con `<`, no con `<=`.",
        _strict,
    ),
    Misconception(
        "Logaritmo de 0",
        "Con `min_p` = 0 no se elimina nada, pero log 0 no existe. Compara probabilidades, o trata aparte "
        "ese caso.",
        _logarithm,
    ),
    Misconception(
        "Rompiste un empate",
        "Con `min_p` = 1 se quedan todos los que empatan en el primer puesto, no uno solo.",
        _one_best_at_one,
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
        "Un filtro recibe puntajes y devuelve puntajes: la softmax solo sirve aquí para decidir.",
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
        "El umbral depende del token más probable de cada fila. Si ese token tiene 0.8 y "
        "`min_p` es 0.1, ¿desde qué probabilidad se conserva un token?",
        "Hay un umbral por fila, y se compara en probabilidades, no en puntajes. Las "
        "probabilidades sirven solo para decidir: lo que devuelves son los puntajes que "
        "llegaron, con −∞ en los eliminados.",
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
        *filter_properties(reference),
        Property(
            "Decide el umbral de la fila",
            "En cada fila, un token queda si su probabilidad es al menos `min_p` veces la mayor.",
            threshold_decides,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
