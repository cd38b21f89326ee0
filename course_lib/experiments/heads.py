"""Qué hace cada cabeza: tres patrones de atención que se reconocen midiendo.

Las cabezas de inducción continúan una repetición: ante «A B … A» miran a B, lo que siguió a A la vez
anterior. Para que nada más lo explique, se miden con tokens al azar escritos dos veces.

Ref.: Elhage et al. 2021, «A Mathematical Framework for Transformer Circuits»; Olsson et al. 2022,
arXiv:2209.11895 (inducción); Xiao et al. 2023, arXiv:2309.17453 (primer token).
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..transformer.attention import causal_mask
from ..transformer.model import Transformer

__all__ = ["PATTERNS", "chance_scores", "head_scores", "pattern_scores"]

PATTERNS = ("previous", "first", "induction")


def pattern_scores(weights: Tensor) -> dict[str, Tensor]:
    """Devuelve cuánto peso pone la atención en cada patrón: {patrón: (...)}, de 0 a 1.

    `weights` (..., 2n, 2n) son pesos de atención sobre n tokens distintos escritos dos veces. Cada
    medida es el peso medio, desde el tercer token, sobre una sola posición: la anterior (`previous`)
    o la primera (`first`); y, en la segunda vuelta, la que siguió al mismo token en la primera
    (`induction`).

    Raises:
        ValueError: la forma no es (..., 2n, 2n) con n de 3 o más.

    >>> scores = pattern_scores(torch.eye(8).roll(-1, 1))  # cada token mira al anterior
    >>> {name: round(float(value), 2) for name, value in scores.items()}
    {'previous': 1.0, 'first': 0.0, 'induction': 0.0}
    """
    T = weights.shape[-1]
    n = T // 2
    if weights.dim() < 2 or weights.shape[-2] != T or T % 2 or n < 3:
        raise ValueError(
            f"Llegaron pesos de forma {tuple(weights.shape)}; se espera (..., 2n, 2n), la atención "
            "sobre n tokens (3 o más) escritos dos veces."
        )
    # En el segundo token, el anterior es también el primero: no distinguiría un patrón del otro.
    queries, second = torch.arange(2, T), torch.arange(n, T)
    return {
        "previous": weights[..., queries, queries - 1].mean(-1),
        "first": weights[..., queries, 0].mean(-1),
        "induction": weights[..., second, second - n + 1].mean(-1),
    }


def chance_scores(length: int = 25) -> dict[str, float]:
    """Devuelve lo que saca, con `length` tokens escritos dos veces, una cabeza que reparte por igual.

    >>> {name: round(value, 3) for name, value in chance_scores().items()}
    {'previous': 0.062, 'first': 0.062, 'induction': 0.027}
    """
    mask = causal_mask(2 * length, 2 * length).double()
    uniform = mask / mask.sum(-1, keepdim=True)
    return {name: float(score) for name, score in pattern_scores(uniform).items()}


@torch.no_grad()
def head_scores(
    model: Transformer, *, length: int = 25, repeats: int = 8, seed: int = 0
) -> list[dict[str, Any]]:
    """Devuelve una fila por cabeza: layer, head y sus tres medidas (ver `pattern_scores`).

    Cada medida es la media sobre `repeats` secuencias de `length` tokens distintos al azar, escritas
    dos veces. Capas y cabezas se cuentan desde 0.

    Raises:
        ValueError: `length` es menor que 3 o mayor que el vocabulario.

    >>> from course_lib.transformer import TransformerConfig
    >>> config = TransformerConfig(vocab_size=50, hidden_size=8, num_hidden_layers=2,
    ...                            num_attention_heads=4, num_key_value_heads=2,
    ...                            intermediate_size=16)
    >>> rows = head_scores(Transformer(config))
    >>> len(rows), list(rows[0])
    (8, ['layer', 'head', 'previous', 'first', 'induction'])
    """
    vocab_size = model.config.vocab_size
    if not 3 <= length <= vocab_size:
        raise ValueError(
            f"length={length}: hacen falta entre 3 y {vocab_size} tokens distintos, los que tiene el "
            "vocabulario."
        )
    generator = torch.Generator().manual_seed(seed)
    once = torch.stack(
        [torch.randperm(vocab_size, generator=generator)[:length] for _ in range(repeats)]
    )  # (R, n)
    ids = once.repeat(1, 2).to(model.embed.weight.device)  # (R, 2n)
    rows = []
    for layer, weights in enumerate(model.trace(ids).attentions):  # (R, H, 2n, 2n)
        scores = pattern_scores(weights.float().cpu().mean(0))  # {patrón: (H,)}
        rows += [
            {"layer": layer, "head": head, **{name: float(scores[name][head]) for name in PATTERNS}}
            for head in range(weights.shape[1])
        ]
    return rows
