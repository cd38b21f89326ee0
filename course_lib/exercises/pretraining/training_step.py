"""Ejercicio: un paso de entrenamiento."""

from __future__ import annotations

import torch
from torch import nn

from ..core.exercise import Exercise, Property
from .half_trained import Reader, Underway, cases, watch
from .step_mistakes import MISCONCEPTIONS, next_token_loss, reference

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Outcome = tuple[float, Tensor]  # la pérdida y los parámetros que quedan


def loss_is_the_one_before(
    outcome: Outcome, model: Reader, optimizer: Underway, rows: Tensor, max_norm: float
) -> str | None:
    """Es la entropía cruzada del modelo recibido, en el token siguiente."""
    before = next_token_loss(model, rows).item()
    if abs(outcome[0] - before) <= 1e-4 * (1 + before):
        return None
    return f"Antes del paso la pérdida era {before:.4g}, y devolviste {outcome[0]:.4g}."


def parameters_move(
    outcome: Outcome, model: Reader, optimizer: Underway, rows: Tensor, max_norm: float
) -> str | None:
    """Un paso cambia los parámetros."""
    start = nn.utils.parameters_to_vector(model.parameters())
    if torch.equal(start, outcome[1]):
        return "Los parámetros quedaron exactamente como estaban."
    return None


def step_is_bounded(
    outcome: Outcome, model: Reader, optimizer: Underway, rows: Tensor, max_norm: float
) -> str | None:
    """Sin inercia ni decaimiento, el paso no mide más que lr · max_norm."""
    if optimizer.momentum or optimizer.weight_decay:
        return None
    start = nn.utils.parameters_to_vector(model.parameters())
    moved, top = (outcome[1] - start).norm().item(), optimizer.lr * max_norm
    if moved <= 1.001 * top + 1e-4:
        return None
    return f"Con ese `max_norm` el paso mide a lo más {top:.3g}, y midió {moved:.3g}."


EXERCISE = Exercise(
    key="training_step",
    chapter="03b_preentrenamiento",
    title="Un paso de entrenamiento",
    objective="Escribir, en su orden, lo que un preentrenamiento repite miles de veces.",
    difficulty=3,
    minutes=20,
    section="El entrenamiento, paso a paso",
    hints=(
        "Son cinco acciones: calcular la pérdida, borrar gradientes, calcular gradientes, recortarlos y mover los parámetros. ¿Cuáles "
        "tienen que ir antes que cuáles, y cuál sirve solo si va en medio de otras dos?",
        "La pérdida es la del primer ejercicio: se lee `rows[:, :-1]` y se predice `rows[:, 1:]`; `cross_entropy` quiere los logits "
        "(N, V) y los objetivos (N,), y `flatten` los deja así. Lo demás es de PyTorch: `zero_grad`, `backward`, "
        "`torch.nn.utils.clip_grad_norm_` y `step`. La pérdida se guarda antes de que el modelo cambie.",
    ),
    cases=cases,
    reference=reference,
    idea="Pérdida del token siguiente; borrar, `backward`, recortar la norma de todos los gradientes juntos, `step`.",
    properties=(
        Property(
            "La pérdida es la de antes del paso",
            "Es la que se calculó para hacer `backward`, con los objetivos corridos un lugar.",
            loss_is_the_one_before,
        ),
        Property(
            "Los parámetros se mueven",
            "Un paso que deja todo igual no entrena: revisa que `step` vaya después de `backward`.",
            parameters_move,
        ),
        Property(
            "El paso no pasa del tope",
            "Con la norma recortada, un lote raro no puede llevarse el modelo lejos.",
            step_is_bounded,
        ),
    ),
    outputs=("la pérdida", "los parámetros que quedan"),
    misconceptions=MISCONCEPTIONS,
    watch=watch,
)
