"""Respuestas escritas sin mirar los correctores: ninguna correcta se rechaza y casi ninguna mala pasa."""

from __future__ import annotations

from importlib import import_module

import pytest

from course_lib.exercises import CHAPTERS, chapter_exercises
from tests.exercises.conftest import english_in
from tests.exercises.seeds import with_seeds

pytestmark = pytest.mark.usefixtures("each_draw_once")

EXERCISES = {e.key: e for chapter in CHAPTERS for e in chapter_exercises(chapter)}

# Las que pasan y por qué. La lista solo puede acortarse.
UNNOTICED = {
    "pmi_exp_of_difference": "solo falla si la entrada multiplica la probabilidad por más de e⁷⁰⁰",
    "penalty_mask_with_infinities": "solo falla con −∞ en la entrada, que el enunciado no da",
    "search_probabilities_underflow": "solo falla con más de cien pasos: tardaría un segundo",
    "top_p_keeps_one_extra_at_exact_sum": "solo falla si la suma es exacta: lo decide el redondeo",
    "template_empty_entry_counts_as_mark": "solo falla con una entrada vacía, que el enunciado no fija",
    "template_index_error_on_empty_entry": "solo falla con una entrada vacía, que el enunciado no fija",
}


def answers(kind: str) -> list:
    modules = [import_module(f"tests.exercises.blind.{topic}") for topic in CHAPTERS.values()]
    return [pair for module in modules for pair in getattr(module, kind)]


def each(kind: str):
    cases = ((f"{key}-{f.__name__}", key, f) for key, f in answers(kind))
    return pytest.mark.parametrize(("key", "function", "seeds"), with_seeds(cases, total=10))


@each("WRONG")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # una corrutina que nadie espera
def test_a_wrong_answer_does_not_pass(key, function, seeds):
    expected = "correcto" if function.__name__ in UNNOTICED else "incorrecto"
    for seed in seeds:
        result = EXERCISES[key].comprobar(function, seed=seed)
        assert result.status == expected, (seed, result)
        assert not english_in(result), (seed, result)


@each("RIGHT")
def test_a_right_answer_is_not_rejected(key, function, seeds):
    for seed in seeds:
        result = EXERCISES[key].comprobar(function, seed=seed)
        assert result.ok, (seed, result)


def test_at_most_three_in_a_hundred_pass():
    assert len(UNNOTICED) / len(answers("WRONG")) <= 0.03
