"""Cuida que cada página se pueda leer y usar con un lector de pantalla."""

import re
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from course_site.spanish import translate_page

# Reparos a las plantillas del tema: (lo que escriben, lo que queda).
REPAIRS = [
    # El nombre accesible debe contener el texto que se ve.
    (
        re.compile(r'(<button class="[^"]*search-button-field[^"]*" [^>]*?)aria-label="[^"]*" '),
        r"\1",
    ),
    (re.compile(r'(<i class="theme-switch [^>]*?) *title="[^"]*"'), r"\1"),
    # La barra lateral es una región con nombre.
    (
        re.compile(r'<div id="pst-primary-sidebar" '),
        '<div id="pst-primary-sidebar" role="complementary" aria-label="Menú del curso" ',
    ),
    # Lo que despliega los ejercicios de un capítulo dice de cuál.
    (
        re.compile(r">([^<>]+)</a><details([^>]*)><summary><span class=\"toctree-toggle\""),
        r'>\1</a><details\2><summary aria-label="Páginas de «\1»"><span class="toctree-toggle"',
    ),
    # Las referencias son los elementos de su lista.
    (re.compile(r'role="doc-biblioentry"'), 'role="listitem"'),
]
_LOGGER = logging.getLogger(__name__)


def setup(app):
    app.connect("doctree-read", _require_alternatives)
    app.connect("build-finished", _finish_pages)


def _require_alternatives(app, doctree):
    """Avisa de cada figura sin texto alternativo; con -W, el aviso detiene la construcción."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            _LOGGER.warning(
                "una figura no tiene texto alternativo: en un cuaderno va en los metadatos de la "
                'celda, {"mystnb": {"image": {"alt": "…"}}}; en Markdown, entre los corchetes',
                location=image,
                type="course_site",
                subtype="alt",
            )


def _finish_pages(app, exception):
    if exception or app.builder.name != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        before = path.read_text(encoding="utf-8")
        after = _repair(translate_page(before))
        if after != before:
            path.write_text(after, encoding="utf-8")


def _repair(html: str) -> str:
    for pattern, replacement in REPAIRS:
        html = pattern.sub(replacement, html)
    return html
