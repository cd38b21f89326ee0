"""Posiciones rotatorias: el lugar de un token se escribe girando sus consultas y claves.

La coordenada i y la coordenada i + K/2 forman un par, un punto del plano. En la posición p ese
punto gira un ángulo `p · theta^(-2i/K)`: los primeros pares giran rápido y los últimos, muy
lento. Como girar dos vectores conserva el ángulo que hay entre ellos, el producto punto de una
consulta en p y una clave en q solo depende de la distancia p - q.

Ref.: Su et al. 2021, arXiv:2104.09864.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["apply_rotary", "rotary_angles"]


def rotary_angles(positions: Tensor, head_dim: int, theta: float = 10_000.0) -> Tensor:
    """Devuelve los ángulos (T, K/2), en radianes, para posiciones (T,) y cabezas de ancho K.

    >>> rotary_angles(torch.tensor([0, 1]), head_dim=4, theta=100.0).tolist()
    [[0.0, 0.0], [1.0, 0.10000000149011612]]
    """
    exponents = torch.arange(0, head_dim, 2, dtype=torch.float32, device=positions.device)
    frequencies = 1.0 / theta ** (exponents / head_dim)  # (K/2,)
    return positions.float()[..., None] * frequencies  # (..., T, K/2)


def apply_rotary(x: Tensor, angles: Tensor) -> Tensor:
    """Gira cada par de coordenadas de x (B, H, T, K) según angles (T, K/2); no cambia su largo.

    >>> x = torch.tensor([1.0, 0.0]).view(1, 1, 1, 2)
    >>> quarter = torch.tensor([[torch.pi / 2]])
    >>> apply_rotary(x, quarter).flatten().round().abs().tolist()
    [0.0, 1.0]
    """
    first, second = x.chunk(2, dim=-1)  # (B, H, T, K/2) cada mitad
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)
