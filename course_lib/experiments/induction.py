"""Aprender a copiar: dos capas encuentran la repetición y una sola no puede.

Cada texto es un tramo de símbolos distintos, al azar, que se repite: «A B C D A B C D …». El largo del
tramo cambia de un texto a otro, así que mirar siempre a la misma distancia no sirve: para saber qué
sigue a esta A hay que buscar la A anterior y mirar a su derecha. Eso pide dos capas: en la primera, cada
símbolo anota cuál tenía delante; en la segunda, esta A busca a quien anotó «A» (la cabeza de inducción).

Ref.: Elhage et al. 2021, «A Mathematical Framework for Transformer Circuits»; Olsson et al. 2022,
arXiv:2209.11895.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from ..transformer.config import TransformerConfig
from ..transformer.model import Transformer
from .heads import head_scores
from .moments import watcher
from .training import train
from .weights import load_weights

__all__ = [
    "BATCH",
    "EARLY",
    "LATE",
    "PERIOD",
    "PERIODS",
    "STEPS",
    "VOCAB",
    "held_out",
    "load",
    "make_texts",
    "measure",
    "member",
    "position_losses",
    "references",
    "summary",
    "train_member",
    "weights_name",
]

VOCAB, LENGTH = 64, 65
PERIOD = 24  # el tramo de los textos de prueba, que se escribe dos veces: ningún otro mide lo mismo
PERIODS = tuple(period for period in range(16, 33) if period != PERIOD)
EARLY, LATE = (
    12,
    40,
)  # los símbolos, en cada mitad de la prueba, que compara la ganancia en contexto
STEPS, BATCH, PEAK = 750, 64, 0.005
TEST_SEED, TEST_TEXTS, MOMENTS = 2026, 512, 30


def make_texts(
    num_texts: int, generator: torch.Generator, *, period: int = 0, length: int = LENGTH
) -> Tensor:
    """Devuelve textos (num_texts, length): un tramo de símbolos distintos que se repite hasta el final.

    `period` es el largo del tramo; con 0, cada texto saca el suyo de `PERIODS`.

    >>> make_texts(1, torch.Generator().manual_seed(0), period=3, length=8).tolist()
    [[12, 35, 43, 12, 35, 43, 12, 35]]
    """
    order = torch.rand(num_texts, VOCAB, generator=generator).argsort(dim=1)  # símbolos barajados
    choices = torch.tensor([period] if period else PERIODS)
    periods = choices[torch.randint(len(choices), (num_texts, 1), generator=generator)]
    return order.gather(1, torch.arange(length) % periods)


def member(num_layers: int) -> TransformerConfig:
    """Devuelve la configuración, igual en todo salvo en cuántas capas tiene.

    >>> member(2).num_hidden_layers
    2
    """
    return TransformerConfig(
        vocab_size=VOCAB,
        hidden_size=64,
        num_hidden_layers=num_layers,
        num_attention_heads=4,
        num_key_value_heads=4,
        intermediate_size=64,
        max_position_embeddings=LENGTH,
    )


def weights_name(num_layers: int) -> str:
    """Devuelve el nombre del archivo con los pesos de ese número de capas.

    >>> weights_name(2)
    '2-capas'
    """
    return f"{num_layers}-capas"


def load(num_layers: int) -> Transformer:
    """Devuelve el modelo de una o dos capas ya entrenado, el de la semilla 0 de la tabla grabada.

    Raises:
        ValueError: no hay un modelo grabado con ese número de capas.
    """
    if num_layers not in (1, 2):
        raise ValueError(f"No hay un modelo de {num_layers} capas. Usa 1 o 2.")
    return load_weights(Transformer(member(num_layers)), "induction", weights_name(num_layers))


@cache
def held_out() -> Tensor:
    """Devuelve los textos de prueba (N, 48): un tramo nuevo de 24 símbolos, dos veces.

    >>> held_out().shape
    torch.Size([512, 48])
    """
    generator = torch.Generator().manual_seed(TEST_SEED)
    return make_texts(TEST_TEXTS, generator, period=PERIOD, length=2 * PERIOD)


@torch.no_grad()
def position_losses(model: Transformer, texts: Tensor) -> Tensor:
    """Devuelve la pérdida media, en nats, de cada símbolo: (T - 1,), del segundo al último.

    texts (N, T). La del símbolo que está en la posición t, contando desde 0, es la de índice t - 1.
    """
    logits = model(texts[:, :-1])  # (N, T - 1, V)
    return F.cross_entropy(logits.transpose(1, 2), texts[:, 1:], reduction="none").mean(0)


def summary(losses: Tensor) -> dict[str, float]:
    """Devuelve lo que dicen las pérdidas por posición (47,) de la prueba.

    `first` es la pérdida media en la primera mitad, donde nada se puede saber; `second`, en la
    segunda, desde su segundo símbolo (el primero nadie sabe que es una repetición); y `score`, la
    ganancia en contexto: la de la posición `LATE` menos la de `EARLY`, negativa si el contexto ayuda.

    >>> summary(torch.cat([torch.full((23,), 4.0), torch.full((24,), 1.0)]))
    {'first': 4.0, 'second': 1.0, 'score': -3.0}
    """
    return {
        "first": losses[: PERIOD - 1].mean().item(),
        "second": losses[PERIOD:].mean().item(),
        "score": (losses[LATE - 1] - losses[EARLY - 1]).item(),
    }


def references() -> dict[str, float]:
    """Devuelve con qué comparar, en nats: uniform, first y seen.

    `uniform` es la de quien reparte entre todos los símbolos; `first`, la menor posible en la primera
    mitad (no repetir los ya vistos); y `seen`, en la segunda, la de quien sabe qué símbolos hay en el
    tramo y no su orden. Quien copia puede llegar a 0.

    >>> {name: round(value, 2) for name, value in references().items()}
    {'uniform': 4.16, 'first': 3.94, 'seen': 3.18}
    """
    left = torch.arange(VOCAB - 1, VOCAB - PERIOD, -1).double()  # los que quedan en cada posición
    return {
        "uniform": torch.tensor(VOCAB).double().log().item(),
        "first": left.log().mean().item(),
        "seen": torch.tensor(PERIOD).double().log().item(),
    }


def measure(model: Transformer) -> dict[str, Any]:
    """Devuelve lo que se anota en cada momento: `summary` de la prueba y las medidas de las cabezas.

    `previous` e `induction` son una lista por capa con un número por cabeza (ver heads.py).
    """
    scores = head_scores(model, length=PERIOD)
    layers = range(model.config.num_hidden_layers)
    return {
        **summary(position_losses(model, held_out())),
        **{
            name: [[row[name] for row in scores if row["layer"] == layer] for layer in layers]
            for name in ("previous", "induction")
        },
    }


def train_member(
    num_layers: int,
    seed: int = 0,
    *,
    steps: int = STEPS,
    on_step: Callable[[], None] = lambda: None,
) -> tuple[Transformer, dict[str, Any]]:
    """Entrena un modelo y devuelve el modelo y su fila, con lo que se vio en treinta momentos.

    `seed` decide los pesos iniciales y los textos; `steps` es cuántos lotes se leen, y `on_step` se
    llama tras cada uno (para una barra de progreso). En cada momento se anotan las pérdidas de la
    prueba y las medidas de cada cabeza (ver `measure`).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Transformer(member(num_layers))
    curve: list[dict[str, Any]] = []
    watch = watcher(curve, lambda: measure(model), steps=steps, moments=MOMENTS, on_step=on_step)
    texts = _batches(torch.Generator().manual_seed(seed))
    train(model, texts, steps=steps, peak=PEAK, on_step=watch)
    row = {
        "layers": num_layers,
        "seed": seed,
        "steps": steps,
        "parameters": sum(p.numel() for p in model.parameters()),
        **{name: value for name, value in curve[-1].items() if name != "step"},
        "losses": position_losses(model, held_out()).tolist(),
        "curve": curve,
    }
    return model, row


def _batches(generator: torch.Generator) -> Iterator[Tensor]:
    while True:
        yield make_texts(BATCH, generator)
