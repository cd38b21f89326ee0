"""Si lo que escribe el modelo es copia o generaliza, y con qué errores."""

from __future__ import annotations

from typing import Any

from course_lib.experiments.stories import measures, shipped
from course_lib.experiments.stories.agreement import errors_per_hundred_words
from course_lib.experiments.stories.copies import CopyIndex
from course_lib.records import Record, Replay, Row

from .curve import STORIES
from .losses import tested
from .samples import NAME, TEMPERATURES, WRITTEN

__all__ = ["check", "rows", "settings"]


def rows() -> list[Row]:
    """Devuelve las medidas de lo que escribe el modelo y, para comparar, de cuentos nuevos de la gramática."""
    samples = Record.load(NAME)
    sets: list[tuple[str, float | None, list[str]]] = [
        ("modelo", t, [row["text"] for row in samples.where(temperature=t)]) for t in TEMPERATURES
    ]
    sets.append(("gramática", None, [telling.text for telling in tested("prueba")[0][:WRITTEN]]))
    index = CopyIndex(STORIES.stories)
    return [
        {
            "source": source,
            "temperature": temperature,
            **measures.copy_measures(texts, index),
            **measures.grammar_measures(texts),
            **errors_per_hundred_words(texts),
        }
        for source, temperature, texts in sets
    ]


def check(record: Record) -> list[Replay]:
    """Recalcula las medidas de los textos guardados."""
    again = iter(rows())
    return [record.replay(lambda row: next(again), rtol=1e-9)]


def settings() -> dict[str, Any]:
    """Devuelve cuánto cuesta predecir el objeto de cada cuento, en lo visto y en parejas reservadas."""
    lm = shipped.load_stories_model()
    costs = {split: measures.wish_costs(lm, tested(split)[0]) for split in ("prueba", "reservadas")}
    return {"wish_cost": {split: measures.mean_and_se(values) for split, values in costs.items()}}
