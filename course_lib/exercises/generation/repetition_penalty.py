"""Ejercicio: penalización por repetición."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import integer, logits, real

__all__ = ["EXERCISE"]

Case = tuple[torch.Tensor, torch.Tensor, float]
Change = Callable[[torch.Tensor, float], torch.Tensor]


def _seen(input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
    return torch.zeros_like(scores, dtype=torch.bool).scatter(-1, input_ids, True)


def _penalized(scores: torch.Tensor, penalty: float) -> torch.Tensor:
    return torch.where(scores < 0, scores * penalty, scores / penalty)


def reference(input_ids: torch.Tensor, scores: torch.Tensor, penalty: float) -> torch.Tensor:
    """Divide los puntajes positivos y multiplica los negativos de los tokens ya vistos."""
    return torch.where(_seen(input_ids, scores), _penalized(scores, penalty), scores)


def cases(generator: torch.Generator) -> list[Case]:
    """Puntajes de todo signo y tamaño, tokens repetidos, contextos largos y lotes distintos."""
    fixed = [
        (torch.tensor([[0]]), torch.tensor([[2.0, 1.0]]), 2.0),
        (torch.tensor([[1]]), torch.tensor([[2.0, -1.0]]), 2.0),
        (torch.tensor([[0, 0]]), torch.tensor([[2.0, 1.0]]), 2.0),
        (torch.tensor([[0, 1]]), torch.tensor([[1.0, 2.0]]), 1.0),
        (torch.tensor([[1, 0, 1]]), torch.tensor([[-3.0, 4.0, 0.0]]), 2.5),
        (torch.tensor([[2, 2, 0]]), torch.tensor([[0.0, 5.0, 0.5]]), 10.0),
        (torch.tensor([[0], [1]]), torch.tensor([[2.0, -1.0], [3.0, -2.0]]), 1.5),
        (
            torch.tensor([[2, 1], [0, 0]]),
            torch.tensor([[1e3, -1e3, 999.0], [-0.01, 7.0, 1.0]]),
            1.25,
        ),
        (torch.tensor([[1, 0, 0, 0, 0, 0, 0]]), torch.tensor([[1.0, 6.0, -2.0]]), 3.0),
    ]
    sizes = [(1, 3, 4), (2, 4, 6), (3, 5, 9), (3, 3, 3), (4, 2, 5), (2, 12, 7)]
    return fixed + [_random_case(generator, *size) for size in sizes]


def _random_case(generator: torch.Generator, rows: int, length: int, width: int) -> Case:
    """Cada fila repite su último token."""
    ids = torch.randint(width, (rows, length), generator=generator)
    ids[:, -1] = ids[:, integer(generator, 0, length - 2)]
    return ids, logits(generator, rows, width, 3.0), real(generator, 1.1, 3.5)


def unseen_unchanged(
    penalized: torch.Tensor, input_ids: torch.Tensor, scores: torch.Tensor, penalty: float
) -> str | None:
    """Solo cambian los tokens que ya aparecieron."""
    wrong = ~_seen(input_ids, scores) & ~torch.isclose(penalized, scores, rtol=1e-4, atol=1e-5)
    if not wrong.any():
        return None
    row, token = wrong.nonzero()[0].tolist()
    return (
        f"Cambió el puntaje del token {token} (fila {row}), que no está en su contexto "
        f"({input_ids[row].tolist()})."
    )


def seen_never_rise(
    penalized: torch.Tensor, input_ids: torch.Tensor, scores: torch.Tensor, penalty: float
) -> str | None:
    """Con penalty >= 1 ningún puntaje sube."""
    rise = penalized - scores
    if rise.max() <= 1e-5:
        return None
    row, token = (rise == rise.max()).nonzero()[0].tolist()
    return (
        f"El puntaje del token {token} (fila {row}) subió de {scores[row, token]:.4g} a "
        f"{penalized[row, token]:.4g}: quedó premiado."
    )


def seen_change_once(
    penalized: torch.Tensor, input_ids: torch.Tensor, scores: torch.Tensor, penalty: float
) -> str | None:
    """El puntaje de un token visto es el suyo, dividido o multiplicado una vez."""
    right = reference(input_ids, scores, penalty)
    wrong = _seen(input_ids, scores) & ~torch.isclose(penalized, right, rtol=1e-4, atol=1e-5)
    if not wrong.any():
        return None
    row, token = wrong.nonzero()[0].tolist()
    before = scores[row, token].item()
    sign = "×" if before < 0 else "/"
    times = Counter(input_ids[row].tolist())[token]
    found = "una vez" if times == 1 else f"{times} veces"
    return (
        f"El token {token} (fila {row}) está {found} en su contexto y su puntaje era {before:.4g}: debe "
        f"quedar en {before:.4g} {sign} {penalty:.4g} = {right[row, token]:.4g}, y quedó en "
        f"{penalized[row, token]:.4g}."
    )


def _per_occurrence(input_ids: torch.Tensor, scores: torch.Tensor, penalty: float) -> torch.Tensor:
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in ids:
            out[row, token] = _penalized(out[row, token], penalty)
    return out


def _seen_only(change: Change) -> Callable[..., torch.Tensor]:
    """Variante que aplica `change` a los puntajes de los tokens vistos."""
    return lambda input_ids, scores, penalty: torch.where(
        _seen(input_ids, scores), change(scores, penalty), scores
    )


def _looking_at(
    some: Callable[[torch.Tensor], torch.Tensor],
) -> Callable[..., torch.Tensor]:
    """Variante que mira `some(input_ids)` en lugar de todo el contexto de cada fila."""
    return lambda input_ids, scores, penalty: reference(some(input_ids), scores, penalty)


def _everyone(input_ids: torch.Tensor) -> torch.Tensor:
    return input_ids.flatten().expand(len(input_ids), -1)


def _only_repeated(input_ids: torch.Tensor, scores: torch.Tensor, penalty: float) -> torch.Tensor:
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token, times in Counter(ids).items():
            if times > 1:
                out[row, token] = _penalized(scores[row, token], penalty)
    return out


MISCONCEPTIONS = (
    Misconception(
        "Dividiste también los negativos",
        "Dividir un puntaje negativo por un número mayor que 1 lo acerca a 0, es decir, lo sube. "
        "Los negativos se multiplican.",
        _seen_only(lambda scores, penalty: scores / penalty),
    ),
    Misconception(
        "Multiplicaste también los positivos",
        "Multiplicar un puntaje positivo lo sube. Los positivos se dividen.",
        _seen_only(lambda scores, penalty: scores * penalty),
    ),
    Misconception(
        "Invertiste los casos",
        "Divides los negativos y multiplicas los positivos: así premias la repetición.",
        _seen_only(
            lambda scores, penalty: torch.where(scores < 0, scores / penalty, scores * penalty)
        ),
    ),
    Misconception(
        "No cambiaste los negativos",
        "Un puntaje negativo también se penaliza: se multiplica, y así baja más.",
        _seen_only(lambda scores, penalty: torch.where(scores < 0, scores, scores / penalty)),
    ),
    Misconception(
        "Restaste la penalización",
        "Restar es otra regla (la de frecuencia o presencia). Esta divide o multiplica según el "
        "signo.",
        _seen_only(lambda scores, penalty: scores - penalty),
    ),
    Misconception(
        "Penalizaste una vez por aparición",
        "Un token que aparece varias veces se penaliza una sola vez. Parte siempre de los puntajes "
        "originales, o usa los tokens distintos del contexto.",
        _per_occurrence,
    ),
    Misconception(
        "Penalizaste solo los repetidos",
        "Basta con que un token esté una vez en el contexto: elegirlo de nuevo ya sería repetirlo.",
        _only_repeated,
    ),
    Misconception(
        "Mezclaste las filas del lote",
        "Cada fila tiene su contexto: penaliza en ella solo sus tokens.",
        _looking_at(_everyone),
    ),
    Misconception(
        "Usaste el contexto de la primera fila",
        "Cada fila tiene su contexto: penaliza en ella los tokens de su fila de `input_ids`.",
        _looking_at(lambda input_ids: input_ids[:1].expand(len(input_ids), -1)),
    ),
    Misconception(
        "Penalizaste todo el vocabulario",
        "Solo se penalizan los tokens que están en `input_ids`.",
        lambda ids, scores, penalty: _penalized(scores, penalty),
    ),
    Misconception(
        "Solo miraste el último token",
        "Cuenta todo el contexto, no solo su último token.",
        _looking_at(lambda input_ids: input_ids[:, -1:]),
    ),
    Misconception(
        "Olvidaste el último token",
        "Cuenta todo el contexto, también su último token: `input_ids[:, :-1]` lo deja fuera.",
        _looking_at(lambda input_ids: input_ids[:, :-1]),
    ),
)

EXERCISE = Exercise(
    key="repetition_penalty",
    chapter="08_generacion",
    title="Penalización por repetición",
    objective="Bajar el puntaje de los tokens que ya aparecieron, sea cual sea su signo.",
    difficulty=2,
    minutes=20,
    section="Penalización por repetición",
    hints=(
        "Con puntaje 2 y penalización 2, dividir da 1: baja. Con puntaje −1, dividir da −0.5: "
        "¿sube o baja? ¿Cuántas veces se penaliza un token que aparece dos veces?",
        "Son dos preguntas. Cuánto valdría cada puntaje si se penalizara: depende de su "
        "signo. Y cuáles se penalizan: una máscara (B, V) de tokens vistos, que no cuenta "
        "veces. `scatter` marca en cada fila los lugares que dicen sus ids.",
    ),
    cases=cases,
    reference=reference,
    idea=(
        "A cada token distinto del contexto se le baja el puntaje una vez: se divide si es "
        "positivo y se multiplica si es negativo."
    ),
    properties=(
        Property(
            "Los tokens nuevos no cambian",
            "La penalización toca solo los tokens que ya están en el contexto de su fila.",
            unseen_unchanged,
        ),
        Property(
            "Penalizar nunca sube un puntaje",
            "Con una penalización mayor o igual que 1, todo token visto queda igual o más abajo.",
            seen_never_rise,
        ),
        Property(
            "Cada token visto se penaliza una vez",
            "Aparezca una vez o muchas, su puntaje se divide (si es positivo) o se multiplica (si es "
            "negativo) una sola vez.",
            seen_change_once,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
