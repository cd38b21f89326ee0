"""Lo que comparten las pruebas del Transformer."""

import pytest
import torch

from course_lib.transformer import Transformer
from tests.transformer.llama_pairs import SHAPES, tiny_llama


@pytest.fixture(params=list(SHAPES))
def pair(request):
    """(modelo de transformers, el mismo en el curso)."""
    hf = tiny_llama(request.param)
    return hf, Transformer.from_hf(hf)


@pytest.fixture
def input_ids():
    """Tokens al azar, siempre los mismos: (3, 21)."""
    return torch.randint(0, 257, (3, 21), generator=torch.Generator().manual_seed(7))
