"""Entrenar un Transformer pequeño: el bucle completo, a la vista.

Se usa igual para la familia grabada (tools/train_family.py) y para reentrenar en vivo su miembro
más pequeño.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

__all__ = ["Run", "evaluate", "learning_rate", "num_weights", "train"]


@dataclass(frozen=True)
class Run:
    """Un entrenamiento terminado: la curva y lo que costó."""

    curve: tuple[tuple[int, float], ...]  # (paso, pérdida media en nats desde el punto anterior)
    tokens: int  # símbolos predichos durante el entrenamiento


def num_weights(model: nn.Module) -> int:
    """Devuelve cuántos parámetros tiene el modelo sin contar embeddings ni salida.

    Es el N de las leyes de escala: Kaplan et al. 2020, arXiv:2001.08361.

    >>> num_weights(nn.Linear(3, 2, bias=False))
    6
    """
    skip = {id(module.weight) for module in model.modules() if isinstance(module, nn.Embedding)}
    head = getattr(model, "head", None)
    skip |= {id(p) for p in head.parameters()} if head is not None else set()
    return sum(p.numel() for p in model.parameters() if id(p) not in skip)


def learning_rate(step: int, steps: int, peak: float) -> float:
    """Devuelve el tamaño del paso: sube en el primer 5 % y después baja como un coseno.

    >>> learning_rate(50, 1000, peak=0.1), round(learning_rate(1000, 1000, peak=0.1), 6)
    (0.1, 0.0)
    """
    warmup = max(1, steps // 20)
    if step < warmup:
        return peak * step / warmup
    return peak * 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def train(
    model: nn.Module,
    batches: Iterable[Tensor],
    *,
    steps: int,
    peak: float,
    first: int = 1,
    points: int = 20,
    on_step: Callable[[], None] = lambda: None,
) -> Run:
    """Entrena `model` en su sitio con Adam y devuelve la curva de pérdida.

    Cada lote son símbolos (B, T + 1): el modelo lee T y predice el que sigue a cada uno. Las
    predicciones anteriores a la posición `first` no cuentan (aún no hay contexto suficiente). La tasa
    de aprendizaje sube hasta `peak` y baja en `steps` lotes; la curva tiene unos `points` puntos, y
    `on_step` se llama tras cada lote (para una barra de progreso).
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=peak, betas=(0.9, 0.95))
    curve: list[tuple[int, float]] = []
    recent: list[float] = []
    tokens = 0
    model.train()
    for step, texts in enumerate(batches, start=1):
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step, steps, peak)
        loss = _loss(model, texts, first)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        recent.append(loss.item())
        tokens += texts[:, first + 1 :].numel()
        if step % max(1, steps // points) == 0 or step == steps:
            curve.append((step, sum(recent) / len(recent)))
            recent = []
        on_step()
        if step == steps:
            break
    model.eval()
    return Run(tuple(curve), tokens)


@torch.no_grad()
def evaluate(model: nn.Module, texts: Tensor, *, first: int = 1, batch_size: int = 512) -> float:
    """Devuelve la pérdida media, en nats por símbolo, sobre textos (N, T + 1) nunca vistos.

    Cuentan las predicciones desde la posición `first`; los textos se leen de `batch_size` en
    `batch_size`, lo que no cambia el resultado.
    """
    losses = [_loss(model, part, first) * len(part) for part in texts.split(batch_size)]
    return (sum(losses, torch.zeros(())) / len(texts)).item()


def _loss(model: nn.Module, texts: Tensor, first: int) -> Tensor:
    logits = model(texts[:, :-1])[:, first:]  # (B, T - first, V)
    return F.cross_entropy(logits.flatten(0, 1), texts[:, first + 1 :].flatten())
