"""Ejercicio: penalización de repeticiones."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(input_ids, scores, penalty):
    """Divide los puntajes positivos y multiplica los negativos de los tokens ya vistos."""
    seen = torch.zeros_like(scores, dtype=torch.bool).scatter(-1, input_ids, True)
    penalized = torch.where(scores < 0, scores * penalty, scores / penalty)
    return torch.where(seen, penalized, scores)


def cases(generator):
    """Puntajes de ambos signos, tokens repetidos en el contexto y lotes de contextos distintos."""
    fixed = [
        (torch.tensor([[0]]), torch.tensor([[2.0, 1.0]]), 2.0),
        (torch.tensor([[1]]), torch.tensor([[2.0, -1.0]]), 2.0),
        (torch.tensor([[0, 0]]), torch.tensor([[2.0, 1.0]]), 2.0),
        (torch.tensor([[0], [1]]), torch.tensor([[2.0, -1.0], [3.0, -2.0]]), 1.5),
        (torch.tensor([[0, 1]]), torch.tensor([[1.0, 2.0]]), 1.0),
    ]
    random = []
    for rows, length, width in [(1, 3, 4), (2, 4, 6), (3, 5, 9)]:
        ids = torch.randint(width, (rows, length), generator=generator)
        scores = 3 * torch.randn(rows, width, generator=generator)
        penalty = round(1.1 + torch.rand(1, generator=generator).item(), 2)
        random.append((ids, scores, penalty))
    return fixed + random


def unseen_unchanged(penalized, input_ids, scores, penalty):
    """Solo cambian los tokens que ya aparecieron."""
    seen = torch.zeros_like(scores, dtype=torch.bool).scatter(-1, input_ids, True)
    wrong = ~seen & ((penalized - scores).abs() > 1e-5)
    if not wrong.any():
        return None
    row, token = wrong.nonzero()[0].tolist()
    return f"Cambió el puntaje del token {token} (fila {row}), que no está en su contexto."


def seen_never_rise(penalized, input_ids, scores, penalty):
    """Con penalty >= 1 ningún puntaje sube."""
    rise = penalized - scores
    if rise.max() <= 1e-5:
        return None
    row, token = (rise == rise.max()).nonzero()[0].tolist()
    return (
        f"El puntaje del token {token} (fila {row}) subió de {scores[row, token]:.3g} a "
        f"{penalized[row, token]:.3g}: quedó premiado."
    )


def _per_occurrence(input_ids, scores, penalty):
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in ids:
            value = out[row, token]
            out[row, token] = value * penalty if value < 0 else value / penalty
    return out


def _seen_only(change):
    """Variante que aplica `change` a los puntajes de los tokens vistos."""

    def wrong(input_ids, scores, penalty):
        seen = torch.zeros_like(scores, dtype=torch.bool).scatter(-1, input_ids, True)
        return torch.where(seen, change(scores, penalty), scores)

    return wrong


def _mixed_rows(input_ids, scores, penalty):
    everything = input_ids.flatten().expand(len(scores), -1)
    return reference(everything, scores, penalty)


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
        "Mezclaste las filas del lote",
        "Cada fila tiene su contexto: penaliza en ella solo sus tokens.",
        _mixed_rows,
    ),
    Misconception(
        "Penalizaste todo el vocabulario",
        "Solo se penalizan los tokens que están en `input_ids`.",
        lambda ids, scores, penalty: torch.where(scores < 0, scores * penalty, scores / penalty),
    ),
    Misconception(
        "Solo miraste el último token",
        "Cuenta todo el contexto, no solo su último token.",
        lambda ids, scores, penalty: reference(ids[:, -1:], scores, penalty),
    ),
)

EXERCISE = Exercise(
    key="repetition_penalty",
    chapter="08_generacion",
    title="Penalización de repeticiones",
    objective="Bajar el puntaje de los tokens que ya aparecieron, sea cual sea su signo.",
    difficulty=2,
    minutes=20,
    section="Repetición",
    hints=(
        "Con puntaje 2 y penalización 2, dividir da 1: baja. Con puntaje −1, dividir da −0.5: "
        "¿sube o baja? ¿Cuántas veces se penaliza un token que aparece dos veces?",
        "`torch.where(scores < 0, scores * penalty, scores / penalty)` penaliza todo. Marca los "
        "tokens vistos con una máscara: `scatter(-1, input_ids, True)` sobre ceros lógicos, y usa "
        "otro `torch.where`.",
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
    ),
    misconceptions=MISCONCEPTIONS,
)
