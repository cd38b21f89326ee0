"""Caché de claves y valores: lo que ya se calculó de los tokens anteriores, para no repetirlo."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

__all__ = ["KVCache", "LayerCache"]


class LayerCache:
    """Claves y valores de una capa, (B, G, S, K) cada uno; crece en S con cada `append`."""

    def __init__(self, keys: Tensor | None = None, values: Tensor | None = None) -> None:
        self.keys, self.values = keys, values

    def append(self, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        """Agrega k y v (B, G, T, K) al final y devuelve todo lo guardado (B, G, S, K).

        >>> cache = LayerCache()
        >>> _ = cache.append(torch.zeros(1, 2, 3, 4), torch.zeros(1, 2, 3, 4))
        >>> cache.append(torch.ones(1, 2, 1, 4), torch.ones(1, 2, 1, 4))[0].shape
        torch.Size([1, 2, 4, 4])
        """
        if self.keys is not None and self.values is not None:
            k, v = torch.cat([self.keys, k], dim=2), torch.cat([self.values, v], dim=2)
        self.keys, self.values = k, v
        return k, v

    def change(self, how: Callable[[Tensor], Tensor]) -> None:
        """Reemplaza lo guardado por `how(lo guardado)`; sin nada guardado no hace nada.

        >>> cache = LayerCache(torch.zeros(2, 1, 3, 4), torch.zeros(2, 1, 3, 4))
        >>> cache.change(lambda stored: stored[:1])
        >>> cache.keys.shape
        torch.Size([1, 1, 3, 4])
        """
        if self.keys is not None and self.values is not None:
            self.keys, self.values = how(self.keys), how(self.values)


class KVCache:
    """Una `LayerCache` por capa; `batch_repeat_interleave` y `reorder_cache` se llaman como
    en transformers.

    >>> KVCache.empty(num_layers=3).length
    0
    """

    def __init__(self, layers: list[LayerCache]) -> None:
        self.layers = layers

    @classmethod
    def empty(cls, num_layers: int) -> KVCache:
        """Devuelve una caché sin tokens para un modelo de `num_layers` capas.

        >>> len(KVCache.empty(4).layers)
        4
        """
        return cls([LayerCache() for _ in range(num_layers)])

    @property
    def length(self) -> int:
        """Cuántos tokens hay guardados (S)."""
        keys = self.layers[0].keys
        return 0 if keys is None else keys.shape[2]

    def batch_repeat_interleave(self, repeats: int) -> None:
        """Repite cada fila del lote `repeats` veces: (B, ...) pasa a (B·repeats, ...).

        >>> cache = KVCache([LayerCache(torch.zeros(2, 1, 3, 4), torch.zeros(2, 1, 3, 4))])
        >>> cache.batch_repeat_interleave(3)
        >>> cache.layers[0].keys.shape
        torch.Size([6, 1, 3, 4])
        """
        for layer in self.layers:
            layer.change(lambda stored: stored.repeat_interleave(repeats, dim=0))

    def reorder_cache(self, indices: Tensor) -> None:
        """Deja solo las filas `indices` (N,) del lote, en ese orden; una fila puede repetirse.

        >>> cache = KVCache([LayerCache(torch.zeros(2, 1, 3, 4), torch.zeros(2, 1, 3, 4))])
        >>> cache.reorder_cache(torch.tensor([1]))
        >>> cache.layers[0].keys.shape
        torch.Size([1, 1, 3, 4])
        """
        for layer in self.layers:
            layer.change(lambda stored: stored[indices])
