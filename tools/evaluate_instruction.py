"""Mide el modelo ajustado antes y después, y frente a los del catálogo, y graba cada tabla.

    python -m tools.evaluate_instruction             # todo: menos de una hora en un núcleo
    python -m tools.evaluate_instruction context     # una: replies, constraints, context, ranks o bits
    python -m tools.evaluate_instruction --check     # recalcula unas filas de cada una

Si se interrumpe, al repetir la orden sigue por donde iba.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from course_lib.data import load_texts
from course_lib.models.adapters import ADAPTERS, WEIGHTS
from course_lib.records import Record, Replay, Row

from . import ROOT, evaluate_sizes, running
from .abilities.choices import CONTEXT
from .recording import Recipe, same_outputs, sources
from .tuning.measuring import (
    BASE,
    CONTEXT_WAYS,
    TUNED,
    WAYS,
    constraints,
    context,
    ranks,
    replies,
)

__all__ = ["RECIPES"]

SPLITS = ("choose", "final")
SHOTS = (0, 1, 4)
FEW = 8  # ítems que se recalculan al comprobar


def replies_rows() -> list[Row]:
    """Devuelve una fila por manera de preguntar y parte: los tipos con que se eligió y los del final."""
    plan = [(way, split) for way in WAYS for split in SPLITS]
    return running.resume(
        RECIPES["replies"],
        plan,
        lambda row: (row["way"], row["split"]),
        lambda key: [replies(*key)],
    )


def _check_replies(record: Record) -> list[Replay]:
    again = replies("ajustado", "choose", FEW)
    return [same_outputs(record, again["outputs"], way="ajustado", split="choose")]


def _check_constraints(record: Record) -> list[Replay]:
    (again,) = constraints(1)
    return [record.replay(lambda _: {"kept": again["kept"]}, id=again["id"])]


def context_rows() -> list[Row]:
    """Devuelve una fila por tarea, número de ejemplos y manera de preguntar al modelo ajustado."""
    plan = [(TUNED, name, k, chat) for chat in CONTEXT_WAYS for name in CONTEXT for k in SHOTS]
    return running.resume(
        RECIPES["context"],
        plan,
        lambda row: (row["model"], row["task"], row["k"], row["chat"]),
        lambda key: [context(*key)],
    )


def _check_context(record: Record) -> list[Replay]:
    again = context(TUNED, "capital", 1, False)
    return [same_outputs(record, again["outputs"], task="capital", k=1, chat=False)]


def ranks_rows() -> list[Row]:
    """Devuelve, por respuesta del modelo ajustado, el puesto de sus tokens según el base."""
    rows: list[Row] = []
    for split in SPLITS:
        row = Record.load("instruction_replies").one(way="ajustado", split=split)
        rows += ranks(row["ids"], row["outputs"])
    return rows


def _check_ranks(record: Record) -> list[Replay]:
    row = Record.load("instruction_replies").one(way="ajustado", split="choose")
    (again,) = ranks(row["ids"][:1], row["outputs"][:1])
    # dos tokens casi iguales pueden cambiar de puesto en otro procesador; los lejanos, en unos cuantos
    places = [float(place) for place in again["ranks"]]
    return [record.replay(lambda _: {"ranks": places}, atol=1, rtol=0.1, id=row["ids"][0])]


def bits_rows() -> list[Row]:
    """Devuelve lo que cuesta cada texto del capítulo 3, antes y después de ajustar."""
    plan = [(name, text.id) for name in (BASE, TUNED) for text in load_texts()]
    return running.resume(
        RECIPES["bits"],
        plan,
        lambda row: (row["model"], row["text"]),
        lambda key: [evaluate_sizes.measure(*key)],
    )


def _check_bits(record: Record) -> list[Replay]:
    first = load_texts()[0].id
    again = evaluate_sizes.measure(TUNED, first)
    return [record.replay(lambda _: {"bits": again["bits"]}, rtol=1e-3, model=TUNED, text=first)]


def _recipe(
    name: str,
    title: str,
    rows: Callable[[], list[Row]],
    check: Callable[[Record], Iterable[Replay]],
    *files: str,
    models: tuple[str, ...] = (BASE,),
    notes: str = "",
) -> Recipe:
    weights = (ADAPTERS[TUNED].folder / WEIGHTS).relative_to(ROOT).as_posix()
    return Recipe(
        name=f"instruction_{name}",
        title=title,
        command=f"python -m tools.evaluate_instruction {name}",
        rows=rows,
        check=check,
        files=(
            *sources("course_lib/scoring.py", "course_lib/decoding", *files),
            weights,
        ),
        models=models,
        seed=0,
        packages=("torch", "transformers", "peft", "numpy"),
        notes=notes,
    )


ASKING = (
    "course_lib/instruction/encoded.py",
    "course_lib/instruction/replies.py",
    "course_lib/instruction/templates.py",
    "course_lib/data/instructions.py",
    "course_lib/data/instrucciones_generadas.jsonl",
    "tools/tuning/measuring.py",
)
ABILITIES = ("course_lib/abilities", "course_lib/answers.py")
RECIPES = {
    "replies": _recipe(
        "replies",
        "Ocho tipos de tarea que no se entrenaron, preguntados de nueve maneras",
        replies_rows,
        _check_replies,
        *ASKING,
        models=tuple(dict.fromkeys(m for m, _, _ in WAYS.values() if m != TUNED)),
        notes=(
            "right: la respuesta entera es la deseada; first_line: lo es su primera línea; stopped: terminó antes de "
            "48 tokens; repeats: trae dentro la instrucción."
        ),
    ),
    "constraints": _recipe(
        "constraints",
        "Las noventa instrucciones del capítulo 4, después de ajustar",
        constraints,
        _check_constraints,
        *ABILITIES,
        "course_lib/data/restricciones.jsonl",
        "course_lib/data/constraints.py",
        "course_lib/data/_checks.py",
        notes="Con la plantilla de Gemma. Antes de ajustar: abilities_constraints.",
    ),
    "context": _recipe(
        "context",
        "Siete tareas con 0, 1 y 4 ejemplos, después de ajustar",
        context_rows,
        _check_context,
        *ABILITIES,
        "course_lib/data/tasks.py",
        "course_lib/data/tareas.jsonl",
        notes="chat: si el prompt va en la plantilla de Gemma. Antes de ajustar: abilities_context.",
    ),
    "ranks": _recipe(
        "ranks",
        "El puesto que el modelo base da a cada token que escribe el ajustado",
        ranks_rows,
        _check_ranks,
        *ASKING,
        notes="1: es el que el modelo base habría escrito tras el mismo prompt, el de la plantilla de Gemma.",
    ),
    "bits": _recipe(
        "bits",
        "Bits por carácter en los textos del capítulo 3, antes y después de ajustar",
        bits_rows,
        _check_bits,
        "course_lib/data/textos.jsonl",
    ),
}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
