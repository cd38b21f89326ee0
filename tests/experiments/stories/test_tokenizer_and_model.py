"""El tokenizador escribe cualquier texto y el modelo sin máscara solo cambia la máscara."""

from __future__ import annotations

import pytest
import torch

from course_lib.decoding import generate
from course_lib.experiments.stories.model import SHAPE, as_language_model, make_model, remove_mask
from course_lib.experiments.stories.recipe import write_story
from course_lib.experiments.stories.tokenizer import encode_stories, load_tokenizer, train_tokenizer

TEXTS = (
    "Había una vez un pingüino que quería un kiwi.",
    "¿Y eso? —preguntó Íñigo—. ¡«Ñandú»!\n—100 % €…",
    "El zorro 🦊 habló en 日本語 y en русский.",
    "  espacios   raros\t\n\n",
    "<fin> <inicio> no son tokens especiales",
)


@pytest.mark.parametrize("text", TEXTS)
def test_any_text_comes_back_unchanged(text, tokenizer, tiny_model):
    lm = as_language_model(tiny_model, load_tokenizer(tokenizer))
    ids = lm.encode(text)
    assert ids[0] == lm.bos_token_id and lm.eos_token_ids[0] not in ids
    assert lm.decode(ids) == text
    assert "".join(lm.token_strings(lm.encode("un zorro", add_bos=False))) == "un zorro"


def test_rows_start_and_end_with_their_marks(rows, tokenizer):
    assert all(row[0] == 0 and row[-1] == 1 and 1 not in row[:-1] for row in rows)
    assert tokenizer.get_vocab_size() == 600


def test_training_the_tokenizer_is_deterministic(training_tellings, tokenizer):
    texts = [telling.text for telling in training_tellings]
    assert train_tokenizer(texts, vocab_size=600).to_str() == tokenizer.to_str()


def test_saved_tokenizer_is_the_same(tokenizer, tmp_path):
    path = tmp_path / "tokenizer.json"
    tokenizer.save(str(path))
    loaded = load_tokenizer(path)
    text = "Érase una vez una rana."
    assert loaded.encode(text) == tokenizer.encode(text).ids
    assert encode_stories(tokenizer, [text]) == [[*loaded.encode(text), loaded.eos_token_id]]


def test_bad_input_teaches():
    with pytest.raises(ValueError, match="ningún texto"):
        train_tokenizer([])
    with pytest.raises(ValueError, match="258"):
        train_tokenizer(["hola"], vocab_size=100)


def test_the_shape_is_that_of_the_design():
    parameters = sum(p.numel() for p in make_model(0).parameters())
    assert 1_000_000 <= parameters <= 3_000_000
    assert 2 * parameters <= 5_000_000  # en float16
    assert SHAPE.max_position_embeddings == 256


def test_seed_decides_the_weights_and_nothing_else_changes():
    torch.manual_seed(3)
    before = torch.get_rng_state()
    a, b, c = make_model(0), make_model(0), make_model(1)
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(a.embed.weight, b.embed.weight)
    assert not torch.equal(a.embed.weight, c.embed.weight)


def test_without_mask_the_past_sees_the_future(tiny_model):
    ids, other = torch.tensor([[5, 6, 7, 8]]), torch.tensor([[5, 6, 7, 9]])
    assert torch.allclose(tiny_model(ids)[:, :3], tiny_model(other)[:, :3])
    weights = {name: tensor.clone() for name, tensor in tiny_model.state_dict().items()}
    blind = remove_mask(tiny_model)
    assert (blind(ids)[:, :3] - blind(other)[:, :3]).abs().max() > 1e-4
    assert all(torch.equal(weights[name], tensor) for name, tensor in blind.state_dict().items())
    attentions = blind.trace(ids).attentions
    assert all(float(a.detach().min()) > 0 for a in attentions)  # ninguna posición queda prohibida


def test_model_writes_through_the_usual_door(tiny_model, tokenizer):
    lm = as_language_model(tiny_model, load_tokenizer(tokenizer))
    tiny_model.train()
    text = write_story(tiny_model, tokenizer, max_new_tokens=6, seed=1)
    assert text.startswith("Había una vez") and tiny_model.training
    assert text == write_story(tiny_model, tokenizer, max_new_tokens=6, seed=1)
    tiny_model.eval()
    assert generate(lm, "Había", max_new_tokens=3).text
