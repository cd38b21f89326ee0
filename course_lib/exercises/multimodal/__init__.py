"""Ejercicios del capítulo `07_multimodalidad`: de una imagen a los tokens visuales, y de ellos a una respuesta.

Cada nombre es un `Exercise`, llamado como la función que se pide.
"""

from __future__ import annotations

from .answer_loss import EXERCISE as answer_loss
from .feature_map_to_tokens import EXERCISE as feature_map_to_tokens
from .fuse import EXERCISE as fuse
from .image_attention import EXERCISE as image_attention
from .looks_at_image import EXERCISE as looks_at_image
from .pool_tokens import EXERCISE as pool_tokens
from .project import EXERCISE as project

__all__ = [
    "EXERCISES",
    "answer_loss",
    "feature_map_to_tokens",
    "fuse",
    "image_attention",
    "looks_at_image",
    "pool_tokens",
    "project",
]

# En el orden en que se proponen.
EXERCISES = (
    feature_map_to_tokens,
    project,
    fuse,
    answer_loss,
    pool_tokens,
    image_attention,
    looks_at_image,
)
