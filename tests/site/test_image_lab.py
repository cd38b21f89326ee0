"""El laboratorio de imágenes: sin Python detrás, en una página mínima y en las del libro; y con él, una escena propia."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

from course_lib.data.scenes import Scene, Thing, make_scenes
from course_lib.widgets import image_lab, scene_data
from course_lib.widgets.base import Lab, compact
from tests.site import checks
from tests.site.test_labs import control, move, numbers
from tests.site.trial import every_screen, place_of, places, served
from tests.widgets.samples import seeing
from tests.widgets.stored import stored_labs

CHAPTERS = {lab.page: lab.data for lab in stored_labs() if lab.kind == "image"}

each_page = pytest.mark.parametrize("name", places(CHAPTERS))
# La vista sin cuaderno: un modelo de mentira lleva los mensajes a Python y trae lo que contesta.
MOUNT = """async ({ esm, traits }) => {
  const { default: view } = await import(URL.createObjectURL(new Blob([esm], { type: "text/javascript" })));
  const heard = {};
  const tell = (event, ...values) => (heard[event] ?? []).forEach((f) => f(...values));
  const set = (name, value) => {
    if (traits[name] === value) return;
    traits[name] = value;
    tell(`change:${name}`, null, value);
  };
  const model = { get: (name) => traits[name], set, save_changes: () => {},
    on: (event, f) => (heard[event] ??= []).push(f), off: () => {},
    send: (message) => toPython(message).then(({ own, sent }) => {
      set("own", own);
      sent.forEach((answer) => tell("msg:custom", answer));
    }) };
  view.render({ model, el: document.querySelector("main .lm-lab") });
}"""
BLANK = """<!doctype html><html lang="es" data-theme="{theme}"><head><title>Prueba</title><style>{css}</style>
<style>body {{ margin: 12px; background: {page}; --pst-color-text-base: {ink}; --pst-color-text-muted: {muted};
--pst-color-background: {page}; --pst-color-border: {border} }}</style></head>
<body><main><h1 style="color: {ink}">Prueba</h1><div class="lm-lab"></div></main></body></html>"""
COLORS = {
    "light": {"page": "#ffffff", "ink": "#323232", "muted": "#48566b", "border": "#d1d5da"},
    "dark": {"page": "#14181e", "ink": "#ced6dd", "muted": "#9ca4af", "border": "#48566b"},
}


def sample_lab() -> Lab:
    """Tres escenas; al modelo, de pesos al azar, se le concede una respuesta correcta y terminada."""
    lab = image_lab(seeing(), [make_scenes(1, seed=2, things=n)[0] for n in (1, 2, 3)])
    data = lab.data
    first = data["scenes"][0]["questions"][0]
    keep = {name: first[name][:3] for name in ("tokens", "attention", "share")}
    first.update(keep, answer=first["right"], equal=True, finished=True)
    lab.view.data = compact(data)
    return lab


@pytest.fixture(scope="module")
def trial(tmp_path_factory) -> Iterator[tuple[str, dict]]:
    """La dirección de un libro con una página que solo lleva el laboratorio, y sus datos."""
    lab = sample_lab()
    with served(lab, tmp_path_factory.mktemp("imagen")) as home:
        yield home, lab.data


@pytest.fixture
def place(request, name) -> tuple[str, str, dict]:
    return place_of(request, name, CHAPTERS)


def find(page: Page) -> Locator:
    lab = page.locator(".lm-lab:has(.lm-image-lab)")
    lab.locator(".lm-image-lab[data-scene] .lm-cell").first.wait_for()
    return lab


def tokens(lab: Locator) -> Locator:
    return lab.locator(".lm-answer button")


def cell(lab: Locator, i: int) -> Locator:
    return lab.locator(f'.lm-cell[data-cell="{i}"]')


@each_page
def test_each_answer_reads_as_it_was_recorded(place, visit):
    """De cada escena, sus preguntas: lo que contestó, el juicio con palabras y cada token con su probabilidad."""
    home, path, data = place
    lab = find(visit(home, path).page)
    for i, scene in enumerate(data["scenes"]):
        move(lab, "escena", f"{i + 1}. {scene['caption']}")
        image = lab.locator(".lm-image")
        assert image.get_attribute("src") == scene["image"]
        assert image.get_attribute("alt") == scene["alt"]
        assert lab.locator(".lm-thumbs [aria-pressed=true]").get_attribute("data-scene") == str(i)
        for question in scene["questions"]:
            lab.get_by_label("pregunta", exact=True).select_option(question["text"])
            told = lab.locator(".lm-answered").text_content()
            assert (f"«{question['answer']}»" if question["answer"] else "nada") in told
            assert ("se cortó" in told) != question["finished"]
            wrong = f"✗ Incorrecta: la respuesta correcta es «{question['right']}»"
            judged = lab.locator(".lm-verdict").inner_text()
            assert judged.startswith("✓ Correcta." if question["equal"] else wrong)
            found = [int(p) for (p,) in numbers(lab, ".lm-answer button", "p")]
            assert found == [p for _, p, _ in question["tokens"]]


@each_page
def test_a_token_shows_its_attention(place, visit):
    """Sin token, la imagen limpia; al elegir uno, su atención en cada celda, sus alternativas y una frase."""
    home, path, data = place
    lab = find(visit(home, path).page)
    question = data["scenes"][0]["questions"][0]
    assert lab.locator(".lm-cell span").count() == 0
    assert not lab.locator(".lm-others").is_visible()
    for t in (0, len(question["tokens"]) - 1):
        tokens(lab).nth(t).click()
        shown = lab.locator(".lm-cell span").all_inner_texts()
        assert [int(n) for n in shown] == question["attention"][t]
        rows = [int(p) for (p,) in numbers(lab, ".lm-others tbody tr", "p")]
        _, p, others = question["tokens"][t]
        assert rows == [p, *(value for _, value in others)]
        best = question["attention"][t].index(max(question["attention"][t]))
        place_of = f"fila {best // 7 + 1}, columna {best % 7 + 1}"
        said = lab.locator("[role=status].lm-hidden").filter(has_text=place_of)
        said.wait_for(state="attached")
        assert f"Recibe {question['attention'][t][5]} mil" in cell(lab, 5).get_attribute(
            "aria-label"
        )
    assert "no es una explicación" in lab.locator(".lm-note").inner_text()
    lab.get_by_role("button", name="Ver la imagen sin la atención").click()
    assert lab.locator(".lm-cell span").count() == 0
    tokens(lab).first.click()
    lab.get_by_label("pregunta", exact=True).select_option(index=1)
    assert lab.locator(".lm-cell span").count() == 0, "otra pregunta empieza sin atención"


@each_page
def test_a_cell_tells_its_words(place, visit):
    home, path, data = place
    lab = find(visit(home, path).page)
    scene = data["scenes"][0]
    for i in (0, 24, 48):
        cell(lab, i).hover()
        told = lab.locator(".lm-cell-told").inner_text()
        assert told.startswith(f"Fila {i // 7 + 1}, columna {i % 7 + 1}.")
        assert all(scene["words"][w] in told for w, _ in scene["cells"][i])
    assert f"{data['searched']:,}".replace(",", "\u202f") in lab.locator(".lm-caption").inner_text()


@each_page
def test_it_is_read_with_the_keyboard(place, visit):
    """Las miniaturas y los tokens con el tabulador; la cuadrícula, con un tabulador y las flechas."""
    home, path, data = place
    page = visit(home, path).page
    lab = find(page)
    lab.locator(".lm-thumbs button").nth(0).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    lab.locator(".lm-image-lab[data-scene='1']").wait_for()
    assert control(lab, "escena").locator("select").evaluate("s => s.selectedIndex") == 1
    cell(lab, 0).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        page.keyboard.press(key)
    assert page.evaluate("document.activeElement.dataset.cell") == "14"
    assert lab.locator(".lm-cell-told").inner_text().startswith("Fila 3, columna 1.")
    lab.get_by_label("pregunta", exact=True).focus()
    page.keyboard.press("Tab")
    assert lab.locator(".lm-image-lab").get_attribute("data-token") == "0"
    page.keyboard.press("Tab")
    assert lab.locator(".lm-image-lab").get_attribute("data-token") == "1"
    assert page.evaluate("document.activeElement.dataset.token") == "1"
    weights = data["scenes"][1]["questions"][0]["attention"][1]
    assert f"Recibe {weights[14]} mil" in lab.locator(".lm-cell-told").inner_text()


@each_page
@every_screen
def test_it_stands_alone(place, visit, theme, width):
    """Accesible, sin desbordarse, sin fallos, sin pedir nada fuera y sin los controles que piden Python."""
    home, path, _ = place
    opened = visit(home, path, width=width, theme=theme)
    lab = find(opened.page)

    def check() -> None:
        assert checks.accessibility(lab) == [] and checks.layout(opened.page) == []
        assert lab.evaluate("lab => lab.scrollWidth - lab.clientWidth") <= 0

    check()
    tokens(lab).nth(1).click()
    cell(lab, 30).hover()
    check()
    assert not lab.get_by_text("Dibuja tu escena").is_visible()
    image, answer = (lab.locator(c).bounding_box() for c in (".lm-seen", ".lm-replied"))
    assert (answer["x"] > image["x"] + image["width"] - 1) == (width == 1280)
    assert opened.failures == [] and opened.foreign == []


@each_page
def test_without_javascript_there_are_tables(place, visit):
    home, path, data = place
    page = visit(home, path, script=False).page
    shown = page.locator(".no-script table").all_inner_texts()
    for scene in data["scenes"]:
        assert any(scene["caption"] in t and scene["questions"][0]["right"] in t for t in shown)


def mounted(page: Page, lab: Lab, theme: str) -> Locator:
    """La vista en una página en blanco, con el `View` de Python al otro lado de sus mensajes."""
    view, sent = lab.view, []
    view.send = sent.append

    def answer(message: dict) -> dict:
        sent.clear()
        view._receive(None, message, [])
        return {"own": view.own, "sent": list(sent)}

    page.expose_function("toPython", answer)
    page.set_content(BLANK.format(theme=theme, css=view._css, **COLORS[theme]))
    traits = {name: getattr(view, name) for name in ("data", "own", "prompt", "scene", "question")}
    page.evaluate(MOUNT, {"esm": view._esm, "traits": traits})
    lab_node = page.locator(".lm-lab")
    lab_node.get_by_text("Dibuja tu escena").click()
    lab_node.locator(".lm-own").wait_for()
    return lab_node


@every_screen
def test_an_own_scene(chromium: Browser, theme, width):
    """Con Python: al mover un control se dibuja; «Preguntar» trae lo que da `scene_data`; un error se lee."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=theme)
    lab = mounted(page, sample_lab(), theme)
    box, image = lab.locator(".lm-own"), lab.locator(".lm-image")
    first, second = lab.locator(".lm-thing").all()
    first.get_by_label("figura").select_option("estrella")
    first.get_by_label("color").select_option("verde")
    lab.locator(".lm-image-lab[data-scene=propia]").wait_for()
    assert "estrella verde de tamaño grande" in image.get_attribute("alt")
    assert not second.is_visible() and tokens(lab).count() == 0
    box.get_by_label("con otra figura").check()
    second.get_by_label("tamaño").select_option("pequeño")
    slider = second.get_by_label("y: hacia abajo")
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    things = (
        Thing("estrella", "verde", "grande", 0.27, 0.5),
        Thing("cuadrado", "azul", "pequeño", 0.73, 0.47),
    )
    box.get_by_label("tu pregunta").fill("¿De qué color es la estrella?")
    box.get_by_label("tu pregunta").press("Enter")
    lab.get_by_text("Listo: es la respuesta que ves.").wait_for()
    expected = scene_data(seeing(), Scene(things), ["¿De qué color es la estrella?"])
    assert image.get_attribute("src") == expected["image"]
    (question,) = expected["questions"]
    assert f"«{question['answer']}»" in lab.locator(".lm-answered").text_content()
    assert "la respuesta correcta es «verde»" in lab.locator(".lm-verdict").inner_text()
    tokens(lab).first.click()
    shown = lab.locator(".lm-cell span").all_inner_texts()
    assert [int(n) for n in shown] == question["attention"][0]
    assert checks.accessibility(lab) == [] and checks.layout(page) == []
    assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0

    box.get_by_label("tu pregunta").fill(" ")
    box.get_by_role("button", name="Preguntar").click()
    box.get_by_text("La pregunta está vacía").wait_for()
    second.get_by_label("color").select_option("verde")
    box.get_by_text("Las dos tienen el mismo color").wait_for()
    assert image.get_attribute("src") == expected["image"], "el error no cambia lo que se ve"
    box.get_by_role("button", name="Volver a las escenas").click()
    lab.locator(".lm-image-lab[data-scene='0']").wait_for()
    assert not box.get_by_role("button", name="Volver a las escenas").is_visible()
    page.close()
