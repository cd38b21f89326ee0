"""Mide las habilidades del capítulo 4 en los cuatro modelos y graba cada tabla con su procedencia.

    python -m tools.evaluate_abilities --threads 2    # todo: unas dos horas en dos núcleos y 9 GB
    python -m tools.evaluate_abilities steps          # una tabla: context, labels, constraints, steps o votes
    python -m tools.evaluate_abilities --check        # recalcula una fila de cada una con un modelo pequeño

Si se interrumpe, al repetir la orden sigue por donde iba. El modelo de 1.5 B se descarga la primera vez.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from course_lib.records import Record, Replay, Row

from . import running
from .abilities import measuring
from .abilities.choices import (
    CLOSED,
    CONTEXT,
    LARGE,
    MODELS,
    REASONING,
    SHOTS,
    SMALL,
    STYLES,
)
from .abilities.votes import VOTED, votes
from .recording import Recipe, same_outputs, sources

__all__ = ["RECIPES"]

CHECKED = "gemma-270m"  # el modelo con que se recalcula una fila
LABELS = ("verdaderas", "al azar", "al revés")


# --- aprender en contexto ---


def context() -> list[Row]:
    """Devuelve una fila por modelo, tarea, número de ejemplos e instrucción (con ella o sin ella)."""
    plan = [
        (model, name, k, instruction)
        for model in MODELS
        for instruction in (True, False)
        for name in CONTEXT
        for k in SHOTS
        if k in _shots(model, instruction)
    ]
    return running.resume(
        RECIPES["context"], plan, _context_key, lambda key: [measuring.context(*key)]
    )


def _shots(model: str, instruction: bool) -> tuple[int, ...]:
    """Con cuántos ejemplos se mide cada modelo: el mayor no se mide, y sin instrucción, solo los pequeños."""
    if instruction:
        return () if model == LARGE else SHOTS
    return (0, 8) if model in SMALL else ()


def _context_key(row: Row) -> tuple[Any, ...]:
    return row["model"], row["task"], row["k"], row["instruction"]


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
        if model in SMALL or (way[2] == 0 and model != LARGE)
    ]
    return running.resume(
        RECIPES["labels"], plan, _labels_key, lambda key: [measuring.labels(*key)]
    )


def _labels_key(row: Row) -> tuple[Any, ...]:
    return row["model"], row["task"], row["labels"], row["seed"], row["order"]


# --- seguir instrucciones ---


def constraints() -> list[Row]:
    """Devuelve una fila por modelo e instrucción: lo que contestó y en qué falla."""
    plan = [(model,) for model in MODELS]
    return running.resume(
        RECIPES["constraints"],
        plan,
        lambda row: (row["model"],),
        lambda key: measuring.constraints(*key),
    )


# --- paso a paso ---


def steps() -> list[Row]:
    """Devuelve una fila por modelo, tarea y manera de preguntar."""
    ways = [(name, how) for name in REASONING for how in STYLES]
    ways.remove(("lectura", "dos llamadas"))
    plan = [
        (model, *way)
        for model in MODELS
        for way in ways
        if model != LARGE or (way[0] != "lectura" and way[1] != "dos llamadas")
    ]
    return running.resume(RECIPES["steps"], plan, _steps_key, lambda key: [measuring.steps(*key)])


def _steps_key(row: Row) -> tuple[Any, ...]:
    return row["model"], row["task"], row["style"]


# --- votar ---


def vote_rows() -> list[Row]:
    """Devuelve una fila por modelo y tarea: cinco textos sorteados por problema."""
    return running.resume(
        RECIPES["votes"],
        list(VOTED),
        lambda row: (row["model"], row["task"]),
        lambda key: [votes(*key)],
    )


# --- comprobar ---


def _check_context(record: Record) -> list[Replay]:
    where: dict[str, Any] = {"model": CHECKED, "task": "capital", "k": 2, "instruction": True}
    again = measuring.context(*where.values())
    # un empate entre dos tokens puede decidirse distinto en otro procesador
    return [
        record.replay(lambda _: {"hits": again["hits"]}, atol=1, **where),
        record.replay(lambda _: {"logprobs": again["logprobs"]}, atol=0.01, **where),
    ]


def _check_labels(record: Record) -> list[Replay]:
    where = {"task": "sentimiento", "labels": "al revés", "seed": 0, "order": 0}
    return [_hits(record, lambda row: measuring.labels(*_labels_key(row)), **where)]


def _check_constraints(record: Record) -> list[Replay]:
    (again,) = measuring.constraints(CHECKED, 1)
    return [record.replay(lambda _: {"kept": again["kept"]}, model=CHECKED, id=again["id"])]


def _check_steps(record: Record) -> list[Replay]:
    where = {"task": "problemas de 1", "style": "directa"}
    return [_hits(record, lambda row: measuring.steps(*_steps_key(row)), **where)]


def _check_votes(record: Record) -> list[Replay]:
    model, name = VOTED[0]
    return [same_outputs(record, votes(model, name, 1)["outputs"], model=model, task=name)]


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
            "course_lib/decoding",
            "tools/abilities",
            *data.split(),
        ),
        models=MODELS,
        seed=0,
        settings=lambda: {"max_new_tokens": {h: s.max_new_tokens for h, (s, _) in STYLES.items()}},
        notes=notes,
    )


ASKED = "course_lib/data/tasks.py"
TASKS, STORIES = f"{ASKED} course_lib/data/tareas.jsonl", f"{ASKED} course_lib/data/lectura.jsonl"
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
        "Cinco desarrollos sorteados por problema",
        vote_rows,
        _check_votes,
        "Temperatura 0.7, sin filtros, y la misma semilla en cada problema.",
        PROBLEMS,
    ),
}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
