"""El modelo de los cuentos: el Transformer del capítulo 2, en pequeño, y su variante sin máscara."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn

from ...transformer.config import TransformerConfig
from ...transformer.lm import TransformerLM
from ...transformer.model import Transformer
from .tokenizer import VOCAB_SIZE

__all__ = ["CONTEXT", "SHAPE", "as_language_model", "make_model", "remove_mask"]

CONTEXT = 256  # el cuento más largo cabe entero
SHAPE = TransformerConfig(
    vocab_size=VOCAB_SIZE,
    hidden_size=160,
    num_hidden_layers=4,
    num_attention_heads=5,
    num_key_value_heads=1,
    intermediate_size=432,
    max_position_embeddings=CONTEXT,
)


def make_model(seed: int, config: TransformerConfig = SHAPE, *, causal: bool = True) -> Transformer:
    """Devuelve un Transformer nuevo, con pesos al azar según `seed`.

    `config`: su forma; la de los cuentos tiene 1,4 millones de parámetros. `causal=False` le quita la
    máscara (ver `remove_mask`).

    >>> sum(p.numel() for p in make_model(0).parameters())
    1404320
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Transformer(config)
    return model if causal else remove_mask(model)


def remove_mask(model: Transformer) -> Transformer:
    """Hace que cada token pueda mirar también a los que vienen después, y devuelve el mismo modelo.

    Los pesos y el código del Transformer no cambian: antes de cada atención, un gancho sustituye la
    máscara causal por una que lo permite todo.

    >>> model = remove_mask(make_model(0))
    >>> a, b = model(torch.tensor([[5, 6]])), model(torch.tensor([[5, 7]]))
    >>> torch.equal(a[0, 0], b[0, 0])  # la primera posición ve la segunda
    False
    """
    for block in model.blocks:
        attention: Any = block.attn
        attention.register_forward_pre_hook(_see_everything)
    return model


def _see_everything(attention: nn.Module, arguments: tuple[Any, ...]) -> tuple[Any, ...]:
    x, angles, mask, *rest = arguments
    return x, angles, torch.ones_like(mask), *rest


def as_language_model(model: Transformer, tokenizer: Any) -> TransformerLM:
    """Devuelve el modelo con su tokenizador (el de `load_tokenizer`), listo para puntuar y escribir."""
    return TransformerLM(
        model,
        tokenizer,
        eos_token_ids=(tokenizer.eos_token_id,),
        bos_token_id=tokenizer.bos_token_id,
    )
