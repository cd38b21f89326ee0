"""Una fuente de símbolos de la que se sabe todo: una gramática probabilística muy simple.

Cada par de símbolos tiene su regla: con qué probabilidad sigue cada uno de los V símbolos. Las
V² reglas se sortean una sola vez (con una semilla) y solo comparten qué símbolos son más comunes:
lo demás hay que aprenderlo de memoria, en las frecuentes y en las raras. Por eso aquí el tamaño de
un modelo importa. Y como las reglas se conocen, la menor pérdida posible, la entropía por símbolo,
se calcula con exactitud.

Ref.: Shannon 1948, «A Mathematical Theory of Communication» (fuentes de Markov y su entropía).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import torch
from torch import Tensor

__all__ = ["PairGrammar"]


@dataclass(frozen=True)
class PairGrammar:
    """Gramática en la que los dos símbolos anteriores deciden las probabilidades del siguiente.

    `sharpness` dice cuán desiguales son las reglas: con 0, todas serían iguales entre sí.

    >>> grammar = PairGrammar(num_symbols=8)
    >>> grammar.rules.shape, grammar.sample(2, 5, seed=1).shape
    (torch.Size([8, 8, 8]), torch.Size([2, 5]))
    """

    num_symbols: int = 32  # V
    sharpness: float = 2.5
    zipf: float = 1.5  # cuánto más comunes son unos símbolos que otros
    seed: int = 0

    @cached_property
    def rules(self) -> Tensor:
        """P(c | a, b), con forma (V, V, V) e índices [a, b, c]; suma 1 en c."""
        V = self.num_symbols
        generator = torch.Generator().manual_seed(self.seed)
        noise = torch.randn(V, V, V, generator=generator, dtype=torch.float64)
        # Algunos símbolos son más comunes que otros en todas partes, como las palabras (Zipf).
        common = -self.zipf * torch.arange(1, V + 1, dtype=torch.float64).log()
        return torch.softmax(self.sharpness * noise + common, dim=-1)

    @cached_property
    def pair_probabilities(self) -> Tensor:
        """Con qué frecuencia aparece cada par (a, b) a la larga: (V, V), suma 1."""
        pairs = torch.full((self.num_symbols,) * 2, self.num_symbols**-2.0, dtype=torch.float64)
        for _ in range(1000):  # avanzar un símbolo hasta que las frecuencias no cambien
            following = torch.einsum("ab,abc->bc", pairs, self.rules)
            if (following - pairs).abs().max() < 1e-15:
                break
            pairs = following
        return pairs

    @property
    def entropy(self) -> float:
        """Nats por símbolo conociendo los dos anteriores: ninguna predicción puede bajar de aquí."""
        return _mean_entropy(self.pair_probabilities.flatten(), self.rules.flatten(0, 1))

    def entropy_knowing(self, previous: int) -> float:
        """Nats por símbolo si solo se miran 0, 1 o 2 símbolos anteriores.

        >>> grammar = PairGrammar(num_symbols=8)
        >>> grammar.entropy_knowing(0) > grammar.entropy_knowing(1) > grammar.entropy
        True
        """
        pairs = self.pair_probabilities
        if previous == 2:
            return self.entropy
        if previous == 1:
            return _mean_entropy(pairs.sum(1), pairs / pairs.sum(1, keepdim=True))
        if previous == 0:
            return _mean_entropy(torch.ones(1, dtype=torch.float64), pairs.sum(0)[None])
        raise ValueError(f"previous={previous}: esta gramática mira 0, 1 o 2 símbolos atrás.")

    def sample(self, num_texts: int, length: int, seed: int) -> Tensor:
        """Devuelve textos al azar: símbolos (num_texts, length), siempre los mismos por semilla."""
        V, generator = self.num_symbols, torch.Generator().manual_seed(seed)
        start = torch.multinomial(
            self.pair_probabilities.flatten(), num_texts, replacement=True, generator=generator
        )
        symbols = [start // V, start % V]
        cumulative = self.rules.cumsum(-1)  # (V, V, V)
        for _ in range(length - 2):
            draw = torch.rand(num_texts, 1, generator=generator, dtype=torch.float64)
            below = cumulative[symbols[-2], symbols[-1]] < draw  # (num_texts, V)
            symbols.append(below.sum(-1).clamp_max(V - 1))
        return torch.stack(symbols[:length], dim=1)

    def loss_of_the_rules(self, texts: Tensor) -> float:
        """Pérdida media, en nats, de quien conoce las reglas: la mejor posible en esos textos.

        texts (N, T); se cuentan los símbolos desde el tercero.
        """
        known = self.rules[texts[:, :-2], texts[:, 1:-1], texts[:, 2:]]
        return -known.log().mean().item()


def _mean_entropy(weights: Tensor, rows: Tensor) -> float:
    """Entropía media, en nats, de cada fila de probabilidades, con esos pesos."""
    return -(weights[:, None] * torch.xlogy(rows, rows)).sum().item()
