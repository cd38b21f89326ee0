"""El laboratorio «¿Emerge?» sin Python detrás: en una página mínima y en las del libro que lo lleven."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator

from course_lib.metrics import wilson_interval
from course_lib.widgets import emergence_lab
from course_lib.widgets.emergence import METRICS
from tests.site import checks
from tests.site.test_labs import control, move, numbers
from tests.site.trial import TRIAL, every_screen, place_of, places, served
from tests.widgets.stored import stored_labs
from tests.widgets.test_emergence_lab import sample_evaluations, sample_family

CHAPTERS = {lab.page: lab.data for lab in stored_labs() if lab.kind == "emergence"}

each_page = pytest.mark.parametrize("name", places(CHAPTERS))


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Iterator[tuple[str, dict]]:
    """La dirección de un libro con una página que solo lleva el laboratorio, y sus datos."""
    lab = emergence_lab(sample_evaluations(), sample_family())
    with served(lab, tmp_path_factory.mktemp("emerge")) as home:
        yield home, lab.data


@pytest.fixture
def place(request, name) -> tuple[str, str, dict]:
    return place_of(request, name, CHAPTERS)


def find(page) -> Locator:
    lab = page.locator(".lm-lab:has(.lm-emergence)")
    lab.locator(".lm-emergence[data-view] .lm-plot svg").wait_for()
    return lab


def turn(lab: Locator, k: int, ks: list[int]) -> None:
    lab.locator(".lm-k-box input").fill(str(ks.index(k)))


def task_control(lab: Locator, name: str, value: str) -> None:
    control(lab, name).locator("select").select_option(value)


@each_page
def test_tasks_show_what_python_computes(place, visit):
    """Cada tarea, medida y k: los números de cada modelo son los de los datos."""
    home, path, data = place
    lab = find(visit(home, path).page)
    for t, (metric, label) in itertools.product(range(len(data["tasks"])), METRICS.items()):
        task_control(lab, "tarea", data["tasks"][t]["name"])
        task_control(lab, "medida", label)
        ks = sorted({p["k"] for p in data["points"] if p["task"] == t})
        for k in ks:
            if len(ks) > 1:
                turn(lab, k, ks)
            points = [p for p in data["points"] if p["task"] == t and p["k"] == k]
            expected = {data["models"][p["model"]]["name"]: values(p, metric) for p in points}
            expected = {name: found for name, found in expected.items() if found is not None}
            rows = numbers(lab, ".lm-points tbody tr", "model", "value", "low", "high")
            assert {row[0] for row in rows} == set(expected), (t, metric, k)
            for name, *found in rows:
                assert list(map(float, found)) == pytest.approx(expected[name], abs=1e-9)
            assert lab.locator(".lm-spot").count() == len(expected)
            assert lab.locator(".lm-k-box output").inner_text() == str(k)
            chance = data["tasks"][t]["chance"] if metric == "exact" else 0
            assert lab.locator(".lm-plot .lm-chance").count() == (chance > 0)


def values(point: dict, metric: str) -> list[float] | None:
    if metric != "exact":
        return point[metric]
    interval = wilson_interval(point["right"], point["n"])
    return [point["right"] / point["n"], interval.low, interval.high]


@each_page
def test_only_a_family_is_joined(place, visit):
    home, path, data = place
    lab = find(visit(home, path).page)
    families = {m["family"] for m in data["models"]} - {None}
    assert lab.locator(".lm-plot .lm-kin").count() <= len(families)
    if path.startswith(TRIAL):
        assert lab.locator(".lm-plot .lm-kin").get_attribute("d").count("L") == 1


@each_page
def test_raw_outputs_are_one_click_away(place, visit):
    """Con el ratón, con Intro sobre un punto o desde la tabla: lo escrito, con palabra y signo."""
    home, path, data = place
    page = visit(home, path).page
    lab = find(page)
    assert lab.locator(".lm-outputs li").count() == 0
    spot = lab.locator(".lm-spot").first
    spot.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    focused = page.evaluate("document.activeElement.dataset.key")
    chosen = int(focused.removeprefix("spot"))
    assert focused == lab.locator(".lm-spot").nth(1).get_attribute("data-key")
    check_outputs(lab, data, chosen)
    page.keyboard.press("Enter")  # de nuevo, y se cierran
    lab.locator(".lm-outputs li").first.wait_for(state="detached")
    button = lab.locator(".lm-points button").first
    button.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    check_outputs(lab, data, int(button.get_attribute("data-key").removeprefix("row")))
    lab.locator(".lm-spot").last.click()
    last = lab.locator(".lm-spot").last.get_attribute("data-key")
    check_outputs(lab, data, int(last.removeprefix("spot")))


def check_outputs(lab: Locator, data: dict, model: int) -> None:
    k = int(lab.locator(".lm-emergence").get_attribute("data-k"))
    (point,) = (p for p in data["points"] if (p["task"], p["k"], p["model"]) == (0, k, model))
    texts = lab.locator(".lm-outputs li").all_text_contents()
    assert len(texts) == len(point["rows"])
    for text, (item, output, right, *_) in zip(texts, point["rows"], strict=True):
        question, answer = data["tasks"][0]["items"][item]
        assert text.startswith("✓ acierto" if right else "✗ fallo")
        assert question in text and answer in text and output in text
    assert f"{point['right']} aciertos de {point['n']}" in lab.locator(".lm-outputs").inner_text()


@each_page
def test_family_shows_what_python_computes(place, visit):
    """Toda manera, medida, largo y eje: una marca por semilla, las medias y pᴸ."""
    home, path, data = place
    lab = find(visit(home, path).page)
    task_control(lab, "vista", "familia")
    lab.locator(".lm-emergence[data-view='1']").wait_for()
    lengths = range(1, len(data["family"][0]["prefix"]) + 1)
    options = ["las dos", *data["ways"]] if len(data["ways"]) > 1 else data["ways"]
    for option, axis in itertools.product(options, ("tamaño", "pérdida")):
        move(lab, "manera", option)
        move(lab, "eje x", axis)
        members = [m for m in data["family"] if option in ("las dos", m["way"])]
        for strict, length in itertools.product((True, False), lengths):
            move(lab, "acierto", "estricto: L tokens" if strict else "suave: un token")
            move(lab, "largo L", length)
            used = length if strict else 1
            seeds = [float(v) for (v,) in numbers(lab, ".lm-seed", "value")]
            assert sorted(seeds) == sorted(m["prefix"][used - 1] for m in members)
            rows = numbers(lab, ".lm-members tbody tr", "way", "parameters", "mean", "power")
            assert len(rows) == len({(m["way"], m["parameters"]) for m in members})
            for way, parameters, *found in rows:
                own = [
                    m["prefix"]
                    for m in members
                    if m["way"] == way and m["parameters"] == int(parameters)
                ]
                expected = [
                    statistics.fmean(p[used - 1] for p in own),
                    statistics.fmean(p[0] ** used for p in own),
                ]
                assert list(map(float, found)) == pytest.approx(expected, abs=1e-9)
            ways = len({m["way"] for m in members})
            assert lab.locator(".lm-plot .lm-power").count() == (ways if used > 1 else 0)


@each_page
@every_screen
def test_each_view_stands_alone(place, visit, theme, width):
    """En las dos vistas: accesible, sin desbordarse, sin fallos y sin pedir nada fuera."""
    home, path, _ = place
    opened = visit(home, path, width=width, theme=theme)
    lab = find(opened.page)
    lab.locator(".lm-points button").first.click()
    assert control(lab, "tarea").is_visible() and not control(lab, "eje x").is_visible()
    assert checks.accessibility(lab) == [] and checks.layout(opened.page) == []
    control(lab, "vista").locator("select").focus()
    opened.page.keyboard.press("ArrowDown")
    lab.locator(".lm-emergence[data-view='1']").wait_for()
    assert control(lab, "eje x").is_visible() and not control(lab, "tarea").is_visible()
    handle = control(lab, "largo L").locator(".noUi-handle")
    handle.press("ArrowLeft")
    length = lab.locator(".lm-emergence").get_attribute("data-length")
    assert length == control(lab, "largo L").locator(".widget-readout").inner_text()
    lab.locator("[role=status].lm-hidden").filter(has_text="subida").wait_for(state="attached")
    assert checks.accessibility(lab) == [] and checks.layout(opened.page) == []
    assert opened.failures == [] and opened.foreign == []


@each_page
def test_without_javascript_there_are_tables(place, visit):
    home, path, data = place
    page = visit(home, path, script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    for task in data["tasks"]:
        assert any(f"«{task['name']}»" in table for table in shown)
    assert any("Familia: fracción de respuestas" in table for table in shown)
