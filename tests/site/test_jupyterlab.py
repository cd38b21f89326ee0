"""En un JupyterLab de verdad: Python contesta, y el laboratorio muestra lo que Python calcula."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
import torch
from playwright.sync_api import Browser, Page

from course_lib.decoding import BeamSearch, Greedy, generate
from course_lib.experiments.stories.export import export
from course_lib.widgets import temperature_data
from course_lib.widgets.story_model import read_story_model
from course_lib.widgets.templates import TEMPLATES
from tests.site import test_story_lab as story
from tests.site.test_labs import move
from tests.widgets.samples import lettered, spelled, storyteller
from tests.widgets.test_attention_lab import eager

ROOT = Path(__file__).resolve().parents[2]
TEXT = "hola que tal"
LABS = """
from course_lib.widgets import attention_lab, beam_lab, temperature_lab
from tests.widgets.samples import lettered
lab = {kind}_lab(lettered("llama", 0), ["abc", "def"])
lab
"""
WRITTEN = """
from course_lib.widgets import templates_lab
from tests.widgets.samples import spelled
lab = templates_lab({"ChatML": spelled()})
lab
"""
STORY = """
from course_lib.experiments.stories.export import export
from course_lib.widgets import story_lab
from tests.widgets.samples import storyteller
lab = story_lab(["abc"], path=export(storyteller(), "cuentos.bin"))
lab
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[str]:
    """Un JupyterLab con un cuaderno, sin nada de la configuración de quien corre las pruebas."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell(LABS.format(kind=kind))
        for kind in ("temperature", "beam", "attention")
    ]
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in (WRITTEN, STORY)]
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "labs.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / "casa"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(home), "IPYTHONDIR": str(home)}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        environment[f"JUPYTER_{name}_DIR"] = str(home / name.lower())
    options = {
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "ServerApp.allow_root": True,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())]
    log = (folder / "lab.log").open("w")
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=folder)
    url = f"http://127.0.0.1:{port}/"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(url + "api", timeout=2).close()
                break
            except (urllib.error.URLError, TimeoutError):
                assert process.poll() is None, (folder / "lab.log").read_text()
                time.sleep(0.5)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)
        log.close()


@pytest.fixture(scope="module")
def page(server: str, chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 1400, "height": 2400})
    page.goto(server + "lab/tree/labs.ipynb")
    page.wait_for_selector(".jp-Notebook-cell", timeout=90_000)
    page.wait_for_function(
        "jupyterapp.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=90_000,
    )
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    page.wait_for_selector(".lm-temperature .lm-own:visible", timeout=120_000)
    page.wait_for_selector(".lm-beam .lm-own:visible", timeout=120_000)
    page.wait_for_selector(".lm-attention .lm-own:visible", timeout=120_000)
    page.wait_for_selector(".lm-templates[data-text]", timeout=120_000)
    page.wait_for_selector(".lm-view.lm-story[data-state]", timeout=120_000)
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
        "temperatura",
        "top-k",
        "top-p",
        "semilla",
    ]


def _ids(text: str):
    return torch.tensor([lettered("llama", 0).encode(text)])
