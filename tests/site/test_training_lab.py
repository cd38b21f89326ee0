"""El laboratorio de entrenamiento sin Python detrás: en una página mínima y en las del libro que lo lleven."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page

from course_lib.widgets import training_lab
from tests.site import checks
from tests.site.test_labs import control, move, numbers
from tests.site.trial import TRIAL, every_screen, place_of, places, served
from tests.widgets.stored import stored_labs
from tests.widgets.test_training_lab import FLOOR, sample_points

CHAPTERS = {lab.page: lab.data for lab in stored_labs() if lab.kind == "training"}
PAUSE = 1200  # milisegundos: lo que se detiene en cada momento

each_page = pytest.mark.parametrize("name", places(CHAPTERS))


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Iterator[tuple[str, dict]]:
    """La dirección de un libro con una página que solo lleva el laboratorio, y sus datos."""
    lab = training_lab(sample_points(), floor=FLOOR)
    with served(lab, tmp_path_factory.mktemp("entrena")) as home:
        yield home, lab.data


@pytest.fixture
def place(request, name) -> tuple[str, str, dict]:
    return place_of(request, name, CHAPTERS)


def find(page: Page) -> Locator:
    """El laboratorio (el primero, si la página lleva varios)."""
    lab = page.locator(".lm-lab:has(.lm-training)").first
    lab.locator(".lm-training[data-moment] .lm-plot svg").wait_for()
    control(lab, "momento").locator(".noUi-handle[aria-label]").wait_for()
    status(lab).filter(has_text="Paso").wait_for(state="attached")
    return lab


def status(lab: Locator) -> Locator:
    """Lo que un lector de pantalla anuncia."""
    return lab.locator("[role=status].lm-hidden")


def reach(lab: Locator, moment: int) -> None:
    lab.locator(f".lm-training[data-moment='{moment}']").wait_for(state="attached")


def stop_the_clock(page: Page) -> None:
    """Desde aquí el tiempo de la página solo corre con `page.clock.run_for`."""
    page.clock.install(time=0)
    page.clock.pause_at(3600)


def grouped(count: int) -> str:
    return f"{count:,}".replace(",", "\u202f")


def check_moment(lab: Locator, data: dict, moment: int) -> None:
    """Lo que se ve en un momento es lo de ese punto: paso, tokens, pérdidas, texto y marca."""
    reach(lab, moment)
    point = data["points"][moment]
    step, loss = grouped(point["step"]), f"{point['heldout_loss']:.2f}"
    where = lab.locator(".lm-where").inner_text()
    assert f"paso {step} · {grouped(point['tokens'])} tokens leídos" in where
    text = lab.locator(".lm-sample")
    assert text.text_content() == (point["sample"] or "(no escribió nada)")
    assert text.get_attribute("aria-label") == f"Lo que escribe en el paso {step}"
    shown = lab.locator(".lm-stats b").all_inner_texts()
    assert shown[0] == loss
    assert shown[1] == ("—" if point["train_loss"] is None else f"{point['train_loss']:.2f}")
    perplexity = math.exp(point["heldout_loss"])
    assert float(shown[2].replace("\u202f", "")) == pytest.approx(perplexity, rel=0.05)
    (mark,) = numbers(lab, ".lm-here", "step", "loss")
    assert [float(value) for value in mark] == [point["step"], point["heldout_loss"]]
    told = lab.locator(".lm-plot svg").get_attribute("aria-label")
    assert f"En el paso {step}, {loss} con textos que no leyó" in told
    for name, value in data["floor"]:
        assert f"{name}: {value:.2f}" in told


def dots(lab: Locator, kind: str) -> list[list[float]]:
    return lab.locator(f".lm-plot .{kind}").evaluate_all(
        "(all) => all.map((dot) => [dot.cx.baseVal.value, dot.cy.baseVal.value])"
    )


@each_page
def test_arrows_move_text_loss_and_mark(place, visit):
    """Con el teclado, del primer momento al último; la marca cae sobre el punto de la curva."""
    home, path, data = place
    page = visit(home, path).page
    lab = find(page)
    every = dots(lab, "lm-moment")
    assert len(every) == len(data["points"])
    assert [x for x, _ in every] == sorted({x for x, _ in every})
    handle = control(lab, "momento").locator(".noUi-handle")
    assert handle.get_attribute("aria-label") == "momento"
    handle.focus()
    for moment in range(len(data["points"])):
        check_moment(lab, data, moment)
        (mark,) = dots(lab, "lm-here")
        assert mark == pytest.approx(every[moment], abs=0.5)
        page.keyboard.press("ArrowRight")
    last = len(data["points"]) - 1
    check_moment(lab, data, last)
    step = grouped(data["points"][last]["step"])
    status(lab).filter(has_text=f"Paso {step}").wait_for(state="attached")
    page.keyboard.press("Home")
    check_moment(lab, data, 0)


@each_page
def test_lower_on_the_page_is_a_lower_loss(place, visit):
    """Las alturas de los puntos y de las líneas con que se comparan guardan una misma escala."""
    home, path, data = place
    lab = find(visit(home, path).page)
    heights = [y for _, y in dots(lab, "lm-moment")]
    losses = [point["heldout_loss"] for point in data["points"]]
    lines = lab.locator(".lm-plot .lm-floor").evaluate_all("(all) => all.map((l) => l.getBBox().y)")
    assert len(lines) == len(data["floor"])
    low, high = min(losses), max(losses)
    bottom, top = heights[losses.index(low)], heights[losses.index(high)]
    assert bottom > top
    values = losses + [value for _, value in data["floor"]]
    for height, value in zip(heights + lines, values, strict=True):
        share = (value - low) / (high - low)
        assert height == pytest.approx(bottom + share * (top - bottom), abs=0.5)
    legend = lab.locator(".lm-key").inner_text()
    assert all(f"{name}: {value:.2f}" in legend for name, value in data["floor"])


@each_page
def test_it_walks_to_the_end_and_stops(place, visit):
    home, path, data = place
    page = visit(home, path).page
    lab = find(page)
    stop_the_clock(page)
    last = len(data["points"]) - 1
    lab.get_by_role("button", name="Recorrer").press("Enter")
    for moment in range(1, last + 1):
        assert lab.locator(".lm-training").get_attribute("data-moment") == str(moment - 1)
        assert lab.get_by_role("button", name="Pausar").count() == 1
        page.clock.run_for(PAUSE)
        check_moment(lab, data, moment)
    assert lab.get_by_role("button", name="Recorrer").count() == 1
    page.clock.run_for(3 * PAUSE)
    check_moment(lab, data, last)
    readout = control(lab, "momento").locator(".widget-readout")
    assert readout.inner_text() == str(last)
    lab.get_by_role("button", name="Recorrer").click()  # de nuevo, desde el comienzo
    check_moment(lab, data, 0)
    page.clock.run_for(PAUSE)
    check_moment(lab, data, 1)


@each_page
def test_it_can_be_stopped_on_the_way(place, visit):
    """Con el mismo botón, o al mover el control; solo entonces se anuncia dónde quedó."""
    home, path, data = place
    page = visit(home, path).page
    lab = find(page)
    stop_the_clock(page)
    lab.get_by_role("button", name="Recorrer").click()
    page.clock.run_for(2 * PAUSE)
    reach(lab, 2)
    page.clock.run_for(PAUSE // 2)
    assert status(lab).text_content() == ""
    lab.get_by_role("button", name="Pausar").click()
    page.clock.run_for(3 * PAUSE)
    check_moment(lab, data, 2)
    assert f"Paso {grouped(data['points'][2]['step'])}" in status(lab).text_content()
    lab.get_by_role("button", name="Recorrer").click()
    move(lab, "momento", 1)
    page.clock.run_for(3 * PAUSE)
    check_moment(lab, data, 1)
    assert lab.get_by_role("button", name="Recorrer").count() == 1


@each_page
def test_with_less_motion_each_press_is_one_moment(place, visit):
    home, path, data = place
    page = visit(home, path).page
    page.emulate_media(reduced_motion="reduce")
    lab = find(page)
    stop_the_clock(page)
    for moment in range(1, len(data["points"])):
        lab.get_by_role("button", name="Siguiente").click()
        page.clock.run_for(3 * PAUSE)
        reach(lab, moment)
    lab.get_by_role("button", name="Volver al comienzo").click()
    check_moment(lab, data, 0)


@each_page
@every_screen
def test_it_stands_alone(place, visit, theme, width):
    """Accesible, sin desbordarse, sin fallos, sin pedir nada fuera y sin el cuadro que pide Python."""
    home, path, data = place
    opened = visit(home, path, width=width, theme=theme)
    lab = find(opened.page)
    for moment in (0, len(data["points"]) - 2, len(data["points"]) - 1):
        move(lab, "momento", moment)
        reach(lab, moment)
        assert checks.accessibility(lab) == [] and checks.layout(opened.page) == []
    assert checks.language(opened.page) == []
    assert not lab.locator(".lm-own").count()
    text = lab.locator(".lm-sample")
    assert text.evaluate("(box) => box.scrollWidth <= box.clientWidth")
    ends = "(node) => [node.getBoundingClientRect().left, node.getBoundingClientRect().right]"
    (_, end), (start, _) = (part.evaluate(ends) for part in (text, lab.locator(".lm-plot")))
    assert (end < start) == (width == 1280)  # al lado, o en un teléfono uno bajo el otro
    assert opened.failures == [] and opened.foreign == []


def test_a_long_text_scrolls_inside_its_box(trial, visit):
    """Con los saltos de línea que escribió, sin alargar la página, y desde el teclado."""
    home, data = trial
    page = visit(home, f"{TRIAL}.html").page
    lab = find(page)
    text = lab.locator(".lm-sample")
    before = lab.evaluate("(node) => node.offsetHeight")
    move(lab, "momento", len(data["points"]) - 1)
    reach(lab, len(data["points"]) - 1)
    assert text.inner_text() == data["points"][-1]["sample"]
    assert text.evaluate("(box) => box.scrollHeight > box.clientHeight")
    assert lab.evaluate("(node) => node.offsetHeight") == before
    text.focus()
    page.keyboard.press("End")
    page.wait_for_function("document.activeElement.scrollTop > 0")
    move(lab, "momento", len(data["points"]) - 2)
    reach(lab, len(data["points"]) - 2)
    assert text.evaluate("(box) => box.scrollTop") == 0


@each_page
def test_without_javascript_there_is_a_table(place, visit):
    """Cada momento: paso, tokens, pérdida y texto."""
    home, path, data = place
    page = visit(home, path, script=False).page
    shown = page.locator(".no-script table").filter(has_text=data["title"]).first
    rows = shown.locator("tbody tr").all()
    assert len(rows) == len(data["points"])
    for row, point in zip(rows, data["points"], strict=True):
        cells = row.locator("td").all_text_contents()
        assert cells[:2] == [grouped(point["step"]), grouped(point["tokens"])]
        assert cells[2] == f"{point['heldout_loss']:.2f}"
        written = cells[3].replace("\xa0", " ")  # así guarda pandas dos espacios seguidos
        expected = point["sample"].replace("\n", "↵ ") or "(no escribió nada)"
        assert written.strip() == expected.strip()
    assert checks.layout(page) == []
