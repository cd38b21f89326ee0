"""Ejercicio: la pérdida de la respuesta."""

from __future__ import annotations

import math

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

MASKED = -100


def _each(logits: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """La pérdida de cada posición, ya alineada con su etiqueta (0 si no cuenta), y cuáles cuentan."""
    kept = labels != MASKED
    chosen = logits.log_softmax(-1).gather(-1, labels.where(kept, 0)[..., None])[..., 0]
    return -chosen.where(kept, 0.0), kept


def _shifted(logits: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return _each(logits[:, :-1], labels[:, 1:])


def _mean(losses: torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
    return losses.sum() / kept.sum()


def reference(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Media, sobre todo el lote, de la pérdida de cada etiqueta que no es -100, con el desfase de uno."""
    return _mean(*_shifted(logits, labels))


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Una sola etiqueta, filas sin ninguna, la posición 0 entrenada, el token 0 y logits enormes."""
    fixed = [
        (torch.tensor([[[0.0, 1.0], [3.0, 0.0]]]), torch.tensor([[MASKED, 1]])),
        (torch.tensor([[[2.0, 1.0], [0.0, 4.0]]]), torch.tensor([[1, 0]])),
        (_logits(generator, 1, 3, 4), torch.tensor([[MASKED, MASKED, 0]])),
        (_logits(generator, 1, 4, 3), torch.tensor([[2, 1, 0, MASKED]])),
        (_logits(generator, 2, 3, 4), torch.tensor([[MASKED] * 3, [MASKED, 3, 1]])),
        (_logits(generator, 2, 4, 3), torch.tensor([[MASKED, MASKED, MASKED, 2], [0, 1, 2, 0]])),
        (200 * _logits(generator, 1, 4, 5), torch.tensor([[MASKED, 4, 0, 2]])),
    ]
    sizes = [(2, 5, 6), (3, 6, 5), (4, 7, 8), (3, 9, 12)]
    return fixed + [(_logits(generator, *size), _labels(generator, *size)) for size in sizes]


def _logits(generator: torch.Generator, *size: int) -> torch.Tensor:
    return 2 * torch.randn(*size, generator=generator)


def _labels(generator: torch.Generator, rows: int, length: int, vocabulary: int) -> torch.Tensor:
    """Un prompt, una respuesta y relleno en cada fila; la primera fila se entrena entera."""
    labels = torch.randint(0, vocabulary, (rows, length), generator=generator)
    for row in labels[1:]:
        start = int(torch.randint(1, length - 1, (1,), generator=generator))
        end = int(torch.randint(start + 1, length + 1, (1,), generator=generator))
        row[:start] = MASKED
        row[end:] = MASKED
    return labels


def is_not_negative(loss: torch.Tensor, logits: torch.Tensor, labels: torch.Tensor) -> str | None:
    """Una probabilidad es a lo más 1, y su logaritmo cambiado de signo no es negativo."""
    return None if loss >= -1e-5 else f"Salió {loss:.4g}."


def between_the_extremes(
    loss: torch.Tensor, logits: torch.Tensor, labels: torch.Tensor
) -> str | None:
    """Una media está entre el menor y el mayor de lo que promedia."""
    losses, kept = _shifted(logits, labels)
    low, high = losses[kept].min(), losses[kept].max()
    slack = 1e-4 * (1 + float(high))
    if low - slack <= loss <= high + slack:
        return None
    return f"Las pérdidas que se promedian van de {low:.4g} a {high:.4g}, y salió {loss:.4g}."


def _unshifted(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return _mean(*_each(logits, labels))


def _shifted_back(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return _mean(*_each(logits[:, 1:], labels[:, :-1]))


def _mean_of_rows(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    losses, kept = _shifted(logits, labels)
    used = kept.any(dim=1)
    return (losses.sum(dim=1)[used] / kept.sum(dim=1)[used]).mean()


def _mean_of_all_rows(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    losses, kept = _shifted(logits, labels)
    return (losses.sum(dim=1) / kept.sum(dim=1)).mean()


def _over_every_position(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return _shifted(logits, labels)[0].mean()


def _over_every_label(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return _shifted(logits, labels)[0].sum() / (labels != MASKED).sum()


def _per_row(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return _shifted(logits, labels)[0].sum() / len(labels)


def _masked_as_token_zero(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return reference(logits, labels.clamp(min=0))


def _without_token_zero(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return reference(logits, labels.masked_fill(labels == 0, MASKED))


def _softmax_twice(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return reference(logits.softmax(-1), labels)


def _overflows(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """La exponencial desborda, y el logaritmo de 0 da infinito."""
    exponentials = logits.exp()
    probs = exponentials / exponentials.sum(dim=-1, keepdim=True)
    kept = labels[:, 1:] != MASKED
    targets = labels[:, 1:].where(kept, 0)[..., None]
    return -probs[:, :-1].gather(-1, targets)[..., 0].log()[kept].mean()


def _probability(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    losses, kept = _shifted(logits, labels)
    return losses[kept].neg().exp().mean()


def _raw_logit(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    kept = labels[:, 1:] != MASKED
    targets = labels[:, 1:].where(kept, 0)[..., None]
    return -logits[:, :-1].gather(-1, targets)[..., 0][kept].mean()


def _first_row(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    return reference(logits[:1], labels[:1])


MISCONCEPTIONS = (
    Misconception(
        "Sin el desfase",
        "Los logits de la posición t predicen el token t + 1: `logits[:, :-1]` con `labels[:, 1:]`. Sin el "
        "desfase se premia copiar el token que se está leyendo.",
        _unshifted,
    ),
    Misconception(
        "El desfase al revés",
        "Cada posición predice el token que viene, no el que ya pasó: `logits[:, :-1]` con `labels[:, 1:]`.",
        _shifted_back,
    ),
    Misconception(
        "Promediaste filas",
        "Cada *token* pesa lo mismo, venga de una respuesta larga o corta: se suma en todo el lote y se "
        "divide una sola vez.",
        _mean_of_rows,
    ),
    Misconception(
        "Promediaste filas, y una no tiene nada",
        "La media de una fila sin etiquetas es 0/0. Suma en todo el lote y divide una sola vez.",
        _mean_of_all_rows,
    ),
    Misconception(
        "Dividiste por todas las posiciones",
        "Las que están en −100 tampoco se cuentan en el denominador: divide por cuántas etiquetas quedan.",
        _over_every_position,
    ),
    Misconception(
        "Contaste la etiqueta de la posición 0",
        "Nadie predice la posición 0: cuenta las etiquetas *después* del desfase.",
        _over_every_label,
    ),
    Misconception(
        "Dividiste por el número de filas",
        "Se pide la media por token, no por conversación.",
        _per_row,
    ),
    Misconception(
        "Sumaste",
        "Se pide la media: divide por cuántas etiquetas se cuentan.",
        lambda logits, labels: _shifted(logits, labels)[0].sum(),
    ),
    Misconception(
        "−100 se contó como el token 0",
        "Llevar el −100 a 0 sirve para indexar, pero después hay que descartar esas posiciones.",
        _masked_as_token_zero,
    ),
    Misconception(
        "El 0 también es un token",
        "Lo que no se cuenta es el −100: pregunta por `labels != -100`, no por `labels > 0`.",
        _without_token_zero,
    ),
    Misconception(
        "En bits",
        "El logaritmo es natural: la pérdida se pide en nats.",
        lambda logits, labels: reference(logits, labels) / math.log(2),
    ),
    Misconception(
        "Con el signo cambiado",
        "El logaritmo de una probabilidad es negativo, y la pérdida lleva el signo menos.",
        lambda logits, labels: -reference(logits, labels),
    ),
    Misconception(
        "Dos veces softmax",
        "La entropía cruzada recibe logits y hace la softmax por dentro: no la apliques antes.",
        _softmax_twice,
    ),
    Misconception(
        "La exponencial se desborda",
        "`exp` de un logit grande es infinito, y el logaritmo de 0 también. Usa `torch.log_softmax`, que "
        "antes resta el máximo.",
        _overflows,
    ),
    Misconception(
        "Falta el logaritmo",
        "Promediaste probabilidades. La pérdida es la media de sus logaritmos, con el signo cambiado.",
        _probability,
    ),
    Misconception(
        "Falta la softmax",
        "Un logit no es un logaritmo de probabilidad: falta `log_softmax` sobre el vocabulario.",
        _raw_logit,
    ),
    Misconception(
        "Devolviste la perplejidad",
        "La exponencial de la pérdida es otra medida.",
        lambda logits, labels: reference(logits, labels).exp(),
    ),
    Misconception(
        "Solo la primera fila",
        "El lote tiene varias conversaciones, y se promedian los tokens de todas.",
        _first_row,
    ),
)

EXERCISE = Exercise(
    key="masked_loss",
    chapter="06_instrucciones",
    title="La pérdida de la respuesta",
    objective="Medir el error del modelo solo en los tokens que debe aprender a escribir.",
    difficulty=2,
    minutes=20,
    section="Qué se entrena: la máscara",
    hints=(
        "¿Qué posición de los logits predice la última etiqueta? ¿Y quién predice la primera? ¿Por cuánto "
        "se divide si una fila entera es −100?",
        "Alinea primero: `logits[:, :-1]` y `labels[:, 1:]`. Con `kept = targets != -100`, una máscara "
        "lógica deja solo las posiciones que cuentan: `log_softmax(-1)[kept]` es (N, V) y `targets[kept]` "
        "es (N,). Falta elegir de cada fila una columna (`gather`) y promediar.",
    ),
    cases=cases,
    reference=reference,
    idea="La media, sobre todo el lote, de −log softmax(logits[t]) en el token t + 1, si no es −100.",
    properties=(
        Property(
            "No es negativa",
            "Es el logaritmo de una probabilidad, con el signo cambiado.",
            is_not_negative,
        ),
        Property(
            "Está entre las que promedia",
            "Cada etiqueta que cuenta aporta una pérdida, y la media no se sale de ellas.",
            between_the_extremes,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
