"""La búsqueda de la respuesta: qué candidata prefiere el modelo para llenar [Z].

De cada candidata se mide la log-probabilidad de [Z] y de lo que lo sigue, dado lo que lo precede, por
la regla de la cadena; los puntajes (`scores`) la convierten en un número.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..models import LanguageModel
from ..scoring import Score, score_ids
from ..show import number
from .candidates import as_list, check_answers, check_distinct
from .rules import apply, check_rule, shown
from .scores import SCORES, Measure, ScoreRule, Sum, softmax
from .template import Prompt
from .tokens import PromptTokens, encode_prompt, fit

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnswerSearch", "measure", "search"]


def measure(
    lm: LanguageModel,
    prompts: Iterable[Prompt],
    answers: Iterable[str],
    *,
    prior: bool = False,
) -> list[list[Measure]]:
    """Devuelve, por cada prompt, la medida de cada respuesta.

    El modelo lee una sola vez lo que los prompts comparten (los ejemplos) y lo que comparten las
    candidatas de un prompt (todo lo que precede a [Z]). Con `prior` mide además cada respuesta con
    la entrada vacía.

    Raises:
        ValueError: no hay candidatas, dos son la misma o tienen espacios al borde, un prompt no cabe
            en el modelo.
    """
    answers = check_answers(answers)
    prompts = _check_prompts(prompts)
    if not prompts:
        return []
    for template in dict.fromkeys(prompt.template for prompt in prompts):
        check_distinct(template, answers)
    empty: dict[Prompt, int] = {}  # cada prompt sin entrada se mide una vez, tras los demás
    if prior:
        for prompt in prompts:
            empty.setdefault(prompt.with_input(""), len(prompts) + len(empty))
    every = [prompt.answered(z) for prompt in [*prompts, *empty] for z in answers]
    encoded = [encode_prompt(lm, prompt) for prompt in every]
    _check_room(lm, encoded)
    scores = score_ids(lm, [(e.context, e.continuation) for e in encoded])
    k = len(answers)
    rows = []
    for i, prompt in enumerate(prompts):
        base = empty[prompt.with_input("")] if prior else None
        priors = [None] * k if base is None else scores[base * k : (base + 1) * k]
        own = slice(i * k, (i + 1) * k)
        found = zip(answers, encoded[own], scores[own], priors, strict=True)
        rows.append([_measure(*parts) for parts in found])
    return rows


def _measure(answer: str, encoded: PromptTokens, score: Score, prior: Score | None) -> Measure:
    return Measure(
        answer=answer,
        sum_logprob=score.sum_logprob,
        tokens=score.tokens,
        token_logprobs=score.token_logprobs,
        sources=encoded.sources[encoded.n_context :],
        n_tokens=len(score.tokens),
        n_chars=len(encoded.scored),
        n_bytes=len(encoded.scored.encode()),
        prior=prior.sum_logprob if prior else None,
    )


def search(
    lm: LanguageModel,
    prompt: Prompt,
    answers: Iterable[str],
    score: ScoreRule = Sum(),  # noqa: B008  (es un valor inmutable)
) -> AnswerSearch:
    """Devuelve la búsqueda de la mejor respuesta entre `answers`, con todas sus medidas.

    ẑ = argmax_{z ∈ Z} P(f_fill(x′, z); θ), con el puntaje `score` en lugar de P: `Sum()`,
    `PerToken()`, `PerChar()`, `PerByte()`, `Pmi()` o una función que reciba una `Measure`. Si el
    prompt no cabe en el modelo, se acorta su entrada.

    Raises:
        TypeError: `score` no es un puntaje.
        ValueError: no hay candidatas, se repiten o tienen espacios al borde.

    >>> search(lm, template.fill("Amé esa película"), ["buena", "mala"]).best  # doctest: +SKIP
    'buena'
    """
    check_rule(score, "score", SCORES)
    answers = check_answers(answers)
    (prompt,) = _check_prompts((prompt,))
    prompt = fit(lm, prompt, answers)
    (measures,) = measure(lm, [prompt], answers, prior=getattr(score, "needs_prior", False))
    return AnswerSearch(prompt, tuple(measures), score)


@dataclass(frozen=True)
class AnswerSearch:
    """Las candidatas medidas en un prompt, y el puntaje con que se comparan."""

    prompt: Prompt
    measures: tuple[Measure, ...]
    rule: ScoreRule

    @property
    def scores(self) -> dict[str, float]:
        """{respuesta: puntaje}, en el orden en que se dieron las candidatas."""
        return {m.answer: apply(self.rule, m) for m in self.measures}

    @property
    def best(self) -> str:
        """El argmax: la candidata de mayor puntaje (la primera, si empatan)."""
        scores = self.scores
        return max(scores, key=scores.__getitem__)

    @property
    def ranked(self) -> list[str]:
        """Las candidatas, de la mejor a la peor."""
        scores = self.scores
        return sorted(scores, key=lambda z: -scores[z])

    @property
    def probs(self) -> dict[str, float]:
        """{respuesta: probabilidad} entre las candidatas: la softmax de los puntajes."""
        return softmax(self.scores)

    def using(self, score: ScoreRule) -> AnswerSearch:
        """Devuelve la misma búsqueda con otro puntaje, como `PerChar()`, sin volver a usar el modelo."""
        check_rule(score, "score", SCORES)
        return AnswerSearch(self.prompt, self.measures, score)

    def to_frame(self) -> pd.DataFrame:
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
        found = ", ".join(f"{z} {number(self.scores[z])}" for z in self.ranked)
        return f"AnswerSearch({shown(self.rule)}: {found})"


def _check_prompts(prompts: Iterable[Prompt]) -> tuple[Prompt, ...]:
    found = (prompts,) if isinstance(prompts, Prompt) else as_list(prompts, "Prompts")
    for prompt in found:
        if not isinstance(prompt, Prompt):
            raise TypeError(
                f"Un prompt se hace con Template(...).fill(texto); llegó {prompt!r:.60}."
            )
    return found


def _check_room(lm: LanguageModel, encoded: Iterable[PromptTokens]) -> None:
    longest = max(len(e.ids) for e in encoded)
    if lm.max_length is not None and longest > lm.max_length:
        raise ValueError(
            f"Un prompt ocupa {longest} tokens y el modelo lee a lo sumo {lm.max_length}. Acorta la entrada, o usa "
            "search o PromptClassifier, que la acortan."
        )
