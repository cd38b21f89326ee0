"""Laboratorio de prompting: la plantilla, el puntaje de cada candidata, el mapeo y la calibración."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import traitlets

from ..models import LanguageModel
from ..prompting import AGGREGATES, CONTENT_FREE, SCORES, Measure, Template, Verbalizer, measure
from ..prompting.examples import Label
from .base import Lab, Progress, View, check_prompts, dropdown, rounded, source, table

__all__ = ["PromptView", "prompt_data", "prompt_lab"]

SCORE_NAMES = {
    "sum": "suma (sum)",
    "token": "por token (token)",
    "char": "por letra (char)",
    "byte": "por byte (byte)",
    "pmi": "PMI (pmi)",
}
AGGREGATE_NAMES = {"sum": "suma (sum)", "mean": "promedio (mean)", "max": "máximo (max)"}


def prompt_data(
    lm: LanguageModel,
    texts: Sequence[str],
    templates: Sequence[str],
    verbalizers: Mapping[str, Mapping[Label, Sequence[str]]],
) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: con ellos el navegador calcula sin Python.

    Por cada texto y plantilla, la log-probabilidad de cada token de cada candidata; por plantilla,
    además, las sumas con la entrada vacía y con las entradas sin contenido. `verbalizers` es
    {nombre: {etiqueta: respuestas}}.

    Raises:
        ValueError: no hay textos, plantillas o verbalizadores, o alguno está mal escrito.
    """
    if not templates or not verbalizers:
        missing = "verbalizers" if templates else "templates"
        raise ValueError(f"`{missing}` está vacío: el laboratorio necesita al menos uno.")
    tables = {name: Verbalizer(mapping) for name, mapping in verbalizers.items()}
    answers = list(dict.fromkeys(z for v in tables.values() for z in v.answers))
    texts = check_prompts(lm, texts)
    patterns = [Template(pattern) for pattern in templates]
    bases = [_base(lm, template, answers) for template in patterns]
    columns = [_cells(lm, template, texts, answers) for template in patterns]
    return {
        "model": lm.name,
        "answers": answers,
        "scores": list(SCORES),
        "aggregates": list(AGGREGATES),
        "verbalizers": [
            {"name": name, "mapping": {str(k): list(v) for k, v in verbalizer.mapping.items()}}
            for name, verbalizer in tables.items()
        ],
        "templates": bases,
        "prompts": [
            {"text": text, "cells": [column[i] for column in columns]}
            for i, text in enumerate(texts)
        ],
    }


def _base(lm: LanguageModel, template: Template, answers: Sequence[str]) -> dict[str, Any]:
    """Lo que una plantilla dice sin entrada: `prior` y, para calibrar, `content_free` y sus largos."""
    rows = measure(lm, [template.fill(text) for text in ("", *CONTENT_FREE)], answers)
    sums = [rounded([m.sum_logprob for m in row], 7) for row in rows]
    return {
        "pattern": template.pattern,
        "prior": sums[0],
        "content_free": sums[1:],
        "free_units": [[_units(m) for m in row] for row in rows[1:]],
    }


def _units(m: Measure) -> dict[str, int]:
    return {"token": m.n_tokens, "char": m.n_chars, "byte": m.n_bytes}


def _cells(
    lm: LanguageModel, template: Template, texts: Sequence[str], answers: Sequence[str]
) -> list[dict[str, Any]]:
    prompts = [template.fill(text) for text in texts]
    rows = measure(lm, prompts, answers)
    return [
        {
            "parts": [[part.text, part.source] for part in prompt.parts],
            "answers": [
                {
                    "tokens": list(m.tokens),
                    "logprobs": rounded(m.token_logprobs, 7),
                    "own": [s == "respuesta" for s in m.sources],
                    "units": _units(m),
                }
                for m in row
            ],
        }
        for prompt, row in zip(prompts, rows, strict=True)
    ]


class PromptView(View):
    """Vista del laboratorio de prompting."""

    _esm = source("prompt.js")
    _css = source("prompt.css")
    template = traitlets.Int(0).tag(sync=True)
    score = traitlets.Int(0).tag(sync=True)
    verbalizer = traitlets.Int(0).tag(sync=True)
    aggregate = traitlets.Int(0).tag(sync=True)
    calibrate = traitlets.Int(0).tag(sync=True)
    pattern = ""  # la plantilla propia; vacía, se usa la elegida

    def _receive(self, widget: Any, message: dict[str, Any], buffers: Any) -> None:
        if message.get("kind") == "pattern":
            self.pattern = str(message.get("text", "")).strip()
        else:
            super()._receive(widget, message, buffers)


def prompt_lab(
    lm: LanguageModel,
    texts: Sequence[str],
    templates: Sequence[str],
    verbalizers: Mapping[str, Mapping[Label, Sequence[str]]],
) -> Lab:
    """Devuelve el laboratorio de prompting; los argumentos son los de `prompt_data`.

    Muestra el prompt con el origen de cada parte, el puntaje de cada candidata token a token, el
    mapeo a etiquetas y la calibración. Con Python detrás acepta un texto y una plantilla propios.
    """
    data = prompt_data(lm, texts, templates, verbalizers)

    def answer(text: str) -> Iterator[Progress]:
        check_prompts(lm, [text])
        pattern = view.pattern or data["templates"][view.template]["pattern"]
        base = _base(lm, Template(pattern), data["answers"])
        yield Progress(1, 2)
        (cell,) = _cells(lm, Template(pattern), [text], data["answers"])
        yield Progress(2, 2, {"text": text, "base": base, "cells": [cell]})

    view = PromptView(data, answer)
    controls = {
        "prompt": dropdown("texto", texts),
        "template": dropdown("plantilla", templates),
        "verbalizer": dropdown("verbalizador", list(verbalizers)),
        "score": dropdown("puntaje", list(SCORE_NAMES.values())),
        "aggregate": dropdown("agregado", list(AGGREGATE_NAMES.values())),
        "calibrate": dropdown("calibración", ["no", "sí"]),
    }
    summary = (
        f"Laboratorio de prompting: {data['model']}, {len(data['prompts'])} textos, "
        f"{len(data['templates'])} plantillas"
    )
    return Lab(view, controls, _fallback(data), summary)


def _fallback(data: dict[str, Any]) -> str:
    """Devuelve las tablas que se leen sin JavaScript: cada texto en la primera plantilla."""
    parts = []
    for entry in data["prompts"]:
        sums = [sum(a["logprobs"]) for a in entry["cells"][0]["answers"]]
        ranked = sorted(zip(data["answers"], sums, strict=True), key=lambda pair: -pair[1])
        rows = [(answer, f"{total:.2f}") for answer, total in ranked]
        caption = "".join(text for text, _ in entry["cells"][0]["parts"])
        parts.append(table(f"«{caption}»", ("respuesta", "log p"), rows))
    return "".join(parts)
