"""El paso de entrenamiento y los errores clásicos al escribirlo: cada uno, con su explicación."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import Optimizer

from ..core.exercise import Misconception

__all__ = ["MISCONCEPTIONS", "next_token_loss", "reference"]

Tensor = torch.Tensor
Loss = Callable[[nn.Module, Tensor], Tensor]
Clip = Callable[[nn.Module, float], object]


def next_token_loss(model: nn.Module, rows: Tensor) -> Tensor:
    """La entropía cruzada media de predecir, en cada posición de `rows` (B, T), el token siguiente."""
    return F.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())


def _clip(model: nn.Module, max_norm: float) -> object:
    return nn.utils.clip_grad_norm_(model.parameters(), max_norm)


def _not_clipped(model: nn.Module, max_norm: float) -> None:
    """No se recorta."""


def _step(loss_of: Loss = next_token_loss, clip: Clip = _clip) -> Callable[..., float]:
    """El paso correcto, salvo por la pérdida o por el recorte."""

    def step(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
        loss = loss_of(model, rows)
        optimizer.zero_grad()
        loss.backward()
        clip(model, max_norm)
        optimizer.step()
        return loss.item()

    return step


def reference(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
    """La pérdida de predecir el token siguiente, antes del paso que se da con su gradiente recortado."""
    return _step()(model, optimizer, rows, max_norm)


def _accumulated(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
    loss = next_token_loss(model, rows)
    loss.backward()
    _clip(model, max_norm)
    optimizer.step()
    return loss.item()


def _step_first(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
    optimizer.step()
    optimizer.zero_grad()
    loss = next_token_loss(model, rows)
    loss.backward()
    return loss.item()


def _clipped_step_first(
    model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float
) -> float:
    _clip(model, max_norm)
    return _step_first(model, optimizer, rows, max_norm)


def _loss_after(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
    reference(model, optimizer, rows, max_norm)
    return next_token_loss(model, rows).item()


def _norm(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
    found: list[float] = []

    def clip(model: nn.Module, max_norm: float) -> None:
        found.append(nn.utils.clip_grad_norm_(model.parameters(), max_norm).item())

    _step(clip=clip)(model, optimizer, rows, max_norm)
    return found[0]


def _by_hand(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
    """Descenso por gradiente a secas: ignora la inercia y el decaimiento."""
    plain = torch.optim.SGD(model.parameters(), optimizer.param_groups[0]["lr"])
    return reference(model, plain, rows, max_norm)


def _each_apart(model: nn.Module, max_norm: float) -> None:
    for parameter in model.parameters():
        nn.utils.clip_grad_norm_(parameter, max_norm)


def _always(model: nn.Module, max_norm: float) -> None:
    """Lleva la norma a `max_norm` también cuando era menor."""
    norm = nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None])
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter.grad *= max_norm / norm


def _unshifted(model: nn.Module, rows: Tensor) -> Tensor:
    return F.cross_entropy(model(rows).flatten(0, 1), rows.flatten())


def _backwards(model: nn.Module, rows: Tensor) -> Tensor:
    return F.cross_entropy(model(rows)[:, 1:].flatten(0, 1), rows[:, :-1].flatten())


def _in_a_circle(model: nn.Module, rows: Tensor) -> Tensor:
    return F.cross_entropy(model(rows).flatten(0, 1), rows.roll(-1, dims=1).flatten())


def _last_only(model: nn.Module, rows: Tensor) -> Tensor:
    return F.cross_entropy(model(rows[:, :-1])[:, -1], rows[:, -1])


def _summed(model: nn.Module, rows: Tensor) -> Tensor:
    return next_token_loss(model, rows) * rows[:, 1:].numel()


def _softmaxed(model: nn.Module, rows: Tensor) -> Tensor:
    probs = model(rows[:, :-1]).softmax(dim=-1)
    return F.cross_entropy(probs.flatten(0, 1), rows[:, 1:].flatten())


def _twice(model: nn.Module, optimizer: Optimizer, rows: Tensor, max_norm: float) -> float:
    loss = reference(model, optimizer, rows, max_norm)
    reference(model, optimizer, rows, max_norm)
    return loss


MISCONCEPTIONS = (
    Misconception(
        "Los gradientes se acumularon",
        "`backward` suma a los gradientes que ya había, y el modelo traía los del paso anterior: bórralos antes, con "
        "`optimizer.zero_grad()`.",
        _accumulated,
    ),
    Misconception(
        "Moviste los parámetros antes de `backward`",
        "`step` usó los gradientes del lote anterior. Primero `backward`, después `step`.",
        _step_first,
    ),
    Misconception(
        "Recortaste y moviste antes de `backward`",
        "El recorte y el paso usaron los gradientes del lote anterior. El orden es borrar, `backward`, recortar y `step`.",
        _clipped_step_first,
    ),
    Misconception(
        "La pérdida de después del paso",
        "Se pide la que el modelo tenía antes: la misma con que se hizo `backward`. Después del paso ya vio la respuesta.",
        _loss_after,
    ),
    Misconception(
        "Objetivos sin correr",
        "Le pediste predecir el mismo token que está leyendo. Lee `rows[:, :-1]` y predice `rows[:, 1:]`.",
        _step(_unshifted),
    ),
    Misconception(
        "Objetivos corridos hacia atrás",
        "Le pediste predecir el token anterior, que ya leyó. Lee `rows[:, :-1]` y predice `rows[:, 1:]`.",
        _step(_backwards),
    ),
    Misconception(
        "El último predice al primero",
        "`roll` da la vuelta: la última posición no tiene siguiente, y no se cuenta.",
        _step(_in_a_circle),
    ),
    Misconception(
        "Solo el último token",
        "Cada posición predice el que la sigue: de una fila de T tokens salen T − 1 pérdidas, y se promedian.",
        _step(_last_only),
    ),
    Misconception(
        "Sumaste las pérdidas",
        "Se pide la media: con la suma, el paso crece con el tamaño del lote.",
        _step(_summed),
    ),
    Misconception(
        "Dos veces softmax",
        "La entropía cruzada recibe logits y hace la softmax por dentro: no la apliques antes.",
        _step(_softmaxed),
    ),
    Misconception(
        "Falta recortar",
        "Si la norma de los gradientes pasa de `max_norm`, hay que achicarlos entre `backward` y `step`: "
        "`torch.nn.utils.clip_grad_norm_`.",
        _step(clip=_not_clipped),
    ),
    Misconception(
        "Recortaste número por número",
        "`clip_grad_value_` recorta cada número por separado, y cambia la dirección del paso. Se recorta la norma de todos juntos.",
        _step(clip=lambda model, top: nn.utils.clip_grad_value_(model.parameters(), top)),
    ),
    Misconception(
        "Recortaste cada parámetro por separado",
        "La norma es la de todos los gradientes juntos: entrega `model.parameters()` de una vez.",
        _step(clip=_each_apart),
    ),
    Misconception(
        "Llevaste siempre la norma a `max_norm`",
        "`max_norm` es un tope: si la norma ya es menor, los gradientes quedan como están.",
        _step(clip=_always),
    ),
    Misconception(
        "Los parámetros no se movieron",
        "Quien los mueve es `optimizer.step()`, y necesita los gradientes: si `zero_grad` va entre `backward` y `step`, no queda "
        "con qué moverse.",
        lambda model, optimizer, rows, top: next_token_loss(model, rows).item(),
    ),
    Misconception(
        "No usaste el optimizador",
        "El paso lo da `optimizer.step()`: es él quien sabe de inercia y de decaimiento, y restar el gradiente a mano los pierde.",
        _by_hand,
    ),
    Misconception(
        "Dos pasos",
        "Se da uno solo con cada lote.",
        _twice,
    ),
    Misconception(
        "Devolviste la norma de los gradientes",
        "`clip_grad_norm_` devuelve la norma que había. Se pide la pérdida.",
        _norm,
    ),
)
