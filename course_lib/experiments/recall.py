"""Recordar a distancia: una GRU y un Transformer del mismo tamaño ante la misma tarea.

Cada texto trae m símbolos, un relleno y «?», y hay que repetir los m símbolos (aquí, m = 2):

    a b . . . . ?  ->  a b

Cada respuesta está exactamente d símbolos atrás. Como el relleno se alarga aparte, se puede cambiar cuántos
símbolos hay que recordar (m) sin cambiar la distancia (d), y al revés.
Ref. de la GRU: Cho et al. 2014, arXiv:1406.1078.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from ..transformer.config import TransformerConfig
from ..transformer.model import Transformer
from .training import train

__all__ = [
    "BATCH",
    "CHANCE",
    "STEPS",
    "GRUModel",
    "make_model",
    "make_texts",
    "train_recall",
]

KEYS = 16  # símbolos que pueden preguntarse; los de relleno son otros tantos
QUERY = 2 * KEYS  # el símbolo «?»
VOCAB = QUERY + 1
CHANCE = 1 / KEYS  # exactitud de quien responde al azar
STEPS, BATCH, TEST_TEXTS = 300, 64, 512


class GRUModel(nn.Module):
    """Una red recurrente: lee un símbolo tras otro y solo guarda un vector de ancho fijo.

    >>> GRUModel(10, width=4, state=6)(torch.tensor([[1, 2, 3]])).shape
    torch.Size([1, 3, 10])
    """

    def __init__(self, vocab_size: int, width: int, state: int) -> None:
        super().__init__()
        self.embed = nn.Embedding(vocab_size, width)
        self.gru = nn.GRU(width, state, batch_first=True)
        self.head = nn.Linear(state, vocab_size)

    def forward(self, input_ids: Tensor) -> Tensor:
        """Devuelve logits (B, T, V) para input_ids (B, T)."""
        states, _ = self.gru(self.embed(input_ids))  # (B, T, ancho del estado)
        logits: Tensor = self.head(states)
        return logits


def make_model(kind: str, seed: int) -> nn.Module:
    """Devuelve una «gru» o un «transformer» nuevos, de casi los mismos parámetros (1 % aparte).

    >>> [sum(p.numel() for p in make_model(kind, 0).parameters()) for kind in ("gru", "transformer")]
    [25239, 25536]
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        if kind == "gru":
            return GRUModel(VOCAB, width=32, state=70)
        if kind == "transformer":
            return Transformer(
                TransformerConfig(
                    vocab_size=VOCAB,
                    hidden_size=32,
                    num_hidden_layers=2,
                    num_attention_heads=2,
                    num_key_value_heads=2,
                    intermediate_size=84,
                )
            )
    raise ValueError(f"No hay un modelo «{kind}». Usa «gru» o «transformer».")


def make_texts(items: int, distance: int, num_texts: int, generator: torch.Generator) -> Tensor:
    """Devuelve textos al azar, (num_texts, distance + items), que terminan en los símbolos pedidos.

    `items` es cuántos símbolos hay que recordar y `distance` cuántos lugares atrás está cada uno; el relleno
    ocupa lo que sobra. Si `distance` no es mayor que `items`, no cabe el «?» y es un `ValueError`.

    >>> make_texts(3, 8, 2, torch.Generator().manual_seed(0)).shape
    torch.Size([2, 11])
    """
    if not 1 <= items < distance:
        raise ValueError(
            f"Con items={items} y distance={distance} no cabe el «?» entre los símbolos y su repetición: "
            "items debe ser al menos 1 y menor que distance."
        )
    symbols = torch.randint(0, KEYS, (num_texts, items), generator=generator)
    filler = torch.randint(KEYS, QUERY, (num_texts, distance - items - 1), generator=generator)
    query = torch.full((num_texts, 1), QUERY)
    return torch.cat([symbols, filler, query, symbols], dim=1)


def train_recall(
    kind: str,
    items: int,
    distance: int,
    *,
    peak: float,
    seed: int = 0,
    steps: int = STEPS,
    on_step: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Entrena un modelo a recordar `items` símbolos a esa distancia y devuelve su exactitud en textos nuevos.

    `peak` es la mayor tasa de aprendizaje; `seed` decide los pesos iniciales y los textos; `steps` es
    cuántos lotes se leen, y `on_step` se llama tras cada uno (para una barra de progreso).
    """
    model, generator = make_model(kind, seed), torch.Generator().manual_seed(seed)
    first = distance - 1  # al leer «?» ya se pide el primer símbolo
    batches = (make_texts(items, distance, BATCH, generator) for _ in range(steps))
    train(model, batches, steps=steps, peak=peak, first=first, on_step=on_step)
    test = make_texts(items, distance, TEST_TEXTS, torch.Generator().manual_seed(10_000 + seed))
    return {
        "model": kind,
        "items": items,
        "distance": distance,
        "steps": steps,
        "seed": seed,
        "peak": peak,
        "accuracy": _accuracy(model, test, first),
    }


@torch.no_grad()
def _accuracy(model: nn.Module, texts: Tensor, first: int) -> float:
    guesses: Tensor = model(texts[:, :-1])[:, first:].argmax(-1)
    return (guesses == texts[:, first + 1 :]).float().mean().item()
