"""Propiedades que cualquier decodificador correcto cumple, con entradas al azar."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.decoding import (
    BeamSearch,
    Greedy,
    MinP,
    NoRepeatNgram,
    RepetitionPenalty,
    Sampling,
    Temperature,
    TopK,
    TopP,
    generate,
)
from tests.tiny import VOCAB, prompt_ids, tiny

seeds = st.integers(0, 10_000)
NOTHING = torch.empty(1, 0, dtype=torch.long)


def logits(seed: int, size: int = 50, scale: float = 3.0) -> torch.Tensor:
    return scale * torch.randn(1, size, generator=torch.Generator().manual_seed(seed))


@settings(max_examples=60, deadline=None)
@given(seed=seeds, p=st.floats(0.01, 0.99))
def test_top_p_keeps_at_least_p_and_nothing_superfluous(seed, p):
    scores = logits(seed)
    kept = TopP(p)(NOTHING, scores).isfinite()
    probs = scores.softmax(-1)
    mass = probs[kept].sum().item()
    assert mass >= p - 1e-6
    assert mass - probs[kept].min().item() < p + 1e-6  # sin el último ya no llegaba
    assert probs[kept].min() >= probs[~kept].max() if (~kept).any() else True


@settings(max_examples=60, deadline=None)
@given(seed=seeds, k=st.integers(1, 60))
def test_top_k_keeps_the_k_best(seed, k):
    scores = logits(seed)
    out = TopK(k)(NOTHING, scores)
    assert out.isfinite().sum() == min(k, 50)
    assert torch.equal(out[out.isfinite()], scores[out.isfinite()])


def test_top_k_keeps_ties():
    out = TopK(2)(NOTHING, torch.tensor([[1.0, 2.0, 2.0, 3.0]]))
    assert out.isfinite().tolist() == [[False, True, True, True]]


@settings(max_examples=60, deadline=None)
@given(seed=seeds, m=st.floats(0.0, 1.0))
def test_min_p_threshold_is_relative_to_the_best(seed, m):
    scores = logits(seed)
    probs = scores.softmax(-1)
    kept = MinP(m)(NOTHING, scores).isfinite()
    assert torch.equal(kept, probs >= m * probs.max())


@settings(max_examples=60, deadline=None)
@given(seed=seeds, low=st.floats(0.1, 1.0), factor=st.floats(1.05, 5.0))
def test_entropy_grows_with_temperature(seed, low, factor):
    scores = logits(seed).double()

    def entropy(t):
        return torch.special.entr(Temperature(t)(NOTHING, scores).softmax(-1)).sum().item()

    assert entropy(low) <= entropy(low * factor) + 1e-9


@settings(max_examples=40, deadline=None)
@given(seed=seeds)
def test_filters_match_transformers(seed):
    from transformers import generation as hf

    scores, ids = (
        logits(seed),
        torch.randint(0, 50, (1, 9), generator=torch.Generator().manual_seed(seed)),
    )
    pairs = [
        (RepetitionPenalty(1.3), hf.RepetitionPenaltyLogitsProcessor(1.3)),
        (NoRepeatNgram(2), hf.NoRepeatNGramLogitsProcessor(2)),
        (Temperature(0.7), hf.TemperatureLogitsWarper(0.7)),
        (TopK(7), hf.TopKLogitsWarper(7)),
        (TopP(0.8), hf.TopPLogitsWarper(0.8)),
        (MinP(0.1), hf.MinPLogitsWarper(0.1)),
    ]
    before = scores.clone()
    for ours, theirs in pairs:
        assert torch.equal(ours(ids, scores), theirs(ids, scores.clone())), ours
    assert torch.equal(scores, before), "un filtro modificó lo que recibió"


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 200))
def test_cold_sampling_is_greedy(seed):
    lm, ids = tiny("llama"), prompt_ids(seed, 4)
    cold = generate(lm, ids, Sampling(temperature=1e-4), max_new_tokens=8, seed=seed, trace=None)
    one = generate(lm, ids, Sampling(top_k=1), max_new_tokens=8, seed=seed, trace=None)
    greedy = generate(lm, ids, Greedy(), max_new_tokens=8, trace=None)
    assert cold.token_ids == one.token_ids == greedy.token_ids


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 200))
def test_one_beam_is_greedy(seed):
    lm, ids = tiny("qwen2"), prompt_ids(seed, 4)
    assert (
        generate(lm, ids, BeamSearch(num_beams=1), max_new_tokens=8).token_ids
        == generate(lm, ids, Greedy(), max_new_tokens=8).token_ids
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("length_penalty", [0.0, 1.0])
def test_a_beam_as_wide_as_the_tree_is_exhaustive_search(seed, length_penalty):
    lm, ids, n = tiny("llama", seed=seed), prompt_ids(seed, 3), 2
    beam = BeamSearch(num_beams=VOCAB, length_penalty=length_penalty, early_stopping="never")
    found = generate(lm, ids, beam, max_new_tokens=n, trace=None).sequences[0]
    first = lm.prefill(torch.tensor([ids])).logits.log_softmax(-1)[0]
    best = (-math.inf, None)
    for a in range(VOCAB):
        if a in lm.eos_token_ids:
            best = max(best, (first[a].item(), (a,)))
            continue
        second = lm.prefill(torch.tensor([[*ids, a]])).logits.log_softmax(-1)[0]
        score, b = ((first[a] + second) / n**length_penalty).max(dim=-1)
        best = max(best, (score.item(), (a, b.item())))
    assert found.token_ids == best[1]
    assert found.score == pytest.approx(best[0], abs=1e-5)


def test_sampled_frequencies_follow_the_probabilities():
    """χ² con 2000 sorteos; el umbral deja pasar a 1 de cada 10 000 decodificadores correctos."""
    from scipy.stats import chi2

    lm, ids, n = tiny("llama"), [5, 6, 7], 2000
    strategy = Sampling(temperature=1.3, top_k=8, num_return_sequences=n)
    generation = generate(lm, ids, strategy, max_new_tokens=1, seed=0)
    scores = lm.prefill(torch.tensor([ids])).logits
    for f in strategy.filters():
        scores = f(torch.tensor([ids]), scores)
    expected = n * scores.softmax(-1)[0]
    counts = torch.bincount(
        torch.tensor([s.token_ids[0] for s in generation.sequences]), minlength=VOCAB
    )
    assert counts[expected == 0].sum() == 0
    alive = expected > 0
    statistic = ((counts[alive] - expected[alive]) ** 2 / expected[alive]).sum().item()
    assert statistic < chi2.ppf(1 - 1e-4, int(alive.sum()) - 1)


# --- semillas, traza y resultado ---


def test_the_global_generator_is_untouched():
    lm = tiny("llama")
    torch.manual_seed(7)
    before = torch.get_rng_state()
    generate(lm, [5, 6], Sampling(), max_new_tokens=5, seed=1)
    generate(lm, [5, 6], Sampling(), max_new_tokens=5)
    assert torch.equal(before, torch.get_rng_state())


def test_same_seed_same_text_and_no_seed_varies():
    lm = tiny("llama")
    runs = [
        generate(lm, [5, 6], Sampling(), max_new_tokens=12, seed=s).token_ids for s in (1, 1, 2)
    ]
    assert runs[0] == runs[1] != runs[2]
    assert (
        len({generate(lm, [5, 6], Sampling(), max_new_tokens=12).token_ids for _ in range(5)}) > 1
    )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 500))
def test_the_trace_adds_up(seed):
    lm, ids = tiny("gpt2"), prompt_ids(seed, 4)
    strategy = Sampling(temperature=0.8, top_k=12, top_p=0.9, min_p=0.02, repetition_penalty=1.2)
    generation = generate(lm, ids, strategy, max_new_tokens=6, seed=seed, trace="full")
    for step in generation.steps:
        names = [stage.name for stage in step.stages]
        assert names == ["modelo", "repetition_penalty", "temperature", "top_k", "top_p", "min_p"]
        for before, after in itertools.pairwise(step.stages):
            gone = (after.full_probs == 0) & (before.full_probs > 0)
            assert after.mass_removed == pytest.approx(
                before.full_probs[gone].sum().item(), abs=1e-9
            )
            assert after.kept == int((after.full_probs > 0).sum()) <= before.kept
        last = step.stages[-1]
        entropy = torch.special.entr(last.full_probs).sum().item() / math.log(2)
        assert last.entropy == pytest.approx(entropy, abs=1e-9)
        assert last.full_probs[step.token_id].item() == pytest.approx(step.prob, rel=1e-4)
        order = step.stages[0].full_probs.argsort(descending=True).tolist()
        assert order.index(step.token_id) + 1 == step.rank
    assert generation.sequences[0].sum_logprob == pytest.approx(
        sum(math.log(s.prob) for s in generation.steps), abs=1e-4
    )


def test_beam_trace_tells_the_whole_story():
    lm = tiny("llama")
    generation = generate(lm, prompt_ids(13, 12), BeamSearch(num_beams=3), max_new_tokens=8)
    alive = [()]
    for step in generation.steps:
        assert len(step.candidates) == 6 or step.position == 0
        sums = [c.sum_logprob for c in step.candidates]
        assert sums == sorted(sums, reverse=True)
        for c in step.candidates:
            assert c.ids[:-1] == alive[c.parent] and c.ids[-1] == c.token_id
        alive = [c.ids for c in step.candidates if c.status == "kept"]
        assert len(alive) <= 3
    winner = generation.sequences[0]
    finished = [c for s in generation.steps for c in s.candidates if c.status == "finished"]
    assert winner.token_ids in [c.ids for c in finished]
    assert winner.score == pytest.approx(winner.sum_logprob / len(winner.token_ids), abs=1e-6)


def test_no_trace_no_steps_same_text():
    lm = tiny("llama")
    for strategy in (Greedy(), Sampling(), BeamSearch()):
        a = generate(lm, [5, 6], strategy, max_new_tokens=6, seed=3, trace=None)
        b = generate(lm, [5, 6], strategy, max_new_tokens=6, seed=3, trace="top")
        assert a.token_ids == b.token_ids and not a.steps and b.steps
        assert len(a.to_frame()) or isinstance(strategy, BeamSearch)
        assert len(b.to_frame())


def test_html_escapes_what_the_model_writes():
    from course_lib.decoding import Sequence

    sequence = Sequence("<b>", (1,), ("<script>",), (-0.1,), (-0.1,), -0.1, -0.1, "length")
    assert "<script>" not in sequence._repr_html_()


@pytest.mark.models
def test_text_ids_and_lists_agree(gemma):
    text = "El río nace en"
    alone = generate(gemma, text, max_new_tokens=6)
    by_ids = generate(gemma, gemma.encode(text), max_new_tokens=6)
    listed = generate(gemma, [text, "La casa"], max_new_tokens=6)
    assert alone.token_ids == by_ids.token_ids == listed[0].token_ids and len(listed) == 2
    assert gemma.decode(gemma.encode(text) + list(alone.token_ids)) == text + alone.text


# --- errores ---

BAD = [
    (lambda: Sampling(temperature=0), "mayor que 0"),
    (lambda: Sampling(temperature=-1.0), "mayor que 0"),
    (lambda: Sampling(temperature=float("nan")), "temperature"),
    (lambda: Sampling(top_p=0.0), r"\(0, 1\]"),
    (lambda: Sampling(top_p=1.1), r"\(0, 1\]"),
    (lambda: Sampling(top_k=-1), "desde 0"),
    (lambda: Sampling(min_p=2), r"\[0, 1\]"),
    (lambda: Sampling(num_return_sequences=0), "desde 1"),
    (lambda: BeamSearch(num_beams=0), "desde 1"),
    (lambda: BeamSearch(num_beams=2, num_return_sequences=3), "solo hay tantas"),
    (lambda: BeamSearch(early_stopping="nunca"), "never"),
    (lambda: Greedy(repetition_penalty=0), "mayor que 0"),
    (lambda: Greedy(no_repeat_ngram_size=-2), "desde 0"),
    (lambda: generate(tiny(), [], max_new_tokens=3), "vacío"),
    (lambda: generate(tiny(), [5] * 127, max_new_tokens=3), "como máximo 1"),
    (lambda: generate(tiny(), [VOCAB]), "fuera del vocabulario"),
    (lambda: generate(tiny(), [5], max_new_tokens=0), "desde 1"),
    (lambda: generate(tiny(), [5], trace="todo"), "trace"),
    (lambda: generate(tiny(), "hola"), "no tiene tokenizer"),
    (
        lambda: generate(tiny(eos=None), [5], Sampling(no_repeat_ngram_size=1), max_new_tokens=60),
        "todos los tokens",
    ),
]


@pytest.mark.parametrize(("call", "message"), BAD, ids=[m for _, m in BAD])
def test_bad_values_teach(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    "call",
    [
        lambda: Sampling(temperature="1"),
        lambda: BeamSearch(num_beams=2.0),
        lambda: generate(tiny(), [5], "greedy"),
    ],
)
def test_bad_types_teach(call):
    with pytest.raises(TypeError):
        call()
