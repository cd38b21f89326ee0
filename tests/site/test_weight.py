"""Lo que pesa cada página, en bytes con gzip, y que nada de lo que se quitó falte."""

import base64
import gzip
import io
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from fontTools.ttLib import TTFont

from tests.site.building import ROOT
from tests.site.test_pages import kinds

TEXT = {".html", ".js", ".css", ".json", ".svg"}
PLAIN, LABS = 600_000, 1_200_000  # lo más que pesa una página sin laboratorio y con él
# Los iconos de la página: la letra de Font Awesome con que se escribe cada uno, en el elemento o junto a él.
ICONS = """() => {
  const found = [];
  for (const element of document.querySelectorAll("body *")) {
    const named = /(^| )fa[srb]?( |-)/.test(element.getAttribute("class") ?? "");
    const letters = ["::before", "::after"].map((place) => getComputedStyle(element, place))
      .filter((style) => style.fontFamily.includes("Font Awesome"))
      .map((style) => style.content.replace(/^"|"$/g, "")).filter((text) => text.length === 1);
    if (named && !letters.length) found.push([element.outerHTML.slice(0, 120), ""]);
    for (const letter of letters) found.push([element.outerHTML.slice(0, 120), letter]);
  }
  return found;
}"""


def packed(path: Path) -> int:
    body = path.read_bytes()
    return len(gzip.compress(body, 6)) if path.suffix in TEXT else len(body)


def requested(visit, home: str, path: str) -> tuple[list[str], str]:
    """(los archivos del sitio que una primera visita pide, el HTML de la página)."""
    seen = visit(home, path)
    page = seen.page
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    inside = {path, *(unquote(urlsplit(n).path)[1:] for n in names if n.startswith(home))}
    assert seen.foreign == []
    return sorted(inside), page.content()


@pytest.fixture(scope="module")
def drawn() -> set[int]:
    """Los códigos de los iconos que la letra recortada dibuja."""
    style = (ROOT / "book" / "_static" / "lib" / "icons.css").read_text(encoding="utf-8")
    encoded = re.search(r"base64,([^\"]+)", style)[1]
    font = TTFont(io.BytesIO(base64.b64decode(encoded)))
    shapes = font["glyf"]
    return {code for code, name in font.getBestCmap().items() if shapes[name].numberOfContours}


@pytest.mark.parametrize("path", kinds())
def test_pages_are_light(visit, home, site, path):
    files, html = requested(visit, home, path)
    sizes = {name: packed(site / name) for name in files}
    heaviest = sorted(sizes.items(), key=lambda one: -one[1])[:5]
    assert sum(sizes.values()) <= (LABS if "lm-lab" in html else PLAIN), heaviest
    assert not [name for name in files if "fontawesome" in name or "webfonts" in name]
    if path != "search.html":
        assert "searchindex.js" not in files


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("path", kinds())
def test_every_icon_is_drawn(visit, home, drawn, path, width):
    icons = visit(home, path, width=width).page.evaluate(ICONS)
    assert icons
    assert [where for where, letter in icons if not letter or ord(letter) not in drawn] == []


def test_mathjax_is_only_where_there_are_equations(site):
    wrong = []
    for path in site.rglob("*.html"):
        html = path.read_text(encoding="utf-8")
        equations = bool(re.search(r'<(?:span|div) class="(?:amsmath )?math ', html))
        if equations != ("tex-chtml.js" in html):
            wrong.append(path.relative_to(site))
    assert wrong == []


def test_figures_wait_in_their_place(site):
    for path in site.rglob("*.html"):
        for figure in re.findall(
            r'<img [^>]*src="[^"]*_images/[^"]*\.png"[^>]*>', path.read_text("utf-8")
        ):
            assert 'loading="lazy"' in figure and re.search(r' width="\d+" height="\d+"', figure)
