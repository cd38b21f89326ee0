"""El laboratorio de plantillas sin Python detrás: en una página mínima y en las del libro que lo lleven."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page

from course_lib.widgets import templates_lab
from course_lib.widgets.templates import BOXES, TEMPLATES
from tests.site import checks
from tests.site.test_labs import control, move, numbers
from tests.site.trial import every_screen, place_of, places, served
from tests.widgets.samples import spelled
from tests.widgets.stored import stored_labs

CHAPTERS = {lab.page: lab.data for lab in stored_labs() if lab.kind == "templates"}

each_page = pytest.mark.parametrize("name", places(CHAPTERS))


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Iterator[tuple[str, dict]]:
    """La dirección de un libro con una página que solo lleva el laboratorio, y sus datos."""
    lab = templates_lab({"ChatML": spelled(), "Gemma": spelled()})
    with served(lab, tmp_path_factory.mktemp("plantillas")) as home:
        yield home, lab.data


@pytest.fixture
def place(request, name) -> tuple[str, str, dict]:
    return place_of(request, name, CHAPTERS)


def find(page: Page) -> Locator:
    lab = page.locator(".lm-lab:has(.lm-templates)")
    lab.locator(".lm-templates[data-template]").wait_for()
    return lab


def choose(lab: Locator, template: str, example: str) -> None:
    move(lab, "plantilla", template)
    move(lab, "ejemplo", example)


def wait_text(lab: Locator, text: str) -> None:
    """Espera a que la vista sea la de ese texto."""
    view = lab.locator(".lm-templates").element_handle()
    lab.page.wait_for_function(
        "([view, text]) => view.dataset.text === text", arg=[view, text], timeout=10_000
    )


def box(lab: Locator, trait: str) -> Locator:
    return lab.locator(f".lm-box-{trait} textarea")


def attempt(lab: Locator) -> Locator:
    return lab.get_by_label("tu texto")


def tokens_shown(lab: Locator) -> list[list[int]]:
    return [[int(v) for v in row] for row in numbers(lab, ".lm-tokens li", "id", "label")]


@each_page
def test_each_example_shows_what_python_writes(place, visit):
    """Con cada plantilla: los cuadros, los trozos, lo que se entrena, las cifras y los tokens."""
    home, path, data = place
    lab = find(visit(home, path).page)
    for i, (name, template) in enumerate(TEMPLATES.items()):
        for example in data["examples"]:
            choose(lab, name, example["name"])
            pieces = template.pieces(example["messages"])
            wait_text(lab, "".join(piece.text for piece in pieces))
            written = {m["role"]: m["content"] for m in example["messages"]}
            for role, trait in BOXES.items():
                assert box(lab, trait).input_value() == written.get(role, "")
            spans = lab.locator(".lm-chat .lm-piece").evaluate_all(
                "spans => spans.map((s) => [s.textContent, s.classList.contains('lm-trained')])"
            )
            assert spans == [list(piece) for piece in pieces]
            trained = sum(len(text) for text, learned in pieces if learned)
            total = sum(len(text) for text, _ in pieces)
            figures = lab.locator(".lm-stats b").all_inner_texts()
            assert figures == [f"{total} caracteres", str(total - trained), str(trained)]
            tokens = example["tokens"][i] or []
            assert tokens_shown(lab) == [[n, n if learned else -100] for _, n, learned in tokens]
            shown = lab.locator(".lm-tokens").is_visible()
            assert shown == bool(tokens) == (data["templates"][i]["model"] is not None)


@each_page
def test_own_text_is_written_at_once(place, visit):
    """Lo que se escribe cambia el texto; sus tokens piden Python; y se puede volver."""
    home, path, data = place
    lab = find(visit(home, path).page)
    back = lab.get_by_role("button", name="Volver al ejemplo")
    for name, template in TEMPLATES.items():
        choose(lab, name, data["examples"][0]["name"])
        assert not back.is_visible()
        box(lab, "system").fill("")
        box(lab, "user").fill("  <b>¿Sí?</b>\n")
        box(lab, "answer").fill("😀 claro ")
        messages = [
            {"role": "user", "content": "  <b>¿Sí?</b>\n"},
            {"role": "assistant", "content": "😀 claro "},
        ]
        wait_text(lab, template.render(messages))
        assert lab.locator(".lm-chat b:not(.lm-tag)").count() == 0
        length = len(template.render(messages))
        assert lab.locator(".lm-stats b").first.inner_text() == f"{length} caracteres"
        needs = "no viene con el curso" if name == "Llama 2" else "hace falta Python"
        assert lab.locator(".lm-detail").filter(has_text=needs).is_visible()
        assert not lab.locator(".lm-tokens").is_visible()
        back.click()
        wait_text(lab, template.render(data["examples"][0]["messages"]))
        assert not back.is_visible()


@each_page
def test_errors_are_the_ones_python_tells(place, visit):
    home, path, data = place
    lab = find(visit(home, path).page)
    for name, template in TEMPLATES.items():
        choose(lab, name, data["examples"][0]["name"])
        mark = template.marks[0]
        for written in ({"user": f"di {mark}"}, {"user": ""}, {"user": "", "system": ""}):
            content = {m["role"]: m["content"] for m in data["examples"][0]["messages"]}
            for role, text in written.items():
                box(lab, BOXES[role]).fill(text)
                content[role] = text
            messages = [{"role": r, "content": content[r]} for r in BOXES if content[r]]
            reasons = "una marca|está vacía|solo tiene|deben alternarse"
            with pytest.raises(ValueError, match=reasons) as told:
                template.render(messages)
            assert lab.locator(".lm-wrong").inner_text() == str(told.value)
            assert lab.locator(".lm-templates").get_attribute("data-verdict") == "error"
            assert not lab.locator(".lm-group").first.is_visible()
        lab.get_by_role("button", name="Volver al ejemplo").click()
        assert not lab.locator(".lm-wrong").is_visible()


@each_page
def test_each_mistake_can_be_corrected(place, visit):
    """Cada error de la lista se ve y se explica; corregirlo a mano da «igual»."""
    home, path, data = place
    lab = find(visit(home, path).page)
    verdict = lab.locator(".lm-templates")
    for described in data["templates"]:
        choose(lab, described["name"], data["examples"][0]["name"])
        exact = verdict.get_attribute("data-text")
        for i, mistake in enumerate(described["mistakes"]):
            option = lab.get_by_label("error").locator("option").nth(i)
            if option.is_disabled():
                assert mistake["name"] == "sin el sistema de fábrica"
                continue
            lab.get_by_label("error").select_option(mistake["name"])
            assert verdict.get_attribute("data-verdict") == "distinta"
            assert attempt(lab).input_value() != exact
            assert lab.get_by_text(mistake["why"]).is_visible()
            assert lab.locator(".lm-diff mark").count() == 2
            attempt(lab).fill(exact)
            assert verdict.get_attribute("data-verdict") == "igual"
            assert not lab.locator(".lm-diff").is_visible()
        attempt(lab).fill(exact + "x")
        assert lab.locator(".lm-note").filter(has_text="Sobra «x»").is_visible()
        said = lab.locator("[role=status].lm-hidden").filter(has_text="Sobra «x»")
        said.wait_for(state="attached")


@each_page
@every_screen
def test_each_view_stands_alone(place, visit, theme, width):
    """Con tokens, con una línea larga y con un error: accesible, sin desbordarse y sin pedir nada fuera."""
    home, path, _ = place
    opened = visit(home, path, width=width, theme=theme)
    lab = find(opened.page)

    def check() -> None:
        assert checks.accessibility(lab) == [] and checks.layout(opened.page) == []
        wide = "lab => lab.scrollWidth - lab.clientWidth"
        assert lab.evaluate(wide) <= 0

    check()
    control(lab, "plantilla").locator("select").focus()
    opened.page.keyboard.press("End")
    lab.locator(".lm-templates[data-template='Gemma']").wait_for()
    check()
    box(lab, "user").fill("sinespacios" * 50)
    attempt(lab).press("ControlOrMeta+A")
    attempt(lab).press_sequentially("<bos>")
    assert attempt(lab).input_value() == "<bos>"
    check()
    box(lab, "answer").fill("<end_of_turn>")
    assert lab.locator(".lm-wrong").is_visible()
    check()
    assert opened.failures == [] and opened.foreign == []


@each_page
def test_without_javascript_there_are_tables(place, visit):
    home, path, data = place
    page = visit(home, path, script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    for name, template in TEMPLATES.items():
        (text,) = (t for t in shown if t.startswith(f"Plantilla {name}"))
        for example in data["examples"]:
            assert example["name"] in text
        assert template.render(data["examples"][1]["messages"]).replace("\n", "↵") in text
