"""Cómo se mide el modelo que ve: las mismas preguntas con su imagen, con otra, sin imagen y sin proyector."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import torch

from course_lib.data.scenes import KINDS, Question, Scene, make_scenes
from course_lib.experiments.alignment import ask, first_questions
from course_lib.multimodal import LinearProjector, VisionLanguageModel
from course_lib.records import Row

__all__ = ["SEED", "SPLITS", "WAYS", "answers", "asked", "judged"]

SEED = 2026  # otras escenas que las de entrenar, aunque sean de las mismas combinaciones
SPLITS = ("train", "choose", "final")


def asked(split: str, number: int, things: int | None = None) -> list[tuple[Scene, Question]]:
    """Devuelve una pregunta de cada clase posible, la primera, por cada escena nueva de `split`."""
    return first_questions(make_scenes(number, split, seed=SEED, things=things))


def judged(pairs: Sequence[tuple[Scene, Question]], outputs: Sequence[str]) -> Row:
    """Devuelve las respuestas de cada clase que son exactamente la correcta, y cuántas eran."""
    right = Counter(q.kind for (_, q), out in zip(pairs, outputs, strict=True) if out == q.answer)
    total = Counter(q.kind for _, q in pairs)
    return {
        "right": {kind: right[kind] for kind in KINDS if total[kind]},
        "n": {kind: total[kind] for kind in KINDS if total[kind]},
    }


def _own(
    vlm: VisionLanguageModel, scenes: Sequence[Scene]
) -> tuple[VisionLanguageModel, list[Any]]:
    return vlm, [scene.draw() for scene in scenes]


def _next(
    vlm: VisionLanguageModel, scenes: Sequence[Scene]
) -> tuple[VisionLanguageModel, list[Any]]:
    """La imagen de la escena que sigue: la pregunta es de otra."""
    different = list(dict.fromkeys(scenes))
    following = dict(zip(different, different[1:] + different[:1], strict=True))
    return vlm, [following[scene].draw() for scene in scenes]


def _none(
    vlm: VisionLanguageModel, scenes: Sequence[Scene]
) -> tuple[VisionLanguageModel, list[Any]]:
    return vlm, [None for _ in scenes]


def _random(
    vlm: VisionLanguageModel, scenes: Sequence[Scene]
) -> tuple[VisionLanguageModel, list[Any]]:
    """El proyector como empezó: sus pesos, al azar."""
    start = LinearProjector(vlm.encoder.width, vlm.lm.hidden_size)
    return VisionLanguageModel(vlm.encoder, start, vlm.lm), [scene.draw() for scene in scenes]


def _zero(
    vlm: VisionLanguageModel, scenes: Sequence[Scene]
) -> tuple[VisionLanguageModel, list[Any]]:
    """El proyector publicado, con la matriz en cero: queda su sesgo, igual para toda imagen."""
    blank = LinearProjector(vlm.encoder.width, vlm.lm.hidden_size)
    blank.load_state_dict(vlm.projector.state_dict())
    torch.nn.init.zeros_(blank.get_parameter("layers.weight"))
    return VisionLanguageModel(vlm.encoder, blank, vlm.lm), [scene.draw() for scene in scenes]


Way = Callable[[VisionLanguageModel, Sequence[Scene]], tuple[VisionLanguageModel, list[Any]]]
WAYS: dict[str, Way] = {
    "con su imagen": _own,
    "con la imagen de otra": _next,
    "sin imagen": _none,
    "proyector al azar": _random,
    "matriz en cero": _zero,
}


def answers(vlm: VisionLanguageModel, way: str, split: str, number: int) -> Row:
    """Devuelve qué contesta el modelo a las preguntas de `number` escenas, y cuántas acierta de cada clase."""
    pairs = asked(split, number)
    model, images = WAYS[way](vlm, [scene for scene, _ in pairs])
    texts = [question.text for _, question in pairs]
    outputs = ask(model, list(zip(images, texts, strict=True)))
    return {
        "way": way,
        "split": split,
        **judged(pairs, outputs),
        "expected": [question.answer for _, question in pairs],
        "kinds": [question.kind for _, question in pairs],
        "outputs": outputs,
    }
