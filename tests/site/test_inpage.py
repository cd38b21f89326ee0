"""El modelo que corre en la página: de los trozos a un control que se mueve con el texto de quien lee, sin nadie más."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from course_lib.experiments.stories.export import export
from course_lib.models import FetchError, card
from course_lib.prompting import Template, measure
from course_lib.records import Record
from course_lib.widgets import beam_lab, prompt_lab, story_lab, temperature_lab
from tests.site import checks
from tests.site.browser import Visit
from tests.site.building import build as build_book
from tests.site.building import small_book
from tests.site.test_labs import move, numbers
from tests.site.test_story_lab import PUBLISHED, ids, press, wait
from tests.site.trial import TRIAL, served
from tests.widgets.samples import storyteller
from tools.evaluate_inpage import engine
from tools.inpage import NAMES, PIECE, build, gguf, truth

NAME = "smollm2-135m-instruct"
ROWS = Record.load("inpage").where(model=NAME)
BOUND = max(row["max_difference"] for row in ROWS)  # lo medido: cuánto cambia una probabilidad
TEXT = "The capital of France is"
TEMPLATE, ANSWERS = "[X]. The movie was [Z].", ["good", "terrible"]
PAGE = f"{TRIAL}.html"
KINDS = ("temperature", "prompting", "beam", "story")
PLACE = f"_build/modelo/{NAME}/modelo"

with_model = pytest.mark.models


@pytest.fixture(scope="module")
def home(tmp_path_factory, smollm) -> Iterator[str]:
    """La dirección de un libro construido con MODELO, con los tres laboratorios en una página."""
    try:
        weights = gguf(card(NAME))
    except FetchError as error:
        pytest.skip(f"no está el archivo del modelo: {error}")
    folder = tmp_path_factory.mktemp("pagina")
    build(card(NAME), weights, folder / "modelo")
    labs = [
        temperature_lab(
            smollm, ["Once upon a time"], temperatures=(1.0,), num_texts=1, max_new_tokens=3
        ),
        prompt_lab(
            smollm, ["I loved it"], [TEMPLATE], {"uno": {"pos": ["good"], "neg": ["terrible"]}}
        ),
        beam_lab(smollm, ["Once upon a time"], stop=".", max_steps=3),
        story_lab(["Había una vez"], path=export(storyteller(), folder / "cuentos.bin")),
    ]
    files = {PUBLISHED: folder / "cuentos.bin"} | {
        f"{PLACE}/{path.name}": path for path in (folder / "modelo").iterdir()
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MODELO", NAME)
        with served(labs, folder, files) as home:
            yield home


def enter(context: BrowserContext, home: str) -> tuple[Visit, list[str]]:
    """Abre la página, y lo que pida del modelo queda en la lista."""
    opened = Visit(context.new_page(), home)
    asked = watch(opened.page)
    opened.open(PAGE)
    return opened, asked


def watch(page: Page) -> list[str]:
    """Lo que la página pide de la carpeta del modelo, desde ahora."""
    asked: list[str] = []

    def note(request) -> None:
        if "/modelo/" in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    made = chromium.new_context(locale="es")
    yield made
    made.close()


@pytest.fixture(scope="module")
def ready(chromium: Browser, home: str) -> Iterator[BrowserContext]:
    """Un navegador que ya tiene el modelo."""
    made = chromium.new_context(locale="es")
    opened, _ = enter(made, home)
    push(opened.page, "Descargar el modelo")
    reach(opened.page, "stored")
    opened.page.close()
    yield made
    made.close()


def offer(page: Page, kind: str = KINDS[0]) -> Locator:
    return page.locator(f".lm-{kind} .lm-offer")


def push(page: Page, name: str) -> None:
    offer(page).get_by_role("button", name=name).click()


def reach(page: Page, phase: str) -> None:
    """Espera a que la oferta de todos los laboratorios llegue a esa fase: hay un solo modelo."""
    for kind in KINDS:
        page.locator(f".lm-{kind} .lm-offer[data-phase={phase}]").wait_for(timeout=120_000)


def ask(page: Page, kind: str, text: str) -> Locator:
    """Escribe un texto propio en un laboratorio y espera a que termine."""
    lab = page.locator(f".lm-lab:has(.lm-{kind})")
    lab.get_by_label("tu texto").fill(text)
    lab.get_by_role("button", name="Calcular").click()
    lab.get_by_text("Listo: es el texto que ves.").wait_for(timeout=120_000)
    return lab


def files_of(asked: list[str]) -> list[str]:
    return [url.rsplit("/", 1)[1].split("?")[0] for url in asked]


@with_model
@torch.no_grad()
def test_from_pieces_to_a_moved_slider(context, home, smollm):
    """Nada se pide antes de pulsar; después, cada trozo una vez; y lo que se ve es lo de torch, dentro de lo medido."""
    opened, asked = enter(context, home)
    page = opened.page
    reach(page, "absent")
    assert "101 MB" in offer(page).inner_text().replace("\u202f", " ")
    assert files_of(asked) == ["offer.js"], "se pidió algo antes de que nadie lo quisiera"
    assert page.get_by_label("tu texto").count() == 3
    assert not page.get_by_label("tu texto").first.is_visible()
    push(page, "Descargar el modelo")
    reach(page, "stored")
    pieces = [name for name in files_of(asked) if name.startswith("pesos")]
    assert pieces == sorted(set(pieces)) and len(pieces) == -(-card(NAME).file_bytes // PIECE)
    assert "motor-varios-hilos.wasm" not in files_of(asked), "solo hace falta uno de los motores"
    context.set_offline(True)
    count = len(asked)
    lab = ask(page, "temperature", TEXT)
    probs = smollm.prefill(torch.tensor([smollm.encode(TEXT)])).logits[0].double()
    (row,) = [row for row in ROWS if row["prompt"] == TEXT]
    for temperature in (1.0, 0.6, 2.0):
        move(lab, "temperatura", temperature)
        shown = numbers(lab, ".lm-bars li", "id", "p")
        expected = (probs / temperature).softmax(-1)
        for i, p in shown[:-1]:
            # a una temperatura menor, la misma diferencia de logits mueve más
            assert float(p) == pytest.approx(
                float(expected[int(i)]), abs=BOUND / min(1, temperature)
            )
        if temperature == 1:
            assert float(shown[0][1]) == pytest.approx(row["p_browser"], abs=2e-3)
            assert sum(float(p) for _, p in shown) == pytest.approx(1)
    move(lab, "temperatura", 1)
    move(lab, "top-k", 2)
    assert float(numbers(lab, ".lm-bars li", "p")[2][0]) == 0
    assert "esta página" in lab.locator(".lm-texts").locator("..").inner_text()
    assert lab.locator(".lm-badge").inner_text() == "tu texto"
    assert lab.locator(".lm-view > .lm-detail").last.inner_text() == truth(NAME)
    assert opened.failures == [] and opened.foreign == [] and len(asked) == count


@with_model
def test_another_page_takes_it_from_storage(ready, home, smollm):
    """En otra página ya está: nada se pide, los otros dos laboratorios calculan, y quitarlo es un botón."""
    opened, asked = enter(ready, home)
    page = opened.page
    reach(page, "stored")
    ready.set_offline(True)
    text = "I hated it"
    lab = ask(page, "prompting", text)
    ready.set_offline(False)
    (expected,) = measure(smollm, [Template(TEMPLATE).fill(text)], ANSWERS)
    shown = {
        answer: float(score)
        for answer, score in numbers(lab, ".lm-answers tbody tr", "answer", "score")
    }
    # un token: en probabilidad, dentro de lo medido; aquí se comparan tres, en logaritmo
    assert shown == pytest.approx({m.answer: m.sum_logprob for m in expected}, abs=0.5)
    lab = ask(page, "beam", TEXT)
    finals = numbers(lab, ".lm-table tbody tr", "path")
    first = [int(path.split(",")[0]) for (path,) in finals]
    assert first[0] == smollm.encode(" Paris", add_bos=False)[0]
    assert files_of(asked) == ["offer.js"]
    assert opened.failures == [] and opened.foreign == []
    page.close()


@with_model
def test_it_writes_in_the_stories_lab(ready, home, smollm):
    """Elegido el modelo de la página, escribe él: el primer token es el de torch, y se puede seguir desde otro."""
    opened, _ = enter(ready, home)
    page = opened.page
    reach(page, "stored")
    lab = page.locator(".lm-lab:has(.lm-story)")
    lab.get_by_label(f"que escriba {NAME}").check()
    lab.get_by_label("tu comienzo").fill(TEXT)
    move(lab, "temperatura", 0)
    for n in (1, 2):
        press(lab, "Un token")
        lab.locator(f".lm-view[data-state=quieto][data-tokens='{n}']").wait_for(timeout=120_000)
    written = ids(lab)
    assert written[0] == smollm.encode(" Paris", add_bos=False)[0]
    assert lab.locator("p.lm-story").inner_text().startswith(f"{TEXT} Paris")
    lab.locator(".lm-word").first.click()
    rows = numbers(lab, ".lm-others tbody tr", "id", "p", "final")
    (row,) = [row for row in ROWS if row["prompt"] == TEXT]
    assert float(rows[0][1]) == pytest.approx(row["p_browser"], abs=2e-3) and rows[0][2] == "1"
    lab.locator(".lm-others tbody tr").nth(1).get_by_role("button").click()
    lab.locator(".lm-word").nth(2).wait_for(timeout=120_000)
    press(lab, "Parar")
    wait(lab, "quieto")
    assert ids(lab)[0] == int(rows[1][0])
    lab.get_by_label(f"que escriba {NAME}").uncheck()
    assert ids(lab) == []
    lab.get_by_label("sin pausas").check()
    press(lab, "Escribir")
    wait(lab, "quieto")
    assert max(ids(lab)) < storyteller().vocab_size
    assert opened.failures == [] and opened.foreign == []
    page.close()


@with_model
def test_where_the_page_is_isolated_there_are_more_threads(context, home, smollm):
    """Con las cabeceras que aíslan la página se trae el otro motor, y lo que calcula es lo mismo."""
    headers = {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
    }

    def isolate(route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers=answer.headers | headers)

    opened = Visit(context.new_page(), home)
    page, asked = opened.page, watch(opened.page)
    page.route("**/*.html", isolate)
    opened.open(PAGE)
    assert page.evaluate("crossOriginIsolated && navigator.hardwareConcurrency > 1")
    reach(page, "absent")
    push(page, "Descargar el modelo")
    reach(page, "stored")
    assert "motor-varios-hilos.wasm" in files_of(asked)
    assert "motor-un-hilo.wasm" not in files_of(asked)
    shown = numbers(ask(page, "temperature", TEXT), ".lm-bars li", "id", "p")
    (row,) = [row for row in ROWS if row["prompt"] == TEXT]
    assert float(shown[0][1]) == pytest.approx(row["p_python"], abs=BOUND)
    assert opened.failures == [] and opened.foreign == []


@with_model
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_offer_can_be_read(ready, context, home, width, theme):
    """Accesible y sin desbordarse antes y después de la descarga."""
    for browser, phase in ((context, "absent"), (ready, "stored")):
        opened, _ = enter(browser, home)
        page = opened.page
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme)
        reach(page, phase)
        assert checks.layout(page) == []
        for kind in KINDS:
            box = offer(page, kind)
            assert checks.accessibility(box) == []
            assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        page.close()


@with_model
def test_a_cut_a_wrong_piece_and_a_cancelled_download(context, home):
    """Lo que llegó queda y no se pide otra vez; un trozo alterado se descarta; cancelar y quitar dejan todo como estaba."""
    opened, asked = enter(context, home)
    page = opened.page
    reach(page, "absent")

    def cut(route) -> None:
        route.abort()

    page.route("**/pesos-02.bin", cut)
    push(page, "Descargar el modelo")
    reach(page, "partial")
    said = offer(page).inner_text()
    assert "Se cortó la descarga" in said and "queda guardado" in said
    page.unroute("**/pesos-02.bin", cut)

    def alter(route) -> None:
        route.fulfill(body=b"\0" * PIECE)

    page.route("**/pesos-02.bin", alter)
    push(page, "Seguir la descarga")
    offer(page).get_by_text("no es lo que el libro publicó").wait_for()
    page.unroute("**/pesos-02.bin", alter)
    waiting = []
    page.route("**/pesos-03.bin", lambda route: waiting.append(route))  # nunca contesta
    with page.expect_request("**/pesos-03.bin"):
        push(page, "Seguir la descarga")
    offer(page).get_by_text("de 101").wait_for()
    page.wait_for_function(
        "performance.now() > 0 && document.querySelector('.lm-offer progress').value > 4.9e7"
    )
    push(page, "Cancelar")
    offer(page).get_by_text("Descarga cancelada.").wait_for()
    page.unroute("**/pesos-03.bin")
    push(page, "Seguir la descarga")
    reach(page, "stored")
    assert page.evaluate("document.activeElement.textContent").startswith("Quitar el modelo")
    names = files_of(asked)
    assert [names.count(f"pesos-{i:02d}.bin") for i in range(4)] == [1, 1, 3, 2]
    assert page.get_by_label("tu texto").first.is_visible()
    push(page, "Quitar el modelo")
    reach(page, "absent")
    assert page.evaluate("caches.keys()") == []
    assert not page.get_by_label("tu texto").first.is_visible()


LACKING = {
    "() => { delete window.WebAssembly; }": "no tiene WebAssembly",
    "() => { delete window.caches; }": "debe abrirse con https",
    "() => { navigator.storage.estimate = async () => ({ quota: 2e7, usage: 1e7 }); }": "quedan 10 MB",
    "() => { WebAssembly.validate = () => false; }": "actualízalo",
}


@with_model
@pytest.mark.parametrize("change", LACKING, ids=LACKING.values())
def test_what_is_lacking_is_told(context, home, change):
    """Sin WebAssembly, sin https o sin espacio se dice, y no se pide ningún peso."""
    opened, asked = enter(context, home)
    reach(opened.page, "absent")
    opened.page.evaluate(change)
    push(opened.page, "Descargar el modelo")
    told = LACKING[change].replace(" MB", "\u202fMB")
    offer(opened.page).get_by_text(told).wait_for()
    assert not any(name.startswith("pesos") for name in files_of(asked))


def test_a_site_without_a_model_says_nothing_of_it(site):
    """Sin MODELO no hay oferta, ni archivos, ni una mención."""
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    assert len(pages) > 10 and not any("modelo/offer.js" in page for page in pages)
    assert not (site / "_static" / "modelo").exists()
    assert not list(site.rglob("*.wasm"))


def test_the_measure_is_of_this_engine():
    record = Record.load("inpage")
    assert record.settings["engine"] == engine()
    assert {row["model"] for row in record.rows} == set(NAMES)
    assert all(len(record.where(model=name)) == 20 for name in NAMES)


def test_a_model_that_was_not_prepared_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("MODELO", "gemma-270m")
    book = small_book(tmp_path / "libro", "prueba")
    (book / "book" / "prueba.md").write_text("# Prueba\n", encoding="utf-8")
    done = build_book(book)
    assert done.returncode != 0
    assert (
        "Falta el modelo «gemma-270m»: constrúyelo con make book MODELO=gemma-270m" in done.stderr
    )
