"""Ejercicios de la página `03b_preentrenamiento`: de un texto sin anotar a un modelo que lo continúa.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .bigram_probabilities import EXERCISE as bigram_probabilities
from .cross_entropy import EXERCISE as cross_entropy
from .early_stopping import EXERCISE as early_stopping
from .shift import EXERCISE as shift
from .training_step import EXERCISE as training_step

__all__ = [
    "EXERCISES",
    "bigram_probabilities",
    "cross_entropy",
    "early_stopping",
    "shift",
    "training_step",
]

# En el orden en que se proponen.
EXERCISES = (shift, cross_entropy, bigram_probabilities, training_step, early_stopping)
