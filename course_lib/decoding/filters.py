"""Filtros: cada uno toma los puntajes del siguiente token y devuelve otros.

Un filtro es un valor que se llama: `TopK(k=40)(input_ids, scores)`. `input_ids` (B, T) son los
tokens escritos hasta aquí, prompt incluido; `scores` (B, V), los puntajes; un token descartado queda
en −∞. Encadenados, el orden importa y es el de transformers: penalización de repetición, n-gramas
prohibidos, temperatura, top-k, top-p, min-p.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

__all__ = ["Filter", "MinP", "NoRepeatNgram", "RepetitionPenalty", "Temperature", "TopK", "TopP"]

REMOVED = float("-inf")


@dataclass(frozen=True)
class Filter:
    """Base de los filtros; `name` es el del parámetro correspondiente en transformers."""

    name = "filter"

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:  # (B, T), (B, V) -> (B, V)
        """Devuelve los puntajes nuevos; no modifica los que recibe."""
        raise NotImplementedError


@dataclass(frozen=True)
class RepetitionPenalty(Filter):
    """Castiga lo ya escrito: s·r si s < 0, s/r si no, una vez por token distinto.

    Ref.: Keskar et al. 2019 (CTRL), arXiv:1909.05858. En Búsqueda en haz los puntajes son
    log-probabilidades, siempre negativas, y después de castigar ya no suman uno.

    >>> RepetitionPenalty(2.0)(torch.tensor([[0, 1]]), torch.tensor([[2.0, -1.0, 3.0]])).tolist()
    [[1.0, -2.0, 3.0]]
    """

    penalty: float
    name = "repetition_penalty"

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Devuelve los puntajes con los tokens de `input_ids` castigados."""
        seen = scores.gather(1, input_ids)  # (B, T): un token repetido se castiga igual, una vez
        punished = torch.where(seen < 0, seen * self.penalty, seen / self.penalty)
        return scores.scatter(1, input_ids, punished)


@dataclass(frozen=True)
class NoRepeatNgram(Filter):
    """Prohíbe el token que completaría un n-grama ya escrito (el prompt también cuenta).

    >>> NoRepeatNgram(2)(torch.tensor([[5, 3, 5]]), torch.zeros(1, 6)).tolist()
    [[0.0, 0.0, 0.0, -inf, 0.0, 0.0]]
    """

    size: int
    name = "no_repeat_ngram_size"

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Devuelve los puntajes con −∞ en los tokens prohibidos de cada fila."""
        scores = scores.clone()
        for row, ids in enumerate(input_ids.tolist()):
            if len(ids) + 1 < self.size:
                continue
            tail = ids[len(ids) - self.size + 1 :]  # los n−1 últimos tokens
            ngrams = (ids[i : i + self.size] for i in range(len(ids) - self.size + 1))
            banned = [ngram[-1] for ngram in ngrams if ngram[:-1] == tail]
            scores[row, banned] = REMOVED
        return scores


@dataclass(frozen=True)
class Temperature(Filter):
    """Divide los puntajes por T: softmax(z/T). T < 1 marca la distribución, T > 1 la aplana.

    >>> Temperature(0.5)(torch.empty(1, 0), torch.tensor([[1.0, 2.0]])).tolist()
    [[2.0, 4.0]]
    """

    temperature: float
    name = "temperature"

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Devuelve `scores / T`."""
        return scores / self.temperature


@dataclass(frozen=True)
class TopK(Filter):
    """Deja los `k` puntajes más altos (y todos los que empatan con el último).

    Ref.: Fan et al. 2018, arXiv:1805.04833.

    >>> TopK(2)(torch.empty(1, 0), torch.tensor([[1.0, 3.0, 2.0]])).tolist()
    [[-inf, 3.0, 2.0]]
    """

    k: int
    name = "top_k"

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Devuelve los puntajes con −∞ por debajo del k-ésimo."""
        kth = scores.topk(min(self.k, scores.shape[-1])).values[:, -1:]  # (B, 1)
        return scores.masked_fill(scores < kth, REMOVED)


@dataclass(frozen=True)
class TopP(Filter):
    """Deja el menor conjunto de tokens que reúne probabilidad `p`, con el que la cruza incluido.

    Ref.: Holtzman et al. 2020, arXiv:1904.09751. Se ordena de menor a mayor y se quita la cola que
    suma 1 − p o menos; siempre queda al menos un token.

    >>> scores = torch.tensor([[0.5, 0.3, 0.2]]).log()
    >>> TopP(0.6)(torch.empty(1, 0), scores).exp().round(decimals=1).tolist()
    [[0.5, 0.30000001192092896, 0.0]]
    """

    p: float
    name = "top_p"

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Devuelve los puntajes con −∞ en la cola."""
        ascending, order = scores.sort(descending=False)  # (B, V)
        tail = ascending.softmax(dim=-1).cumsum(dim=-1) <= 1 - self.p
        tail[:, -1] = False  # el más probable se queda siempre
        return scores.masked_fill(tail.scatter(1, order, tail), REMOVED)


@dataclass(frozen=True)
class MinP(Filter):
    """Quita los tokens cuya probabilidad no llega a `min_p` veces la del más probable.

    Ref.: Nguyen et al. 2024, arXiv:2407.01082.

    >>> MinP(0.5)(torch.empty(1, 0), torch.tensor([[0.6, 0.3, 0.1]]).log()).exp().tolist()[0][2]
    0.0
    """

    min_p: float
    name = "min_p"

    def __call__(self, input_ids: Tensor, scores: Tensor) -> Tensor:
        """Devuelve los puntajes con −∞ bajo el umbral."""
        probs = scores.softmax(dim=-1)
        threshold = self.min_p * probs.amax(dim=-1, keepdim=True)  # (B, 1)
        return scores.masked_fill(probs < threshold, REMOVED)
