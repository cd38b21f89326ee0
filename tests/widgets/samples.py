"""Modelos diminutos con tokenizer, y logits al azar, para probar los laboratorios."""

from __future__ import annotations

import functools

import torch
from torch.nn import functional as F

from course_lib.data.scenes import make_scenes
from course_lib.experiments.stories.model import as_language_model, make_model
from course_lib.experiments.stories.tokenizer import load_tokenizer, train_tokenizer
from course_lib.models import LanguageModel, State
from course_lib.multimodal import ImageEncoder, LinearProjector, VisionLanguageModel
from course_lib.transformer import TransformerConfig, TransformerLM
from tests.tiny import VOCAB, byte_lm, tiny


class Letters:
    """Un tokenizer donde cada letra minúscula es un token; los demás ids son `<id>`."""

    is_fast = False  # no da la posición de cada token

    def encode(self, text, add_special_tokens=True):
        ids = [4 + ord(c) - ord("a") for c in text.lower() if "a" <= c <= "z"]
        return [2, *ids] if add_special_tokens else ids

    def convert_ids_to_tokens(self, ids):
        return [chr(ord("a") + i - 4) if 4 <= i < 30 else f"<{i}>" for i in ids]

    def decode(self, ids, **_options):
        return "".join(self.convert_ids_to_tokens(ids))


@functools.cache
def lettered(architecture: str = "llama", seed: int = 0, eos=3) -> LanguageModel:
    """`tiny` con tokenizer."""
    return LanguageModel(tiny(architecture, seed, eos).model, Letters())


class Bytes:
    """Un tokenizer donde cada byte es un token, y `<s>` el de comienzo."""

    bos_token, bos_token_id, eos_token, all_special_tokens = "<s>", 256, None, ("<s>",)

    def __call__(self, text, add_special_tokens=True):
        return {"input_ids": [256] * add_special_tokens + list(text.encode())}

    def convert_ids_to_tokens(self, ids):
        return [self.decode([i]) for i in ids]

    def decode(self, ids, **_options):
        return "".join("<s>" if i == 256 else bytes([i]).decode("latin-1") for i in ids)


@functools.cache
def spelled() -> LanguageModel:
    """`tiny` con un token por byte."""
    return LanguageModel(tiny("llama").model, Bytes())


class RandomLogits:
    """Un «modelo» que contesta logits al azar: para probar las cuentas con cualquier vocabulario."""

    card = None
    model = None

    def __init__(self, vocab_size: int, spread: float, seed: int):
        self.vocab_size = vocab_size
        generator = torch.Generator().manual_seed(seed)
        self.logits = spread * torch.randn(1, vocab_size, generator=generator)

    def encode(self, text, add_bos=True):
        return [0]

    def token_strings(self, ids):
        return [f"t{i}" for i in ids]

    def prefill(self, input_ids):
        return State(self.logits, None, 1)


class Colors(ImageEncoder):
    """El color medio de cada celda de una cuadrícula de 7×7."""

    num_tokens, width = 49, 3

    def features(self, pixels):
        means = F.adaptive_avg_pool2d(pixels.permute(0, 3, 1, 2).float() / 255, 7)
        return means.flatten(2).transpose(1, 2)


@functools.cache
def seeing() -> VisionLanguageModel:
    """Un modelo que ve, de pesos al azar; su tokenizador se formó con preguntas y respuestas de escenas."""
    corpus = [f"\n{q.text}\nRespuesta: {q.answer}" for q in _questions()]
    lm = byte_lm(corpus, 500, adds_bos=False, max_length=256)
    return VisionLanguageModel(Colors(), LinearProjector(3, lm.hidden_size), lm)


@functools.cache
def storyteller(**shape: int) -> TransformerLM:
    """Un modelo de cuentos diminuto, de pesos al azar; `shape`, lo que cambia en su forma."""
    corpus = [f"{q.text} Había una vez una niña que pensó: «{q.answer}»." for q in _questions()]
    tokenizer = train_tokenizer(corpus, vocab_size=400)
    usual = {
        "vocab_size": tokenizer.get_vocab_size(),
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "intermediate_size": 48,
        "max_position_embeddings": 96,
    }
    model = make_model(0, TransformerConfig(**{**usual, **shape}))
    with torch.no_grad():  # como recién creado repite lo que lee: así escribe tokens variados
        for weight in model.blocks.parameters():
            if weight.dim() == 2:
                weight *= 5
        for name, gain in model.named_parameters():
            if gain.dim() == 1:
                gain *= 1 + torch.rand(gain.shape, generator=torch.manual_seed(len(name)))
    return as_language_model(model, load_tokenizer(tokenizer))


def _questions():
    return [q for scene in make_scenes(40, seed=1) for q in scene.questions()]


__all__ = [
    "VOCAB",
    "Bytes",
    "Colors",
    "Letters",
    "RandomLogits",
    "lettered",
    "seeing",
    "spelled",
    "storyteller",
]
