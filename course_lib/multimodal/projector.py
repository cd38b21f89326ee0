"""El proyector: de cada rasgo de la imagen a un token visual, un vector en el espacio de los embeddings de texto.

Es lo único que se entrena. Refs.: una capa lineal, Liu et al. 2023, arXiv:2304.08485 (LLaVA); dos capas,
Liu et al. 2023, arXiv:2310.03744 (LLaVA-1.5).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["LinearProjector", "MLPProjector"]


class LinearProjector(nn.Module):
    """La capa de la diapositiva: H = Z W + b, con Z (B, N, C) y W (C, D). `seed` fija sus pesos iniciales."""

    def __init__(self, width: int, hidden_size: int, *, seed: int = 0) -> None:
        super().__init__()
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.layers = self._layers(width, hidden_size)

    def _layers(self, width: int, hidden_size: int) -> nn.Module:
        return nn.Linear(width, hidden_size)

    def forward(self, features: Tensor) -> Tensor:
        """Devuelve los tokens visuales (B, N, D) de los rasgos (B, N, C)."""
        tokens: Tensor = self.layers(features)
        return tokens


class MLPProjector(LinearProjector):
    """Dos capas lineales con una GELU en medio, de ancho D."""

    def _layers(self, width: int, hidden_size: int) -> nn.Module:
        first, second = nn.Linear(width, hidden_size), nn.Linear(hidden_size, hidden_size)
        return nn.Sequential(first, nn.GELU(), second)
