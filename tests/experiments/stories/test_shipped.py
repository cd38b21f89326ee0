"""El modelo que acompaña al libro: vuelve como se guardó y, si falta algo, se dice cómo rehacerlo."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from course_lib import records
from course_lib.decoding import generate
from course_lib.experiments import weights
from course_lib.experiments.stories import shipped
from course_lib.records import file_hash
from tools import recording
from tools.stories import curve
from tools.weights import hashes_of_weights

TEXT = "Había una vez un zorro que vivía en un bosque."


@pytest.fixture
def saved(tiny_model, tokenizer, tmp_path, monkeypatch):
    """Un modelo diminuto, guardado por la herramienta, y su tabla."""
    for module in (records, weights):
        monkeypatch.setattr(module, "ARTIFACTS", tmp_path)
    path = tmp_path / shipped.RECORD / "tokenizer.json"
    monkeypatch.setattr(shipped, "TOKENIZER", path)
    empty = type(tiny_model)(tiny_model.config)
    monkeypatch.setattr(shipped, "make_model", lambda seed: empty)
    monkeypatch.setattr(curve, "STORIES", SimpleNamespace(tokenizer=tokenizer))
    curve._save(tiny_model)
    settings = {
        "weights": hashes_of_weights(shipped.RECORD, [shipped.WEIGHTS]),
        "tokenizer_sha256": file_hash(path),
    }
    command = "python -m tools.train_stories curva"
    made = recording.create("Cuentos", [{"step": 0}], command=command, settings=settings)
    recording.save(made, shipped.RECORD)
    return tiny_model, path.parent


def test_it_comes_back_within_float16(saved, tokenizer):
    model, folder = saved
    lm = shipped.load_stories_model()
    assert lm.model.config == model.config
    assert lm.dtype == torch.float32 and not lm.model.training
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor.half().float(), lm.model.state_dict()[name]), name
    assert lm.model.head.weight is lm.model.embed.weight
    assert lm.encode(TEXT) == tokenizer.encode(TEXT).ids and lm.decode(lm.encode(TEXT)) == TEXT
    assert lm.eos_token_ids == (1,) and lm.bos_token_id == 0
    assert generate(lm, "Había", max_new_tokens=2).text
    assert sorted(path.name for path in folder.iterdir()) == [
        "con-mascara.safetensors",
        "tokenizer.json",
    ]


def test_saving_leaves_the_trained_model_alone(saved):
    model, _ = saved
    assert {tensor.dtype for tensor in model.state_dict().values()} == {torch.float32}


@pytest.mark.parametrize("name", ["con-mascara.safetensors", "tokenizer.json"])
def test_a_missing_file_says_how_to_make_it(saved, name):
    _, folder = saved
    (folder / name).unlink()
    with pytest.raises((FileNotFoundError, ValueError), match=r"python -m tools\.train_stories"):
        shipped.load_stories_model()


def test_another_tokenizer_is_told(saved):
    _, folder = saved
    with (folder / "tokenizer.json").open("a") as file:
        file.write("\n")
    with pytest.raises(ValueError, match=r"no es el que anotó «Cuentos»"):
        shipped.load_stories_model()
