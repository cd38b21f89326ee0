"""Practicar solo la posición: la corrida publicada sigue con escenas de dos figuras, y se mide antes y después."""

from __future__ import annotations

from typing import Any

from course_lib.data.scenes import make_scenes
from course_lib.experiments.alignment import Aligned, align, ask, load
from course_lib.multimodal import VisionLanguageModel
from course_lib.records import Row

from .measuring import SEED
from .runs import folder_of, language_model

__all__ = ["AFTER", "BEFORE", "DRILL", "SPLITS", "drilled", "positions"]

BEFORE, AFTER = "publicada", "publicada, más posiciones"
SPLITS = ("train", "choose")
#: Lotes de escenas de dos figuras; de cada una, qué hay, dónde está cada figura respecto de la otra y algo más.
DRILL: dict[str, Any] = {
    "captions": 0,
    "steps": 150,
    "things": 2,
    "focus": "posición",
    "learning_rate": 5e-4,
    "seed": 77,
}


def drilled() -> Aligned:
    """Devuelve lo que resulta de seguir la corrida publicada con `DRILL`, o sigue donde quedó."""
    return align(load(language_model()), checkpoints=folder_of(AFTER) / "avance", **DRILL)


def positions(vlm: VisionLanguageModel, split: str, number: int) -> Row:
    """Devuelve qué contesta de `number` escenas de dos figuras: qué hay, y las dos preguntas por la posición."""
    asked = [
        (scene, question)
        for scene in make_scenes(number, split, seed=SEED, things=2)
        for question in scene.questions()
        if question.kind in ("contenido", "posición")
    ]
    outputs = ask(vlm, [(scene.draw(), question.text) for scene, question in asked])
    return {
        "kinds": [question.kind for _, question in asked],
        "expected": [question.answer for _, question in asked],
        "outputs": outputs,
    }
