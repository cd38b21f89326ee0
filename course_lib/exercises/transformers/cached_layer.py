"""La capa de atención con caché, con cada error clásico como un parámetro."""

from __future__ import annotations

from collections.abc import Callable

import torch

__all__ = ["Answer", "layer", "share"]

Answer = tuple[torch.Tensor, torch.Tensor, torch.Tensor]  # salida, claves y valores


def _rotate(x: torch.Tensor, positions: torch.Tensor, theta: float) -> torch.Tensor:
    angles = positions[:, None] * theta ** -(torch.arange(0, x.shape[-1], 2) / x.shape[-1])
    cos, sin = angles.cos(), angles.sin()
    first, second = x.chunk(2, dim=-1)
    return torch.cat([first * cos - second * sin, second * cos + first * sin], dim=-1)


def _causal(new: int, total: int) -> torch.Tensor:
    return torch.ones(new, total, dtype=torch.bool).tril(total - new)


def share(kv: torch.Tensor, num_heads: int) -> torch.Tensor:
    """Tensor (H, S, K): kv (G, S, K) con cada grupo repetido para sus cabezas, que son vecinas."""
    return kv.repeat_interleave(num_heads // len(kv), dim=0)


def _merge(mixed: torch.Tensor) -> torch.Tensor:
    return mixed.transpose(0, 1).flatten(1)


def layer(
    x: torch.Tensor,
    w_q: torch.Tensor,
    w_k: torch.Tensor,
    w_v: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    theta: float,
    *,
    start: int | None = None,
    divide: bool = True,
    turned: str = "qk",
    turn_again: bool = False,
    see_past: bool = True,
    mask: Callable[[int, int], torch.Tensor] = _causal,
    share: Callable[[torch.Tensor, int], torch.Tensor] = share,
    merge: Callable[[torch.Tensor], torch.Tensor] = _merge,
) -> Answer:
    """Lo que pide `attention_step`; cambiar un parámetro con nombre es cometer un error.

    `start` es la posición del primer token nuevo, `divide` dice si se divide por √K, `turned` cuáles
    de q, k y v se giran, `turn_again` si también lo guardado y `see_past` si se mira; `mask`, `share`
    y `merge` son la máscara, el reparto de los grupos y la unión de las cabezas.
    """
    past, new, heads = keys.shape[1], len(x), len(w_q)
    positions = torch.arange(new) + (past if start is None else start)
    q, k, v = (
        _rotate(x @ w, positions, theta) if name in turned else x @ w
        for name, w in (("q", w_q), ("k", w_k), ("v", w_v))
    )
    keys = _rotate(keys, torch.arange(past), theta) if turn_again else keys
    keys, values = torch.cat([keys, k], dim=1), torch.cat([values, v], dim=1)
    seen_keys, seen_values = (keys, values) if see_past else (k, v)
    scores = q @ share(seen_keys, heads).transpose(1, 2) / (q.shape[-1] ** 0.5 if divide else 1)
    allowed = mask(new, seen_keys.shape[1])
    weights = scores.masked_fill(~allowed, float("-inf")).softmax(-1)
    return merge(weights @ share(seen_values, heads)), keys, values
