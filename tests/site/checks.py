"""Lo que toda página del sitio debe cumplir; cada función devuelve la lista de lo que falla."""

import re

from playwright.sync_api import Page

from tests.site.building import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

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

AXE_RUN = """async () => {
  const options = { resultTypes: ["violations"], preload: false };
  const { violations } = await axe.run(document, options);
  return violations.filter((found) => ["serious", "critical"].includes(found.impact))
    .flatMap((found) => found.nodes.map((node) => found.id + ": " + node.html.slice(0, 120)));
}"""


def accessibility(page: Page) -> list[str]:
    """Hallazgos serios o críticos de axe-core."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(AXE_RUN)


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
