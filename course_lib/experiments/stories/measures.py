"""Qué aprendió el modelo: cuánto predice, si copia, si respeta la gramática y si va más allá de lo visto."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import torch
from torch import nn

from ...decoding import Sampling, generate
from ...transformer.lm import TransformerLM
from .copies import CopyIndex
from .grammar import Grammar, Telling
from .lexicon import Lexicon
from .training import collate

__all__ = [
    "copy_measures",
    "describe_losses",
    "grammar_measures",
    "mean_and_se",
    "span_cost",
    "story_losses",
    "wish_costs",
    "write_many",
]


@torch.no_grad()
def story_losses(model: nn.Module, rows: Sequence[Sequence[int]]) -> list[float]:
    """Devuelve la pérdida de cada cuento, en nats: la suma sobre sus tokens, del segundo al «<fin>»."""
    device, found = next(model.parameters()).device, []
    for row in rows:
        inputs, labels = (part.to(device) for part in collate([row]))
        logprobs = model(inputs).float().log_softmax(-1)  # (1, T, V)
        found.append(-logprobs.gather(-1, labels[..., None]).sum().item())
    return found


def mean_and_se(values: Sequence[float]) -> dict[str, float]:
    """Devuelve la media, su error estándar `se` y cuántos valores son, n.

    >>> mean_and_se([1.0, 3.0])
    {'mean': 2.0, 'se': 1.0, 'n': 2}
    """
    n = len(values)
    mean = sum(values) / n
    variance = sum((value - mean) ** 2 for value in values) / max(1, n - 1)
    return {"mean": mean, "se": math.sqrt(variance / n), "n": n}


def describe_losses(
    losses: Sequence[float], rows: Sequence[Sequence[int]], texts: Sequence[str]
) -> dict[str, float]:
    """Devuelve las pérdidas de esos cuentos en todas sus unidades, con n y el error estándar.

    `loss`: nats por token; `perplexity`; `bits_per_character`, contando el final como un carácter;
    `nats_per_story` y su error estándar `se`.
    """
    total, story = sum(losses), mean_and_se(losses)
    loss = total / sum(len(row) - 1 for row in rows)
    return {
        "loss": loss,
        "perplexity": math.exp(loss),
        "bits_per_character": total / math.log(2) / sum(len(text) + 1 for text in texts),
        "nats_per_story": story["mean"],
        "se": story["se"],
        "n": story["n"],
    }


def copy_measures(texts: Sequence[str], index: CopyIndex) -> dict[str, float]:
    """Devuelve cuánto de esos textos está ya en el entrenamiento.

    `copies`: textos enteros; `sentences`: fracción de oraciones de ocho palabras o más que están tal cual;
    `run` y `longest_run`: mediana y máximo de las palabras seguidas que cada texto comparte con un cuento.
    """
    runs = sorted(index.longest_run(text) for text in texts)
    pairs = [index.copied_sentences(text) for text in texts]
    return {
        "copies": sum(index.is_copy(text) for text in texts),
        "sentences": sum(a for a, _ in pairs) / max(1, sum(b for _, b in pairs)),
        "run": runs[len(runs) // 2],
        "longest_run": runs[-1],
        "n": len(runs),
    }


def grammar_measures(texts: Sequence[str]) -> dict[str, int]:
    """Devuelve cuántos textos podría haber escrito la gramática, los que se leen enteros sin un solo error."""
    readings = [_everything_allowed().read(text) for text in texts]
    return {"readable": sum(reading is not None for reading in readings), "n": len(readings)}


def wish_costs(lm: TransformerLM, tellings: Sequence[Telling]) -> list[float]:
    """Devuelve, por cuento con objeto (deseado, perdido o para regalar), los nats de su primera mención.

    Que cueste lo mismo en «prueba» que en «reservadas» no basta para decir que combina personaje y objeto: puede que no
    mire al personaje (ver swaps.py).
    """
    costs = []
    for telling in tellings:
        if thing := telling.choices.get("w"):
            start = telling.text.index(thing.text)
            costs.append(span_cost(lm, telling.text, start, start + len(thing.text)))
    return costs


@torch.no_grad()
def span_cost(lm: TransformerLM, text: str, start: int, end: int) -> float:
    """Devuelve los nats que le cuestan a `lm` los tokens de `text[start:end]`, con lo anterior a la vista."""
    encoding = lm.tokenizer(text, return_offsets_mapping=True)
    ids = torch.tensor([encoding["input_ids"]])
    logprobs = lm.model(ids).float().log_softmax(-1)[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]
    inside = [start < b and a < end for a, b in encoding["offset_mapping"][1:]]
    return float(-logprobs[torch.tensor(inside)].sum())


def write_many(lm: TransformerLM, n: int, *, temperature: float = 1.0, seed: int = 0) -> list[str]:
    """Devuelve `n` cuentos que `lm` escribe desde «<inicio>», todos, sin elegir.

    `temperature` es la del muestreo. El que no termina antes de llenar el contexto se corta ahí.
    """
    strategy = Sampling(temperature=temperature, num_return_sequences=n)
    limit = lm.max_length - 1
    written = generate(lm, [lm.bos_token_id], strategy, max_new_tokens=limit, seed=seed, trace=None)
    return [sequence.text for sequence in written.sequences]


@cache
def _everything_allowed() -> Grammar:
    return Grammar(Lexicon("permitir"))
