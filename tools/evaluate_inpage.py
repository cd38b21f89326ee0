"""Mide cuánto se aparta de torch lo que calcula el modelo que corre en el navegador, y lo graba.

    python -m tools.evaluate_inpage            # los dos modelos, en 20 textos: unos 10 minutos en un núcleo
    python -m tools.evaluate_inpage --check    # recalcula un texto con torch

El motor (llama.cpp) redondea a 8 bits lo que pasa de una capa a otra; torch, con los mismos pesos, no. Hacen falta un
Chromium y las bibliotecas del sitio (`make frontend`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import torch

from course_lib import models
from course_lib.decoding import Greedy, generate
from course_lib.models import LanguageModel
from course_lib.records import Record, Replay, Row

from . import ROOT, running
from .inpage import NAMES, build, gguf
from .inpage_browser import PageModel, opened
from .loaded import loaded
from .recording import Recipe

__all__ = ["PROMPTS", "RECIPES", "compare"]

TOKENS = 24  # los que se escriben
PROMPTS = (
    "La receta lleva harina, huevos y",
    "La capital de Chile es",
    "El perro",
    "Había una vez",
    "Me encantó esa película. En general me pareció",
    "El agua hierve a",
    "Para llegar a tiempo, salimos muy",
    "La profesora explicó en la pizarra que",
    "Dos más dos son",
    "En invierno los días son más",
    "El presidente anunció ayer que",
    "La célula es la unidad",
    "Compró pan, queso y",
    "No me gusta el café, prefiero el",
    "«¿Dónde está mi abrigo?», preguntó",
    "La palabra inglesa dog significa",
    "The capital of France is",
    "Once upon a time there was",
    "Water is made of hydrogen and",
    "The opposite of hot is",
)


def rows() -> Iterator[Row]:
    """Da una fila por modelo y texto."""
    for name in NAMES:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, "modelo")
            build(models.card(name), gguf(models.card(name)), folder)
            with opened(folder) as page:
                for prompt in PROMPTS:
                    yield {"model": name, "prompt": prompt} | compare(loaded(name), page, prompt)


def compare(lm: LanguageModel, page: PageModel, prompt: str) -> Row:
    """Devuelve la mayor diferencia entre las probabilidades del próximo token, y si lo demás es igual.

    Raises:
        ValueError: los dos no leen los mismos tokens.
    """
    ids = lm.encode(prompt)
    if page.encode(prompt) != ids:
        raise ValueError(f"El navegador lee otros tokens en «{prompt}»: {page.encode(prompt)}.")
    python = lm.prefill(torch.tensor([ids])).logits[0].double().softmax(-1)
    order, logprobs = page.next(ids)
    browser = torch.empty_like(python)
    browser[order] = torch.tensor(logprobs, dtype=torch.float64).exp()
    written = list(_greedy(lm, prompt))
    return {
        "first": lm.token_strings([int(python.argmax())])[0],
        "p_python": round(float(python.max()), 6),
        "p_browser": round(float(browser[python.argmax()]), 6),
        "max_difference": round(float((python - browser).abs().max()), 6),
        "same_first": order[0] == int(python.argmax()),
        "same_text": page.greedy(ids, TOKENS) == written,
        "tokens": TOKENS,
    }


def _greedy(lm: LanguageModel, prompt: str) -> tuple[int, ...]:
    result = generate(lm, prompt, Greedy(), max_new_tokens=TOKENS, trace=None)
    return tuple(result.sequences[0].token_ids)


def check(record: Record) -> list[Replay]:
    """Recalcula con torch la probabilidad del primer texto; la del navegador la comprueba tests/site."""

    def again(row: Row) -> Row:
        lm = loaded(row["model"])
        probs = lm.prefill(torch.tensor([lm.encode(row["prompt"])])).logits[0].softmax(-1)
        return {
            "first": lm.token_strings([int(probs.argmax())])[0],
            "p_python": float(probs.max()),
        }

    return [record.replay(again, rtol=1e-3, model=name, prompt=PROMPTS[0]) for name in NAMES]


def engine() -> str:
    """Devuelve la versión del motor que el sitio publica."""
    packages = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return f"wllama {packages['@wllama/wllama']}"


INPAGE = Recipe(
    name="inpage",
    title="El mismo modelo en torch y en el navegador",
    command="python -m tools.evaluate_inpage",
    rows=rows,
    check=check,
    files=("tools/evaluate_inpage.py",),
    models=NAMES,
    settings=lambda: {"engine": engine(), "threads": 1, "dtype": "float32", "tokens": TOKENS},
    notes="max_difference: la mayor diferencia entre las probabilidades de un mismo token, en todo el vocabulario; "
    "first: el más probable para torch; same_text: si la búsqueda voraz escribe los mismos tokens.",
)
RECIPES = {"inpage": INPAGE}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
