"""De las tablas grabadas del capítulo a lo que muestra el laboratorio «¿Emerge?»."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache
from typing import Any

from .. import models
from ..abilities import Task, load_task
from ..experiments import sums
from ..records import Record, Row

__all__ = ["emergence_runs"]

_WAYS = {"directa": "directa", "pasos": "con pasos"}
_task = cache(load_task)


def emergence_runs(
    names: Mapping[str, str], *, shots: Collection[int] | None = None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Devuelve los dos primeros argumentos de `emergence_lab`, sacados de las tablas grabadas.

    `names` es {nombre en el catálogo: el que se muestra}; `shots`, con cuántos ejemplos (todos los
    medidos, si se omite). Las tareas en contexto salen de «abilities_context», con instrucción, y la familia
    que suma, de «addition».
    """
    rows = Record.load("abilities_context").where(instruction=True)
    evaluations = [
        {
            "model": names[row["model"]],
            "parameters": models.card(row["model"]).parameters,
            "family": "Qwen" if "qwen" in row["model"] else None,
            "task": _task(row["task"]).title,
            "k": row["k"],
            "chance": _task(row["task"]).chance,
            "outputs": _outputs(_task(row["task"]), row),
        }
        for row in rows
        if shots is None or row["k"] in shots
    ]
    right = [str(a + b) for a, b in sums.held_out()]
    family = [
        {
            "parameters": row["parameters"],
            "way": _WAYS[row["way"]],
            "seed": row["seed"],
            "loss": row["answer_loss"],
            "prefix": sums.prefix_accuracy(row["answers"].split(" "), right),
        }
        for row in Record.load("addition").rows
    ]
    return evaluations, family


def _outputs(task: Task, row: Row) -> list[dict[str, Any]]:
    columns = (row[name] for name in ("outputs", "right", "tokens", "logprobs"))
    return [
        {
            "question": item.question,
            "answer": item.answer,
            "output": task.own_part(output).strip(),
            "right": bool(right),
            "tokens": tokens,
            "logprob": logprob,
        }
        for item, output, right, tokens, logprob in zip(
            task.items[: row["n"]], *columns, strict=True
        )
    ]
