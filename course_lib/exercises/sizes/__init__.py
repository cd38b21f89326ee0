"""Ejercicios del capítulo `03_tamanos`: contar, estimar y elegir antes de gastar.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from course_lib.exercises.sizes.budget import EXERCISE as best_that_fits
from course_lib.exercises.sizes.cache import EXERCISE as kv_cache_bytes
from course_lib.exercises.sizes.optimal import EXERCISE as compute_optimal
from course_lib.exercises.sizes.parameters import EXERCISE as decoder_parameters
from course_lib.exercises.sizes.power_law import EXERCISE as fit_power_law
from course_lib.exercises.sizes.training import EXERCISE as training_days

__all__ = [
    "EXERCISES",
    "best_that_fits",
    "compute_optimal",
    "decoder_parameters",
    "fit_power_law",
    "kv_cache_bytes",
    "training_days",
]

# En el orden en que se proponen.
EXERCISES = (
    decoder_parameters,
    kv_cache_bytes,
    best_that_fits,
    training_days,
    compute_optimal,
    fit_power_law,
)
