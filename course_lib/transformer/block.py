"""Un bloque del Transformer: primero los tokens se comunican, después cada uno procesa."""

from __future__ import annotations

from torch import Tensor, nn

from .attention import Attention
from .cache import LayerCache
from .config import TransformerConfig
from .mlp import SwiGLU
from .norm import RMSNorm

__all__ = ["Block"]


class Block(nn.Module):
    """Suma al flujo residual x lo que dicen la atención y el MLP; nunca lo reemplaza.

    `x = x + atención(norma(x))` y luego `x = x + mlp(norma(x))`.
    Ref.: He et al. 2016, arXiv:1512.03385 (residual); Xiong et al. 2020, arXiv:2002.04745
    (normalizar antes).
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        self.attn_norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.attn = Attention(config)
        self.mlp_norm = RMSNorm(config.hidden_size, config.rms_norm_eps)
        self.mlp = SwiGLU(config)

    def forward(
        self, x: Tensor, angles: Tensor, mask: Tensor, cache: LayerCache | None = None
    ) -> tuple[Tensor, Tensor]:
        """Devuelve el flujo residual x (B, T, D) actualizado y los pesos (B, H, T, S).

        angles gira consultas y claves; mask (T, S) es falsa donde está prohibido mirar; cache guarda
        lo ya leído (None: nada).
        """
        heard, weights = self.attn(self.attn_norm(x), angles, mask, cache)
        x = x + heard
        x = x + self.mlp(self.mlp_norm(x))
        return x, weights
