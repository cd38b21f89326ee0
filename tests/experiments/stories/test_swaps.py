"""El mismo cuento con otro protagonista."""

from __future__ import annotations

import math

import pytest
import torch

from course_lib.experiments.stories import load_stories_model
from course_lib.experiments.stories.corpus import tell_many
from course_lib.experiments.stories.lexicon import Lexicon, is_reserved_wish
from course_lib.experiments.stories.swaps import _alike, _last, swap_costs


@pytest.fixture(scope="module")
def lm():
    return load_stories_model()


def test_only_the_hero_changes(lm):
    """El costo de un objeto es el que da el modelo, token por token, y cambia con lo que va antes."""
    before = "Había una vez una rana que vivía en un valle. Lo que más quería era una"
    whole = lm.encode(before + " guitarra")
    asked = lm.prefill(torch.tensor([lm.encode(before)])).logits[0].log_softmax(-1)
    if len(whole) == len(lm.encode(before)) + 1:
        assert _last(lm, before, " guitarra") == pytest.approx(-asked[whole[-1]].item(), abs=1e-4)
    assert _last(lm, before, " guitarra") != _last(lm, "El rey", " guitarra")


@pytest.mark.parametrize("hero", ["zorro", "rana", "abuela", "águila"])
def test_the_other_fits_in_its_place(hero):
    entry = next(one for one in Lexicon().entries["h"] if one.text == hero)
    others = _alike(entry)
    assert others and entry not in others
    assert {one.gender for one in others} == {entry.gender}


def test_one_difference_per_story_with_a_thing(lm):
    tellings = tell_many(40, "prueba", 2)
    things = [t for t in tellings if "w" in t.choices]
    for reserved in (True, False):
        found = swap_costs(lm, tellings, reserved=reserved)
        assert 0 < len(found) <= len(things)
        assert all(math.isfinite(value) for value in found)
        assert found == swap_costs(lm, tellings, reserved=reserved)
    assert not any(is_reserved_wish(t.choices["h"], t.choices["w"]) for t in things)
