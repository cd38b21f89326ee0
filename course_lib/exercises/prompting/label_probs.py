"""Ejercicio: de las respuestas a las etiquetas."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int) -> torch.Tensor:
    """Suma, por etiqueta, las probabilidades (softmax) de sus respuestas."""
    probs = torch.softmax(logprobs, dim=0)
    return torch.zeros(num_labels).index_add(0, labels, probs)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor, int]]:
    """Etiquetas con varias respuestas, con una y sin ninguna; log-probabilidades muy negativas."""
    fixed = [
        (torch.tensor([-3.0]), torch.tensor([0]), 1),
        (torch.tensor([-1.0, -1.0]), torch.tensor([0, 1]), 2),
        (torch.tensor([-2.0, -2.0, -2.0]), torch.tensor([0, 1, 0]), 2),
        (torch.tensor([-900.0, -901.0, -903.0]), torch.tensor([1, 0, 0]), 2),
        (torch.tensor([-1.0, -3.0, -2.0]), torch.tensor([1, 0, 1]), 3),
        (torch.tensor([-1.0, -3.0, -2.0, -5.0]), torch.tensor([3, 1, 3, 3]), 4),
    ]
    random = []
    for answers, num_labels in [(3, 2), (5, 2), (6, 3), (7, 3), (9, 4)]:
        labels = torch.randint(num_labels, (answers,), generator=generator)
        labels[:num_labels] = torch.arange(num_labels)
        order = torch.randperm(answers, generator=generator)
        logprobs = -9 * torch.rand(answers, generator=generator) - 1
        random.append((logprobs, labels[order], num_labels))
    few = torch.randint(3, (4,), generator=generator)
    random.append((-9 * torch.rand(4, generator=generator) - 1, few, 5))
    return fixed + random


def sums_to_one(
    value: torch.Tensor, logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int
) -> str | None:
    """Las etiquetas se reparten toda la probabilidad."""
    total = value.sum().item()
    return None if abs(total - 1) < 1e-4 else f"Las probabilidades suman {total:.3g}."


def at_least_its_best_answer(
    value: torch.Tensor, logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int
) -> str | None:
    """Una etiqueta tiene al menos la probabilidad de cada una de sus respuestas."""
    probs = torch.softmax(logprobs, dim=0)
    low = value[labels] < probs - 1e-4
    if low.any():
        i = int(low.nonzero()[0])
        return (
            f"La respuesta {i} tiene probabilidad {probs[i]:.4g} y su etiqueta quedó con "
            f"{value[labels[i]]:.4g}."
        )
    return None


def without_answers_is_zero(
    value: torch.Tensor, logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int
) -> str | None:
    """A una etiqueta sin respuestas no le toca nada."""
    for label in range(num_labels):
        if not (labels == label).any() and abs(value[label]) > 1e-6:
            return f"La etiqueta {label} no tiene respuestas y quedó con {value[label]:.3g}."
    return None


def each_label_adds_its_answers(
    value: torch.Tensor, logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int
) -> str | None:
    """La probabilidad de una etiqueta es la suma de las de sus respuestas."""
    right = reference(logprobs, labels, num_labels)
    wrong = ((value - right).abs() > 1e-4).nonzero().flatten().tolist()
    if not wrong:
        return None
    mine = (labels == wrong[0]).nonzero().flatten().tolist()
    if not mine:
        return None
    probs = " + ".join(f"{p:.3g}" for p in torch.softmax(logprobs, dim=0)[mine].tolist())
    return f"A la etiqueta {wrong[0]} le toca {probs} y quedó con {value[wrong[0]]:.3g}."


def _per_label(
    logprobs: torch.Tensor,
    labels: torch.Tensor,
    num_labels: int,
    join: Callable[[torch.Tensor], torch.Tensor],
) -> torch.Tensor:
    probs = torch.softmax(logprobs, dim=0)
    joined = torch.stack([join(probs[labels == label]) for label in range(num_labels)])
    return joined / joined.sum()


def _product(logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int) -> torch.Tensor:
    return torch.zeros(num_labels).index_add(0, labels, logprobs).softmax(0)


def _exponentials(logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int) -> torch.Tensor:
    sums = torch.zeros(num_labels).index_add(0, labels, logprobs.exp())
    return sums / sums.sum()


def _label_by_label(logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int) -> torch.Tensor:
    groups = (logprobs[labels == label] for label in range(num_labels))
    return torch.stack([group.softmax(0).sum() for group in groups])


def _last_answer(logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int) -> torch.Tensor:
    return torch.zeros(num_labels).index_put((labels,), torch.softmax(logprobs, dim=0))


def _seen_labels(logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int) -> torch.Tensor:
    return reference(logprobs, labels, num_labels)[labels.unique()]


def _up_to_the_largest(
    logprobs: torch.Tensor, labels: torch.Tensor, num_labels: int
) -> torch.Tensor:
    return reference(logprobs, labels, int(labels.max()) + 1)


NO_ANSWERS = (
    "Una etiqueta sin respuestas tiene probabilidad 0, y también va en el resultado: recorre "
    "`range(num_labels)`, no las etiquetas que aparecen."
)
MISCONCEPTIONS = (
    Misconception(
        "Promediaste las respuestas",
        "El promedio es otro agregado: compensa que una etiqueta tenga más respuestas. Aquí se pide la "
        "suma, la probabilidad de que la respuesta sea *alguna* de las de esa etiqueta.",
        partial(_per_label, join=torch.mean),
    ),
    Misconception(
        "Tomaste solo la mejor",
        "El máximo es otro agregado: ignora las demás respuestas de la etiqueta. Aquí se suman.",
        partial(_per_label, join=torch.max),
    ),
    Misconception(
        "Sumaste log-probabilidades",
        "Sumar logaritmos multiplica probabilidades: eso es pedir que la respuesta sea «buena» *y* "
        "«bacán». Pasa primero a probabilidades y suma esas.",
        _product,
    ),
    Misconception(
        "Sin normalizar",
        "Sumaste exp(log p) sin repartir entre las candidatas: no suma 1, y con log-probabilidades "
        "muy negativas da cero. Usa `torch.softmax` sobre todas las respuestas.",
        lambda logprobs, labels, n: torch.zeros(n).index_add(0, labels, logprobs.exp()),
    ),
    Misconception("Perdiste las etiquetas sin respuestas", NO_ANSWERS, _seen_labels),
    Misconception("Perdiste las etiquetas sin respuestas", NO_ANSWERS, _up_to_the_largest),
    Misconception(
        "Normalizaste al final, con `exp`",
        "Con log-probabilidades muy negativas `exp` da 0, y 0/0 es NaN. `torch.softmax` sobre todas las "
        "respuestas hace la misma cuenta sin ese problema.",
        _exponentials,
    ),
    Misconception(
        "Normalizaste dentro de cada etiqueta",
        "Así cada etiqueta suma 1 por su cuenta. La softmax va una sola vez, sobre todas las respuestas.",
        _label_by_label,
    ),
    Misconception(
        "Se quedó una sola respuesta por etiqueta",
        "Asignar con `out[labels] = probs` (o con `+=`) guarda una sola de las respuestas repetidas. "
        "Suma las de cada etiqueta: `probs[labels == label].sum()`.",
        _last_answer,
    ),
    Misconception(
        "Otra softmax al final",
        "La suma por etiqueta ya es una probabilidad: no le apliques otra softmax.",
        lambda *args: reference(*args).softmax(0),
    ),
)

EXERCISE = Exercise(
    key="label_probs",
    chapter="05_prompting",
    title="De las respuestas a las etiquetas",
    objective="Juntar las probabilidades de las respuestas que valen por la misma etiqueta.",
    difficulty=2,
    minutes=15,
    section="El mapeo de la respuesta",
    hints=(
        "Si «buena» tiene 0.5 y «bacán» 0.1, ¿cuál es la probabilidad de que la respuesta sea una de "
        "las dos? ¿Y qué pasa con las demás candidatas?",
        "Primero las candidatas, todas juntas, deben sumar 1. Después, `labels == 0` es una máscara: con "
        "ella se toman solo las de la etiqueta 0. Haz lo mismo con cada etiqueta y une los números en un "
        "tensor.",
    ),
    cases=cases,
    reference=reference,
    idea="P(y) = Σ P(z) sobre las respuestas z de la etiqueta y, con las P(z) normalizadas entre todas.",
    properties=(
        Property(
            "Suma 1",
            "Toda candidata tiene etiqueta, de modo que las etiquetas se reparten toda la masa.",
            sums_to_one,
        ),
        Property(
            "Una etiqueta vale al menos su mejor respuesta",
            "Al sumar probabilidades nunca se pierde: la suma no es menor que un sumando.",
            at_least_its_best_answer,
        ),
        Property(
            "Sin respuestas, probabilidad 0",
            "La suma de ningún número es 0, y la etiqueta sigue teniendo su lugar.",
            without_answers_is_zero,
        ),
        Property(
            "Cada etiqueta suma sus respuestas",
            "`labels[i]` dice a qué etiqueta pertenece la respuesta i; el orden es cualquiera.",
            each_label_adds_its_answers,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
