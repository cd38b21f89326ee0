"""Los pesos de una tabla grabada: vuelven iguales, y si no son los suyos se dice."""

from __future__ import annotations

import pytest
import torch

from course_lib import records
from course_lib.experiments import weights
from course_lib.experiments.induction import member
from course_lib.transformer import Transformer
from tools import recording
from tools.weights import hashes_of_weights, save_weights


@pytest.fixture
def saved(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "ARTIFACTS", tmp_path)
    monkeypatch.setattr(weights, "ARTIFACTS", tmp_path)
    torch.manual_seed(0)
    model = Transformer(member(1))
    path = save_weights(model, "prueba", "uno")
    found = {"weights": hashes_of_weights("prueba", ["uno"])}
    made = recording.create("Prueba", [{"n": 1}], command="python -m tools.prueba", settings=found)
    recording.save(made, "prueba")
    return model, path


def test_they_come_back_the_same(saved):
    model, path = saved
    again = weights.load_weights(Transformer(member(1)), "prueba", "uno")
    ids = torch.arange(20)[None]
    assert torch.equal(again(ids), model(ids))
    assert not again.training and again.head.weight is again.embed.weight
    assert [p.name for p in path.parent.iterdir()] == ["uno.safetensors"]


def test_a_changed_file_is_told(saved):
    _, path = saved
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(ValueError, match=r"uno.safetensors no es el archivo que anotó «Prueba»"):
        weights.load_weights(Transformer(member(1)), "prueba", "uno")


def test_what_is_missing_is_told(saved):
    _, path = saved
    with pytest.raises(ValueError, match=r"no guarda los pesos «dos». Los que hay: \['uno'\]"):
        weights.load_weights(Transformer(member(1)), "prueba", "dos")
    path.unlink()
    with pytest.raises(FileNotFoundError, match=r"Rehazlo: python -m tools\.prueba"):
        weights.load_weights(Transformer(member(1)), "prueba", "uno")


def test_a_save_that_fails_leaves_the_old_one(saved, monkeypatch):
    model, path = saved
    before = path.read_bytes()

    def full(model, file):
        raise OSError("no hay espacio")

    monkeypatch.setattr("safetensors.torch.save_model", full)
    with pytest.raises(OSError, match="no hay espacio"):
        save_weights(model, "prueba", "uno")
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["uno.safetensors"]
