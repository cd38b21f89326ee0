"""El laboratorio de cuentos: escribe en la página lo que Python escribe con el mismo archivo, y solo lo trae si se le pide."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, Locator, Page

from course_lib.experiments.stories.export import export
from course_lib.widgets import story_lab
from course_lib.widgets.story_model import WEB_MODEL, read_story_model
from tests.site import checks
from tests.site.test_image_lab import BLANK, COLORS
from tests.site.test_labs import move, numbers
from tests.site.trial import TRIAL, every_screen, place_of, places, served
from tests.widgets.samples import storyteller
from tests.widgets.stored import stored_labs

CHAPTERS = {lab.page: lab.data for lab in stored_labs() if lab.kind == "story"}
TEXT = "La niña pensó en ñandúes 🦊"
PUBLISHED = "course_lib/artifacts/stories/cuentos.bin"

each_page = pytest.mark.parametrize("name", places(CHAPTERS))
# La vista sin el libro: un modelo de mentira lleva los mensajes a Python y trae lo que contesta, con sus bytes.
MOUNT = """async ({ esm, traits }) => {
  const { default: view } = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  const heard = {};
  const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
  const model = { get: (name) => traits[name], set: () => {}, save_changes: () => {}, off: () => {},
    on: (event, f) => (heard[event] ??= []).push(f),
    send: (message) => toPython(message).then((answers) => answers.forEach(([answer, buffers]) =>
      heard["msg:custom"].forEach((f) => f(answer, buffers.map(bytes))))) };
  view.render({ model, el: document.querySelector("main .lm-lab") });
}"""


@pytest.fixture(scope="module")
def model_path(tmp_path_factory) -> Path:
    return export(storyteller(), tmp_path_factory.mktemp("modelo") / "cuentos.bin")


@pytest.fixture(scope="module")
def trial(tmp_path_factory, model_path) -> Iterator[tuple[str, dict]]:
    """La dirección de un libro con una página que solo lleva el laboratorio, y sus datos."""
    lab = story_lab(["Había una vez", "¿De qué color"], path=model_path)
    folder = tmp_path_factory.mktemp("cuentos")
    with served(lab, folder, {PUBLISHED: model_path}) as home:
        yield home, lab.data


@pytest.fixture
def place(request, name) -> tuple[str, str, dict]:
    return place_of(request, name, CHAPTERS)


@pytest.fixture
def lm(name, model_path):
    """El mismo modelo, en Python."""
    return read_story_model(model_path if name == TRIAL else WEB_MODEL)


def find(page: Page) -> Locator:
    lab = page.locator(".lm-lab:has(.lm-story)")
    lab.locator(".lm-view.lm-story[data-state]").wait_for()
    return lab


def press(lab: Locator, name: str) -> None:
    lab.get_by_role("button", name=name, exact=True).click()


def wait(lab: Locator, state: str) -> None:
    lab.locator(f".lm-view[data-state={state}]").wait_for()


def write(lab: Locator, text: str | None = None) -> list[int]:
    """Escribe hasta el final, sin pausas, y devuelve los ids."""
    lab.get_by_label("sin pausas").check()
    if text is not None:
        lab.get_by_label("tu comienzo").fill(text)
    press(lab, "Escribir")
    wait(lab, "quieto")
    return ids(lab)


def ids(lab: Locator) -> list[int]:
    return [int(i) for (i,) in numbers(lab, ".lm-word", "id")]


def downloads(page: Page) -> int:
    return page.evaluate(
        "performance.getEntriesByType('resource').filter((r) => r.name.includes('cuentos.bin')).length"
    )


@torch.no_grad()
def greedy(lm, start: list[int], limit: int = 200) -> list[int]:
    """Lo que sigue a `start` eligiendo siempre el más probable, hasta el final o hasta llenar el contexto."""
    found: list[int] = []
    while len(found) < limit and len(start) + len(found) < lm.max_length:
        found.append(int(lm.prefill(torch.tensor([start + found])).logits.argmax()))
        if found[-1] in lm.eos_token_ids:
            break
    return found


@each_page
def test_it_writes_what_python_writes(place, visit, lm):
    """Con temperatura 0, los mismos tokens y el mismo texto; el archivo se pide una vez, y solo al escribir."""
    home, path, data = place
    opened = visit(home, path)
    lab = find(opened.page)
    assert downloads(opened.page) == 0
    assert lab.get_by_label("tu comienzo").input_value() == data["openings"][0]["text"]
    move(lab, "temperatura", 0)
    for text in (TEXT, "", data["openings"][1]["text"]):
        expected = greedy(lm, lm.encode(text))
        assert write(lab, text) == expected, text
        told = lab.locator("p.lm-story").text_content()
        half = "\ufffd"  # una letra a medias al final: la página espera a que se complete
        assert told.rstrip(half) == (text + lm.decode(expected)).rstrip(half)
    assert downloads(opened.page) == 1
    assert "por segundo" in lab.locator(".lm-status").inner_text()
    assert opened.failures == [] and opened.foreign == []


@each_page
def test_alternatives_and_another_choice(place, visit, lm):
    """De un token, sus alternativas con su probabilidad; al elegir otra, lo anterior queda y el cuento sigue desde ella."""
    home, path, _ = place
    lab = find(visit(home, path).page)
    move(lab, "temperatura", 0)
    before = write(lab, TEXT)
    start = lm.encode(TEXT)
    for i in (0, 4):
        lab.locator(".lm-word").nth(i).click()
        rows = numbers(lab, ".lm-others tbody tr", "id", "p", "final")
        probs = lm.prefill(torch.tensor([start + before[:i]])).logits[0].double().softmax(-1)
        assert [int(j) for j, _, _ in rows] == probs.topk(8).indices.tolist()
        shown = [float(p) for _, p, _ in rows]
        assert shown == pytest.approx(probs.topk(8).values.tolist(), abs=1e-5) and sum(shown) <= 1
        assert [float(final) for *_, final in rows] == [1, *[0] * 7]
        assert lab.locator(".lm-best").get_attribute("data-id") == str(before[i])
    lab.locator(".lm-others tbody tr").nth(3).get_by_role("button").click()
    other = int(rows[3][0])
    wait(lab, "quieto")
    expected = [*before[:4], other]
    expected += greedy(lm, start + expected, 199)
    assert ids(lab) == expected
    chosen = lab.locator(".lm-word").nth(4)
    assert "lm-forced" in chosen.get_attribute("class")
    assert chosen.get_attribute("aria-pressed") == "true", "se sigue viendo de qué se eligió"
    assert "elegido por ti" in lab.locator(".lm-detail").inner_text()


@each_page
def test_controls_change_what_is_drawn(place, visit):
    """La misma semilla repite el cuento y otra no; con un solo candidato, todos los sorteos son el más probable."""
    home, path, data = place
    lab = find(visit(home, path).page)
    move(lab, "temperatura", 1.5)
    one = write(lab, "Había una vez")
    assert write(lab) == one
    move(lab, "semilla", 7)
    assert write(lab) != one
    assert {float(f) for (f,) in numbers(lab, ".lm-word", "final")} - {1.0}
    move(lab, "top-k", 1)
    only = write(lab)
    assert {float(f) for (f,) in numbers(lab, ".lm-word", "final")} == {1.0}
    move(lab, "top-k", 0)
    move(lab, "top-p", 0.05)
    move(lab, "temperatura", 0.05)
    assert write(lab) == only
    lab.locator(".lm-controls select").select_option(data["openings"][1]["text"])
    assert lab.get_by_label("tu comienzo").input_value() == data["openings"][1]["text"]


@each_page
def test_it_stops_goes_on_and_takes_one_step(place, visit, lm):
    """Un token cada vez, seguir y parar; lo escrito así es lo mismo que de corrido."""
    home, path, _ = place
    lab = find(visit(home, path).page)
    move(lab, "temperatura", 0)
    expected = greedy(lm, lm.encode(TEXT))
    lab.get_by_label("tu comienzo").fill(TEXT)
    for n in (1, 2):
        press(lab, "Un token")
        lab.locator(f".lm-view[data-state=quieto][data-tokens='{n}']").wait_for()
    assert ids(lab) == expected[:2]
    press(lab, "Seguir")  # con pausas: da tiempo a parar
    lab.locator(".lm-word").nth(6).wait_for()
    press(lab, "Parar")
    wait(lab, "quieto")
    stopped = ids(lab)
    assert stopped == expected[: len(stopped)] and 7 <= len(stopped) < len(expected)
    assert lab.locator(".lm-status").inner_text().startswith("Lo paraste")
    lab.get_by_label("sin pausas").check()
    press(lab, "Seguir")
    wait(lab, "quieto")
    assert ids(lab) == expected


@pytest.mark.parametrize("name", [TRIAL])
def test_what_goes_wrong_is_told_and_can_be_tried_again(place, visit):
    """Sin archivo, sin red, con un archivo cortado o que no es; con un comienzo muy largo; y después, bien."""
    home, path, _ = place
    opened = visit(home, path)
    page, lab = opened.page, find(opened.page)
    size = page.evaluate(
        "fetch('../_static/cuentos.bin').then((r) => r.arrayBuffer()).then((b) => b.byteLength)"
    )
    answers = [
        (lambda route: route.fulfill(status=404), "no tiene el modelo, cuentos.bin (404)"),
        (lambda route: route.abort(), "revisa la conexión"),
        (lambda route: route.fulfill(body=b"CLM1"), "Llegaron 4 bytes"),
        (lambda route: route.fulfill(body=b"x" * size), "no empieza por «CLM1»"),
    ]
    for answer, told in answers:
        page.route("**/cuentos.bin*", answer)
        press(lab, "Escribir")
        lab.locator(".lm-status").filter(has_text=told).wait_for()
        assert lab.locator(".lm-view").get_attribute("data-state") == "vacio"
        page.unroute("**/cuentos.bin*", answer)
    page.evaluate("() => { window.kept = Worker; window.Worker = undefined; }")
    press(lab, "Escribir")
    lab.locator(".lm-status").filter(has_text="no deja calcular aparte").wait_for()
    page.evaluate("() => { window.Worker = window.kept; }")
    lab.get_by_label("tu comienzo").fill("ñandú " * 60)
    press(lab, "Escribir")
    lab.locator(".lm-status").filter(has_text="le caben 96: acórtalo").wait_for()
    assert write(lab, "Había")


@pytest.mark.parametrize("name", [TRIAL])
def test_a_download_can_be_cancelled(place, visit):
    home, path, _ = place
    page = visit(home, path).page
    lab, waiting = find(page), []
    page.route("**/cuentos.bin*", lambda route: waiting.append(route))  # nunca contesta
    press(lab, "Escribir")
    wait(lab, "cargando")
    assert lab.get_by_role("progressbar").is_visible()
    press(lab, "Cancelar")
    lab.locator(".lm-status").filter(has_text="Cancelado").wait_for()
    assert not lab.get_by_role("progressbar").is_visible()
    page.unroute("**/cuentos.bin*")
    assert write(lab, "Había")


@each_page
@every_screen
def test_it_stands_alone(place, visit, theme, width):
    """Accesible, sin desbordarse, sin fallos y sin pedir nada a otro servidor."""
    home, path, _ = place
    opened = visit(home, path, width=width, theme=theme)
    lab = find(opened.page)

    def check() -> None:
        assert checks.accessibility(lab) == [] and checks.layout(opened.page) == []
        assert lab.evaluate("lab => lab.scrollWidth - lab.clientWidth") <= 0

    check()
    # el comienzo que se ofrece: después de uno raro, el modelo publicado puede terminar enseguida
    write(lab)
    check()
    lab.locator(".lm-word").nth(3).click()
    lab.locator(".lm-others tbody tr").nth(2).get_by_role("button").click()
    wait(lab, "quieto")
    check()
    assert lab.locator(".lm-scroll").evaluate("box => box.scrollWidth - box.clientWidth") <= 0
    assert opened.failures == [] and opened.foreign == []


@each_page
def test_it_is_used_with_the_keyboard(place, visit):
    """Intro escribe; con el tabulador se llega al texto, con flechas a cada token, y a sus alternativas."""
    home, path, _ = place
    page = visit(home, path).page
    lab = find(page)
    move(lab, "temperatura", 0)
    lab.get_by_label("sin pausas").check()
    box = lab.get_by_label("tu comienzo")
    box.focus()
    page.keyboard.press("Enter")
    wait(lab, "quieto")
    assert page.evaluate("document.activeElement.tagName") == "INPUT"
    assert lab.locator(".lm-word[tabindex='0']").count() == 1
    lab.get_by_label("sin pausas").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.at") == "0"
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert lab.locator(".lm-view").get_attribute("data-selected") == "1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("Seguir con «")
    page.keyboard.press("Enter")
    wait(lab, "quieto")
    assert page.evaluate("document.activeElement.dataset.at") == "1"
    assert "lm-forced" in page.evaluate("document.activeElement.className")


@each_page
def test_it_is_told_without_shouting(place, visit):
    """Un lector de pantalla oye que empieza y que termina, no cada token ni cada trozo de la descarga."""
    home, path, _ = place
    page = visit(home, path).page
    lab = find(page)
    page.evaluate("""() => {
      window.told = [];
      const seen = new MutationObserver(() => window.told.push(live.textContent));
      const live = document.querySelector(".lm-story [role=status]");
      seen.observe(live, { childList: true });
    }""")
    written = write(lab, TEXT)
    page.wait_for_function(f"window.told.at(-1)?.includes('Van {len(written)} tokens')")
    assert page.evaluate("window.told.length") <= 3
    assert lab.locator(".lm-view [role=status], .lm-view [aria-live]").count() == 1


@each_page
def test_without_javascript_there_is_a_table(place, visit):
    home, path, data = place
    page = visit(home, path, script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    for entry in data["openings"]:
        assert any(entry["text"] in text for text in shown)


def mounted(page: Page, lab, home: str, answer) -> Locator:
    """La vista fuera del libro, como en JupyterLab, con `answer` al otro lado de sus mensajes."""
    html = BLANK.format(theme="light", css=lab.view._css, **COLORS["light"])
    page.route(
        "**/fuera.html",
        lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"),
    )
    page.expose_function("toPython", answer)
    page.goto(home + "fuera.html")
    names = ("data", "own", "prompt", "opening", "temperature", "top_k", "top_p", "seed")
    traits = {name: getattr(lab.view, name) for name in names} | {"temperature": 0.0}
    page.evaluate(MOUNT, {"esm": lab.view._esm, "traits": traits})
    found = page.locator(".lm-lab")
    found.locator("[data-state]").wait_for()
    return found


def test_with_python_it_asks_for_the_bytes(trial, model_path, chromium: Browser):
    """En JupyterLab o Colab el modelo llega por un mensaje, una vez; nada se pide a ningún sitio."""
    lab, asked, sent = story_lab(["Había una vez"], path=model_path), [], []
    lab.view.send = lambda message, buffers=(): sent.append((message, buffers))

    def answer(message: dict) -> list:
        asked.append(message["kind"])
        sent.clear()
        lab.view._receive(None, message, [])
        return [[told, [base64.b64encode(b).decode() for b in buffers]] for told, buffers in sent]

    page = chromium.new_page()
    found = mounted(page, lab, trial[0], answer)
    lm = read_story_model(model_path)
    for _ in range(2):
        assert write(found, TEXT) == greedy(lm, lm.encode(TEXT))
    assert asked == ["weights"] and downloads(page) == 0
    page.close()


def test_python_that_cannot_or_does_not_answer(trial, model_path, chromium: Browser):
    lab = story_lab(["Había una vez"], path=model_path)
    page = chromium.new_page()
    page.clock.install()
    replies = [[[{"kind": "error", "text": "Python no pudo leer el modelo."}, []]], []]
    found = mounted(page, lab, trial[0], lambda _message: replies.pop(0))
    press(found, "Escribir")
    found.locator(".lm-status").filter(has_text="Python no pudo leer el modelo.").wait_for()
    press(found, "Escribir")
    wait(found, "cargando")
    page.clock.fast_forward(21_000)
    found.locator(".lm-status").filter(has_text="ejecuta la celda del laboratorio").wait_for()
    page.close()


def test_the_site_publishes_the_weights_of_the_package(trial, model_path, chromium: Browser):
    """Los bytes de _static son los que lleva el paquete, sin copiarlos a mano."""
    page = chromium.new_page()
    answer = page.request.get(trial[0] + "_static/cuentos.bin")
    assert answer.ok and answer.body() == model_path.read_bytes()
    page.close()
