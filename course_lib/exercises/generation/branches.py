"""Modelos de juguete en que una poda mal hecha de la búsqueda en haz se nota."""

from __future__ import annotations

from collections.abc import Iterable

import torch

__all__ = [
    "FORBIDDEN",
    "HIDDEN",
    "LATE",
    "PRUNED",
    "SAME_END",
    "SAME_TOKENS",
    "SIBLINGS",
    "BranchModel",
]


class BranchModel:
    """Log-probabilidades escritas rama por rama."""

    def __init__(self, rows: dict[tuple[int, ...], list[float]], default: list[float]):
        self.rows = rows  # probabilidades (V,) que siguen a algunos contextos completos
        self.default = default  # las que siguen a cualquier otro

    def __call__(self, input_ids: Iterable[int]) -> torch.Tensor:
        """Vector (V,) de log-probabilidades del token que sigue a `input_ids`."""
        context = tuple(int(token) for token in input_ids)
        return torch.tensor(self.rows.get(context, self.default)).log()

    def __repr__(self) -> str:
        return f"modelo de juguete de {len(self.default)} tokens"


# El token 1 es menos probable, pero detrás de él hay uno casi seguro.
HIDDEN = BranchModel({(0,): [0.6, 0.4], (0, 1): [0.95, 0.05]}, [0.55, 0.45])
# El token 2 esconde lo mejor, pero solo sobrevive si hay tres hipótesis.
PRUNED = BranchModel({(0,): [0.5, 0.3, 0.2], (0, 2): [0.98, 0.01, 0.01]}, [0.36, 0.34, 0.3])
# Con dos hipótesis, las dos que siguen vienen de la misma hipótesis, y gana la segunda de ellas.
SIBLINGS = BranchModel(
    {(0,): [0.9, 0.1], (0, 0): [0.6, 0.4], (0, 0, 0): [0.51, 0.49], (0, 0, 1): [0.99, 0.01]},
    [0.8, 0.2],
)
# Las dos que siguen terminan en el mismo token, y gana la segunda de ellas.
SAME_END = BranchModel(
    {(0,): [0.55, 0.45], (0, 0): [0.7, 0.3], (0, 1): [0.8, 0.2], (0, 1, 0): [0.99, 0.01]},
    [0.6, 0.4],
)
# Las dos que siguen tienen los mismos tokens en otro orden, y gana la segunda de ellas.
SAME_TOKENS = BranchModel(
    {(0,): [0.52, 0.48], (0, 0): [0.1, 0.9], (0, 1): [0.9, 0.1], (0, 1, 0): [0.99, 0.01]},
    [0.6, 0.4],
)
# Lo mejor se poda en el segundo paso, aunque sea lo mejor de su hipótesis.
LATE = BranchModel(
    {(0,): [0.5, 0.45, 0.05], (0, 0): [0.4, 0.38, 0.22], (0, 1, 0): [0.98, 0.01, 0.01]},
    [0.36, 0.34, 0.3],
)
# Lo único posible en el primer paso es el token 1.
FORBIDDEN = BranchModel({(0,): [0.0, 1.0], (0, 1): [0.7, 0.3]}, [0.6, 0.4])
