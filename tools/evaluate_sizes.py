"""Mide los bits por carácter de tres modelos del catálogo en los textos del curso y los graba.

    python -m tools.evaluate_sizes             # todos: unos 10 minutos en un núcleo y 7 GB
    python -m tools.evaluate_sizes --check     # recalcula un texto con cada modelo pequeño

El modelo de 1.5 B se descarga la primera vez (1.1 GB) y se guarda des-cuantizado; su fila la recalcula
`make test-full` si está en la caché.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from course_lib import models
from course_lib.data import load_texts
from course_lib.records import Record, Replay, Row
from course_lib.scoring import loglikelihood

from . import running
from .loaded import loaded
from .recording import Recipe

__all__ = ["RECIPES"]

MODELS = ("gemma-270m", "smollm2-135m-instruct", "qwen2.5-coder-1.5b-instruct")
SMALL = tuple(name for name in MODELS if models.card(name).cache_dtype == "float32")


def rows() -> list[Row]:
    """Devuelve una fila por modelo y texto."""
    plan = [(name, text.id) for name in MODELS for text in load_texts()]
    return running.resume(
        BITS, plan, lambda row: (row["model"], row["text"]), lambda key: [measure(*key)]
    )


def measure(name: str, text_id: str) -> Row:
    """Devuelve los caracteres de un texto, sus tokens y los bits que le cuestan al modelo `name`."""
    text = next(text for text in load_texts() if text.id == text_id)
    result = loglikelihood(loaded(name), "", text.text)
    bits = round(-result.sum_logprob / math.log(2), 3)
    sizes = {"characters": len(text.text), "tokens": len(result.tokens), "bits": bits}
    return {"model": name, "text": text_id, "register": text.register, **sizes}


def check(record: Record, names: Sequence[str] = SMALL) -> list[Replay]:
    """Recalcula el primer texto con cada modelo de `names`, los pequeños si se omite."""
    first = load_texts()[0].id
    columns = ("characters", "tokens", "bits")

    def again(row: Row) -> Row:
        found = measure(row["model"], row["text"])
        return {column: found[column] for column in columns}

    return [record.replay(again, rtol=1e-3, model=name, text=first) for name in names]


BITS = Recipe(
    name="bits_per_character",
    title="Bits por carácter de tres modelos en textos de siete registros",
    command="python -m tools.evaluate_sizes",
    rows=rows,
    check=check,
    files=("course_lib/scoring.py", "course_lib/data/textos.jsonl"),
    models=MODELS,
    settings=lambda: {"dtype": "float32"},
    notes="bits: −log₂ P(texto) tras el token de inicio del modelo; bits / characters, bits por carácter.",
)
RECIPES = {"bits_per_character": BITS}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
