"""El laboratorio «¿Emerge?»: el navegador calcula lo mismo que Python con los mismos datos."""

from __future__ import annotations

import copy
import itertools
import json
import random
import statistics

import pytest

from course_lib.abilities import load_task
from course_lib.metrics import bootstrap_interval, wilson_interval
from course_lib.records import Record
from course_lib.widgets import emergence_data, emergence_lab, emergence_runs
from course_lib.widgets.base import compact
from course_lib.widgets.emergence import METRICS, EmergenceView
from course_lib.widgets.emergence_input import WAYS
from tests.widgets.node import run
from tests.widgets.stored import stored_labs

MODELS = [
    ("mediano-chat", 494_000_000, "qwen"),
    ("otro", 268_000_000, None),
    ("pequeño", 135_000_000, None),
    ("grande-chat", 1_540_000_000, "qwen"),
]
TASKS = {"Capital de un país": 0.0, "Sentimiento": 0.5, "Restricciones": 0.0}


def sample_output(rng: random.Random, i: int, skill: float, *, single: bool) -> dict:
    right = rng.random() < skill
    return {
        "question": f"¿Pregunta {i}?",
        "answer": f"respuesta {i}",
        "output": f"respuesta {i}" if right else f"no sé <b>{i}</b>\nAdiós",
        "right": right,
        "tokens": (1.0 if right else rng.choice((0.0, 0.25, 0.5))) if single else None,
        "logprob": -rng.uniform(0.0, 4 * (1.2 - skill)) if single else None,
    }


def sample_evaluations(seed: int = 0, n: int = 30) -> list[dict]:
    """Cuatro modelos, tres tareas y varios k; la última tarea no tiene una sola respuesta."""
    rng = random.Random(seed)
    found = []
    for (task, chance), (place, (model, parameters, family)) in itertools.product(
        TASKS.items(), enumerate(MODELS)
    ):
        for k in (0, 1, 4, 8) if task != "Restricciones" else (0,):
            skill = min(0.95, chance + 0.1 * (1 + k) ** 0.5 * (1 + place % 3))
            single = task != "Restricciones"
            outputs = [sample_output(rng, i, skill, single=single) for i in range(n)]
            found.append(
                {"model": model, "parameters": parameters, "family": family, "task": task}
                | {"k": k, "chance": chance, "outputs": outputs}
            )
    return found


def sample_family(seed: int = 0) -> list[dict]:
    """Seis tamaños de cada manera, con dos grupos de semillas en los del medio."""
    rng = random.Random(seed)
    members = []
    for way, size in itertools.product(WAYS, range(6)):
        for s in range(10 if 1 <= size <= 3 else 3):
            learned = rng.random() < (size - 1 + 2 * WAYS.index(way)) / 4
            p = rng.uniform(0.93, 1.0) if learned else rng.uniform(0.1, 0.5)
            members.append(
                {"parameters": 4352 * 3**size, "way": way, "seed": s, "loss": 1.2 * (1 - p) + 0.01}
                | {"prefix": [p ** (0.8 * length + 0.2) for length in range(1, 5)]}
            )
    return members


@pytest.fixture(scope="module")
def evaluations():
    return sample_evaluations()


@pytest.fixture(scope="module")
def family():
    return sample_family()


@pytest.fixture(scope="module")
def data(evaluations, family):
    return emergence_data(evaluations, family)


def test_wilson_equals_python(tmp_path):
    cases = [(right, n) for n in (1, 3, 10, 50, 136) for right in {0, 1, n // 2, n}]
    body = "\nconst result = data.map(([right, n]) => wilson(right, n));\n"
    for case, got in zip(cases, run(tmp_path, EmergenceView, body, cases), strict=True):
        interval = wilson_interval(*case)
        assert got == pytest.approx([interval.low, interval.high], abs=1e-12), case


def test_points_equal_python(evaluations, data, tmp_path):
    """Toda tarea, medida y k: los puntos son los de las salidas, todas, con su intervalo."""
    names = [task["name"] for task in data["tasks"]]
    cases = [
        {"task": t, "metric": m, "k": k}
        for t in range(len(names))
        for m in range(3)
        for k in (0, 1, 4, 8)
    ]
    body = "\nconst result = data.cases.map((s) => taskPoints(data.lab, s));\n"
    results = run(tmp_path, EmergenceView, body, {"lab": data, "cases": cases})
    seen = 0
    for s, got in zip(cases, results, strict=True):
        metric, own = list(METRICS)[s["metric"]], names[s["task"]]
        there = [e for e in evaluations if e["task"] == own and e["k"] == got["k"]]
        assert got["k"] == (0 if own == "Restricciones" else s["k"])
        if metric != "exact" and own == "Restricciones":
            assert got["points"] == []
            continue
        expected = {e["model"]: measured(e["outputs"], metric) for e in there}
        found = {p["name"]: [p["value"], p["low"], p["high"]] for p in got["points"]}
        assert found.keys() == expected.keys() and len(found) == 4
        for name, values in expected.items():
            assert found[name] == pytest.approx(values, abs=1e-4), (s, name)
            assert values[1] <= values[0] <= values[2]
            assert got["floor"] <= found[name][1]
        seen += len(found)
    assert seen == 4 * (2 * 3 * 4 + 4)


def measured(outputs: list[dict], metric: str) -> list[float]:
    if metric == "exact":
        right = sum(o["right"] for o in outputs)
        interval = wilson_interval(right, len(outputs))
        return [right / len(outputs), interval.low, interval.high]
    values = [o[metric] for o in outputs]
    interval = bootstrap_interval(values, num_resamples=1000)
    return [statistics.fmean(values), interval.low, interval.high]


def test_the_nearest_k_that_was_measured(data, tmp_path):
    body = "\nconst result = [-1, 0, 2, 3, 7, 99].map((k) => taskPoints(data, {task: 0, metric: 0, k}).k);\n"
    assert run(tmp_path, EmergenceView, body, data) == [0, 0, 1, 4, 8, 8]


def test_family_equals_python(family, data, tmp_path):
    """Toda manera, medida y largo: semillas, media, pᴸ, cuántas pasan de la mitad y mayor subida."""
    cases = [
        {"way": w, "measure": m, "length": n}
        for w, m, n in itertools.product(range(3), range(2), range(1, 5))
    ]
    body = "\nconst result = data.cases.map((s) => familyCurves(data.lab, s));\n"
    results = run(tmp_path, EmergenceView, body, {"lab": data, "cases": cases})
    for s, curves in zip(cases, results, strict=True):
        ways = WAYS if s["way"] == 0 else [WAYS[s["way"] - 1]]
        assert [c["way"] for c in curves] == list(ways)
        length = s["length"] if s["measure"] == 0 else 1
        for c in curves:
            means = check_groups(c["groups"], [m for m in family if m["way"] == c["way"]], length)
            rises = [b - a for a, b in itertools.pairwise(means)]
            assert c["jump"]["rise"] == pytest.approx(max(rises), abs=1e-4)
            assert c["jump"]["to"]["mean"] - c["jump"]["from"]["mean"] == c["jump"]["rise"]


def check_groups(groups: list[dict], members: list[dict], length: int) -> list[float]:
    sizes = sorted({m["parameters"] for m in members})
    assert [g["parameters"] for g in groups] == sizes
    means = []
    for g in groups:
        own = [m for m in members if m["parameters"] == g["parameters"]]
        values = [m["prefix"][length - 1] for m in own]
        means.append(statistics.fmean(values))
        assert sorted(p["value"] for p in g["seeds"]) == pytest.approx(sorted(values), abs=1e-4)
        assert g["mean"] == pytest.approx(means[-1], abs=1e-4)
        powers = [m["prefix"][0] ** length for m in own]
        assert g["power"] == pytest.approx(statistics.fmean(powers), abs=1e-4)
        assert g["loss"] == pytest.approx(statistics.fmean(m["loss"] for m in own), abs=1e-4)
        half = sum(value > 0.5 for value in values)
        interval = wilson_interval(half, len(values))
        assert g["half"] == half
        assert g["range"] == pytest.approx([interval.low, interval.high], abs=1e-9)
    return means


def test_ticks_are_few_round_and_inside(tmp_path):
    """Entre dos y ocho marcas redondas en cualquier eje, lineal o logarítmico, también al revés."""
    rng = random.Random(2)
    axes = [
        {"from": a, "to": a + rng.choice((1, -1)) * 10 ** rng.uniform(-2, 2), "log": False}
        for a in (rng.uniform(-5, 5) for _ in range(200))
    ]
    for _ in range(200):
        low = 10 ** rng.uniform(2, 8)
        axes.append({"from": low, "to": low * 10 ** rng.uniform(0.4, 5), "log": True})
    body = "\nconst result = data.map((axis) => niceTicks(axis));\n"
    for axis, ticks in zip(axes, run(tmp_path, EmergenceView, body, axes), strict=True):
        low, high = sorted((axis["from"], axis["to"]))
        assert (1 if axis["log"] else 2) <= len(ticks) <= 6, axis
        near = 1e-6 * (high - low)
        assert all(low - near <= t <= high + near for t in ticks), axis
        assert all(float(f"{t:.2g}") == pytest.approx(t, rel=1e-9, abs=near) for t in ticks) or (
            not axis["log"] and high - low < 0.3 * abs(low)
        ), axis


def test_what_is_read_holds_both_kinds(evaluations, data):
    """De cada punto viajan doce salidas, a medias si alcanzan, tal como se escribieron."""
    for point in data["points"]:
        task = data["tasks"][point["task"]]
        (source,) = (
            e
            for e in evaluations
            if e["task"] == task["name"]
            and e["k"] == point["k"]
            and e["model"] == data["models"][point["model"]]["name"]
        )
        written = [(o["question"], o["answer"], o["output"], o["right"]) for o in source["outputs"]]
        read = [(*task["items"][i], text, bool(right)) for i, text, right, *_ in point["rows"]]
        assert len(read) == 12 and set(read) <= set(written)
        assert [written.index(row) for row in read] == sorted(map(written.index, read))
        hits, right = sum(row[-1] for row in read), point["right"]
        assert point["n"] == 30 and right == sum(row[-1] for row in written)
        assert hits == min(right, max(6, 12 - (30 - right)))


def test_long_texts_are_cut(evaluations, family):
    long = copy.deepcopy(evaluations[:1])
    for output in long[0]["outputs"]:
        output["output"] = "x" * 5000
    data = emergence_data(long, family)
    assert all(text == "x" * 320 + " […]" for _, text, *_ in data["points"][0]["rows"])


def test_data_is_plain_the_same_twice_and_small(evaluations, family, data):
    assert json.loads(compact(data)) == data
    assert emergence_data(evaluations, family) == data
    assert [m["name"] for m in data["models"]] == ["pequeño", "otro", "mediano-chat", "grande-chat"]
    fewer = emergence_data(evaluations, family, shown=2)
    assert len(compact(fewer)) < len(compact(data)) < 80_000
    assert {len(p["rows"]) for p in fewer["points"]} == {2}


def test_too_much_for_a_page(family):
    many = [
        evaluation | {"task": f"tarea {i}"}
        for i in range(40)
        for evaluation in sample_evaluations()[:4]
    ]
    with pytest.raises(ValueError, match=r"kB y en la página caben 250: muestra menos.*shown=30"):
        emergence_data(many, family, shown=30)


def test_repr_links_and_fallback(evaluations, family):
    lab = emergence_lab(evaluations, family)
    assert repr(lab) == "Laboratorio «¿Emerge?»: 4 modelos, 3 tareas, 78 miembros de la familia"
    assert set(lab.controls) <= set(lab.view.keys)
    for trait, control in lab.controls.items():
        start = control.index if hasattr(control, "index") else control.value
        assert control.description and getattr(lab.view, trait) == start
    page = lab._repr_mimebundle_()[0]["text/html"]
    assert page.count("<table") == 4 and page.count("<tr") == 36 + 78 + 4
    assert "«Sentimiento»; al azar, 0.50" in page and "con pasos" in page and "—" in page


def test_one_way_alone(evaluations, family, tmp_path):
    """Con una sola manera no se ofrecen dos, y la vista la muestra."""
    alone = [m for m in family if m["way"] == "con pasos"]
    lab = emergence_lab(evaluations, alone)
    assert lab.controls["way"].options == ("con pasos",)
    body = (
        "\nconst result = familyCurves(data, {way: 0, measure: 0, length: 4}).map((c) => c.way);\n"
    )
    assert run(tmp_path, EmergenceView, body, lab.data) == ["con pasos"]


def broken(rows: list[dict], **changes) -> list[dict]:
    return [*rows[:-1], rows[-1] | changes]


def bad_output(rows: list[dict], **changes) -> list[dict]:
    return broken(rows, outputs=broken(rows[-1]["outputs"], **changes))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda e, f: ([], f), "`evaluations` está vacío"),
        (lambda e, f: (e, []), "`family` está vacío"),
        (lambda e, f: ([{"model": "x"}], f), r"A evaluations\[0\] le falta «parameters»"),
        (lambda e, f: (broken(e, outputs=[]), f), "`.*outputs` está vacío"),
        (lambda e, f: (broken(e, parameters=1.5), f), "parameters=1.5 no vale: debe ser un entero"),
        (lambda e, f: (broken(e, k=-1), f), "k=-1 no vale: debe ser un entero desde 0"),
        (
            lambda e, f: (broken(e, chance=2), f),
            "chance=2 no vale: debe ser un número desde 0 y hasta 1",
        ),
        (lambda e, f: (broken(e, chance=0.25), f), "aparece con chance=0.0 y con chance=0.25"),
        (
            lambda e, f: (broken(e, parameters=7), f),
            "«grande-chat» aparece con parameters=1540000000",
        ),
        (
            lambda e, f: ([*e, e[0]], f),
            "repiten model='mediano-chat', task='Capital de un país', k=0",
        ),
        (lambda e, f: (bad_output(e, right="sí"), f), "right='sí' no vale"),
        (
            lambda e, f: (bad_output(e, tokens=0.5), f),
            "«tokens» falta en unas salidas y en otras no",
        ),
        (lambda e, f: (bad_output(e[:1], tokens=1.5), f), "tokens=1.5 no vale"),
        (lambda e, f: (bad_output(e[:1], logprob=float("nan")), f), "logprob=nan no vale"),
        (lambda e, f: (bad_output(e[:1], logprob=0.1), f), "debe ser un número hasta 0"),
        (
            lambda e, f: (e, broken(f, way="al revés")),
            "way='al revés' no existe. Hay: directa, con pasos",
        ),
        (lambda e, f: (e, broken(f, loss=-1)), "loss=-1 no vale: debe ser un número desde 0"),
        (lambda e, f: (e, broken(f, prefix=[0.5])), "`prefix` lleva 1 valores y el primero .*, 4"),
        (lambda e, f: (e, broken(f, prefix=[0.5, 0.6, 0.1, 0.1])), "crece"),
        (lambda e, f: (e, [*f, f[0]]), r"family\[0\] y family\[78\] repiten way='directa'"),
    ],
)
def test_bad_arguments_teach(evaluations, family, change, reason):
    with pytest.raises(ValueError, match=reason):
        emergence_data(*change(evaluations, family))


@pytest.mark.parametrize("value", [0, -3, 1.5, True], ids=repr)
def test_a_number_of_outputs_that_makes_no_sense(evaluations, family, value):
    with pytest.raises(ValueError, match="shown="):
        emergence_data(evaluations, family, shown=value)


NAMES = {
    "smollm2-135m-instruct": "SmolLM2",
    "gemma-270m": "Gemma",
    "qwen2.5-coder-0.5b-instruct": "Qwen 0.5B",
}


def test_recorded_runs_are_those_of_the_tables():
    evaluations, family = emergence_runs(NAMES, shots=(0, 8))
    rows = Record.load("abilities_context").where(instruction=True)
    assert len(evaluations) == sum(row["k"] in (0, 8) for row in rows)
    for found in evaluations:
        (row,) = [
            r
            for r in rows
            if (NAMES[r["model"]], r["k"]) == (found["model"], found["k"])
            and load_task(r["task"]).title == found["task"]
        ]
        assert sum(output["right"] for output in found["outputs"]) == row["hits"]
    for found, row in zip(family, Record.load("addition").rows, strict=True):
        assert found["prefix"][-1] == pytest.approx(row["exact"])


@pytest.mark.parametrize("lab", [s for s in stored_labs() if s.kind == "emergence"], ids=str)
def test_what_a_page_carries_is_what_the_tables_say(lab):
    assert len(lab.traits["data"].encode()) <= 250_000
    assert lab.data == emergence_data(*emergence_runs(NAMES, shots=(0, 4, 8)), shown=3)
