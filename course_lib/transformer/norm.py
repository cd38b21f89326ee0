"""RMSNorm: pone cada vector a una misma escala antes de usarlo."""

from __future__ import annotations

import torch
from torch import Tensor, nn

__all__ = ["RMSNorm"]


class RMSNorm(nn.Module):
    """Devuelve `g · x / sqrt(media(x²) + eps)`, con una ganancia g aprendida por coordenada.

    x tiene forma (..., D) y la salida también; la media recorre las D coordenadas.
    Ref.: Zhang y Sennrich 2019, arXiv:1910.07467.

    >>> RMSNorm(2, eps=0.0)(torch.tensor([3.0, 3.0])).tolist()
    [1.0, 1.0]
    """

    def __init__(self, hidden_size: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """Normaliza x (..., D)."""
        # El cuadrado se calcula en float32: en bfloat16 perdería casi todas sus cifras.
        wide = x.float()
        scale = torch.rsqrt(wide.pow(2).mean(dim=-1, keepdim=True) + self.eps)  # (..., 1)
        return self.weight * (wide * scale).to(x.dtype)
