"""Las tareas del curso, listas para preguntar: de las filas de `data` a una `Task`."""

from __future__ import annotations

from collections.abc import Iterable

from .. import data
from .task import Item, Task

__all__ = ["load_task", "problem_task"]


def load_task(name: str, n: int | None = None) -> Task:
    """Devuelve la tarea `name`, una de `data.TASK_NAMES`, con sus primeros `n` ítems (todos, si se omite).

    >>> load_task("plural", n=3).items[0].question
    'raíz'
    """
    rows = data.load_task_rows(name)
    choices = {len(row.options) for row in rows.items}
    return Task(
        rows.name,
        rows.title,
        rows.instruction,
        _items(rows.items[:n]),
        _items(rows.pool),
        rows.labels,
        rows.question_label,
        rows.answer_label,
        choices=min(choices),
    )


def problem_task(steps: int, n: int = 20, seed: int = 0) -> Task:
    """Devuelve `n` problemas de enunciado de `steps` pasos, sorteados con `seed`, y otros ocho de ejemplo.

    >>> task = problem_task(2, n=5)
    >>> len(task.items), len(task.pool), task.chance
    (5, 8, 0.0)
    """
    asked = data.word_problems(n, steps, seed)
    known = {problem.question for problem in asked}
    pool = [p for p in data.word_problems(16, steps, seed + 1) if p.question not in known][:8]
    items, shots = ([_problem(problem) for problem in group] for group in (asked, pool))
    return Task(
        f"problemas de {steps}",
        f"Problemas de {steps} {'paso' if steps == 1 else 'pasos'}",
        "Resuelve el problema.",
        tuple(items),
        tuple(shots),
        question_label="Problema",
        answer_label="Solución",
    )


def _items(rows: Iterable[data.TaskRow]) -> tuple[Item, ...]:
    return tuple(
        Item(row.question, row.answer, _before_the_mark(row.steps), row.id, row.also)
        for row in rows
    )


def _problem(problem: data.Problem) -> Item:
    steps = _before_the_mark(problem.steps)
    return Item(problem.question, str(problem.answer), steps, problem.id)


def _before_the_mark(steps: str) -> str:
    return steps.rpartition("Respuesta:")[0].strip()
