"""Alinear imagen y texto: entrenar solo el proyector para que un modelo de lenguaje quieto lea tokens visuales.

Cada lote son escenas recién dibujadas, que no se repiten, con unas preguntas de cada una. El codificador y el
modelo de lenguaje no cambian. Ref.: la primera etapa de LLaVA, Liu et al. 2023, arXiv:2304.08485.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from .. import trainer
from ..data.scenes import KINDS, Question, Scene, make_scenes
from ..decoding import generate
from ..instruction.encoded import MASKED, Encoded, pad
from ..models import HuggingFaceLM
from ..multimodal.image_encoder import load_encoder
from ..multimodal.projector import LinearProjector
from ..multimodal.vision_language_model import VisionLanguageModel
from ..records import Record
from .weights import load_checked, weights_path

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "RECORD",
    "WEIGHTS",
    "Aligned",
    "align",
    "ask",
    "collate",
    "fingerprint",
    "first_questions",
    "load",
    "questions_for",
]

RECORD, WEIGHTS = "vision_runs", weights_path("gemma/vision-es", "projector")


@dataclass(frozen=True)
class Aligned:
    """El modelo con su proyector entrenado, `vlm`, y la curva: (paso, pérdida media desde el punto anterior)."""

    vlm: VisionLanguageModel
    curve: trainer.Curve
    settings: Mapping[str, Any] = field(repr=False)

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con un renglón por punto de la curva."""
        import pandas as pd

        return pd.DataFrame(self.curve, columns=["paso", "pérdida (nats por token)"])


def align(
    vlm: VisionLanguageModel,
    *,
    captions: int,
    steps: int = 0,
    batch_size: int = 8,
    questions: int = 4,
    things: int | None = None,
    focus: str | None = None,
    learning_rate: float = 1e-3,
    shuffled: bool = False,
    seed: int = 0,
    checkpoints: str | Path | None = None,
) -> Aligned:
    """Entrena el proyector de `vlm` en su sitio y devuelve el modelo con su curva.

    Primero, `captions` lotes de `2 * batch_size` escenas de las que solo se pregunta qué hay; después, `steps` lotes de
    `batch_size` escenas con `questions` preguntas. `things`: cuántas figuras tiene cada una; sin él, de 1 a 4. `focus`:
    una clase de pregunta que se hace siempre, tras la primera, entera. `learning_rate`: el mayor tamaño del paso.
    `shuffled`: a cada escena le toca lo que se pregunta de otra. `seed`: las escenas y las preguntas. `checkpoints`:
    carpeta donde sigue una corrida igual que se interrumpió (otra es un `ValueError`).
    """
    settings: dict[str, Any] = {"captions": captions, "steps": steps, "batch_size": batch_size}
    settings |= {"questions": questions, "things": things, "learning_rate": learning_rate}
    settings |= {"shuffled": shuffled, "seed": seed, **({"focus": focus} if focus else {})}
    for frozen in (vlm.encoder, vlm.lm.model):
        frozen.requires_grad_(False)
    curve = trainer.train(
        vlm.projector,
        _batches(settings),
        lambda batch: collate(vlm, batch[0]),
        lambda _, batch: vlm.loss(**batch),
        batch_size=1,  # cada fila ya es un lote
        learning_rate=learning_rate,
        seed=seed,
        checkpoints=checkpoints,
        told=settings | {"projector": str(vlm.projector), "tokens": vlm.encoder.num_tokens},
    )
    vlm.projector.eval()
    return Aligned(vlm, curve, settings)


def _plan(settings: Mapping[str, Any]) -> list[tuple[int, int]]:
    """Por cada lote, cuántas escenas y cuántas preguntas de cada una."""
    captions, steps = settings["captions"], settings["steps"]
    if captions + steps < 1 or min(captions, steps) < 0:
        raise ValueError(f"captions={captions} y steps={steps}: hace falta al menos un lote.")
    if settings.get("focus") not in (None, *KINDS):
        raise ValueError(
            f"focus={settings['focus']!r} no es una clase de pregunta: {', '.join(KINDS)}."
        )
    for name in ("batch_size", "questions", "learning_rate"):
        if not settings[name] > 0:
            raise ValueError(f"{name} debe ser mayor que 0 y llegó {settings[name]!r}.")
    size = settings["batch_size"]
    return [(2 * size, 1)] * captions + [(size, settings["questions"])] * steps


def _batches(settings: Mapping[str, Any]) -> list[list[tuple[Scene, list[Question]]]]:
    """Por cada (escenas, preguntas) del plan, un lote de escenas nuevas con lo que se pregunta de cada una."""
    plan, seed, focus = _plan(settings), settings["seed"], settings.get("focus")
    scenes = iter(make_scenes(sum(n for n, _ in plan), seed=seed, things=settings["things"]))
    draw = random.Random(seed)
    batches = []
    for number, questions in plan:
        shown = [next(scenes) for _ in range(number)]
        asked = [questions_for(scene, questions, draw, focus) for scene in shown]
        if settings["shuffled"]:  # a cada una le toca lo de la siguiente
            asked = asked[1:] + asked[:1]
        batches.append(list(zip(shown, asked, strict=True)))
    return batches


def questions_for(
    scene: Scene, number: int, draw: random.Random, focus: str | None = None
) -> list[Question]:
    """Devuelve `number` preguntas de la escena: qué hay en la imagen, y otras de clases distintas si alcanzan.

    `focus`: la clase de la que se hacen antes todas las que haya.
    """
    first, *rest = scene.questions()
    chosen = [first, *(question for question in rest if question.kind == focus)]
    kinds = sorted({question.kind for question in rest} - {focus})
    draw.shuffle(kinds)
    for turn in range(number - len(chosen)):
        kind = kinds[turn % len(kinds)]
        chosen.append(draw.choice([question for question in rest if question.kind == kind]))
    return chosen[:number]


def first_questions(scenes: Sequence[Scene]) -> list[tuple[Scene, Question]]:
    """Devuelve, por cada escena, una pregunta de cada clase que admite: la primera.

    >>> [question.kind for _, question in first_questions(make_scenes(1, seed=1))]
    ['contenido', 'color', 'figura', 'posición', 'tamaño', 'cuántas']
    """
    found = []
    for scene in scenes:
        by_kind = {question.kind: question for question in reversed(scene.questions())}
        found += [(scene, by_kind[kind]) for kind in KINDS if kind in by_kind]
    return found


def collate(
    vlm: VisionLanguageModel, members: Sequence[tuple[Scene, Sequence[Question]]]
) -> dict[str, Tensor]:
    """Devuelve lo que recibe `vlm.loss`: los rasgos de las imágenes y los ids y etiquetas de sus preguntas.

    De cada escena se hacen tantas preguntas como de las demás; solo se aprende la respuesta.
    """
    rows = []
    for question in (question for _, questions in members for question in questions):
        ids, whole = vlm.ids(question.text), vlm.ids(question.text, question.answer)
        rows.append(Encoded(tuple(whole), (MASKED,) * len(ids) + tuple(whole[len(ids) :])))
    padded = pad(rows, vlm.lm.tokenizer)
    shape = (len(members), -1)  # una fila por imagen, con sus preguntas
    return {
        "features": vlm.encoder([scene.draw() for scene, _ in members]),
        **{name: padded[name].unflatten(0, shape) for name in ("input_ids", "labels")},
    }


def ask(
    vlm: VisionLanguageModel, asked: Sequence[tuple[Any, str]], *, max_new_tokens: int = 32
) -> list[str]:
    """Devuelve lo que el modelo contesta, con la opción más probable, a cada (imagen, pregunta).

    `imagen` es lo que acepta `images.square`, o None para preguntar sin imagen; `max_new_tokens`, lo más que escribe.
    """
    prompts = [vlm.prompt(image, question) for image, question in asked]
    made = generate(vlm.lm, prompts, max_new_tokens=max_new_tokens, trace=None)
    return [one.text.strip() for one in made]


def fingerprint(module: nn.Module) -> str:
    """Devuelve el SHA-256 de todos los pesos de `module`: si uno solo cambia, es otra.

    >>> fingerprint(nn.Identity())[:8]
    'e3b0c442'
    """
    digest = hashlib.sha256()
    for tensor in module.state_dict().values():
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()


def load(lm: HuggingFaceLM) -> VisionLanguageModel:
    """Devuelve el modelo que ve, con el proyector publicado; `lm` es `models.load("gemma-270m")`.

    Raises:
        FileNotFoundError: falta la tabla o el archivo del proyector.
        ValueError: el archivo no es el que la tabla anotó.
    """
    found, encoder = Record.load(RECORD), load_encoder()
    projector = LinearProjector(encoder.width, lm.hidden_size)
    load_checked(projector, WEIGHTS, found.settings["projector_sha256"], found)
    return VisionLanguageModel(encoder, projector, lm)
