"""Laboratorio de entrenamiento: la pérdida y lo que el modelo escribe en cada momento de la curva.

El entrenamiento ya se grabó: en cada punto, cuánto le cuesta predecir el token siguiente y un texto que escribió
entonces. Moverse por la curva deja ver qué aprende primero, y cuánto falta para lo mejor que se puede.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

import traitlets

from .base import Lab, View, compact, rounded, slider, source, table

__all__ = ["TrainingView", "training_data", "training_lab"]

TITLE = "Lo que escribe mientras aprende"
POINT = ("step", "tokens", "train_loss", "heldout_loss", "sample")
LARGEST = 150_000  # bytes: lo que el laboratorio puede añadir a la página
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")  # un modelo sin entrenar también los escribe


def training_data(
    points: Sequence[Mapping[str, Any]],
    *,
    floor: Mapping[str, float] | None = None,
    title: str = TITLE,
) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: con ellos el navegador dibuja sin Python.

    `points`: al menos dos momentos, en orden, {"step": paso, "tokens": cuántos leyó hasta ahí, "train_loss":
    pérdida media desde el momento anterior con los textos que entrena, o None si no la hay (en el paso 0),
    "heldout_loss": pérdida con textos que no leyó, "sample": lo que escribe entonces}; las pérdidas, en nats por
    token. Un carácter de control, que una página no muestra, queda como «�». `floor`: líneas horizontales con que
    compararlas, {nombre: nats por token}, como la entropía de la gramática que inventa los textos.

    Raises:
        ValueError: falta algo, los momentos no avanzan, una pérdida no es un número, o los datos pesan demasiado.

    >>> rows = [{"step": 0, "tokens": 0, "train_loss": None, "heldout_loss": 8.3, "sample": "sol ¿ el"},
    ...         {"step": 9, "tokens": 4608, "train_loss": 7.1, "heldout_loss": 6.2, "sample": "de de la"}]
    >>> training_data(rows, floor={"entropía": 1.5})["floor"]
    [['entropía', 1.5]]
    """
    _check_points(points)
    for name, value in (floor or {}).items():
        _check_loss(f"floor[{name!r}]", value)
    data = {
        "title": title,
        "points": [_point(row) for row in points],
        "floor": [[name, _short(value)] for name, value in (floor or {}).items()],
    }
    size = len(compact(data).encode())
    if size > LARGEST:
        raise ValueError(
            f"Los datos ocupan {size // 1000} kB y en la página caben {LARGEST // 1000}: pasa menos momentos (ahora "
            f"son {len(points)}) o textos más cortos."
        )
    return data


def _point(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "step": int(row["step"]),
        "tokens": int(row["tokens"]),
        "train_loss": None if row["train_loss"] is None else _short(row["train_loss"]),
        "heldout_loss": _short(row["heldout_loss"]),
        "sample": _CONTROL.sub("\N{REPLACEMENT CHARACTER}", row["sample"]),
    }


def _short(loss: float) -> float:
    return rounded([loss], 5)[0]


class TrainingView(View):
    """Vista del laboratorio. No pide nada a Python: todo viaja con la página."""

    _esm = source("plot.js", "training.js")
    _css = source("training.css")
    moment = traitlets.Int(0).tag(sync=True)


def training_lab(
    points: Sequence[Mapping[str, Any]],
    *,
    floor: Mapping[str, float] | None = None,
    title: str = TITLE,
) -> Lab:
    """Devuelve el laboratorio de entrenamiento; los argumentos, con `floor`, son los de `training_data`.

    Recorre los momentos con un control o solo: la pérdida en la curva y el texto que el modelo escribía.
    """
    data = training_data(points, floor=floor, title=title)
    last = len(data["points"]) - 1
    summary = f"Laboratorio de entrenamiento: «{title}» ({last + 1} momentos)"
    controls = {"moment": slider("momento", 0, 0, last, 1)}
    return Lab(TrainingView(data), controls, _fallback(data), summary)


def _fallback(data: dict[str, Any]) -> str:
    """Devuelve la tabla que se lee sin JavaScript: cada momento con su texto."""
    header = ("paso", "tokens leídos", "pérdida", "lo que escribe")
    rows = [
        (
            _grouped(point["step"]),
            _grouped(point["tokens"]),
            f"{point['heldout_loss']:.2f}",
            point["sample"].replace("\n", "↵ ") or "(no escribió nada)",
        )
        for point in data["points"]
    ]
    floor = "".join(f"; {name}, {value:.2f}" for name, value in data["floor"])
    caption = f"{data['title']}. Pérdida con textos que no leyó, en nats por token{floor}"
    return table(caption, header, rows)


def _grouped(count: int) -> str:
    return f"{count:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _check_points(points: Sequence[Mapping[str, Any]]) -> None:
    if len(points) < 2:
        raise ValueError(
            f"`points` lleva {len(points)} momentos: una curva necesita al menos dos, el comienzo y el final."
        )
    for i, row in enumerate(points):
        _check_point(f"points[{i}]", row)
    for i, (before, after) in enumerate(pairwise(points)):
        if after["step"] <= before["step"] or after["tokens"] < before["tokens"]:
            raise ValueError(
                f"points[{i}] está en el paso {before['step']} con {before['tokens']} tokens leídos, y points[{i + 1}] "
                f"en el {after['step']} con {after['tokens']}: ordénalos por paso y deja uno solo de cada uno."
            )


def _check_point(where: str, row: Mapping[str, Any]) -> None:
    missing = [name for name in POINT if name not in row]
    if missing:
        raise ValueError(
            f"A {where} le falta «{missing[0]}». Cada momento lleva: {', '.join(POINT)}."
        )
    for name in ("step", "tokens"):
        value = row[name]
        if isinstance(value, bool) or not isinstance(value, Integral) or value < 0:
            raise ValueError(f"{where}: {name}={value!r} no vale: debe ser un entero desde 0.")
    if row["train_loss"] is not None:
        _check_loss(f"{where}: train_loss", row["train_loss"])
    _check_loss(f"{where}: heldout_loss", row["heldout_loss"])
    if not isinstance(row["sample"], str):
        raise ValueError(f"{where}: sample={row['sample']!r} no vale: debe ser un texto.")


def _check_loss(where: str, value: object) -> None:
    number = float(value) if isinstance(value, Real) else math.nan
    if not math.isfinite(number) or number < 0:
        raise ValueError(
            f"{where}={value!r} no vale: debe ser un número finito desde 0, en nats por token. Si el entrenamiento "
            "divergió, recorta la curva antes."
        )
