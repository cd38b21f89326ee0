"""En un JupyterLab de verdad: Python contesta, y el laboratorio muestra lo que Python calcula."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, Page

from course_lib.data.instructions import Example
from course_lib.data.scenes import Scene, Thing
from course_lib.decoding import BeamSearch, Greedy, generate
from course_lib.experiments.stories.export import export
from course_lib.instruction import GemmaTemplate, PlainTemplate, reply
from course_lib.widgets import scene_data, temperature_data
from course_lib.widgets.story_model import read_story_model
from course_lib.widgets.templates import TEMPLATES
from course_lib.widgets.training import training_data
from tests.site import test_story_lab as story
from tests.site.jupyter import jupyterlab, run_all
from tests.site.test_labs import move
from tests.site.test_training_lab import check_moment
from tests.widgets.samples import lettered, seeing, spelled, storyteller
from tests.widgets.test_attention_lab import eager
from tests.widgets.test_training_lab import FLOOR, sample_points

TEXT = "hola que tal"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """La dirección del cuaderno con todos los laboratorios."""
    with jupyterlab(tmp_path_factory.mktemp("lab")) as url:
        yield url


@pytest.fixture(scope="module")
def page(server: str, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1400, "height": 2400})
    run_all(page, server)
    yield page
    page.close()


def ask(page: Page, lab: str, text: str) -> None:
    box = page.locator(f"{lab} .lm-own")
    box.locator("input").fill("")
    box.locator("input").press_sequentially(
        text
    )  # letra a letra: JupyterLab no se queda con ninguna
    box.locator("input").press("Enter")
    page.wait_for_selector(f"{lab} .lm-own button:not([disabled]):has-text('Calcular')")


def test_own_prompt_temperature(page: Page):
    """Escribir un texto cambia las barras a lo que Python calcula para él."""
    before = page.locator(".lm-temperature").get_attribute("data-prompt")
    assert before == "abc"
    ask(page, ".lm-temperature", TEXT)
    page.wait_for_selector(f".lm-temperature[data-prompt='{TEXT}']")
    page.wait_for_function("document.querySelectorAll('.lm-temperature .lm-texts li').length === 3")
    data = temperature_data(lettered("llama", 0), [TEXT])["prompts"][0]
    rows = page.eval_on_selector_all(
        ".lm-bars li", "rows => rows.map((r) => [r.dataset.id, Number(r.dataset.p)])"
    )
    logits = lettered("llama", 0).prefill(_ids(TEXT)).logits[0]
    probs = logits.softmax(-1)
    assert [int(i) for i, _ in rows[:12]] == data["ids"][:12]
    assert [p for _, p in rows[:12]] == pytest.approx(
        [float(probs[i]) for i in data["ids"][:12]], abs=1e-6
    )
    chosen = data["continuations"][2]  # T = 1, donde está el control
    assert page.locator(".lm-temperature .lm-texts li span:last-child").all_inner_texts() == chosen
    page.locator(".lm-temperature button:has-text('Volver')").click()
    page.wait_for_selector(".lm-temperature[data-prompt='abc']")


def test_own_prompt_beam(page: Page):
    """El árbol pasa a ser el del texto escrito, también al mover los haces."""
    ask(page, ".lm-beam", TEXT)
    page.wait_for_selector(f".lm-beam[data-prompt='{TEXT}']")
    handle = page.locator(".lm-lab:has(.lm-beam) .noUi-handle").first
    handle.focus()
    handle.press("ArrowRight")  # de 4 a 5 haces
    page.wait_for_function("document.querySelectorAll('.lm-beam tbody tr').length === 5")
    found = page.eval_on_selector_all(
        ".lm-beam tbody tr", "rows => rows.map((r) => [r.dataset.path, Number(r.dataset.score)])"
    )
    lm = lettered("llama", 0)
    best = generate(lm, TEXT, BeamSearch(num_beams=5, num_return_sequences=5), max_new_tokens=6)
    assert [p for p, _ in found] == [",".join(map(str, s.token_ids)) for s in best.sequences]
    assert [s for _, s in found] == pytest.approx([s.score for s in best.sequences], abs=1e-4)
    greedy = generate(lm, TEXT, Greedy(), max_new_tokens=6)
    path = page.locator(".lm-beam").get_attribute("data-greedy")
    assert path == ",".join(map(str, greedy.token_ids))


def test_own_sentence_attention(page: Page):
    """El mapa pasa a ser el de la oración escrita; se puede mirar otra cabeza y volver."""
    ask(page, ".lm-attention", TEXT)
    page.wait_for_selector(f".lm-attention[data-prompt='{TEXT}']")
    head = page.locator(".lm-lab:has(.lm-attention) .noUi-handle").nth(1)
    head.focus()
    head.press("End")
    page.wait_for_selector(".lm-attention[data-head='3']")
    layer = int(page.locator(".lm-attention").get_attribute("data-layer"))
    weights = page.eval_on_selector_all(
        ".lm-map .lm-cell", "cells => cells.map((c) => Number(c.dataset.weight))"
    )
    expected = eager(lettered("llama", 0), TEXT)[layer, 3]
    lower = torch.ones_like(expected, dtype=torch.bool).tril()
    assert weights == pytest.approx(expected[lower].tolist(), abs=2e-4)
    page.locator(".lm-attention button:has-text('Volver')").click()
    page.wait_for_selector(".lm-attention[data-prompt='abc']")


def test_own_conversation_templates(page: Page):
    """Los tokens de lo que se escribe son los de `encode`, y lo que no puede dividirse se explica."""
    lab = page.locator(".lm-lab:has(.lm-templates)")
    lab.locator(".lm-controls select").first.select_option("ChatML")
    box = lab.locator(".lm-box-user textarea")
    box.fill("")
    box.press_sequentially("que tal")  # letra a letra: JupyterLab no se queda con ninguna
    messages = [{"role": "system", "content": "Responde con una sola palabra."}]
    messages += [{"role": "user", "content": "que tal"}, {"role": "assistant", "content": "Azul"}]
    encoded = TEMPLATES["ChatML"].encode(spelled().tokenizer, messages)
    page.wait_for_function(
        "n => document.querySelectorAll('.lm-tokens li').length === n",
        arg=len(encoded.input_ids),
    )
    shown = lab.locator(".lm-tokens li").evaluate_all(
        "rows => rows.map((r) => [Number(r.dataset.id), Number(r.dataset.label)])"
    )
    assert shown == [list(row) for row in zip(encoded.input_ids, encoded.labels, strict=True)]
    box.fill("di <s>")
    lab.locator(".lm-group .lm-detail").filter(has_text="trae «<s>», una marca").wait_for()
    lab.locator("button:has-text('Volver')").click()
    lab.locator(".lm-templates[data-text*='cielo']").wait_for()
    box.fill("segunda vez")  # un fallo no impide preguntar otra vez
    lab.locator(".lm-tokens li").first.wait_for()


def test_a_story_with_the_weights_from_python(page: Page, tmp_path):
    """El modelo llega de Python en un mensaje, y escribe lo que escribiría allí."""
    lab = story.find(page)
    move(lab, "temperatura", 0)
    lm = read_story_model(export(storyteller(), tmp_path / "cuentos.bin"))
    box = lab.get_by_label("tu comienzo")
    box.fill("")
    box.press_sequentially("La niña")  # letra a letra: JupyterLab no se queda con ninguna
    assert story.write(lab) == story.greedy(lm, lm.encode("La niña"))
    assert story.downloads(page) == 0


def test_own_scene_image(page: Page):
    """Se ve la escena dibujada, y de lo que se pregunta, lo que da `scene_data`; un error lo dice y no la cambia."""
    lab = page.locator(".lm-lab:has(.lm-image-lab)")
    lab.get_by_text("Dibuja tu escena").click()
    first, second = lab.locator(".lm-thing").all()
    first.get_by_label("figura").select_option("estrella")
    first.get_by_label("color").select_option("verde")
    lab.get_by_label("con otra figura").check()
    second.get_by_label("tamaño").select_option("pequeño")
    second.get_by_label("y: hacia abajo").focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")  # JupyterLab tampoco se queda con las flechas
    things = (
        Thing("estrella", "verde", "grande", 0.27, 0.5),
        Thing("cuadrado", "azul", "pequeño", 0.73, 0.47),
    )
    asked = "¿De qué color es la estrella?"
    expected = scene_data(seeing(), Scene(things), [asked])
    image = lab.locator(".lm-image")
    lab.locator(f".lm-image[src='{expected['image']}']").wait_for()
    assert image.get_attribute("alt") == expected["alt"]
    assert lab.locator(".lm-answer button").count() == 0

    box = lab.get_by_label("tu pregunta")
    box.fill("")
    box.press_sequentially(asked)
    lab.get_by_role("button", name="Preguntar").click()
    lab.get_by_text("Listo: es la respuesta que ves.").wait_for()
    (question,) = expected["questions"]
    assert f"«{question['answer']}»" in lab.locator(".lm-answered").text_content()
    assert "la respuesta correcta es «verde»" in lab.locator(".lm-verdict").inner_text()
    probs = "all => all.map((node) => Number(node.dataset.p))"
    tokens = lab.locator(".lm-answer button")
    assert tokens.evaluate_all(probs) == [p for _, p, _ in question["tokens"]]
    tokens.last.click()
    shown = lab.locator(".lm-cell span").all_inner_texts()
    assert [int(n) for n in shown] == question["attention"][-1]
    others = lab.locator(".lm-others tbody tr").evaluate_all(probs)
    assert others[1:] == [p for _, p in question["tokens"][-1][2]]

    box.fill(" ")
    box.press("Enter")
    lab.get_by_text("No se pudo calcular: La pregunta está vacía").wait_for()
    second.get_by_label("color").select_option("verde")
    lab.get_by_text("No se pudo calcular: Las dos tienen el mismo color, «verde»").wait_for()
    assert image.get_attribute("src") == expected["image"]
    lab.get_by_role("button", name="Volver a las escenas").click()
    lab.locator(".lm-image-lab[data-scene='0']").wait_for()


def test_own_instruction_before_after(page: Page):
    """Cada modelo contesta con su plantilla lo que da `reply`; una marca en el texto se explica."""
    lab = page.locator(".lm-lab:has(.lm-before-after)")
    ask(page, ".lm-before-after", "Di un color")
    lab.locator(".lm-reply[data-way='con marcas']").wait_for()
    assert "Di un color" in lab.locator(".lm-asked").inner_text()
    cards = lab.locator(".lm-reply").all()
    asked = [Example("Di un color", "azul")]
    for card, template in zip(cards, (PlainTemplate(), GemmaTemplate()), strict=True):
        (expected,) = reply(seeing().lm, asked, template)
        written = card.locator(".lm-written").text_content()
        assert written.replace("↵", "") == expected.output
        ended = "se detuvo" if expected.stopped else "se cortó a los 48 tokens"
        assert ended in card.locator(".lm-marks").inner_text()
    ask(page, ".lm-before-after", "di <end_of_turn> y ya")
    status = lab.locator(".lm-own .lm-status").filter(has_text="una marca de la plantilla")
    status.wait_for()
    assert status.inner_text().startswith("No se pudo calcular: ")
    lab.get_by_role("button", name="Volver a los ejemplos").click()
    lab.locator(".lm-ways").wait_for()


def test_training_moves(page: Page):
    """Su control recorre los momentos, sin pedirle nada a Python."""
    lab = page.locator(".lm-lab:has(.lm-training)")
    data = training_data(sample_points(), floor=FLOOR)
    handle = lab.locator(".noUi-handle")
    handle.focus()
    for key, moment in (("End", 5), ("ArrowLeft", 4), ("Home", 0)):
        handle.press(key)
        check_moment(lab, data, moment)


def test_a_text_with_html_stays_text(page: Page):
    """Lo que escribe quien estudia entra en la página como texto."""
    ask(page, ".lm-beam", "<b>hola</b>")
    page.wait_for_function(
        "document.querySelector('.lm-beam .lm-prompt').textContent.includes('<b>hola</b>')"
    )
    assert page.locator(".lm-beam .lm-prompt b").count() == 0


def test_errors_are_told_in_spanish(page: Page):
    """Un texto que no sirve se explica en el laboratorio, y se puede probar otro."""
    ask(page, ".lm-temperature", "   ")
    status = page.locator(".lm-temperature .lm-own .lm-status")
    page.wait_for_function(
        "document.querySelector('.lm-temperature .lm-status').textContent.includes('vacío')"
    )
    assert status.inner_text().startswith("No se pudo calcular: El texto está vacío")


def test_keys_stay_in_the_lab(page: Page):
    """Las flechas recorren el árbol y no cambian de celda."""
    nodes = page.locator(".lm-nodes button")
    nodes.first.focus()
    nodes.first.press("ArrowDown")
    focused = page.evaluate("document.activeElement.dataset.rank")
    assert focused == "1"
    assert json.loads(page.evaluate("JSON.stringify(document.activeElement.className)")).startswith(
        "lm-node"
    )


def test_handles_have_names(page: Page):
    """Cada control deslizante dice cómo se llama, también fuera del sitio del curso."""
    names = page.eval_on_selector_all(
        ".lm-lab .noUi-handle", "handles => handles.map((h) => h.getAttribute('aria-label'))"
    )
    assert names == [
        "temperatura",
        "top-k",
        "top-p",
        "min-p",
        "num_beams",
        "pasos",
        "length_penalty",
        "capa",
        "cabeza",
        "momento",
        "temperatura",
        "top-k",
        "top-p",
        "semilla",
    ]


def _ids(text: str):
    return torch.tensor([lettered("llama", 0).encode(text)])
