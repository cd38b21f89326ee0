"""Laboratorio de imágenes: qué contesta un modelo que ve, con qué seguridad y a qué celdas de la imagen atiende.

Todo se calcula una vez en Python y se guarda redondeado. Con un kernel, quien lee dibuja su propia escena y pregunta
lo que quiera; las cuentas son las mismas.
"""

from __future__ import annotations

import base64
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
import traitlets

from ..data.scenes import COLORS, SHAPES, Question, Scene, Thing
from ..decoding import Generation, generate
from ..experiments.looking import attention_to_image, nearest_words
from ..models import LanguageModel
from ..multimodal import VisionLanguageModel
from .base import Lab, Progress, View, compact, dropdown, source, table
from .image_input import SIZES, check_scenes, read_scene

__all__ = ["ImageView", "image_lab", "plain_words", "scene_data"]

MAX_NEW_TOKENS = 24
QUESTIONS = 8  # de cada escena, como mucho
ALTERNATIVES = 4  # de cada token de la respuesta
NEAREST = 3  # palabras de cada celda
LARGEST = 150_000  # bytes: lo que el laboratorio puede añadir a la página
WORD = re.compile(r" [a-záéíóúüñ]{2,}")


def plain_words(lm: LanguageModel) -> dict[int, str]:
    """Devuelve {id: palabra} de los tokens de `lm` que son un espacio y dos o más letras minúsculas del español.

    Ahí están las palabras de las respuestas que son un solo token; también hay de otros idiomas, y comienzos de
    palabra.
    """
    strings = lm.token_strings(range(lm.vocab_size))
    return {i: text[1:] for i, text in enumerate(strings) if WORD.fullmatch(text)}


def scene_data(
    vlm: VisionLanguageModel, scene: Scene, questions: Sequence[str] | None = None
) -> dict[str, Any]:
    """Devuelve lo que el laboratorio muestra de una escena, redondeado para que sea igual en cualquier procesador.

    `questions`: lo que se le pregunta; si se omite, hasta 8 preguntas de la escena, de todas las clases que admite.

    `image` es un PNG de 224×224 dentro de un `data:`, y `alt`, su descripción. De cada pregunta: `answer`, lo que el
    modelo escribe con la opción más probable, hasta 24 tokens; `right`, la respuesta correcta (None si no se sabe), y
    `equal`, si coinciden; `tokens`, [texto, probabilidad, las 4 alternativas más probables]; `share`, por token, la
    atención que recibe la imagen, y `attention`, qué parte de ella va a cada celda, fila por fila. Las probabilidades
    y la atención van en milésimas. `cells`: por celda, sus 3 palabras más parecidas, [lugar en `words`, coseno en centésimas], entre
    las de `plain_words`.

    Raises:
        ValueError: una pregunta está vacía o no cabe en el modelo.
    """
    return _entry(vlm, scene, questions, plain_words(vlm.lm))


def _entry(
    vlm: VisionLanguageModel,
    scene: Scene,
    questions: Sequence[str] | None,
    words: Mapping[int, str],
) -> dict[str, Any]:
    known = {question.text: question for question in scene.questions()}
    if questions is None:
        asked = _varied(scene.questions())
    else:
        asked = [known.get(text, Question("", text, "")) for text in questions]
    image = scene.draw()
    prompts = [vlm.prompt(image, question.text) for question in asked]
    made = generate(vlm.lm, prompts, max_new_tokens=MAX_NEW_TOKENS)
    answers = [_answered(vlm, image, *pair) for pair in zip(asked, made, strict=True)]
    visual = vlm.encode([image])[0].to(vlm.lm.dtype)  # (N, D), como los lee el modelo
    near = nearest_words(vlm.lm, visual, list(words), NEAREST)
    shown = list(dict.fromkeys(words[i] for row in near for i, _ in row))
    cells = [[[shown.index(words[i]), round(100 * c)] for i, c in row] for row in near]
    return _drawn(scene) | {"questions": answers, "words": shown, "cells": cells}


def _varied(questions: Sequence[Question]) -> list[Question]:
    """Hasta `QUESTIONS`, en el orden en que vienen: primero una de cada clase, después la segunda de cada una…"""
    kinds: dict[str, list[Question]] = {}
    for question in questions:
        kinds.setdefault(question.kind, []).append(question)
    turns = itertools.zip_longest(*kinds.values())
    chosen = [question for turn in turns for question in turn if question is not None][:QUESTIONS]
    return [question for question in questions if question in chosen]


def _answered(
    vlm: VisionLanguageModel, image: Any, question: Question, made: Generation
) -> dict[str, Any]:
    """Lo que se muestra de una respuesta; una pregunta sin respuesta conocida la trae vacía."""
    (written,) = made.sequences
    ids = [step.token_id for step in written.steps]
    maps = attention_to_image(vlm, image, question.text, ids).flatten(1)  # (A, N)
    total = maps.sum(dim=1)  # (A,)
    tokens = []
    for step in written.steps:
        stage = step.stages[0]
        others = [
            pair
            for pair in zip(stage.token_ids, stage.probs, strict=True)
            if pair[0] != step.token_id
        ]
        found = [(step.token_id, step.model_prob), *others[:ALTERNATIVES]]
        texts = vlm.lm.token_strings([i for i, _ in found])
        own, *rest = [(text, round(1000 * p)) for text, (_, p) in zip(texts, found, strict=True)]
        rest.sort(key=lambda pair: (-pair[1], pair[0]))
        tokens.append([*own, [list(pair) for pair in rest]])
    answer = written.text.strip()
    return {
        "kind": question.kind,
        "text": question.text,
        "answer": answer,
        "right": question.answer or None,
        "equal": answer == question.answer if question.answer else None,
        "finished": written.finish_reason == "eos",
        "tokens": tokens,
        "attention": _thousandths(maps / total[:, None]),
        "share": _thousandths(total),
    }


def _thousandths(values: torch.Tensor) -> list[Any]:
    whole: list[Any] = (1000 * values.float()).round().int().tolist()
    return whole


def _drawn(scene: Scene) -> dict[str, Any]:
    """La imagen de una escena y su descripción, sin nada del modelo."""
    alt = f"Escena dibujada: {'; '.join(_placed(thing) for thing in scene.things)}."
    return {"caption": scene.caption, "image": _png(scene), "alt": alt, "questions": []}


def _placed(thing: Thing) -> str:
    rows = ("arriba", "", "abajo")[int(3 * thing.y)]
    columns = ("a la izquierda", "", "a la derecha")[int(3 * thing.x)]
    place = " ".join(filter(None, (rows, columns))) or "en el centro"
    return f"{thing.name} de tamaño {thing.size}, {place}"


def _png(scene: Scene) -> str:
    """El PNG de la escena, sin pérdida: sus pocos colores van en una paleta, que ocupa menos."""
    from PIL import Image

    pixels = np.array(scene.draw())
    colors, where = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True)
    image = Image.fromarray(where.reshape(pixels.shape[:2]).astype(np.uint8))
    image.putpalette(colors.astype(np.uint8).tobytes())
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


class ImageView(View):
    """Vista del laboratorio; a Python solo le pide dibujar una escena propia y contestar sobre ella."""

    _esm = source("image_own.js", "image.js")
    _css = source("image.css")
    scene = traitlets.Int(0).tag(sync=True)
    question = traitlets.Int(0).tag(sync=True)


def image_lab(vlm: VisionLanguageModel, scenes: Sequence[Scene]) -> Lab:
    """Devuelve el laboratorio de imágenes: de cada escena de `scenes`, lo que da `scene_data`.

    Muestra la imagen con su cuadrícula, lo que el modelo contesta token por token, a qué celdas atiende cada token y a
    qué palabras se parece cada celda. Con Python detrás deja dibujar una escena de una o dos figuras y preguntar.

    Raises:
        ValueError: no hay escenas, o los datos pesan más de 150 kB.
        TypeError: `scenes` no es una lista de escenas.

    >>> image_lab(vlm, make_scenes(2, "choose"))  # doctest: +SKIP
    Laboratorio de imágenes (gemma-270m; escenas: 2)
    """
    scenes = check_scenes(scenes)
    words = plain_words(vlm.lm)
    data = {
        "model": vlm.lm.name,
        "limit": MAX_NEW_TOKENS,
        "searched": len(words),
        "side": round(vlm.encoder.num_tokens**0.5),
        "choices": {"shape": list(SHAPES), "color": list(COLORS), "size": list(SIZES)},
        "scenes": [_entry(vlm, scene, None, words) for scene in scenes],
    }
    size = len(compact(data).encode())
    if size > LARGEST:
        raise ValueError(
            f"Los datos ocupan {size // 1000} kB y en la página caben {LARGEST // 1000}: pasa menos escenas (ahora "
            f"son {len(scenes)}), o un modelo que termine sus respuestas."
        )

    def answer(text: str) -> Iterator[Progress]:
        scene, question = read_scene(text)
        found = _drawn(scene) if question is None else _entry(vlm, scene, [question], words)
        yield Progress(1, 1, found)

    names = [f"{i}. {entry['caption']}" for i, entry in enumerate(data["scenes"], start=1)]
    summary = f"Laboratorio de imágenes ({vlm.lm.name}; escenas: {len(scenes)})"
    view = ImageView(data, answer)
    return Lab(view, {"scene": dropdown("escena", names)}, _fallback(data, names), summary)


def _fallback(data: Mapping[str, Any], names: Sequence[str]) -> str:
    """Devuelve las tablas que se leen sin JavaScript: por escena, lo que se preguntó y lo que contestó."""
    header = ("pregunta", "respuesta del modelo", "correcta")
    parts = []
    for name, entry in zip(names, data["scenes"], strict=True):
        rows = [(q["text"], q["answer"] or "(nada)", q["right"]) for q in entry["questions"]]
        parts.append(table(f"Escena {name}", header, rows))
    return "".join(parts)
