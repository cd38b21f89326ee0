"""La maquinaria de las páginas, probada con un libro mínimo que se construye aparte."""

from pathlib import Path

import anywidget
import ipywidgets
import nbformat
import pytest
import traitlets
from ipywidgets.embed import dependency_state

from tests.site.browser import home_of, serve
from tests.site.building import build, small_book

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


class Echo(anywidget.AnyWidget):
    """Escribe el valor que recibe de un deslizador."""

    _esm = """
    function render({ model, el }) {
      const text = document.createElement("p");
      text.className = "echo";
      const paint = () => { text.textContent = "valor " + model.get("value"); };
      model.on("change:value", paint);
      paint();
      el.append(text);
    }
    export default { render };
    """
    value = traitlets.Int(3).tag(sync=True)


def notebook(*, text: str = "valor\n3", image_alt: str | None = None) -> nbformat.NotebookNode:
    """Un cuaderno guardado con un deslizador enlazado a un control propio, sin núcleo."""
    slider = ipywidgets.IntSlider(value=3, min=0, max=9, description="Valor")
    echo = Echo()
    box = ipywidgets.VBox([slider, ipywidgets.Play(value=3), echo])
    ipywidgets.jslink((slider, "value"), (echo, "value"))
    state = {
        "version_major": 2,
        "version_minor": 0,
        "state": dependency_state([box], drop_defaults=False),
    }
    data = {"text/plain": text, VIEW: {"model_id": box.model_id, "version_major": 2}}
    cells = [
        nbformat.v4.new_markdown_cell("# Prueba\n\nLa fórmula $p_i = e^{z_i / T}$."),
        nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data)]),
    ]
    if image_alt is not None:
        cells[1]["outputs"].append(nbformat.v4.new_output("display_data", {"image/png": PIXEL}))
        if image_alt:
            cells[1]["metadata"]["mystnb"] = {"image": {"alt": image_alt}}
    metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "widgets": {STATE: state},
    }
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


def book_with(folder: Path, page: nbformat.NotebookNode) -> Path:
    book = small_book(folder / "libro", "prueba")
    nbformat.write(page, book / "book" / "prueba.ipynb")
    return book


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """La dirección de un libro de una página con controles."""
    book = book_with(tmp_path_factory.mktemp("controles"), notebook())
    done = build(book)
    assert done.returncode == 0, done.stderr[-4000:]
    server = serve(book / "_build" / "html")
    yield home_of(server), (book / "_build" / "html").as_uri() + "/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("origin", ["http", "file"])
def test_controls_live_without_a_kernel(visit, pages, origin):
    home = pages[0] if origin == "http" else pages[1]
    seen = visit(home, "book/prueba.html")
    handle = seen.page.get_by_role("slider", name="Valor")
    handle.focus()
    for _ in range(4):
        seen.page.keyboard.press("ArrowRight")
    assert seen.page.locator(".echo").inner_text() == "valor 7"
    assert seen.page.get_by_role("button", name="Reproducir").count() == 1
    assert seen.page.locator("mjx-container").count() == 1
    assert seen.foreign == []
    assert seen.failures == []


def test_controls_scripts_are_deferred_and_local(visit, pages):
    page = visit(pages[0], "book/prueba.html").page
    sources = page.eval_on_selector_all(
        "script[src]", "all => all.map((one) => [one.getAttribute('src'), one.defer])"
    )
    late = {Path(source.split("?")[0]).name: defer for source, defer in sources}
    assert late["widgets.js"]
    # require.js agrega los suyos con la dirección completa, pero de este mismo servidor.
    full = [source for source, _ in sources if source.startswith("http")]
    assert all(source.startswith(pages[0]) for source in full)


@pytest.mark.parametrize(
    "saved",
    [
        {"explorer": True},
        {"explorer": True, "speech": True, "collapsible": True},
        {"semantics": True, "renderer": "SVG"},
    ],
)
def test_formulas_survive_settings_saved_by_another_site(visit, pages, saved):
    seen = visit(pages[0], "book/index.html")
    seen.page.evaluate(
        "value => localStorage.setItem('MathJax-Menu-Settings', JSON.stringify(value))", saved
    )
    page = seen.open("book/prueba.html")
    page.wait_for_selector("mjx-container")
    page.locator("mjx-container").first.focus()
    page.keyboard.press("Enter")
    assert seen.foreign == []
    assert seen.failures == []


def test_a_table_is_read_without_javascript(visit, pages):
    page = visit(pages[0], "book/prueba.html", script=False).page
    fallback = page.locator(".no-script")
    assert fallback.is_visible()
    assert fallback.locator("pre").inner_text().split() == ["valor", "3"]
    script = visit(pages[0], "book/prueba.html").page
    assert script.locator(".no-script").count() == 0


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (notebook(text="Caja()"), "sin JavaScript"),
        (notebook(image_alt=""), "texto alternativo"),
    ],
    ids=["control sin tabla", "figura sin texto"],
)
def test_the_build_stops_and_says_why(tmp_path, page, reason):
    done = build(book_with(tmp_path, page))
    assert done.returncode != 0
    assert reason in done.stderr


def test_a_figure_with_text_builds(tmp_path):
    done = build(book_with(tmp_path, notebook(image_alt="Una recta que sube")))
    assert done.returncode == 0, done.stderr[-4000:]
    page = (tmp_path / "libro" / "_build" / "html" / "book" / "prueba.html").read_text("utf-8")
    assert 'alt="Una recta que sube"' in page


def test_a_broken_cross_reference_stops_the_build(tmp_path):
    book = small_book(tmp_path / "libro", "otra")
    (book / "book" / "otra.md").write_text("# Otra\n\n[nada](nada.md)\n", encoding="utf-8")
    assert build(book).returncode != 0
