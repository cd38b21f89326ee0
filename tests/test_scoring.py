"""La log-probabilidad del curso es la que se calcula a mano con los logits de transformers."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.scoring import encode_pair, loglikelihood, loglikelihoods, score_ids
from tests.tiny import CONFIGS, VOCAB, tiny

ids = st.lists(st.integers(4, VOCAB - 1), min_size=1, max_size=12)


def by_hand(lm, context: list[int], continuation: list[int]) -> torch.Tensor:
    """log P de cada token de la continuación, con una sola pasada sin caché."""
    logits = lm.model(torch.tensor([context + continuation])).logits[0].float()
    logprobs = logits.log_softmax(dim=-1)[len(context) - 1 : -1]
    return logprobs[torch.arange(len(continuation)), torch.tensor(continuation)]


@pytest.mark.parametrize("architecture", sorted(CONFIGS))
@settings(max_examples=25, deadline=None)
@given(
    pairs=st.lists(
        st.tuples(st.sampled_from([[5, 6, 7], [5, 6, 8, 9]]) | ids, ids), min_size=1, max_size=6
    )
)
def test_equals_cross_entropy_of_transformers(architecture, pairs):
    lm = tiny(architecture)
    for (context, continuation), score in zip(pairs, score_ids(lm, pairs), strict=True):
        expected = by_hand(lm, context, continuation)
        torch.testing.assert_close(
            torch.tensor(score.token_logprobs), expected.float(), atol=1e-5, rtol=1e-5
        )
        assert score.sum_logprob == pytest.approx(expected.sum().item(), abs=1e-4)
        assert score.token_ids == tuple(continuation)


def test_long_shared_prefix_is_read_once():
    lm = tiny("gemma3")
    prefix = [4 + i % 30 for i in range(40)]
    pairs = [([*prefix, 5], [6, 7]), ([*prefix, 9, 9], [6]), ([*prefix], [8, 8, 8])]
    read = []
    prefill, step = lm.prefill, lm.step
    try:
        lm.prefill = lambda x=None, **k: read.append(x.numel()) or prefill(x, **k)
        lm.step = lambda x, s: read.append(x.numel()) or step(x, s)
        scores = score_ids(lm, pairs)
    finally:
        del lm.prefill, lm.step
    assert sum(read) < 40 + 12
    for (context, continuation), score in zip(pairs, scores, strict=True):
        assert score.sum_logprob == pytest.approx(
            by_hand(lm, context, continuation).sum().item(), abs=1e-4
        )


def test_chunks_of_logits_do_not_change_the_result(monkeypatch):
    lm = tiny("llama")
    pairs = [([5, 6], [7 + i % 20 for i in range(30)]), ([5, 6], [9, 8])]
    whole = score_ids(lm, pairs)
    monkeypatch.setattr("course_lib.scoring._LOGITS_BUDGET", VOCAB * 3)
    parts = score_ids(lm, pairs)
    for a, b in zip(whole, parts, strict=True):
        assert a.token_logprobs == pytest.approx(b.token_logprobs, abs=1e-6)


def test_is_greedy_is_what_greedy_writes():
    from course_lib.decoding import generate

    lm = tiny("llama", eos=None)
    written = list(generate(lm, [5, 6, 7], max_new_tokens=4).token_ids)
    other = [written[0], (written[1] + 1) % VOCAB]
    assert [s.is_greedy for s in score_ids(lm, [([5, 6, 7], written), ([5, 6, 7], other)])] == [
        True,
        False,
    ]


@pytest.mark.models
def test_trailing_space_belongs_to_the_continuation(gemma):
    a = loglikelihood(gemma, "La capital de Perú es", " Lima")
    b = loglikelihood(gemma, "La capital de Perú es ", "Lima")
    assert a.token_ids == b.token_ids
    assert a.sum_logprob == pytest.approx(b.sum_logprob, abs=1e-5)


@pytest.mark.models
def test_empty_context_uses_bos(gemma, smollm):
    for lm in (gemma, smollm):
        context, continuation = encode_pair(lm, "", "Hola")
        assert context == [lm.bos_token_id] and lm.bos_token_id not in continuation
        assert math.isfinite(loglikelihood(lm, "", "Hola").sum_logprob)


@pytest.mark.models
def test_chain_rule_over_a_split_word(gemma):
    """«bacán» son dos tokens: su probabilidad es el producto, y coincide con la de transformers."""
    context = "Amé esa película. En general la película me pareció"
    score = loglikelihood(gemma, context, " bacán")
    assert len(score.tokens) == 2
    expected = by_hand(gemma, gemma.encode(context), list(score.token_ids))
    torch.testing.assert_close(torch.tensor(score.token_logprobs), expected, atol=1e-4, rtol=1e-4)


def test_errors_teach(request):
    lm = tiny("llama")
    with pytest.raises(ValueError, match="continuación está vacía"):
        loglikelihood(lm, "a", "")
    with pytest.raises(ValueError, match="no tiene tokenizer"):
        loglikelihoods(lm, [("a", "b")])
