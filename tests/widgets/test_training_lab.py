"""El laboratorio de entrenamiento: qué momentos acepta, qué guarda y cómo reparte los ejes."""

from __future__ import annotations

import json
import math

import pytest

from course_lib.widgets import training_data, training_lab
from course_lib.widgets.base import compact
from course_lib.widgets.training import TrainingView
from tests.widgets.node import run

FLOOR = {"entropía de la gramática": 1.2, "tabla de bigramas": 3.4}
STORY = "Había una vez una zorra que vivía junto al río.\n\nUn día perdió su llave.\n"


def sample_points() -> list[dict]:
    """Seis momentos inventados: del ruido, con algo de HTML, a un cuento que no cabe en el recuadro."""
    texts = [
        "sol <b>¿</b> él\ufffdqu",
        "",
        "de la de la de la",
        "La zorra la zorra.",
        "x" * 400,
        STORY * 12,
    ]
    steps = [0, 5, 19, 71, 266, 1000]
    return [
        {
            "step": step,
            "tokens": 512 * step,
            "train_loss": None if step == 0 else 8.4 - i * 1.37,
            "heldout_loss": 8.3175661 - i * 1.3456789,
            "sample": text,
        }
        for i, (step, text) in enumerate(zip(steps, texts, strict=True))
    ]


def changed(i: int, **fields) -> list[dict]:
    """Los mismos momentos con otros valores en el `i`; un campo igual a `...` desaparece."""
    points = sample_points()
    points[i] = {k: v for k, v in (points[i] | fields).items() if v is not ...}
    return points


def test_data_keeps_every_moment():
    """Cada momento con su texto entero, y las pérdidas con cinco cifras."""
    data = training_data(sample_points(), floor=FLOOR, title="Demo")
    assert (
        json.loads(compact(data))
        == data
        == training_data(sample_points(), floor=FLOOR, title="Demo")
    )
    assert data["title"] == "Demo" and data["floor"] == [list(pair) for pair in FLOOR.items()]
    for found, point in zip(data["points"], sample_points(), strict=True):
        for name in ("step", "tokens", "sample"):
            assert found[name] == point[name]
        losses = [point["heldout_loss"], point["train_loss"] or 0]
        kept = [found["heldout_loss"], found["train_loss"] or 0]
        assert kept == pytest.approx(losses, rel=5e-5)
        assert (found["train_loss"] is None) == (point["step"] == 0)


def test_control_characters_are_seen():
    """Un byte suelto que la página no mostraría se ve como los que no se pueden leer; el salto de línea queda."""
    data = training_data(changed(0, sample="uno\0dos\x1b\ttres\x7f\ncuatro"))
    assert data["points"][0]["sample"] == "uno�dos��tres�\ncuatro"


def test_rows_may_carry_more_and_the_floor_is_optional():
    extra = [point | {"seed": 3} for point in sample_points()]
    assert training_data(extra) == training_data(sample_points())
    assert training_data(extra)["floor"] == []


def test_repr_links_and_fallback():
    lab = training_lab(sample_points(), floor=FLOOR, title="Con máscara")
    assert repr(lab) == "Laboratorio de entrenamiento: «Con máscara» (6 momentos)"
    assert lab.data == training_data(sample_points(), floor=FLOOR, title="Con máscara")
    control = lab.controls["moment"]
    assert (control.min, control.max, control.value, lab.view.moment) == (0, 5, 0, 0)
    assert set(lab.controls) <= set(lab.view.keys) and control.description == "momento"
    page = lab._repr_mimebundle_()[0]["text/html"]
    assert page.count("<table") == 1 and page.count("<tr") == 1 + 6
    for text in (
        "136\u202f192",
        "8.32",
        "(no escribió nada)",
        "río.↵ ↵ Un día",
        "x" * 400,
        "&lt;b&gt;",
    ):
        assert text in page, text
    assert "Con máscara" in page and "entropía de la gramática, 1.20" in page
    assert "<b>" not in page and "None" not in page


def test_the_view_asks_python_nothing():
    """Sin `prompts` no aparece el cuadro para escribir."""
    assert "prompts" not in training_lab(sample_points()).data


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ([], "`points` lleva 0 momentos: una curva necesita al menos dos"),
        (sample_points()[:1], "lleva 1 momentos"),
        (
            changed(3, step=19),
            r"points\[2\] está en el paso 19 .* y points\[3\] en el 19 .*ordénalos por paso",
        ),
        (changed(3, step=2000), r"points\[3\] está en el paso 2000"),
        (changed(3, tokens=1), "con 9728 tokens leídos, y .* con 1:"),
        (
            changed(2, sample=...),
            r"A points\[2\] le falta «sample». Cada momento lleva: step, tokens",
        ),
        (changed(4, train_loss=...), r"A points\[4\] le falta «train_loss»"),
        (changed(0, step=-1), "step=-1 no vale: debe ser un entero desde 0"),
        (changed(0, tokens=1.5), "tokens=1.5 no vale"),
        (changed(1, step=True), "step=True no vale"),
        (changed(5, heldout_loss=math.nan), r"points\[5\]: heldout_loss=nan no vale.*divergió"),
        (changed(5, train_loss=math.inf), "train_loss=inf no vale: debe ser un número finito"),
        (changed(5, heldout_loss=None), "heldout_loss=None no vale"),
        (changed(5, heldout_loss=-0.1), "heldout_loss=-0.1 no vale"),
        (changed(2, sample=None), "sample=None no vale: debe ser un texto"),
        (
            changed(2, sample="ñ" * 80_000),
            "ocupan 16. kB y en la página caben 150.*textos más cortos",
        ),
    ],
)
def test_a_broken_curve_teaches(points, reason):
    with pytest.raises(ValueError, match=reason):
        training_lab(points)


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, "1.2", None], ids=repr)
def test_a_floor_that_makes_no_sense(value):
    with pytest.raises(
        ValueError, match=r"floor\['entropía'\]=.* no vale: debe ser un número finito"
    ):
        training_data(sample_points(), floor={"entropía": value})


def axes(folder, steps, losses=(8.0, 2.0), floor=()) -> dict:
    """Los ejes que reparte el navegador, y dónde cae cada paso entre 0 y 1."""
    points = [
        {"step": step, "train_loss": None, "heldout_loss": losses[min(i, len(losses) - 1)]}
        for i, step in enumerate(steps)
    ]
    body = """
    const x = stepAxis(data.points, 6);
    const y = lossAxis(data);
    const f = scale(x, 0, 1);
    const result = { places: data.points.map((p) => f(x.place(p.step))), x, y,
      ticks: x.ticks.map(f), names: x.ticks.map(x.format) };
    """
    return run(folder, TrainingView, body, {"points": points, "floor": list(floor)})


@pytest.mark.parametrize(
    "steps",
    [[0, 5, 19, 71, 266, 1000], [0, 100], [0, 1, 2], [7, 9, 16], [1, 10**6], [0, 999, 1001]],
    ids=str,
)
def test_steps_fall_in_order_inside_the_axis(tmp_path, steps):
    """También el 0, que en una escala logarítmica no existe: lleva su lugar a la izquierda."""
    found = axes(tmp_path, steps)
    places = found["places"]
    assert places == sorted(places) and len(set(places)) == len(places)
    assert places[0] == pytest.approx(0, abs=1e-12) and places[-1] == pytest.approx(1)
    assert all(-1e-12 <= tick <= 1 + 1e-12 for tick in found["ticks"])
    assert len(found["names"]) >= 2 and len(set(found["names"])) == len(found["names"])
    assert (found["names"][0] == "0") == (steps[0] == 0)
    positive = [(step, place) for step, place in zip(steps, places, strict=True) if step > 0]
    (first, start), (last, end) = positive[0], positive[-1]
    for step, place in positive:
        if last > first:
            share = math.log(step / first) / math.log(last / first)
            assert place == pytest.approx(start + share * (end - start), abs=1e-9)


def test_the_axis_of_losses_shows_them_all(tmp_path):
    """Con holgura, sin bajar de 0, y también si todas son iguales."""
    y = axes(tmp_path, [0, 9], (8.0, 2.0), [["piso", 1.0]])["y"]
    assert 0 <= y["from"] < 1.0 and y["to"] > 8.0
    assert all(y["from"] <= tick <= y["to"] for tick in y["ticks"]) and len(y["ticks"]) > 2
    flat = axes(tmp_path, [0, 9], (2.0, 2.0))["y"]
    assert flat["from"] < 2.0 < flat["to"]
    assert axes(tmp_path, [0, 9], (2.0, 0.0))["y"]["from"] == 0
