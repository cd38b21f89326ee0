"""Traduce con varias estrategias de decodificación, y mide cuánto cuesta mantener varias hipótesis.

    python -m tools.compare_translation            # las dos tablas: unos cinco minutos en un núcleo
    python -m tools.compare_translation --check    # vuelve a traducir con búsqueda voraz y a medir un tiempo

Traducir es generación dirigida: la entrada decide casi todo lo que hay que escribir. gemma-270m, un modelo
base, recibe cuatro pares de ejemplo y una oración en español; de lo que escribe cuenta la primera línea.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from functools import cache
from typing import Any

from course_lib import data, models
from course_lib.decoding import BeamSearch, Greedy, Sampling, generate
from course_lib.models import LanguageModel
from course_lib.records import Record, Replay, Row

from . import running
from .recording import Recipe, sources

__all__ = ["RECIPES", "word_overlap"]

MODEL = "gemma-270m"
EXAMPLES, NEW_TOKENS, SAMPLES, SEED = 4, 28, 3, 0
STRATEGIES = {
    "voraz": Greedy(),
    "haz de 4": BeamSearch(num_beams=4),
    "muestreo puro": Sampling(num_return_sequences=SAMPLES),
    "τ = 0.7": Sampling(temperature=0.7, num_return_sequences=SAMPLES),
    "top-p 0.9": Sampling(top_p=0.9, num_return_sequences=SAMPLES),
}
WIDTHS = (1, 2, 4, 8)
COST_PROMPT, COST_TOKENS, REPEATS = "La receta lleva harina, huevos y", 24, 3


@cache
def _model() -> LanguageModel:
    return models.load(MODEL, device="cpu", dtype="float32")


def sentences() -> list[data.Pair]:
    """Devuelve los pares que se traducen: todos menos los de ejemplo."""
    return data.load_pairs()[EXAMPLES:]


def prompt_of(pair: data.Pair) -> str:
    """Devuelve el prompt de una oración: los ejemplos, y ella sin traducir."""
    shots = "".join(
        f"Español: {shot.es}\nInglés: {shot.en}\n\n" for shot in data.load_pairs()[:EXAMPLES]
    )
    return f"{shots}Español: {pair.es}\nInglés:"


def word_overlap(text: str, reference: str) -> float:
    """Devuelve la media armónica (F1) de las palabras que comparten, sin mayúsculas ni puntuación.

    >>> word_overlap("The dog sleeps.", "the dog slept")
    0.6666666666666666
    """
    found, wanted = (Counter(re.findall(r"\w+", t.lower())) for t in (text, reference))
    return 2 * (found & wanted).total() / max(1, found.total() + wanted.total())


def translations(strategy: str) -> list[Row]:
    """Devuelve una fila por traducción: de cada par, las que sortee la estrategia. Se leen todos juntos."""
    pairs = sentences()
    written = generate(
        _model(),
        [prompt_of(pair) for pair in pairs],
        STRATEGIES[strategy],
        max_new_tokens=NEW_TOKENS,
        seed=SEED,
        trace=None,
    )
    return [
        {"strategy": strategy, "pair": pair.id, "sample": i, "text": text}
        | {"overlap": word_overlap(text, pair.en)}
        for pair, generation in zip(pairs, written, strict=True)
        for i, text in enumerate(s.text.split("\n")[0].strip() for s in generation.sequences)
    ]


def translation_rows() -> list[Row]:
    """Devuelve las traducciones de todas las oraciones con todas las estrategias."""
    return running.resume(
        TRANSLATION, list(STRATEGIES), lambda row: str(row["strategy"]), translations
    )


def check_translations(record: Record) -> list[Replay]:
    """Traduce todo de nuevo con búsqueda voraz; un empate entre dos tokens puede cambiar un texto."""
    found = translations("voraz")
    recorded = {row["pair"]: row["text"] for row in record.where(strategy="voraz")}
    equal = sum(recorded[row["pair"]] == row["text"] for row in found)
    few = Record(title=record.title, rows=({"iguales": len(found)},), command="", seed=SEED)
    return [few.replay(lambda _: {"iguales": equal}, atol=1)]


def seconds(width: int, repeats: int) -> float:
    """Devuelve el menor tiempo de CPU, en segundos, de escribir con `width` hipótesis vivas."""
    strategy = Greedy() if width == 1 else BeamSearch(num_beams=width)
    times = []
    for _ in range(repeats):
        start = time.process_time()
        generate(_model(), COST_PROMPT, strategy, max_new_tokens=COST_TOKENS, trace=None)
        times.append(time.process_time() - start)
    return min(times)


def cost_rows() -> list[Row]:
    """Devuelve una fila por ancho del haz, con su tiempo; antes se escribe una vez para calentar."""
    seconds(1, repeats=1)
    return [{"width": width, "seconds": round(seconds(width, REPEATS), 3)} for width in WIDTHS]


def check_cost(record: Record) -> list[Replay]:
    """Mide de nuevo con una hipótesis: coincide si un tiempo no pasa de diez veces el otro."""
    return [record.replay(lambda _: {"seconds": seconds(1, repeats=1)}, rtol=0.9, width=1)]


def settings() -> dict[str, Any]:
    """Devuelve lo común a todas las traducciones."""
    return {
        "examples": EXAMPLES,
        "new_tokens": NEW_TOKENS,
        "strategies": {name: repr(strategy) for name, strategy in STRATEGIES.items()},
    }


FILES = sources("tools/compare_translation.py", "course_lib/decoding")
TRANSLATION = Recipe(
    name="decodificacion_dirigida",
    title="Traducciones de gemma-270m con varias estrategias",
    command="python -m tools.compare_translation decodificacion_dirigida",
    rows=translation_rows,
    check=check_translations,
    files=(*FILES, "course_lib/data/paralelos.jsonl"),
    models=(MODEL,),
    seed=SEED,
    settings=settings,
    notes="«overlap»: F1 de palabras con la traducción de referencia, que escribió otro modelo.",
)
COST = Recipe(
    name="decodificacion_costo",
    title="Tiempo de escribir con K hipótesis vivas",
    command="python -m tools.compare_translation decodificacion_costo",
    rows=cost_rows,
    check=check_cost,
    files=FILES,
    models=(MODEL,),
    settings=lambda: {"prompt": COST_PROMPT, "new_tokens": COST_TOKENS, "threads": 1},
    notes="Segundos de CPU, el mejor de tres intentos, en un núcleo y float32.",
)
RECIPES = {recipe.name: recipe for recipe in (TRANSLATION, COST)}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
