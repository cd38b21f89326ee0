"""Las referencias de los ejercicios son las mismas reglas que usa el decodificador del curso."""

import pytest
import torch
from transformers import LogitsProcessorList
from transformers.generation import logits_process as hf

from course_lib import decoding
from course_lib.decoding import filters
from course_lib.exercises import generation as ej
from tests.tiny import EOS, prompt_ids, tiny

NO_IDS = torch.zeros(1, 0, dtype=torch.long)


def drawn(exercise, seeds=20):
    for seed in range(seeds):
        yield from exercise.cases(torch.Generator().manual_seed(seed))


def assert_same(ours, other):
    assert torch.equal(ours.isinf(), other.isinf()), "el conjunto de tokens conservados difiere"
    assert torch.allclose(ours, other, atol=1e-6)


@pytest.mark.parametrize(
    ("exercise", "ours", "theirs"),
    [
        (ej.top_k_filter, filters.TopK, hf.TopKLogitsWarper),
        (ej.top_p_filter, filters.TopP, hf.TopPLogitsWarper),
        (ej.min_p_filter, filters.MinP, hf.MinPLogitsWarper),
    ],
)
def test_filters(exercise, ours, theirs):
    for scores, value in drawn(exercise):
        answer = exercise.reference(scores, value)
        for other in (ours(value)(NO_IDS, scores), theirs(value)(NO_IDS, scores)):
            if not exercise.also_correct(other, scores, value):  # empatan: queda uno u otro
                assert_same(answer, other)


def test_repetition_penalty():
    for ids, scores, penalty in drawn(ej.repetition_penalty):
        answer = ej.repetition_penalty.reference(ids, scores, penalty)
        assert_same(answer, filters.RepetitionPenalty(penalty)(ids, scores))
        assert_same(answer, hf.RepetitionPenaltyLogitsProcessor(penalty)(ids, scores.clone()))


def test_softmax_temperature():
    for logits, temperature in drawn(ej.softmax_temperature):
        answer = ej.softmax_temperature.reference(logits, temperature)
        tempered = filters.Temperature(temperature)(NO_IDS, logits)
        assert torch.allclose(answer, tempered.softmax(-1))
        processors = LogitsProcessorList([hf.TemperatureLogitsWarper(temperature)])
        assert torch.allclose(answer, processors(NO_IDS, logits).softmax(-1))


def test_entropy():
    for (probs,) in drawn(ej.entropy_bits):
        theirs = torch.distributions.Categorical(probs=probs).entropy() / torch.tensor(2.0).log()
        assert torch.allclose(ej.entropy_bits.reference(probs), theirs, atol=1e-4)


def test_greedy_search():
    lm = tiny("llama", seed=3)
    for seed in range(5):
        ids = prompt_ids(seed, 4)
        new = ej.greedy_search.reference(
            lambda context: lm.prefill(torch.tensor([context])).logits[0], ids, 12, EOS
        )
        generation = decoding.generate(lm, ids, decoding.Greedy(), max_new_tokens=12)
        assert new == list(generation.token_ids)


@pytest.mark.parametrize("num_beams", [2, 3])
def test_beam_search(num_beams):
    """Sin token de fin y sin normalizar, es la búsqueda del decodificador del curso."""
    lm = tiny("llama", seed=5, eos=())
    for seed in range(3):
        ids = prompt_ids(seed, 3)
        tokens, total = ej.beam_search.reference(
            lambda context: lm.prefill(torch.tensor([context])).logits[0].log_softmax(-1),
            ids, num_beams, 5,
        )  # fmt: skip
        strategy = decoding.BeamSearch(num_beams=num_beams, length_penalty=0.0)
        best = decoding.generate(lm, ids, strategy, max_new_tokens=5).sequences[0]
        assert tokens == list(best.token_ids)
        assert total == pytest.approx(best.sum_logprob, abs=1e-4)


def test_best_hypothesis_uses_the_decoder_score():
    lm = tiny("llama", seed=7)
    ids = prompt_ids(0, 3)
    strategy = decoding.BeamSearch(num_beams=4, length_penalty=0.7, num_return_sequences=4)
    sequences = decoding.generate(lm, ids, strategy, max_new_tokens=8).sequences
    index, score = ej.best_hypothesis.reference(
        [[*ids, *sequence.token_ids] for sequence in sequences],
        [sequence.sum_logprob for sequence in sequences],
        len(ids),
        0.7,
    )
    assert index == 0
    assert score == pytest.approx(sequences[0].score, abs=1e-5)
