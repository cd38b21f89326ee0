"""Compara estrategias de decodificación sobre los mismos comienzos y graba el resultado.

    python -m tools.compare_decoding            # graba course_lib/artifacts/decodificacion.json

Cada comienzo son los primeros 24 tokens de un texto del curso; lo que la persona escribió después es
la referencia humana. Todo lo demás lo escribe gemma-270m, en CPU y float32.
"""

from __future__ import annotations

import argparse

import torch
from tqdm import tqdm

from course_lib import data, models
from course_lib.decoding import BeamSearch, Greedy, Sampling, generate, repetition
from course_lib.records import Record
from course_lib.scoring import score_ids

PROMPT_TOKENS, NEW_TOKENS, SAMPLES, SEED = 24, 40, 3, 0
NAME = "decodificacion"

STRATEGIES = {
    "voraz": Greedy(),
    "haz 4": BeamSearch(num_beams=4),
    "haz 4, sin repetir trigramas": BeamSearch(num_beams=4, no_repeat_ngram_size=3),
    "muestreo puro": Sampling(num_return_sequences=SAMPLES),
    "T = 0,7": Sampling(temperature=0.7, num_return_sequences=SAMPLES),
    "T = 1,5": Sampling(temperature=1.5, num_return_sequences=SAMPLES),
    "top-k 40": Sampling(top_k=40, num_return_sequences=SAMPLES),
    "top-p 0,9": Sampling(top_p=0.9, num_return_sequences=SAMPLES),
    "min-p 0,05": Sampling(min_p=0.05, num_return_sequences=SAMPLES),
}


def prompts(lm) -> list[tuple[str, list[int], list[int]]]:
    """(id, comienzo, continuación humana) de dos textos por registro."""
    chosen: dict[str, list] = {}
    for text in data.load_texts():
        chosen.setdefault(text.register, []).append(text)
    cut = PROMPT_TOKENS + 1  # el BOS no cuenta
    encoded = [(t.id, lm.encode(t.text)) for texts in chosen.values() for t in texts[:2]]
    return [(name, ids[:cut], ids[cut : cut + NEW_TOKENS]) for name, ids in encoded]


def measure(lm, prompt: list[int], ids: list[int]) -> dict[str, float]:
    """Lo que se mide de una continuación: repetición y log-probabilidad media según el modelo."""
    score = score_ids(lm, [(prompt, ids)])[0]
    return {"repetition": repetition(ids), "mean_logprob": score.mean_logprob, "tokens": len(ids)}


def rows_of(
    lm, name: str, seed: int, prompt_id: str, prompt: list[int], human: list[int]
) -> list[dict]:
    """Las filas de una estrategia en un comienzo: una por texto generado."""
    if name == "humano":
        texts = [human]
    else:
        generation = generate(
            lm, prompt, STRATEGIES[name], max_new_tokens=NEW_TOKENS, seed=seed, trace=None
        )
        texts = [list(s.token_ids) for s in generation.sequences]
    return [
        {"strategy": name, "prompt": prompt_id, "sample": i, **measure(lm, prompt, ids), "ids": ids}
        for i, ids in enumerate(texts)
    ]


def main() -> None:
    """Recorre estrategias y comienzos, y graba el Record."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    torch.set_num_threads(parser.parse_args().threads)
    lm = models.load("gemma-270m", device="cpu", dtype="float32")
    # una semilla por comienzo: los sorteos de dos comienzos no se parecen
    work = [
        (name, SEED + i, *p) for i, p in enumerate(prompts(lm)) for name in ("humano", *STRATEGIES)
    ]
    rows = [row for item in tqdm(work) for row in rows_of(lm, *item)]
    record = Record.create(
        "Estrategias de decodificación en gemma-270m",
        rows,
        command="python -m tools.compare_decoding",
        seed=SEED,
        settings={
            "prompt_tokens": PROMPT_TOKENS,
            "new_tokens": NEW_TOKENS,
            "strategies": {name: repr(s) for name, s in STRATEGIES.items()},
        },
        files=["tools/compare_decoding.py", "course_lib/data/textos.jsonl"],
        hashes={"gemma-270m": models.card("gemma-270m").gguf_sha256},
    )
    record.save(NAME)


if __name__ == "__main__":
    main()
