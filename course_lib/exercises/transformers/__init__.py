"""Ejercicios del capítulo `02_transformers`: las piezas de un Transformer, una por una.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from course_lib.exercises.transformers.attention_step import EXERCISE as attention_step
from course_lib.exercises.transformers.causal_mask import EXERCISE as causal_mask
from course_lib.exercises.transformers.repeat_kv import EXERCISE as repeat_kv
from course_lib.exercises.transformers.rms_norm import EXERCISE as rms_norm
from course_lib.exercises.transformers.rotary import EXERCISE as rotary
from course_lib.exercises.transformers.scaled_attention import EXERCISE as scaled_attention
from course_lib.exercises.transformers.split_heads import EXERCISE as split_heads
from course_lib.exercises.transformers.swiglu import EXERCISE as swiglu

__all__ = [
    "EXERCISES",
    "attention_step",
    "causal_mask",
    "repeat_kv",
    "rms_norm",
    "rotary",
    "scaled_attention",
    "split_heads",
    "swiglu",
]

# En el orden en que se proponen.
EXERCISES = (
    causal_mask,
    scaled_attention,
    split_heads,
    repeat_kv,
    rotary,
    rms_norm,
    swiglu,
    attention_step,
)
