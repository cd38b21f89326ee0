"""Laboratorio de cuentos: un modelo de lenguaje que escribe en la propia página, con JavaScript y sin Python.

El navegador trae los pesos cuando se le pide escribir: en el libro, del propio sitio; en JupyterLab y Colab, de Python.
Lo que escribe es lo que Python escribiría con el mismo archivo.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import traitlets

from ..decoding import Greedy, generate
from ..transformer import TransformerLM
from .base import HERE, Lab, View, check_prompts, dropdown, slider, source, table
from .story_model import WEB_MODEL, file_data, read_story_model

__all__ = ["StoryView", "story_data", "story_lab"]

OPENINGS = ("Había una vez", "Una noche de invierno,", "La tortuga quería")
LIMIT = 200  # tokens de una vez
PREVIEW, NEXT = 24, 3  # tokens que se leen sin JavaScript, y opciones para el primero
WORKER = ("next_token.js", "story_engine.js", "story_worker.js")


def worker_source() -> str:
    """Devuelve el programa del worker: lo mismo que prueba node, sin los `export`, que ahí no valen."""
    text = "\n".join((HERE / name).read_text(encoding="utf-8") for name in WORKER)
    return re.sub(r"^export ", "", text, flags=re.MULTILINE)


def story_data(
    openings: Sequence[str] = OPENINGS, *, path: str | Path | None = None
) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: qué archivo pide el navegador y qué se lee sin JavaScript.

    `openings`: los comienzos que ofrece (quien lee puede escribir otro). `path`: el archivo del modelo; si no se da, el
    que acompaña al libro. De cada comienzo, `greedy`, cómo sigue al elegir siempre el token más probable, y `next`, los
    tres más probables con su probabilidad en milésimas.

    Raises:
        FileNotFoundError: no está el archivo.
        ValueError: no es de su formato o pesa más de 2 MB; o no hay comienzos, o alguno está vacío o es muy largo.
        TypeError: `openings` es un solo texto.
    """
    path = WEB_MODEL if path is None else Path(path)
    lm = read_story_model(path)
    return {
        **file_data(path, lm),
        "limit": LIMIT,
        "openings": [_opening(lm, text) for text in check_prompts(lm, openings)],
    }


def _opening(lm: TransformerLM, text: str) -> dict[str, Any]:
    probs = lm.prefill(torch.tensor([lm.encode(text)])).logits[0].softmax(-1)
    top = probs.topk(NEXT)
    names = lm.token_strings(top.indices.tolist())
    written = generate(lm, text, Greedy(), max_new_tokens=PREVIEW, trace=None).text
    thousandths = (1000 * top.values).round().int().tolist()
    pairs = [list(pair) for pair in zip(names, thousandths, strict=True)]
    return {"text": text, "greedy": written, "next": pairs}


class StoryView(View):
    """Vista del laboratorio de cuentos; a Python solo le pide, si no está en el libro, los bytes del modelo."""

    _esm = f"const WORKER = {json.dumps(worker_source(), ensure_ascii=False)};\n" + source(
        "story_load.js", "story.js"
    )
    _css = source("story.css")
    opening = traitlets.Int(0).tag(sync=True)
    temperature = traitlets.Float(0.8).tag(sync=True)
    top_k = traitlets.Int(0).tag(sync=True)
    top_p = traitlets.Float(1.0).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)

    def __init__(self, data: dict[str, Any], path: Path) -> None:
        """`path`: el archivo que se manda a quien lo pide."""
        super().__init__(data)
        self._path = path

    def _receive(self, widget: Any, message: dict[str, Any], buffers: Any) -> None:
        if message.get("kind") != "weights":
            super()._receive(widget, message, buffers)
            return
        try:
            self.send({"kind": "weights"}, [self._path.read_bytes()])
        except OSError as error:  # va a la pantalla de quien lo pidió
            text = f"Python no pudo leer el modelo, {self._path.name}: {error.strerror}."
            self.send({"kind": "error", "text": text})


def story_lab(openings: Sequence[str] = OPENINGS, *, path: str | Path | None = None) -> Lab:
    """Devuelve el laboratorio de cuentos; los parámetros y los errores son los de `story_data`.

    Se escribe un comienzo (o se elige uno de `openings`) y el modelo de `path` sigue, token por token, con la
    temperatura, el top-k, el top-p y la semilla que se elijan. Al pulsar un token se ven sus alternativas, y se puede
    seguir desde otra.

    >>> story_lab()  # doctest: +SKIP
    Laboratorio de cuentos (cuentos.bin; comienzos: 3)
    """
    data = story_data(openings, path=path)
    view = StoryView(data, WEB_MODEL if path is None else Path(path))
    controls = {
        "opening": dropdown("comienzo", openings),
        "temperature": slider("temperatura", 0.8, 0.0, 2.0, 0.05),
        "top_k": slider("top-k", 0, 0, 100, 1),
        "top_p": slider("top-p", 1.0, 0.05, 1.0, 0.05),
        "seed": slider("semilla", 0, 0, 99, 1),
    }
    summary = f"Laboratorio de cuentos ({data['file']}; comienzos: {len(openings)})"
    return Lab(view, controls, _fallback(data), summary)


def _fallback(data: dict[str, Any]) -> str:
    """Devuelve la tabla que se lee sin JavaScript: cómo sigue cada comienzo."""
    header = ("comienzo", "sigue, si se elige siempre el más probable", "tras el comienzo podía ir")
    rows = [
        (
            entry["text"],
            f"{entry['greedy']}…",
            "; ".join(f"«{token}» {n / 10:.1f} %" for token, n in entry["next"]),
        )
        for entry in data["openings"]
    ]
    return table("Lo que escribe el modelo de los cuentos", header, rows)
