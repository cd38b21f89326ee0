"""Los correctores detectan soluciones alteradas automáticamente."""

import pytest

from course_lib.exercises import CHAPTERS
from tools import mutate


def test_operators_change_one_thing():
    source = "def f(x):\n    return x.sum(dim=-1) + 1 < 2"
    changes = {mutant.change.split(" → ")[1] for mutant in mutate.mutants(source, "f")}
    assert {
        "return x.sum(dim=-1) - 1 < 2",
        "return x.sum(dim=-1) + 1 <= 2",
        "return x.sum(dim=-1) + 1 > 2",
        "return x.sum(dim=-1) + 2 < 2",
        "return x.sum(dim=0) + 1 < 2",
        "return x.sum() + 1 < 2",
        "return x.mean(dim=-1) + 1 < 2",
        "return None",
    } <= changes
    assert source not in {mutant.source for mutant in mutate.mutants(source, "f")}


def test_docstring_is_not_mutated():
    source = "def f(x):\n    'Nota 1.'\n    return x"
    assert len(mutate.mutants(source, "f")) == 1


def test_a_blind_checker_is_noticed(monkeypatch, capsys):
    """Control: si el corrector aceptara todo, la cuenta caería bajo el mínimo."""
    always = type("Accepted", (), {"ok": True})
    monkeypatch.setattr(mutate, "check", lambda *args: always)
    assert mutate.main(["08_generacion"]) == 1
    assert "0.0%" in capsys.readouterr().out


def test_a_stale_explanation_is_noticed(monkeypatch):
    known = mutate.explained()
    monkeypatch.setattr(mutate, "survivors", lambda chapter: (100, []))
    monkeypatch.setattr(mutate, "explained", lambda: known)
    assert known and not mutate.report("08_generacion")


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_checkers_catch_mutants(chapter):
    assert mutate.main([chapter]) == 0
