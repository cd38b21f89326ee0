"""El Transformer del curso tras la puerta común: lo que hace transformers, lo hace igual."""

import pytest
import torch

from course_lib.decoding import BeamSearch, Greedy, Sampling, generate
from course_lib.models import LanguageModel
from course_lib.transformer import TransformerLM
from tests.transformer.llama_pairs import assert_close, tiny_llama

TOLERANCE = 1e-5


@pytest.fixture(params=["agrupada", "una-clave", "como-smollm2"])
def seam(request):
    """(LanguageModel de transformers, TransformerLM) con los mismos pesos."""
    theirs = LanguageModel(tiny_llama(request.param))
    return theirs, TransformerLM.from_lm(theirs)


def test_describes_itself_the_same(seam):
    theirs, ours = seam
    for name in ("device", "dtype", "vocab_size", "max_length", "eos_token_ids", "bos_token_id"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.eos_token_ids == (2,)
    assert "257" in repr(ours)


def test_prefill_and_step(seam, input_ids):
    states = [lm.prefill(input_ids[:, :9]) for lm in seam]
    assert states[0].length == states[1].length == 9
    assert_close(states[1].logits, states[0].logits, TOLERANCE, "prefill")
    for cut in (slice(9, 10), slice(10, 15), slice(15, 21)):
        theirs, ours = (lm.step(input_ids[:, cut], s) for lm, s in zip(seam, states, strict=True))
        assert_close(ours, theirs, TOLERANCE, f"step {cut}")
        assert torch.equal(states[1].logits, ours[:, -1])
        assert states[0].length == states[1].length == cut.stop


def test_prefill_from_embeddings(seam):
    embeds = torch.randn(2, 5, seam[1].model.config.hidden_size)
    theirs, ours = (lm.prefill(inputs_embeds=embeds) for lm in seam)
    assert_close(ours.logits, theirs.logits, TOLERANCE, "prefill desde embeddings")


def test_expand_select_clone(seam, input_ids):
    """Lo que hace la búsqueda por haces con el estado: repetir, reordenar y copiar filas."""
    order, new = torch.tensor([4, 0, 3, 3]), torch.tensor([[5], [6], [7], [8]])
    results, copies = [], []
    for lm in seam:
        state = lm.prefill(input_ids[:2, :6]).expand(3).select(order)
        copy = state.clone()
        results.append(lm.step(new, state))
        assert (copy.length, state.length) == (6, 7)
        copies.append(lm.step(new, copy))
    assert_close(results[1], results[0], TOLERANCE, "tras repetir y reordenar")
    assert torch.equal(results[1], copies[1])


def test_prefill_needs_exactly_one_input(seam):
    with pytest.raises(ValueError, match="exactamente uno"):
        seam[1].prefill()


STRATEGIES = [
    Greedy(),
    Greedy(repetition_penalty=1.2, no_repeat_ngram_size=2),
    Sampling(temperature=0.8, top_k=20, top_p=0.9, num_return_sequences=3),
    BeamSearch(num_beams=4, num_return_sequences=4),
]


@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
def test_generates_the_same_tokens(seam, strategy):
    texts = [
        [
            sequence.token_ids
            for sequence in generate(
                lm, [5, 9, 31, 2, 77], strategy, max_new_tokens=12, seed=3
            ).sequences
        ]
        for lm in seam
    ]
    assert texts[0] == texts[1]
