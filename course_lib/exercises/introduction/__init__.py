"""Ejercicios del capítulo `01_introduccion`: de las letras a los tokens, y de los tokens a una medida.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .bits_per_character import EXERCISE as bits_per_character
from .merge_pair import EXERCISE as merge_pair
from .most_frequent_pair import EXERCISE as most_frequent_pair
from .perplexity import EXERCISE as perplexity

__all__ = ["EXERCISES", "bits_per_character", "merge_pair", "most_frequent_pair", "perplexity"]

# En el orden en que se proponen.
EXERCISES = (most_frequent_pair, merge_pair, perplexity, bits_per_character)
