"""Ejercicios del capítulo `03_tamanos`: contar, estimar y elegir antes de gastar.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from course_lib.exercises.sizes.best_that_fits import EXERCISE as best_that_fits
from course_lib.exercises.sizes.compute_optimal import EXERCISE as compute_optimal
from course_lib.exercises.sizes.decoder_parameters import EXERCISE as decoder_parameters
from course_lib.exercises.sizes.fit_power_law import EXERCISE as fit_power_law
from course_lib.exercises.sizes.kv_cache_bytes import EXERCISE as kv_cache_bytes
from course_lib.exercises.sizes.training_days import EXERCISE as training_days

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
