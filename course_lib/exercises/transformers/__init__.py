"""Ejercicios del capítulo `02_transformers`: las piezas de un Transformer, una por una.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .attention_step import EXERCISE as attention_step
from .causal_mask import EXERCISE as causal_mask
from .repeat_kv import EXERCISE as repeat_kv
from .rms_norm import EXERCISE as rms_norm
from .rotary import EXERCISE as rotary
from .scaled_attention import EXERCISE as scaled_attention
from .split_heads import EXERCISE as split_heads
from .swiglu import EXERCISE as swiglu

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
