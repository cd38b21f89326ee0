"""Los ejemplos se sortean hasta separar todos los errores conocidos."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
import torch

from course_lib.exercises import CHAPTERS, chapter_exercises
from course_lib.exercises.core import drawing
from course_lib.exercises.core.checking import check
from course_lib.exercises.core.drawing import confused, draw
from course_lib.exercises.core.exercise import Exercise, Misconception

EXERCISES = [one for chapter in CHAPTERS for one in chapter_exercises(chapter)]


def rarely_different(generator):
    """Uno de cada cuatro sorteos trae un 3; los demás no separan nada."""
    return [([1, 2],), (torch.randint(0, 4, (1,), generator=generator).tolist(),)]


def capped(numbers):
    return [min(number, 2) for number in numbers]


def demo(**changes):
    base = Exercise(
        key="same", chapter="demo", title="Igual", objective="Igual.", difficulty=1, minutes=10,
        section="Listas", hints=("Una.", "Otra."), idea="Copia.", cases=rarely_different,
        reference=lambda numbers: list(numbers),
    )  # fmt: skip
    return replace(base, **changes)


def passes(exercise, function, seeds=range(20)):
    return [seed for seed in seeds if check(exercise, function, seed).ok]


def test_without_catalogue_a_uniform_draw_lets_it_pass():
    """Control: con dos sorteos solos, el tope pasa a menudo."""
    assert len(passes(demo(), capped)) > 4


@pytest.mark.parametrize(
    "fields",
    [
        {"misconceptions": (Misconception("Tope", "Sin tope.", capped),)},
        {"distinguish": (capped,)},
    ],
)
def test_it_is_drawn_again_until_the_mistake_shows(monkeypatch, fields):
    monkeypatch.setattr(drawing, "REDRAWS", 40)
    exercise = demo(**fields)
    assert passes(exercise, capped) == []
    assert all(confused(exercise, draw(exercise, seed)) == [] for seed in range(20))


def test_two_mistakes_are_told_apart(monkeypatch):
    monkeypatch.setattr(drawing, "REDRAWS", 40)
    exercise = demo(
        misconceptions=(
            Misconception("Tope dos", "Sin tope.", capped),
            Misconception("Tope uno", "Sin tope.", lambda n: [min(x, 1) for x in n]),
        )
    )
    for seed in range(20):
        assert check(exercise, capped, seed).mistake == "Tope dos"


def test_only_useful_examples_are_added_and_the_end_is_bounded():
    drawn = []

    def cases(generator):
        drawn.append(1)
        return rarely_different(generator)

    hopeless = demo(cases=cases, distinguish=(lambda numbers: list(numbers),))
    examples = draw(hopeless, 0)
    assert len(drawn) == 2 + drawing.REDRAWS
    assert len(examples) == 3, "el fijo, que no se repite, y uno de cada sorteo"
    assert confused(hopeless, examples) == ["distinguish[0] se confunde con la referencia"]


def test_the_same_seed_draws_the_same():
    first, second = (draw(EXERCISES[0], 5) for _ in range(2))
    assert [one.args for one in first] == [one.args for one in second]


def test_a_mistake_that_changes_its_arguments_spoils_nothing():
    def destroys(numbers):
        numbers.clear()
        return []

    exercise = demo(misconceptions=(Misconception("Vacía", "No.", destroys),))
    assert all(one.args[0] for one in draw(exercise, 0))
    assert check(exercise, lambda numbers: list(numbers)).ok


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
def test_every_mistake_of_the_course_is_told_apart(exercise):
    for seed in range(3):
        assert confused(exercise, draw(exercise, seed)) == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: e.key)
def test_a_check_is_quick(exercise):
    """Menos de 0.3 s de procesador en el mejor de diez intentos: el resto es la carga del equipo."""

    def seconds():
        start = time.process_time()
        check(exercise, exercise.reference, 0)
        return time.process_time() - start

    assert any(seconds() < 0.3 for _ in range(10))
