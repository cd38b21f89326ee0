"""La línea de órdenes de las herramientas que graban y cómo siguen tras una interrupción."""

from __future__ import annotations

import pytest

from course_lib.records import Record
from tools import recording, running
from tools.recording import Recipe


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    monkeypatch.setattr("course_lib.records.ARTIFACTS", tmp_path / "course_lib" / "artifacts")
    monkeypatch.setattr(recording, "ROOT", tmp_path)
    monkeypatch.setattr(running, "ROOT", tmp_path)
    monkeypatch.setattr(running, "PARTIAL", tmp_path / "_build" / "partial")
    (tmp_path / "code.py").write_text("1\n")
    return Recipe(
        name="prueba",
        title="Prueba",
        command="python -m tools.prueba",
        rows=list,
        check=lambda record: [record.replay(lambda row: {"value": row["n"] ** 2}, n=2)],
        files=("code.py",),
    )


class Squares:
    """Calcula cuadrados, anota cuáles y se interrumpe en el que se le diga."""

    def __init__(self, stop: int | None = None) -> None:
        self.stop, self.done = stop, []

    def __call__(self, n: int) -> list[dict[str, int]]:
        if n == self.stop:
            raise KeyboardInterrupt
        self.done.append(n)
        return [{"n": n, "value": n * n}]


def key(row):
    return row["n"]


def test_resume_goes_on_where_it_was(recipe):
    first, second = Squares(stop=3), Squares()
    with pytest.raises(KeyboardInterrupt):
        running.resume(recipe, [1, 2, 3, 4], key, first)
    rows = running.resume(recipe, [1, 2, 3, 4], key, second)
    assert (first.done, second.done) == ([1, 2], [3, 4])
    assert [row["value"] for row in rows] == [1, 4, 9, 16]


def test_rows_come_in_the_order_of_the_plan(recipe):
    running.resume(recipe, [2, 1], key, Squares())
    assert [key(row) for row in running.resume(recipe, [1, 3, 2], key, Squares())] == [1, 3, 2]


def test_one_step_may_give_several_rows(recipe):
    def two(n):
        return [{"n": n, "i": i} for i in range(2)]

    assert len(running.resume(recipe, [5, 6], key, two)) == 4
    assert [row["i"] for row in running.resume(recipe, [6, 5], key, two)] == [0, 1, 0, 1]


def test_rows_of_other_code_are_not_mixed(recipe, tmp_path):
    running.resume(recipe, [1, 2], key, Squares())
    (tmp_path / "code.py").write_text("2\n")
    again = Squares()
    running.resume(recipe, [1, 2], key, again)
    assert again.done == [1, 2]


def test_main_records_and_forgets_the_partial_file(recipe, capsys):
    def rows():
        return running.resume(resumable, [1, 2], key, Squares())

    resumable = Recipe(**{**vars(recipe), "rows": rows})
    running.main({"corta": resumable}, "Prueba.", [])
    assert [row["value"] for row in Record.load("prueba").rows] == [1, 4]
    assert not list(running.PARTIAL.iterdir())
    assert "Grabado en course_lib/artifacts/prueba.json" in capsys.readouterr().out
    running.main({"corta": resumable}, "Prueba.", ["--check", "corta"])
    assert "grabado" in capsys.readouterr().out


def test_check_fails_when_it_disagrees(recipe):
    recording.save(
        recording.create("Prueba", [{"n": 2, "value": 5}], command="python -m tools.prueba"),
        "prueba",
    )
    with pytest.raises(ValueError, match="se grabó como 5 y ahora da 4"):
        running.main({"corta": recipe}, "Prueba.", ["--check"])


def test_unknown_names_are_explained(recipe, capsys):
    with pytest.raises(SystemExit):
        running.main({"corta": recipe}, "Prueba.", ["otra"])
    assert "no hay una tabla 'otra'; las que hay: corta" in capsys.readouterr().err
