"""Un modelo que ve, diminuto y en float64: sirve para comprobar cuentas, nunca para resultados."""

from __future__ import annotations

import pytest
import torch

from course_lib.multimodal import ImageEncoder, LinearProjector, VisionLanguageModel
from tests.tiny import byte_lm

WORDS = ["¿De qué color es el círculo? rojo azul\n Respuesta: una estrella verde y una cruz"] * 4


class TinyEncoder(ImageEncoder):
    """Cuatro celdas: el color medio de cada cuarto de la imagen."""

    num_tokens, width, size = 4, 3, 8

    def features(self, pixels: torch.Tensor) -> torch.Tensor:
        quarters = pixels.double().unflatten(1, (2, 4)).unflatten(3, (2, 4)).mean(dim=(2, 4))
        return quarters.flatten(1, 2) / 255


def tiny_vlm(lm=None, seed: int = 0) -> VisionLanguageModel:
    lm = lm or byte_lm(WORDS, 300, adds_bos=False, max_length=200)
    encoder = TinyEncoder()
    projector = LinearProjector(encoder.width, lm.hidden_size, seed=seed).double()
    return VisionLanguageModel(encoder, projector, lm)


@pytest.fixture
def vlm() -> VisionLanguageModel:
    return tiny_vlm()
