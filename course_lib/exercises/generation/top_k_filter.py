"""Ejercicio: filtro top-k."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import integer, logits, with_removed, with_ties
from .filters import filter_properties

__all__ = ["EXERCISE"]

INF = float("inf")


def _below_kth(scores: torch.Tensor, k: int) -> torch.Tensor:
    return scores < scores.topk(min(k, scores.shape[-1]), dim=-1).values[:, -1:]


def reference(scores: torch.Tensor, k: int) -> torch.Tensor:
    """-inf bajo el k-ésimo puntaje de cada fila; los empates con él se quedan."""
    return scores.masked_fill(_below_kth(scores, k), -INF)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, int]]:
    """Empates en todos los puestos, k igual o mayor que V, puntajes enormes, negativos, −∞ y parejos."""
    fixed = [
        (torch.tensor([[4.0]]), 1),
        (torch.tensor([[0.0, -1.0]]), 5),
        (torch.tensor([[1.0, 3.0, 2.0]]), 1),
        (torch.tensor([[2.0, 1.0, 2.0]]), 1),
        (
            torch.tensor([[5.0, 5.0, 1.0]]),
            2,
        ),  # los dos primeros empatan: k-ésimo, no k-ésimo distinto
        (torch.tensor([[-3.0, 1.0, -3.0, -3.0]]), 2),
        (torch.tensor([[0.5, 0.5, 0.5]]), 2),
        (torch.tensor([[1000.0, 0.0, -1000.0]]), 2),  # como probabilidades, los dos últimos son 0
        (torch.tensor([[1.0, 0.95, -2.0]]), 1),
        (torch.tensor([[-INF, 1.0, -INF, 0.0]]), 3),
        (torch.tensor([[2.0, 1.0], [0.0, 3.0]]), 2),
        (
            torch.tensor([[3.0, 2.0, 1.0], [2.0, 1.0, 0.0]]),
            1,
        ),  # lo que en una fila gana, en otra no
        (torch.tensor([[9.0, 8.0, 7.0], [1.0, 3.0, 2.0]]), 2),
        (torch.tensor([[1.0, 5.0, 3.0], [9.0, 2.0, 4.0], [6.0, 8.0, 7.0]]), 2),
    ]
    random = [
        (logits(generator, rows, width, 3.0), integer(generator, 1, width))
        for rows, width in [(1, 4), (2, 4), (3, 6), (4, 9)]
    ]
    random += [(with_ties(generator, rows, 7), integer(generator, 2, 5)) for rows in (2, 3)]
    random.append((with_removed(generator, 3, 5), integer(generator, 1, 3)))
    random.append((logits(generator, 6, 4).t(), integer(generator, 2, 4)))
    return fixed + random


def keeps_enough(filtered: torch.Tensor, scores: torch.Tensor, k: int) -> str | None:
    """Quedan al menos min(k, V) por fila, sin contar los que ya estaban eliminados."""
    for row, (left, before) in enumerate(zip(filtered, scores, strict=True)):
        kept, wanted = int((left > -INF).sum()), min(k, int((before > -INF).sum()))
        if kept < wanted:
            return f"En la fila {row} quedaron {kept} tokens y deben quedar al menos {wanted}."
    return None


def keeps_the_best(filtered: torch.Tensor, scores: torch.Tensor, k: int) -> str | None:
    """Ningún token eliminado supera o iguala a uno conservado."""
    for row, (left, before) in enumerate(zip(filtered, scores, strict=True)):
        kept = left > -INF
        if kept.any() and not kept.all() and before[~kept].max() >= before[kept].min():
            return (
                f"En la fila {row} se eliminó un token de puntaje "
                f"{before[~kept].max():.4g} y se conservó uno de {before[kept].min():.4g}."
            )
    return None


def removes_the_rest(filtered: torch.Tensor, scores: torch.Tensor, k: int) -> str | None:
    """Se va todo token que tiene k o más puntajes por encima."""
    for row, (left, before) in enumerate(zip(filtered, scores, strict=True)):
        above = (before[None, :] > before[:, None]).sum(dim=-1)
        stayed = (left > -INF) & (above >= k)
        if stayed.any():
            token = int(stayed.nonzero()[0])
            return (
                f"En la fila {row} sobra el token {token}: hay {int(above[token])} puntajes mayores que "
                f"el suyo y k = {k}."
            )
    return None


def _exactly_k(scores: torch.Tensor, k: int) -> torch.Tensor:
    top = scores.topk(min(k, scores.shape[-1]), dim=-1)
    return torch.full_like(scores, -INF).scatter(-1, top.indices, top.values)


def _whole_matrix(scores: torch.Tensor, k: int) -> torch.Tensor:
    kth = scores.flatten().topk(min(k, scores.numel())).values[-1]
    return scores.masked_fill(scores < kth, -INF)


def _crashes_over_vocabulary(scores: torch.Tensor, k: int) -> torch.Tensor:
    kth = scores.topk(k, dim=-1).values[:, -1:]
    return scores.masked_fill(scores < kth, -INF)


def _drops_kth(scores: torch.Tensor, k: int) -> torch.Tensor:
    kth = scores.topk(min(k, scores.shape[-1]), dim=-1).values[:, -1:]
    return scores.masked_fill(scores <= kth, -INF)


def _kth_distinct(scores: torch.Tensor, k: int) -> torch.Tensor:
    rows = []
    for row in scores:
        distinct = row.unique()  # de menor a mayor
        rows.append(row.masked_fill(row < distinct[-min(k, len(distinct))], -INF))
    return torch.stack(rows)


def _ranked_by_argsort(scores: torch.Tensor, k: int) -> torch.Tensor:
    return scores.masked_fill(scores.argsort(dim=-1, descending=True) >= k, -INF)


def _by_probability(scores: torch.Tensor, k: int) -> torch.Tensor:
    probs = torch.softmax(scores, dim=-1)
    return scores.masked_fill(_below_kth(probs, k), -INF)


MISCONCEPTIONS = (
    Misconception(
        "Ceros en lugar de −∞",
        "Un puntaje 0 no elimina el token: su exponencial vale 1. Para que su probabilidad sea 0, "
        "el puntaje debe ser −∞ (`float('-inf')`).",
        lambda scores, k: scores.masked_fill(_below_kth(scores, k), 0.0),
    ),
    Misconception(
        "Rompiste un empate",
        "Dos tokens empatan en el puesto k y eliminaste uno al azar. Compara con el puntaje del "
        "k-ésimo: se va solo lo que es menor que él.",
        _exactly_k,
    ),
    Misconception(
        "Contaste una vez los puntajes repetidos",
        "Buscaste el k-ésimo puntaje distinto. Si dos tokens empatan en el primer puesto, ya son dos: el "
        "k-ésimo se cuenta con repeticiones, como hace `topk`.",
        _kth_distinct,
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
        "Confundiste el orden con el puesto",
        "`argsort` dice qué token ocupa cada puesto, no qué puesto ocupa cada token. Compara puntajes con "
        "el k-ésimo.",
        _ranked_by_argsort,
    ),
    Misconception(
        "Comparaste probabilidades",
        "Con puntajes muy separados, varias probabilidades son 0 para la máquina y empatan. Compara los "
        "puntajes tal como llegan: la softmax no hace falta.",
        _by_probability,
    ),
    Misconception(
        "Conservaste los peores",
        "Quedaron los k puntajes más bajos. `topk` ordena de mayor a menor.",
        lambda scores, k: scores.masked_fill(_below_kth(-scores, k), -INF),
    ),
    Misconception(
        "Devolviste probabilidades",
        "Un filtro recibe puntajes y devuelve puntajes: la softmax viene después.",
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
        "Busca en cada fila el k-ésimo puntaje: es el umbral. ¿Qué valor, al pasar por la "
        "softmax, da probabilidad exactamente 0?",
        "`torch.topk` da los k mayores de cada fila, ya ordenados: el último es el umbral. "
        "Déjalo como una columna (B, 1), para comparar cada fila con el suyo, y piensa qué "
        "pides si k es mayor que V.",
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
        *filter_properties(reference),
        Property(
            "Se eliminan los demás",
            "Si k tokens tienen más puntaje que uno, ese no está entre los k mejores.",
            removes_the_rest,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
