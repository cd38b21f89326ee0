"""Ejercicios del capítulo `06_instrucciones`: de la plantilla a la pérdida, y de LoRA a la medida.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .has_double_bos import EXERCISE as has_double_bos
from .keeps_constraint import EXERCISE as keeps_constraint
from .llama2_prompt import EXERCISE as llama2_prompt
from .lora_forward import EXERCISE as lora_forward
from .mask_labels import EXERCISE as mask_labels
from .masked_loss import EXERCISE as masked_loss
from .merge_lora import EXERCISE as merge_lora

__all__ = [
    "EXERCISES",
    "has_double_bos",
    "keeps_constraint",
    "llama2_prompt",
    "lora_forward",
    "mask_labels",
    "masked_loss",
    "merge_lora",
]

# En el orden en que se proponen.
EXERCISES = (
    llama2_prompt,
    mask_labels,
    masked_loss,
    lora_forward,
    merge_lora,
    has_double_bos,
    keeps_constraint,
)
