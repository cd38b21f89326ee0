"""Un modelo diminuto que lee texto en español, con su tokenizador de bytes."""

from __future__ import annotations

import pytest
import torch

from course_lib.models import LanguageModel
from tests.tiny import byte_lm

CORPUS = [
    "Amé esa película. En general la película me pareció buena.",
    "Odié esa película. En general la película me pareció mala.",
    "Qué película tan bacán, qué historia terrible. Reseña: una película horrible.",
] * 20


def make_lm(max_length: int = 512, seed: int = 0) -> LanguageModel:
    return byte_lm(CORPUS, 330, adds_bos=False, max_length=max_length, seed=seed)


@pytest.fixture(scope="session")
def lm() -> LanguageModel:
    """El modelo diminuto."""
    return make_lm()


@pytest.fixture(scope="session")
def short_lm() -> LanguageModel:
    """El mismo modelo, que solo lee 40 tokens."""
    return make_lm(max_length=40)


def by_hand(lm: LanguageModel, context_ids: list[int], continuation_ids: list[int]) -> float:
    """Σ log P de la continuación, con una pasada entera de transformers y sin caché."""
    ids = torch.tensor([context_ids + continuation_ids])
    loss_positions = range(len(context_ids) - 1, ids.shape[1] - 1)
    logprobs = lm.model(ids).logits[0].log_softmax(-1)
    return sum(logprobs[t, ids[0, t + 1]].item() for t in loss_positions)
