"""Lo que un modelo recuerda tras leer: se repite, se elige y se copia sin volver a calcularlo."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from torch import Tensor
from torch.nn.functional import pad

__all__ = ["Cache", "State", "padded_attention"]


class Cache(Protocol):
    """Claves y valores por capa, como las guarda transformers (y `transformer.KVCache`)."""

    layers: list[Any]

    def batch_repeat_interleave(self, repeats: int) -> None:
        """Repite cada fila `repeats` veces."""

    def reorder_cache(self, beam_idx: Tensor) -> None:
        """Deja las filas pedidas, en ese orden."""


@dataclass
class State:
    """Claves y valores de lo leído, y los logits del token que sigue.

    `logits`: (B, V) en float32. `length`: columnas leídas, con su relleno. `left_padding`: (B,) cuántas de
    esas columnas son relleno a la izquierda de cada fila; None si ninguna. Sirve para leer juntos prompts
    de distinto largo:

        columna        0    1    2    3  |  4
        fila 0        La  luna   de  Lima| …      left_padding = 0
        fila 1         ·    ·   El   sol | …      left_padding = 2: nadie mira esas columnas

    `expand`, `select` y `clone` devuelven un estado nuevo: avanzar desde él no cambia el original.
    """

    logits: Tensor  # (B, V)
    cache: Cache
    length: int
    left_padding: Tensor | None = None  # (B,)

    def expand(self, n: int) -> State:
        """Devuelve el estado con cada fila repetida `n` veces: el prompt se calcula una sola vez."""
        new = self.clone()
        if n == 1:
            return new
        new.cache.batch_repeat_interleave(n)
        padding = None if new.left_padding is None else new.left_padding.repeat_interleave(n)
        return replace(new, logits=new.logits.repeat_interleave(n, dim=0), left_padding=padding)

    def select(self, indices: Tensor) -> State:
        """Devuelve el estado con las filas `indices` (N,), en ese orden: los haces que sobreviven."""
        new = self.clone()
        if torch.equal(indices, torch.arange(len(self.logits), device=indices.device)):
            return new
        new.cache.reorder_cache(indices)
        padding = None if new.left_padding is None else new.left_padding[indices]
        return replace(new, logits=new.logits[indices], left_padding=padding)

    def clone(self) -> State:
        """Devuelve un estado independiente.

        No copia las claves ni los valores: al avanzar, cada capa los une con los nuevos en otro tensor,
        de modo que basta con que cada estado tenga sus propias capas.
        """
        cache = copy.copy(self.cache)
        cache.layers = [copy.copy(layer) for layer in self.cache.layers]
        return replace(self, cache=cache)

    @classmethod
    def join(cls, states: Sequence[State]) -> State:
        """Devuelve un estado con las filas de todos, en orden, rellenas por la izquierda hasta el más largo.

        Así los prompts se leen en lotes de largo parecido, sin calcular relleno, y avanzan juntos.
        """
        if len(states) == 1:
            return states[0].clone()
        longest = max(states, key=lambda state: state.length)
        joined = longest.clone()
        for i, layer in enumerate(joined.cache.layers):
            for part in ("keys", "values"):
                setattr(layer, part, _stack([getattr(s.cache.layers[i], part) for s in states]))
        logits = torch.cat([state.logits for state in states])
        padding = torch.cat([state.padding + longest.length - state.length for state in states])
        return replace(joined, logits=logits, left_padding=padding if padding.any() else None)

    @property
    def can_join(self) -> bool:
        """Si todas sus capas guardan claves y valores (B, G, S, K), que es lo que `join` sabe unir."""
        return all(getattr(layer, "keys", None) is not None for layer in self.cache.layers)

    @property
    def padding(self) -> Tensor:
        """(B,) columnas de relleno de cada fila; ceros si no hay."""
        if self.left_padding is not None:
            return self.left_padding
        return torch.zeros(len(self.logits), dtype=torch.long, device=self.logits.device)

    def attention(self, new: int) -> tuple[Tensor | None, Tensor | None]:
        """Devuelve qué columnas son reales, (B, length + new), y la posición de las `new` nuevas, (B, new).

        Sin relleno devuelve (None, None): el modelo ya hace lo correcto por sí solo.
        """
        return padded_attention(self.left_padding, self.length, new)


def padded_attention(
    left_padding: Tensor | None, past: int, new: int
) -> tuple[Tensor | None, Tensor | None]:
    """Como `State.attention`, con `past` columnas ya leídas y antes de que exista un estado."""
    if left_padding is None:
        return None, None
    columns = torch.arange(past + new, device=left_padding.device)  # (S,)
    real = columns >= left_padding[:, None]  # (B, S)
    positions = (columns[past:] - left_padding[:, None]).clamp(min=0)  # (B, new)
    return real, positions


def _stack(parts: Sequence[Tensor]) -> Tensor:
    """Las claves (o valores) de varios lotes, (B, G, S, K), alineadas a la derecha."""
    longest = max(part.shape[2] for part in parts)
    return torch.cat([pad(part, (0, 0, longest - part.shape[2], 0)) for part in parts])
