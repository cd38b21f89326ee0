"""Lo mismo, medido con filo o sin él: si cada token se acierta con probabilidad p, L tokens se aciertan con p^L.

Una curva suave parece entonces un salto. Ref.: Schaeffer et al. 2023, arXiv:2304.15004.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import TypeAlias

from tqdm import tqdm

from ..answers import normalize
from ..metrics import Measurement, bootstrap_interval, proportion
from ..models import LanguageModel
from ..scoring import Score, loglikelihoods

__all__ = ["answer_logprob", "check", "exact_match", "joined", "score_answers", "token_accuracy"]

Texts: TypeAlias = Sequence[str]
_BLOCK = 64  # respuestas por tanda: acota la memoria y deja ver el avance


def exact_match(found: Sequence[str | None], answers: Texts, chance: float = 0.0) -> Measurement:
    """Devuelve la exactitud de lo extraído, tras `normalize`; None es un fallo. `chance`: la del azar.

    >>> exact_match(["Lima.", None], ["lima", "Quito"])
    exactitud 0.50, intervalo del 95 % [0.095, 0.91], n = 2, azar 0
    """
    check(found, answers)
    pairs = zip(found, answers, strict=True)
    hits = [f is not None and normalize(f) == normalize(a) for f, a in pairs]
    return proportion("exactitud", hits, chance)


def token_accuracy(lm: LanguageModel, prompts: Texts, answers: Texts) -> Measurement:
    """Devuelve qué parte de los tokens de cada respuesta habría puesto `lm`, dados los verdaderos anteriores.

    El intervalo remuestrea ítems: los tokens de una respuesta no son independientes. El azar es 1 / V.
    """
    values = tuple(fmean(score.greedy) for score in score_answers(lm, prompts, answers))
    interval = bootstrap_interval(values)
    return Measurement("exactitud por token", values, interval, 1 / lm.vocab_size)


def answer_logprob(lm: LanguageModel, prompts: Texts, answers: Texts) -> Measurement:
    """Devuelve log P(respuesta | prompt), en nats; el azar es el de tokens equiprobables, −tokens · ln V."""
    scores = score_answers(lm, prompts, answers)
    values = tuple(score.sum_logprob for score in scores)
    chance = -fmean(len(score.token_ids) for score in scores) * math.log(lm.vocab_size)
    return Measurement("log P(respuesta)", values, bootstrap_interval(values), chance)


def score_answers(lm: LanguageModel, prompts: Texts, answers: Texts) -> list[Score]:
    """Devuelve el `Score` de cada respuesta tras su prompt; el principio común se lee una vez por tanda."""
    check(prompts, answers)
    pairs = [(p, joined(p, a)[len(p) :]) for p, a in zip(prompts, answers, strict=True)]
    blocks = range(0, len(pairs), _BLOCK)
    bar = tqdm(blocks, desc="puntuando", disable=None if len(blocks) > 1 else True, leave=False)
    return [score for start in bar for score in loglikelihoods(lm, pairs[start : start + _BLOCK])]


def joined(text: str, more: str) -> str:
    """Devuelve los dos textos unidos, con un espacio si `text` no termina en uno o en una línea nueva."""
    return f"{text} {more}" if text and more and not text[-1].isspace() else text + more


def check(given: Sequence[object], answers: Sequence[object]) -> None:
    """Comprueba que haya lo mismo de los dos, y al menos uno; si no, `ValueError`."""
    if not answers or len(given) != len(answers):
        raise ValueError(
            f"Hay {len(given)} casos y {len(answers)} respuestas correctas: va una por caso, y al menos una."
        )
