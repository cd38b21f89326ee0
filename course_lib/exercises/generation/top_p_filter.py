"""Ejercicio: filtro top-p (núcleo)."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property
from course_lib.exercises.generation.filters import kept_values_unchanged

INF = float("inf")
MARGIN = 1e-3  # los ejemplos no dejan p pegado a una suma: el redondeo no decide


def _sorted_mass(scores):
    """Puntajes ordenados (índices) y masa acumulada antes de cada uno, de mayor a menor."""
    ordered, indices = scores.sort(dim=-1, descending=True)
    probs = torch.softmax(ordered, dim=-1)
    return indices, probs.cumsum(dim=-1) - probs


def _keep(scores, indices, kept_sorted):
    kept = torch.zeros_like(kept_sorted).scatter(-1, indices, kept_sorted)
    return scores.masked_fill(~kept, -INF)


def reference(scores, p):
    """-inf fuera del menor conjunto de tokens cuya masa llega a p."""
    indices, mass_before = _sorted_mass(scores)
    return _keep(scores, indices, mass_before < p)


def cases(generator):
    """Filas conocidas, p muy pequeño, p casi 1 y lotes al azar lejos de los bordes."""
    known = torch.tensor([[0.2, 0.5, 0.3]]).log()
    fixed = [
        (torch.tensor([[0.0, 1.0]]), 0.1),
        (known, 0.6),
        (known, 0.9),
        (torch.cat([known, torch.tensor([[5.0, 0.0, 0.0]])]), 0.75),
    ]
    random = []
    for rows, width in [(1, 4), (2, 4), (3, 6), (4, 9)]:
        random.append(_safe_case(generator, rows, width))
    return fixed + random


def _safe_case(generator, rows, width):
    while True:
        scores = 2 * torch.randn(rows, width, generator=generator)
        p = round(0.2 + 0.75 * torch.rand(1, generator=generator).item(), 2)
        if (_sorted_mass(scores)[1] - p).abs().min() > MARGIN:
            return scores, p


def mass_reaches_p(filtered, scores, p):
    """La masa que queda es al menos p."""
    mass = (torch.softmax(scores, dim=-1) * (filtered > -INF)).sum(dim=-1)
    row = int(mass.argmin())
    if mass[row] < p - MARGIN / 2:
        return f"En la fila {row} lo conservado suma {mass[row]:.3g}, menos que p = {p:.3g}."
    return None


def set_is_smallest(filtered, scores, p):
    """Sin el menos probable de los conservados no se llega a p."""
    probs = torch.softmax(scores, dim=-1) * (filtered > -INF)
    for row, kept in enumerate(probs):
        rest = kept.sum() - kept[kept > 0].min() if kept.any() else 0
        if rest >= p + MARGIN / 2:
            return (
                f"En la fila {row} sobra al menos un token: sin el menos probable de los "
                f"conservados quedan {rest:.3g}, que ya alcanza p = {p:.3g}."
            )
    return None


def _without_crossing(scores, p):
    indices, before = _sorted_mass(scores)
    total = before + torch.softmax(scores, dim=-1).gather(-1, indices)
    return _keep(scores, indices, total <= p)


def _without_crossing_but_one(scores, p):
    best = scores == scores.max(dim=-1, keepdim=True).values
    return torch.where(best, scores, _without_crossing(scores, p))


def _not_unsorted(scores, p):
    return scores.masked_fill(_sorted_mass(scores)[1] >= p, -INF)


def _ascending(scores, p):
    ordered, indices = scores.sort(dim=-1)
    probs = torch.softmax(ordered, dim=-1)
    return _keep(scores, indices, probs.cumsum(dim=-1) - probs < p)


def _unsorted_cumsum(scores, p):
    probs = torch.softmax(scores, dim=-1)
    return scores.masked_fill(probs.cumsum(dim=-1) - probs >= p, -INF)


def _no_softmax(scores, p):
    ordered, indices = scores.sort(dim=-1, descending=True)
    return _keep(scores, indices, ordered.cumsum(dim=-1) - ordered < p)


MISCONCEPTIONS = (
    Misconception(
        "Perdiste el token que cruza p",
        "El token con el que la suma alcanza p también se queda. Mira la masa acumulada antes de "
        "cada token (`cumsum − probs`): se conserva si todavía es menor que p.",
        _without_crossing,
    ),
    Misconception(
        "Perdiste el token que cruza p",
        "Conservas siempre el primero, pero el token con el que la suma alcanza p también se "
        "queda. Mira la masa acumulada antes de cada token (`cumsum − probs`).",
        _without_crossing_but_one,
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
        "p es una masa de probabilidad: aplica el softmax antes de acumular.",
        _no_softmax,
    ),
    Misconception(
        "Umbral por token",
        "Comparaste la probabilidad de cada token con un umbral. Top-p mira la suma acumulada, no "
        "cada probabilidad por separado.",
        lambda scores, p: scores.masked_fill(torch.softmax(scores, dim=-1) < 1 - p, -INF),
    ),
    Misconception(
        "Ceros en lugar de −∞",
        "Un puntaje 0 no elimina el token: su exponencial vale 1. Usa −∞ (`float('-inf')`).",
        lambda scores, p: reference(scores, p).masked_fill(reference(scores, p) == -INF, 0.0),
    ),
    Misconception(
        "Devolviste probabilidades",
        "Un filtro recibe puntajes y devuelve puntajes: el softmax solo sirve aquí para decidir.",
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
        "Ordena cada fila de mayor a menor y acumula probabilidades. El token con el que la suma "
        "alcanza p ¿se queda o se va? ¿Cómo vuelves al orden del vocabulario?",
        "Con los puntajes ordenados, `mass_before = probs.cumsum(-1) - probs`; se conserva donde "
        "`mass_before < p`. Vuelve al orden original con "
        "`torch.zeros_like(kept).scatter(-1, indices, kept)`.",
    ),
    cases=cases,
    reference=reference,
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
        kept_values_unchanged(),
    ),
    misconceptions=MISCONCEPTIONS,
)
