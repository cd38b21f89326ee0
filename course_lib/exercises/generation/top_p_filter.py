"""Ejercicio: filtro top-p (núcleo)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import draw_until, logits, real, with_removed
from .filters import filter_properties

__all__ = ["EXERCISE"]

INF = float("inf")
MARGIN = 1e-3  # los ejemplos no dejan p pegado a una suma: el redondeo no decide
Case = tuple[torch.Tensor, float]


def _sorted_mass(scores: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Puntajes ordenados (índices) y masa acumulada antes de cada uno, de mayor a menor."""
    ordered, indices = scores.sort(dim=-1, descending=True, stable=True)
    probs = torch.softmax(ordered, dim=-1)
    return indices, probs.cumsum(dim=-1) - probs


def _keep(scores: torch.Tensor, indices: torch.Tensor, kept_sorted: torch.Tensor) -> torch.Tensor:
    kept = torch.zeros_like(kept_sorted).scatter(-1, indices, kept_sorted)
    return scores.masked_fill(~kept, -INF)


def reference(scores: torch.Tensor, p: float) -> torch.Tensor:
    """-inf fuera del menor conjunto de tokens cuya masa llega a p."""
    indices, mass_before = _sorted_mass(scores)
    return _keep(scores, indices, mass_before < p)


def cases(generator: torch.Generator) -> list[Case]:
    """p pequeño y p = 1, puntajes enormes, −∞, y lotes al azar con p lejos de toda suma."""
    known = torch.tensor([[0.2, 0.5, 0.3]]).log()
    fixed = [
        (torch.tensor([[3.0]]), 0.3),
        (torch.tensor([[0.0, 1.0]]), 0.1),
        (known, 0.001),
        (known, 0.6),
        (known, 0.9),
        (torch.zeros(1, 4), 1.0),  # cuatro cuartos suman 1 sin redondeo, en cualquier procesador
        (torch.tensor([[0.33, 0.44, 0.23]]).log(), 0.75),
        (torch.tensor([[1000.0, 0.0, -1000.0]]), 0.5),
        (torch.tensor([[1000.0, 999.5, -1000.0]]), 0.9),
        (torch.tensor([[-1000.0, -1000.5, -1002.0]]), 0.7),
        (torch.tensor([[0.3, 0.0, 0.5, 0.2]]).log(), 0.7),  # uno llega ya en −∞
        (torch.cat([known, torch.tensor([[5.0, 0.0, 0.0]])]), 0.75),
    ]
    sizes = [(1, 4), (2, 4), (3, 6), (3, 3), (4, 9), (2, 40)]
    random = [_safe_case(generator, partial(logits, generator, *size)) for size in sizes]
    random.append(_safe_case(generator, lambda: logits(generator, 5, 3).t()))
    random.append(_safe_case(generator, lambda: with_removed(generator, 2, 6)))
    return fixed + random + TIES


# Varios tokens iguales en el borde: bastan algunos, y da lo mismo cuáles.
TIES: list[Case] = [
    (torch.zeros(1, 4), 0.6),
    (torch.tensor([[0.0, -INF, 0.0]]), 0.3),
    (torch.tensor([[1.0, 1.0, 1.0], [0.0, 5.0, 0.0]]), 0.6),
]


def _safe_case(generator: torch.Generator, draw: Callable[[], torch.Tensor]) -> Case:
    return draw_until(
        lambda: (draw(), real(generator, 0.2, 0.95)),
        lambda case: bool((_sorted_mass(case[0])[1] - case[1]).abs().min() > MARGIN),
    )


def same_up_to_ties(filtered: torch.Tensor, scores: torch.Tensor, p: float) -> bool:
    """¿Es el núcleo, salvo por cuál de dos tokens iguales quedó en el borde?"""
    expected = reference(scores, p)
    kept = filtered > -INF
    unchanged = torch.where(kept, filtered, scores).allclose(scores, rtol=1e-4, atol=1e-5)
    ordered = scores.masked_fill(~kept, -INF).sort(dim=-1).values
    return unchanged and torch.equal(ordered, expected.sort(dim=-1).values)


def mass_reaches_p(filtered: torch.Tensor, scores: torch.Tensor, p: float) -> str | None:
    """La masa que queda es al menos p."""
    mass = (torch.softmax(scores, dim=-1) * (filtered > -INF)).sum(dim=-1)
    row = int(mass.argmin())
    if mass[row] < p - MARGIN / 2:
        return f"En la fila {row} lo conservado suma {mass[row]:.4g}, menos que p = {p:.4g}."
    return None


def set_is_smallest(filtered: torch.Tensor, scores: torch.Tensor, p: float) -> str | None:
    """Sin el menos probable de los conservados no se llega a p."""
    probs = torch.softmax(scores, dim=-1)
    for row, (left, line) in enumerate(zip(filtered, probs, strict=True)):
        kept = line[left > -INF]
        rest = (kept.sum() - kept.min()).item() if len(kept) > 1 else 0.0
        if rest >= p - 1e-6:
            return (
                f"En la fila {row} sobra al menos un token: sin el menos probable de los "
                f"conservados quedan {rest:.4g}, que ya alcanza p = {p:.4g}."
            )
    return None


def keeps_the_most_likely(filtered: torch.Tensor, scores: torch.Tensor, p: float) -> str | None:
    """Ningún token eliminado es más probable que uno conservado."""
    for row, (left, before) in enumerate(zip(filtered, scores, strict=True)):
        kept = left > -INF
        if kept.any() and not kept.all() and before[~kept].max() > before[kept].min():
            gone = int(before.masked_fill(kept, -INF).argmax())
            stayed = int(before.masked_fill(~kept, INF).argmin())
            return f"En la fila {row} se fue el token {gone} y quedó el {stayed}, menos probable."
    return None


def _nucleus(
    keep: Callable[[torch.Tensor, torch.Tensor, float], torch.Tensor],
) -> Callable[[torch.Tensor, float], torch.Tensor]:
    """Variante que conserva, ya ordenados, los que dice `keep(masa antes, masa incluida, p)`."""

    def wrong(scores: torch.Tensor, p: float) -> torch.Tensor:
        indices, before = _sorted_mass(scores)
        total = before + torch.softmax(scores, dim=-1).gather(-1, indices)
        return _keep(scores, indices, keep(before, total, p))

    return wrong


_without_crossing = _nucleus(lambda before, total, p: total <= p)


def _without_crossing_but_one(scores: torch.Tensor, p: float) -> torch.Tensor:
    best = scores == scores.max(dim=-1, keepdim=True).values
    return torch.where(best, scores, _without_crossing(scores, p))


def _one_too_many(scores: torch.Tensor, p: float) -> torch.Tensor:
    indices, before = _sorted_mass(scores)
    kept = before < p
    return _keep(
        scores, indices, kept | kept.roll(1, dims=-1).index_fill(-1, torch.tensor([0]), True)
    )


def _not_unsorted(scores: torch.Tensor, p: float) -> torch.Tensor:
    return scores.masked_fill(_sorted_mass(scores)[1] >= p, -INF)


def _ascending(scores: torch.Tensor, p: float) -> torch.Tensor:
    ordered, indices = scores.sort(dim=-1)
    probs = torch.softmax(ordered, dim=-1)
    return _keep(scores, indices, probs.cumsum(dim=-1) - probs < p)


def _unsorted_cumsum(scores: torch.Tensor, p: float) -> torch.Tensor:
    probs = torch.softmax(scores, dim=-1)
    return scores.masked_fill(probs.cumsum(dim=-1) - probs >= p, -INF)


def _no_softmax(scores: torch.Tensor, p: float) -> torch.Tensor:
    ordered, indices = scores.sort(dim=-1, descending=True)
    return _keep(scores, indices, ordered.cumsum(dim=-1) - ordered < p)


def _by_value(scores: torch.Tensor, p: float) -> torch.Tensor:
    kept = reference(scores, p)
    lowest = kept.masked_fill(kept == -INF, INF).min(dim=-1, keepdim=True).values
    return scores.masked_fill(scores < lowest, -INF)


def _zeros(scores: torch.Tensor, p: float) -> torch.Tensor:
    kept = reference(scores, p)
    return kept.masked_fill(kept == -INF, 0.0)


LOST = (
    "El token con el que la suma alcanza p también se queda. Mira la masa acumulada antes de cada token "
    "(`cumsum − probs`): se conserva si todavía es menor que p."
)

MISCONCEPTIONS = (
    Misconception("Perdiste el token que cruza p", LOST, _without_crossing),
    Misconception(
        "Perdiste el token que cruza p",
        f"Conservas siempre el primero, pero no basta. {LOST}",
        _without_crossing_but_one,
    ),
    Misconception(
        "Un token de más",
        "El token que cruza p es el último que se queda: el que le sigue ya sobra. Se conserva mientras la "
        "masa anterior (`cumsum − probs`) sea menor que p.",
        _one_too_many,
    ),
    Misconception(
        "Conservaste todos los que empatan",
        "Comparaste con el puntaje del último conservado, y los que valen lo mismo se quedaron todos. El "
        "conjunto debe ser el menor: usa la posición al ordenar, no el valor.",
        _by_value,
    ),
    Misconception(
        "Máscara sin volver al orden original",
        "La máscara se calculó sobre los puntajes ordenados y la aplicaste a los originales. "
        "Devuélvela a su lugar con `scatter` y los índices de `sort`.",
        _not_unsorted,
    ),
    Misconception(
        "Ordenaste de menor a mayor",
        "Acumulaste desde el menos probable y conservaste la cola. El núcleo empieza por el más "
        "probable: `sort(descending=True)`.",
        _ascending,
    ),
    Misconception(
        "Acumulaste sin ordenar",
        "La suma acumulada sigue el orden del vocabulario. Primero ordena los tokens del más al "
        "menos probable.",
        _unsorted_cumsum,
    ),
    Misconception(
        "Acumulaste puntajes, no probabilidades",
        "p es una masa de probabilidad: aplica la softmax antes de acumular.",
        _no_softmax,
    ),
    Misconception(
        "Umbral por token",
        "Comparaste la probabilidad de cada token con un umbral. Top-p mira la suma acumulada, no "
        "cada probabilidad por separado.",
        lambda scores, p: scores.masked_fill(torch.softmax(scores, dim=-1) < 1 - p, -INF),
    ),
    Misconception(
        "Umbral por token",
        "Comparaste la probabilidad de cada token con p. Top-p mira la suma acumulada, no cada "
        "probabilidad por separado.",
        lambda scores, p: scores.masked_fill(torch.softmax(scores, dim=-1) < p, -INF),
    ),
    Misconception(
        "Ceros en lugar de −∞",
        "Un puntaje 0 no elimina el token: su exponencial vale 1. Usa −∞ (`float('-inf')`).",
        _zeros,
    ),
    Misconception(
        "Devolviste probabilidades",
        "Un filtro recibe puntajes y devuelve puntajes: la softmax solo sirve aquí para decidir.",
        lambda scores, p: torch.softmax(reference(scores, p), dim=-1),
    ),
)

EXERCISE = Exercise(
    key="top_p_filter",
    chapter="08_generacion",
    title="Filtro top-p",
    objective="Quedarse con el menor grupo de tokens que reúne una probabilidad p.",
    difficulty=2,
    minutes=30,
    section="Top-k, top-p y min-p",
    hints=(
        "Ordena cada fila de mayor a menor y acumula probabilidades. El token con el que la "
        "suma alcanza p ¿se queda o se va? ¿Cómo vuelves al orden del vocabulario?",
        "Para saber si un token se queda, mira cuánto suman los que van antes que él: si "
        "todavía no llegan a p, hace falta. La máscara sale en el orden de `sort`; `scatter`, "
        "con los mismos índices, la devuelve al del vocabulario.",
    ),
    cases=cases,
    reference=reference,
    also_correct=same_up_to_ties,
    idea=(
        "Se conserva el menor conjunto de tokens, del más al menos probable, cuya suma llega a p; "
        "el que cruza p se incluye."
    ),
    properties=(
        Property(
            "Lo conservado suma al menos p",
            "El núcleo reúne por lo menos la masa p, y para eso incluye el token que la cruza.",
            mass_reaches_p,
        ),
        Property(
            "No sobra ningún token",
            "Es el menor conjunto posible: quitar el menos probable deja menos que p.",
            set_is_smallest,
        ),
        Property(
            "Se conservan los más probables",
            "El núcleo se llena del más al menos probable: ninguno de fuera supera a uno de dentro.",
            keeps_the_most_likely,
        ),
        *filter_properties(reference),
    ),
    misconceptions=MISCONCEPTIONS,
)
