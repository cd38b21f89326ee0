"""Modelos diminutos de pesos al azar, para pruebas de exactitud (nunca para resultados)."""

from __future__ import annotations

import functools

import torch
from tokenizers import ByteLevelBPETokenizer
from tokenizers.processors import TemplateProcessing
from transformers import (
    AutoModelForCausalLM,
    Gemma3TextConfig,
    GPT2Config,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
    Qwen2Config,
)

from course_lib.models import LanguageModel

VOCAB = 37
EOS = 3

_SMALL = {
    "vocab_size": VOCAB,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 128,
    "initializer_range": 0.4,
}

CONFIGS = {
    "llama": lambda: LlamaConfig(**_SMALL, tie_word_embeddings=True),
    "qwen2": lambda: Qwen2Config(**_SMALL, tie_word_embeddings=True),
    "gpt2": lambda: GPT2Config(
        vocab_size=VOCAB, n_embd=32, n_layer=2, n_head=4, n_positions=128, initializer_range=0.4
    ),
    # la ventana deslizante de 8 obliga a que el prompt y lo generado la sobrepasen
    "gemma3": lambda: Gemma3TextConfig(
        **_SMALL,
        head_dim=8,
        sliding_window=8,
        query_pre_attn_scalar=8,
        layer_types=["sliding_attention", "full_attention"],
    ),
}


@functools.cache
def tiny(architecture: str = "llama", seed: int = 0, eos=EOS) -> LanguageModel:
    """Un modelo de dos capas en float64, con el EOS pedido y `generation_config` neutro."""
    torch.manual_seed(seed)
    model = AutoModelForCausalLM.from_config(CONFIGS[architecture](), dtype=torch.float64)
    generation = model.generation_config
    generation.eos_token_id, generation.pad_token_id, generation.bos_token_id = eos, 1, 2
    if isinstance(eos, tuple):
        generation.eos_token_id = list(eos)
    return LanguageModel(model)


def prompt_ids(seed: int, length: int) -> list[int]:
    """Un prompt al azar, sin EOS."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(4, VOCAB, (length,), generator=generator).tolist()


def byte_lm(
    corpus: list[str], vocab_size: int, *, adds_bos: bool, max_length: int, seed: int = 0
) -> LanguageModel:
    """Un Llama de dos capas en float64 que lee texto en español; «<s>» es BOS y EOS.

    Su tokenizador de bytes se forma con `corpus` y, con `adds_bos`, agrega el BOS él mismo.
    """
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        corpus, vocab_size=vocab_size, special_tokens=["<s>"], show_progress=False
    )
    if adds_bos:
        trained._tokenizer.post_processor = TemplateProcessing(
            single="<s> $A", special_tokens=[("<s>", 0)]
        )
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=trained._tokenizer, bos_token="<s>", eos_token="<s>"
    )
    torch.manual_seed(seed)
    special = {"bos_token_id": 0, "eos_token_id": 0, "max_position_embeddings": max_length}
    config = LlamaConfig(**{**_SMALL, **special, "vocab_size": len(tokenizer)})
    return LanguageModel(LlamaForCausalLM(config).double(), tokenizer)
