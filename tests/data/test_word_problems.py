"""Los problemas se resuelven solos: la expresión, cada paso escrito y la respuesta coinciden."""

from __future__ import annotations

import re
import sys
from collections import Counter
from fractions import Fraction
from importlib.resources import files

import pytest

from course_lib.data import word_problems
from course_lib.data._jsonl import read_rows

STEPS = (1, 2, 3)
STORIES = read_rows("problemas.jsonl")
MANY = {steps: word_problems(400, steps, seed=5) for steps in STEPS}
OPERATION = re.compile(r"(\d+) ([-+×÷]) (\d+) = (\d+)")


def exact(expression):
    """El valor de la expresión, sin redondeos: cada entero se vuelve una fracción."""
    return eval(re.sub(r"\d+", r"Fraction(\g<0>)", expression), {"Fraction": Fraction})


@pytest.mark.parametrize("steps", STEPS)
def test_expression_worked_steps_and_answer_agree(steps):
    for problem in MANY[steps]:
        assert exact(problem.expression) == problem.answer
        told = OPERATION.findall(problem.steps)
        assert len(told) == problem.num_steps == steps
        assert sum(problem.expression.count(op) for op in "+-*/") == steps
        for left, op, right, result in told:
            assert exact(f"{left} {op} {right}".replace("×", "*").replace("÷", "/")) == int(result)
            assert 2 <= int(result) <= 500
        assert int(told[-1][3]) == problem.answer
        assert problem.steps.endswith(f". Respuesta: {problem.answer}")


@pytest.mark.parametrize("steps", STEPS)
def test_the_numbers_used_are_those_of_the_question(steps):
    for problem in MANY[steps]:
        given = set(re.findall(r"\d+", problem.question))
        assert set(re.findall(r"\d+", problem.expression)) == given


@pytest.mark.parametrize("steps", STEPS)
def test_questions_are_distinct_whole_and_spread_over_ten_stories(steps):
    problems = MANY[steps]
    assert len({p.question for p in problems}) == len({p.id for p in problems}) == len(problems)
    assert set(Counter(p.story for p in problems).values()) == {40}
    for problem in problems:
        for text in (problem.question, problem.steps):
            assert not re.search(r"[{}]|  ", text), text
        assert problem.question.count("¿") == problem.question.count("?") == 1


@pytest.mark.parametrize("steps", STEPS)
def test_words_agree_in_gender(steps):
    """«Cuántas» va siempre delante de un femenino, «Cuántos» de un masculino."""
    gender = {thing: g for story in STORIES for thing, g in story["things"].items()}
    gender |= {"páginas": "f", "furgonetas": "f", "personas": "f", "mesas": "f", "cajas": "f"}
    gender |= {"botellas": "f", "asientos": "m", "pasajeros": "m", "pesos": "m", "libros": "m"}
    gender |= {"años": "m", "quedan": "m"}  # «quedan» habla de vasos
    for problem in MANY[steps]:
        ending, noun = re.search(r"[Cc]uánt([oa])s (\w+)", problem.question).groups()
        assert gender[noun] == {"o": "m", "a": "f"}[ending], problem.question


def test_same_seed_same_problems_and_more_keeps_the_first():
    assert word_problems(30, 2, seed=4) == word_problems(30, 2, seed=4)
    assert word_problems(30, 2, seed=4)[:7] == word_problems(7, 2, seed=4)
    assert word_problems(10, 2, seed=4) != word_problems(10, 2, seed=5)


def test_a_known_problem_does_not_move():
    """Si esta cambia, cambiaron los problemas de todos los resultados guardados."""
    problem = word_problems(1, 3, seed=1)[0]
    assert problem.expression == "(186 - (4 * 9)) / 5"
    assert problem.answer == 30


def test_a_thousand_of_each():
    for steps in STEPS:
        assert len(word_problems(1000, steps)) == 1000


@pytest.mark.parametrize("n", [0, -1])
def test_no_problems_is_an_error(n):
    with pytest.raises(ValueError, match="al menos un problema"):
        word_problems(n, 1)


@pytest.mark.parametrize("steps", [0, 4])
def test_unknown_number_of_steps_teaches(steps):
    with pytest.raises(ValueError, match="1, 2 o 3"):
        word_problems(1, steps)


def test_too_many_problems_say_so(monkeypatch):
    module = sys.modules["course_lib.data.word_problems"]  # el paquete expone así la función
    monkeypatch.setattr(module, "TRIES", 0)
    with pytest.raises(ValueError, match="n menor"):
        word_problems(1, 1)


def test_the_card_tells_the_truth():
    card = (files("course_lib.data") / "problemas.md").read_text(encoding="utf-8")
    assert f"{len(STORIES)} historias" in card
    assert Counter(story["steps"] for story in STORIES) == dict.fromkeys(STEPS, 10)
    assert len({story["id"] for story in STORIES}) == len(STORIES)
    for stated in ("con ayuda de un modelo de lenguaje", "## Límites", "CC BY 4.0"):
        assert stated in " ".join(card.split())
