"""Ejercicio: calibración contextual."""

from __future__ import annotations

import torch

from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]


def reference(probs: torch.Tensor, content_free: torch.Tensor) -> torch.Tensor:
    """W = diag(p_cf)⁻¹, y se normaliza cada fila."""
    p_cf = content_free.mean(dim=0)
    weighted = probs / p_cf
    return weighted / weighted.sum(dim=1, keepdim=True)


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Modelos imparciales, muy sesgados y seguros; una o varias entradas sin contenido."""
    fixed = [
        (torch.tensor([[0.8, 0.2]]), torch.tensor([[0.8, 0.2]])),
        (torch.tensor([[0.7, 0.3], [0.9, 0.1]]), torch.tensor([[0.9, 0.1], [0.7, 0.3]])),
        (torch.tensor([[1.0, 0.0], [0.4, 0.6]]), torch.tensor([[1.0, 0.0], [0.998, 0.002]])),
        (torch.tensor([[0.99, 0.01]]), torch.tensor([[0.2, 0.8], [0.9, 0.1], [0.1, 0.9]])),
    ]
    random = []
    shapes = [(1, 2, 3), (2, 3, 3), (3, 2, 4), (4, 5, 2), (3, 4, 3)]  # B, L, N
    for rows, width, inputs in shapes:
        probs = torch.randn(rows, width, generator=generator).softmax(1)
        random.append((probs, (2 * torch.randn(inputs, width, generator=generator)).softmax(1)))
    return fixed + random


def rows_sum_to_one(
    value: torch.Tensor, probs: torch.Tensor, content_free: torch.Tensor
) -> str | None:
    """Cada fila sigue siendo una distribución."""
    sums = value.sum(dim=1)
    worst = int((sums - 1).abs().argmax())
    return None if abs(sums[worst] - 1) < 1e-4 else f"La fila {worst} suma {sums[worst]:.3g}."


def neutral_becomes_uniform(
    value: torch.Tensor, probs: torch.Tensor, content_free: torch.Tensor
) -> str | None:
    """Una fila igual a p_cf queda uniforme."""
    p_cf = content_free.mean(dim=0)
    same = (probs - p_cf).abs().max(dim=1).values < 1e-6
    if same.any() and (value[same] - 1 / probs.shape[1]).abs().max() > 1e-3:
        return "Una entrada a la que el modelo responde igual que a nada no quedó uniforme."
    return None


def odds_are_divided(
    value: torch.Tensor, probs: torch.Tensor, content_free: torch.Tensor
) -> str | None:
    """El cociente entre dos etiquetas se divide por el que tenían sin leer nada."""
    p_cf = content_free.mean(dim=0)
    right = reference(probs, content_free)
    wrong = (value - right).abs() > 1e-4
    if not wrong.any():
        return None
    row, label = wrong.nonzero()[0].tolist()
    return (
        f"En la fila {row}, la etiqueta {label} tenía {probs[row, label]:.3g} y p_cf = "
        f"{p_cf[label]:.3g}; quedó con {value[row, label]:.3g} y debía ser {right[row, label]:.3g}."
    )


def _normalized(weighted: torch.Tensor) -> torch.Tensor:
    return weighted / weighted.sum(dim=1, keepdim=True)


def _per_input(probs: torch.Tensor, content_free: torch.Tensor) -> torch.Tensor:
    rows = torch.stack([reference(probs, row[None]) for row in content_free])
    return rows.mean(dim=0)


def _wrong_axis(probs: torch.Tensor, content_free: torch.Tensor) -> torch.Tensor:
    weighted = probs / content_free.mean(dim=0)
    return weighted / weighted.sum(dim=0)


def _all_together(probs: torch.Tensor, content_free: torch.Tensor) -> torch.Tensor:
    weighted = probs / content_free.mean(dim=0)
    return weighted / weighted.sum()


MISCONCEPTIONS = (
    Misconception(
        "Multiplicaste en lugar de dividir",
        "Así el sesgo se aplica dos veces. W es la *inversa* de diag(p_cf): se divide.",
        lambda p, cf: _normalized(p * cf.mean(0)),
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
    Misconception(
        "Promediaste las etiquetas y no las entradas",
        "p_cf es una probabilidad por etiqueta: se promedia cada columna, `content_free.mean(dim=0)`. Con "
        "`dim=1` queda un número por entrada sin contenido, siempre 1/L, que no calibra nada.",
        lambda p, cf: _normalized(p / cf.mean(dim=1)),
    ),
    Misconception(
        "Promediaste las etiquetas y no las entradas",
        "p_cf es una probabilidad por etiqueta: se promedia cada columna, `content_free.mean(dim=0)`. Con "
        "`dim=1` queda un número por entrada sin contenido, siempre 1/L, que no calibra nada.",
        lambda p, cf: _normalized(p / cf.mean(dim=1, keepdim=True)),
    ),
    Misconception(
        "Usaste una sola entrada sin contenido",
        "Vienen varias para que ninguna decida sola: p_cf es el promedio de todas.",
        lambda p, cf: _normalized(p / cf[0]),
    ),
    Misconception(
        "Normalizaste todo junto",
        "Cada fila es la predicción de un texto y suma 1 por su cuenta: divide por "
        "`weighted.sum(dim=1, keepdim=True)`.",
        _all_together,
    ),
    Misconception(
        "Falta `keepdim`",
        "La suma de las filas quedó con forma (B,), y al dividir PyTorch la empareja con las columnas: "
        "casi nunca calza, y cuando B = L calza mal. Con `keepdim=True` queda (B, 1).",
        lambda p, cf: (p / cf.mean(0)) / (p / cf.mean(0)).sum(dim=1),
    ),
    Misconception(
        "Usaste una softmax para normalizar",
        "La softmax exponencia. Lo que ya son pesos positivos se normaliza dividiendo por su suma.",
        lambda p, cf: (p / cf.mean(0)).softmax(1),
    ),
    Misconception(
        "Descontaste el promedio de los textos",
        "p_cf sale de `content_free`, lo que el modelo responde sin leer nada, y no de `probs`.",
        lambda p, cf: _normalized(p / p.mean(0)),
    ),
)

EXERCISE = Exercise(
    key="calibrate",
    chapter="05_prompting",
    title="Calibración contextual",
    objective="Descontar lo que el modelo responde cuando no hay nada que leer.",
    difficulty=2,
    minutes=15,
    section="Lo que el modelo prefiere sin leer",
    hints=(
        "Si ante «N/A» el modelo dice «buena» con 0.8, ¿por cuánto hay que dividir para que esa "
        "respuesta deje de significar algo?",
        "Son tres operaciones: promediar las N entradas sin contenido (¿qué dimensión desaparece?), dividir "
        "por ese promedio las B filas de una vez, y volver a hacer que cada fila sume 1. `keepdim=True` "
        "conserva la dimensión que se suma.",
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
        Property(
            "Se descuenta lo que el modelo ya prefería",
            "Cada probabilidad se divide por la p_cf de su etiqueta, y después la fila, por su suma.",
            odds_are_divided,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
