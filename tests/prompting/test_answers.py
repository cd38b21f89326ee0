"""Los puntajes son los de transformers, con la regla de la cadena y cada normalización."""

from __future__ import annotations

import math

import pytest

from course_lib.prompting import (
    SCORES,
    PerByte,
    PerChar,
    PerToken,
    Pmi,
    Template,
    encode_prompt,
    measure,
    search,
)
from course_lib.prompting.scores import Measure, softmax

from .conftest import by_hand

ANSWERS = ["buena", "mala", "terrible", "bacán"]
PATTERNS = [
    "[X]. En general la película me pareció [Z].",
    "Reseña: [X]\nLa película es [Z]",
    "[X] Es [Z], o eso dicen todos.",
    "Una película [Z]: [X]",
    "[Z] es lo que digo de: [X]",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_equals_the_cross_entropy_of_transformers(lm, pattern):
    prompts = [Template(pattern).fill(x) for x in ("Amé esa película", "Qué horrible", "Sí")]
    for prompt, row in zip(prompts, measure(lm, prompts, ANSWERS), strict=True):
        for m in row:
            encoded = encode_prompt(lm, prompt.answered(m.answer))
            expected = by_hand(lm, encoded.context, encoded.continuation)
            assert m.sum_logprob == pytest.approx(expected, abs=1e-5)
            assert math.fsum(m.token_logprobs) == pytest.approx(m.sum_logprob)
            assert len(m.tokens) == len(m.sources) == len(m.token_logprobs)


def test_text_after_the_answer_is_scored_too(lm):
    bare = search(lm, Template("[X] Es [Z]").fill("Vi todo"), ANSWERS)
    dotted = search(lm, Template("[X] Es [Z] hoy").fill("Vi todo"), ANSWERS)
    for a, b in zip(bare.measures, dotted.measures, strict=True):
        assert b.sum_logprob < a.sum_logprob
        assert b.token_logprobs[: a.n_tokens] == pytest.approx(a.token_logprobs, abs=1e-6)
        assert b.n_tokens == len(b.token_logprobs) > a.n_tokens
        assert (b.n_chars, b.n_bytes) == (a.n_chars + len(" hoy"), a.n_bytes + len(" hoy"))


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_mean_lies_between_its_terms(lm, pattern):
    """Por token: dividir por el largo de [Z] lo que incluye el texto que sigue la saca de ese rango."""
    for m in search(
        lm, Template(pattern).fill("Amé esa película de principio a fin"), ANSWERS
    ).measures:
        assert min(m.token_logprobs) <= PerToken()(m) <= max(m.token_logprobs)


def test_the_length_is_that_of_the_text_scored(lm):
    """[Z] al comienzo: casi todo lo que se puntúa viene después, y cuenta también en el largo."""
    prompt = Template("Una película [Z]: [X]").fill("Amé al niño")
    for m in search(lm, prompt, ["buena", "bacán"]).measures:
        scored = f"{m.answer}: Amé al niño"
        assert (m.n_chars, m.n_bytes) == (len(scored), len(scored.encode()))
        assert PerChar()(m) == m.sum_logprob / len(scored)
        assert PerByte()(m) == m.sum_logprob / len(scored.encode())


def test_the_prior_is_the_same_template_without_input(lm):
    prompt = Template(PATTERNS[0]).fill("Amé esa película")
    (row,) = measure(lm, [prompt], ANSWERS, prior=True)
    (empty,) = measure(lm, [Template(PATTERNS[0]).fill("")], ANSWERS)
    for m, e in zip(row, empty, strict=True):
        assert m.prior == pytest.approx(e.sum_logprob, abs=1e-6)
        assert Pmi()(m) == pytest.approx(m.sum_logprob - e.sum_logprob, abs=1e-6)


def test_each_score_divides_by_its_own_unit():
    m = Measure("niño", -6.0, ("␣ni", "ño", "."), (-1, -2, -3), ("r", "r", "p"), 3, 5, 6, -8.0)
    found = {name: rule(m) for name, rule in SCORES.items()}
    assert found == {"sum": -6.0, "token": -2.0, "char": -1.2, "byte": -1.0, "pmi": 2.0}


def test_a_letter_may_be_two_bytes(lm):
    (row,) = measure(lm, [Template("[X] Es [Z]").fill("Vi")], ["bacán", "sí"])
    assert [(m.n_chars, m.n_bytes) for m in row] == [(5, 6), (2, 3)]


def test_argmax_rank_and_probabilities_agree(lm):
    found = search(lm, Template(PATTERNS[0]).fill("Amé esa película"), ANSWERS)
    assert found.best == found.ranked[0] == max(found.probs, key=found.probs.get)
    assert sorted(found.ranked) == sorted(ANSWERS)
    assert sum(found.probs.values()) == pytest.approx(1)
    weights = [math.exp(m.sum_logprob) for m in found.measures]
    assert list(found.probs.values()) == pytest.approx([w / sum(weights) for w in weights])
    assert list(found.to_frame()["respuesta"]) == found.ranked


def test_another_score_needs_no_model(lm):
    prompt = Template(PATTERNS[0]).fill("Amé esa película")
    found = search(lm, prompt, ANSWERS, Pmi())
    assert found.using(PerChar()).scores == search(lm, prompt, ANSWERS, PerChar()).scores
    with pytest.raises(ValueError, match="esta medida no la incluye"):
        _ = search(lm, prompt, ANSWERS).using(Pmi()).scores


def test_batches_do_not_change_the_scores(lm):
    texts = ["Amé esa película", "Odié esa película", "Bien", "Mal", "Qué historia tan mala, qué"]
    prompts = [Template(PATTERNS[0]).fill(x) for x in texts]
    together = measure(lm, prompts, ANSWERS)
    for prompt, row in zip(prompts, together, strict=True):
        (alone,) = measure(lm, [prompt], ANSWERS)
        assert [m.sum_logprob for m in row] == pytest.approx(
            [m.sum_logprob for m in alone], abs=1e-5
        )


def test_ties_keep_the_given_order():
    assert softmax({"a": -1000.0, "b": -1000.0}) == {"a": 0.5, "b": 0.5}


@pytest.mark.parametrize(
    "scores", [{}, {"a": math.nan}, {"a": 0.0, "b": math.nan}, {"a": math.inf}, {"a": -math.inf}]
)
def test_softmax_of_what_is_not_a_number_teaches(scores):
    with pytest.raises(ValueError, match="no hay softmax"):
        softmax(scores)
    assert softmax({"a": -math.inf, "b": 0.0}) == {"a": 0.0, "b": 1.0}


def test_wrong_candidates_teach(lm):
    prompt = Template(PATTERNS[0]).fill("Vi")
    with pytest.raises(ValueError, match="No hay candidatas"):
        search(lm, prompt, [])
    with pytest.raises(ValueError, match="«mala» está repetida"):
        search(lm, prompt, ["mala", "mala"])
    with pytest.raises(TypeError, match=r"Escribe \['mala'\]"):
        search(lm, prompt, "mala")
    with pytest.raises(TypeError, match=r"No existe score='suma'.*Sum\(\), PerToken\(\)"):
        search(lm, prompt, ANSWERS, "suma")


@pytest.mark.models
def test_a_two_token_word_follows_the_chain_rule_in_gemma(gemma):
    found = search(gemma, Template(PATTERNS[0]).fill("Amé esa película"), ["buena", "bacán"])
    bacan = found.measures[1]
    assert bacan.tokens == (" bac", "án", ".") and bacan.n_tokens == 3
    encoded = encode_prompt(gemma, found.prompt.answered("bacán"))
    expected = by_hand(gemma, encoded.context, encoded.continuation)
    assert bacan.sum_logprob == pytest.approx(expected, abs=1e-3)
