"""Multimodalidad: de los píxeles a los rasgos, de los rasgos a los tokens visuales y de ellos a una respuesta.

Orden de lectura: efficientnet, image_encoder, projector y vision_language_model. Las escenas están en
`data/scenes`, y cómo se entrena el proyector, en `experiments/alignment`.
"""

from ..data.scenes import make_scenes
from .image_encoder import EfficientNetEncoder, HuggingFaceEncoder, ImageEncoder, load_encoder
from .projector import LinearProjector, MLPProjector
from .vision_language_model import VisionLanguageModel

__all__ = [
    "EfficientNetEncoder",
    "HuggingFaceEncoder",
    "ImageEncoder",
    "LinearProjector",
    "MLPProjector",
    "VisionLanguageModel",
    "load_encoder",
    "make_scenes",
]
