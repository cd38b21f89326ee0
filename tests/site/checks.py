"""Lo que toda página del sitio debe cumplir; cada función devuelve la lista de lo que falla."""

import base64
import gzip
import io
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from fontTools.ttLib import TTFont
from playwright.sync_api import Locator, Page

from tests.site.building import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

TEXT = {".html", ".js", ".css", ".json", ".svg"}
PLAIN, LABS = (
    600_000,
    1_200_000,
)  # bytes con gzip: lo más que pesa una página sin laboratorio y con él
# Palabras de la interfaz en inglés que el tema escribe cuando le falta una traducción.
ENGLISH = re.compile(
    r"\b(Toggle|Search|Searching|Next|Previous|Download|Launch|Suggest|Repository|Repositories|"
    r"Open|Issue|Link to|Copy|Copied|Show|Hide|Click|Contents|Skip|Back to|Print|Fullscreen|Edit|"
    r"Main|Page|Note|Warning|Tip|Hint|Exercise|Solution|Section|Theme|Light|Dark|Close|Play|Source|"
    r"Navigation|Hidden|Loading|Table of|Preparing|Match|Found|Site|Built with|By)\b"
)
# Lo que escribe la interfaz; el texto del curso sí puede citar términos en inglés.
INTERFACE_TEXT = """() => {
  const words = [];
  const names = ["title", "aria-label", "placeholder", "alt", "data-bs-title", "data-tooltip"];
  // El aviso de una cita es la referencia completa, en su idioma.
  for (const element of document.body.querySelectorAll("*:not(.bibtex-citation a)")) {
    for (const name of names) words.push(element.getAttribute(name) ?? "");
  }
  const parts = "header, footer, #pst-primary-sidebar, #pst-secondary-sidebar, #pst-skip-link, "
    + "#pst-back-to-top, .bd-header-article, .admonition-title, summary, button, "
    + ".prev-next-subtitle, #search-results, .toggle-button";
  for (const part of document.querySelectorAll(parts)) words.push(part.textContent);
  return words.filter((text) => text.trim());
}"""

OVERFLOW = """() => {
  const limit = document.documentElement.clientWidth;
  return document.documentElement.scrollWidth > limit
    ? [...document.querySelectorAll("main *")]
        .filter((element) => element.getBoundingClientRect().right > limit + 1)
        .map((element) => element.outerHTML.slice(0, 120)).slice(0, 5)
    : [];
}"""

BARE_IMAGES = """() => [...document.images]
  .filter((image) => !image.alt.trim() || image.src.endsWith(image.alt))
  .map((image) => image.outerHTML.slice(0, 120))"""

AXE_RUN = """async (part) => {
  const options = { resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(part ?? document, options);
  return violations.filter((found) => ["serious", "critical"].includes(found.impact))
    .flatMap((found) => found.nodes.map((node) => found.id + ": " + node.html.slice(0, 120)));
}"""


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


def accessibility(part: Page | Locator) -> list[str]:
    """Hallazgos serios o críticos de axe-core en una página, o solo en una parte de ella."""
    page = part.page if isinstance(part, Locator) else part
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return part.evaluate(AXE_RUN)


def language(page: Page) -> list[str]:
    """Idioma declarado y palabras de la interfaz que quedaron en inglés."""
    declared = page.evaluate("document.documentElement.lang")
    problems = [] if declared == "es" else [f"lang={declared!r}"]
    texts = page.evaluate(INTERFACE_TEXT)
    return problems + [text.strip()[:80] for text in texts if ENGLISH.search(text)]


def layout(page: Page) -> list[str]:
    """Elementos que obligan a desplazarse de lado."""
    return page.evaluate(OVERFLOW)


def images(page: Page) -> list[str]:
    """Imágenes sin texto alternativo o con el nombre del archivo en su lugar."""
    return page.evaluate(BARE_IMAGES)


@cache
def _drawn() -> set[int]:
    """Los códigos de los iconos que la letra recortada dibuja."""
    style = (ROOT / "book" / "_static" / "lib" / "icons.css").read_text(encoding="utf-8")
    encoded = re.search(r"base64,([^\"]+)", style)[1]
    font = TTFont(io.BytesIO(base64.b64decode(encoded)))
    shapes = font["glyf"]
    return {code for code, name in font.getBestCmap().items() if shapes[name].numberOfContours}


def icons(page: Page) -> list[str]:
    """Iconos que no se dibujan; que no haya ninguno también es un defecto."""
    found = page.evaluate(ICONS)
    lost = [where for where, letter in found if not letter or ord(letter) not in _drawn()]
    return lost if found else ["la página no tiene ningún icono"]


@cache
def _packed(path: Path) -> int:
    body = path.read_bytes()
    return len(gzip.compress(body, 6)) if path.suffix in TEXT else len(body)


def weight(page: Page, home: str, site: Path) -> list[str]:
    """Lo que una primera visita pide de más: bytes, letras que el curso recortó o el índice del buscador."""
    page.wait_for_load_state("networkidle")
    names = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    here = urlsplit(page.url).path[1:]
    files = {here, *(unquote(urlsplit(name).path)[1:] for name in names if name.startswith(home))}
    sizes = {name: _packed(site / name) for name in files if (site / name).is_file()}
    extra = ("fontawesome", "webfonts", *(["searchindex.js"] if here != "search.html" else []))
    found = [name for name in files if any(part in name for part in extra)]
    limit = LABS if page.locator(".lm-lab").count() else PLAIN
    if sum(sizes.values()) > limit:
        heaviest = sorted(sizes.items(), key=lambda one: -one[1])[:5]
        found.append(f"{sum(sizes.values())} bytes, más de {limit}: {heaviest}")
    return found
