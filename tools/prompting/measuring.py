"""Cómo se mide un prompt: probabilidades por ejemplo y aciertos, antes y después de calibrar."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from course_lib import models
from course_lib.data import Headline, Review, load_reviews
from course_lib.metrics import wilson_interval
from course_lib.models import LanguageModel
from course_lib.prompting import Calibration, PromptClassifier, SumOf, Verbalizer
from course_lib.prompting.examples import Label
from course_lib.prompting.scores import softmax
from course_lib.records import Row
from course_lib.scoring import loglikelihoods

from .choices import LABELS

__all__ = [
    "SAMPLE",
    "accuracy",
    "bits_per_character",
    "classify",
    "load",
    "sample",
    "table_accuracy",
    "topics",
]

SAMPLE = 12  # ejemplos que se recalculan para comprobar una fila
Answers = Mapping[Any, Sequence[str]]  # etiqueta -> respuestas
Examples = Sequence[Review] | Sequence[Headline]
Shots = Sequence[tuple[str, str]]


@cache
def load(name: str) -> LanguageModel:
    """Devuelve un modelo del catálogo en CPU y float32, cargado una sola vez."""
    return models.load(name, device="cpu", dtype="float32")


def classify(
    lm: LanguageModel, pattern: str, table: Answers, examples: Examples, shots: Shots = ()
) -> Row:
    """Devuelve p(primera etiqueta) por ejemplo, p_cf y los aciertos antes y después de calibrar.

    `shots` son los pares (texto, etiqueta) que el prompt lleva de ejemplo.
    """
    classifier = PromptClassifier(lm, pattern, table, shots=shots)
    first: Label = next(iter(table))
    predictions = classifier.predict_many([example.text for example in examples])
    content_free = classifier.calibration.content_free[first]
    probs = [round(prediction.label_probs[first], 5) for prediction in predictions]
    truth = [example.label == first for example in examples]
    calibrated = [p * (1 - content_free) > (1 - p) * content_free for p in probs]
    return {
        "n": len(examples),
        **accuracy("", [(p > 0.5) == t for p, t in zip(probs, truth, strict=True)]),
        **accuracy("calibrated_", [c == t for c, t in zip(calibrated, truth, strict=True)]),
        "content_free": round(content_free, 5),
        "probs": probs,
    }


def topics(lm: LanguageModel, pattern: str, table: Answers, examples: Sequence[Headline]) -> Row:
    """Devuelve los aciertos con varias etiquetas y la etiqueta predicha, ya calibrada, por ejemplo."""
    classifier = PromptClassifier(lm, pattern, table)
    predictions = classifier.predict_many([example.text for example in examples])
    probs = [prediction.label_probs for prediction in predictions]
    calibrated = [classifier.calibration(row) for row in probs]
    return {
        "n": len(examples),
        **accuracy("", _hits(examples, probs)),
        **accuracy("calibrated_", _hits(examples, calibrated)),
        "content_free": [round(classifier.calibration.content_free[t], 5) for t in table],
        "predicted": [_most_likely(row) for row in calibrated],
        "sample": [round(row[next(iter(table))], 5) for row in probs[:SAMPLE]],
    }


def _hits(examples: Sequence[Headline], rows: Sequence[Mapping[Label, float]]) -> list[bool]:
    return [_most_likely(row) == e.label for e, row in zip(examples, rows, strict=True)]


def _most_likely(probs: Mapping[Label, float]) -> Label:
    return max(probs, key=lambda label: probs[label])


def accuracy(prefix: str, hits: Sequence[bool]) -> dict[str, float]:
    """Devuelve la exactitud y su intervalo de 95 %, con nombres que empiezan por `prefix`."""
    interval = wilson_interval(sum(hits), len(hits))
    values = sum(hits) / len(hits), interval.low, interval.high
    names = (f"{prefix}{n}" for n in ("accuracy", "low", "high"))
    return dict(zip(names, (round(v, 4) for v in values), strict=True))


def table_accuracy(rows: Sequence[Row], table: tuple[Sequence[str], Sequence[str]]) -> float:
    """Devuelve la exactitud calibrada en desarrollo de un verbalizador, con las log P de sus palabras en `rows`.

    `table` son las respuestas de cada etiqueta; sus probabilidades se suman.
    """
    verbalizer = Verbalizer(dict(zip(LABELS, table, strict=True)))
    by_word = {row["answer"]: row for row in rows}

    def label_probs(column: str, i: int) -> dict[Label, float]:
        scores = {z: by_word[z][column][i] for z in verbalizer.answers}
        return verbalizer.label_probs(softmax(scores), SumOf())

    calibration = Calibration.from_probs(label_probs("content_free", i) for i in range(3))
    reviews = load_reviews("desarrollo")
    hits = 0
    for i, review in enumerate(reviews):
        probs = calibration(label_probs("logprobs", i))
        hits += max(probs, key=lambda label: probs[label]) == review.label
    return hits / len(reviews)


def sample(
    lm: LanguageModel, pattern: str, table: Answers, examples: Examples, shots: Shots = ()
) -> list[float]:
    """Devuelve p(primera etiqueta) de los primeros ejemplos: lo que se recalcula para comprobar.

    `shots` son los pares (texto, etiqueta) que el prompt lleva de ejemplo.
    """
    classifier = PromptClassifier(lm, pattern, table, shots=shots)
    found = classifier.predict_many([example.text for example in examples[:SAMPLE]])
    return [round(p.label_probs[next(iter(table))], 5) for p in found]


def bits_per_character(lm: LanguageModel, texts: Sequence[str]) -> float:
    """Devuelve −Σ log₂ P(texto) / Σ caracteres."""
    scores = loglikelihoods(lm, [("", text) for text in texts])
    return -sum(s.sum_logprob for s in scores) / math.log(2) / sum(map(len, texts))
