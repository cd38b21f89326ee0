"""El verificador hace de nuevo cada cuenta y no mira nada más."""

from __future__ import annotations

import pytest

from course_lib.answers import best_of_n
from course_lib.data.word_problems import word_problems
from course_lib.experiments.verifier import written_sums


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("2 + 3 = 5", 1),
        ("2+3=6 y 4 × 5 = 20", 0.5),
        ("10 − 12 = -2", 1),
        ("7*8=56, 7 x 8 = 57", 0.5),
        ("12 ÷ 4 = 3, y 5 ÷ 0 = 0", 0.5),
        ("Son muchos: 12.", 0),
        ("", 0),
    ],
)
def test_each_sum_is_done_again(text, share):
    assert written_sums(text) == share


def test_every_worked_solution_passes():
    problems = [problem for steps in (1, 2, 3) for problem in word_problems(30, steps)]
    assert {written_sums(problem.steps) for problem in problems} == {1}


def test_it_chooses_among_several():
    texts = ["3 + 4 = 8. Respuesta: 8", "3 + 4 = 7. Respuesta: 7", "Respuesta: 9"]
    assert best_of_n(texts, written_sums) == texts[1]
