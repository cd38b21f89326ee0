"""El progreso: un archivo local, entero, que nunca estorba a un ejercicio."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from course_lib.exercises import CHAPTERS, chapter_exercises, progreso
from course_lib.exercises import generation as ej
from course_lib.exercises.core import progress, storage
from course_lib.exercises.core.progress import ProgressWarning
from tests.exercises.conftest import BUSY

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def nothing_said(monkeypatch):
    """Cada prueba parte sin avisos dados."""
    monkeypatch.setattr(progress, "_said", set())


def wrong(logits, temperature):
    return logits


def solve(exercise):
    return exercise.comprobar(exercise.reference)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


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


def test_a_byte_order_mark_is_not_damage(private_progress):
    private_progress.write_text('\ufeff{"08_generacion/entropy_bits": "correcto"}', "utf-8")
    assert progreso().done == 1


def test_an_empty_file_starts_again_without_a_word(private_progress):
    private_progress.write_text("")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert progreso().done == 0
    solve(ej.entropy_bits)
    assert progreso().done == 1


DAMAGED = [b"{roto", b"[1, 2]", b'{"a": 1,}', b"\xff\xfe\x00", b"[" * 100_000, b"3"]


@pytest.mark.parametrize("content", DAMAGED, ids=range(len(DAMAGED)))
def test_a_damaged_file_is_kept_aside(private_progress, content):
    private_progress.write_bytes(content)
    with pytest.warns(ProgressWarning, match="estaba dañado: quedó en"):
        assert solve(ej.entropy_bits).ok
    assert progreso().done == 1
    aside = private_progress.with_name("progreso.json.dañado")
    assert aside.read_bytes() == content
    private_progress.write_bytes(content + b"otra vez")
    with pytest.warns(ProgressWarning, match="dañado-2"):
        assert progreso().done == 0
    assert aside.read_bytes() == content


def test_a_damaged_file_that_cannot_be_moved_is_not_lost(private_progress, monkeypatch):
    private_progress.write_text("{roto")

    def refuse(*args):
        raise PermissionError

    monkeypatch.setattr(storage.os, "rename", refuse)
    with pytest.warns(ProgressWarning, match="no se pudo apartar: no tienes permiso"):
        assert solve(ej.entropy_bits).ok
    assert private_progress.read_text() == "{roto"


def test_an_unknown_status_is_ignored_reported_and_kept(private_progress):
    stored = {
        "08_generacion/top_k_filter": "correcto",
        "08_generacion/beam_step": "listo",
        "08_generacion/beam_search": [1],
        "otro/curso": None,
    }
    private_progress.write_text(json.dumps(stored))
    with pytest.warns(ProgressWarning, match=r"un estado que no existe \(08_generacion/beam_step"):
        summary = progreso("08_generacion")
    assert summary.done == 1
    assert "○ Un paso de la búsqueda en haz (30 min): pendiente" in repr(summary)
    solve(ej.entropy_bits)
    after = json.loads(private_progress.read_text())
    assert after == {**stored, "08_generacion/entropy_bits": "correcto"}
    solve(ej.beam_step)
    assert json.loads(private_progress.read_text())["08_generacion/beam_step"] == "correcto"


def said_once(function):
    """El único aviso de llamar tres veces a `function`."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for _ in range(3):
            function()
    assert len(caught) == 1 and caught[0].category is ProgressWarning
    assert caught[0].filename == __file__, "el aviso señala la línea de quien llamó"
    return str(caught[0].message)


def test_unwritable_folder_does_not_break_the_check(monkeypatch, tmp_path):
    blocked = tmp_path / "archivo"
    blocked.write_text("no es una carpeta")
    monkeypatch.setenv("COURSE_LIB_PROGRESS", str(blocked / "progreso.json"))

    def use():
        assert solve(ej.entropy_bits).ok
        assert progreso().done == 0

    assert "una parte de la ruta no es una carpeta" in said_once(use)


def denied(*args, **kwargs):
    raise PermissionError(13, "Permission denied")


def test_an_unreadable_file_is_said_once_and_never_replaced(private_progress, monkeypatch):
    private_progress.write_text('{"08_generacion/top_k_filter": "correcto"}')
    monkeypatch.setattr(Path, "read_bytes", denied)  # como root, chmod no impide leer
    message = said_once(lambda: (solve(ej.entropy_bits), progreso()))
    assert "no tienes permiso" in message and "COURSE_LIB_PROGRESS" in message
    assert "entropy" not in private_progress.read_text()


def test_a_read_only_file_is_said_once_and_never_replaced(private_progress, monkeypatch):
    private_progress.write_text("{}")
    monkeypatch.setattr(storage.os, "access", lambda path, mode: False)
    assert "es de solo lectura" in said_once(lambda: solve(ej.entropy_bits))
    assert private_progress.read_text() == "{}"


def test_a_read_only_folder_is_said_once_and_nothing_is_left(private_progress, monkeypatch):
    monkeypatch.setattr(storage.tempfile, "mkstemp", denied)
    assert "no tienes permiso" in said_once(lambda: solve(ej.entropy_bits))
    assert names(private_progress.parent) == []


def test_a_write_that_fails_halfway_leaves_the_old_file(private_progress, monkeypatch):
    solve(ej.entropy_bits)
    before = private_progress.read_bytes()

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.json, "dump", full)
    assert "el disco no lo permite" in said_once(lambda: solve(ej.top_k_filter))
    assert private_progress.read_bytes() == before
    assert names(private_progress.parent) == [private_progress.name]


def test_a_folder_is_refused(monkeypatch, tmp_path):
    folder = tmp_path / "carpeta"
    folder.mkdir()
    monkeypatch.setenv("COURSE_LIB_PROGRESS", str(folder))
    assert "no es un archivo común" in said_once(lambda: (solve(ej.entropy_bits), progreso()))
    assert names(tmp_path) == ["carpeta"] and names(folder) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="sin tuberías con nombre")
def test_a_device_or_a_pipe_is_refused_and_never_replaced(monkeypatch, tmp_path):
    pipe, link = tmp_path / "tubería", tmp_path / "enlace"
    os.mkfifo(pipe)
    link.symlink_to(os.devnull)
    for path in (pipe, link, Path(os.devnull)):
        monkeypatch.setenv("COURSE_LIB_PROGRESS", str(path))
        kind = os.stat(path).st_mode
        assert "no es un archivo común" in said_once(lambda: (solve(ej.entropy_bits), progreso()))
        assert os.stat(path).st_mode == kind
    assert names(tmp_path) == ["enlace", "tubería"]


def test_a_link_keeps_being_a_link(monkeypatch, tmp_path):
    target, link = tmp_path / "real.json", tmp_path / "enlace.json"
    target.write_text("{}")
    link.symlink_to(target)
    monkeypatch.setenv("COURSE_LIB_PROGRESS", str(link))
    solve(ej.entropy_bits)
    assert link.is_symlink() and "entropy_bits" in target.read_text()


def test_a_warning_turned_into_an_error_does_not_escape(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_LIB_PROGRESS", str(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert solve(ej.entropy_bits).ok


def test_nothing_is_left_behind(private_progress):
    solve(ej.entropy_bits)
    assert names(private_progress.parent) == [private_progress.name]


def test_off_keeps_progress_only_in_memory(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_LIB_PROGRESS", "off")
    monkeypatch.setattr(progress, "_memory", {})
    solve(ej.entropy_bits)
    assert progreso().done == 1
    assert list(tmp_path.iterdir()) == []


def test_default_path_is_in_the_user_folder(monkeypatch):
    monkeypatch.delenv("COURSE_LIB_PROGRESS")
    assert progress._path().parts[-2:] == ("course_lib", "progreso.json")


def test_the_home_folder_is_understood(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("COURSE_LIB_PROGRESS", "~/notas/avance.json")
    solve(ej.entropy_bits)
    assert (tmp_path / "notas" / "avance.json").is_file()


@pytest.mark.parametrize("setting", ["", "~/progreso.json", "~nadie_se_llama_asi/progreso.json"])
def test_without_a_home_folder_it_is_said(monkeypatch, tmp_path, setting):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_LIB_PROGRESS", setting)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # ni HOME ni cuenta de usuario
    assert "tu carpeta personal (HOME)" in said_once(lambda: (solve(ej.entropy_bits), progreso()))
    assert names(tmp_path) == []


def test_an_empty_home_is_no_home(monkeypatch):
    monkeypatch.delenv("COURSE_LIB_PROGRESS")
    monkeypatch.setenv("HOME", "")
    assert "HOME" in said_once(progreso)


@pytest.mark.parametrize("chapter", ["99_nada", ["08_generacion"], 8])
def test_unknown_chapter(chapter):
    with pytest.raises(ValueError, match="No hay ejercicios del capítulo"):
        progreso(chapter)


RECORD = """
import sys
from course_lib.exercises.core import storage
from course_lib.exercises.core.progress import record
from course_lib.exercises import CHAPTERS, chapter_exercises
storage.LOCK_SECONDS = 600  # un equipo muy ocupado tarda en soltar el candado
for line in sys.stdin:
    break  # espera la señal de partida
for chapter in CHAPTERS:
    for exercise in chapter_exercises(chapter):
        record(chapter, exercise.key, sys.argv[1])
"""


def test_four_processes_at_once_record_everything(private_progress):
    """Los cuatro parten juntos y anotan todo; «correcto» gana, y no se pierde ninguno."""
    statuses = ["incorrecto", "correcto", "incorrecto", "correcto"]
    running = [
        subprocess.Popen(
            [sys.executable, "-c", RECORD, status],
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        )
        for status in statuses
    ]  # fmt: skip
    for process in running:
        process.stdin.write("ya\n")
        process.stdin.flush()
    errors = [process.communicate(timeout=BUSY)[1] for process in running]
    assert errors == [""] * 4
    total = sum(len(chapter_exercises(chapter)) for chapter in CHAPTERS)
    stored = json.loads(private_progress.read_text("utf-8"))
    assert list(stored.values()) == ["correcto"] * total
    assert names(private_progress.parent) == [private_progress.name]


def test_another_program_that_holds_the_file_is_said(private_progress, monkeypatch):
    monkeypatch.setattr(storage, "LOCK_SECONDS", 0.1)
    held = []

    def use():
        with storage.locked(private_progress):
            held.append(solve(ej.entropy_bits).ok)

    assert "Otro programa tiene ocupado" in said_once(use)
    assert held == [True] * 3 and not private_progress.exists()
