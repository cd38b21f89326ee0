"""Quita de cada página lo que el tema carga y el curso no usa, y adelanta lo que se lee.

- El guion de iconos (543 kB con gzip): los iconos son letras de `lib/icons.css`, que hace tools/icons.py.
- El buscador y su índice, que solo usa la página de búsqueda: las demás llevan a ella.
- MathJax, donde no hay ecuaciones: Sphinx también lo pone en la página que lleva a otras que las tienen.
- Una figura baja cuando el lector se acerca a ella, y mientras tanto su lugar la espera.
- El estado de los controles estaba antes que el texto; queda al final, donde no lo retrasa.
"""

import re
import struct
from functools import partial
from pathlib import Path

_SCRIPT = r'<script [^>]*src="[^"]*{name}[^"]*"[^>]*></script>\s*'
_ICONS = re.compile(_SCRIPT.format(name=r"_static/scripts/fontawesome\.js"))
_SEARCH = re.compile(
    _SCRIPT.format(name=r"(?:_static/searchtools|_static/language_data|searchindex)\.js")
)
_MATHJAX = re.compile(
    r"<script>window\.MathJax = .*?</script>\s*|"
    + _SCRIPT.format(name=r"lib/mathjax/tex-chtml\.js")
)
_EQUATION = re.compile(r'class="(?:[^"]* )?math[ "]')
_FIGURE = re.compile(r'<img (?![^>]*loading=)([^>]*src="([^"]*_images/[^"]*\.png)"[^>]*)>')
_STATE = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-state\+json">.*?</script>\s*', re.DOTALL
)


def setup(app):
    app.connect("build-finished", _lighten_pages)


def _lighten_pages(app, exception):
    if exception or app.builder.name != "html":
        return
    out = Path(app.outdir)
    for path in out.rglob("*.html"):
        before = path.read_text(encoding="utf-8")
        after = lighten(before, searches=path == out / "search.html")
        after = _FIGURE.sub(partial(_reserve, path.parent), after)
        if after != before:
            path.write_text(after, encoding="utf-8")
    for path in (out / "_static" / "scripts").glob("fontawesome.js*"):
        path.unlink()


def _reserve(folder: Path, figure: re.Match) -> str:
    """Devuelve la figura PNG con su tamaño, que está en su cabecera, y sin prisa por bajar."""
    with (folder / figure[2]).open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    return f'<img loading="lazy" width="{width}" height="{height}" {figure[1]}>'


def lighten(html: str, *, searches: bool) -> str:
    """Devuelve la página sin lo que no usa; la que busca (`searches`) conserva el buscador."""
    html = _ICONS.sub("", html)
    if not searches:
        html = _SEARCH.sub("", html)
    if not _EQUATION.search(html):
        html = _MATHJAX.sub("", html)
    states = "".join(_STATE.findall(html))
    head, closing, tail = _STATE.sub("", html).rpartition("</body>")
    return head + states + closing + tail if closing else html
