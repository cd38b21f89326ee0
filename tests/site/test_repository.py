"""La dirección del repositorio vive en _config.yml y todo enlace a él se deriva de ella."""

import re
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from tests.site.building import ROOT, build, copy_book
from tools.toc import notebooks

PLACEHOLDER = "https://github.com/ORG/REPO"
ADDRESS = "https://github.com/equipo/curso"


def links(site: Path) -> dict[str, list[str]]:
    """Los enlaces de cada página del libro."""
    found = {}
    for page in site.glob("book/**/*.html"):
        tree = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
        found[str(page.relative_to(site))] = [tag["href"] for tag in tree.find_all("a", href=True)]
    return found


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """El libro entero, más un cuaderno vacío, con una dirección de repositorio."""
    book = copy_book(tmp_path_factory.mktemp("publicado") / "libro")
    config = book / "_config.yml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(f"url: {PLACEHOLDER}", f"url: {ADDRESS}"), encoding="utf-8")
    toc = book / "_toc.yml"
    extra = "- caption: Prueba\n  chapters:\n  - file: book/prueba\n"
    toc.write_text(toc.read_text(encoding="utf-8") + extra, encoding="utf-8")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    cells = [nbformat.v4.new_markdown_cell("# Prueba")]
    empty = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(empty, book / "book" / "prueba.ipynb")
    done = build(book)
    assert done.returncode == 0, done.stderr[-4000:]
    return book


def test_every_notebook_opens_in_colab(published: Path):
    pattern = re.compile(r"https://colab\.research\.google\.com/github/equipo/curso/blob/main/(.+)")
    found = {
        unquote(match[1])
        for targets in links(published / "_build" / "html").values()
        for target in targets
        if (match := pattern.fullmatch(target))
    }
    expected = {str(path.relative_to(ROOT)) for path in notebooks()} | {"book/prueba.ipynb"}
    assert found == expected
    assert all((published / path).is_file() for path in found)


def test_edit_and_issue_links_point_to_the_repository(published: Path):
    targets = links(published / "_build" / "html")["book/glosario.html"]
    assert ADDRESS in targets
    assert f"{ADDRESS}/edit/main/book/glosario.md" in targets
    issue = next(target for target in targets if "/issues/new" in target)
    assert issue.startswith(f"{ADDRESS}/issues/new?title=Problema")
    page = (published / "_build" / "html" / "book" / "glosario.html").read_text(encoding="utf-8")
    assert '<link rel="canonical" href="https://equipo.github.io/curso/book/glosario.html"' in page


def test_nothing_points_to_the_placeholder(site: Path):
    if (
        yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]["url"]
        != PLACEHOLDER
    ):
        pytest.skip("El repositorio ya tiene dirección")
    targets = [target for found in links(site).values() for target in found]
    assert not [target for target in targets if "ORG" in target or "colab" in target]


def test_notebooks_install_from_the_configured_address():
    # La primera celda se lee en Colab, donde aún no está _config.yml: por eso la repite.
    address = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["repository"]["url"]
    used = {
        found
        for path in ROOT.glob("book/**/*.ipynb")
        for found in re.findall(r"git\+(https://[^\s\"\\]+)", path.read_text(encoding="utf-8"))
    }
    assert used <= {address}


def test_no_other_file_repeats_the_address():
    patterns = ("book/**/*.md", "course_lib/**/*.py", "README.md", "pyproject.toml")
    files = [path for pattern in patterns for path in ROOT.glob(pattern)]
    assert not [path for path in files if PLACEHOLDER in path.read_text(encoding="utf-8")]
