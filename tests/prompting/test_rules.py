"""Los puntajes y agregados son valores: un nombre se rechaza diciendo qué escribir; una función sirve."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError, dataclass

import pytest

from course_lib.prompting import (
    AGGREGATES,
    SCORES,
    MaxOf,
    MeanOf,
    PerByte,
    PerChar,
    PerToken,
    Pmi,
    PromptClassifier,
    Sum,
    SumOf,
    Template,
    Verbalizer,
    search,
)

from .conftest import make_lm

TEMPLATE = Template("[X]. En general la película me pareció [Z].")
ANSWERS = ["buena", "mala", "terrible"]
TABLE = {"positivo": ["buena", "bacán"], "negativo": ["mala"]}


@pytest.fixture(scope="module")
def found(lm):
    return search(lm, TEMPLATE.fill("Amé esa película"), ANSWERS, Pmi())


def test_each_has_its_short_name():
    assert {name: type(rule) for name, rule in SCORES.items()} == {
        "sum": Sum,
        "token": PerToken,
        "char": PerChar,
        "byte": PerByte,
        "pmi": Pmi,
    }
    assert {name: type(rule) for name, rule in AGGREGATES.items()} == {
        "sum": SumOf,
        "mean": MeanOf,
        "max": MaxOf,
    }
    assert all(rule.name == name for known in (SCORES, AGGREGATES) for name, rule in known.items())


@pytest.mark.parametrize("rule", [*SCORES.values(), *AGGREGATES.values()], ids=repr)
def test_they_are_values(rule):
    again = type(rule)()
    assert rule == again and hash(rule) == hash(again) and repr(rule) == f"{type(rule).__name__}()"
    with pytest.raises(FrozenInstanceError):
        rule.other = 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("pmi", r"Pmi\(\)"), ("char", r"PerChar\(\)"), ("PMI", r"Pmi\(\)"), ("Sum()", r"Sum\(\)")],
)
def test_the_name_of_a_score_says_which_value_to_write(lm, found, name, value):
    message = rf"es un nombre, y aquí va un valor: escribe score={value}"
    with pytest.raises(TypeError, match=message):
        search(lm, found.prompt, ANSWERS, score=name)
    with pytest.raises(TypeError, match=message):
        found.using(name)
    with pytest.raises(TypeError, match=message):
        PromptClassifier(lm, TEMPLATE, TABLE, score=name)


@pytest.mark.parametrize(("name", "value"), [("mean", r"MeanOf\(\)"), ("MaxOf", r"MaxOf\(\)")])
def test_the_name_of_an_aggregate_says_which_value_to_write(lm, name, value):
    message = rf"es un nombre, y aquí va un valor: escribe aggregate={value}"
    with pytest.raises(TypeError, match=message):
        PromptClassifier(lm, TEMPLATE, TABLE, aggregate=name)
    with pytest.raises(TypeError, match=message):
        Verbalizer(TABLE).label_probs({"buena": 0.5, "bacán": 0.1, "mala": 0.4}, name)


def test_what_is_not_a_rule_teaches(lm, found):
    with pytest.raises(TypeError, match=r"score=Pmi es una clase.*escribe score=Pmi\(\)"):
        found.using(Pmi)
    with pytest.raises(TypeError, match=r"No existe score=3.*Sum\(\), PerToken\(\).*función tuya"):
        found.using(3)
    with pytest.raises(TypeError, match="No existe aggregate=None"):
        PromptClassifier(lm, TEMPLATE, TABLE, aggregate=None)
    with pytest.raises(TypeError, match="calibrate es True o False; llegó 'no'"):
        PromptClassifier(lm, TEMPLATE, TABLE, calibrate="no")


def per_root(m):
    """Un puntaje propio: entre la suma y la media por token."""
    return m.sum_logprob / math.sqrt(m.n_tokens)


def test_an_own_function_is_a_score(lm, found):
    own = search(lm, found.prompt, ANSWERS, per_root)
    assert own.scores == {m.answer: m.sum_logprob / math.sqrt(m.n_tokens) for m in own.measures}
    assert own.best == max(own.scores, key=own.scores.get)
    assert repr(own).startswith("AnswerSearch(per_root: ")
    assert all(m.prior is None for m in own.measures)  # nadie pidió la entrada vacía
    classifier = PromptClassifier(lm, TEMPLATE, TABLE, score=per_root, aggregate=max)
    assert "score=per_root, aggregate=max" in repr(classifier)
    prediction = classifier.predict("Bien")
    expected = search(lm, classifier.prompt("Bien"), ["buena", "bacán", "mala"], per_root)
    assert prediction.answer_scores == pytest.approx(expected.scores)
    best = {"positivo": max(expected.probs["buena"], expected.probs["bacán"])}
    best["negativo"] = expected.probs["mala"]
    total = sum(best.values())
    assert prediction.label_probs == pytest.approx({k: p / total for k, p in best.items()})


@dataclass(frozen=True)
class HalfPmi:
    """Un puntaje propio que necesita la entrada vacía, escrito como los del curso."""

    weight: float = 0.5
    needs_prior = True

    def __call__(self, m):
        return m.sum_logprob - self.weight * m.prior


def test_an_own_score_may_need_the_prior(lm, found):
    own = search(lm, found.prompt, ANSWERS, HalfPmi(0.25))
    for m in own.measures:
        assert own.scores[m.answer] == pytest.approx(m.sum_logprob - 0.25 * m.prior)
    assert "HalfPmi(weight=0.25)" in repr(own)
    classifier = PromptClassifier(lm, TEMPLATE, TABLE, score=HalfPmi(), calibrate=True)
    assert sum(classifier.predict("Bien").label_probs.values()) == pytest.approx(1)


def test_own_functions_are_checked(found):
    with pytest.raises(TypeError, match=r"<lambda> debe devolver un número y devolvió None"):
        _ = found.using(lambda m: None).scores
    with pytest.raises(ValueError, match=r"<lambda> dio nan con Measure\('buena'"):
        _ = found.using(lambda m: math.nan).best
    probs = {"buena": 0.5, "bacán": 0.1, "mala": 0.4}
    with pytest.raises(ValueError, match="ninguna debe ser negativa"):
        Verbalizer(TABLE).label_probs(probs, lambda p: p[0] - 0.42)
    with pytest.raises(ValueError, match=r"SumOf\(\) dio .*alguna debe ser mayor que 0"):
        Verbalizer(TABLE).label_probs(dict.fromkeys(probs, 0.0))
    with pytest.raises(ValueError, match="Falta la probabilidad de «bacán»"):
        Verbalizer(TABLE).label_probs({"buena": 0.5, "mala": 0.5})


def test_nan_from_the_model_is_an_error():
    lm = make_lm(seed=1)
    lm.model.lm_head.weight.data[:] = math.nan
    with pytest.raises(ValueError, match="nan"):
        _ = search(lm, TEMPLATE.fill("Bien"), ANSWERS).best
    for options in ({}, {"calibrate": True}, {"score": Pmi()}, {"score": PerChar()}):
        with pytest.raises(ValueError, match="nan"):
            PromptClassifier(lm, TEMPLATE, TABLE, **options).predict("Bien")
