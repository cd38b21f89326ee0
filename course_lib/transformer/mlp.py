"""El MLP de cada bloque: transforma cada token por separado, sin mirar a los demás."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .config import TransformerConfig

__all__ = ["SwiGLU"]


class SwiGLU(nn.Module):
    """Devuelve `W_down (silu(W_gate x) ⊙ W_up x)`: una compuerta decide qué pasa de W_up x.

    Ref.: Shazeer 2020, arXiv:2002.05202.

    >>> config = TransformerConfig(vocab_size=5, hidden_size=4, num_hidden_layers=1,
    ...                            num_attention_heads=1, num_key_value_heads=1,
    ...                            intermediate_size=6)
    >>> SwiGLU(config)(torch.zeros(2, 3, 4)).shape
    torch.Size([2, 3, 4])
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        D, F = config.hidden_size, config.intermediate_size
        self.gate_proj = nn.Linear(D, F, bias=False)
        self.up_proj = nn.Linear(D, F, bias=False)
        self.down_proj = nn.Linear(F, D, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """Transforma x (B, T, D) en otro tensor de la misma forma."""
        gate = self.gate_proj(x)  # (B, T, F)
        gate = gate * torch.sigmoid(gate)  # silu: muy negativa, casi 0; muy positiva, casi igual
        return self.down_proj(gate * self.up_proj(x))  # (B, T, D)
