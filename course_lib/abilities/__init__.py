"""Habilidades emergentes: `task`, `tasks`, `measures`, `styles`, `evaluate` e `instructions`, en ese orden.

Cómo se extrae una respuesta y cómo se vota está en `course_lib.answers`.
"""

from .evaluate import Evaluation, Row, evaluate, grade
from .instructions import Followed, follow
from .measures import answer_logprob, exact_match, token_accuracy
from .styles import Direct, Prompt, RankLabels, TwoCalls, WorkedSteps, few_shot_prompt
from .task import Item, Task
from .tasks import load_task, problem_task

__all__ = [
    "Direct",
    "Evaluation",
    "Followed",
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
    "follow",
    "grade",
    "load_task",
    "problem_task",
    "token_accuracy",
]
