"""Ejercicios que se corrigen solos y preguntas con respuesta razonada.

Cada capítulo tiene su módulo. En un cuaderno se escribe::

    from course_lib.exercises import generation as ej, progreso

    ej.top_k_filter                          # la ficha: objetivo, minutos y pistas
    ej.top_k_filter.comprobar(top_k_filter)  # pendiente, incorrecto o correcto
    ej.top_k_filter.pista(1)
    progreso()

`comprobar`, `pista` y `progreso` son los únicos nombres en español del paquete.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .core.exercise import Exercise
    from .core.progress import Progress
    from .core.quiz_widget import Quiz

__all__ = ["CHAPTERS", "chapter_exercises", "progreso", "quiz"]

# Cada capítulo con ejercicios de código y el módulo que los reúne en EXERCISES.
CHAPTERS = {
    "01_introduccion": "introduction",
    "02_transformers": "transformers",
    "03_tamanos": "sizes",
    "03b_preentrenamiento": "pretraining",
    "04_habilidades": "abilities",
    "05_prompting": "prompting",
    "06_instrucciones": "instruction",
    "07_multimodalidad": "multimodal",
    "08_generacion": "generation",
}


def chapter_exercises(chapter: str) -> tuple[Exercise, ...]:
    """Tupla con los ejercicios de código de un capítulo, en el orden del cuaderno.

    Lanza `ValueError` si el capítulo no tiene ejercicios.

    >>> [exercise.key for exercise in chapter_exercises("08_generacion")][:2]
    ['softmax_temperature', 'entropy_bits']
    """
    if not isinstance(chapter, str) or chapter not in CHAPTERS:
        known = ", ".join(repr(name) for name in CHAPTERS)
        raise ValueError(f"No hay ejercicios del capítulo {chapter!r}. Los capítulos son: {known}.")
    exercises: tuple[Exercise, ...] = import_module(f"{__name__}.{CHAPTERS[chapter]}").EXERCISES
    return exercises


def progreso(chapter: str | None = None) -> Progress:
    """Resumen de los ejercicios resueltos, de todo el curso o solo del capítulo `chapter`.

    Se lee de un archivo de tu computador (véase `course_lib.exercises.core.progress`); no se envía nada.
    Lanza `ValueError` si el capítulo no existe.
    """
    from .core.progress import summarize

    chapters = list(CHAPTERS) if chapter is None else [chapter]
    return summarize({name: chapter_exercises(name) for name in chapters})


def quiz(chapter: str, *question_ids: str) -> Quiz:
    """Control con las preguntas cerradas de un capítulo: todas, o solo las que nombres.

    Funciona también en la página publicada, sin Python detrás; las respuestas quedan en tu
    navegador. Lanza `ValueError` si el capítulo o una pregunta no existen.
    """
    from .core.quiz_widget import Quiz

    return Quiz.from_chapter(chapter, *question_ids)
