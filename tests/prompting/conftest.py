"""Un modelo diminuto que lee texto en español, con su tokenizador de bytes."""

from __future__ import annotations

import pytest
import torch
from tokenizers import ByteLevelBPETokenizer
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from course_lib.models import LanguageModel

CORPUS = [
    "Amé esa película. En general la película me pareció buena.",
    "Odié esa película. En general la película me pareció mala.",
    "Qué película tan bacán, qué historia terrible. Reseña: una película horrible.",
] * 20


def make_lm(max_length: int = 512, seed: int = 0) -> LanguageModel:
    """Llama de dos capas en float64; «<s>» es BOS y EOS."""
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(CORPUS, vocab_size=330, special_tokens=["<s>"], show_progress=False)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained._tokenizer, bos_token="<s>", eos_token="<s>"
    )
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=max_length,
        initializer_range=0.4,
        bos_token_id=0,
        eos_token_id=0,
    )
    return LanguageModel(LlamaForCausalLM(config).double(), tokenizer)


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
