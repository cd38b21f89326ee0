"""El laboratorio de atención en el sitio construido: lo que muestra es la atención de transformers."""

from __future__ import annotations

import random
import re

import pytest

from tests.site.test_labs import control, find, move, numbers
from tests.widgets.stored import StoredLab, stored_labs
from tests.widgets.test_attention_lab import eager

LABS = [lab for lab in stored_labs() if lab.kind == "attention"]
NEAR = 1e-3  # el redondeo de lo guardado y las últimas cifras de otra máquina

each_lab = pytest.mark.parametrize("stored", LABS, ids=str)


def test_the_chapter_has_the_lab():
    assert "book/02_transformers" in {lab.page for lab in LABS}


def places(data: dict) -> list[tuple[int, int, int]]:
    """(oración, capa, cabeza): cada capa y cada cabeza al menos una vez, y las que llevan nombre."""
    rng = random.Random(0)
    texts = len(data["prompts"])
    grid = [
        (i % texts, i % data["layers"], (i + rng.randrange(data["heads"])) % data["heads"])
        for i in range(data["layers"])
    ]
    every_head = [(rng.randrange(texts), 0, j) for j in range(data["heads"])]
    return grid + every_head + [(0, i, j) for _, i, j in data["named"]]


@each_lab
@pytest.mark.models
def test_it_shows_what_transformers_computes(stored: StoredLab, home, visit, smollm):
    """Todos los pesos del mapa y lo que más mira cada token, moviendo los tres controles."""
    lab = find(visit(home, f"{stored.page}.html").page, "attention")
    texts = [entry["text"] for entry in stored.data["prompts"]]
    attention = [eager(smollm, text) for text in texts]
    view = lab.locator(".lm-attention")
    for text, layer, head in places(stored.data):
        where = f"{texts[text]!r}, capa {layer}, cabeza {head}"
        move(lab, "oración", texts[text])
        move(lab, "capa", layer)
        move(lab, "cabeza", head)
        shown = [view.get_attribute(f"data-{name}") for name in ("prompt", "layer", "head")]
        assert shown == [texts[text], str(layer), str(head)], where
        expected = attention[text][layer, head]
        T = len(expected)
        cells = numbers(lab, ".lm-map .lm-cell", "query", "key", "weight")
        assert [(int(i), int(j)) for i, j, _ in cells] == [
            (i, j) for i in range(T) for j in range(i + 1)
        ], where
        for i, j, weight in cells:
            assert float(weight) == pytest.approx(float(expected[int(i), int(j)]), abs=NEAR), where
        rows = numbers(lab, ".lm-arcs li", "query", "best", "weight")
        assert [int(i) for i, _, _ in rows] == list(range(T)), where
        for i, best, weight in rows:
            row = expected[int(i)]
            assert float(weight) == pytest.approx(float(row.max()), abs=NEAR), where
            assert float(row[int(best)]) == pytest.approx(float(row.max()), abs=NEAR), where
        texts_shown = lab.locator(".lm-arcs .lm-value").all_inner_texts()
        for said, (_, _, weight) in zip(texts_shown, rows, strict=True):
            assert float(said) == pytest.approx(float(weight), abs=0.0051), where
        drawn = numbers(lab, ".lm-arcs path", "query", "key")
        stored_weights = {(i, j): float(w) for i, j, w in cells}
        assert {(i, j) for i, j in drawn} == {p for p, w in stored_weights.items() if w >= 0.05}


@each_lab
def test_named_heads_move_the_controls(stored: StoredLab, home, visit):
    """Un botón por cabeza con nombre: lleva los dos controles hasta ella y queda marcado."""
    lab = find(visit(home, f"{stored.page}.html").page, "attention")
    buttons = lab.locator(".lm-named button")
    data = stored.data
    assert buttons.count() == len(data["named"]) > 0
    for n, (pattern, layer, head) in enumerate(data["named"]):
        buttons.nth(n).click()
        readouts = [control(lab, name).locator(".widget-readout") for name in ("capa", "cabeza")]
        assert [r.inner_text() for r in readouts] == [str(layer), str(head)]
        pressed = numbers(lab, ".lm-named [aria-pressed=true]", "layer", "head")
        assert pressed == [[str(layer), str(head)]]
        score = data["scores"][pattern][layer * data["heads"] + head]
        said = re.search(r"\((\d\.\d\d)\)", buttons.nth(n).inner_text())[1]
        assert float(said) == pytest.approx(score, abs=0.0051) and score > 0.5
        assert data["patterns"][pattern] in buttons.nth(n).text_content()
        assert f"{data['patterns'][pattern]} {said}" in lab.locator(".lm-detail").first.inner_text()


@each_lab
def test_each_cell_tells_who_looks_at_whom(stored: StoredLab, home, visit):
    """Con el ratón, con las flechas o tocando una fila se lee «token» mira a «token»: peso."""
    page = visit(home, f"{stored.page}.html").page
    lab = find(page, "attention")
    detail = lab.locator(".lm-look")
    tokens = [token.strip() for token in stored.data["prompts"][0]["tokens"]]
    cell = lab.locator("[data-query='4'][data-key='2']")
    cell.hover()
    weight = float(cell.get_attribute("data-weight"))
    said = detail.inner_text()
    assert re.fullmatch(r"«.+»( \(5\.º\))? mira a «.+»( \(3\.º\))?: \d\.\d\d", said)
    assert f"«{tokens[4]}»" in said and f"«{tokens[2]}»" in said
    assert float(said.split(": ")[1]) == pytest.approx(weight, abs=0.0051)
    assert cell.get_attribute("aria-label") == said
    assert lab.locator(".lm-map [tabindex='0']").count() == 1
    cell.focus()
    cell.press("ArrowRight")
    focused = page.evaluate("({...document.activeElement.dataset})")
    assert (focused["query"], focused["key"]) == ("4", "3")
    assert detail.inner_text() != said
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")  # más allá está el futuro: no se mueve
    focused = page.evaluate("({...document.activeElement.dataset})")
    assert (focused["query"], focused["key"]) == ("3", "3")
    row = lab.locator(".lm-arcs li").nth(2)
    row.click()
    assert detail.inner_text().startswith(f"«{tokens[2]}»")
    assert detail.inner_text().endswith(row.locator(".lm-value").inner_text())


@each_lab
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_stands_alone(stored: StoredLab, home, visit, theme):
    """Sin Python, en un teléfono: los controles tienen nombre, se anuncia el cambio y nada se sale."""
    opened = visit(home, f"{stored.page}.html", width=390, theme=theme)
    lab = find(opened.page, "attention")
    assert lab.locator(".lm-own").count() == 1 and not lab.locator(".lm-own").is_visible()
    for name in ("capa", "cabeza"):
        handle = control(lab, name).locator(".noUi-handle")
        assert handle.get_attribute("aria-label") == name
        readout = control(lab, name).locator(".widget-readout")
        before = int(readout.inner_text())
        handle.press("ArrowRight")
        assert int(readout.inner_text()) == before + 1
    live = lab.locator("[role=status].lm-hidden")
    live.filter(has_text=re.compile(r"^Capa \d+, cabeza \d+\..* mira a ")).wait_for(
        state="attached"
    )
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert opened.page.evaluate(overflow) <= 0
    map_overflow = lab.locator(".lm-scroll").evaluate("(n) => n.scrollWidth - n.clientWidth")
    assert map_overflow <= 0, "el mapa no cabe en el ancho de un teléfono"
    assert opened.failures == [] and opened.foreign == []


@each_lab
def test_without_javascript_there_is_a_table(stored: StoredLab, home, visit):
    """Con JavaScript apagado se lee lo que más mira cada token y qué cabezas llevan nombre."""
    page = visit(home, f"{stored.page}.html", script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    for entry in stored.data["prompts"]:
        assert any(f"«{entry['text']}»" in table for table in shown)
    assert any("Cabezas con nombre" in table for table in shown)
