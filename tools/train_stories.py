"""Entrena desde cero el modelo de los cuentos y graba sus pesos, su curva y sus medidas.

    python -m tools.train_stories            # todo: menos de una hora en un núcleo
    python -m tools.train_stories curva      # o solo una de: curva, muestras, perdidas, escritura
    python -m tools.train_stories --check    # recalcula parte de lo grabado, sin entrenar

Cada parte necesita las anteriores. Si se corta, al repetir la orden sigue por donde iba: el
entrenamiento guarda un punto de control cada cien pasos en `_build/stories`.
"""

from __future__ import annotations

import copy
import json
import tempfile
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from course_lib.experiments.stories import corpus, measures, recipe, shipped
from course_lib.experiments.stories.agreement import errors_per_hundred_words
from course_lib.experiments.stories.copies import CopyIndex
from course_lib.experiments.stories.export import export, logit_differences, read_export
from course_lib.experiments.stories.model import SHAPE, make_model, remove_mask
from course_lib.experiments.stories.ngrams import fit_ngrams
from course_lib.experiments.stories.tokenizer import encode_stories
from course_lib.experiments.stories.training import Plan, Point, mean_loss, train
from course_lib.records import Record, Replay, Row, file_hash
from course_lib.transformer import Transformer

from . import ROOT, running
from .recording import Recipe, sources, write_atomically
from .weights import hashes_of_weights, save_weights

__all__ = ["RECIPES"]

WORK = ROOT / "_build" / "stories"
TESTED, TEST_SEED = 500, 2  # cuentos nuevos con los que se mide, y su semilla
WRITTEN, WRITE_SEED = 200, 3  # cuentos que escribe el modelo, y la semilla del muestreo
MASKED, UNMASKED = "con máscara", "sin máscara"
CAUSAL_AGAIN = "sin máscara, sin ver el futuro"
STORIES = recipe.Ingredients()


# --- la curva y los pesos ---


def curve_rows() -> list[Row]:
    """Entrena los dos modelos, guarda los pesos del que tiene máscara y devuelve las dos curvas."""
    rows = []
    for variant, plan in ((MASKED, recipe.PLAN), (UNMASKED, recipe.UNMASKED_PLAN)):
        model, points = _train(variant, plan)
        rows += [{"variant": variant, **asdict(point)} for point in points]
        if variant == MASKED:
            _save(model)
    return rows


def _save(model: Transformer) -> None:
    """Guarda los pesos, a la mitad de bits, y el tokenizador."""
    save_weights(copy.deepcopy(model).half(), shipped.RECORD, shipped.WEIGHTS)
    tokenizer = json.loads(STORIES.tokenizer.to_str())
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    write_atomically(shipped.TOKENIZER, text + "\n")


@cache
def _train(variant: str, plan: Plan) -> tuple[Transformer, list[Point]]:
    model = make_model(plan.seed, causal=variant == MASKED)
    points = train(
        model,
        STORIES.rows,
        STORIES.heldout,
        plan,
        folder=WORK / variant.replace(" ", "-"),
        write=lambda model: recipe.write_story(model, STORIES.tokenizer),
    )
    return model, points


def curve_check(record: Record) -> list[Replay]:
    """Vuelve a medir los pesos que acompañan al libro y a entrenar los primeros pasos."""
    first = next(row for row in record.where(variant=MASKED) if row["step"] > 0)
    last = record.where(variant=MASKED)[-1]

    def again(row: Row) -> Row:
        if row["step"] == last["step"]:
            return {"heldout_loss": mean_loss(shipped.load_stories_model().model, STORIES.heldout)}
        points = train(
            make_model(recipe.PLAN.seed),
            STORIES.rows,
            STORIES.heldout,
            recipe.PLAN,
            stop_at=row["step"],
        )
        return {"heldout_loss": points[-1].heldout_loss}

    return [
        record.replay(again, rtol=0.0, atol=0.01, variant=MASKED, step=row["step"])
        for row in (first, last)
    ]


def curve_settings() -> dict[str, Any]:
    """Devuelve lo que decide el entrenamiento: la forma, los planes y el corpus."""
    return {
        "config": asdict(SHAPE),
        "parameters": sum(p.numel() for p in make_model(0).parameters()),
        "plan": asdict(recipe.PLAN),
        "unmasked_plan": asdict(recipe.UNMASKED_PLAN),
        "stories": len(STORIES.stories),
        "words": sum(len(story.split()) for story in STORIES.stories),
        "tokens": sum(len(row) - 1 for row in STORIES.rows),
        "corpus_seed": STORIES.seed,
        "weights": hashes_of_weights(shipped.RECORD, [shipped.WEIGHTS]),
        "tokenizer_sha256": file_hash(shipped.TOKENIZER),
    }


# --- lo que escribe ---


def sample_rows() -> list[Row]:
    """Devuelve los cuentos que el modelo escribe desde «<inicio>», a dos temperaturas."""
    lm = shipped.load_stories_model()
    return [
        {"temperature": temperature, "text": text}
        for temperature in (1.0, 0.7)
        for text in measures.write_many(lm, WRITTEN, temperature=temperature, seed=WRITE_SEED)
    ]


def sample_check(record: Record) -> list[Replay]:
    """Vuelve a escribir el principio: los mismos pesos y la misma semilla dan el mismo texto."""
    lm = shipped.load_stories_model()
    texts = iter(measures.write_many(lm, WRITTEN, temperature=0.7, seed=WRITE_SEED))
    return [record.replay(lambda row: {"text": next(texts)}, temperature=0.7)]


# --- cuánto predice ---


@cache
def _tested(split: str) -> tuple[list[corpus.Telling], list[list[int]]]:
    tellings = corpus.tell_many(TESTED, split, TEST_SEED)
    return tellings, encode_stories(STORIES.tokenizer, [telling.text for telling in tellings])


def loss_rows() -> list[Row]:
    """Devuelve una fila por predictor y parte: del azar a la propia gramática."""
    return [
        {"predictor": predictor, "split": split, **_loss(predictor, split)}
        for split in ("prueba", "reservadas")
        for predictor in (*_NGRAMS, MASKED, UNMASKED, CAUSAL_AGAIN, "gramática")
        if split == "prueba" or predictor in ("trigramas", MASKED, "gramática")
    ]


_NGRAMS = {"unigramas": 1, "bigramas": 2, "trigramas": 3}


def _loss(predictor: str, split: str) -> Row:
    tellings, rows = _tested(split)
    texts = [telling.text for telling in tellings]
    if predictor == "gramática":
        losses = corpus.costs(tellings, split)
    elif predictor in _NGRAMS:
        losses = _ngrams(_NGRAMS[predictor]).losses(rows)
    elif predictor == MASKED:
        losses = measures.story_losses(shipped.load_stories_model().model, rows)
    else:
        model = make_model(0)
        model.load_state_dict(_train(UNMASKED, recipe.UNMASKED_PLAN)[0].state_dict())
        seen = model if predictor == CAUSAL_AGAIN else remove_mask(model)
        losses = measures.story_losses(seen.eval(), rows)
    return measures.describe_losses(losses, rows, texts)


@cache
def _ngrams(order: int):
    return fit_ngrams(STORIES.rows, STORIES.heldout, order, SHAPE.vocab_size)


def loss_check(record: Record) -> list[Replay]:
    """Recalcula los bigramas, la gramática y el modelo, con todos los cuentos."""
    return [
        record.replay(
            lambda row: {"loss": _loss(row["predictor"], row["split"])["loss"]},
            rtol=1e-3,
            predictor=predictor,
            split="prueba",
        )
        for predictor in ("bigramas", MASKED, "gramática")
    ]


# --- copia o generaliza, y con qué errores ---


def writing_rows() -> list[Row]:
    """Devuelve las medidas de lo que escribe el modelo y, para comparar, de cuentos nuevos de la gramática."""
    samples = Record.load("stories_samples")
    sets = {
        ("modelo", t): [row["text"] for row in samples.where(temperature=t)] for t in (1.0, 0.7)
    }
    sets["gramática", None] = [telling.text for telling in _tested("prueba")[0][:WRITTEN]]
    index = CopyIndex(STORIES.stories)
    return [
        {
            "source": source,
            "temperature": temperature,
            **measures.copy_measures(texts, index),
            **measures.grammar_measures(texts),
            **errors_per_hundred_words(texts),
        }
        for (source, temperature), texts in sets.items()
    ]


def writing_check(record: Record) -> list[Replay]:
    """Recalcula las medidas de los textos guardados."""
    rows = iter(writing_rows())
    return [record.replay(lambda row: next(rows), rtol=1e-9)]


def writing_settings() -> dict[str, Any]:
    """Devuelve con qué se comparan las parejas reservadas y qué cambia al cuantizar."""
    lm = shipped.load_stories_model()
    wish, place = measures.chance_of_reserved()
    costs = {
        split: measures.wish_costs(lm.model, STORIES.tokenizer, _tested(split)[0])
        for split in ("prueba", "reservadas")
    }
    texts = [telling.text for telling in _tested("prueba")[0][:50]]
    with tempfile.TemporaryDirectory() as folder:
        path = export(lm, Path(folder) / "modelo.bin")
        quantised = {
            "bytes": path.stat().st_size,
            **logit_differences(lm, read_export(path)[1], texts),
        }
    return {
        "reserved_wishes_if_independent": wish,
        "reserved_places_if_independent": place,
        "wish_cost": {split: measures.mean_and_se(values) for split, values in costs.items()},
        "eight_bits": quantised,
    }


STORIES_CODE = "course_lib/experiments/stories"
TRAINING = (
    "words",
    "lexicon",
    "templates",
    "grammar",
    "corpus",
    "tokenizer",
    "model",
    "training",
    "recipe",
)
DATA = tuple(
    path.relative_to(ROOT).as_posix()
    for folder in ("lexicon", "plots")
    for path in sorted((ROOT / STORIES_CODE / folder).glob("*.txt"))
)
TRAINED = (
    *(f"{STORIES_CODE}/{name}.py" for name in TRAINING),
    *DATA,
    *(
        f"course_lib/transformer/{name}.py"
        for name in ("cache", "config", "model", "block", "attention", "mlp", "norm", "rotary")
    ),
    "course_lib/experiments/training.py",
)
MEASURED = tuple(dict.fromkeys((*TRAINED, *sources(STORIES_CODE))))
COMMON: dict[str, Any] = {
    "packages": ("torch", "transformers", "tokenizers", "accelerate", "safetensors"),
}
RECIPES = {
    "curva": Recipe(
        name=shipped.RECORD,
        title="Preentrenamiento del modelo de los cuentos",
        command="python -m tools.train_stories curva",
        rows=curve_rows,
        check=curve_check,
        settings=curve_settings,
        seed=recipe.PLAN.seed,
        notes="Pérdidas en nats por token; heldout_loss, en 100 cuentos de «desarrollo».",
        files=TRAINED,
        **COMMON,
    ),
    "muestras": Recipe(
        name="stories_samples",
        title="Cuentos que escribió el modelo, sin elegir",
        command="python -m tools.train_stories muestras",
        rows=sample_rows,
        check=sample_check,
        seed=WRITE_SEED,
        notes="Los escribió el modelo de los cuentos, desde «<inicio>»; ninguno se descartó.",
        files=MEASURED,
        **COMMON,
    ),
    "perdidas": Recipe(
        name="stories_losses",
        title="Pérdida de cada predictor en cuentos nunca vistos",
        command="python -m tools.train_stories perdidas",
        rows=loss_rows,
        check=loss_check,
        seed=TEST_SEED,
        notes="«gramática» es la entropía de la fuente: ningún modelo puede bajar de ella en promedio.",
        files=MEASURED,
        **COMMON,
    ),
    "escritura": Recipe(
        name="stories_writing",
        title="Lo que escribe el modelo: copias, generalización y errores",
        command="python -m tools.train_stories escritura",
        rows=writing_rows,
        check=writing_check,
        settings=writing_settings,
        seed=WRITE_SEED,
        notes="«gramática» son cuentos nuevos de la propia gramática: el punto de comparación.",
        files=MEASURED,
        **COMMON,
    ),
}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
