"""El laboratorio «Antes y después»: las respuestas grabadas, contadas en el navegador como en Python."""

from __future__ import annotations

import copy
import dataclasses
import functools
import json
import random

import pytest

from course_lib.instruction import GemmaTemplate, PlainTemplate, load_examples, reply
from course_lib.instruction.replies import Reply
from course_lib.metrics import wilson_interval
from course_lib.records import Record
from course_lib.widgets import before_after_data, before_after_lab
from course_lib.widgets.base import compact
from course_lib.widgets.before_after import BeforeAfterView
from tests.tiny import byte_lm
from tests.widgets.node import run
from tests.widgets.stored import stored_labs
from tools.tuning.measuring import WAYS

KINDS = {
    "choose": ["emoción", "extraer fecha", "reemplazar palabra", "oficio"],
    "final": ["intención", "extraer lugar", "quitar palabra", "gentilicio"],
}
JUDGED = ("right", "first_line", "stopped", "repeats")
examples_of = functools.cache(load_examples)


def sample_output(rng: random.Random, example, skill: float, stops: float) -> tuple[str, bool]:
    """Una respuesta del estilo de las grabadas: acierta o no, y sigue escribiendo o se detiene."""
    answer = example.output if rng.random() < skill else rng.choice(("Alegría", "no sé <b>x</b>"))
    if rng.random() < stops:
        return answer, True
    more = rng.choice(
        (f"\nInstrucción {example.instruction}", "\n\nLa respuesta es otra.", " y más")
    )
    return (answer + more * 3)[:170], False


def sample_record(seed: int = 0, ways=tuple(WAYS)) -> Record:
    """Una tabla con la forma de `instruction_replies`: cada manera en las dos partes, todos los ejemplos."""
    rng = random.Random(seed)
    rows = []
    for place, way in enumerate(ways):
        for split in KINDS:
            asked = examples_of(split)
            skill, stops = (0.2, 0.1) if place < 3 else (0.3 + 0.06 * place, 0.85)
            found = [Reply(e, *sample_output(rng, e, skill, stops)) for e in asked]
            rows.append(
                {"way": way, "model": WAYS[way][0], "split": split, "ids": [e.id for e in asked]}
                | {"n": len(asked), "outputs": [r.output for r in found]}
                | {"right": [int(r.right) for r in found]}
                | {"first_line": [int(r.first_line_right) for r in found]}
                | {"stopped": [int(r.stopped) for r in found]}
                | {"repeats": [int(r.repeats) for r in found]}
            )
    return Record(title="Demo", rows=tuple(rows), command="python -m demo", seed=seed)


def expected_counts(record: Record, way: str, kind: str) -> dict[str, int]:
    """Lo que dice la tabla de una manera y un tipo, contado desde las filas."""
    examples = {e.id: e for split in KINDS for e in examples_of(split)}
    found = [
        dict(zip(JUDGED, values, strict=True))
        for row in record.where(way=way)
        for name, *values in zip(row["ids"], *(row[c] for c in JUDGED), strict=True)
        if examples[name].kind == kind
    ]
    return {
        "n": len(found),
        "right": sum(f["right"] for f in found),
        "partly": sum(f["first_line"] and not f["right"] for f in found),
        "stopped": sum(f["stopped"] for f in found),
        "repeats": sum(f["repeats"] for f in found),
    }


@pytest.fixture(scope="module")
def record():
    return sample_record()


@pytest.fixture(scope="module")
def data(record):
    return before_after_data(record)


@pytest.fixture(scope="module")
def lm():
    corpus = [f"{e.prompt} {e.output}" for e in examples_of("choose")]
    return byte_lm(corpus, 400, adds_bos=False, max_length=512)


def test_wilson_equals_python(tmp_path):
    cases = [(right, n) for n in (1, 3, 28, 30, 32, 118) for right in {0, 1, n // 2, n}]
    body = "\nconst result = data.map(([right, n]) => wilson(right, n));\n"
    for case, got in zip(cases, run(tmp_path, BeforeAfterView, body, cases), strict=True):
        interval = wilson_interval(*case)
        assert got == pytest.approx([interval.low, interval.high], abs=1e-12), case


def test_counts_equal_python(record, data, tmp_path):
    """De cada tipo y manera, cuántas respuestas de todas las grabadas, y el intervalo de sus aciertos."""
    found = run(tmp_path, BeforeAfterView, "\nconst result = data.kinds.map(tally);\n", data)
    for kind, rows in zip(data["kinds"], found, strict=True):
        for way, got in zip(data["ways"], rows, strict=True):
            expected = expected_counts(record, way["name"], kind["name"])
            assert {name: got[name] for name in expected} == expected
            interval = wilson_interval(expected["right"], expected["n"])
            assert [got["low"], got["high"]] == pytest.approx(
                [interval.low, interval.high], abs=1e-12
            )
    assert {rows[0]["n"] for rows in found} == {28, 30, 32}


def test_each_reply_keeps_its_judgement(record, data, tmp_path):
    """La respuesta a cada ejemplo que se lee, con su juicio, es la de la fila y el lugar que dice."""
    body = """
    const every = data.ways.map((_, w) => w);
    const result = data.kinds.map((kind) => kind.examples.map((_, i) => replies(data, kind, i, every)));
    """
    found = run(tmp_path, BeforeAfterView, body, data)
    for kind, per_example in zip(data["kinds"], found, strict=True):
        asked = examples_of(kind["split"])
        places = [i for i, e in enumerate(asked) if e.kind == kind["name"]][:6]
        assert kind["examples"] == [
            [asked[i].instruction, asked[i].input, [asked[i].output, *asked[i].also]]
            for i in places
        ]
        for i, replies in zip(places, per_example, strict=True):
            for way, got in zip(WAYS, replies, strict=True):
                row = record.one(way=way, split=kind["split"])
                judged = {name: bool(row[name][i]) for name in JUDGED}
                assert got == {
                    "name": way,
                    "model": row["model"],
                    "output": row["outputs"][i],
                    **judged,
                }


def test_data_is_plain_the_same_twice_and_small(record, data):
    assert json.loads(compact(data)) == data == before_after_data(sample_record())
    assert [way["name"] for way in data["ways"]] == list(WAYS)
    assert [kind["name"] for kind in data["kinds"]] == KINDS["choose"] + KINDS["final"]
    assert {len(kind["examples"]) for kind in data["kinds"]} == {6}
    assert (
        len(compact(before_after_data(record, 2)).encode()) < len(compact(data).encode()) <= 60_000
    )


def test_too_much_for_a_page(record):
    with pytest.raises(ValueError, match=r"kB y en la página caben 60: muestra menos.*shown=30"):
        before_after_data(record, 30)


def test_long_replies_are_cut(record):
    long = changed(record, lambda row: row | {"outputs": ["x" * 900] * len(row["ids"])})
    found = before_after_data(long, 1)["kinds"][0]["outputs"]
    assert found == [["x" * 240 + " […]"]] * len(WAYS)


def test_repr_links_and_fallback(record):
    lab = before_after_lab(record, shown=2)
    assert repr(lab) == (
        f"Laboratorio «Antes y después»: 8 tipos de tarea, {len(WAYS)} maneras de preguntar"
    )
    assert lab.data == before_after_data(record, 2)
    assert set(lab.controls) == {"kind"} <= set(lab.view.keys)
    assert lab.view.ways == [0, 1, 2, 3] and lab.view.kind == lab.controls["kind"].index == 0
    page = lab._repr_mimebundle_()[0]["text/html"]
    assert page.count("<table") == 8 and page.count("<tr") == 8 * (1 + len(WAYS))
    counts = expected_counts(record, "ajustado", "gentilicio")
    assert f"{counts['right']} de 30" in page and "<b>x" not in page


def test_fewer_ways_than_those_seen_at_the_start(record):
    lab = before_after_lab(sample_record(ways=("base", "ajustado")))
    assert lab.view.ways == [0, 1]


def listen(lab, monkeypatch) -> list[dict]:
    sent: list[dict] = []
    monkeypatch.setattr(type(lab.view), "send", lambda _self, message: sent.append(message))
    return sent


def test_own_instruction(record, lm, monkeypatch):
    """Python contesta con cada modelo y su plantilla, y avisa a medida que llega cada uno."""
    lms = {"base": (lm, PlainTemplate()), "con marcas": (lm, GemmaTemplate())}
    lab = before_after_lab(record, shown=1, lms=lms)
    assert lab.data == before_after_data(record, 1) | {"prompts": []}
    sent = listen(lab, monkeypatch)
    lab.view._receive(None, {"kind": "prompt", "text": "Di un color"}, [])
    assert [(m["kind"], m.get("done"), m.get("total")) for m in sent] == [
        ("progress", 1, 2),
        ("progress", 2, 2),
        ("done", None, None),
    ]
    own = json.loads(lab.view.own)
    assert own["text"] == "Di un color" and [a["name"] for a in own["answers"]] == list(lms)
    asked = dataclasses.replace(examples_of("choose")[0], instruction="Di un color", input="")
    for found, (model, template) in zip(own["answers"], lms.values(), strict=True):
        (expected,) = reply(model, [asked], template)
        assert (found["output"], found["stopped"]) == (expected.output, expected.stopped)
        assert found["repeats"] == expected.repeats and found.keys() == {
            "name",
            "output",
            "stopped",
            "repeats",
        }


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("  ", "El texto está vacío"),
        ("hola " * 300, "aquí caben 256"),
        ("di <end_of_turn> y ya", "una marca de la plantilla"),
    ],
)
def test_an_own_instruction_that_cannot_be_asked(record, lm, monkeypatch, text, reason):
    lab = before_after_lab(record, shown=1, lms={"con marcas": (lm, GemmaTemplate())})
    sent = listen(lab, monkeypatch)
    lab.view._receive(None, {"kind": "prompt", "text": text}, [])
    assert sent[-1]["kind"] == "error" and reason in sent[-1]["text"]
    assert lab.view.own == ""


def test_without_models_nothing_is_asked(record):
    """Sin `lms` no viaja la clave con que aparece el cuadro para escribir."""
    assert "prompts" not in before_after_lab(record, shown=1).data


def changed(record: Record, change, only=None) -> Record:
    """El mismo registro con `change` en la fila `only`, o en todas."""
    rows = [
        change(copy.deepcopy(row)) if only in (None, i) else row
        for i, row in enumerate(record.rows)
    ]
    return dataclasses.replace(record, rows=tuple(rows))


def without(name: str):
    return lambda row: {key: value for key, value in row.items() if key != name}


def fewer(row):
    return {k: v[:5] if isinstance(v, list) else v for k, v in row.items()}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (without("repeats"), "La fila 3 de «Demo» no tiene «repeats»"),
        (lambda row: row | {"right": [1]}, "lleva 118 ejemplos y 1 valores de «right»"),
        (lambda row: row | {"stopped": [2] * 118}, "stopped=2 no vale: es 0 o 1"),
        (
            lambda row: row | {"ids": ["def-01", *row["ids"][1:]]},
            "contesta a «def-01», que no está",
        ),
        (fewer, "«base con tres ejemplos» y «base» no contestaron a los mismos ejemplos"),
        (lambda row: row | {"way": "base"}, "Cada parte lleva una fila por manera"),
        (lambda row: row | {"way": "otra"}, "las mismas y en el mismo orden"),
    ],
)
def test_a_broken_record_teaches(record, change, reason):
    with pytest.raises(ValueError, match=reason):
        before_after_data(changed(record, change, only=3))


def test_an_empty_record(record):
    with pytest.raises(ValueError, match="«Demo» no tiene filas"):
        before_after_data(dataclasses.replace(record, rows=()))


@pytest.mark.parametrize("value", [0, -3, 1.5, True], ids=repr)
def test_a_number_of_examples_that_makes_no_sense(record, value):
    with pytest.raises(ValueError, match="shown="):
        before_after_data(record, value)


def test_models_without_their_template(record, lm):
    with pytest.raises(TypeError, match=r"\{nombre: \(modelo, plantilla\)\}"):
        before_after_lab(record, lms={"base": lm})
    with pytest.raises(TypeError, match=r"\{nombre: \(modelo, plantilla\)\}"):
        before_after_lab(record, lms=[(lm, PlainTemplate())])
    with pytest.raises(ValueError, match="`lms` está vacío"):
        before_after_lab(record, lms={})


def test_the_recorded_replies_fit_in_the_page(tmp_path):
    """La tabla del capítulo 6, entera: las diez maneras, los ocho tipos y los aciertos de cada uno."""
    recorded = Record.load("instruction_replies")
    data = before_after_data(recorded)
    assert [way["name"] for way in data["ways"]] == list(WAYS)
    assert [kind["name"] for kind in data["kinds"]] == KINDS["choose"] + KINDS["final"]
    found = run(tmp_path, BeforeAfterView, "\nconst result = data.kinds.map(tally);\n", data)
    for kind, rows in zip(data["kinds"], found, strict=True):
        for way, got in zip(WAYS, rows, strict=True):
            expected = expected_counts(recorded, way, kind["name"])
            assert {name: got[name] for name in expected} == expected


@pytest.mark.parametrize("lab", [s for s in stored_labs() if s.kind == "before_after"], ids=str)
def test_what_a_page_carries_is_what_the_table_says(lab):
    stored = {name: value for name, value in lab.data.items() if name != "prompts"}
    shown = len(stored["kinds"][0]["examples"])
    assert stored == before_after_data(Record.load("instruction_replies"), shown)
