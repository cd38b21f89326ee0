"""Un modelo de juguete a medio entrenar, y cómo se observa lo que un paso le hace."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from ..core.draws import integer

__all__ = ["Case", "Reader", "Underway", "cases", "watch"]

Tensor = torch.Tensor


class Reader(nn.Module):
    """Lee ids (B, T) y da logits (B, T, V): cada posición usa su token y la media de los anteriores."""

    def __init__(self, tokens: Tensor, output: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.tokens = nn.Parameter(tokens)  # (V, C)
        self.output = nn.Parameter(output)  # (C, V)
        self.bias = nn.Parameter(bias)  # (V,)

    def forward(self, ids: Tensor) -> Tensor:
        """Los logits (B, T, V)."""
        read = self.tokens[ids]
        so_far = torch.arange(1, ids.shape[1] + 1)[:, None]
        mixed = torch.tanh(read + read.cumsum(dim=1) / so_far)
        return mixed @ self.output + self.bias

    def __deepcopy__(self, memo: object) -> Reader:
        """Una copia sin gradientes: la de `nn.Module` tarda diez veces más, y cada comprobación hace cientos."""
        return Reader(*(parameter.detach().clone() for parameter in self.parameters()))

    def __repr__(self) -> str:
        return f"un modelo de {len(self.bias)} tokens"


@dataclass(frozen=True)
class Underway:
    """Un optimizador en marcha: su ritmo, su inercia y el gradiente que dejó el paso anterior."""

    lr: float
    momentum: float
    weight_decay: float
    past: Tensor  # un número por parámetro

    def __repr__(self) -> str:
        parts = {"lr": self.lr, "momentum": self.momentum, "weight_decay": self.weight_decay}
        shown = ", ".join(f"{name}={value:g}" for name, value in parts.items() if value)
        return f"SGD({shown}), ya en marcha"

    def resume(self, model: nn.Module) -> torch.optim.SGD:
        """El optimizador de verdad, con los gradientes del paso anterior puestos en `model`."""
        optimizer = torch.optim.SGD(
            model.parameters(), self.lr, self.momentum, weight_decay=self.weight_decay
        )
        sizes = [parameter.numel() for parameter in model.parameters()]
        for parameter, past in zip(model.parameters(), self.past.split(sizes), strict=True):
            parameter.grad = past.view_as(parameter).clone()
            if self.momentum:
                optimizer.state[parameter]["momentum_buffer"] = parameter.grad.clone()
        return optimizer


Case = tuple[Reader, Underway, Tensor, float]

# (B, T, V, ancho), inercia, decaimiento y tope: de dos tokens en adelante, y con topes que recortan y que no
CASES = (
    ((1, 2, 3, 2), 0.0, 0.0, 0.1),
    ((1, 3, 3, 2), 0.0, 0.1, 50.0),
    ((2, 4, 4, 3), 0.5, 0.0, 0.2),
    ((3, 5, 6, 4), 0.5, 0.05, 40.0),
)


def cases(generator: torch.Generator) -> list[Case]:
    """Modelos chicos a medio entrenar, con un optimizador con inercia o sin ella."""
    return [_drawn(generator, *one) for one in CASES]


def _drawn(
    generator: torch.Generator,
    size: tuple[int, int, int, int],
    momentum: float,
    weight_decay: float,
    max_norm: float,
) -> Case:
    texts, length, vocab_size, width = size
    shapes = (vocab_size, width), (width, vocab_size), (vocab_size,)
    model = Reader(*(torch.randn(*shape, generator=generator) for shape in shapes))
    total = sum(parameter.numel() for parameter in model.parameters())
    past = 0.5 * torch.randn(total, generator=generator)
    rows = torch.randint(0, vocab_size, (texts, length), generator=generator)
    rows[0, 1] = (rows[0, 0] + 1) % vocab_size  # siempre hay algo que predecir
    lr = integer(generator, 3, 9) / 10
    return model, Underway(lr, momentum, weight_decay, past), rows, max_norm


def watch(function: Callable[..., Any]) -> Callable[..., Any]:
    """Otra función que da (lo que `function` devuelve, los parámetros con que deja al modelo).

    `function` recibe un modelo que es una copia y un optimizador de PyTorch en marcha.
    """

    @functools.wraps(function)
    def watched(model: Reader, optimizer: Underway, rows: Tensor, max_norm: float) -> Any:
        moving = copy.deepcopy(model)
        loss = function(moving, optimizer.resume(moving), rows, max_norm)
        return loss, nn.utils.parameters_to_vector(moving.parameters()).detach()

    return watched
