"""Laboratorio «¿Emerge?»: las mismas salidas, con una medida de todo o nada y con otras más finas.

Una vista muestra modelos reales, uno por punto; la otra, una familia de Transformers pequeños con varias
semillas por tamaño. El salto de una curva aparece o desaparece según la medida y el largo de la respuesta.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import traitlets

from ..metrics import bootstrap_interval, wilson_interval
from .base import Lab, View, check_count, compact, dropdown, rounded, slider, source, table
from .emergence_input import WAYS, check_evaluations, check_family
from .emergence_records import emergence_runs

__all__ = ["EmergenceView", "emergence_data", "emergence_lab", "emergence_runs"]

METRICS = {
    "exact": "exactitud estricta",
    "tokens": "tokens correctos",
    "logprob": "log-probabilidad",
}
VIEWS = ("tareas", "familia")
LARGEST = 250_000  # bytes: lo que el laboratorio puede añadir a la página
LONGEST = 320  # caracteres de cada salida que se lee


def emergence_data(
    evaluations: Sequence[Mapping[str, Any]],
    family: Sequence[Mapping[str, Any]],
    *,
    shown: int = 12,
) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: con ellos el navegador calcula sin Python.

    `evaluations`: una por modelo, tarea y k, {"model": nombre, "parameters": cuántos, "family": nombre o
    None (solo una línea une los modelos de una misma familia), "task": título, "k": ejemplos en el prompt,
    "chance": acierto al azar, "outputs": [{"question", "answer", "output": lo que escribió, "right": si
    acertó, "tokens": fracción acertada de los tokens de la respuesta, "logprob": su log-probabilidad media
    por token, en nats}]}. `tokens` y `logprob` son None donde no hay una sola respuesta correcta. `family`:
    una por Transformer entrenado, {"parameters", "way": una de `WAYS`, "seed", "loss", "prefix": para cada
    L, la fracción de respuestas con los L primeros tokens correctos}. De cada evaluación se cuentan todas
    las salidas y viajan con la página a lo sumo `shown`, aciertos y fallos a partes iguales si alcanzan.

    Raises:
        ValueError: falta algo, algo se repite o se contradice, o los datos pesan más de 250 kB.
    """
    check_count("shown", shown)
    check_evaluations(evaluations)
    check_family(family)
    models = _described(evaluations, "model", ("parameters", "family"))
    models.sort(key=lambda model: model["parameters"])
    tasks = [task | {"items": []} for task in _described(evaluations, "task", ("chance",))]
    data = {
        "models": models,
        "tasks": tasks,
        "points": _points(evaluations, models, tasks, shown),
        "ways": [way for way in WAYS if any(member["way"] == way for member in family)],
        "family": _members(family),
    }
    size = len(compact(data).encode())
    if size > LARGEST:
        raise ValueError(
            f"Los datos ocupan {size // 1000} kB y en la página caben {LARGEST // 1000}: muestra menos "
            f"salidas de cada punto (ahora shown={shown}) o pasa menos evaluaciones."
        )
    return data


def _members(family: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """La familia, de menor a mayor en cada manera y con menos cifras."""
    ordered = sorted(family, key=lambda m: (m["way"], m["parameters"], m["seed"]))
    return [
        {name: member[name] for name in ("way", "parameters", "seed")}
        | {"loss": rounded([member["loss"]], 5)[0], "prefix": rounded(member["prefix"], 5)}
        for member in ordered
    ]


def _points(
    evaluations: Sequence[Mapping[str, Any]],
    models: Sequence[Mapping[str, Any]],
    tasks: Sequence[Mapping[str, Any]],
    shown: int,
) -> list[dict[str, Any]]:
    """Los resultados, con sus modelos y tareas por su lugar; cada pregunta se guarda una sola vez."""
    model_places = {model["name"]: i for i, model in enumerate(models)}
    task_places = {task["name"]: i for i, task in enumerate(tasks)}
    item_places: list[dict[tuple[str, str], int]] = [{} for _ in tasks]
    points = []
    for evaluation in evaluations:
        outputs, place = evaluation["outputs"], task_places[evaluation["task"]]
        items, rows = item_places[place], []
        for output in (outputs[i] for i in _chosen([o["right"] for o in outputs], shown)):
            item = (_cut(output["question"]), _cut(output["answer"]))
            smooth = [
                None if output[name] is None else rounded([output[name]], 3)[0]
                for name in ("tokens", "logprob")
            ]
            number = items.setdefault(item, len(items))
            rows.append([number, _cut(output["output"]), int(output["right"]), *smooth])
        point = {"task": place, "model": model_places[evaluation["model"]], "k": evaluation["k"]}
        point |= {"n": len(outputs), "right": sum(bool(o["right"]) for o in outputs)}
        point |= {name: _mean([o[name] for o in outputs]) for name in ("tokens", "logprob")}
        points.append(point | {"rows": rows})
    for task, items in zip(tasks, item_places, strict=True):
        task["items"].extend(map(list, items))
    return sorted(points, key=lambda p: (p["task"], p["k"], p["model"]))


def _chosen(right: Sequence[bool], shown: int) -> list[int]:
    """Los lugares de las salidas que viajan: las primeras de cada clase, en su orden."""
    hits = [i for i, good in enumerate(right) if good]
    misses = [i for i, good in enumerate(right) if not good]
    kept = hits[: max(shown - len(misses), (shown + 1) // 2)]
    return sorted(kept + misses[: shown - len(kept)])


def _mean(values: Sequence[float | None]) -> list[float] | None:
    """[media, y los extremos de su intervalo del 95 % por remuestreo], o None si no se midió."""
    present = [float(value) for value in values if value is not None]
    if not present:
        return None
    interval = bootstrap_interval(present, num_resamples=1000)
    return rounded((math.fsum(present) / len(present), interval.low, interval.high), 5)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} […]"


def _described(
    rows: Iterable[Mapping[str, Any]], key: str, traits: Sequence[str]
) -> list[dict[str, Any]]:
    """Cada valor de `key`, con sus rasgos, que han de ser los mismos cada vez que aparece."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        own = {"name": row[key]} | {trait: row[trait] for trait in traits}
        first = found.setdefault(row[key], own)
        for trait in traits:
            if first[trait] != own[trait]:
                raise ValueError(
                    f"«{row[key]}» aparece con {trait}={first[trait]!r} y con {trait}={own[trait]!r}: "
                    "usa un solo valor, o nombres distintos si no son lo mismo."
                )
    return list(found.values())


class EmergenceView(View):
    """Vista del laboratorio. No pide nada a Python: las cuentas son del navegador."""

    _esm = source("plot.js", "wilson.js", "measures.js", "emergence.js")
    _css = source("emergence.css")
    view = traitlets.Int(0).tag(sync=True)
    task = traitlets.Int(0).tag(sync=True)
    metric = traitlets.Int(0).tag(sync=True)
    k = traitlets.Int(0).tag(sync=True)
    model = traitlets.Int(-1).tag(sync=True)  # el punto cuyas salidas se leen; −1, ninguno
    way = traitlets.Int(0).tag(sync=True)
    measure = traitlets.Int(0).tag(sync=True)
    length = traitlets.Int(1).tag(sync=True)
    axis = traitlets.Int(0).tag(sync=True)


def emergence_lab(
    evaluations: Sequence[Mapping[str, Any]],
    family: Sequence[Mapping[str, Any]],
    *,
    shown: int = 12,
) -> Lab:
    """Devuelve el laboratorio «¿Emerge?»; los argumentos, con `shown`, son los de `emergence_data`."""
    data = emergence_data(evaluations, family, shown=shown)
    length = len(data["family"][0]["prefix"])
    tasks = {
        "task": dropdown("tarea", [task["name"] for task in data["tasks"]]),
        "metric": dropdown("medida", list(METRICS.values())),
    }
    members = {
        "way": dropdown("manera", ["las dos"] * (len(data["ways"]) > 1) + data["ways"]),
        "axis": dropdown("eje x", ["tamaño", "pérdida"]),
        "measure": dropdown("acierto", ["estricto: L tokens", "suave: un token"]),
        "length": slider("largo L", length, 1, length, 1),
    }
    for kind, controls in (("tasks", tasks), ("family", members)):
        for control in controls.values():
            control.add_class(f"lm-for-{kind}")  # solo se ven en su vista
    view = EmergenceView(data)
    view.k = max(point["k"] for point in data["points"])
    controls = {"view": dropdown("vista", VIEWS), **tasks, **members}
    counts = f"{len(data['models'])} modelos, {len(data['tasks'])} tareas, {len(data['family'])} miembros"
    summary = f"Laboratorio «¿Emerge?»: {counts} de la familia"
    return Lab(view, controls, _fallback(data), summary)


def _fallback(data: dict[str, Any]) -> str:
    """Devuelve las tablas que se leen sin JavaScript: cada tarea y la familia."""
    header = ("modelo", "parámetros", "k", "n", "exacto [95 %]", "tokens [95 %]", "log p [95 %]")
    parts = []
    for i, task in enumerate(data["tasks"]):
        rows = []
        for point in (p for p in data["points"] if p["task"] == i):
            model, right, n = data["models"][point["model"]], point["right"], point["n"]
            interval = wilson_interval(right, n)
            cells = ((right / n, interval.low, interval.high), point["tokens"], point["logprob"])
            named = map(str, (model["name"], model["parameters"], point["k"], n))
            rows.append((*named, *map(_with_interval, cells)))
        parts.append(table(f"«{task['name']}»; al azar, {task['chance']:.2f}", header, rows))
    lengths = [f"L = {i + 1}" for i in range(len(data["family"][0]["prefix"]))]
    members = [
        (
            *(str(m[name]) for name in ("parameters", "way", "seed", "loss")),
            *(f"{p:.2f}" for p in m["prefix"]),
        )
        for m in data["family"]
    ]
    caption = "Familia: fracción de respuestas con los L primeros tokens correctos"
    names = ("parámetros", "manera", "semilla", "pérdida", *lengths)
    return "".join((*parts, table(caption, names, members)))


def _with_interval(values: Sequence[float] | None) -> str:
    return "—" if values is None else "{:.2f} [{:.2f}, {:.2f}]".format(*values)
