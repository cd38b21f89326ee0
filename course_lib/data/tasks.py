"""Tareas cortas para aprender en contexto, y una de lectura para razonar sin números.

Cada tarea trae dos grupos que no comparten ninguna pregunta: `items`, lo que se mide, y `pool`, de
donde salen los ejemplos del *prompt*. Las fichas son `tareas.md` y `lectura.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ._jsonl import read_rows

__all__ = ["TASK_NAMES", "TaskRow", "TaskRows", "load_task_rows"]


@dataclass(frozen=True)
class TaskRow:
    """Una pregunta y su respuesta; `split` es «items» o «pool».

    `also`: otras respuestas que también valen. Solo en «lectura»: `kind` (lugar, persona u orden),
    `options`, las tres respuestas que la pregunta ofrece y en ese orden; y, en el `pool`, `steps`,
    el razonamiento escrito, que acaba en «Respuesta: …».
    """

    id: str
    task: str
    split: str
    question: str
    answer: str
    also: tuple[str, ...] = ()
    kind: str = ""
    options: tuple[str, ...] = ()
    steps: str = ""

    @property
    def accepted(self) -> tuple[str, ...]:
        """Todas las respuestas que valen; la primera es `answer`."""
        return (self.answer, *self.also)


@dataclass(frozen=True)
class TaskRows:
    """Una tarea entera: cómo se pide, qué se mide (`items`) y de dónde salen ejemplos (`pool`).

    `labels` son las respuestas posibles de una tarea cerrada; en una abierta, está vacío.
    """

    name: str
    title: str
    instruction: str
    question_label: str
    answer_label: str
    labels: tuple[str, ...]
    items: tuple[TaskRow, ...]
    pool: tuple[TaskRow, ...]


SENTIMENTS = ("positivo", "negativo")
CATEGORIES = ("animal", "fruta", "herramienta", "prenda")

# nombre: (título, instrucción, rótulo de la pregunta, rótulo de la respuesta, etiquetas)
_TASKS: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "sentimiento": (
        "Sentimiento de una frase",
        "Clasifica el sentimiento de la frase: positivo o negativo.",
        "Frase",
        "Sentimiento",
        SENTIMENTS,
    ),
    "capital": ("Capital de un país", "Escribe la capital del país.", "País", "Capital", ()),
    "inglés": (
        "Palabra en inglés",
        "Traduce la palabra del español al inglés.",
        "Español",
        "Inglés",
        (),
    ),
    "plural": (
        "Plural de un sustantivo",
        "Escribe el plural del sustantivo.",
        "Singular",
        "Plural",
        (),
    ),
    "pretérito": (
        "Pretérito de un verbo",
        "Escribe el verbo en pretérito perfecto simple, primera persona del singular (ayer yo…).",
        "Infinitivo",
        "Pretérito",
        (),
    ),
    "categoría": (
        "Categoría de una palabra",
        "Di qué nombra la palabra: animal, fruta, herramienta o prenda.",
        "Palabra",
        "Categoría",
        CATEGORIES,
    ),
    "femenino": (
        "Femenino de un sustantivo",
        "Escribe el femenino del sustantivo.",
        "Masculino",
        "Femenino",
        (),
    ),
    "lectura": (
        "Comprensión de una historia",
        "Lee la historia y responde la pregunta con una sola palabra.",
        "Historia",
        "Respuesta",
        (),
    ),
}
TASK_NAMES = tuple(_TASKS)


def load_task_rows(name: str) -> TaskRows:
    """Devuelve la tarea `name`, una de `TASK_NAMES`, con sus `items` y su `pool`.

    Lanza `ValueError` si no hay tarea con ese nombre. Fuente: textos del curso, `tareas.md` y
    `lectura.md`.

    >>> task = load_task_rows("plural")
    >>> len(task.items), len(task.pool), task.labels
    (68, 20, ())
    >>> task.pool[0].question, task.pool[0].accepted
    ('lápiz', ('lápices',))
    """
    if name not in _TASKS:
        raise ValueError(
            f"No hay ninguna tarea {name!r} en los datos del curso. "
            f"Elige una de estas: {', '.join(TASK_NAMES)}."
        )
    rows = [_row(r) for r in read_rows("lectura.jsonl" if name == "lectura" else "tareas.jsonl")]
    items, pool = (
        tuple(row for row in rows if row.task == name and row.split == split)
        for split in ("items", "pool")
    )
    return TaskRows(name, *_TASKS[name], items, pool)


def _row(fields: dict[str, Any]) -> TaskRow:
    frozen: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fields.items()}
    return TaskRow(**frozen)
