"""Entradas que alguna vez dieron un número equivocado o un error en inglés: lo correcto, o un error que enseña."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from course_lib.decoding import BeamSearch, Greedy, Sampling, generate
from course_lib.models import LanguageModel
from course_lib.scoring import loglikelihood, score_ids
from tests.tiny import VOCAB, prompt_ids, tiny

IDS = [5, 6, 7]


def spoiled(value: float) -> LanguageModel:
    """Un modelo que pasa la revisión al envolverlo y después da `value` en un logit."""
    lm = LanguageModel(copy.deepcopy(tiny("llama").model))
    forward = lm.model.forward

    def broken(*args, **kwargs):
        output = forward(*args, **kwargs)
        output.logits[..., 7] = value
        return output

    lm.model.forward = broken
    return lm


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize(
    "use",
    [
        lambda lm: generate(lm, IDS, Greedy()),
        lambda lm: generate(lm, IDS, Sampling(top_k=3, top_p=0.5)),
        lambda lm: generate(lm, IDS, BeamSearch()),
        lambda lm: score_ids(lm, [(IDS, [8, 9])]),
    ],
    ids=["voraz", "muestreo", "haces", "puntuar"],
)
def test_logits_that_are_not_numbers(value, use):
    with pytest.raises(ValueError, match=r"no son números.*dtype='float32'"):
        use(spoiled(value))


@pytest.mark.parametrize(
    "strategy",
    [Greedy(), Sampling(), BeamSearch(num_beams=1), BeamSearch(num_beams=3)],
    ids=["voraz", "muestreo", "un haz", "tres haces"],
)
def test_when_filters_leave_nothing(strategy, monkeypatch):
    """Antes, la búsqueda voraz escribía el token 0 y la de haces moría con IndexError."""

    def everything_banned(_ids, scores):
        return torch.full_like(scores, float("-inf"))

    everything_banned.name = "nada"
    monkeypatch.setattr(type(strategy), "filters", lambda self: [everything_banned])
    with pytest.raises(ValueError, match="quitaron todos los tokens"):
        generate(tiny("llama"), IDS, strategy, max_new_tokens=4)


def test_some_beams_without_candidates_are_dropped():
    """Con casi todo prohibido quedan menos candidatas que haces: se sigue con las que hay."""
    lm = tiny("llama", eos=None)
    found = generate(
        lm, IDS, BeamSearch(num_beams=4, no_repeat_ngram_size=1), max_new_tokens=VOCAB - 4
    )
    assert len(set(found.token_ids)) == len(found.token_ids) == VOCAB - 4


def test_a_temperature_too_close_to_zero_says_so():
    with pytest.raises(ValueError, match=r"temperatura tan cercana a 0.*Greedy"):
        generate(tiny("llama"), IDS, Sampling(temperature=1e-38, top_k=5), max_new_tokens=2)


@pytest.mark.parametrize(
    "prompt",
    [
        [5.0, 6.0],
        np.array([5.0, 6.0]),
        torch.tensor([5.0, 6.0]),
        [5, 6.5],
        [True, False],
        [5, None],
        {"input_ids": [5]},
        5,
        None,
    ],
    ids=str,
)
def test_what_is_not_ids_is_refused(prompt):
    with pytest.raises((TypeError, ValueError), match="ids"):
        generate(tiny("llama"), prompt, max_new_tokens=2)


@pytest.mark.parametrize(
    "prompt",
    [
        np.array(IDS),
        tuple(IDS),
        torch.tensor(IDS),
        torch.tensor(IDS, dtype=torch.int32),
        np.array(IDS, dtype=np.uint8),
        [np.int64(i) for i in IDS],
    ],
)
def test_ids_in_any_container(prompt):
    expected = generate(tiny("llama"), IDS, max_new_tokens=5).token_ids
    assert generate(tiny("llama"), prompt, max_new_tokens=5).token_ids == expected


def test_numpy_numbers_are_numbers():
    lm = tiny("llama")
    strategy = Sampling(temperature=np.float64(0.7), top_k=np.int64(5), top_p=np.float32(0.5))
    a = generate(lm, IDS, strategy, max_new_tokens=np.int64(4), seed=1)
    b = generate(lm, IDS, Sampling(temperature=0.7, top_k=5, top_p=0.5), max_new_tokens=4, seed=1)
    assert a.token_ids == b.token_ids


@pytest.mark.parametrize("value", [True, 2.0, "4", None, np.float64(4)], ids=str)
def test_max_new_tokens_is_a_whole_number(value):
    with pytest.raises(ValueError, match="entero desde 1"):
        generate(tiny("llama"), IDS, max_new_tokens=value)


@pytest.mark.parametrize("value", [1, 0, np.True_, 1.0, "True", None], ids=repr)
def test_early_stopping_is_one_of_three(value):
    with pytest.raises(ValueError, match="early_stopping"):
        BeamSearch(early_stopping=value)


@pytest.mark.parametrize("value", [1e6, -1e6, 51, float("inf")])
def test_a_huge_length_penalty_is_refused(value):
    with pytest.raises(ValueError, match="length_penalty"):
        BeamSearch(length_penalty=value)
    for allowed in (-50.0, 50.0):
        BeamSearch(length_penalty=allowed)


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float16, torch.float64])
def test_the_default_dtype_changes_nothing(kind):
    strategies = [BeamSearch(num_beams=k, num_return_sequences=k) for k in (2, 3, 6)]
    strategies += [Greedy(), Sampling(top_p=0.9, min_p=0.01, num_return_sequences=2)]
    lm, prompts = tiny("gemma3"), [prompt_ids(i, 4) for i in range(12)]

    def everything():
        return [
            [(s.token_ids, s.score) for s in g.sequences]
            for strategy in strategies
            for g in generate(lm, prompts, strategy, max_new_tokens=8, seed=3)
        ]

    before, expected = torch.get_default_dtype(), everything()
    try:
        torch.set_default_dtype(kind)
        assert everything() == expected
    finally:
        torch.set_default_dtype(before)


def test_embeddings_of_another_width_are_refused():
    with pytest.raises(ValueError, match=r"\(T, 32\)"):
        generate(tiny("llama"), torch.zeros(4, 7), max_new_tokens=2)


@pytest.mark.parametrize("seed", ["1", 1.5, [1]], ids=repr)
def test_a_seed_is_a_whole_number(seed):
    with pytest.raises(TypeError, match="seed"):
        generate(tiny("llama"), IDS, Sampling(), max_new_tokens=2, seed=seed)


@pytest.mark.parametrize("pair", [(None, "a"), ("a", None), ("a", b"b"), (["a"], "b")], ids=repr)
def test_only_texts_are_scored(pair):
    with pytest.raises(TypeError, match="son textos"):
        loglikelihood(tiny("llama"), *pair)
