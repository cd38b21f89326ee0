"""Ejercicios del capítulo `01_introduccion`: de las letras a los tokens, y de los tokens a una medida.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from course_lib.exercises.introduction.bits_per_character import EXERCISE as bits_per_character
from course_lib.exercises.introduction.merge_pair import EXERCISE as merge_pair
from course_lib.exercises.introduction.most_frequent_pair import EXERCISE as most_frequent_pair
from course_lib.exercises.introduction.perplexity import EXERCISE as perplexity

__all__ = ["EXERCISES", "bits_per_character", "merge_pair", "most_frequent_pair", "perplexity"]

# En el orden en que se proponen.
EXERCISES = (most_frequent_pair, merge_pair, perplexity, bits_per_character)
