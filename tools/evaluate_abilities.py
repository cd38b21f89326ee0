"""Mide las habilidades del capítulo 4 en los cuatro modelos y graba cada tabla con su procedencia.

    python -m tools.evaluate_abilities --threads 2    # todo: unas dos horas en dos núcleos y 9 GB
    python -m tools.evaluate_abilities steps          # una tabla: context, labels, constraints, steps o votes
    python -m tools.evaluate_abilities --check        # recalcula una fila de cada una con un modelo pequeño

Si se interrumpe, al repetir la orden sigue por donde iba. El modelo de 1.5 B se descarga la primera vez.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from statistics import fmean
from typing import Any

from course_lib import models
from course_lib.abilities import Direct, Evaluation, RankLabels, Task, evaluate, follow
from course_lib.abilities.measures import score_answers
from course_lib.data import load_constrained_prompts
from course_lib.decoding import Sampling
from course_lib.models import LanguageModel
from course_lib.records import Record, Replay, Row

from . import running
from .abilities.choices import (
    CLOSED,
    CONTEXT,
    LARGE,
    MODELS,
    REASONING,
    SHOTS,
    STYLES,
    chat,
    reasoning_task,
    style,
    task,
)
from .recording import Recipe, sources

__all__ = ["RECIPES"]

CHECKED = "gemma-270m"  # el modelo con que se recalcula una fila
VOTES, VOTED = 5, "problemas de 2"
SAMPLE = 2  # problemas votados que se recalculan
LABELS = ("verdaderas", "al azar", "al revés")


@lru_cache(maxsize=1)  # el grande ocupa casi toda la memoria: uno a la vez
def _model(name: str) -> LanguageModel:
    return models.load(name, device="cpu", dtype="float32")


# --- aprender en contexto ---


def context() -> list[Row]:
    """Devuelve una fila por modelo, tarea, número de ejemplos e instrucción (con ella o sin ella)."""
    plan = [
        (model, name, k, instruction)
        for model in MODELS
        for instruction in (True, False)
        for name in CONTEXT
        for k in SHOTS
        if (instruction and model != LARGE) or k in ((0, 4) if model == LARGE else (0, 8))
        if instruction or model != LARGE
    ]
    return running.resume(RECIPES["context"], plan, _context_key, lambda key: [_context(*key)])


def _context_key(row: Row) -> tuple[Any, ...]:
    return row["model"], row["task"], row["k"], row["instruction"]


def _context(model: str, name: str, k: int, instruction: bool) -> Row:
    lm, asked = _model(model), task(name)
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


# --- etiquetas y orden de los ejemplos ---


def labels() -> list[Row]:
    """Devuelve una fila por modelo, tarea cerrada, clase de etiquetas, semilla y orden, con ocho ejemplos."""
    ways = [(how, seed, 0) for how in LABELS for seed in (0, 1, 2)]
    ways += [("verdaderas", 0, order) for order in (1, 2, 3)]
    plan = [
        (model, name, *way)
        for model in MODELS
        for name in CLOSED
        for way in ways
        if model != LARGE or way[2] == 0
    ]
    return running.resume(RECIPES["labels"], plan, _labels_key, lambda key: [_labels(*key)])


def _labels_key(row: Row) -> tuple[Any, ...]:
    return row["model"], row["task"], row["labels"], row["seed"], row["order"]


def _labels(model: str, name: str, how: str, seed: int, order: int) -> Row:
    change: dict[str, Callable[[Task], Task]] = {
        "verdaderas": lambda given: given,
        "al azar": lambda given: given.with_random_labels(seed),
        "al revés": lambda given: given.flipped(),
    }
    asked = change[how](task(name))
    found = evaluate(_model(model), asked, RankLabels(), 8, seed=seed, order=order)
    key = {"model": model, "task": name, "labels": how, "seed": seed, "order": order}
    return {**key, **_results(found)}


# --- seguir instrucciones ---


def constraints() -> list[Row]:
    """Devuelve una fila por modelo e instrucción: lo que contestó y en qué falla."""
    plan = [(model,) for model in MODELS]
    return running.resume(
        RECIPES["constraints"], plan, lambda row: (row["model"],), lambda key: _constraints(*key)
    )


def _constraints(model: str, count: int | None = None) -> list[Row]:
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
        for one in follow(_model(model), asked, chat=chat(model))
    ]


# --- paso a paso ---


def steps() -> list[Row]:
    """Devuelve una fila por modelo, tarea y manera de preguntar."""
    ways = [(name, how) for name in REASONING for how in STYLES]
    ways.remove(("lectura", "dos llamadas"))
    plan = [(model, *way) for model in MODELS for way in ways]
    return running.resume(RECIPES["steps"], plan, _steps_key, lambda key: [_steps(*key)])


def _steps_key(row: Row) -> tuple[Any, ...]:
    return row["model"], row["task"], row["style"]


def _steps(model: str, name: str, how: str, count: int | None = None) -> Row:
    asked, (asking, k) = reasoning_task(name), style(how, name)
    # sin ejemplos, a los que se ajustaron para conversar se les habla con su plantilla
    found = evaluate(
        _model(model),
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


def votes() -> list[Row]:
    """Devuelve, por modelo, cinco desarrollos sorteados de cada problema de dos pasos."""
    plan = [(model,) for model in MODELS]
    return running.resume(
        RECIPES["votes"], plan, lambda row: (row["model"],), lambda key: [_votes(*key)]
    )


def _votes(model: str, count: int | None = None) -> Row:
    asked, (asking, k) = reasoning_task(VOTED), style("con pasos", VOTED)
    found = evaluate(
        _model(model),
        asked,
        asking,
        k,
        items=asked.items[:count],
        strategy=Sampling(temperature=0.7, num_return_sequences=VOTES),
        strict=False,
    )
    return {
        "model": model,
        "task": VOTED,
        "n": found.n,
        "hits": sum(row.right for row in found.rows),
        "right": [int(row.right) for row in found.rows],
        "answers": [list(row.answers) for row in found.rows],
        "sample": [list(row.answers) for row in found.rows[:SAMPLE]],
        "outputs": [[asked.own_part(text).strip() for text in row.outputs] for row in found.rows],
    }


# --- comprobar ---


def _check_context(record: Record) -> list[Replay]:
    where: dict[str, Any] = {"model": CHECKED, "task": "capital", "k": 2, "instruction": True}
    again = _context(*where.values())
    # un empate entre dos tokens puede decidirse distinto en otro procesador
    return [
        record.replay(lambda _: {"hits": again["hits"]}, atol=1, **where),
        record.replay(lambda _: {"logprobs": again["logprobs"]}, atol=0.01, **where),
    ]


def _check_labels(record: Record) -> list[Replay]:
    where = {"task": "sentimiento", "labels": "al revés", "seed": 0, "order": 0}
    return [_hits(record, lambda row: _labels(*_labels_key(row)), **where)]


def _check_constraints(record: Record) -> list[Replay]:
    (again,) = _constraints(CHECKED, 1)
    return [record.replay(lambda _: {"kept": again["kept"]}, model=CHECKED, id=again["id"])]


def _check_steps(record: Record) -> list[Replay]:
    where = {"task": "problemas de 1", "style": "directa"}
    return [_hits(record, lambda row: _steps(*_steps_key(row)), **where)]


def _check_votes(record: Record) -> list[Replay]:
    return [record.replay(lambda _: {"sample": _votes(CHECKED, SAMPLE)["answers"]}, model=CHECKED)]


def _hits(record: Record, compute: Callable[[Row], Row], **where: Any) -> Replay:
    return record.replay(lambda row: {"hits": compute(row)["hits"]}, atol=1, model=CHECKED, **where)


def _recipe(
    name: str,
    title: str,
    rows: Callable[[], list[Row]],
    check: Callable[[Record], list[Replay]],
    notes: str,
    data: str,
) -> Recipe:
    return Recipe(
        name=f"abilities_{name}",
        title=title,
        command=f"python -m tools.evaluate_abilities {name} --threads 2",
        rows=rows,
        check=check,
        files=sources(
            "course_lib/abilities",
            "course_lib/answers.py",
            "course_lib/scoring.py",
            "tools/abilities",
            *data.split(),
        ),
        models=MODELS,
        seed=0,
        settings=lambda: {"max_new_tokens": {h: s.max_new_tokens for h, (s, _) in STYLES.items()}},
        notes=notes,
    )


TASKS, STORIES = "course_lib/data/tareas.jsonl", "course_lib/data/lectura.jsonl"
PROBLEMS = "course_lib/data/word_problems.py course_lib/data/problemas.jsonl"
RECIPES = {
    "context": _recipe(
        "context",
        "Siete tareas con 0 a 8 ejemplos",
        context,
        _check_context,
        "Los ejemplos son los mismos para todos los modelos. tokens y logprobs se miden sobre la respuesta correcta.",
        TASKS,
    ),
    "labels": _recipe(
        "labels",
        "Ocho ejemplos con etiquetas verdaderas, al azar o al revés",
        labels,
        _check_labels,
        "Se elige la etiqueta más probable. seed: qué ejemplos; order: otro orden de los mismos.",
        TASKS,
    ),
    "constraints": _recipe(
        "constraints",
        "Noventa instrucciones con una restricción comprobable",
        constraints,
        _check_constraints,
        "Los modelos ajustados, con su plantilla de conversación; el base, con «Instrucción:» y «Respuesta:».",
        "course_lib/data/restricciones.jsonl course_lib/data/constraints.py course_lib/data/_checks.py",
    ),
    "steps": _recipe(
        "steps",
        "Problemas e historias, con respuesta directa o paso a paso",
        steps,
        _check_steps,
        "directa y con pasos llevan los mismos cuatro ejemplos; dos llamadas, ninguno.",
        f"{PROBLEMS} {STORIES}",
    ),
    "votes": _recipe(
        "votes",
        "Cinco desarrollos sorteados por problema, y su voto",
        votes,
        _check_votes,
        "Temperatura 0.7. right es el acierto de la respuesta más votada.",
        PROBLEMS,
    ),
}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
