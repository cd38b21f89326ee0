"""Compara estrategias de decodificación sobre los mismos comienzos y graba el resultado.

    python -m tools.compare_decoding            # todo: una media hora en un núcleo
    python -m tools.compare_decoding --check    # vuelve a generar unas pocas continuaciones

Cada comienzo son los primeros 24 tokens de un texto del curso. La referencia es cómo seguía ese texto, que
también escribió un modelo de lenguaje, otro (`course_lib/data/textos.md`): no es texto humano. Todo lo
demás lo escribe gemma-270m, en CPU y float32. La segunda tabla guarda, token a token, cuán probable era
para gemma-270m lo que hay en la referencia, en la búsqueda voraz y en el muestreo puro.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import torch

from course_lib import data, models
from course_lib.decoding import BeamSearch, Greedy, Sampling, generate, repetition
from course_lib.models import LanguageModel
from course_lib.records import Record, Replay, Row
from course_lib.scoring import score_ids

from . import running
from .recording import Recipe, sources

__all__ = ["RECIPES"]

MODEL = "gemma-270m"
PROMPT_TOKENS, NEW_TOKENS, SAMPLES, SEED = 24, 40, 3, 0
REFERENCE = "referencia"
TAIL = 50  # los favoritos: la cola es todo lo demás

STRATEGIES = {
    "voraz": Greedy(),
    "voraz, r = 1.2": Greedy(repetition_penalty=1.2),
    "voraz, r = 1.5": Greedy(repetition_penalty=1.5),
    "haz de 4": BeamSearch(num_beams=4),
    "haz de 4, sin repetir trigramas": BeamSearch(num_beams=4, no_repeat_ngram_size=3),
    "muestreo puro": Sampling(num_return_sequences=SAMPLES),
    "τ = 0.7": Sampling(temperature=0.7, num_return_sequences=SAMPLES),
    "τ = 1.5": Sampling(temperature=1.5, num_return_sequences=SAMPLES),
    "top-k 40": Sampling(top_k=40, num_return_sequences=SAMPLES),
    "top-p 0.9": Sampling(top_p=0.9, num_return_sequences=SAMPLES),
    "min-p 0.05": Sampling(min_p=0.05, num_return_sequences=SAMPLES),
}
LOOKED_AT = (REFERENCE, "voraz", "muestreo puro")  # las de la segunda tabla


class Opening(NamedTuple):
    """Un comienzo: sus tokens, los que seguían en el texto de referencia y la semilla de sus sorteos."""

    ids: list[int]
    reference: list[int]
    seed: int


@cache
def _model() -> LanguageModel:
    return models.load(MODEL, device="cpu", dtype="float32")


@cache
def openings() -> dict[str, Opening]:
    """Devuelve {id del texto: comienzo} de dos textos por registro."""
    lm = _model()
    chosen: dict[str, list[data.Text]] = {}
    for text in data.load_texts():
        chosen.setdefault(text.register, []).append(text)
    cut = PROMPT_TOKENS + 1  # el BOS no cuenta
    encoded = [(t.id, lm.encode(t.text)) for texts in chosen.values() for t in texts[:2]]
    # una semilla por comienzo: los sorteos de dos comienzos no se parecen
    return {
        name: Opening(ids[:cut], ids[cut : cut + NEW_TOKENS], SEED + i)
        for i, (name, ids) in enumerate(encoded)
    }


def continuations(name: str, strategy: str) -> list[Row]:
    """Devuelve las filas de una estrategia en un comienzo: una por texto generado."""
    opening = openings()[name]
    if strategy == REFERENCE:
        texts = [opening.reference]
    else:
        generation = generate(
            _model(),
            opening.ids,
            STRATEGIES[strategy],
            max_new_tokens=NEW_TOKENS,
            seed=opening.seed,
            trace=None,
        )
        texts = [list(s.token_ids) for s in generation.sequences]
    return [
        {"strategy": strategy, "prompt": name, "sample": i, **measure(opening.ids, ids), "ids": ids}
        for i, ids in enumerate(texts)
    ]


def measure(prompt: list[int], ids: list[int]) -> dict[str, float]:
    """Devuelve la repetición de una continuación y su log-probabilidad media según el modelo."""
    score = score_ids(_model(), [(prompt, ids)])[0]
    return {"repetition": repetition(ids), "mean_logprob": score.mean_logprob, "tokens": len(ids)}


def rows() -> list[Row]:
    """Devuelve las continuaciones de todas las estrategias en todos los comienzos."""
    plan = [(name, strategy) for name in openings() for strategy in (REFERENCE, *STRATEGIES)]
    return running.resume(
        DECODING,
        plan,
        lambda row: (row["prompt"], row["strategy"]),
        lambda key: continuations(*key),
    )


def check(record: Record) -> list[Replay]:
    """Genera de nuevo las continuaciones del primer comienzo con búsqueda voraz, haz y muestreo."""
    name = next(iter(openings()))
    return [_again(record, name, strategy) for strategy in ("voraz", "haz de 4", "top-p 0.9")]


def _again(record: Record, name: str, strategy: str) -> Replay:
    found = {row["sample"]: row for row in continuations(name, strategy)}
    columns = ("ids", "repetition", "mean_logprob")
    return record.replay(
        lambda row: {column: found[row["sample"]][column] for column in columns},
        rtol=1e-3,
        prompt=name,
        strategy=strategy,
    )


def token_rows() -> list[Row]:
    """Devuelve, por comienzo y estrategia de `LOOKED_AT`, una fila por texto ya grabado."""
    texts = Record.load(DECODING.name)
    return running.resume(
        TOKENS,
        list(openings()),
        lambda row: row["prompt"],
        lambda name: looked_at(name, [texts.where(prompt=name, strategy=s) for s in LOOKED_AT]),
    )


def looked_at(name: str, groups: list[tuple[Row, ...]]) -> list[Row]:
    """Devuelve, token a token, la log-probabilidad, el rango y la masa de la cola en cada texto de `groups`."""
    rows = [row for group in groups for row in group]
    ids = torch.tensor([row["ids"] for row in rows])  # (N, m)
    state = _model().prefill(torch.tensor([openings()[name].ids])).expand(len(rows))
    before = state.logits[:, None]  # (N, 1, V)
    logits = torch.cat([before, _model().step(ids[:, :-1], state)], dim=1)  # (N, m, V)
    logprobs = logits.log_softmax(dim=-1)
    chosen = logprobs.gather(-1, ids[..., None])  # (N, m, 1)
    rank = (logprobs > chosen).sum(dim=-1) + 1
    tail = 1 - logprobs.topk(TAIL, dim=-1).values.exp().sum(dim=-1)
    return [
        {
            **{column: row[column] for column in ("strategy", "prompt", "sample")},
            "logprob": [round(x, 4) for x in chosen[i, :, 0].tolist()],
            "rank": rank[i].tolist(),
            "tail": [round(x, 4) for x in tail[i].tolist()],
        }
        for i, row in enumerate(rows)
    ]


def check_tokens(record: Record) -> list[Replay]:
    """Vuelve a medir los textos del primer comienzo."""
    name = next(iter(openings()))
    groups = [
        Record.load(DECODING.name).where(prompt=name, strategy=strategy) for strategy in LOOKED_AT
    ]
    found = {(row["strategy"], row["sample"]): row for row in looked_at(name, groups)}
    return [
        record.replay(
            lambda row: {c: found[row["strategy"], row["sample"]][c] for c in ("logprob", "tail")},
            rtol=1e-2,
            atol=1e-3,
            prompt=name,
        )
    ]


def settings() -> dict[str, Any]:
    """Devuelve lo común a todas las filas."""
    return {
        "prompt_tokens": PROMPT_TOKENS,
        "new_tokens": NEW_TOKENS,
        "strategies": {name: repr(strategy) for name, strategy in STRATEGIES.items()},
    }


DECODING = Recipe(
    name="decodificacion",
    title="Estrategias de decodificación en gemma-270m",
    command="python -m tools.compare_decoding",
    rows=rows,
    check=check,
    files=sources(
        "tools/compare_decoding.py",
        "course_lib/data/textos.jsonl",
        "course_lib/scoring.py",
        "course_lib/decoding",
    ),
    models=(MODEL,),
    seed=SEED,
    settings=settings,
)
TOKENS = Recipe(
    name="decodificacion_tokens",
    title="Cuán probable era para gemma-270m cada token de un texto",
    command="python -m tools.compare_decoding decodificacion_tokens",
    rows=token_rows,
    check=check_tokens,
    files=DECODING.files,
    models=(MODEL,),
    seed=SEED,
    settings=lambda: {"prompt_tokens": PROMPT_TOKENS, "new_tokens": NEW_TOKENS, "tail": TAIL},
    notes=f"Los textos son los de «decodificacion». «tail»: masa fuera de los {TAIL} tokens favoritos.",
)
RECIPES = {"decodificacion": DECODING, "decodificacion_tokens": TOKENS}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
