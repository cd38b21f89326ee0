"""Los controles que no están en ningún capítulo también viven, guardados con ipywidgets 8 o con la 7."""

import json
from pathlib import Path

import anywidget
import ipywidgets
import nbformat
import pytest
import traitlets
from ipywidgets.embed import dependency_state

from tests.site.building import small_book
from tests.site.test_machinery import PIXEL, STATE, VIEW
from tests.site.trial import built

# El mismo control que arma `box`, guardado con ipywidgets 7.7.1 y anywidget 0.9.21.
OLD = json.loads(Path(__file__).with_name("ipywidgets7.json").read_text(encoding="utf-8"))


class Echo(anywidget.AnyWidget):
    """Escribe los valores que recibe de un deslizador y de una lista."""

    _esm = """
    function render({ model, el }) {
      const text = document.createElement("p");
      text.className = "echo";
      const paint = () => {
        text.textContent = `valor ${model.get("value")}, opción ${model.get("k")}`;
      };
      model.on("change:value change:k", paint);
      paint();
      el.append(text);
    }
    export default { render };
    """
    value = traitlets.Int(3).tag(sync=True)
    k = traitlets.Int(0).tag(sync=True)


def box() -> ipywidgets.VBox:
    slider = ipywidgets.IntSlider(value=3, min=0, max=9, description="Valor")
    menu = ipywidgets.Dropdown(options=["uno", "dos"], description="Opción")
    echo = Echo()
    ipywidgets.jslink((slider, "value"), (echo, "value"))
    ipywidgets.jslink((menu, "index"), (echo, "k"))
    image = {"image/png": PIXEL, "text/plain": "un punto"}
    captured = ipywidgets.Output(
        outputs=(
            {"output_type": "stream", "name": "stdout", "text": "capturado\n"},
            {"output_type": "display_data", "data": image, "metadata": {}},
        )
    )
    tab = ipywidgets.Tab([ipywidgets.HTML("<b>primera</b>"), ipywidgets.Label("segunda")])
    tab.titles = ("A", "B")
    button = ipywidgets.Button(description="Marcar", icon="check")
    return ipywidgets.VBox([slider, menu, button, ipywidgets.Play(value=3), echo, captured, tab])


def saved_now() -> dict:
    widget = box()
    state = dependency_state([widget], drop_defaults=False)
    saved = {"version_major": 2, "version_minor": 0, "state": state}
    return {"model_id": widget.model_id, "state": saved}


def foreign() -> dict:
    """Un control de una biblioteca que el sitio no lleva, y tras él uno que sí."""
    widget = ipywidgets.VBox([ipywidgets.IntSlider(), ipywidgets.Label("el que sí")])
    state = dependency_state([widget], drop_defaults=False)
    slider = state[widget.children[0].model_id]
    slider["model_module"] = slider["state"]["_model_module"] = "ajena"
    saved = {"version_major": 2, "version_minor": 0, "state": state}
    return {"model_id": widget.model_id, "state": saved}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Un libro con una página por estado guardado."""
    pages = {"nuevo": saved_now(), "viejo": OLD, "ajeno": foreign()}
    folder = small_book(tmp_path_factory.mktemp("gestor") / "libro", *pages)
    for name, saved in pages.items():
        data = {
            "text/plain": "un\ncontrol",
            VIEW: {"model_id": saved["model_id"], "version_major": 2},
        }
        output = nbformat.v4.new_output("display_data", data)
        notebook = nbformat.v4.new_notebook(
            cells=[
                nbformat.v4.new_markdown_cell(f"# {name}"),
                nbformat.v4.new_code_cell("x", outputs=[output]),
            ],
            metadata={
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                "widgets": {STATE: saved["state"]},
            },
        )
        nbformat.write(notebook, folder / "book" / f"{name}.ipynb")
    with built(folder) as home:
        yield home


def test_the_old_state_is_old():
    kinds = {(m["model_module"], m["model_module_version"]) for m in OLD["state"]["state"].values()}
    assert {("@jupyter-widgets/base", "1.2.0"), ("@jupyter-widgets/controls", "1.5.0")} <= kinds


@pytest.mark.parametrize("name", ["nuevo", "viejo"])
def test_saved_controls_live(visit, book, name):
    seen = visit(book, f"book/{name}.html")
    page = seen.page
    page.get_by_role("slider", name="Valor").press("ArrowRight")
    page.locator(".widget-dropdown select").select_option("dos")
    assert page.locator(".echo").inner_text() == "valor 4, opción 1"
    assert page.locator(".widget-output pre").inner_text().strip() == "capturado"
    image = page.locator(".widget-output img")
    assert image.get_attribute("alt") == "un punto"
    assert image.evaluate("image => image.naturalWidth") == 1
    assert page.get_by_text("primera").is_visible()
    page.get_by_text("B", exact=True).click()
    assert page.get_by_text("segunda").is_visible()
    assert not page.get_by_text("primera").is_visible()
    assert (seen.foreign, seen.failures) == ([], [])


def test_buttons_of_play_are_named_and_drawn(visit, book):
    page = visit(book, "book/nuevo.html").page
    for name in ("Reproducir", "Detener", "Repetir"):
        icon = page.get_by_role("button", name=name).locator("i")
        letter = icon.evaluate("one => getComputedStyle(one, '::before').content")
        assert len(letter.strip('"')) == 1
    # todos están en la letra recortada: el navegador no pide la entera
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert not [name for name in asked if "webfonts" in name]
    play = page.get_by_role("button", name="Reproducir").locator("i")
    play.click()
    page.locator("button > i.fa-pause").wait_for()


def test_an_unknown_control_does_not_stop_the_others(visit, book):
    page = visit(book, "book/ajeno.html").page
    assert page.get_by_text("el que sí").is_visible()
    failed = page.locator(".jupyter-widgets-error-widget").first
    failed.click()
    assert "El sitio no lleva el control IntSliderModel, de ajena" in failed.inner_text()
