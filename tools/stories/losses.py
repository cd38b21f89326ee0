"""Cuánto predice cada modelo en cuentos nunca vistos: del azar a la propia gramática."""

from __future__ import annotations

from functools import cache

from course_lib.experiments.stories import corpus, measures, recipe, shipped
from course_lib.experiments.stories.grammar import Telling
from course_lib.experiments.stories.model import SHAPE, make_model, remove_mask
from course_lib.experiments.stories.ngrams import NgramModel, fit_ngrams
from course_lib.experiments.stories.tokenizer import encode_stories
from course_lib.records import Record, Replay, Row

from .curve import MASKED, STORIES, UNMASKED, trained

__all__ = ["CAUSAL_AGAIN", "GRAMMAR", "SEED", "TESTED", "check", "rows", "tested"]

TESTED, SEED = 500, 2  # cuentos nuevos con los que se mide, y su semilla
CAUSAL_AGAIN = "sin máscara, sin ver el futuro"
GRAMMAR = "gramática"
NGRAMS = {"unigramas": 1, "bigramas": 2, "trigramas": 3}


@cache
def tested(split: str) -> tuple[list[Telling], list[list[int]]]:
    """Devuelve los cuentos de esa parte con los que se mide, y los mismos como ids."""
    tellings = corpus.tell_many(TESTED, split, SEED)
    return tellings, encode_stories(STORIES.tokenizer, [telling.text for telling in tellings])


def rows() -> list[Row]:
    """Devuelve una fila por predictor y parte."""
    return [
        {"predictor": predictor, "split": split, **_loss(predictor, split)}
        for split in ("prueba", "reservadas")
        for predictor in (*NGRAMS, MASKED, UNMASKED, CAUSAL_AGAIN, GRAMMAR)
        if split == "prueba" or predictor in ("trigramas", MASKED, GRAMMAR)
    ]


def _loss(predictor: str, split: str) -> Row:
    tellings, ids = tested(split)
    if predictor == GRAMMAR:
        losses = corpus.costs(tellings, split)
    elif predictor in NGRAMS:
        losses = _ngrams(NGRAMS[predictor]).losses(ids)
    elif predictor == MASKED:
        losses = measures.story_losses(shipped.load_stories_model().model, ids)
    else:
        model = make_model(0)
        model.load_state_dict(trained(UNMASKED, recipe.UNMASKED_PLAN)[0].state_dict())
        seen = model if predictor == CAUSAL_AGAIN else remove_mask(model)
        losses = measures.story_losses(seen.eval(), ids)
    return measures.describe_losses(losses, ids, [telling.text for telling in tellings])


@cache
def _ngrams(order: int) -> NgramModel:
    return fit_ngrams(STORIES.rows, STORIES.heldout, order, SHAPE.vocab_size)


def check(record: Record) -> list[Replay]:
    """Recalcula los bigramas, la gramática y el modelo, con todos los cuentos."""
    return [
        record.replay(
            lambda row: {"loss": _loss(row["predictor"], row["split"])["loss"]},
            rtol=1e-3,
            predictor=predictor,
            split="prueba",
        )
        for predictor in ("bigramas", MASKED, GRAMMAR)
    ]
