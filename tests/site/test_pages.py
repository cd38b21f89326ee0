"""Cada página: en español, accesible, completa y sin pedir nada a otros servidores."""

from pathlib import Path

import pytest

from tests.site import checks
from tests.site.building import ROOT
from tests.widgets.stored import stored_labs
from tools.toc import pages

ALL = [f"{page}.html" for page in pages()] + ["search.html", "genindex.html"]


SCROLLABLE_BY_KEYBOARD = """() => [...document.querySelectorAll("pre")]
  .every((box) => box.scrollWidth <= box.clientWidth || box.tabIndex >= 0)"""


def kinds() -> list[str]:
    """Una página de cada clase: la primera de cada carpeta y formato, las de laboratorios y las fijas."""
    chosen: dict[tuple, str] = {}
    for page in pages()[1:]:  # la portada es una clase aparte
        source = next(ROOT.glob(f"{page}.*"))
        chosen.setdefault((source.parent, source.suffix), f"{page}.html")
    fixed = ["book/index.html", "book/glosario.html", "book/referencias.html", "search.html"]
    labs = [f"{lab.page}.html" for lab in stored_labs()]
    return list(dict.fromkeys([*chosen.values(), *labs, *fixed]))


def survey(seen) -> dict[str, list[str]]:
    """Lo que falla en una página abierta, tal como se ve ahora."""
    found = {
        "accesibilidad": checks.accessibility(seen.page),
        "idioma": checks.language(seen.page),
        "ancho": checks.layout(seen.page),
        "imágenes": checks.images(seen.page),
        "iconos": checks.icons(seen.page),
        "otros servidores": seen.foreign,
        "errores": seen.failures,
    }
    return {name: problems for name, problems in found.items() if problems}


@pytest.mark.parametrize("path", kinds())
def test_one_page_of_each_kind(visit, home, site, path):
    """En una pantalla ancha y clara y, sin volver a abrirla, en una angosta y oscura."""
    seen = visit(home, path)
    assert checks.weight(seen.page, home, site) == []
    assert survey(seen) == {}
    seen.page.set_viewport_size({"width": 390, "height": 900})
    seen.page.emulate_media(color_scheme="dark")
    seen.page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    seen.page.wait_for_function(
        SCROLLABLE_BY_KEYBOARD
    )  # el tema espera un poco tras el cambio de ancho
    assert survey(seen) == {}


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ALL)
def test_every_page(visit, home, site, path, theme, width):
    seen = visit(home, path, theme=theme, width=width)
    assert checks.weight(seen.page, home, site) == []
    assert survey(seen) == {}


@pytest.mark.parametrize("path", kinds())
def test_opens_from_a_file(visit, site: Path, path):
    seen = visit(site.as_uri() + "/", path)
    assert seen.foreign == []
    assert seen.failures == []


def test_root_leads_to_the_front_page(visit, home):
    page = visit(home, "book/glosario.html").page
    page.goto(home)
    page.wait_for_url("**/book/index.html")


def test_search_finds_in_spanish(visit, home):
    # El plural encuentra el singular: el buscador reduce las palabras a su raíz en español.
    page = visit(home, "search.html?q=temperaturas").page
    page.wait_for_selector("#search-results li a")
    found = page.locator("#search-results li a").all_inner_texts()
    assert any("Glosario" in text for text in found), found
    page.wait_for_selector("#search-results .search-summary")
    assert checks.language(page) == []


def test_theme_button_switches_and_keeps_the_choice(visit, home):
    seen = visit(home, "book/index.html")
    page = seen.page
    for _ in range(3):
        page.locator(".theme-switch-button").first.click()
        if page.evaluate("document.documentElement.dataset.theme") == "dark":
            break
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    seen.open("book/glosario.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
