"""Lo que pesa cada página, en bytes con gzip, y que nada de lo que se quitó falte."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.site.test_pages import kinds

TEXT = {".html", ".js", ".css", ".json", ".svg"}
PLAIN, LABS = 600_000, 1_200_000  # lo más que pesa una página sin laboratorio y con él


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


@pytest.mark.parametrize("path", kinds())
def test_pages_are_light(visit, home, site, path):
    files, html = requested(visit, home, path)
    sizes = {name: packed(site / name) for name in files}
    heaviest = sorted(sizes.items(), key=lambda one: -one[1])[:5]
    assert sum(sizes.values()) <= (LABS if "lm-lab" in html else PLAIN), heaviest
    assert not [name for name in files if "fontawesome" in name or "webfonts" in name]
    if path != "search.html":
        assert "searchindex.js" not in files


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
