"""La familia: Transformers que se distinguen en el ancho (y en la tasa de aprendizaje, que lo sigue).

Se puede cambiar también cuánto leen, si los textos son nuevos o se repiten, y la tasa, una cosa por vez.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..sizes import Architecture, flops_per_token
from ..transformer.config import TransformerConfig
from ..transformer.model import Transformer
from .grammar import PairGrammar
from .training import evaluate, num_weights, train

__all__ = [
    "GRAMMAR",
    "NEXT_WIDTH",
    "STEPS",
    "WIDTHS",
    "member",
    "read_texts",
    "train_member",
    "training_flops",
]

GRAMMAR = PairGrammar(num_symbols=32, sharpness=2.5, zipf=1.5, seed=0)
WIDTHS = (8, 12, 20, 32, 52, 80)  # con estos se ajusta la curva
NEXT_WIDTH = 128  # y este, que no se usa en el ajuste, la pone a prueba
STEPS, BATCH, LENGTH = 1500, 64, 33  # pasos, textos por paso, símbolos por texto
RATE = 0.5  # la tasa de aprendizaje máxima es RATE / ancho
TRAIN_SEED, TEST_SEED, TEST_TEXTS = 1, 2, 4096


def member(width: int, grammar: PairGrammar = GRAMMAR) -> TransformerConfig:
    """Devuelve la configuración de la familia con ese ancho: dos bloques, dos cabezas.

    `grammar` pone el vocabulario: un token por símbolo.

    >>> member(8).head_dim
    4
    """
    return TransformerConfig(
        vocab_size=grammar.num_symbols,
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=2,
        num_key_value_heads=2,
        intermediate_size=8 * width // 3 // 2 * 2,
        max_position_embeddings=LENGTH,
    )


def training_flops(width: int, tokens: float) -> float:
    """Devuelve las operaciones de entrenar ese ancho con `tokens` tokens, con la salida y la atención.

    La regla 6·N·T de Kaplan et al. 2020 no cuenta ninguna de las dos, y en un modelo tan angosto pesan.

    >>> training_flops(32, 1e6) > 6e6 * 24480
    True
    """
    config = member(width)
    arch = Architecture(
        name=f"ancho {width}",
        kind="decodificador",
        year=0,
        vocab_size=config.vocab_size,
        hidden_size=width,
        num_layers=config.num_hidden_layers,
        num_heads=config.num_attention_heads,
        num_key_value_heads=config.num_key_value_heads,
        intermediate_size=config.intermediate_size,
        gated_mlp=True,
    )
    return 3 * flops_per_token(arch, context=LENGTH - 1) * tokens


def read_texts(distinct: int, start: int, stop: int) -> Tensor:
    """Devuelve los textos (n, LENGTH) que `train_member` lee entre dos pasos, si `distinct` lotes son distintos."""
    batches = GRAMMAR.sample(distinct * BATCH, LENGTH, seed=TRAIN_SEED).split(BATCH)
    return torch.cat([batches[step % distinct] for step in range(start, stop)])


def train_member(
    width: int,
    seed: int = 0,
    *,
    steps: int = STEPS,
    distinct: int | None = None,
    rate_factor: float = 1.0,
    on_step: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Entrena un miembro y devuelve su fila: ancho, N, pérdida de prueba y curva.

    `seed` decide los pesos iniciales; los textos son los mismos para todos los anchos y semillas.
    `steps` es cuántos lotes se leen; `distinct`, cuántos de ellos son distintos (todos, si se omite): al
    acabarlos se vuelve al primero. `rate_factor` multiplica la tasa de aprendizaje de la regla, y
    `on_step` se llama tras cada lote (para una barra de progreso).
    """
    distinct = steps if distinct is None else distinct
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Transformer(member(width))
    batches = GRAMMAR.sample(distinct * BATCH, LENGTH, seed=TRAIN_SEED).split(BATCH)
    test = GRAMMAR.sample(TEST_TEXTS, LENGTH, seed=TEST_SEED)
    # Los modelos anchos piden pasos más cortos: el paso se reparte entre el ancho.
    peak = rate_factor * RATE / width
    run = train(model, itertools.cycle(batches), steps=steps, peak=peak, on_step=on_step)
    return {
        "width": width,
        "seed": seed,
        "steps": steps,
        "distinct": distinct,
        "rate_factor": rate_factor,
        "parameters": num_weights(model),
        "loss": evaluate(model, test),
        "tokens": run.tokens,
        "curve": [list(point) for point in run.curve],
    }
