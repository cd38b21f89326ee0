"""Ejercicios del capítulo `05_prompting`: de la plantilla a una exactitud con su intervalo.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from course_lib.exercises.prompting.aggregate import EXERCISE as label_probs
from course_lib.exercises.prompting.calibrate import EXERCISE as calibrate
from course_lib.exercises.prompting.chain_rule import EXERCISE as answer_logprob
from course_lib.exercises.prompting.fill import EXERCISE as fill_template
from course_lib.exercises.prompting.interval import EXERCISE as wilson_interval
from course_lib.exercises.prompting.pmi import EXERCISE as pmi_bits

__all__ = [
    "EXERCISES",
    "answer_logprob",
    "calibrate",
    "fill_template",
    "label_probs",
    "pmi_bits",
    "wilson_interval",
]

# En el orden en que se proponen.
EXERCISES = (fill_template, answer_logprob, pmi_bits, label_probs, calibrate, wilson_interval)
