"""Habilidades emergentes: `task`, `measures`, `styles` y `evaluate`, en ese orden.

Cómo se extrae una respuesta y cómo se vota está en `course_lib.answers`.
"""

from .evaluate import Evaluation, Row, evaluate, grade
from .measures import answer_logprob, exact_match, token_accuracy
from .styles import Direct, Prompt, RankLabels, TwoCalls, WorkedSteps, few_shot_prompt
from .task import Item, Task

__all__ = [
    "Direct",
    "Evaluation",
    "Item",
    "Prompt",
    "RankLabels",
    "Row",
    "Task",
    "TwoCalls",
    "WorkedSteps",
    "answer_logprob",
    "evaluate",
    "exact_match",
    "few_shot_prompt",
    "grade",
    "token_accuracy",
]
