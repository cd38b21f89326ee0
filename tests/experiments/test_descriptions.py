"""Cada descripción equivocada va a su clase."""

from __future__ import annotations

import itertools

import pytest

from course_lib.data.scenes import make_scenes
from course_lib.experiments.descriptions import MISTAKES, mistake

RIGHT = "una cruz azul, un círculo rojo y una estrella negra"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (RIGHT, "exacta"),
        ("un círculo rojo, una cruz azul y una estrella negra", "en otro orden"),
        ("una cruz roja, un círculo azul y una estrella negra", "todo, mal repartido"),
        ("una cruz azul, un círculo rojo y una estrella roja", "falla un color"),
        ("una cruz azul, un círculo rojo y un círculo negro", "falla una figura"),
        ("una cruz azul y un círculo rojo", "fallan las dos cosas"),
        ("", "fallan las dos cosas"),
    ],
)
def test_each_description_has_its_class(said, expected):
    assert mistake(RIGHT, said) == expected
    assert expected in MISTAKES


def test_only_the_right_one_is_exact():
    captions = [scene.caption for scene in make_scenes(40, things=3)]
    assert all(mistake(caption, caption) == "exacta" for caption in captions)
    assert all(mistake(a, b) != "exacta" for a, b in itertools.pairwise(captions))
