"""El modelo que ve: la pérdida, lo que lee y lo que escribe, contra las cuentas hechas de otra manera."""

from __future__ import annotations

import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from course_lib.decoding import BeamSearch, generate
from course_lib.multimodal import LinearProjector, MLPProjector, VisionLanguageModel
from course_lib.multimodal.vision_language_model import MASKED
from tests.multimodal.conftest import TinyEncoder, tiny_vlm
from tests.tiny import VOCAB, tiny

IMAGE = Image.effect_noise((8, 8), 80).convert("RGB")
QUESTION = "¿De qué color es el círculo?"


def test_the_projector_is_a_matrix_and_a_bias():
    projector = LinearProjector(5, 3, seed=2)
    features = torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(0))
    expected = features @ projector.layers.weight.T + projector.layers.bias
    torch.testing.assert_close(projector(features), expected)
    assert MLPProjector(5, 3)(features).shape == (2, 4, 3)


def test_a_seed_fixes_the_projector_and_nothing_else():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    one, two, other = (LinearProjector(5, 3, seed=seed) for seed in (1, 1, 2))
    assert torch.equal(torch.rand(3), expected)
    assert torch.equal(one.layers.weight, two.layers.weight)
    assert not torch.equal(one.layers.weight, other.layers.weight)


def test_what_is_read_is_start_image_question(vlm):
    prompt, table = vlm.prompt(IMAGE, QUESTION), vlm.lm.model.get_input_embeddings()
    ids = vlm.lm.encode(f"\n{QUESTION}\nRespuesta:", add_bos=False)
    assert torch.equal(prompt[0], table.weight[vlm.lm.start_token_id])
    assert torch.equal(prompt[1:5], vlm.encode([IMAGE])[0])
    assert torch.equal(prompt[5:], table(torch.tensor(ids)))


@pytest.mark.parametrize("architecture", ["llama", "gemma3", "qwen2"])
def test_the_loss_equals_reading_each_question_apart(architecture):
    """Leer la imagen una vez y seguir con cada pregunta da lo mismo que leerlo todo junto, entero."""
    lm = tiny(architecture)
    vlm = tiny_vlm(lm)
    draw = torch.Generator().manual_seed(3)
    features = torch.rand(2, 4, 3, generator=draw, dtype=torch.float64)
    ids = torch.randint(4, VOCAB, (2, 3, 9), generator=draw)
    labels = torch.where(torch.rand(ids.shape, generator=draw) < 0.4, ids, MASKED)
    labels[..., 0] = MASKED
    losses = []
    for i in range(2):
        for j in range(3):
            table = lm.model.get_input_embeddings()
            start = table(torch.tensor([[lm.start_token_id]]))
            parts = [start, vlm.projector(features[i : i + 1]), table(ids[i, j][None])]
            logits = lm.model(inputs_embeds=torch.cat(parts, dim=1)).logits[0, 5:-1]
            losses += F.cross_entropy(logits, labels[i, j, 1:], reduction="none")[
                labels[i, j, 1:] != MASKED
            ].tolist()
    found = vlm.loss(features, ids, labels)
    assert found.item() == pytest.approx(sum(losses) / len(losses), rel=1e-6)


def test_the_padding_changes_nothing(vlm):
    question, answer = vlm.ids(QUESTION), vlm.ids(QUESTION, "rojo")
    ids = torch.tensor([[answer]])
    labels = torch.tensor([[[MASKED] * len(question) + answer[len(question) :]]])
    features = vlm.encoder([IMAGE])
    padded = F.pad(ids, (0, 4), value=7), F.pad(labels, (0, 4), value=MASKED)
    torch.testing.assert_close(vlm.loss(features, ids, labels), vlm.loss(features, *padded))


def test_only_the_projector_receives_gradients(vlm):
    vlm.lm.model.requires_grad_(False)
    ids = torch.tensor([[vlm.ids(QUESTION, "rojo")]])
    vlm.loss(vlm.encoder([IMAGE]), ids, ids).backward()
    assert vlm.projector.layers.weight.grad.abs().max() > 0
    assert all(p.grad is None for p in vlm.lm.model.parameters())


def test_it_writes_what_transformers_writes(vlm):
    mine = vlm.generate(IMAGE, QUESTION, max_new_tokens=8)
    theirs = vlm.lm.model.generate(
        inputs_embeds=vlm.prompt(IMAGE, QUESTION)[None], max_new_tokens=8, do_sample=False
    )
    assert list(mine.sequences[0].token_ids) == theirs[0].tolist()


def test_any_strategy_is_possible(vlm):
    beams = vlm.generate(IMAGE, QUESTION, BeamSearch(num_beams=3), max_new_tokens=5)
    alone = generate(vlm.lm, vlm.prompt(IMAGE, QUESTION), BeamSearch(num_beams=3), max_new_tokens=5)
    assert beams.sequences[0].token_ids == alone.sequences[0].token_ids


def test_without_an_image_it_is_the_language_model(vlm):
    """El modelo de lenguaje no cambió: con texto solo, los mismos logits."""
    ids = [vlm.lm.start_token_id, *vlm.ids(QUESTION)]
    state = vlm.lm.prefill(inputs_embeds=vlm.prompt(None, QUESTION)[None])
    assert torch.equal(state.logits, vlm.lm.prefill(torch.tensor([ids])).logits)


def test_another_image_is_another_prompt(vlm):
    other = Image.effect_noise((8, 8), 20).convert("RGB")
    one, two = (vlm.lm.prefill(inputs_embeds=vlm.prompt(i, QUESTION)[None]) for i in (IMAGE, other))
    assert not torch.equal(one.logits, two.logits)


def test_pieces_that_do_not_fit_are_explained(vlm):
    with pytest.raises(ValueError, match="rasgos de ancho 3"):
        VisionLanguageModel(TinyEncoder(), LinearProjector(4, vlm.lm.hidden_size), vlm.lm)
    with pytest.raises(ValueError, match=f"ancho {vlm.lm.hidden_size}"):
        VisionLanguageModel(TinyEncoder(), LinearProjector(3, 5), vlm.lm)


def test_bad_questions_are_explained(vlm):
    with pytest.raises(ValueError, match="La pregunta está vacía"):
        vlm.generate(IMAGE, "  ")
    with pytest.raises(ValueError, match="el modelo lee a lo sumo 200"):
        vlm.generate(IMAGE, "¿color? " * 80)
    with pytest.raises(TypeError, match="Se esperaba una imagen"):
        vlm.generate(3, QUESTION)
