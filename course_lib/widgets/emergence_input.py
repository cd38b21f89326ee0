"""Lo que acepta el laboratorio «¿Emerge?»: resultados completos, que no se repiten ni se contradicen."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

__all__ = ["WAYS", "check_evaluations", "check_family"]

WAYS = ("directa", "con pasos")
EVALUATION = ("model", "parameters", "family", "task", "k", "chance", "outputs")
OUTPUT = ("question", "answer", "output", "right", "tokens", "logprob")
MEMBER = ("parameters", "way", "seed", "loss", "prefix")


def check_evaluations(evaluations: Sequence[Mapping[str, Any]]) -> None:
    """Comprueba las evaluaciones de `emergence_data`, o explica qué les falta."""
    _check_keys("evaluations", evaluations, EVALUATION)
    for i, evaluation in enumerate(evaluations):
        _check_evaluation(f"evaluations[{i}]", evaluation)
    _check_repeated("evaluations", evaluations, ("model", "task", "k"))


def check_family(family: Sequence[Mapping[str, Any]]) -> None:
    """Comprueba los miembros de la familia de `emergence_data`, o explica qué les falta."""
    _check_keys("family", family, MEMBER)
    for i, member in enumerate(family):
        _check_member(f"family[{i}]", member, len(family[0]["prefix"]))
    _check_repeated("family", family, ("way", "parameters", "seed"))


def _check_keys(where: str, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    if not rows:
        raise ValueError(f"`{where}` está vacío: el laboratorio necesita al menos un elemento.")
    for i, row in enumerate(rows):
        missing = [name for name in names if name not in row]
        if missing:
            raise ValueError(
                f"A {where}[{i}] le falta «{missing[0]}». Cada elemento lleva: {', '.join(names)}."
            )


def _check_repeated(where: str, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    seen: dict[tuple[Any, ...], int] = {}
    for i, row in enumerate(rows):
        key = tuple(row[name] for name in names)
        if key in seen:
            same = ", ".join(f"{name}={value!r}" for name, value in zip(names, key, strict=True))
            raise ValueError(f"{where}[{seen[key]}] y {where}[{i}] repiten {same}: deja una sola.")
        seen[key] = i


def _check_evaluation(where: str, evaluation: Mapping[str, Any]) -> None:
    _check_whole(where, "parameters", evaluation["parameters"], 1)
    _check_whole(where, "k", evaluation["k"], 0)
    _check_between(where, "chance", evaluation["chance"], 0, 1)
    outputs = evaluation["outputs"]
    _check_keys(f"{where} outputs", outputs, OUTPUT)
    for i, output in enumerate(outputs):
        here = f"{where}, outputs[{i}]"
        if output["right"] not in (True, False):
            raise ValueError(f"{here}: right={output['right']!r} no vale: es True o False.")
        for name, low, high in (("tokens", 0, 1), ("logprob", -math.inf, 0)):
            if (output[name] is None) != (outputs[0][name] is None):
                raise ValueError(f"{where}: «{name}» falta en unas salidas y en otras no.")
            if output[name] is not None:
                _check_between(here, name, output[name], low, high)


def _check_member(where: str, member: Mapping[str, Any], length: int) -> None:
    _check_whole(where, "parameters", member["parameters"], 1)
    _check_between(where, "loss", member["loss"], 0, math.inf)
    if member["way"] not in WAYS:
        raise ValueError(f"{where}: way={member['way']!r} no existe. Hay: {', '.join(WAYS)}.")
    prefix = list(member["prefix"])
    if not prefix or len(prefix) != length:
        raise ValueError(
            f"{where}: `prefix` lleva {len(prefix)} valores y el primero de la familia, {length}. Hace falta "
            "uno por cada largo L, los mismos en todos."
        )
    for value in prefix:
        _check_between(where, "prefix", value, 0, 1)
    if any(more > less for less, more in itertools.pairwise(prefix)):
        raise ValueError(
            f"{where}: prefix={prefix} crece. Quien acierta L + 1 tokens acertó también los L primeros: "
            "pasa la fracción de respuestas con los L primeros correctos."
        )


def _check_whole(where: str, name: str, value: object, low: int) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or value < low:
        raise ValueError(f"{where}: {name}={value!r} no vale: debe ser un entero desde {low}.")


def _check_between(where: str, name: str, value: object, low: float, high: float) -> None:
    number = float(value) if isinstance(value, Real) else math.nan
    if not math.isfinite(number) or not low <= number <= high:
        ends = [f"desde {low}"] * math.isfinite(low) + [f"hasta {high}"] * math.isfinite(high)
        raise ValueError(
            f"{where}: {name}={value!r} no vale: debe ser un número {' y '.join(ends)}."
        )
