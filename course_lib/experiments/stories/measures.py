"""Qué aprendió el modelo: cuánto predice, si copia, si respeta la gramática y si va más allá de lo visto."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from functools import cache

import torch
from tokenizers import Tokenizer
from torch import nn

from ...decoding import Sampling, generate
from ...transformer.lm import TransformerLM
from .copies import CopyIndex
from .grammar import Grammar, Telling
from .lexicon import Lexicon, is_reserved_place, is_reserved_wish
from .training import collate

__all__ = [
    "chance_of_reserved",
    "copy_measures",
    "describe_losses",
    "grammar_measures",
    "mean_and_se",
    "reserved_pairs",
    "story_losses",
    "wish_costs",
    "write_many",
]

_WISHES = ("w", "s", "t")


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


def grammar_measures(texts: Sequence[str]) -> dict[str, float]:
    """Devuelve cuántos textos podría haber escrito la gramática, y cuántos con parejas reservadas.

    `readable`: los que se leen enteros, sin un solo error; `wishes`: de esos, los que tienen un deseo;
    `reserved_wishes`: de esos, los que forman una pareja reservada; lo mismo con `places` y `reserved_places`.
    """
    readings = [_everything_allowed().read(text) for text in texts]
    readable = [reading for reading in readings if reading is not None]
    pairs = [reserved_pairs(reading) for reading in readable]
    return {
        "readable": len(readable),
        "wishes": sum(wish is not None for wish, _ in pairs),
        "reserved_wishes": sum(wish is True for wish, _ in pairs),
        "places": sum(place is not None for _, place in pairs),
        "reserved_places": sum(place is True for _, place in pairs),
        "n": len(readings),
    }


def reserved_pairs(telling: Telling) -> tuple[bool | None, bool | None]:
    """Devuelve si el deseo y si el lugar del cuento son parejas reservadas; None, si no los tiene."""
    chosen = telling.choices
    wish = next((chosen[v] for v in _WISHES if v in chosen), None)
    return (
        None if wish is None else is_reserved_wish(chosen["h"], wish),
        is_reserved_place(chosen["w"], chosen["q"]) if {"w", "q"} <= set(chosen) else None,
    )


@cache
def chance_of_reserved(draws: int = 4000) -> tuple[float, float]:
    """Devuelve con qué frecuencia saldrían parejas reservadas (deseo, lugar) si nada se evitara.

    Se mide en `draws` cuentos. Quien haya aprendido las partes por separado debería acercarse a ella, y
    quien solo repita lo visto se quedará en 0.
    """
    grammar, rng = _everything_allowed(), random.Random("reservadas")
    told = (grammar.tell(rng) for _ in range(draws))
    pairs = [reserved_pairs(telling) for telling in told if telling is not None]
    rates = []
    for column in zip(*pairs, strict=True):
        present = [value for value in column if value is not None]
        rates.append(sum(present) / len(present))
    return rates[0], rates[1]


@torch.no_grad()
def wish_costs(model: nn.Module, tokenizer: Tokenizer, tellings: Sequence[Telling]) -> list[float]:
    """Devuelve, por cuento con objeto, cuántos nats le cuesta al modelo la primera mención del objeto.

    Si el modelo aprendió que cualquiera puede desear cualquier cosa, costará lo mismo en «prueba» que
    en «reservadas».
    """
    costs = []
    for telling in tellings:
        if "w" not in telling.choices:
            continue
        start = telling.text.index(telling.choices["w"].text)
        end = start + len(telling.choices["w"].text)
        encoding = tokenizer.encode(telling.text)
        ids = torch.tensor([encoding.ids])
        logprobs = model(ids).float().log_softmax(-1)[0, :-1].gather(-1, ids[0, 1:, None])[:, 0]
        inside = [start < b and a < end for a, b in encoding.offsets[1:]]
        costs.append(-logprobs[torch.tensor(inside)].sum().item())
    return costs


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
