"""Los correctores de cada capítulo, frente a stubs, soluciones y respuestas equivocadas."""

from collections import Counter
from importlib import import_module

import pytest

from course_lib.exercises import CHAPTERS, chapter_exercises
from tests.exercises.conftest import english_in, functions_of
from tests.exercises.seeds import ALL, QUICK, with_seeds

pytestmark = pytest.mark.usefixtures("each_draw_once")

EXERCISES = {e.key: e for chapter in CHAPTERS for e in chapter_exercises(chapter)}
MISTAKES = [
    (exercise, mistake) for exercise in EXERCISES.values() for mistake in exercise.misconceptions
]
WRONG = [
    case
    for topic in CHAPTERS.values()
    for case in import_module(f"tests.exercises.wrong_{topic}").WRONG
]

each_exercise = pytest.mark.parametrize(
    "exercise", EXERCISES.values(), ids=lambda e: f"{e.chapter}-{e.key}"
)


@pytest.fixture(scope="module")
def stubs():
    return {chapter: functions_of("ejercicios", chapter) for chapter in CHAPTERS}


@pytest.fixture(scope="module")
def solutions():
    return {chapter: functions_of("soluciones", chapter) for chapter in CHAPTERS}


def test_no_two_exercises_share_a_name():
    assert len(EXERCISES) == sum(len(chapter_exercises(chapter)) for chapter in CHAPTERS)


@each_exercise
def test_stub_is_pending(exercise, stubs):
    result = exercise.comprobar(stubs[exercise.chapter][exercise.key])
    assert result.status == "pendiente" and not result.failures


@pytest.mark.parametrize(
    "seeds", [range(QUICK), pytest.param(range(QUICK, ALL), marks=pytest.mark.slow)], ids=str
)
@each_exercise
def test_solution_is_correct(exercise, seeds, solutions):
    for seed in seeds:
        result = exercise.comprobar(solutions[exercise.chapter][exercise.key], seed=seed)
        assert result.ok, (seed, result)
        assert result.passed == result.total


@each_exercise
def test_solution_is_correct_with_a_fresh_seed(exercise, solutions):
    assert exercise.comprobar(solutions[exercise.chapter][exercise.key]).ok


@pytest.mark.parametrize(
    ("key", "function", "said", "seeds"),
    with_seeds((f"{key}-{f.__name__}", key, f, said) for key, f, said in WRONG),
)
def test_wrong_answer_gets_its_hint(key, function, said, seeds, monkeypatch):
    if said == "no terminó":  # se sabe de antemano: no hace falta esperar tanto
        monkeypatch.setattr("course_lib.exercises.core.calling.SECONDS", 0.3)
    for seed in seeds:
        result = EXERCISES[key].comprobar(function, seed=seed)
        assert result.status == "incorrecto", seed
        assert said in repr(result), seed
        assert not english_in(result), seed
        assert 0 <= result.passed < result.total, seed


@each_exercise
def test_every_exercise_has_three_wrong_answers(exercise):
    assert Counter(key for key, _, _ in WRONG)[exercise.key] >= 3


@pytest.mark.parametrize(
    ("exercise", "mistake", "seeds"), with_seeds((f"{e.key}-{m.name}", e, m) for e, m in MISTAKES)
)
def test_each_misconception_is_named_and_not_confused(exercise, mistake, seeds):
    for seed in seeds:
        result = exercise.comprobar(mistake.wrong, seed=seed)
        assert result.status == "incorrecto", seed
        assert result.mistake == mistake.name, seed


@each_exercise
def test_card_is_complete(exercise):
    assert exercise.chapter in CHAPTERS
    assert exercise.minutes >= 10 and exercise.difficulty in (1, 2, 3)
    assert len(exercise.hints) == 2 and exercise.pista(1).text != exercise.pista(2).text
    for text in (exercise.title, exercise.objective, exercise.section):
        assert text in exercise._repr_html_()


@each_exercise
def test_smallest_example_comes_first(exercise):
    """Ante una respuesta siempre mala, el ejemplo mostrado es el más pequeño de todos."""
    from course_lib.exercises.core.checking import _draw_cases
    from course_lib.exercises.core.values import describe

    smallest = _draw_cases(exercise, 0)[0]
    result = exercise.comprobar(lambda *args: "mal", seed=0)
    for value in smallest:
        assert describe(value) in result.failures[0].example
