"""Ejercicios del capítulo `05_prompting`: de la plantilla a una exactitud con su intervalo.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from course_lib.exercises.prompting.answer_logprob import EXERCISE as answer_logprob
from course_lib.exercises.prompting.calibrate import EXERCISE as calibrate
from course_lib.exercises.prompting.fill_template import EXERCISE as fill_template
from course_lib.exercises.prompting.label_probs import EXERCISE as label_probs
from course_lib.exercises.prompting.pmi_bits import EXERCISE as pmi_bits
from course_lib.exercises.prompting.wilson_interval import EXERCISE as wilson_interval

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
