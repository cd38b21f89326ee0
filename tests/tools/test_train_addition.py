"""Cuántas semillas se entrenan: más donde unas lo logran y otras no."""

from __future__ import annotations

import pytest

from course_lib.experiments import addition, sums
from tools import recording, running, train_addition
from tools.recording import Recipe


@pytest.mark.parametrize(
    ("exact", "split"),
    [
        ([0.0, 0.02, 0.9], True),
        ([0.02, 0.03, 0.3], True),
        ([0.9, 0.95, 0.7], True),
        ([0.0, 0.1, 0.2], False),
        ([0.8, 0.95, 1.0], False),
    ],
)
def test_split(exact, split):
    assert train_addition.is_split(exact) is split


def test_only_split_sizes_get_ten_seeds(tmp_path, monkeypatch):
    """Un entrenamiento de mentira: el ancho 16 con pasos depende de la semilla; lo demás, no."""
    monkeypatch.setattr("course_lib.records.ARTIFACTS", tmp_path)
    monkeypatch.setattr(recording, "ROOT", tmp_path)
    monkeypatch.setattr(running, "PARTIAL", tmp_path / "partial")
    monkeypatch.setattr(
        train_addition, "ADDITION", Recipe(**{**vars(train_addition.ADDITION), "files": ()})
    )
    trained, saved = [], []

    def train_member(width, way, seed):
        trained.append((width, way, seed))
        exact = seed % 2 if (width, way) == (16, "pasos") else float(width > 16)
        return None, {"width": width, "way": way, "seed": seed, "exact": float(exact)}

    monkeypatch.setattr(addition, "train_member", train_member)
    monkeypatch.setattr(
        train_addition, "save_weights", lambda model, record, name: saved.append(name)
    )
    rows = train_addition.rows()
    seeds = {}
    for row in rows:
        seeds.setdefault((row["width"], row["way"]), []).append(row["seed"])
    assert seeds.pop((16, "pasos")) == list(range(10))
    assert set(map(tuple, seeds.values())) == {(0, 1, 2)}
    assert len(seeds) == len(addition.WIDTHS) * len(sums.WAYS) - 1
    assert len(trained) == len(set(trained)) == len(rows)
    assert saved == [f"{way}-{addition.SAVED}" for way in sums.WAYS]
