"""Lo que se publica del modelo de los cuentos: el archivo de la página, las cifras de la ficha y lo que dicen las tablas."""

from __future__ import annotations

from importlib.resources import files

import pytest

from course_lib.experiments.stories import recipe, shipped
from course_lib.experiments.stories.copies import words
from course_lib.experiments.stories.export import export
from course_lib.records import Record, file_hash
from tools.stories import losses, web


@pytest.fixture(scope="module")
def lm():
    return shipped.load_stories_model()


def test_the_page_gets_the_recorded_model(lm, tmp_path):
    """El archivo publicado es el que sale hoy de los pesos, y su huella, la que anotó la tabla."""
    found = Record.load("stories_web")
    again = file_hash(export(lm, tmp_path / "cuentos.bin"))
    assert again == file_hash(shipped.WEB_MODEL) == found.one(bits=8)["sha256"]
    assert again == found.settings["web_sha256"]
    assert shipped.WEB_MODEL.stat().st_size == found.one(bits=8)["bytes"]


def test_eight_bits_halve_the_file_and_keep_the_words():
    eight, sixteen = (Record.load("stories_web").one(bits=bits) for bits in web.BITS)
    assert eight["bytes"] < 0.55 * sixteen["bytes"]
    assert eight["same_top"] > 0.99
    assert eight["other_loss"] == pytest.approx(eight["loss"], rel=0.01)


def test_predictors_are_ordered_by_what_they_see():
    table = Record.load("stories_losses")
    found = {row["predictor"]: row["loss"] for row in table.where(split="prueba")}
    order = ["unigramas", "bigramas", "trigramas", losses.MASKED, losses.GRAMMAR, losses.UNMASKED]
    assert sorted(order, key=found.__getitem__, reverse=True) == order
    assert found[losses.CAUSAL_AGAIN] > found["unigramas"]  # sin ver el futuro no sabe nada


@pytest.mark.slow
def test_the_card_says_the_true_sizes():
    settings, stories = Record.load(shipped.RECORD).settings, recipe.Ingredients().stories
    total = sum(len(story.split()) for story in stories)
    distinct = len({word for story in stories for word in words(story)})
    assert (settings["stories"], settings["words"]) == (len(stories), total)
    card = (files("course_lib.data") / "cuentos.md").read_text(encoding="utf-8")
    for number in (total, settings["tokens"]):
        assert f"{number:,}".replace(",", " ") in card
    assert f"{len(stories)} cuentos" in card and f"{distinct} palabras distintas" in card
    assert f"({recipe.NUM_HELDOUT} cuentos)" in card and f"({losses.TESTED} cuentos)" in card
