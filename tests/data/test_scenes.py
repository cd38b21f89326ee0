"""Las escenas: lo que se dibuja es lo que se dice, y las partes no comparten combinaciones."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from course_lib.data.scenes import (
    COLORS,
    COMBINATIONS,
    KINDS,
    SHAPES,
    Scene,
    Thing,
    make_scenes,
)

SPLITS = tuple(COMBINATIONS)
SCENES = [scene for split in SPLITS for scene in make_scenes(150, split, seed=3)]


def rgb(color: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(color.removeprefix("#")))


def test_splits_share_no_combination():
    sets = [set(COMBINATIONS[split]) for split in SPLITS]
    assert not any(a & b for a, b in itertools.combinations(sets, 2))
    assert len(set.union(*sets)) == len(SHAPES) * len(COLORS)


def test_training_knows_every_shape_and_every_color():
    """Lo nuevo es la combinación: cada figura y cada color de las otras partes se vio con otros."""
    shapes, colors = zip(*COMBINATIONS["train"], strict=True)
    assert set(shapes) == set(SHAPES) and set(colors) == set(COLORS)


@pytest.mark.parametrize("split", SPLITS)
def test_scenes_only_have_the_combinations_of_their_split(split):
    found = {(t.shape, t.color) for scene in make_scenes(400, split) for t in scene.things}
    assert found == set(COMBINATIONS[split])


def test_same_seed_same_scenes_and_another_seed_others():
    assert make_scenes(20, seed=4) == make_scenes(20, seed=4)
    assert make_scenes(20, seed=4) != make_scenes(20, seed=5)
    assert make_scenes(30, seed=4)[:20] == make_scenes(20, seed=4)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_the_number_of_things_can_be_fixed(number):
    assert {len(scene.things) for scene in make_scenes(50, things=number)} == {number}


def test_training_almost_never_repeats_a_scene():
    captions = [scene.things for scene in make_scenes(3000)]
    assert len(set(captions)) == len(captions)


def test_things_do_not_touch_nor_leave_the_image():
    for scene in SCENES:
        for thing in scene.things:
            assert thing.radius <= thing.x <= 1 - thing.radius
            assert thing.radius <= thing.y <= 1 - thing.radius
        for one, other in itertools.combinations(scene.things, 2):
            assert math.dist((one.x, one.y), (other.x, other.y)) > one.radius + other.radius


def test_the_drawing_has_what_the_caption_says():
    """En el centro de cada figura está su color, y en la imagen no hay otros (salvo los bordes)."""
    for scene in SCENES[::9]:
        pixels = np.array(scene.draw())
        for thing in scene.things:
            where = pixels[round(thing.y * 224), round(thing.x * 224)]
            assert tuple(where) == rgb(COLORS[thing.color]), thing
        known = {rgb(scene.background), *(rgb(COLORS[t.color]) for t in scene.things)}
        same = np.array([[tuple(p) in known for p in row] for row in pixels.tolist()])
        assert same.mean() > 0.95


def test_shapes_look_different():
    """Seis figuras del mismo color y en el mismo lugar dan seis imágenes muy distintas."""
    drawn = [
        np.array(Scene((Thing(shape, "rojo", "grande", 0.5, 0.5),)).draw(), dtype=int)
        for shape in SHAPES
    ]
    for one, other in itertools.combinations(drawn, 2):
        assert (np.abs(one - other).sum(axis=-1) > 60).mean() > 0.01


def test_answers_are_right_and_unique():
    for scene in SCENES:
        questions = scene.questions()
        assert len({q.text for q in questions}) == len(questions)
        assert all(q.kind in KINDS for q in questions)
        by_kind = {kind: [q for q in questions if q.kind == kind] for kind in KINDS}
        assert by_kind["contenido"][0].answer == scene.caption
        for thing, color, shape, size in zip(
            scene.things, by_kind["color"], by_kind["figura"], by_kind["tamaño"], strict=True
        ):
            assert color.answer[:3] == thing.color[:3] and thing.shape in color.text
            assert shape.answer == thing.shape and thing.color in shape.text
            assert size.answer[:5] == thing.size[:5]
        names = ("una", "dos", "tres", "cuatro")
        assert [q.answer for q in by_kind["cuántas"]] == [names[len(scene.things) - 1]]


def test_positions_agree_with_the_drawing():
    for scene in SCENES:
        found = [q for q in scene.questions() if q.kind == "posición"]
        assert len(found) == (2 if len(scene.things) == 2 else 0)
        for question, (one, other) in zip(found, (scene.things, scene.things[::-1]), strict=False):
            right = {
                "a la izquierda": one.x < other.x,
                "a la derecha": one.x > other.x,
                "arriba": one.y < other.y,
                "abajo": one.y > other.y,
            }
            assert right[question.answer]
            assert question.text.index(one.shape) < question.text.index(other.shape)


def test_everything_agrees_in_gender():
    scene = Scene(
        (Thing("estrella", "rojo", "pequeño", 0.2, 0.5), Thing("cruz", "azul", "grande", 0.8, 0.5))
    )
    assert scene.caption == "una estrella roja y una cruz azul"
    texts = {q.text: q.answer for q in scene.questions()}
    assert texts["¿De qué color es la estrella?"] == "roja"
    assert texts["¿De qué tamaño es la estrella?"] == "pequeña"
    assert texts["¿Dónde está la cruz respecto de la estrella?"] == "a la derecha"


@pytest.mark.parametrize(
    ("options", "fragment"),
    [
        ({"split": "test"}, "No hay una parte «test»"),
        ({"things": 5}, "de 1 a 4"),
        ({"things": 0}, "de 1 a 4"),
        ({"number": -1}, "de 0 en adelante"),
    ],
)
def test_impossible_requests_are_explained(options, fragment):
    with pytest.raises(ValueError, match=fragment):
        make_scenes(**{"number": 1, **options})
