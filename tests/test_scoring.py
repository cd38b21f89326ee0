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
    assert lm.mixes_lengths  # lo averigua leyendo ocho tokens, una vez por modelo
    prefix = [4 + i % 30 for i in range(40)]
    pairs = [([*prefix, 5], [6, 7]), ([*prefix, 9, 9], [6]), ([*prefix], [8, 8, 8])]
    read = []
    prefill, step, advance = lm.prefill, lm.step, lm.advance
    try:
        lm.prefill = lambda x=None, **k: read.append(x.numel()) or prefill(x, **k)
        lm.step = lambda x, s: read.append(x.numel()) or step(x, s)
        lm.advance = lambda x, s: read.append(x.numel()) or advance(x, s)
        scores = score_ids(lm, pairs)
    finally:
        del lm.prefill, lm.step, lm.advance
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
    whole, part = score_ids(lm, [([5, 6, 7], written), ([5, 6, 7], other)])
    assert (whole.greedy, part.greedy) == ((True,) * 4, (True, False))
    assert (whole.is_greedy, part.is_greedy) == (True, False)


@pytest.mark.models
def test_trailing_space_belongs_to_the_continuation(gemma):
    a = loglikelihood(gemma, "La capital de Perú es", " Lima")
    b = loglikelihood(gemma, "La capital de Perú es ", "Lima")
    assert a.token_ids == b.token_ids
    assert a.sum_logprob == pytest.approx(b.sum_logprob, abs=1e-5)


@pytest.mark.models
def test_empty_context_uses_the_start_token(gemma, smollm):
    for lm in (gemma, smollm):
        context, continuation = encode_pair(lm, "", "Hola")
        assert context == [lm.start_token_id] and lm.start_token_id not in continuation
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


# --- la frontera entre contexto y continuación ----------------------------------------------------


@pytest.mark.models
@pytest.mark.parametrize(
    ("context", "continuation"),
    [
        ("Los niñ", "os"),
        ("Los niñ", "os juegan en el parque"),
        ("hello wor", "ld!"),
        ("Hola\n\n", "\nmundo"),
        ("La capital de Chile es", " Santiago"),
        ("1 + 1 =", "2"),
        ("x", "😀"),
    ],
)
def test_a_token_across_the_boundary_is_scored_by_parts(gemma, smollm, context, continuation):
    """Nada de la continuación se pierde y nada del contexto se puntúa, en dos tokenizers distintos."""
    for lm in (gemma, smollm):
        before, after = encode_pair(lm, context, continuation)
        assert lm.decode(before) == context and lm.decode(after) == continuation
        score = loglikelihood(lm, context, continuation)
        torch.testing.assert_close(
            torch.tensor(score.token_logprobs), by_hand(lm, before, after), atol=1e-3, rtol=1e-3
        )


@pytest.mark.models
def test_the_score_of_a_cut_word(gemma):
    assert loglikelihood(gemma, "hello wor", "ld!").sum_logprob == pytest.approx(-9.03, abs=0.01)


@pytest.mark.models
def test_one_bad_pair_does_not_change_the_others(gemma):
    alone = loglikelihood(gemma, "El sol sale por el", " este")
    listed = loglikelihoods(gemma, [("Los niñ", "os"), ("El sol sale por el", " este")])
    assert listed[1].sum_logprob == pytest.approx(alone.sum_logprob, abs=1e-3)


class Appends:
    """Un tokenizer que cierra todo texto con EOS, como el de T5."""

    def __init__(self, tokenizer, eos: int):
        self._tokenizer, self._eos = tokenizer, eos

    def __getattr__(self, name):
        return getattr(self._tokenizer, name)

    def __call__(self, text, **options):
        encoded = self._tokenizer(text, **options)
        encoded["input_ids"] = [*encoded["input_ids"], self._eos]
        encoded["offset_mapping"] = [*encoded["offset_mapping"], (0, 0)]
        return encoded


@pytest.mark.models
def test_an_appended_eos_is_not_scored(smollm):
    from course_lib.models import LanguageModel

    lm = LanguageModel(smollm.model, Appends(smollm.tokenizer, eos=2))
    assert encode_pair(lm, "El sol", " sale") == encode_pair(smollm, "El sol", " sale")


def test_a_cut_context_keeps_its_bos():
    lm = tiny("llama")  # lee 128 tokens
    long, answer = [lm.bos_token_id, *[4 + i % 30 for i in range(200)]], [7, 8, 9]
    from course_lib.scoring import _fit

    context, continuation = _fit(lm, long, answer)
    assert context[0] == lm.bos_token_id and context[1:] == long[-len(context) + 1 :]
    assert len(context) + len(continuation) - 1 == lm.max_length
    assert _fit(lm, long[1:], answer)[0] == long[-len(context) :]  # sin BOS no se inventa uno


@pytest.mark.models
def test_where_a_text_begins(gemma, smollm):
    """SmolLM2 abre sus turnos con BOS: un texto suelto empieza tras el separador de documentos."""
    assert gemma.token_strings([gemma.start_token_id]) == ["<bos>"]
    assert smollm.token_strings([smollm.bos_token_id]) == ["<|im_start|>"]
    assert smollm.token_strings([smollm.start_token_id]) == ["<|endoftext|>"]


def test_a_model_without_beginning_or_end_says_so():
    lm = tiny("llama", eos=None)
    lm = type(lm)(lm.model)
    lm.model.generation_config.bos_token_id, before = None, lm.model.generation_config.bos_token_id
    try:
        with pytest.raises(ValueError, match="no tiene BOS ni EOS"):
            _ = lm.start_token_id
    finally:
        lm.model.generation_config.bos_token_id = before


@pytest.mark.parametrize("architecture", sorted(CONFIGS))
def test_contexts_of_mixed_length_next_to_the_limit(architecture):
    """Un contexto que llena el modelo se lee junto a uno corto con una continuación larga."""
    lm = tiny(architecture)
    pairs = [
        ([4 + i % 30 for i in range(126)], [5, 6]),
        ([7, 8], [4 + i % 20 for i in range(60)]),
        ([9], [5]),
    ]
    for (context, continuation), score in zip(pairs, score_ids(lm, pairs), strict=True):
        assert score.sum_logprob == pytest.approx(
            by_hand(lm, context, continuation).sum().item(), abs=1e-3
        )


def test_batches_of_contexts_fit_in_memory(monkeypatch):
    from course_lib.models import batching

    lm, sizes = tiny("llama"), []
    pairs = [([4 + (i + j) % 30 for j in range(40)], [5, 6]) for i in range(30)]
    whole = score_ids(lm, pairs)
    monkeypatch.setattr(batching, "MEMORY", 5 * (lm.bytes_per_token * 42 + 16 * VOCAB))
    prefill = lm.prefill
    try:
        lm.prefill = lambda x, **k: sizes.append(len(x)) or prefill(x, **k)
        parts = score_ids(lm, pairs)
    finally:
        del lm.prefill
    assert max(sizes) == 5 and sum(sizes) == 30
    for a, b in zip(whole, parts, strict=True):
        assert a.token_logprobs == pytest.approx(b.token_logprobs, abs=1e-5)


@pytest.mark.parametrize("pair", [([], [5]), ([5], [])])
def test_empty_ids_teach(pair):
    with pytest.raises(ValueError, match="al menos un id"):
        score_ids(tiny("llama"), [pair])


def test_nothing_to_score():
    assert score_ids(tiny("llama"), []) == [] == loglikelihoods(tiny("llama"), [])
