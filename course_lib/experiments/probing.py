"""¿Está en los rasgos? Una sonda lineal intenta leer la figura y el color de la celda donde está cada cosa.

Lo que una regresión no encuentre ahí no lo puede sacar el proyector, que también es lineal: tendrán que deshacerlo las
capas del modelo de lenguaje.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from ..data.scenes import COLORS, SHAPES, Scene
from ..multimodal.image_encoder import EfficientNetEncoder

__all__ = ["Things", "linear_probe", "things_of"]

_BATCH = 50


@dataclass(frozen=True)
class Things:
    """Las figuras de unas escenas: el rasgo de la celda de su centro (T, C), y qué figura y qué color son (T,)."""

    features: Tensor
    shapes: Tensor
    colors: Tensor

    def of(self, channels: slice) -> Things:
        """Devuelve las mismas figuras con solo esos canales de sus rasgos."""
        return Things(self.features[:, channels], self.shapes, self.colors)


def things_of(encoder: EfficientNetEncoder, scenes: Sequence[Scene]) -> Things:
    """Devuelve las figuras de `scenes` como las ve `encoder`."""
    features = list[Tensor]()
    things = [thing for scene in scenes for thing in scene.things]
    for start in range(0, len(scenes), _BATCH):
        group = scenes[start : start + _BATCH]
        seen = encoder([scene.draw() for scene in group])  # (B, N, C)
        for scene, cells in zip(group, seen, strict=True):
            side = encoder.grid
            where = [side * int(t.y * side) + int(t.x * side) for t in scene.things]
            features.append(cells[where])
    names = list(COLORS)
    shapes = torch.tensor([SHAPES.index(thing.shape) for thing in things])
    colors = torch.tensor([names.index(thing.color) for thing in things])
    return Things(torch.cat(features), shapes, colors)


def linear_probe(features: Tensor, labels: Tensor, new: Tensor, *, ridge: float = 10.0) -> Tensor:
    """Devuelve la clase que una regresión lineal da a cada fila de `new` (M, C): un entero por fila, (M,).

    Se ajusta por mínimos cuadrados a `features` (T, C) y `labels` (T,), una columna de unos y ceros por clase;
    `ridge` penaliza los pesos grandes. Se calcula en float64 y de una vez, sin azar.

    >>> linear_probe(torch.eye(3), torch.tensor([0, 1, 2]), torch.eye(3)).tolist()
    [0, 1, 2]
    """
    mean, scale = features.double().mean(0), features.double().std(0) + 1e-6
    x, y = (features.double() - mean) / scale, (new.double() - mean) / scale
    targets = F.one_hot(labels).double()
    middle = targets.mean(0)
    penalty = ridge * torch.eye(x.shape[1], dtype=torch.float64)
    weights = torch.linalg.solve(x.T @ x + penalty, x.T @ (targets - middle))  # (C, clases)
    found: Tensor = (y @ weights + middle).argmax(dim=1)
    return found
