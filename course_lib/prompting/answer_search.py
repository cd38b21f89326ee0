"""La búsqueda de la respuesta: qué candidata prefiere el modelo para llenar [Z].

De cada candidata se mide la log-probabilidad de [Z] y de lo que lo sigue, dado lo que lo precede, por
la regla de la cadena; los puntajes (`scores`) la convierten en un número.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..models import LanguageModel
from ..scoring import score_ids
from ..show import number
from .scores import Measure, score_rule, softmax
from .template import Prompt
from .tokens import encode_prompt, fit

__all__ = ["AnswerSearch", "measure", "search"]


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
