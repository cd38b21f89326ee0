"""La portada y la cara del sitio: por dónde se empieza, qué lleva cada capítulo y lo que la portada afirma."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml
from bs4 import BeautifulSoup

from tests.site.building import ROOT, build, small_book
from tests.widgets.stored import StoredLab, stored_labs

HOME = "book/index.html"
CARD = re.compile(
    r"^- \*\*\[(?P<title>.+?)\]\((?P<page>\w+)\.ipynb\)\*\*\n\n"
    r"  \*(?P<level>Inicial|Intermedio|Avanzado) · (?P<minutes>\d+) minutos\*\n\n"
    r"  (?P<able>Podrás .+?)\n\n"
    r"  (?P<practice>.+)$",
    re.MULTILINE,
)


def chapters() -> list[dict]:
    """Los capítulos de _toc.yml, con su título y lo que llevan debajo."""
    parts = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    return next(part["chapters"] for part in parts if part["caption"] == "Capítulos")


def prose(page: str) -> list[str]:
    """El texto de cada celda de Markdown de un cuaderno."""
    notebook = nbformat.read(ROOT / f"{page}.ipynb", as_version=4)
    return [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]


def reading_minutes(page: str) -> float:
    """Lo que lleva un capítulo: 180 palabras o 12 líneas de código a la vista por minuto, y uno por pregunta."""
    words = sum(len(text.split()) for text in prose(page))
    cells = nbformat.read(ROOT / f"{page}.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    shown = [cell for cell in code if "hide-input" not in cell.metadata.get("tags", [])]
    lines = sum(len(cell.source.splitlines()) for cell in shown)
    return 5 + words / 180 + lines / 12 + sum("quiz(" in cell.source for cell in code)


FRONT = "\n\n".join(prose("book/index"))
CARDS = {found["page"]: found for found in CARD.finditer(FRONT)}
NAMES = [Path(chapter["file"]).name for chapter in chapters()]
each_chapter = pytest.mark.parametrize("name", NAMES)


@pytest.mark.parametrize("chapter", chapters(), ids=NAMES)
def test_a_chapter_is_numbered_and_carries_its_practice(chapter):
    name = Path(chapter["file"]).name
    digits, bis = re.match(r"(\d\d)(b?)_", name).groups()
    heading = prose(chapter["file"])[0].splitlines()[0].removeprefix("# ")
    assert chapter["title"] == f"{int(digits)}{' bis' * bool(bis)}. {heading}"
    assert chapter["sections"] == [
        {"file": f"book/ejercicios/{name}", "title": "Ejercicios"},
        {"file": f"book/soluciones/{name}", "title": "Soluciones"},
    ]


def test_there_is_one_card_for_each_chapter_in_order():
    assert list(CARDS) == NAMES
    assert [card["title"] for card in CARDS.values()] == [one["title"] for one in chapters()]


@each_chapter
def test_a_card_leads_to_the_exercises_and_the_solutions(name):
    links = re.findall(r"\[(\w+)\]\((.+?)\)", CARDS[name]["practice"])
    assert links == [
        ("Ejercicios", f"ejercicios/{name}.ipynb"),
        ("Soluciones", f"soluciones/{name}.ipynb"),
    ]


@each_chapter
def test_a_card_says_the_level_and_the_minutes_of_its_chapter(name):
    """Los minutos son una estimación: si el capítulo los dice, son los mismos; y crecen con lo que lleva."""
    card, opening = CARDS[name], "\n".join(prose(f"book/{name}")[:2])
    for said in re.findall(r"(\d+) min", opening):
        assert said == card["minutes"]
    for said in re.findall(r"[Nn]ivel:?\W+(inicial|intermedio|avanzado)", opening):
        assert said == card["level"].lower()
    assert 0.65 < int(card["minutes"]) / reading_minutes(f"book/{name}") < 1.5


def front_lab(kind: str) -> StoredLab:
    return next(lab for lab in stored_labs() if (lab.page, lab.kind) == ("book/index", kind))


def test_the_front_page_says_the_size_of_the_model_that_writes():
    said = re.search(r"Un modelo de ([\d\u202f]+) parámetros", FRONT)[1]
    assert int(said.replace("\u202f", "")) == front_lab("story").data["parameters"]


def test_gemma_knows_the_answer_and_temperature_spreads_it():
    lab = front_lab("temperature")
    known = lab.data["prompts"][0]
    assert (known["text"], known["tokens"][0]) == ("La capital de Perú es la ciudad de", " Lima")
    share = {}
    for place, temperature in enumerate(lab.data["grid"]["temperature"]):
        scores = np.array(known["logits"]) / temperature
        shown = np.exp(scores - scores[0])
        share[temperature] = 1 / (shown.sum() + np.exp(known["rest"]["lse"][place]))
        assert shown[1] / shown[0] < 0.5  # Lima va por delante a cualquier temperatura
    assert share[0.2] > 0.99 and share[2.0] < 0.05


# ---- en el navegador


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844)])
def test_where_to_start_is_seen_without_scrolling(visit, home, width, height):
    page = visit(home, HOME, width=width).page
    start = page.locator(".course-actions a").first
    assert start.inner_text().startswith("Empieza aquí")
    assert start.bounding_box()["y"] + start.bounding_box()["height"] < height
    if width > 1000:
        write = page.get_by_role("button", name="Escribir", exact=True).bounding_box()
        assert write["y"] + write["height"] < height
    start.click()
    page.wait_for_url("**/book/01_introduccion.html")


def test_each_card_has_its_picture(visit, home):
    page = visit(home, HOME).page
    assert page.locator(".course-chapter > svg.course-picture[aria-hidden=true]").count() == len(
        NAMES
    )
    assert page.locator("ul.course-cards > li").count() > len(NAMES)


@each_chapter
def test_a_chapter_opens_with_its_number_and_its_picture(site, name):
    number = CARDS[name]["title"].split(".")[0]
    for folder, rest in (
        ("", ""),
        ("ejercicios/", " · Ejercicios"),
        ("soluciones/", " · Soluciones"),
    ):
        text = (site / "book" / f"{folder}{name}.html").read_text(encoding="utf-8")
        head = BeautifulSoup(text, "html.parser").select_one(".course-head")
        assert head.p.get_text() == f"Capítulo {number}{rest}"
        assert head.svg["aria-hidden"] == "true" and not head.svg.get_text(strip=True)
        assert [a["href"] for a in head.select("a")] == ([f"../{name}.html"] if folder else [])


def test_the_sidebar_shows_the_practice_of_the_open_chapter(visit, home):
    page = visit(home, "book/02_transformers.html").page
    menu = page.locator(".bd-sidebar-primary")
    names = menu.locator("summary").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert names == [f"Páginas de «{chapter['title']}»" for chapter in chapters()]
    shown = menu.locator("li.toctree-l2 > a:visible").all_inner_texts()
    assert shown == ["Ejercicios", "Soluciones"]
    menu.get_by_role("link", name="Ejercicios").click()
    page.wait_for_url("**/book/ejercicios/02_transformers.html")


@pytest.mark.parametrize("width", [1000, 1100, 1280, 1600])
def test_the_search_box_fits_in_the_sidebar(visit, home, width):
    page = visit(home, HOME, width=width).page
    fits = """() => {
      const bar = document.querySelector(".bd-sidebar-primary"), right = bar.getBoundingClientRect().right;
      const parts = bar.querySelectorAll(".search-button-field, .search-button-field *, .navbar-brand *");
      return [...parts].filter((part) => part.getBoundingClientRect().right > right - 8).length === 0
        && bar.scrollWidth <= bar.clientWidth;
    }"""
    assert page.evaluate(fits)


def filters(page) -> dict[str, set[str]]:
    found = page.eval_on_selector_all(
        ".cell_output a.image-reference img",
        "all => all.map((one) => [one.className.includes('photo'), getComputedStyle(one).filter])",
    )
    return {
        kind: {how for photo, how in found if photo == (kind == "imágenes")}
        for kind in ("imágenes", "figuras")
    }


@pytest.mark.parametrize(
    ("theme", "plot"), [("light", "none"), ("dark", "invert(1) hue-rotate(180deg)")]
)
def test_plots_follow_the_theme_and_pictures_stay_as_they_are(visit, home, theme, plot):
    page = visit(home, "book/07_multimodalidad.html", theme=theme).page
    assert filters(page) == {"imágenes": {"none"}, "figuras": {plot}}


def test_what_shows_images_says_so():
    """Una celda que usa image_plots no es una figura: en el modo oscuro no se invierte."""
    for path in (ROOT / "book").rglob("*.ipynb"):
        for cell in nbformat.read(path, as_version=4).cells:
            shows = any("image/png" in output.get("data", {}) for output in cell.get("outputs", []))
            classes = cell.metadata.get("mystnb", {}).get("image", {}).get("classes", "")
            assert not shows or ("image_plots." in cell.source) == (classes == "photo"), cell.source


def test_a_chapter_without_its_picture_stops_the_build(tmp_path):
    book = small_book(tmp_path / "libro", "99_nuevo")
    (book / "book" / "99_nuevo.md").write_text("# Nuevo\n", encoding="utf-8")
    done = build(book)
    assert done.returncode != 0
    assert "al capítulo 99 le falta su dibujo" in done.stderr
