"""Ejercicios del capítulo `04_habilidades`: del prompt con ejemplos a la medida que decide si emergió.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .emergence_curve import EXERCISE as emergence_curve
from .exact_and_token_accuracy import EXERCISE as exact_and_token_accuracy
from .extract_answer import EXERCISE as extract_answer
from .few_shot_prompt import EXERCISE as few_shot_prompt
from .induction_score import EXERCISE as induction_score
from .majority_vote import EXERCISE as majority_vote

__all__ = [
    "EXERCISES",
    "emergence_curve",
    "exact_and_token_accuracy",
    "extract_answer",
    "few_shot_prompt",
    "induction_score",
    "majority_vote",
]

# En el orden en que se proponen.
EXERCISES = (
    few_shot_prompt,
    extract_answer,
    exact_and_token_accuracy,
    majority_vote,
    emergence_curve,
    induction_score,
)
