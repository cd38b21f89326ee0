"""Todo enlace interno lleva a una página y a un lugar de ella que existen."""

from functools import cache
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from bs4 import BeautifulSoup


@cache
def parse(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(path: Path) -> set[str]:
    return {tag["id"] for tag in parse(path).find_all(id=True)}


def broken(path: Path) -> list[str]:
    """Devuelve los destinos propios de una página que no existen."""
    found = []
    for tag in parse(path).find_all(["a", "link", "script", "img"]):
        target = tag.get("href") or tag.get("src") or ""
        if urlsplit(target).scheme or target in ("", "#"):
            continue
        address, anchor = urldefrag(target)
        file = (path.parent / unquote(address.split("?")[0])).resolve() if address else path
        missing = not file.is_file()
        if missing or (anchor and file.suffix == ".html" and unquote(anchor) not in anchors(file)):
            found.append(target)
    return found


def test_internal_links_resolve(site: Path):
    pages = [page for page in site.rglob("*.html") if "_static" not in page.parts]
    found = {str(page.relative_to(site)): broken(page) for page in pages}
    assert {page: links for page, links in found.items() if links} == {}


@pytest.mark.parametrize("link", ["nada.html", "#nada", "otra.html#nada"])
def test_a_broken_link_is_found(tmp_path: Path, link):
    (tmp_path / "otra.html").write_text("<p id='x'></p>", encoding="utf-8")
    page = tmp_path / "una.html"
    page.write_text(f"<a href='{link}'>x</a>", encoding="utf-8")
    assert broken(page) == [link]
