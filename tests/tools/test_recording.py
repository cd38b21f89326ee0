"""Grabar: todo o nada, con su procedencia, y las huellas solo se renuevan si los números coinciden."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from course_lib import records
from course_lib.records import Record
from tools import recording
from tools.recording import Recipe


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    """Una receta de un proyecto de mentira: cada fila es el doble de n."""
    monkeypatch.setattr(records, "ARTIFACTS", tmp_path / "course_lib" / "artifacts")
    monkeypatch.setattr(recording, "ROOT", tmp_path)
    for name in ("course_lib/code.py", "course_lib/data.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1\n")
    return Recipe(
        name="grupo/prueba",
        title="Prueba <b>",
        command="python -m tools.prueba",
        rows=lambda: [{"n": n, "double": 2.0 * n} for n in (1, 2)],
        check=lambda record: [record.replay(lambda row: {"double": 2.0 * row["n"]}, n=1)],
        files=("course_lib/code.py", "course_lib/data.jsonl"),
        models=("gemma-270m",),
        seed=7,
        settings=lambda: {"factor": 2},
    )


def test_recorded_with_its_provenance(recipe):
    path = recording.record(recipe)
    assert path == records.ARTIFACTS / "grupo" / "prueba.json"
    found = Record.load("grupo/prueba")
    assert [row["double"] for row in found.rows] == [2.0, 4.0]
    assert (found.seed, found.settings, found.command) == (7, {"factor": 2}, recipe.command)
    assert set(found.hashes) == {*recipe.files, "gemma-270m"}
    assert found.versions["torch"] and found.date == date.today().isoformat()
    assert not found.checked and not found.changed_files()
    assert "Prueba <b>" in path.read_text(encoding="utf-8")  # legible, sin escapes


def test_a_failed_save_leaves_the_old_one(recipe, monkeypatch):
    path = recording.record(recipe)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="JSON compliant"):
        recording.record(replace(recipe, rows=lambda: [{"double": float("nan")}]))

    def full(*_):
        raise OSError("disco lleno")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="disco lleno"):
        recording.record(recipe)
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["prueba.json"]


def test_rehash_keeps_rows_and_renews_hashes(recipe, tmp_path):
    recording.record(recipe)
    before = Record.load(recipe.name)
    (tmp_path / "course_lib" / "code.py").write_text("2\n")
    assert Record.load(recipe.name).changed_files().changed == ("course_lib/code.py",)
    replays = recording.rehash(recipe)
    assert [pair for replay in replays for pair in replay.pairs] == [("double", 2.0, 2.0)]
    after = Record.load(recipe.name)
    assert not after.changed_files()
    assert after.checked["date"] == date.today().isoformat() and after.checked["versions"]["torch"]
    assert replace(after, hashes={}, checked={}) == replace(before, hashes={}, checked={})


def test_rehash_refuses_numbers_that_changed(recipe, tmp_path):
    path = recording.record(recipe)
    before = path.read_bytes()
    (tmp_path / "course_lib" / "code.py").write_text("2\n")
    wrong = replace(
        recipe, check=lambda record: [record.replay(lambda row: {"double": 3.0 * row["n"]}, n=2)]
    )
    with pytest.raises(ValueError, match=r"se grabó como 4\.0 y ahora da 6\.0"):
        recording.rehash(wrong)
    assert path.read_bytes() == before


@pytest.mark.parametrize("replays", [[], [records.Replay("vacía", ())]])
def test_rehash_refuses_a_check_that_checks_nothing(recipe, replays):
    recording.record(recipe)
    with pytest.raises(ValueError, match="no recalculó nada"):
        recording.rehash(replace(recipe, check=lambda record: replays))


def test_rehash_refuses_other_data(recipe, tmp_path):
    """Unas pocas filas no pueden avalar una tabla hecha con otros datos."""
    recording.record(recipe)
    (tmp_path / "course_lib" / "data.jsonl").write_text("2\n")
    with pytest.raises(ValueError, match=r"otros datos o modelos: course_lib/data\.jsonl"):
        recording.rehash(recipe)


def test_rehash_refuses_another_model(recipe):
    path = recording.record(recipe)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["hashes"]["gemma-270m"] = "00" * 32
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ValueError, match="otros datos o modelos: gemma-270m"):
        recording.rehash(recipe)


def test_sources_of_a_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "ROOT", tmp_path)
    (tmp_path / "paquete").mkdir()
    for name in ("b.py", "a.py", "datos.json"):
        (tmp_path / "paquete" / name).touch()
    found = recording.sources("suelto.py", "paquete")
    assert found == ("suelto.py", "paquete/a.py", "paquete/b.py")
