"""Mide los bits por carácter de los tres modelos del catálogo en los textos del curso y los graba.

    python -m tools.evaluate_sizes             # los tres: unos 10 minutos en un núcleo y 7 GB
    python -m tools.evaluate_sizes --check     # recalcula un texto por modelo pequeño y compara
    python -m tools.evaluate_sizes --check qwen2.5-coder-1.5b-instruct

El modelo de 1.5 B se descarga la primera vez (1.1 GB) y se guarda des-cuantizado.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import torch
from tqdm import tqdm

from course_lib import models
from course_lib.data import load_texts
from course_lib.records import Record
from course_lib.scoring import loglikelihood

ROOT = Path(__file__).resolve().parent.parent
NAME = "bits_per_character"
MODELS = tuple(models.CATALOGUE)
SMALL = tuple(name for name in MODELS if models.card(name).cache_dtype == "float32")
FILES = ("course_lib/scoring.py", "course_lib/data/textos.jsonl")


def main() -> None:
    """Graba la tabla o, con `--check`, la comprueba."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("models", nargs="*", default=SMALL, metavar="modelo", help="con --check")
    parser.add_argument("--check", action="store_true", help="recalcula un texto por modelo")
    parser.add_argument("--threads", type=int, default=1, help="núcleos que se usan")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.check:
        for name in options.models:
            check(name)
        return
    rows = [row for name in MODELS for row in measure(name)]
    path = Record.create(
        "Bits por carácter de tres modelos en textos de siete registros",
        rows,
        command="python -m tools.evaluate_sizes",
        settings={"dtype": "float32"},
        files=[ROOT / file for file in FILES],
        hashes={name: models.card(name).gguf_sha256 for name in MODELS},
        notes="bits: −log₂ P(texto) sin contexto previo. bits / characters son bits por carácter.",
    ).save(NAME)
    print(f"Grabado en {path.relative_to(ROOT)}")


def measure(name: str) -> list[dict]:
    """Una fila por texto: sus caracteres, sus tokens y los bits que le cuestan al modelo `name`."""
    lm = models.load(name, device="cpu", dtype="float32")
    texts = tqdm(load_texts(), desc=name, unit="texto")
    return [
        {"model": name, "text": text.id, "register": text.register} | score(lm, text.text)
        for text in texts
    ]


def score(lm, text: str) -> dict:
    """Caracteres, tokens y bits de un texto."""
    result = loglikelihood(lm, "", text)
    bits = -result.sum_logprob / math.log(2)
    return {"characters": len(text), "tokens": len(result.tokens), "bits": round(bits, 3)}


def check(name: str) -> None:
    """Recalcula el primer texto y lo compara con lo grabado."""
    lm = models.load(name, device="cpu", dtype="float32")
    first = load_texts()[0]
    found = Record.load(NAME).replay(
        lambda _: score(lm, first.text), rtol=1e-3, model=name, text=first.id
    )
    print(f"{name}\n{found.to_frame().to_string(index=False)}")


if __name__ == "__main__":
    main()
