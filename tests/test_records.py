"""Los registros guardan todo, no se corrompen y avisan cuando algo ya no coincide."""

import json

import pytest

from course_lib import records
from course_lib.records import Record


@pytest.fixture
def record(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "ARTIFACTS", tmp_path / "course_lib" / "artifacts")
    code = tmp_path / "code.py"
    code.write_text("x = 1\n")
    return Record.create(
        "Prueba <b>",
        [{"n": 1, "loss": 2.0, "curve": [3.0, 2.0]}, {"n": 2, "loss": 1.0, "curve": [3.0, 1.0]}],
        command="python tools/prueba.py",
        seed=7,
        files=[code],
        hashes={"modelo": "ab" * 32},
    )


def test_round_trip(record):
    path = record.save("grupo/prueba")
    assert path == records.ARTIFACTS / "grupo" / "prueba.json"
    assert Record.load("grupo/prueba") == record == Record.load(path)
    assert "Prueba <b>" in path.read_text(encoding="utf-8")  # legible, sin escapes


def test_provenance_is_complete(record):
    assert record.seed == 7 and record.date and record.versions["torch"]
    assert set(record.hashes) == {"code.py", "modelo"}


def test_changed_files(record, tmp_path):
    assert record.changed_files() == []
    (tmp_path / "code.py").write_text("x = 2\n")
    assert record.changed_files() == ["code.py"]
    (tmp_path / "code.py").unlink()  # instalado sin herramientas: no se puede juzgar
    assert record.changed_files() == []


def test_failed_save_leaves_the_old_one(record, monkeypatch):
    path = record.save("prueba")
    before = path.read_bytes()
    bad = Record.create("Mala", [{"loss": float("nan")}], command="x")
    with pytest.raises(ValueError):
        bad.save("prueba")
    monkeypatch.setattr(records.os, "replace", _fail)
    with pytest.raises(OSError):
        record.save("prueba")
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["prueba.json"]


def _fail(*_):
    raise OSError("disco lleno")


def test_missing_names_the_known_ones(record):
    record.save("prueba")
    with pytest.raises(FileNotFoundError, match="prueba"):
        Record.load("otra")


@pytest.mark.parametrize("text", ["{", "{}", '{"rows": [], "sobra": 1}'])
def test_broken_file(record, text):
    path = record.save("prueba")
    path.write_text(text)
    with pytest.raises(ValueError, match="no es un registro"):
        Record.load("prueba")


def test_where_and_one(record):
    assert record.one(n=2)["loss"] == 1.0
    assert len(record.where()) == 2
    with pytest.raises(ValueError, match="0 filas"):
        record.one(n=3)
    with pytest.raises(ValueError, match="no tiene la columna «m»"):
        record.where(m=1)


def test_replay_agrees(record):
    replay = record.replay(lambda row: {"loss": row["loss"] * 1.001}, n=1, rtol=0.01)
    assert replay.pairs == (("loss", 2.0, 2.002),)
    assert list(replay.to_frame().columns) == ["columna", "grabado", "ahora"]
    assert record.replay(lambda row: {"curve": row["curve"]}).pairs


@pytest.mark.parametrize(
    "again", [{"loss": 2.1}, {"loss": float("nan")}, {"n": 2}, {"curve": [3.0]}]
)
def test_replay_disagrees(record, again):
    with pytest.raises(ValueError, match=r"python tools/prueba\.py"):
        record.replay(lambda row: again, n=1, rtol=0.01)


def test_replay_of_nothing_is_an_error(record):
    with pytest.raises(ValueError, match="no hay qué recalcular"):
        record.replay(lambda row: {}, n=99)


def test_replay_cannot_change_the_record(record):
    def spoil(row):
        row["loss"] = 99.0
        return {}

    record.replay(spoil)
    assert record.one(n=1)["loss"] == 2.0


def test_shown_as_html(record):
    shown = record._repr_html_()
    assert "Prueba &lt;b&gt;" in shown and "<b>" not in shown
    assert ("curve" not in shown and "2026" in shown) or record.date in shown
    assert "tools/prueba.py" in repr(record) and "semilla 7" in repr(record)


def test_every_recorded_artifact_loads_and_has_provenance():
    for path in sorted(records.ARTIFACTS.rglob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        if "rows" not in data or "command" not in data:
            continue  # no es un Record: pesos o fichas de otros módulos
        found = Record.load(path)
        assert found.rows and found.command.startswith("python "), path.name
        assert found.versions["python"] and found.date, path.name
