"""`python -m tools.records`: cada tabla publicada tiene su receta, y la receta la reproduce."""

from __future__ import annotations

from dataclasses import replace

import pytest

from course_lib import models
from course_lib.records import Record
from tests.test_records import SHIPPED
from tools import evaluate_sizes, records
from tools.records import RECIPES

# lo que mide depende del reloj: se comprueba a mano, con `python -m tools.records --check` y su nombre
CLOCK = {"timing", "decodificacion_costo"}


def test_every_shipped_record_has_a_recipe():
    assert sorted(RECIPES) == SHIPPED


@pytest.mark.parametrize("name", RECIPES)
def test_recipe_and_record_say_the_same(name):
    recipe, found = RECIPES[name], Record.load(name)
    assert (recipe.title, recipe.command, recipe.seed) == (found.title, found.command, found.seed)
    assert records.stale(recipe) == []


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("name", sorted(set(RECIPES) - CLOCK))
def test_recipe_reproduces_its_record(name):
    replays = list(RECIPES[name].check(Record.load(name)))
    assert sum(len(replay.pairs) for replay in replays) > 0


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(evaluate_sizes.MODELS) - set(evaluate_sizes.SMALL)))
def test_a_text_of_each_large_model(name):
    if not models.is_cached(name):
        pytest.skip(f"{name} no está en la caché")
    assert evaluate_sizes.check(Record.load("bits_per_character"), [name])


def run(monkeypatch, recipes, *arguments):
    monkeypatch.setattr(records, "RECIPES", recipes)
    return records.main(arguments)


def test_a_disagreement_is_told_and_the_rest_goes_on(monkeypatch, capsys):
    def disagree(record):
        raise ValueError("«Familia»: loss se grabó como 1 y ahora da 2.")

    fake = {
        "family": replace(RECIPES["family"], check=disagree),
        "recall": replace(
            RECIPES["recall"],
            check=lambda record: [record.replay(lambda row: {"seed": row["seed"]}, seed=0)],
        ),
    }
    assert run(monkeypatch, fake, "--check") == 1
    said = capsys.readouterr().out
    assert "family: NO COINCIDE" in said and "ahora da 2" in said
    assert "recall: " in said and "y coinciden" in said
    assert run(monkeypatch, fake, "--check", "recall") == 0


def test_the_list_tells_what_changed(monkeypatch, capsys):
    family = RECIPES["family"]
    more = replace(family, files=(*family.files, "course_lib/show.py"))
    assert run(monkeypatch, {"family": more}) == 1
    assert "course_lib/show.py" in capsys.readouterr().out
    monkeypatch.setattr(records, "stale", lambda recipe: [])
    assert run(monkeypatch, {"family": family}) == 0
    assert capsys.readouterr().out.endswith("al día\n")


def test_unknown_names_are_explained(capsys):
    with pytest.raises(SystemExit):
        records.main(["--check", "nada"])
    assert "no hay una tabla 'nada'; las que hay: decodificacion" in capsys.readouterr().err
