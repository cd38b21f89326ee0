"""Muchos prompts de largos distintos: `generate` frente al lote con relleno de transformers.

Los dos reciben los mismos ids y escriben lo mismo de largo (sin EOS), que es lo que menos favorece al
curso: cuando las filas terminan antes, aquí dejan el lote. También se compara con escribirlos uno por uno.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import torch

from benchmarks.timing import interleaved, median, ratio
from course_lib import models
from course_lib.data import load_texts
from course_lib.decoding import BeamSearch, Greedy, generate
from course_lib.decoding.strategies import Strategy
from course_lib.models import LanguageModel

NEW = 24


def prompts(lm: LanguageModel, n: int, seed: int = 0) -> list[list[int]]:
    """Devuelve `n` prompts de 5 a 120 tokens, cortados de los textos del curso."""
    rng, texts = random.Random(seed), [lm.encode(t.text) for t in load_texts()]
    return [texts[i % len(texts)][: rng.randint(5, 120)] for i in range(n)]


def padded(lm: LanguageModel, rows: list[list[int]], strategy: Strategy) -> torch.Tensor:
    """La misma petición a `transformers.generate`, con relleno a la izquierda."""
    longest = max(map(len, rows))
    ids = torch.tensor([[0] * (longest - len(row)) + row for row in rows])
    mask = torch.tensor([[0] * (longest - len(row)) + [1] * len(row) for row in rows])
    beams = {"num_beams": strategy.num_beams}
    return lm.model.generate(
        ids, attention_mask=mask, max_new_tokens=NEW, do_sample=False, pad_token_id=0, **beams
    )


def compare(lm: LanguageModel, n: int, strategy: Strategy, repeats: int) -> str:
    """Devuelve la línea del informe de `n` prompts con `strategy`."""
    rows = prompts(lm, n)
    seconds = interleaved(
        {
            "transformers": lambda: padded(lm, rows, strategy),
            "curso": lambda: generate(lm, rows, strategy, max_new_tokens=NEW, trace=None),
        },
        repeats,
    )
    r, low, high = ratio(seconds, "transformers", "curso")
    speed = n * NEW / median(seconds["curso"])
    return (
        f"  {n} prompts, {strategy!r}: {r:.2f}× transformers [{low:.2f}–{high:.2f}]; "
        f"{speed:.1f} tokens/s"
    )


def one_by_one(lm: LanguageModel, n: int, repeats: int) -> str:
    """Devuelve la línea que compara leer `n` prompts juntos con leerlos de a uno."""
    rows = prompts(lm, n)
    seconds = interleaved(
        {
            "de a uno": lambda: [generate(lm, p, max_new_tokens=NEW, trace=None) for p in rows],
            "juntos": lambda: generate(lm, rows, max_new_tokens=NEW, trace=None),
        },
        repeats,
    )
    r, low, high = ratio(seconds, "de a uno", "juntos")
    return f"  {n} prompts: juntos, {r:.2f}× más rápido que de a uno [{low:.2f}–{high:.2f}]"


def run(repeats: int = 3) -> Iterator[str]:
    """Produce las líneas del informe, a medida que se miden."""
    import transformers

    transformers.utils.logging.set_verbosity_error()
    for dtype in ("float32", "bfloat16"):
        lm = models.load("gemma-270m", device="cpu", dtype=dtype)
        lm.model.generation_config.eos_token_id = None  # todos escriben lo mismo de largo
        yield dtype
        for n, strategy in [(16, Greedy()), (64, Greedy()), (8, BeamSearch(num_beams=4))]:
            yield compare(lm, n, strategy, repeats)
        yield one_by_one(lm, 8, repeats)
