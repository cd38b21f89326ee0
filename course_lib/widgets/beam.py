"""Laboratorio de búsqueda en haz: el árbol exacto para cualquier posición de los controles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import torch
import traitlets

from ..models import LanguageModel
from .base import (
    Lab,
    Progress,
    View,
    check_count,
    check_prompts,
    dropdown,
    last_entry,
    rounded,
    slider,
    source,
    table,
)

__all__ = ["BeamView", "beam_data", "beam_lab"]

MAX_BEAMS = 6
EARLY_STOPPING = ("False", "True", '"never"')

Candidate = list[Any]  # [token, log-probabilidad] y, si su nodo se abrió, [..., hijo]


def beam_data(
    lm: LanguageModel, prompts: Sequence[str], *, stop: str | None = None, max_steps: int = 8
) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: todo nodo que alguna posición de los controles alcanza.

    Qué hipótesis siguen vivas depende de `num_beams`, pero no de `length_penalty` ni de
    `early_stopping`, que solo deciden cuándo parar y quién gana. Así que basta recorrer el árbol con
    1, 2, ..., 6 haces y guardar, por nodo, los candidatos que el mayor de ellos mira. `stop`: el token
    que termina un texto, en lugar de los del modelo (en transformers, `eos_token_id`); `max_steps`:
    cuántos tokens se agregan como máximo.

    Raises:
        ValueError: no hay textos, alguno no sirve, `stop` no es un solo token o `max_steps` no es un entero
            desde 1.

    >>> beam_data(lm, ["El perro"], stop=".")["prompts"][0]["nodes"][0][0]  # doctest: +SKIP
    [0, -1.846117, 1]
    """
    check_count("max_steps", max_steps)
    eos = _end_tokens(lm, stop)
    vocabulary: dict[int, int] = {}  # id -> lugar en `ids` y `tokens`
    entries = [
        last_entry(_grow(lm, text, eos, max_steps, vocabulary))
        for text in check_prompts(lm, prompts)
    ]
    return {
        "model": lm.name,
        "eos": list(eos),
        "stop": stop,
        "max_steps": max_steps,
        **_written(lm, vocabulary),
        "prompts": entries,
    }


def _written(lm: LanguageModel, vocabulary: dict[int, int]) -> dict[str, Any]:
    return {"ids": list(vocabulary), "tokens": lm.token_strings(list(vocabulary))}


def _end_tokens(lm: LanguageModel, stop: str | None) -> tuple[int, ...]:
    if stop is None:
        return lm.eos_token_ids
    ids = lm.encode(stop, add_bos=False)
    if len(ids) != 1:
        raise ValueError(
            f"stop={stop!r} son {len(ids)} tokens para este modelo: elige un texto que sea uno solo, "
            "por ejemplo «.»."
        )
    return tuple(ids)


def _grow(
    lm: LanguageModel, text: str, eos: Sequence[int], max_steps: int, vocabulary: dict[int, int]
) -> Iterator[Progress]:
    """Llena `nodes`, paso a paso: en cada nodo, sus candidatos [token, log-probabilidad, hijo].

    Un lote por paso: los prefijos que algún número de haces mantiene vivos, una sola vez cada uno.
    `hijo` es el nodo del prefijo más ese token; está solo si se abrió.
    """
    nodes: list[list[Candidate]] = []
    factor = max(2, 1 + len(eos))  # candidatos por haz, como en transformers
    # número de haces -> [(suma, nodo)] de sus hipótesis vivas, de mejor a peor
    running = {k: [(0.0, 0)] for k in range(1, MAX_BEAMS + 1)}
    state = lm.prefill(torch.tensor([lm.encode(text)]))
    for step in range(1, max_steps + 1):
        first = len(nodes)
        widest = {node: k for k, alive in running.items() for _, node in alive}
        for row, logprobs in enumerate(state.logits.log_softmax(-1)):  # (B, V), B prefijos abiertos
            width = min(factor * widest[first + row], lm.vocab_size)
            nodes.append(_candidates(logprobs, width, vocabulary))
        yield Progress(step, max_steps)
        if step == max_steps:
            break
        ended = {vocabulary[i] for i in eos if i in vocabulary}
        opened: list[tuple[int, Candidate]] = []  # (nodo padre, candidato)
        for k, alive in running.items():
            running[k] = _advance(nodes, alive, k, factor, ended, opened)
        if not opened:  # todo terminó: solo con un vocabulario diminuto
            break
        ids, where = list(vocabulary), state.logits.device
        state = state.select(torch.tensor([parent - first for parent, _ in opened], device=where))
        lm.step(torch.tensor([[ids[candidate[0]]] for _, candidate in opened]), state)
    yield Progress(max_steps, max_steps, {"text": text, "nodes": nodes})


def _candidates(logprobs: torch.Tensor, width: int, vocabulary: dict[int, int]) -> list[Candidate]:
    """Devuelve los `width` mejores [token, log-probabilidad]; cada token nuevo entra en el vocabulario."""
    values, ids = logprobs.topk(width)
    tokens = [vocabulary.setdefault(i, len(vocabulary)) for i in ids.tolist()]
    return [[t, v] for t, v in zip(tokens, rounded(values.tolist(), 7), strict=True)]


def _advance(
    nodes: list[list[Candidate]],
    alive: list[tuple[float, int]],
    num_beams: int,
    factor: int,
    ended: set[int],
    opened: list[tuple[int, Candidate]],
) -> list[tuple[float, int]]:
    """Devuelve las `num_beams` mejores hipótesis que siguen vivas y abre las que aún no lo estaban."""
    width = factor * num_beams
    candidates = [(total + c[1], node, c) for total, node in alive for c in nodes[node][:width]]
    candidates = sorted(candidates, key=lambda item: -item[0])[:width]  # orden estable
    best = [item for item in candidates if item[2][0] not in ended][:num_beams]
    for _, node, candidate in best:
        if len(candidate) == 2:
            candidate.append(len(nodes) + len(opened))
            opened.append((node, candidate))
    return [(total, candidate[2]) for total, _, candidate in best]


class BeamView(View):
    """Vista del laboratorio de búsqueda en haz."""

    _esm = source("beam.js")
    _css = source("beam.css")
    num_beams = traitlets.Int(4).tag(sync=True)
    steps = traitlets.Int(6).tag(sync=True)
    length_penalty = traitlets.Float(1.0).tag(sync=True)
    early_stopping = traitlets.Int(0).tag(sync=True)  # lugar en EARLY_STOPPING


def beam_lab(lm: LanguageModel, prompts: Sequence[str], **options: Any) -> Lab:
    """Devuelve el laboratorio de búsqueda en haz; `options`, las de `beam_data`.

    Muestra el árbol con las hipótesis que siguen, las que se podan y las que terminan, el puntaje de
    cada una y, junto a la ganadora, el camino voraz.

    >>> beam_lab(lm, ["El perro", "París es la capital"], stop=".")  # doctest: +SKIP
    Laboratorio de búsqueda en haz (gemma-270m; textos: 2)
    """
    data = beam_data(lm, prompts, **options)

    def answer(text: str) -> Iterator[Progress]:
        check_prompts(lm, [text])
        vocabulary: dict[int, int] = {}
        for step in _grow(lm, text, data["eos"], data["max_steps"], vocabulary):
            entry = None if step.entry is None else step.entry | _written(lm, vocabulary)
            yield step._replace(entry=entry)

    view = BeamView(data, answer)
    controls = {
        "prompt": dropdown("texto", prompts),
        "num_beams": slider("num_beams", 4, 1, MAX_BEAMS, 1),
        "steps": slider("pasos", min(6, data["max_steps"]), 1, data["max_steps"], 1),
        "length_penalty": slider("length_penalty", 1.0, -1.0, 2.0, 0.25),
        "early_stopping": dropdown("early_stopping", EARLY_STOPPING),
    }
    summary = f"Laboratorio de búsqueda en haz ({data['model']}; textos: {len(prompts)})"
    return Lab(view, controls, _fallback(data), summary)


def _fallback(data: dict[str, Any]) -> str:
    """Devuelve las tablas que se leen sin JavaScript: lo voraz y lo más probable del árbol."""
    ended = {token for token, i in enumerate(data["ids"]) if i in data["eos"]}
    parts = []
    for entry in data["prompts"]:
        greedy = max(_endings(entry["nodes"], ended, width=1))
        best = max(_endings(entry["nodes"], ended, length=len(greedy[1])))
        rows = [
            (name, "".join(data["tokens"][t] for t in tokens), f"{total:.2f}")
            for name, (total, tokens) in (("voraz", greedy), ("la mejor del árbol", best))
        ]
        parts.append(table(f"Tras «{entry['text']}»", ("", "texto", "log-probabilidad"), rows))
    return "".join(parts)


def _endings(
    nodes: list[list[Candidate]],
    ended: set[int],
    *,
    width: int | None = None,
    length: int | None = None,
    node: int = 0,
    start: tuple[float, tuple[int, ...]] = (0.0, ()),
) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Da (suma, tokens) de cada camino guardado: hasta `length`, un token final o el borde.

    Sigue los `width` primeros candidatos de cada nodo (None: todos), desde `node`, al que llega `start`.
    """
    for token, logprob, *child in nodes[node][:width]:
        path = (start[0] + logprob, (*start[1], token))
        if child and token not in ended and len(path[1]) != length:
            yield from _endings(nodes, ended, width=width, length=length, node=child[0], start=path)
        elif length in (None, len(path[1])):
            yield path
