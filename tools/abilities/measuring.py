"""Cómo se mide cada habilidad: una función por tabla, que devuelve su fila."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean

from course_lib.abilities import Direct, Evaluation, RankLabels, Task, evaluate, follow
from course_lib.abilities.measures import score_answers
from course_lib.data import load_constrained_prompts
from course_lib.records import Row

from ..loaded import loaded
from .choices import chat, reasoning_task, style, task

__all__ = ["constraints", "context", "labels", "steps"]


def context(model: str, name: str, k: int, instruction: bool) -> Row:
    """Devuelve los aciertos de un modelo en una tarea con `k` ejemplos, y lo mismo con una vara sin filo.

    `instruction`: si se le dice qué hacer.
    """
    lm, asked = loaded(model), task(name)
    found = evaluate(lm, asked, Direct(max_new_tokens=8), k, instruction=instruction, strict=False)
    scores = score_answers(lm, [r.prompt for r in found.rows], [r.item.answer for r in found.rows])
    return {
        "model": model,
        "task": name,
        "k": k,
        "instruction": instruction,
        **_results(found),
        # lo mismo con una vara sin filo: dados los tokens verdaderos de la respuesta
        "tokens": [round(fmean(score.greedy), 3) for score in scores],
        "logprobs": [round(score.mean_logprob, 3) for score in scores],
    }


def _results(found: Evaluation) -> Row:
    return {
        "n": found.n,
        "hits": sum(row.right for row in found.rows),
        "right": [int(row.right) for row in found.rows],
        "outputs": [row.outputs[0] for row in found.rows],
    }


def labels(model: str, name: str, how: str, seed: int, order: int) -> Row:
    """Devuelve los aciertos con ocho ejemplos cuyas etiquetas son verdaderas, al azar o al revés (`how`).

    `seed` sortea los ejemplos y `order` los reordena.
    """
    change: dict[str, Callable[[Task], Task]] = {
        "verdaderas": lambda given: given,
        "al azar": lambda given: given.with_random_labels(seed),
        "al revés": lambda given: given.flipped(),
    }
    asked = change[how](task(name))
    found = evaluate(loaded(model), asked, RankLabels(), 8, seed=seed, order=order)
    key = {"model": model, "task": name, "labels": how, "seed": seed, "order": order}
    return {**key, **_results(found)}


def constraints(model: str, count: int | None = None) -> list[Row]:
    """Devuelve lo que `model` contesta a cada instrucción (las `count` primeras, o todas) y en qué falla."""
    asked = load_constrained_prompts()[:count]
    return [
        {
            "model": model,
            "id": one.asked.id,
            "kind": one.asked.constraint.kind,
            "output": one.output,
            "kept": one.kept,
            "problem": one.problem,
        }
        for one in follow(loaded(model), asked, chat=chat(model))
    ]


def steps(model: str, name: str, how: str, count: int | None = None) -> Row:
    """Devuelve lo que `model` contesta a una tarea de razonamiento preguntada de la manera `how`.

    `count`: cuántos ítems (todos, si se omite).
    """
    asked, (asking, k) = reasoning_task(name), style(how, name)
    # sin ejemplos, a los que se ajustaron para conversar se les habla con su plantilla
    found = evaluate(
        loaded(model),
        asked,
        asking,
        k,
        items=asked.items[:count],
        chat=k == 0 and chat(model),
        strict=False,
    )
    row = {"model": model, "task": name, "style": how, **_results(found)}
    own = [asked.own_part(output).strip() for output in row["outputs"]]
    missing = sum(r.answer is None for r in found.rows)
    return {**row, "outputs": own, "answers": [r.answer for r in found.rows], "missing": missing}
