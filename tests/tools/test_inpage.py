"""Lo que el sitio publica cuando lleva un modelo: los mismos bytes, en trozos con su huella, y sus términos."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest

from course_lib.models import card
from tools import ROOT, inpage


@pytest.fixture(scope="module")
def content() -> bytes:
    return bytes(range(256)) * 400  # 102 400 bytes


@pytest.fixture
def target(tmp_path, content, monkeypatch):
    monkeypatch.setattr(inpage, "PIECE", 30_000)
    weights = tmp_path / "pesos.gguf"
    weights.write_bytes(content)
    folder = tmp_path / "modelo"
    folder.mkdir()
    (folder / "pesos-99.bin").write_bytes(b"de otra vez")
    model = replace(card("gemma-270m"), file_bytes=len(content))
    return folder, inpage.build(model, weights, folder)


def test_the_pieces_join_into_the_same_file(target, content):
    folder, page = target
    manifest = json.loads((folder / "manifest.json").read_bytes())
    parts = [file for file in manifest["files"] if file["role"] == "weights"]
    assert [part["bytes"] for part in parts] == [30_000, 30_000, 30_000, 12_400]
    assert b"".join((folder / part["file"]).read_bytes() for part in parts) == content
    for file in manifest["files"]:
        found = (folder / file["file"]).read_bytes()
        assert (len(found), hashlib.sha256(found).hexdigest()) == (file["bytes"], file["sha256"])
    assert [file["role"] for file in manifest["files"][:4]] == [
        "program",
        "engine",
        "single",
        "multi",
    ]
    assert page["id"] == hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    unused = next(file["bytes"] for file in manifest["files"] if file["role"] == "multi")
    assert page["bytes"] == sum(file["bytes"] for file in manifest["files"]) - unused
    assert not (folder / "pesos-99.bin").exists()


def test_terms_travel_with_the_weights(target):
    folder, page = target
    terms = (folder / "TERMINOS.txt").read_text(encoding="utf-8")
    assert "Términos de uso de Gemma" in terms and "Términos de uso de Gemma" in page["terms"]
    assert card("gemma-270m").file_sha256 in terms and "MIT License" in terms
    notice = (folder / "NOTICE.txt").read_text(encoding="utf-8")
    assert "Gemma is provided under and subject to the Gemma Terms of Use" in notice
    assert notice == (ROOT / "NOTICE").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", inpage.NAMES)
def test_every_model_says_how_far_it_is_from_python(name):
    assert "En 20 textos" in inpage.truth(name)
    assert inpage.truth("qwen2.5-coder-0.5b-instruct") == ""


def test_no_piece_is_too_large_for_a_repository():
    assert inpage.PIECE < inpage.LARGEST == 64_000_000


def test_an_unknown_model_is_told(capsys):
    assert inpage.main(["gpt-2"]) == 1
    assert "MODELO=gpt-2 no sirve: debe ser gemma-270m o smollm2" in capsys.readouterr().err


def test_the_program_is_one_module():
    """Lo que se une no se importa: `export`, sí; `import` de otro archivo, no."""
    lines = inpage.program().splitlines()
    assert not [line for line in lines if line.startswith("import ")]
    names = [line.split("(")[0].split()[-1] for line in lines if line.startswith("export ")]
    assert len(names) == len(set(names)) > 8
