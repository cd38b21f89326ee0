"""Qué se mide en el capítulo 4, decidido antes de medir: modelos, tareas y maneras de preguntar."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from course_lib.abilities import (
    Direct,
    Task,
    TwoCalls,
    WorkedSteps,
    load_task,
    problem_task,
)
from course_lib.answers import AfterMark, FirstNumber

__all__ = [
    "CLOSED",
    "CONTEXT",
    "LARGE",
    "MODELS",
    "REASONING",
    "SHOTS",
    "SMALL",
    "STYLES",
    "N",
    "chat",
    "reasoning_task",
    "style",
    "task",
]

SMALL = ("smollm2-135m-instruct", "gemma-270m")  # los que recalcula cualquiera
LARGE = "qwen2.5-coder-1.5b-instruct"
MODELS = (*SMALL, "qwen2.5-coder-0.5b-instruct", LARGE)
N = 30  # ítems por tarea en contexto
SHOTS = (0, 1, 2, 4, 8)
CONTEXT = ("sentimiento", "capital", "inglés", "plural", "pretérito", "categoría", "femenino")
CLOSED = ("sentimiento", "categoría")  # donde tiene sentido cambiar las etiquetas de los ejemplos
REASONING = ("problemas de 1", "problemas de 2", "problemas de 3", "lectura")
STYLES: dict[str, tuple[Direct, int]] = {  # nombre: (estilo, ejemplos)
    "directa": (Direct(max_new_tokens=8), 4),
    "con pasos": (WorkedSteps(max_new_tokens=96), 4),
    "dos llamadas": (TwoCalls(max_new_tokens=80), 0),
}


def style(how: str, name: str) -> tuple[Direct, int]:
    """Devuelve el estilo `how` y sus ejemplos para la tarea `name`: en un problema, la respuesta es un número."""
    found, k = STYLES[how]
    if name == "lectura":
        return found, k
    number = FirstNumber()
    extract = (
        replace(found.extract, then=number) if isinstance(found.extract, AfterMark) else number
    )
    return replace(found, extract=extract), k


@cache
def task(name: str) -> Task:
    """Devuelve una tarea en contexto, con sus primeros N ítems."""
    return load_task(name, n=N)


@cache
def reasoning_task(name: str) -> Task:
    """Devuelve 20 problemas de 1, 2 o 3 pasos, o las historias de «lectura»."""
    return load_task(name) if name == "lectura" else problem_task(int(name.split()[-1]), n=20)


def chat(model: str) -> bool:
    """Dice si al modelo se le habla con su plantilla: los que se ajustaron para conversar."""
    return model.endswith("-instruct")
