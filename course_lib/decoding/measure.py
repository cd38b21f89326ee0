"""Medidas de un texto generado: cuánto se repite, cuánta variedad tiene, cuán raro es lo sorteado."""

from __future__ import annotations

from collections.abc import Sequence as Seq

from .trace import Step

__all__ = ["distinct_ngrams", "repetition", "repetition_onset", "tail_mass"]


def _ngrams(ids: Seq[int], n: int) -> list[tuple[int, ...]]:
    if n < 1:
        raise ValueError(f"n={n} no vale: un n-grama tiene al menos un token.")
    return [tuple(ids[i : i + n]) for i in range(len(ids) - n + 1)]


def repetition(ids: Seq[int], n: int = 4, before: Seq[int] = ()) -> float:
    """Devuelve la fracción de n-gramas de `ids` que ya habían aparecido antes, en [0, 1].

    Los n-gramas de `before`, lo que había delante, cuentan como aparecidos. Es «rep-n» de Welleck et al.
    2020, arXiv:1908.04319, aplicado al texto generado.

    >>> repetition([1, 2, 1, 2, 1, 2], n=2), repetition([1, 2, 3], n=2, before=[1, 2])
    (0.6, 0.5)
    """
    seen, ngrams = set(_ngrams(before, n)), _ngrams(ids, n)
    return 1 - len(set(ngrams) - seen) / len(ngrams) if ngrams else 0.0


def distinct_ngrams(texts: Seq[Seq[int]], n: int = 2) -> float:
    """Devuelve la fracción de n-gramas distintos entre varios textos, en (0, 1].

    Baja tanto si un texto se repite como si los textos se parecen entre sí.
    Ref.: «distinct-n» de Li et al. 2016, arXiv:1510.03055.

    >>> distinct_ngrams([[1, 2, 3], [1, 2, 4]], n=2)
    0.75
    """
    ngrams = [g for ids in texts for g in _ngrams(ids, n)]
    return len(set(ngrams)) / len(ngrams) if ngrams else 1.0


def repetition_onset(ids: Seq[int], n: int = 4) -> int | None:
    """Devuelve la posición donde empieza el primer n-grama repetido, o None si no hay.

    >>> repetition_onset([7, 1, 2, 3, 1, 2], n=2)
    4
    """
    seen: set[tuple[int, ...]] = set()
    for start, ngram in enumerate(_ngrams(ids, n)):
        if ngram in seen:
            return start
        seen.add(ngram)
    return None


def tail_mass(step: Step, k: int = 50) -> float:
    """Devuelve la probabilidad que el modelo da, en un paso, a todo lo que no son sus `k` favoritos.

    `k` llega hasta 50, lo que la traza guarda de cada distribución.

    >>> from course_lib.decoding.trace import Stage
    >>> stage = Stage("modelo", (4, 9), (0.5, 0.25), 2.0, 100, 0.0)
    >>> tail_mass(Step(0, (stage,), 4, 0.5, 0.5, 1), k=1)
    0.5
    """
    probs = step.stages[0].probs
    if not 1 <= k <= len(probs):
        raise ValueError(f"k={k} no vale: la traza guarda los {len(probs)} tokens más probables.")
    return 1 - sum(probs[:k])
