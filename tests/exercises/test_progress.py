"""El progreso: un archivo local, entero, que nunca estorba a un ejercicio."""

import json

import pytest

from course_lib.exercises import generation as ej
from course_lib.exercises import progreso
from course_lib.exercises.core import progress


def wrong(logits, temperature):
    return logits


def solve(exercise):
    return exercise.comprobar(exercise.reference)


def test_progress_counts_and_keeps_the_best(private_progress):
    assert progreso().done == 0 and not private_progress.exists()
    ej.softmax_temperature.comprobar(wrong)
    assert json.loads(private_progress.read_text()) == {
        "08_generacion/softmax_temperature": "incorrecto"
    }
    solve(ej.softmax_temperature)
    ej.softmax_temperature.comprobar(wrong)
    summary = progreso("08_generacion")
    assert summary.done == 1
    assert "✓ Softmax con temperatura (10 min): correcto" in repr(summary)
    assert "quedan unos 205 minutos" in repr(summary)
    assert "<td" in summary._repr_html_()


def test_pending_is_not_recorded(private_progress):
    ej.softmax_temperature.comprobar(lambda logits, temperature: None)
    assert not private_progress.exists()


@pytest.mark.parametrize("content", ["{roto", "[1, 2]", ""])
def test_damaged_file_starts_again(private_progress, content):
    private_progress.write_text(content)
    assert progreso().done == 0
    solve(ej.entropy_bits)
    assert progreso().done == 1


def test_unwritable_folder_does_not_break_the_check(monkeypatch, tmp_path):
    blocked = tmp_path / "archivo"
    blocked.write_text("no es una carpeta")
    monkeypatch.setenv("COURSE_LIB_PROGRESS", str(blocked / "progreso.json"))
    assert solve(ej.entropy_bits).ok
    assert progreso().done == 0


def test_nothing_is_left_behind(private_progress):
    solve(ej.entropy_bits)
    assert [path.name for path in private_progress.parent.iterdir()] == [private_progress.name]


def test_off_keeps_progress_only_in_memory(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_LIB_PROGRESS", "off")
    monkeypatch.setattr(progress, "_memory", {})
    solve(ej.entropy_bits)
    assert progreso().done == 1
    assert list(tmp_path.iterdir()) == []


def test_default_path_is_in_the_user_folder(monkeypatch):
    monkeypatch.delenv("COURSE_LIB_PROGRESS")
    assert progress._path().parts[-2:] == ("course_lib", "progreso.json")


def test_unknown_chapter():
    with pytest.raises(ValueError, match="No hay ejercicios del capítulo '99_nada'"):
        progreso("99_nada")
