"""Laboratorio «Antes y después»: lo que contestó cada manera de preguntar, una al lado de otra.

Las respuestas ya se grabaron: un modelo base con y sin ayuda, el mismo ajustado con instrucciones y otros ya
ajustados. El navegador las muestra con sus marcas y cuenta los aciertos de todas, no solo de las que se leen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import traitlets

from ..instruction import ChatTemplate, Example, load_examples, reply
from ..metrics import wilson_interval
from ..models import LanguageModel
from ..records import Record, Row
from .base import (
    Answer,
    Lab,
    Progress,
    View,
    check_count,
    check_prompts,
    compact,
    dropdown,
    source,
    table,
)
from .before_after_input import JUDGED, check_splits

__all__ = ["BeforeAfterView", "before_after_data", "before_after_lab"]

MAX_NEW_TOKENS = 48  # con los que se grabó
AT_START = 4  # maneras que se ven al abrir
LARGEST = 60_000  # bytes: lo que el laboratorio puede añadir a la página
LONGEST = 240  # caracteres de cada respuesta que se lee

Models = Mapping[str, tuple[LanguageModel, ChatTemplate]]


def before_after_data(record: Record, shown: int = 6) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: con ellos el navegador cuenta sin Python.

    `record` es la tabla `instruction_replies`: una fila por manera de preguntar y parte. De cada tipo de tarea
    viajan los `shown` primeros ejemplos con sus respuestas, y de todos los grabados, una cifra hexadecimal por
    respuesta: 1 si acierta, más 2 si acierta su primera línea, 4 si se detuvo y 8 si repite la instrucción.

    Raises:
        ValueError: falta algo, algo se repite o no calza, o los datos pesan más de 60 kB.
    """
    check_count("shown", shown)
    splits = check_splits(record)
    ways = [{"name": row["way"], "model": row["model"]} for row in next(iter(splits.values()))]
    data = {
        "ways": ways,
        "max_new_tokens": MAX_NEW_TOKENS,
        "kinds": [kind for split, rows in splits.items() for kind in _kinds(split, rows, shown)],
    }
    size = len(compact(data).encode())
    if size > LARGEST:
        raise ValueError(
            f"Los datos ocupan {size // 1000} kB y en la página caben {LARGEST // 1000}: muestra menos ejemplos de "
            f"cada tipo (ahora shown={shown})."
        )
    return data


def _kinds(split: str, rows: Sequence[Row], shown: int) -> list[dict[str, Any]]:
    """Los tipos de tarea de una parte, en el orden en que aparecen."""
    by_id = {example.id: example for example in load_examples(split)}
    asked = [by_id[name] for name in rows[0]["ids"]]
    kinds = []
    for kind in dict.fromkeys(example.kind for example in asked):
        places = [i for i, example in enumerate(asked) if example.kind == kind]
        read = places[:shown]
        examples = [
            [e.instruction, e.input, [e.output, *e.also]] for e in map(asked.__getitem__, read)
        ]
        judged = ["".join(_digit(row, i) for i in places) for row in rows]
        outputs = [[_cut(row["outputs"][i]) for i in read] for row in rows]
        kinds.append(
            {"name": kind, "split": split, "examples": examples}
            | {"judged": judged, "outputs": outputs}
        )
    return kinds


def _digit(row: Row, i: int) -> str:
    return f"{sum(int(row[name][i]) << bit for bit, name in enumerate(JUDGED)):x}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} […]"


class BeforeAfterView(View):
    """Vista del laboratorio: cuenta en el navegador; a Python solo le pide contestar una pregunta propia."""

    _esm = source("wilson.js", "before_after.js")
    _css = source("before_after.css")
    kind = traitlets.Int(0).tag(sync=True)
    example = traitlets.Int(0).tag(sync=True)
    ways = traitlets.List(traitlets.Int()).tag(sync=True)  # las que se ven, por su lugar


def before_after_lab(record: Record, *, shown: int = 6, lms: Models | None = None) -> Lab:
    """Devuelve el laboratorio «Antes y después»; `record` y `shown` son los de `before_after_data`.

    `lms` es {nombre: (modelo, plantilla)}: con Python detrás, contestan la instrucción que escriba quien lee. Si se
    omite, solo se ven las respuestas grabadas.

    Raises:
        ValueError: los de `before_after_data`, o `lms` está vacío.
        TypeError: `lms` no es {nombre: (modelo, plantilla)}.
    """
    data = before_after_data(record, shown)
    if lms is None:
        view = BeforeAfterView(data)
    else:
        # sin textos que elegir: con esta clave aparece el cuadro para escribir el propio
        view = BeforeAfterView(data | {"prompts": []}, _answering(lms))
    view.ways = list(range(min(AT_START, len(data["ways"]))))
    kinds = [kind["name"] for kind in data["kinds"]]
    summary = f"Laboratorio «Antes y después»: {len(kinds)} tipos de tarea, {len(data['ways'])} maneras de preguntar"
    return Lab(view, {"kind": dropdown("tarea", kinds)}, _fallback(data), summary)


def _answering(lms: Models) -> Answer:
    """Cómo se contesta una instrucción propia: cada modelo con su plantilla, uno tras otro."""
    pairs = isinstance(lms, Mapping) and all(
        isinstance(p, tuple) and len(p) == 2 for p in lms.values()
    )
    if not pairs:
        raise TypeError(
            '`lms` es {nombre: (modelo, plantilla)}, como {"base": (lm, PlainTemplate())}.'
        )
    if not lms:
        raise ValueError(
            "`lms` está vacío: pasa al menos un modelo con su plantilla, o no lo pases."
        )

    def answer(text: str) -> Iterator[Progress]:
        for lm, _ in lms.values():
            check_prompts(lm, [text])
        asked = Example(
            text, "(no se sabe)"
        )  # no hay con qué juzgarla: solo se lee lo que contestan
        entry: dict[str, Any] = {"text": text, "answers": []}
        for done, (name, (lm, template)) in enumerate(lms.items(), start=1):
            (found,) = reply(lm, [asked], template, max_new_tokens=MAX_NEW_TOKENS)
            told = {"output": found.output, "stopped": found.stopped, "repeats": found.repeats}
            entry["answers"].append({"name": name, **told})
            yield Progress(done, len(lms), entry)

    return answer


def _fallback(data: dict[str, Any]) -> str:
    """Devuelve las tablas que se leen sin JavaScript: por tipo, los aciertos y la primera respuesta."""
    header = ("manera", "aciertos", "95 %", "primera respuesta")
    parts = []
    for kind in data["kinds"]:
        instruction, text, (wanted, *_) = kind["examples"][0]
        rows = []
        for way, digits, outputs in zip(data["ways"], kind["judged"], kind["outputs"], strict=True):
            right = sum(int(digit, 16) & 1 for digit in digits)
            interval = wilson_interval(right, len(digits))
            rows.append((way["name"], f"{right} de {len(digits)}", repr(interval), outputs[0]))
        asked = " ".join(filter(None, (instruction, text)))
        caption = f"{kind['name']}. La primera respuesta es a «{asked}»; la deseada, «{wanted}»"
        parts.append(table(caption, header, rows))
    return "".join(parts)
