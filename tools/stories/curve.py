"""La curva del entrenamiento y los pesos que deja."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict
from functools import cache
from typing import Any

from course_lib.experiments.stories import recipe, shipped
from course_lib.experiments.stories.model import SHAPE, make_model
from course_lib.experiments.stories.training import Plan, Point, mean_loss, train
from course_lib.records import Record, Replay, Row, file_hash
from course_lib.transformer import Transformer

from .. import ROOT
from ..recording import write_atomically
from ..weights import hashes_of_weights, save_weights

__all__ = ["MASKED", "STORIES", "UNMASKED", "check", "rows", "settings", "trained"]

WORK = ROOT / "_build" / "stories"
MASKED, UNMASKED = "con máscara", "sin máscara"
STORIES = recipe.Ingredients()


def rows() -> list[Row]:
    """Entrena los dos modelos, guarda los pesos del que tiene máscara y devuelve las dos curvas."""
    found = []
    for variant, plan in ((MASKED, recipe.PLAN), (UNMASKED, recipe.UNMASKED_PLAN)):
        model, points = trained(variant, plan)
        found += [{"variant": variant, **asdict(point)} for point in points]
        if variant == MASKED:
            _save(model)
    return found


@cache
def trained(variant: str, plan: Plan) -> tuple[Transformer, list[Point]]:
    """Devuelve el modelo de esa variante y su curva; si ya se entrenó del todo, solo lo carga."""
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


def _save(model: Transformer) -> None:
    """Guarda los pesos, a la mitad de bits, y el tokenizador."""
    save_weights(copy.deepcopy(model).half(), shipped.RECORD, shipped.WEIGHTS)
    tokenizer = json.loads(STORIES.tokenizer.to_str())
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    write_atomically(shipped.TOKENIZER, text + "\n")


def check(record: Record) -> list[Replay]:
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


def settings() -> dict[str, Any]:
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
