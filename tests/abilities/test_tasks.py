"""Las tareas del curso llegan enteras, y una instrucción cumplida se distingue de una que no."""

from __future__ import annotations

import pytest

from course_lib import data
from course_lib.abilities import Item, Task, WorkedSteps, follow, grade, load_task, problem_task


@pytest.mark.parametrize("name", data.TASK_NAMES)
def test_every_task_of_the_course(name):
    task, rows = load_task(name, n=40), data.load_task_rows(name)
    assert [item.question for item in task.items] == [row.question for row in rows.items[:40]]
    assert len(load_task(name).items) == len(rows.items) and len(task.pool) == len(rows.pool)
    assert task.chance == (
        1 / 3 if name == "lectura" else 1 / len(task.labels) if task.labels else 0
    )


def test_also_right():
    item = Item("¿Dónde está?", "bolso", also=("en el bolso",))
    assert item.accepts("En el bolso.") and item.accepts("BOLSO")
    assert not item.accepts("saco") and not item.accepts(None)
    task = Task("t", "t", "", [item], choices=3)
    assert grade(task, ["p"], [(" en el bolso",)]).accuracy == 1.0


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_worked_problems_end_in_their_answer(steps):
    task = problem_task(steps, n=20)
    assert len({item.question for item in (*task.items, *task.pool)}) == 28
    shots = task.examples(4)
    prompt = WorkedSteps().prompt(task, task.items[0], shots).text
    for shot in shots:
        assert prompt.count(f"{shot.steps} Respuesta: {shot.answer}\n") == 1
    assert prompt.count("Respuesta:") == 4 and prompt.endswith("Solución:")


@pytest.mark.models
def test_following_is_what_the_constraint_says(smollm):
    prompts = data.load_constrained_prompts("sin comas")[:3]
    found = follow(smollm, prompts, chat=True, max_new_tokens=5)
    assert [one.asked for one in found] == prompts
    for one in found:
        assert one.problem == one.asked.constraint.check(one.output)
        assert one.kept == (one.problem is None)
    plain = follow(smollm, prompts, chat=False, max_new_tokens=5)
    assert [one.output for one in plain] != [one.output for one in found]
