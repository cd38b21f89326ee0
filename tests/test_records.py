"""Los registros se leen enteros, avisan cuando algo ya no coincide y siguen siendo los que eran."""

from __future__ import annotations

import json

import pytest

from course_lib import records
from course_lib.records import FileChanges, Record, file_hash

ROWS = ({"n": 1, "loss": 2.0, "curve": [3.0, 2.0]}, {"n": 2, "loss": 1.0, "curve": [3.0, 1.0]})


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Un proyecto con un archivo del paquete y una herramienta."""
    monkeypatch.setattr(records, "ARTIFACTS", tmp_path / "course_lib" / "artifacts")
    for name in ("course_lib/code.py", "tools/tool.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    return tmp_path


@pytest.fixture
def record(home):
    return Record(
        title="Prueba <b>",
        rows=ROWS,
        command="python -m tools.prueba",
        seed=7,
        versions={"torch": "2.13.0"},
        hashes={
            "course_lib/code.py": file_hash(home / "course_lib" / "code.py"),
            "tools/tool.py": file_hash(home / "tools" / "tool.py"),
            "un-modelo": "ab" * 32,
        },
        date="2026-11-24",
    )


def written(record: Record, **changes: object) -> None:
    path = records.artifact_path("prueba")
    path.parent.mkdir(parents=True, exist_ok=True)
    fields = {name: getattr(record, name) for name in ("title", "rows", "command", "seed")}
    path.write_text(json.dumps(fields | changes), encoding="utf-8")


def test_load(record):
    written(record)
    assert Record.load("prueba").rows == ROWS
    assert Record.load(records.artifact_path("prueba")) == Record.load("prueba")


def test_missing_names_the_known_ones(record):
    written(record)
    with pytest.raises(FileNotFoundError, match="prueba"):
        Record.load("otra")


@pytest.mark.parametrize("text", ["{", "{}", '{"rows": [], "sobra": 1}'])
def test_broken_file(record, text):
    written(record)
    records.artifact_path("prueba").write_text(text)
    with pytest.raises(ValueError, match="no es un registro"):
        Record.load("prueba")


def test_where_and_one(record):
    assert record.one(n=2)["loss"] == 1.0
    assert len(record.where()) == 2
    with pytest.raises(ValueError, match="0 filas"):
        record.one(n=3)
    with pytest.raises(ValueError, match="no tiene la columna «m»"):
        record.where(m=1)


# --- archivos ---


def test_nothing_changed(record):
    assert record.changed_files() == FileChanges()
    assert not record.changed_files()


def test_changed_files_are_told(record, home):
    (home / "course_lib" / "code.py").write_text("x = 2\n")
    assert record.changed_files() == FileChanges(changed=("course_lib/code.py",))


def test_a_missing_file_of_the_package_is_told(record, home):
    (home / "course_lib" / "code.py").unlink()
    assert record.changed_files() == FileChanges(missing=("course_lib/code.py",))


def test_tools_that_did_not_travel_are_told_apart(record, home):
    """En un paquete instalado no hay herramientas: no se sabe si cambiaron, y eso se dice."""
    (home / "tools" / "tool.py").unlink()
    assert record.changed_files() == FileChanges(unseen=("tools/tool.py",))
    assert record.changed_files()


# --- recalcular ---


def test_replay_agrees(record):
    replay = record.replay(lambda row: {"loss": row["loss"] * 1.001}, n=1, rtol=0.01)
    assert replay.pairs == (("loss", 2.0, 2.002),)
    assert list(replay.to_frame().columns) == ["columna", "grabado", "ahora"]
    assert record.replay(lambda row: {"curve": row["curve"]}).pairs


@pytest.mark.parametrize(
    "again", [{"loss": 2.1}, {"loss": float("nan")}, {"loss": "dos"}, {"n": 2}, {"curve": [3.0]}]
)
def test_replay_disagrees(record, again):
    with pytest.raises(ValueError, match=r"python -m tools\.prueba"):
        record.replay(lambda row: again, n=1, rtol=0.01)


def test_tolerance_is_relative_to_the_larger(record):
    """Como en `math.isclose`: 0.9 deja pasar hasta diez veces más o diez veces menos."""
    for factor in (9.9, 1 / 9.9):
        assert record.replay(lambda row, f=factor: {"loss": row["loss"] * f}, n=1, rtol=0.9)
    for factor in (10.1, 1 / 10.1):
        with pytest.raises(ValueError, match="loss"):
            record.replay(lambda row, f=factor: {"loss": row["loss"] * f}, n=1, rtol=0.9)


def test_whole_numbers_only_differ_by_what_is_allowed(record):
    assert record.replay(lambda row: {"n": row["n"] + 1}, atol=1).pairs
    for options in ({}, {"rtol": 10.0}, {"atol": 0.5}):
        with pytest.raises(ValueError, match="n se grabó"):
            record.replay(lambda row: {"n": row["n"] + 1}, **options)


def test_replay_of_nothing_is_an_error(record):
    with pytest.raises(ValueError, match="no hay qué recalcular"):
        record.replay(lambda row: {}, n=99)


def test_replay_cannot_change_the_record(record):
    def spoil(row):
        row["loss"] = 99.0
        row["curve"].append(99.0)
        return {}

    record.replay(spoil)
    assert record.one(n=1) == {"n": 1, "loss": 2.0, "curve": [3.0, 2.0]}


# --- mostrar ---


def test_shown_as_html(record):
    shown = record._repr_html_()
    assert "Prueba &lt;b&gt;" in shown and "<b>" not in shown
    assert "curve" not in shown and record.date in shown and "semilla 7" in shown
    assert "tools.prueba" in repr(record) and "semilla 7" in repr(record)


def test_long_records_say_how_much_is_not_shown(record):
    long = Record(title="Larga", rows=tuple({"n": 100 + i} for i in range(40)), command="x", seed=0)
    shown = long._repr_html_()
    assert shown.count("<td>") == 12 and "se ven 12 de 40 filas" in shown
    assert "<td>111</td>" in shown and "<td>112</td>" not in shown


# --- los que se publican ---

SHIPPED = sorted(
    path.relative_to(records.ARTIFACTS).with_suffix("").as_posix()
    for path in records.ARTIFACTS.rglob("*.json")
    # lo demás son pesos o fichas de otros módulos
    if {"rows", "command"} <= json.loads(path.read_text(encoding="utf-8")).keys()
)


def test_something_is_shipped():
    assert len(SHIPPED) >= 10


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_records_have_their_provenance(name):
    found = Record.load(name)
    assert found.rows and found.command.startswith("python -m tools.")
    assert found.versions["python"] and found.date
    assert any("/" in file for file in found.hashes), "no dice de qué código depende"


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_records_come_from_the_code_that_is_here(name):
    """Si esto falla porque el código cambió de forma: python -m tools.records --rehash NOMBRE."""
    assert Record.load(name).changed_files() == FileChanges()
