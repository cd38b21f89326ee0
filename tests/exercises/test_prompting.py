"""Los correctores de 05_prompting, frente a stubs, soluciones y respuestas equivocadas."""

from collections import Counter

import pytest

from course_lib.exercises import chapter_exercises
from tests.exercises.conftest import functions_of
from tests.exercises.wrong_prompting import WRONG

CHAPTER = "05_prompting"
EXERCISES = chapter_exercises(CHAPTER)
SEEDS = [*range(3), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(3, 30))]
MISTAKES = [(exercise, mistake) for exercise in EXERCISES for mistake in exercise.misconceptions]

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.key)
each_seed = pytest.mark.parametrize("seed", SEEDS)


@pytest.fixture(scope="module")
def stubs():
    return functions_of("ejercicios", CHAPTER)


@pytest.fixture(scope="module")
def solutions():
    return functions_of("soluciones", CHAPTER)


@each_exercise
def test_stub_is_pending(exercise, stubs):
    result = exercise.comprobar(stubs[exercise.key])
    assert result.status == "pendiente" and not result.failures


@each_seed
@each_exercise
def test_solution_is_correct(exercise, seed, solutions):
    result = exercise.comprobar(solutions[exercise.key], seed=seed)
    assert result.ok, result
    assert result.passed == result.total


@each_exercise
def test_solution_is_correct_with_a_fresh_seed(exercise, solutions):
    assert exercise.comprobar(solutions[exercise.key]).ok


@each_seed
@pytest.mark.parametrize(
    ("key", "function", "said"), WRONG, ids=[function.__name__ for _, function, _ in WRONG]
)
def test_wrong_answer_gets_its_hint(key, function, said, seed, monkeypatch):
    monkeypatch.setattr("course_lib.exercises.calling.SECONDS", 0.3)
    exercise = next(exercise for exercise in EXERCISES if exercise.key == key)
    result = exercise.comprobar(function, seed=seed)
    assert result.status == "incorrecto"
    assert said in repr(result)
    assert 0 <= result.passed < result.total


def test_every_exercise_has_three_wrong_answers():
    counts = Counter(key for key, _, _ in WRONG)
    assert all(counts[exercise.key] >= 3 for exercise in EXERCISES)


@each_seed
@pytest.mark.parametrize(
    ("exercise", "mistake"), MISTAKES, ids=[f"{e.key}-{m.name}" for e, m in MISTAKES]
)
def test_each_misconception_is_named_and_not_confused(exercise, mistake, seed):
    result = exercise.comprobar(mistake.wrong, seed=seed)
    assert result.status == "incorrecto"
    assert result.mistake == mistake.name


@each_exercise
def test_card_is_complete(exercise):
    assert exercise.chapter == CHAPTER
    assert exercise.minutes >= 10 and exercise.difficulty in (1, 2, 3)
    assert len(exercise.hints) == 2 and exercise.pista(1).text != exercise.pista(2).text
    for text in (exercise.title, exercise.objective, exercise.section):
        assert text in exercise._repr_html_()


@each_exercise
def test_smallest_example_comes_first(exercise):
    """Ante una respuesta siempre mala, el ejemplo mostrado es el más pequeño de todos."""
    from course_lib.exercises.checking import _draw_cases
    from course_lib.exercises.values import describe

    smallest = _draw_cases(exercise, 0)[0]
    result = exercise.comprobar(lambda *args: "mal", seed=0)
    for value in smallest:
        assert describe(value) in result.failures[0].example
