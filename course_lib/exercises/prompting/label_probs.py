"""Ejercicio: de las respuestas a las etiquetas."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(logprobs, labels, num_labels):
    """Suma, por etiqueta, las probabilidades (softmax) de sus respuestas."""
    probs = torch.softmax(logprobs, dim=0)
    return torch.zeros(num_labels).index_add(0, labels, probs)


def cases(generator):
    """Etiquetas con distinto número de respuestas, y log-probabilidades muy negativas."""
    fixed = [
        (torch.tensor([-1.0, -1.0]), torch.tensor([0, 1]), 2),
        (torch.tensor([-2.0, -2.0, -2.0]), torch.tensor([0, 1, 0]), 2),
        (torch.tensor([-900.0, -901.0, -903.0]), torch.tensor([1, 0, 0]), 2),
    ]
    random = []
    for answers, num_labels in [(3, 2), (5, 2), (6, 3), (9, 4)]:
        order = torch.randperm(answers, generator=generator)
        labels = (torch.arange(answers) % num_labels)[order]
        random.append((-9 * torch.rand(answers, generator=generator) - 1, labels, num_labels))
    return fixed + random


def sums_to_one(value, logprobs, labels, num_labels):
    """Las etiquetas se reparten toda la probabilidad."""
    total = value.sum().item()
    return None if abs(total - 1) < 1e-4 else f"Las probabilidades suman {total:.3g}."


def at_least_its_best_answer(value, logprobs, labels, num_labels):
    """Una etiqueta tiene al menos la probabilidad de cada una de sus respuestas."""
    probs = torch.softmax(logprobs, dim=0)
    low = value[labels] < probs - 1e-4
    if low.any():
        i = int(low.nonzero()[0])
        return (
            f"La respuesta {i} tiene probabilidad {probs[i]:.3g} y su etiqueta quedó con "
            f"{value[labels[i]]:.3g}."
        )
    return None


def _per_label(logprobs, labels, num_labels, join):
    probs = torch.softmax(logprobs, dim=0)
    joined = torch.stack([join(probs[labels == label]) for label in range(num_labels)])
    return joined / joined.sum()


def _product(logprobs, labels, num_labels):
    return torch.zeros(num_labels).index_add(0, labels, logprobs).softmax(0)


MISCONCEPTIONS = (
    Misconception(
        "Promediaste las respuestas",
        "El promedio es otro agregado: compensa que una etiqueta tenga más respuestas. Aquí se pide la "
        "suma, la probabilidad de que la respuesta sea *alguna* de las de esa etiqueta.",
        lambda *args: _per_label(*args, torch.mean),
    ),
    Misconception(
        "Tomaste solo la mejor",
        "El máximo es otro agregado: ignora las demás respuestas de la etiqueta. Aquí se suman.",
        lambda *args: _per_label(*args, torch.max),
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
        "`probs = torch.softmax(logprobs, dim=0)`; después, por cada etiqueta, "
        "`probs[labels == label].sum()`. Une los resultados con `torch.stack`.",
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
    ),
    misconceptions=MISCONCEPTIONS,
)
