"""Mirar por dentro: las palabras cercanas y la atención, contra cuentas hechas de otra manera."""

from __future__ import annotations

import pytest
import torch
from PIL import Image

from course_lib.experiments.looking import attention_to_image, nearest_words, word_ids
from tests.multimodal.conftest import tiny_vlm
from tests.tiny import tiny

IMAGE = Image.effect_noise((8, 8), 80).convert("RGB")


def test_the_nearest_word_of_an_embedding_is_itself():
    lm = tiny("llama")
    table = lm.model.get_input_embeddings().weight
    found = nearest_words(lm, 3 * table[[5, 9]], range(37), k=2)
    assert [row[0][0] for row in found] == [5, 9]
    assert [row[0][1] for row in found] == pytest.approx([1, 1])
    assert all(row[0][1] > row[1][1] for row in found)


def test_only_the_given_words_are_looked_at():
    lm = tiny("llama")
    table = lm.model.get_input_embeddings().weight
    assert {i for row in nearest_words(lm, table[[5]], [7, 8], k=5) for i, _ in row} == {7, 8}


def test_words_of_one_token(gemma):
    found = word_ids(gemma, ["rojo", "estrella", "electroencefalografista"])
    assert list(found) == ["rojo", "estrella"]
    assert gemma.decode([found["estrella"]]) == " estrella"


def test_attention_is_the_models():
    vlm = tiny_vlm()
    before = vlm.lm.model.config._attn_implementation
    found = attention_to_image(vlm, IMAGE, "¿Qué hay?", "rojo")
    assert vlm.lm.model.config._attn_implementation == before
    answer = vlm.ids("¿Qué hay?", "rojo")[len(vlm.ids("¿Qué hay?")) :]
    assert found.shape == (len(answer), 2, 2)
    prompt = vlm.prompt(IMAGE, "¿Qué hay?")
    vlm.lm.model.set_attn_implementation("eager")
    try:
        with torch.no_grad():
            layers = vlm.lm.model(inputs_embeds=prompt[None], output_attentions=True).attentions
    finally:
        vlm.lm.model.set_attn_implementation(before)
    # la posición que predice el primer token de la respuesta es la última del prompt
    last = torch.stack(list(layers))[:, 0, :, -1, 1:5].mean(dim=(0, 1))
    torch.testing.assert_close(found[0].flatten(), last)
    assert 0 < found.sum(dim=(1, 2)).max() < 1
