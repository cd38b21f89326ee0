"""Laboratorio de temperatura: la distribución del próximo token y lo que quita cada filtro."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
import traitlets

from ..decoding import Sampling, generate
from ..models import LanguageModel
from .base import (
    Lab,
    Progress,
    View,
    check_prompts,
    dropdown,
    rounded,
    slider,
    source,
    table,
)

__all__ = ["TemperatureView", "temperature_data", "temperature_lab"]

SAVED = 512  # tokens que viajan uno a uno; los demás, sumados para cada posición de los controles
GRID = {
    "temperature": [round(0.1 + 0.05 * i, 2) for i in range(49)],  # 0.10 ... 2.50
    "top_p": [round(0.05 * i, 2) for i in range(1, 20)],  # 0.05 ... 0.95
    "min_p": [round(0.01 * i, 2) for i in range(1, 51)],  # 0.01 ... 0.50
}
TEMPERATURES = (0.2, 0.7, 1.0, 1.5, 2.0)


def temperature_data(
    lm: LanguageModel,
    prompts: Sequence[str],
    *,
    temperatures: Sequence[float] = TEMPERATURES,
    num_texts: int = 3,
    max_new_tokens: int = 12,
    seed: int = 0,
) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: con ellos el navegador calcula sin Python.

    Por cada texto: los 512 logits mayores, exactos; lo que suman los demás a cada temperatura; y
    `num_texts` continuaciones de `max_new_tokens` tokens a cada una de `temperatures`.

    Raises:
        ValueError: no hay textos, o alguno está vacío o es demasiado largo.

    >>> data = temperature_data(lm, ["El perro"])  # doctest: +SKIP
    >>> data["prompts"][0]["tokens"][:3]  # doctest: +SKIP
    [' de', ' es', ' se']
    """
    entries = [_start(lm, text) for text in check_prompts(lm, prompts)]
    for temperature in temperatures:
        _continue(lm, entries, temperature, num_texts, max_new_tokens, seed)
    return {
        "model": lm.name,
        "vocab_size": lm.vocab_size,
        "grid": GRID,
        "temperatures": list(temperatures),
        "num_texts": num_texts,
        "max_new_tokens": max_new_tokens,
        "seed": seed,
        "prompts": entries,
    }


def _grow(
    lm: LanguageModel,
    text: str,
    temperatures: Sequence[float],
    num_texts: int,
    max_new_tokens: int,
    seed: int,
) -> Iterator[Progress]:
    """Da los datos de un texto cada vez que crecen: la distribución y luego cada temperatura."""
    total = 1 + len(temperatures)
    entry = _start(lm, text)
    yield Progress(1, total, entry)
    for done, temperature in enumerate(temperatures, start=2):
        _continue(lm, [entry], temperature, num_texts, max_new_tokens, seed)
        yield Progress(done, total, entry)


def _start(lm: LanguageModel, text: str) -> dict[str, Any]:
    return {"text": text, **_distribution(lm, text), "continuations": []}


def _continue(
    lm: LanguageModel,
    entries: Sequence[dict[str, Any]],
    temperature: float,
    num_texts: int,
    max_new_tokens: int,
    seed: int,
) -> None:
    """Añade a cada texto sus continuaciones a una temperatura; todos se leen y se escriben juntos."""
    texts = [entry["text"] for entry in entries]
    sampling = Sampling(temperature=temperature, num_return_sequences=num_texts)
    results = generate(lm, texts, sampling, max_new_tokens=max_new_tokens, seed=seed, trace=None)
    for entry, result in zip(entries, results, strict=True):
        entry["continuations"].append([sequence.text for sequence in result.sequences])


def _distribution(lm: LanguageModel, text: str) -> dict[str, Any]:
    logits = lm.prefill(torch.tensor([lm.encode(text)])).logits[0].float().cpu()  # (V,)
    logits, order = logits.sort(descending=True, stable=True)
    ids: list[int] = order[:SAVED].tolist()
    entry: dict[str, Any] = {
        "ids": ids,
        "tokens": lm.token_strings(ids),
        "logits": rounded(logits[:SAVED], 9),
        "rest": {"lse": [], "mean": []},
        "top_p": [],
        "min_p": [],
    }
    if len(logits) > SAVED:
        for temperature in GRID["temperature"]:
            _add_rest(entry, logits / temperature)
    return entry


def _add_rest(entry: dict[str, Any], scores: torch.Tensor) -> None:
    """Añade lo que suman, a una temperatura, los tokens que no viajan uno a uno.

    Con w = e^(x − x₀): el log de Σw y la media de x − x₀ bajo w bastan para la masa y la entropía.
    Si un top-p o un min-p llega más allá de los guardados, además cuántos deja y lo que suman.
    """
    x = scores.double().numpy() - float(scores[0])  # (V,), de mayor a menor
    tail = x[SAVED:]
    weights = np.exp(tail - tail[0])
    mass, moment = np.cumsum(weights), np.cumsum(weights * tail)

    def summed(n: int) -> list[float]:
        last = n - SAVED - 1
        return rounded((tail[0] + np.log(mass[last]), moment[last] / mass[last]), 10)

    lse, mean = summed(len(x))
    entry["rest"]["lse"].append(lse)
    entry["rest"]["mean"].append(mean)
    for name, counts in (("top_p", _kept_by_top_p(scores)), ("min_p", _kept_by_min_p(scores))):
        entry[name].append([v for n in counts if n > SAVED for v in (n, *summed(n))])


def _kept_by_top_p(scores: torch.Tensor) -> list[int]:
    """Devuelve cuántos tokens deja cada top-p, del p mayor al menor, con la misma suma que `TopP`."""
    below = scores.flip(0).softmax(-1).cumsum(-1)  # (V,), creciente
    limits = torch.tensor([1 - p for p in reversed(GRID["top_p"])])
    return (len(scores) - torch.searchsorted(below, limits, right=True)).tolist()


def _kept_by_min_p(scores: torch.Tensor) -> list[int]:
    """Devuelve cuántos tokens deja cada min-p, del menor al mayor."""
    probs = scores.softmax(-1).flip(0)  # (V,), creciente
    limits = torch.tensor(GRID["min_p"]) * probs[-1]
    return (len(scores) - torch.searchsorted(probs, limits)).tolist()


class TemperatureView(View):
    """Vista del laboratorio de temperatura."""

    _esm = source("next_token.js", "temperature.js")
    _css = source("temperature.css")
    temperature = traitlets.Float(1.0).tag(sync=True)
    top_k = traitlets.Int(0).tag(sync=True)
    top_p = traitlets.Float(1.0).tag(sync=True)
    min_p = traitlets.Float(0.0).tag(sync=True)


def temperature_lab(lm: LanguageModel, prompts: Sequence[str], **options: Any) -> Lab:
    """Devuelve el laboratorio de temperatura; `options`, las de `temperature_data`.

    Muestra el próximo token con temperatura, top-k, top-p y min-p en el orden de transformers, lo que
    quita cada filtro, un muestreo en el navegador y continuaciones que generó Python.

    >>> temperature_lab(lm, ["La capital de Chile es"])  # doctest: +SKIP
    Laboratorio de temperatura (gemma-270m; textos: 1)
    """
    data = temperature_data(lm, prompts, **options)
    names = ("temperatures", "num_texts", "max_new_tokens", "seed")

    def answer(text: str) -> Iterator[Progress]:
        check_prompts(lm, [text])
        return _grow(lm, text, *(data[name] for name in names))

    view = TemperatureView(data, answer)
    controls = {
        "prompt": dropdown("texto", prompts),
        "temperature": slider("temperatura", 1.0, 0.1, 2.5, 0.05),
        "top_k": slider("top-k", 0, 0, 100, 1),
        "top_p": slider("top-p", 1.0, 0.05, 1.0, 0.05),
        "min_p": slider("min-p", 0.0, 0.0, 0.5, 0.01),
    }
    summary = f"Laboratorio de temperatura ({data['model']}; textos: {len(prompts)})"
    return Lab(view, controls, _fallback(data), summary)


def _fallback(data: dict[str, Any]) -> str:
    """Devuelve las tablas que se leen sin JavaScript: lo más probable con T = 1."""
    one = GRID["temperature"].index(1.0)
    parts = []
    for entry in data["prompts"]:
        logits = np.array(entry["logits"]) - entry["logits"][0]
        rest = np.exp(entry["rest"]["lse"][one]) if entry["rest"]["lse"] else 0.0
        probs = np.exp(logits) / (np.exp(logits).sum() + rest)
        rows = [(f"«{t}»", f"{p:.3f}") for t, p in zip(entry["tokens"][:8], probs, strict=False)]
        parts.append(table(f"Tras «{entry['text']}»", ("token", "probabilidad"), rows))
    return "".join(parts)
