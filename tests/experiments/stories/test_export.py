"""El modelo que se exporta y lo que cambia al cuantizar."""

from __future__ import annotations

import json
import struct

import numpy as np
import pytest

from course_lib.experiments.stories.export import export, logit_differences, read_export
from course_lib.experiments.stories.model import as_language_model
from course_lib.experiments.stories.tokenizer import load_tokenizer

TEXT = "Había una vez un zorro que vivía en un bosque."


@pytest.fixture
def lm(tiny_model, tokenizer):
    return as_language_model(tiny_model, load_tokenizer(tokenizer))


def test_layout_is_the_documented_one(lm, tmp_path):
    """Se lee a mano, como lo haría JavaScript, sin usar `read_export`."""
    data = export(lm, tmp_path / "modelo.bin").read_bytes()
    assert data[:4] == b"CLM1"
    (length,) = struct.unpack("<I", data[4:8])
    assert (8 + length) % 4 == 0
    header = json.loads(data[8 : 8 + length].decode())
    body = data[8 + length :]
    entry = next(t for t in header["tensors"] if t["name"] == "blocks.0.attn.q_proj.weight")
    rows, columns = entry["shape"]
    assert entry["dtype"] == "int8" and entry["offset"] % 4 == entry["scales"] % 4 == 0
    integers = np.frombuffer(body, np.int8, rows * columns, entry["offset"]).reshape(rows, columns)
    scales = np.frombuffer(body, "<f4", rows, entry["scales"])
    weights = lm.model.blocks[0].attn.q_proj.weight.detach().numpy()
    assert np.abs(integers).max() == 127
    assert (np.abs(integers * scales[:, None] - weights) <= scales[:, None] / 2 + 1e-9).all()
    norm = next(t for t in header["tensors"] if t["name"] == "norm.weight")
    assert norm["dtype"] == "float32"
    assert np.frombuffer(body, "<f4", 16, norm["offset"]).tolist() == [1.0] * 16
    assert "head.weight" not in {t["name"] for t in header["tensors"]}
    assert header["config"]["hidden_size"] == 16


def test_header_carries_the_whole_tokenizer(lm, tmp_path):
    header, _ = read_export(export(lm, tmp_path / "modelo.bin"))
    tokens, merges = header["tokenizer"]["tokens"], header["tokenizer"]["merges"]
    assert len(tokens) == 600 and tokens[0] == "<inicio>" and tokens[1] == "<fin>"
    assert len(merges) == 600 - 258
    assert all("".join(pair) in tokens for pair in merges)
    assert (header["tokenizer"]["bos"], header["tokenizer"]["eos"]) == (0, 1)


@pytest.mark.parametrize(("bits", "bound"), [(8, 0.15), (16, 0.01)])
def test_export_moves_the_logits_little(lm, tmp_path, bits, bound):
    _, again = read_export(export(lm, tmp_path / "modelo.bin", bits=bits))
    differences = logit_differences(lm, again, [TEXT])
    assert 0 < differences["max"] < bound * differences["std"] * 4
    assert differences["other_loss"] == pytest.approx(differences["loss"], abs=bound)
    assert logit_differences(lm, lm.model, [TEXT])["max"] == 0


def test_eight_bits_are_half_of_sixteen(lm, tmp_path):
    sizes = []
    for bits in (8, 16):
        path = export(lm, tmp_path / f"{bits}.bin", bits=bits)
        header = struct.unpack("<I", path.read_bytes()[4:8])[0]
        sizes.append(path.stat().st_size - header)
    assert sizes[0] < 0.65 * sizes[1]  # este modelo es tan angosto que las escalas pesan


def test_bad_input_teaches(lm, tiny_model, tmp_path):
    with pytest.raises(ValueError, match="8 o en 16"):
        export(lm, tmp_path / "x.bin", bits=4)
    with pytest.raises(ValueError, match="tokenizador"):
        export(type(lm)(tiny_model), tmp_path / "x.bin")
    (tmp_path / "x.bin").write_bytes(b"otra cosa")
    with pytest.raises(ValueError, match="CLM1"):
        read_export(tmp_path / "x.bin")
