"""La búsqueda de la respuesta: qué candidata prefiere el modelo para llenar [Z].

De cada candidata se mide la log-probabilidad de [Z] y de lo que lo sigue, dado lo que lo precede, por
la regla de la cadena. Cómo se convierte esa medida en un puntaje se elige con nombre propio:

    sum    Σ log p             la probabilidad del texto; castiga a las respuestas largas
    token  Σ log p / tokens    media por token de [Z]
    char   Σ log p / letras    media por letra de [Z]
    byte   Σ log p / bytes     media por byte de [Z] («niño»: 4 letras, 5 bytes)
    pmi    Σ log p(·|x) − Σ log p(·)   cuánto más probable la vuelve la entrada

Ref.: Liu et al. 2021, arXiv:2107.13586; PMI frente al contexto sin entrada: Holtzman et al. 2021,
arXiv:2104.08315.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from ..models import LanguageModel
from ..scoring import score_ids
from ..show import number
from .template import Prompt
from .tokens import encode_prompt, fit

__all__ = [
    "SCORES",
    "AnswerSearch",
    "Measure",
    "PerByte",
    "PerChar",
    "PerToken",
    "Pmi",
    "Sum",
    "measure",
    "score_rule",
    "search",
    "softmax",
]


@dataclass(frozen=True)
class Measure:
    """Lo que el modelo dice de una candidata en un prompt.

    `sum_logprob` (nats) cubre [Z] y lo que lo sigue; `tokens` y `token_logprobs`, lo mismo token a
    token, y `sources` dice de dónde viene cada uno. `n_tokens`, `n_chars` y `n_bytes` son solo los
    de [Z]. `prior`: el `sum_logprob` con la entrada vacía, si se midió.
    """

    answer: str
    sum_logprob: float
    tokens: tuple[str, ...]
    token_logprobs: tuple[float, ...]
    sources: tuple[str, ...]
    n_tokens: int
    n_chars: int
    n_bytes: int
    prior: float | None = None

    def __repr__(self) -> str:
        return f"Measure({self.answer!r}, sum_logprob={number(self.sum_logprob)})"


# --- puntajes: cada uno es un valor que convierte una medida en un número ---


@dataclass(frozen=True)
class Sum:
    """Suma de log-probabilidades: el logaritmo de la probabilidad del texto."""

    name = "sum"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        return m.sum_logprob


@dataclass(frozen=True)
class PerToken:
    """Suma dividida por los tokens de [Z]."""

    name = "token"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        return m.sum_logprob / m.n_tokens


@dataclass(frozen=True)
class PerChar:
    """Suma dividida por las letras de [Z] (lo que lm-evaluation-harness llama `acc_norm`)."""

    name = "char"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        return m.sum_logprob / m.n_chars


@dataclass(frozen=True)
class PerByte:
    """Suma dividida por los bytes UTF-8 de [Z]: una «ñ» o una tilde cuentan dos."""

    name = "byte"
    needs_prior = False

    def __call__(self, m: Measure) -> float:
        return m.sum_logprob / m.n_bytes


@dataclass(frozen=True)
class Pmi:
    """Información mutua puntual: la suma menos la misma suma con la entrada vacía."""

    name = "pmi"
    needs_prior = True

    def __call__(self, m: Measure) -> float:
        if m.prior is None:
            raise ValueError(
                "La PMI compara con la entrada vacía, y esta medida no la incluye. Usa search() o "
                "measure(..., prior=True)."
            )
        return m.sum_logprob - m.prior


SCORES = {rule.name: rule for rule in (Sum(), PerToken(), PerChar(), PerByte(), Pmi())}


def score_rule(score):
    """Devuelve el puntaje llamado `score`, o `score` mismo si ya es uno.

    >>> score_rule("pmi")
    Pmi()
    """
    if callable(score):
        return score
    if score not in SCORES:
        raise ValueError(
            f"No existe el puntaje {score!r}. Elige uno de estos: {', '.join(SCORES)}."
        )
    return SCORES[score]


# --- medir y buscar ---


def measure(
    lm: LanguageModel,
    prompts: Sequence[Prompt],
    answers: Sequence[str],
    *,
    prior: bool = False,
) -> list[list[Measure]]:
    """Devuelve, por cada prompt, la medida de cada respuesta.

    El modelo lee una sola vez lo que los prompts comparten (los ejemplos) y lo que comparten las
    candidatas de un prompt (todo lo que precede a [Z]). Con `prior` mide además cada respuesta con
    la entrada vacía.
    """
    _check_answers(answers)
    prompts = list(prompts)
    empty: dict[Prompt, int] = {}
    if prior:
        for prompt in prompts:
            empty.setdefault(prompt.with_input(""), len(prompts) + len(empty))
    every = [prompt.answered(z) for prompt in [*prompts, *empty] for z in answers]
    encoded = [encode_prompt(lm, prompt) for prompt in every]
    scores = score_ids(lm, [(e.context, e.continuation) for e in encoded])
    k = len(answers)
    rows = []
    for i, prompt in enumerate(prompts):
        base = empty[prompt.with_input("")] * k if prior else None
        rows.append(
            [
                _measure(z, encoded[i * k + j], scores[i * k + j], base and scores[base + j])
                for j, z in enumerate(answers)
            ]
        )
    return rows


def _measure(answer: str, encoded, score, prior) -> Measure:
    return Measure(
        answer=answer,
        sum_logprob=score.sum_logprob,
        tokens=score.tokens,
        token_logprobs=score.token_logprobs,
        sources=encoded.sources[encoded.n_context :],
        n_tokens=encoded.n_answer,
        n_chars=len(answer),
        n_bytes=len(answer.encode()),
        prior=prior.sum_logprob if prior else None,
    )


def search(
    lm: LanguageModel, prompt: Prompt, answers: Sequence[str], score: str = "sum"
) -> AnswerSearch:
    """Devuelve la búsqueda de la mejor respuesta entre `answers`, con todos los puntajes.

    ẑ = argmax_{z ∈ Z} P(f_fill(x′, z); θ), con el puntaje que se pida en lugar de P.

    Raises:
        ValueError: no hay candidatas, se repiten, o el puntaje no existe.

    >>> search(lm, template.fill("Amé esa película"), ["buena", "mala"]).best  # doctest: +SKIP
    'buena'
    """
    rule = score_rule(score)
    prompt = fit(lm, prompt, _check_answers(answers))
    return AnswerSearch(
        prompt, tuple(measure(lm, [prompt], answers, prior=rule.needs_prior)[0]), rule
    )


@dataclass(frozen=True)
class AnswerSearch:
    """Las candidatas medidas en un prompt, y el puntaje con que se comparan."""

    prompt: Prompt
    measures: tuple[Measure, ...]
    rule: object

    @property
    def scores(self) -> dict[str, float]:
        """{respuesta: puntaje}, en el orden en que se dieron las candidatas."""
        return {m.answer: self.rule(m) for m in self.measures}

    @property
    def best(self) -> str:
        """El argmax: la candidata de mayor puntaje (la primera, si empatan)."""
        return max(self.scores, key=self.scores.get)

    @property
    def ranked(self) -> list[str]:
        """Las candidatas, de la mejor a la peor."""
        return sorted(self.scores, key=lambda z: -self.scores[z])

    @property
    def probs(self) -> dict[str, float]:
        """{respuesta: probabilidad} entre las candidatas: la softmax de los puntajes."""
        return softmax(self.scores)

    def using(self, score: str) -> AnswerSearch:
        """Devuelve la misma búsqueda con otro puntaje, sin volver a usar el modelo."""
        return AnswerSearch(self.prompt, self.measures, score_rule(score))

    def to_frame(self):
        """Devuelve una tabla de pandas con una fila por candidata, de la mejor a la peor."""
        import pandas as pd

        measures = {m.answer: m for m in self.measures}
        rows = [
            {
                "respuesta": z,
                "puntaje": self.scores[z],
                "probabilidad": self.probs[z],
                "log p": measures[z].sum_logprob,
                "tokens": " ".join(t.replace(" ", "␣") for t in measures[z].tokens),
            }
            for z in self.ranked
        ]
        return pd.DataFrame(rows)

    def __repr__(self) -> str:
        shown = ", ".join(f"{z} {number(self.scores[z])}" for z in self.ranked)
        return f"AnswerSearch({self.rule!r}: {shown})"


def softmax(scores: dict[str, float]) -> dict[str, float]:
    """Devuelve e^s / Σ e^s por clave, sin desbordarse.

    >>> softmax({"sí": 0.0, "no": 0.0})
    {'sí': 0.5, 'no': 0.5}
    """
    top = max(scores.values())
    weights = {key: math.exp(value - top) for key, value in scores.items()}
    total = math.fsum(weights.values())
    return {key: weight / total for key, weight in weights.items()}


def _check_answers(answers: Sequence[str]) -> Sequence[str]:
    if isinstance(answers, str):
        raise TypeError(
            f"`answers` es una lista de candidatas; llegó un solo texto. Escribe [{answers!r}]."
        )
    if not answers:
        raise ValueError("No hay candidatas: la búsqueda necesita al menos una respuesta posible.")
    if repeated := [z for z in answers if list(answers).count(z) > 1]:
        raise ValueError(f"La candidata «{repeated[0]}» está repetida: quita una.")
    return answers
