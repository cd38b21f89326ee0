"""El laboratorio «Antes y después» sin Python detrás: en una página mínima y en las del libro que lo lleven."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator

from course_lib.metrics import wilson_interval
from course_lib.records import Record
from course_lib.widgets import before_after_lab
from tests.site import checks
from tests.site.test_labs import control, move, numbers
from tests.site.trial import TRIAL, every_screen, place_of, places, served
from tests.widgets.stored import stored_labs
from tests.widgets.test_before_after_lab import JUDGED, expected_counts, sample_record

CHAPTERS = {lab.page: lab.data for lab in stored_labs() if lab.kind == "before_after"}

each_page = pytest.mark.parametrize("name", places(CHAPTERS))


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Iterator[tuple[str, dict]]:
    """La dirección de un libro con una página que solo lleva el laboratorio, y sus datos."""
    lab = before_after_lab(sample_record())
    with served(lab, tmp_path_factory.mktemp("antes")) as home:
        yield home, lab.data


@pytest.fixture
def place(request, name) -> tuple[str, str, dict]:
    return place_of(request, name, CHAPTERS)


def find(page) -> Locator:
    lab = page.locator(".lm-lab:has(.lm-before-after)")
    lab.locator(".lm-before-after[data-kind] .lm-reply").first.wait_for()
    return lab


def box(lab: Locator, way: str) -> Locator:
    return lab.get_by_role("checkbox", name=way, exact=True)


def replies_shown(lab: Locator) -> list[str]:
    return [way for (way,) in numbers(lab, ".lm-reply", "way")]


@each_page
def test_counts_are_those_of_the_whole_table(place, visit):
    """En cada tipo, la tabla cuenta todas las respuestas grabadas de cada manera."""
    home, path, data = place
    record = sample_record() if TRIAL in path else Record.load("instruction_replies")
    lab = find(visit(home, path).page)
    names = ("n", "right", "partly", "stopped", "repeats")
    for kind in data["kinds"]:
        move(lab, "tarea", kind["name"])
        rows = numbers(lab, ".lm-counts tbody tr", "way", "low", "high", *names)
        assert [row[0] for row in rows] == [way["name"] for way in data["ways"]]
        for way, low, high, *found in rows:
            expected = expected_counts(record, way, kind["name"])
            assert dict(zip(names, map(int, found), strict=True)) == expected
            interval = wilson_interval(expected["right"], expected["n"])
            assert [float(low), float(high)] == pytest.approx(
                [interval.low, interval.high], abs=1e-9
            )


@each_page
def test_every_reply_reads_as_it_was_written(place, visit):
    """Cada ejemplo de dos tipos, con todas las maneras: el texto, sus saltos y sus marcas."""
    home, path, data = place
    lab = find(visit(home, path).page)
    for way in data["ways"]:
        box(lab, way["name"]).check()
    for kind in (data["kinds"][0], data["kinds"][-1]):
        move(lab, "tarea", kind["name"])
        for i, (instruction, text, wanted) in enumerate(kind["examples"]):
            lab.get_by_label("ejemplo", exact=True).select_option(str(i))
            asked = lab.locator(".lm-asked").inner_text()
            assert all(part in asked for part in (instruction, text, *wanted))
            assert replies_shown(lab) == [way["name"] for way in data["ways"]]
            for w, reply in enumerate(lab.locator(".lm-reply").all()):
                check_reply(reply, kind["outputs"][w][i], int(kind["judged"][w][i], 16))


def check_reply(reply: Locator, output: str, digit: int) -> None:
    right, first_line, stopped, repeats = ((digit >> bit) & 1 for bit in range(len(JUDGED)))
    text = reply.locator(".lm-written").text_content()
    assert text.replace("↵", "") == (output or "(no escribió nada)")
    assert text.count("↵") == output.count("\n")
    marks = reply.locator(".lm-marks").inner_text()
    hit = "✓ acierta" if right else "✗ no acierta"
    assert ("◐ acierta solo en la primera línea" if first_line and not right else hit) in marks
    assert ("se detuvo" if stopped else "se cortó a los 48 tokens") in marks
    assert ("repite la instrucción" in marks) == bool(repeats)


@each_page
def test_ways_are_chosen_with_the_keyboard(place, visit):
    home, path, data = place
    page = visit(home, path).page
    lab = find(page)
    ways = [way["name"] for way in data["ways"]]
    assert replies_shown(lab) == ways[:4]
    box(lab, ways[1]).focus()
    page.keyboard.press("Space")
    lab.locator(f'.lm-reply[data-way="{ways[1]}"]').wait_for(state="detached")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Space")
    lab.locator(f'.lm-reply[data-way="{ways[0]}"]').wait_for(state="detached")
    assert replies_shown(lab) == ways[2:4]
    for way in ways[2:4]:
        box(lab, way).uncheck()
    assert replies_shown(lab) == []
    assert "Elige al menos una manera" in lab.locator(".lm-note").inner_text()
    box(lab, ways[-1]).check()
    assert replies_shown(lab) == ways[-1:]
    lab.locator("[role=status].lm-hidden").filter(has_text="De 1 respuesta").wait_for(
        state="attached"
    )


@each_page
def test_a_new_kind_keeps_what_was_chosen(place, visit):
    """Al cambiar de tipo siguen las maneras elegidas y el lugar del ejemplo."""
    home, path, data = place
    lab = find(visit(home, path).page)
    box(lab, data["ways"][0]["name"]).uncheck()
    lab.get_by_label("ejemplo", exact=True).select_option("1")
    move(lab, "tarea", data["kinds"][5]["name"])
    assert replies_shown(lab) == [way["name"] for way in data["ways"][1:4]]
    assert lab.get_by_label("ejemplo", exact=True).input_value() == "1"
    assert data["kinds"][5]["examples"][1][0] in lab.locator(".lm-asked").inner_text()


@each_page
@every_screen
def test_it_stands_alone(place, visit, theme, width):
    """Accesible, sin desbordarse, sin fallos, sin pedir nada fuera y sin el cuadro que pide Python."""
    home, path, data = place
    opened = visit(home, path, width=width, theme=theme)
    lab = find(opened.page)
    for way in data["ways"]:
        box(lab, way["name"]).check()
    assert checks.accessibility(lab) == [] and checks.layout(opened.page) == []
    assert not lab.locator(".lm-own").is_visible()
    control(lab, "tarea").locator("select").focus()
    opened.page.keyboard.press("ArrowDown")
    kind = data["kinds"][1]["name"]
    lab.locator(f'.lm-before-after[data-kind="{kind}"]').wait_for()
    lefts = lab.locator(".lm-reply").evaluate_all("(all) => all.map((r) => r.offsetLeft)")
    assert (len(set(lefts)) == 1) == (width == 390)
    assert opened.failures == [] and opened.foreign == []


@each_page
def test_without_javascript_there_are_tables(place, visit):
    home, path, data = place
    page = visit(home, path, script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    for kind in data["kinds"]:
        assert any(kind["examples"][0][0] in table for table in shown)
