"""Ejercicio: repartir un cómputo entre parámetros y datos."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(flops, tokens_per_parameter):
    """De C = 6·N·T y T = r·N sale N = √(C / 6r)."""
    parameters = (flops / (6 * tokens_per_parameter)) ** 0.5
    return parameters, tokens_per_parameter * parameters


def cases(generator):
    """Cómputos pequeños, al azar y el de Chinchilla (70 mil millones de parámetros)."""
    fixed = [(600.0, 4.0), (5.88e23, 20.0)]
    random = []
    for scale in (1e4, 1e12, 1e21):
        size, ratio = (0.2 + torch.rand(2, generator=generator)).tolist()
        random.append((scale * size, 40 * ratio))
    return fixed + random


def spends_the_budget(value, flops, tokens_per_parameter):
    """6·N·T es todo el cómputo."""
    parameters, tokens = value
    spent = 6 * parameters * tokens
    if abs(spent - flops) <= 1e-3 * flops:
        return None
    return f"Con esos dos números se gastan {spent:.3g} operaciones y había {flops:.3g}."


def keeps_the_ratio(value, flops, tokens_per_parameter):
    """T / N es lo pedido."""
    parameters, tokens = value
    found = tokens / parameters if parameters else float("inf")
    if abs(found / tokens_per_parameter - 1) <= 1e-3:
        return None
    return f"Se pidieron {tokens_per_parameter:.3g} tokens por parámetro y resultan {found:.3g}."


MISCONCEPTIONS = (
    Misconception(
        "Devolviste los dos al revés",
        "El orden es (parámetros, tokens), y hay `tokens_per_parameter` tokens por cada parámetro: "
        "T = r·N, no N = r·T.",
        lambda flops, ratio: reference(flops, ratio)[::-1],
    ),
    Misconception(
        "Olvidaste el 6",
        "Cada parámetro hace 6 operaciones por token al entrenar: C = 6·N·T.",
        lambda flops, ratio: reference(6 * flops, ratio),
    ),
    Misconception(
        "Falta la raíz",
        "Al reemplazar T = r·N queda C = 6·r·N²: hay que sacar la raíz cuadrada para despejar N.",
        lambda flops, ratio: (flops / (6 * ratio), flops / 6),
    ),
    Misconception(
        "Repartiste por partes iguales",
        "N = T solo cuando la proporción es 1.",
        lambda flops, ratio: ((flops / 6) ** 0.5, (flops / 6) ** 0.5),
    ),
)

EXERCISE = Exercise(
    key="compute_optimal",
    chapter="03_tamanos",
    title="¿Más grande o más datos?",
    objective="Repartir un cómputo fijo entre el tamaño del modelo y los tokens que lee.",
    difficulty=2,
    minutes=15,
    section="¿Y los datos?",
    hints=(
        "Tienes dos ecuaciones, C = 6·N·T y T = r·N, y dos incógnitas. ¿Qué queda al reemplazar la segunda "
        "en la primera?",
        "C = 6·r·N², de modo que `parameters = (flops / (6 * tokens_per_parameter)) ** 0.5`, y los tokens "
        "son `tokens_per_parameter * parameters`.",
    ),
    cases=cases,
    reference=reference,
    idea="N = √(C / 6r) y T = r·N: con cuatro veces más cómputo, el doble de modelo y el doble de datos.",
    properties=(
        Property(
            "Gasta todo el cómputo",
            "6·N·T debe dar el presupuesto, ni más ni menos.",
            spends_the_budget,
        ),
        Property(
            "Respeta la proporción",
            "Los tokens divididos por los parámetros dan `tokens_per_parameter`.",
            keeps_the_ratio,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
