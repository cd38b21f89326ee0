"""Ejercicio: repartir un cómputo entre parámetros y datos."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(flops: float, tokens_per_parameter: float) -> tuple[float, float]:
    """De C = 6·N·T y T = r·N sale N = √(C / 6r)."""
    parameters = (flops / (6 * tokens_per_parameter)) ** 0.5
    return parameters, tokens_per_parameter * parameters


def cases(generator: torch.Generator) -> list[tuple[float, float]]:
    """Cómputos pequeños, al azar y el de Chinchilla (70 mil millones de parámetros)."""
    fixed = [(600.0, 4.0), (100.0, 0.5), (5.88e23, 20.0)]
    random = []
    for scale in (1e4, 1e12, 1e21):
        size, ratio = (0.2 + torch.rand(2, generator=generator)).tolist()
        random.append((scale * size, 40 * ratio))
    return fixed + random


def spends_the_budget(
    value: tuple[float, float], flops: float, tokens_per_parameter: float
) -> str | None:
    """6·N·T es todo el cómputo."""
    parameters, tokens = value
    spent = 6 * parameters * tokens
    if abs(spent - flops) <= 1e-4 * flops:
        return None
    return f"Con esos dos números se gastan {spent:.5g} operaciones y había {flops:.5g}."


def keeps_the_ratio(
    value: tuple[float, float], flops: float, tokens_per_parameter: float
) -> str | None:
    """T / N es lo pedido."""
    parameters, tokens = value
    found = tokens / parameters if parameters else float("inf")
    if abs(found / tokens_per_parameter - 1) <= 1e-4:
        return None
    return f"Se pidieron {tokens_per_parameter:.5g} tokens por parámetro y resultan {found:.5g}."


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
    Misconception(
        "Olvidaste la proporción al despejar N",
        "Al reemplazar T = r·N queda C = 6·r·N²: la r también divide, N = √(C / 6r).",
        lambda flops, ratio: ((flops / 6) ** 0.5, ratio * (flops / 6) ** 0.5),
    ),
    Misconception(
        "La proporción quedó fuera de la raíz",
        "En C = 6·r·N² la r está dentro de lo que se despeja: N = √(C / 6r), no √(C / 6) / r.",
        lambda flops, ratio: ((flops / 6) ** 0.5 / ratio, (flops / 6) ** 0.5),
    ),
    Misconception(
        "El 6 quedó multiplicando",
        "En C = 6·r·N² el 6 pasa dividiendo: N = √(C / 6r).",
        lambda flops, ratio: reference(36 * flops, ratio),
    ),
    Misconception(
        "La proporción quedó multiplicando",
        "En C = 6·r·N² la r pasa dividiendo. Cuidado con `flops / 6 * r`: eso multiplica por r.",
        lambda flops, ratio: ((flops * ratio / 6) ** 0.5, ratio * (flops * ratio / 6) ** 0.5),
    ),
    Misconception(
        "Redondeaste",
        "Se piden los números tal cual: redondeados no gastan justo el cómputo ni dan la proporción.",
        lambda flops, ratio: tuple(float(round(x)) for x in reference(flops, ratio)),
    ),
)

EXERCISE = Exercise(
    key="compute_optimal",
    chapter="03_tamanos",
    title="¿Más grande o más datos?",
    objective="Repartir un cómputo fijo entre el tamaño del modelo y los tokens que lee.",
    difficulty=2,
    minutes=15,
    section="Repartir el cómputo",
    hints=(
        "Tienes dos ecuaciones, C = 6·N·T y T = r·N, y dos incógnitas. ¿Qué queda al reemplazar la segunda "
        "en la primera?",
        "Después de reemplazar queda una sola incógnita, N, y está al cuadrado. Despéjala y saca T de la "
        "proporción. Para comprobarlo: con tus dos números, 6·N·T debe devolver `flops`.",
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
    outputs=("parámetros", "tokens"),
    misconceptions=MISCONCEPTIONS,
)
