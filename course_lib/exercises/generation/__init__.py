"""Ejercicios del capítulo `08_generacion`: del logit al texto.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .beam_search import EXERCISE as beam_search
from .beam_step import EXERCISE as beam_step
from .best_hypothesis import EXERCISE as best_hypothesis
from .entropy_bits import EXERCISE as entropy_bits
from .greedy_search import EXERCISE as greedy_search
from .min_p_filter import EXERCISE as min_p_filter
from .repetition_penalty import EXERCISE as repetition_penalty
from .softmax_temperature import EXERCISE as softmax_temperature
from .top_k_filter import EXERCISE as top_k_filter
from .top_p_filter import EXERCISE as top_p_filter

__all__ = [
    "EXERCISES",
    "beam_search",
    "beam_step",
    "best_hypothesis",
    "entropy_bits",
    "greedy_search",
    "min_p_filter",
    "repetition_penalty",
    "softmax_temperature",
    "top_k_filter",
    "top_p_filter",
]

# En el orden en que se proponen.
EXERCISES = (
    softmax_temperature,
    entropy_bits,
    greedy_search,
    top_k_filter,
    top_p_filter,
    min_p_filter,
    repetition_penalty,
    beam_step,
    best_hypothesis,
    beam_search,
)
