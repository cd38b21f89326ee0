"""Muchos prompts a la vez: cada uno sale igual que si estuviera solo."""

from __future__ import annotations

import pytest
import torch

from course_lib.decoding import BeamSearch, Greedy, Sampling, generate
from course_lib.models import LanguageModel, batching
from course_lib.transformer import TransformerLM
from tests.tiny import CONFIGS, VOCAB, prompt_ids, tiny
from tests.transformer.llama_pairs import tiny_llama

LENGTHS = (3, 17, 1, 9, 9, 30, 2)  # algunas pasan la ventana de 8 de Gemma 3
STRATEGIES = [
    Greedy(),
    Greedy(repetition_penalty=1.4, no_repeat_ngram_size=2),
    Sampling(temperature=0.9, top_k=12, top_p=0.9, repetition_penalty=1.2),
    Sampling(num_return_sequences=3),
    BeamSearch(num_beams=3, num_return_sequences=2),
    BeamSearch(num_beams=4, length_penalty=0.0, early_stopping=True, no_repeat_ngram_size=2),
]


def same(lm, prompts, strategy, **options):
    """Juntos y por separado: los mismos tokens, y log-probabilidades a 1e-5 (los logits son float32)."""
    together = generate(lm, prompts, strategy, **options)
    assert len(together) == len(prompts)
    for prompt, found in zip(prompts, together, strict=True):
        alone = generate(lm, prompt, strategy, **options)
        assert found.prompt_ids == alone.prompt_ids
        for a, b in zip(found.sequences, alone.sequences, strict=True):
            assert a.token_ids == b.token_ids and a.finish_reason == b.finish_reason
            torch.testing.assert_close(
                torch.tensor([a.score, *a.token_logprobs, *a.model_logprobs]),
                torch.tensor([b.score, *b.token_logprobs, *b.model_logprobs]),
                rtol=1e-5,
                atol=1e-5,
            )
            assert [s.token_id for s in a.steps] == [s.token_id for s in b.steps]
    return together


@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
@pytest.mark.parametrize("architecture", sorted(CONFIGS))
def test_each_prompt_as_if_alone(architecture, strategy):
    prompts = [prompt_ids(20 + i, n) for i, n in enumerate(LENGTHS)]
    lm = tiny(architecture, eos=tuple(range(3, VOCAB, 2)))
    same(lm, prompts, strategy, max_new_tokens=14, seed=5)


@pytest.mark.parametrize("architecture", sorted(CONFIGS))
def test_some_rows_leave_the_batch_before_others(architecture):
    """La comparación de arriba no sirve de nada si todas las filas terminan a la vez."""
    lm = tiny(architecture, eos=tuple(range(3, VOCAB, 2)))
    prompts = [prompt_ids(20 + i, n) for i, n in enumerate(LENGTHS)]
    found = generate(lm, prompts, Sampling(), max_new_tokens=14, seed=5)
    assert len({len(g.token_ids) for g in found}) > 1


@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
def test_our_transformer_too(strategy):
    lm = TransformerLM.from_lm(LanguageModel(tiny_llama("agrupada")))
    prompts = [[i + 3 * k for k in range(n)] for i, n in enumerate(LENGTHS, start=4)]
    same(lm, prompts, strategy, max_new_tokens=10, seed=2)


@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
@pytest.mark.parametrize("architecture", sorted(CONFIGS))
def test_a_shared_beginning(architecture, strategy):
    """Los ejemplos que comparten los prompts se leen una vez, y nada cambia; el más corto es puro principio."""
    lm = tiny(architecture, eos=tuple(range(3, VOCAB, 2)))
    shots = prompt_ids(7, 19)
    prompts = [shots + prompt_ids(20 + i, n) for i, n in enumerate(LENGTHS)]
    same(lm, [*prompts, prompts[0], shots], strategy, max_new_tokens=9, seed=5)


def test_a_shared_beginning_is_read_once(monkeypatch):
    lm, shots = tiny("llama"), prompt_ids(7, 19)
    prompts = [shots + prompt_ids(20 + i, n) for i, n in enumerate(LENGTHS)]
    assert lm.mixes_lengths  # lo averigua leyendo: que sea antes de contar
    read, prefill = [], lm.prefill
    monkeypatch.setattr(lm, "prefill", lambda ids: (read.append(ids), prefill(ids))[1])
    generate(lm, prompts, max_new_tokens=2)
    assert [ids.tolist() for ids in read] == [[shots]]


@pytest.mark.parametrize("strategy", [Greedy(), Sampling(), BeamSearch(num_beams=3)], ids=str)
def test_small_batches_give_the_same(monkeypatch, strategy):
    """Con poca memoria se parte en lotes, hasta de a uno."""
    lm, prompts = tiny("llama"), [prompt_ids(40 + i, n) for i, n in enumerate(LENGTHS)]
    whole = generate(lm, prompts, strategy, max_new_tokens=8, seed=1)
    for room in (1, 60_000):
        monkeypatch.setattr(batching, "MEMORY", room)
        parts = generate(lm, prompts, strategy, max_new_tokens=8, seed=1)
        assert [g.token_ids for g in parts] == [g.token_ids for g in whole]


def test_batches_fit_and_lose_nobody(monkeypatch):
    lm, lengths = tiny("llama"), [3, 50, 7, 7, 49, 1, 20, 60]
    monkeypatch.setattr(batching, "MEMORY", 3 * (lm.bytes_per_token * 70 + 16 * VOCAB))
    groups = batching.batches(lm, lengths, new=10, alike=0)
    assert sorted(i for group in groups for i in group) == list(range(len(lengths)))
    for group in groups:
        row = lm.bytes_per_token * (max(lengths[i] for i in group) + 10) + 16 * VOCAB
        assert len(group) == 1 or len(group) * row <= batching.MEMORY
    assert max(map(len, groups)) >= 3


def test_short_prompts_are_not_filled_up_to_long_ones():
    """Se leen en lotes de largo parecido: lo que se calcula en vano no llega a un cuarto."""
    lm, read = tiny("llama"), []
    prompts = [prompt_ids(i, n) for i, n in enumerate([100, 98, 10, 9, 50, 2, 1, 100])]
    assert lm.mixes_lengths
    prefill = lm.prefill
    try:
        lm.prefill = lambda x, **k: read.append(x.numel()) or prefill(x, **k)
        generate(lm, prompts, max_new_tokens=2)
    finally:
        del lm.prefill
    assert sum(read) * batching.ALIKE <= sum(map(len, prompts))


def test_a_model_that_cannot_mix_lengths_reads_them_apart(monkeypatch):
    lm = LanguageModel(tiny("llama").model)
    vars(lm)["mixes_lengths"] = False
    assert sorted(map(len, batching.batches(lm, [4, 9, 4, 4]))) == [1, 3]
    same(lm, [[5, 6], [7, 8, 9], [9, 5]], Greedy(), max_new_tokens=5)


def test_ids_embeddings_and_tensors_in_one_call():
    lm = tiny("llama")
    embeds = lm.model.get_input_embeddings()(torch.tensor(prompt_ids(3, 6))).detach()
    prompts = [prompt_ids(1, 4), embeds, torch.tensor(prompt_ids(2, 9)), embeds[:3]]
    for prompt, found in zip(prompts, generate(lm, prompts, max_new_tokens=6), strict=True):
        assert found.token_ids == generate(lm, prompt, max_new_tokens=6).token_ids


@pytest.mark.parametrize("rows", [[[5, 6, 7], [8, 9, 4]], torch.tensor([[5, 6, 7], [8, 9, 4]])])
def test_several_rows_are_several_prompts(rows):
    lm = tiny("llama")
    found = generate(lm, rows, max_new_tokens=4)
    assert [g.prompt_ids for g in found] == [(5, 6, 7), (8, 9, 4)]
    embeds = lm.model.get_input_embeddings()(torch.tensor([[5, 6, 7], [8, 9, 4]])).detach()
    again = generate(lm, embeds, max_new_tokens=4)
    assert [g.token_ids for g in again] == [g.token_ids for g in found]


def test_a_list_of_one_and_an_empty_prompt():
    assert generate(tiny(), [[5]], max_new_tokens=2)[0].prompt_ids == (5,)
    with pytest.raises(ValueError, match="vacío"):
        generate(tiny(), [[5], []])


@pytest.mark.models
def test_real_texts_of_mixed_length(gemma):
    texts = ["El sol", "Había una vez, en un pueblo muy lejano de la cordillera, una niña que"]
    for strategy in (Greedy(), Sampling(top_k=20), BeamSearch(num_beams=2)):
        together = generate(gemma, texts, strategy, max_new_tokens=8, seed=0)
        alone = [generate(gemma, text, strategy, max_new_tokens=8, seed=0) for text in texts]
        for a, b in zip(together, alone, strict=True):
            assert a.text == b.text
            # en float32, sumar en otro orden cambia la sexta cifra de cada log-probabilidad
            torch.testing.assert_close(
                torch.tensor(a.sequences[0].token_logprobs),
                torch.tensor(b.sequences[0].token_logprobs),
                rtol=1e-3,
                atol=1e-3,
            )
