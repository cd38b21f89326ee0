"""Ejercicios del capítulo `05_prompting`: de la plantilla a una exactitud con su intervalo.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .answer_logprob import EXERCISE as answer_logprob
from .calibrate import EXERCISE as calibrate
from .fill_template import EXERCISE as fill_template
from .label_probs import EXERCISE as label_probs
from .pmi_bits import EXERCISE as pmi_bits
from .wilson_interval import EXERCISE as wilson_interval

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
