"""Las medidas son las que dicen: comparadas con una pasada de transformers, sin caché ni lotes."""

from __future__ import annotations

import math

import pytest
import torch

from course_lib.abilities import answer_logprob, exact_match, token_accuracy
from course_lib.abilities import measures as module
from course_lib.metrics import bootstrap_interval, wilson_interval

PROMPTS = ["Entrada: buena\nSalida:", "Entrada: mala\nSalida:", "Entrada: la película\nSalida:\n"]
ANSWERS = ["positivo", "negativo", "la película"]


def by_hand(lm, prompt: str, answer: str) -> tuple[float, list[bool]]:
    gap = "" if prompt.endswith("\n") else " "
    context, whole = lm.encode(prompt), lm.encode(prompt + gap + answer)
    assert whole[: len(context)] == context
    logprobs = lm.model(torch.tensor([whole])).logits[0].log_softmax(-1)
    where = range(len(context), len(whole))
    hits = [logprobs[t - 1].argmax().item() == whole[t] for t in where]
    return sum(logprobs[t - 1, whole[t]].item() for t in where), hits


def test_smooth_measures_against_transformers(lm):
    one = [by_hand(lm, p, a) for p, a in zip(PROMPTS, ANSWERS, strict=True)]
    found = answer_logprob(lm, PROMPTS, ANSWERS)
    assert found.values == pytest.approx([total for total, _ in one], abs=1e-4)
    assert found.n == 3 and found.value in found.interval
    lengths = [len(hits) for _, hits in one]
    assert found.chance == pytest.approx(-sum(lengths) / 3 * math.log(lm.vocab_size))
    tokens = token_accuracy(lm, PROMPTS, ANSWERS)
    assert tokens.values == tuple(sum(hits) / len(hits) for _, hits in one)
    assert tokens.chance == 1 / lm.vocab_size
    assert tokens.interval == bootstrap_interval(tokens.values)


def test_blocks_change_nothing(lm, monkeypatch):
    whole = answer_logprob(lm, PROMPTS, ANSWERS).values
    monkeypatch.setattr(module, "_BLOCK", 2)
    assert answer_logprob(lm, PROMPTS, ANSWERS).values == pytest.approx(whole, abs=1e-5)


def test_exact_match():
    found = exact_match(["Lima.", None, "quito", "1.000"], ["lima", "x", "Bogotá", "1000"], 0.25)
    assert found.values == (1, 0, 0, 1) and found.value == 0.5 and found.chance == 0.25
    assert found.interval == wilson_interval(2, 4)
    assert repr(found) == f"exactitud 0.50, intervalo del 95 % {found.interval}, n = 4, azar 0.25"


@pytest.mark.parametrize(("found", "answers"), [([], []), (["a"], ["a", "b"]), (["a"], [])])
def test_lengths_that_do_not_match_teach(lm, found, answers):
    for call in (exact_match, lambda f, a: answer_logprob(lm, f, a)):
        with pytest.raises(ValueError, match=f"Hay {len(found)} casos y {len(answers)} respuestas"):
            call(found, answers)
