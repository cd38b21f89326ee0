"""Sumar de dos maneras: una familia de Transformers que responde de una vez o escribe los pasos.

Todos los tamaños ven los mismos ejemplos en el mismo orden, y ninguno ve las sumas de prueba (ver
sums.py). De cada uno se miran las mismas respuestas con una métrica abrupta y otras suaves.

Ref.: Nye et al. 2021, arXiv:2112.00114 (pasos escritos); Schaeffer et al. 2023, arXiv:2304.15004 (la
métrica y el salto).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch.nn import functional as F

from ..transformer.cache import KVCache
from ..transformer.config import TransformerConfig
from ..transformer.model import Transformer
from .moments import watcher
from .sums import (
    ALPHABET,
    ANSWER,
    PROMPT,
    Pair,
    batches,
    check_way,
    digit_accuracy,
    encode,
    exact_match,
    extract,
    held_out,
    solve,
    symbols_before,
)
from .training import num_weights, train
from .weights import load_weights

__all__ = [
    "CURVE_PAIRS",
    "SAVED",
    "STEPS",
    "WIDTHS",
    "complete",
    "forced",
    "load",
    "measure",
    "member",
    "peak",
    "train_member",
    "weights_name",
]

WIDTHS = (8, 12, 16, 24, 32, 48, 64)
SAVED = 32  # el ancho cuyos pesos, con la semilla 0, acompañan a la tabla grabada
STEPS, CURVE_PAIRS, MOMENTS = 1500, 200, 10


def member(width: int) -> TransformerConfig:
    """Devuelve la configuración de la familia con ese ancho: dos bloques, cuatro cabezas.

    >>> member(64).head_dim
    16
    """
    return TransformerConfig(
        vocab_size=len(ALPHABET),
        hidden_size=width,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=4,
        head_dim=max(4, width // 4),  # con menos de dos pares, la posición no se distingue bien
        intermediate_size=8 * width // 3 // 2 * 2,
        max_position_embeddings=PROMPT + symbols_before("pasos") + ANSWER,
    )


def peak(width: int) -> float:
    """Devuelve la mayor tasa de aprendizaje: los modelos anchos piden pasos más cortos.

    >>> peak(16), peak(64)
    (0.01, 0.005)
    """
    return min(0.01, 0.32 / width)


def weights_name(way: str) -> str:
    """Devuelve el nombre del archivo con los pesos guardados de esa manera de sumar.

    >>> weights_name("pasos")
    'pasos-32'
    """
    return f"{way}-{SAVED}"


def load(way: str) -> Transformer:
    """Devuelve el modelo ya entrenado en esa manera de sumar, con el ancho `SAVED` y la semilla 0.

    Raises:
        ValueError: no hay una manera de sumar con ese nombre.
    """
    check_way(way)
    return load_weights(Transformer(member(SAVED)), "addition", weights_name(way))


@torch.no_grad()
def complete(model: Transformer, pairs: Sequence[Pair], way: str) -> list[str]:
    """Devuelve lo que el modelo escribe tras cada «a+b=», siempre el símbolo más probable."""
    cache = KVCache.empty(model.config.num_hidden_layers)
    ids, written = encode([f"{a}+{b}=" for a, b in pairs]), []
    for _ in range(symbols_before(way) + ANSWER):
        ids = model(ids, cache=cache, only_last=True).argmax(-1)  # (B, 1)
        written.append(ids)
    return ["".join(ALPHABET[i] for i in row) for row in torch.cat(written, dim=1).tolist()]


@torch.no_grad()
def forced(model: Transformer, pairs: Sequence[Pair], way: str) -> dict[str, float]:
    """Devuelve las medidas suaves, con lo anterior ya bien escrito, de todo lo que sigue a «=».

    Son `loss` (nats por símbolo) y `token_accuracy`; y las de la respuesta sola, `answer_loss` y
    `answer_token_accuracy`.
    """
    texts = [f"{a}+{b}={solve(a, b, way)}" for a, b in pairs]
    ids = encode(texts)
    logits, targets = model(ids[:, :-1]), ids[:, 1:]  # (B, T, V), (B, T)
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")  # (B, T)
    rights = (logits.argmax(-1) == targets).float()
    position = torch.arange(1, ids.shape[1])  # del símbolo que se predice
    lengths = torch.tensor([len(text) for text in texts])[:, None]
    found = {}
    for name, first in (("", PROMPT), ("answer_", PROMPT + symbols_before(way))):
        counts = (first <= position) & (position < lengths)  # (B, T): sin los «;» de relleno
        found[f"{name}loss"] = losses[counts].mean().item()
        found[f"{name}token_accuracy"] = rights[counts].mean().item()
    return found


def measure(
    model: Transformer, pairs: Sequence[Pair], way: str
) -> tuple[dict[str, float], list[str]]:
    """Devuelve las medidas de un modelo en esas sumas, y lo que escribió en cada una.

    `exact` y `digits` juzgan las mismas respuestas escritas (ver `exact_match` y `digit_accuracy`);
    `without_answer` es la fracción de las que no llegó a haber; las demás son las de `forced`.
    """
    outputs = complete(model, pairs, way)
    found, answers = [extract(text, way) for text in outputs], [str(a + b) for a, b in pairs]
    measured = {
        "exact": exact_match(found, answers),
        "digits": digit_accuracy(found, answers),
        "without_answer": sum(not text for text in found) / len(found),
        **forced(model, pairs, way),
    }
    return measured, outputs


def train_member(
    width: int,
    way: str,
    seed: int = 0,
    *,
    steps: int = STEPS,
    on_step: Callable[[], None] = lambda: None,
) -> tuple[Transformer, dict[str, Any]]:
    """Entrena un miembro y devuelve el modelo y su fila, con la curva de diez momentos.

    `seed` decide los pesos iniciales y las sumas: con la misma, todos los anchos y las dos maneras ven
    las mismas. `steps` es cuántos lotes se leen, y `on_step` se llama tras cada uno (para una barra de
    progreso).
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = Transformer(member(width))
    curve: list[dict[str, float]] = []
    watch = watcher(
        curve,
        lambda: measure(model, held_out()[:CURVE_PAIRS], way)[0],
        steps=steps,
        moments=MOMENTS,
        on_step=on_step,
    )
    texts = batches(way, seed)
    train(model, texts, steps=steps, peak=peak(width), first=PROMPT - 1, on_step=watch)
    measured, outputs = measure(model, held_out(), way)
    row = {
        "width": width,
        "way": way,
        "seed": seed,
        "steps": steps,
        "parameters": num_weights(model),
        **measured,
        "curve": curve,
        "answers": " ".join(extract(output, way) for output in outputs),
        "outputs": outputs[:8],
    }
    return model, row
