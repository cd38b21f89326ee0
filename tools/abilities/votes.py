"""Varias respuestas sorteadas a cada problema, para votar o para que un verificador elija."""

from __future__ import annotations

from dataclasses import replace

from course_lib.abilities import evaluate
from course_lib.decoding import Sampling
from course_lib.records import Row

from ..loaded import loaded
from .choices import reasoning_task, style

__all__ = ["SAMPLING", "VOTED", "votes"]

SAMPLING = Sampling(temperature=0.7, num_return_sequences=5)
# los que aciertan a veces: ahí elegir entre varias puede cambiar algo
VOTED = (
    ("gemma-270m", "problemas de 1"),
    ("qwen2.5-coder-0.5b-instruct", "problemas de 1"),
    ("qwen2.5-coder-0.5b-instruct", "problemas de 2"),
    ("qwen2.5-coder-0.5b-instruct", "problemas de 3"),
)


def votes(model: str, name: str, count: int | None = None, samples: int = 5) -> Row:
    """Devuelve lo que `model` escribe con pasos, `samples` veces por problema de la tarea `name`.

    `count`: cuántos problemas (todos, si se omite).
    """
    asked, (asking, k) = reasoning_task(name), style("con pasos", name)
    found = evaluate(
        loaded(model),
        asked,
        asking,
        k,
        items=asked.items[:count],
        strategy=replace(SAMPLING, num_return_sequences=samples),
        strict=False,
    )
    return {
        "model": model,
        "task": name,
        "n": found.n,
        "wanted": [row.item.answer for row in found.rows],
        # por problema, sus textos; todos en una lista
        "samples": samples,
        "outputs": [asked.own_part(t).strip() for row in found.rows for t in row.outputs],
        "answers": [answer for row in found.rows for answer in row.answers],
    }
