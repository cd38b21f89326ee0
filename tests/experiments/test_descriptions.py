"""Cada descripción equivocada va a su clase."""

from __future__ import annotations

import itertools

import pytest

from course_lib.data.scenes import Scene, Thing, make_scenes
from course_lib.experiments.descriptions import CONFUSIONS, MISTAKES, confusion, mistake

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


SCENE = Scene(
    (Thing("cruz", "negro", "grande", 0.2, 0.5), Thing("círculo", "rojo", "grande", 0.8, 0.5))
)


@pytest.mark.parametrize(
    ("kind", "said", "expected"),
    [
        ("color", "negra", "correcta"),
        ("color", "negro", "solo falla el género"),
        ("color", "roja", "de otra figura de la escena"),
        ("color", "verde", "otra cosa"),
        ("color", "", "otra cosa"),
        ("figura", "cruz", "correcta"),
        ("figura", "círculo rojo", "de otra figura de la escena"),
        ("figura", "una cruz", "otra cosa"),
        ("figura", "estrella", "otra cosa"),
    ],
)
def test_whose_is_the_answer(kind, said, expected):
    question = next(q for q in SCENE.questions() if q.kind == kind)
    assert confusion(SCENE, question, said) == expected
    assert expected in CONFUSIONS


def test_other_questions_are_not_judged():
    with pytest.raises(ValueError, match="«contenido»"):
        confusion(SCENE, SCENE.questions()[0], "una cruz")
