"""Atención: cada token decide de qué tokens anteriores copia información, y cuánta.

Cuatro pasos, en este orden: puntajes, máscara, softmax, mezcla. `attend` los escribe uno por
línea; `Attention` le agrega las proyecciones aprendidas, las cabezas y las posiciones.

Ref.: Vaswani et al. 2017, arXiv:1706.03762; cabezas agrupadas: Ainslie et al. 2023,
arXiv:2305.13245.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .cache import LayerCache
from .config import TransformerConfig
from .rotary import apply_rotary

__all__ = ["Attention", "attend", "causal_mask", "hide_padding"]


def causal_mask(
    num_queries: int, num_keys: int, device: torch.device | str | None = None
) -> Tensor:
    """Devuelve qué claves puede mirar cada consulta: booleanos (num_queries, num_keys).

    Las consultas son los últimos `num_queries` de los `num_keys` tokens; cada una ve su propia
    posición y las anteriores, nunca el futuro.

    >>> causal_mask(2, 3).int().tolist()
    [[1, 1, 0], [1, 1, 1]]
    """
    if num_queries > num_keys:
        raise ValueError(
            f"Hay {num_queries} consultas y solo {num_keys} claves: cada token debe poder mirarse "
            "a sí mismo, así que las claves nunca son menos que las consultas."
        )
    everything = torch.ones(num_queries, num_keys, dtype=torch.bool, device=device)
    return everything.tril(diagonal=num_keys - num_queries)


def hide_padding(positions: Tensor, mask: Tensor, left_padding: Tensor) -> tuple[Tensor, Tensor]:
    """Devuelve las posiciones (B, 1, T) y la máscara (B, 1, T, S) de filas con relleno a la izquierda.

    `positions` (T,) y `mask` (T, S) son las de filas sin relleno; `left_padding` (B,), cuántas de las S
    columnas de cada fila no son texto: nadie las mira, y cada fila cuenta sus posiciones desde su primer
    token. Cada columna sigue viéndose a sí misma: una softmax sin nada que mirar no es un número.

    >>> positions, mask = hide_padding(torch.arange(2), causal_mask(2, 2), torch.tensor([0, 1]))
    >>> positions.squeeze(1).tolist(), mask.int().squeeze(1).tolist()
    ([[0, 1], [-1, 0]], [[[1, 0], [1, 1]], [[1, 0], [0, 1]]])
    """
    T, S = mask.shape
    columns = torch.arange(S, device=mask.device)
    text = columns >= left_padding[:, None, None, None]  # (B, 1, 1, S)
    itself = columns == columns[S - T :, None]  # (T, S)
    return positions - left_padding[:, None, None], mask & (text | itself)


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Devuelve la mezcla de valores (B, H, T, K) y los pesos de atención (B, H, T, S).

    q (B, H, T, K) son las consultas; k y v (B, H, S, K), claves y valores; mask (T, S) es falsa
    donde está prohibido mirar. `pesos = softmax(q·kᵀ / sqrt(K))`, y cada fila de pesos suma 1.

    >>> q = k = v = torch.zeros(1, 1, 2, 4)
    >>> attend(q, k, v, causal_mask(2, 2))[1].squeeze().tolist()
    [[1.0, 0.0], [0.5, 0.5]]
    """
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])  # (B, H, T, S)
    scores = scores.masked_fill(~mask, float("-inf"))
    weights = torch.softmax(scores.float(), dim=-1).to(v.dtype)  # (B, H, T, S)
    return weights @ v, weights


class Attention(nn.Module):
    """Atención causal con varias cabezas, posiciones rotatorias y claves agrupadas.

    Con G < H cabezas de clave y valor, cada una sirve a H / G cabezas de consulta: la caché
    ocupa H / G veces menos.
    """

    def __init__(self, config: TransformerConfig) -> None:
        super().__init__()
        D, K = config.hidden_size, config.head_dim
        self.num_heads, self.num_groups = config.num_attention_heads, config.num_key_value_heads
        self.head_dim = K
        self.q_proj = nn.Linear(D, self.num_heads * K, bias=False)
        self.k_proj = nn.Linear(D, self.num_groups * K, bias=False)
        self.v_proj = nn.Linear(D, self.num_groups * K, bias=False)
        self.o_proj = nn.Linear(self.num_heads * K, D, bias=False)

    def forward(
        self, x: Tensor, angles: Tensor, mask: Tensor, cache: LayerCache | None = None
    ) -> tuple[Tensor, Tensor]:
        """Devuelve la salida (B, T, D) y los pesos (B, H, T, S) para x (B, T, D).

        angles gira consultas y claves; mask (T, S) es falsa donde está prohibido mirar; cache guarda
        lo ya leído. B lote, T tokens nuevos, S tokens en total (con los guardados), D ancho, H cabezas
        de consulta, G cabezas de clave y valor, K ancho de cabeza.
        """
        q = self._split(self.q_proj(x), self.num_heads)  # (B, H, T, K)
        k = self._split(self.k_proj(x), self.num_groups)  # (B, G, T, K)
        v = self._split(self.v_proj(x), self.num_groups)  # (B, G, T, K)
        q, k = apply_rotary(q, angles), apply_rotary(k, angles)
        if cache is not None:
            k, v = cache.append(k, v)  # (B, G, S, K)
        per_group = self.num_heads // self.num_groups
        k = k.repeat_interleave(per_group, dim=1)  # (B, H, S, K)
        v = v.repeat_interleave(per_group, dim=1)  # (B, H, S, K)
        mixed, weights = attend(q, k, v, mask)  # (B, H, T, K), (B, H, T, S)
        return self.o_proj(mixed.transpose(1, 2).flatten(2)), weights

    def _split(self, x: Tensor, heads: int) -> Tensor:
        # El ancho se parte en cabezas y la cabeza pasa a ser una dimensión del lote:
        # (B, T, heads·K) -> (B, T, heads, K) -> (B, heads, T, K)
        return x.unflatten(-1, (heads, self.head_dim)).transpose(1, 2)
