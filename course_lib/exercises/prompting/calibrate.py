"""Ejercicio: calibración contextual."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(probs, content_free):
    """W = diag(p_cf)⁻¹, y se normaliza cada fila."""
    p_cf = content_free.mean(dim=0)
    weighted = probs / p_cf
    return weighted / weighted.sum(dim=1, keepdim=True)


def cases(generator):
    """Modelos imparciales y muy sesgados, con una o varias entradas sin contenido."""
    fixed = [
        (torch.tensor([[0.8, 0.2]]), torch.tensor([[0.8, 0.2]])),
        (torch.tensor([[0.7, 0.3], [0.9, 0.1]]), torch.tensor([[0.9, 0.1], [0.7, 0.3]])),
    ]
    random = []
    for rows, width, inputs in [(1, 2, 2), (2, 3, 3), (3, 2, 3), (4, 4, 2)]:
        probs = torch.randn(rows, width, generator=generator).softmax(1)
        random.append((probs, (2 * torch.randn(inputs, width, generator=generator)).softmax(1)))
    return fixed + random


def rows_sum_to_one(value, probs, content_free):
    """Cada fila sigue siendo una distribución."""
    gap = (value.sum(dim=1) - 1).abs().max().item()
    return None if gap < 1e-4 else f"Hay una fila que suma {value.sum(dim=1)[0]:.3g}."


def neutral_becomes_uniform(value, probs, content_free):
    """Una fila igual a p_cf queda uniforme."""
    p_cf = content_free.mean(dim=0)
    same = (probs - p_cf).abs().max(dim=1).values < 1e-6
    if same.any() and (value[same] - 1 / probs.shape[1]).abs().max() > 1e-3:
        return "Una entrada a la que el modelo responde igual que a nada no quedó uniforme."
    return None


def _per_input(probs, content_free):
    rows = torch.stack([reference(probs, row[None]) for row in content_free])
    return rows.mean(dim=0)


def _wrong_axis(probs, content_free):
    weighted = probs / content_free.mean(dim=0)
    return weighted / weighted.sum(dim=0)


MISCONCEPTIONS = (
    Misconception(
        "Multiplicaste en lugar de dividir",
        "Así el sesgo se aplica dos veces. W es la *inversa* de diag(p_cf): se divide.",
        lambda p, cf: (p * cf.mean(0)) / (p * cf.mean(0)).sum(1, keepdim=True),
    ),
    Misconception(
        "Restaste en lugar de dividir",
        "p − p_cf es otra variante del artículo, pero no da probabilidades. Aquí se divide y se "
        "normaliza.",
        lambda p, cf: p - cf.mean(0),
    ),
    Misconception(
        "Sin normalizar",
        "Después de dividir, cada fila debe volver a sumar 1.",
        lambda p, cf: p / cf.mean(0),
    ),
    Misconception(
        "Normalizaste por columnas",
        "Cada fila es la predicción de un texto: la suma va sobre `dim=1`, con `keepdim=True`.",
        _wrong_axis,
    ),
    Misconception(
        "Promediaste al final",
        "Calibraste con cada entrada sin contenido y promediaste después. Primero se promedian las "
        "entradas, p_cf = media, y se divide una sola vez.",
        _per_input,
    ),
    Misconception(
        "No calibraste",
        "Devolviste las mismas probabilidades.",
        lambda p, cf: p.clone(),
    ),
)

EXERCISE = Exercise(
    key="calibrate",
    chapter="05_prompting",
    title="Calibración contextual",
    objective="Descontar lo que el modelo responde cuando no hay nada que leer.",
    difficulty=2,
    minutes=15,
    section="La calibración",
    hints=(
        "Si ante «N/A» el modelo dice «buena» con 0.8, ¿por cuánto hay que dividir para que esa "
        "respuesta deje de significar algo?",
        "`p_cf = content_free.mean(dim=0)`; luego `weighted = probs / p_cf`, y cada fila se divide por "
        "`weighted.sum(dim=1, keepdim=True)`.",
    ),
    cases=cases,
    reference=reference,
    idea="q = W p / Σ W p, con W = diag(p_cf)⁻¹ y p_cf el promedio de las entradas sin contenido.",
    properties=(
        Property(
            "Cada fila suma 1",
            "El resultado es otra distribución sobre las etiquetas.",
            rows_sum_to_one,
        ),
        Property(
            "Lo neutro queda uniforme",
            "Si el modelo responde a un texto igual que a la nada, ese texto no aporta y las etiquetas "
            "empatan.",
            neutral_becomes_uniform,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
