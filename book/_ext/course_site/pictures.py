"""Pone a la cabeza de cada capítulo su dibujo y su número, y hace tarjetas de las listas de la portada.

Los dibujos son adornos, uno por capítulo, en `book/_static/pictures/NN.svg`. Van dentro de la página, para que
tomen los colores del modo claro o del oscuro, y los cuadernos no los mencionan.
"""

import re
from pathlib import Path
from posixpath import basename

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

FOLDER = Path("book/_static/pictures")
KINDS = {"ejercicios": "Ejercicios", "soluciones": "Soluciones"}
_PAGE = re.compile(
    r"book/(?:(?P<kind>ejercicios|soluciones)/)?(?P<name>(?P<key>\d\d(?P<bis>b?))_\w+)"
)
_LOGGER = logging.getLogger(__name__)


def setup(app):
    app.connect("html-page-context", _add_head)
    app.add_post_transform(FrontPage)


def number(page: re.Match) -> str:
    """Devuelve el número con que se nombra el capítulo de una página: «3» o «3 bis»."""
    return str(int(page["key"][:2])) + (" bis" if page["bis"] else "")


def picture(confdir: str, key: str) -> str:
    """Devuelve el dibujo de un capítulo para insertarlo en una página, o avisa de que falta."""
    path = Path(confdir) / FOLDER / f"{key}.svg"
    if not path.exists():
        _LOGGER.warning("al capítulo %s le falta su dibujo, %s", key, FOLDER / path.name)
        return ""
    drawn = path.read_text(encoding="utf-8")
    opening = '<svg class="course-picture" aria-hidden="true" focusable="false" '
    return drawn.replace("<svg ", opening, 1)


def _add_head(app, pagename, templatename, context, doctree):
    page = _PAGE.fullmatch(pagename)
    if page is None or "body" not in context:
        return
    place = f"Capítulo {number(page)}"
    if page["kind"]:
        place = f'<a href="../{page["name"]}.html">{place}</a> · {KINDS[page["kind"]]}'
    head = f'<div class="course-head"><p>{place}</p>{picture(app.confdir, page["key"])}</div>\n'
    context["body"] = head + context["body"]


class FrontPage(SphinxPostTransform):
    """En la portada, cada lista es de tarjetas y un párrafo de solo enlaces es de botones.

    La tarjeta que empieza con el enlace a un capítulo lleva su dibujo. En JupyterLab siguen siendo listas y enlaces.
    """

    default_priority = 20  # los enlaces ya tienen su destino
    formats = ("html",)

    def run(self, **kwargs):
        if self.env.docname != self.config.root_doc:
            return
        for cards in self.document.findall(nodes.bullet_list):
            cards["classes"].append("course-cards")
            for card in list(cards.findall(nodes.list_item)):
                self._illustrate(card)
        for paragraph in self.document.findall(nodes.paragraph):
            rest = [n for n in paragraph.children if not isinstance(n, nodes.reference)]
            if (
                len(rest) < len(paragraph.children)
                and not "".join(n.astext() for n in rest).strip()
            ):
                paragraph["classes"].append("course-actions")

    def _illustrate(self, card):
        link = next(card.findall(nodes.reference), None)
        target = basename(link.get("refuri", "")) if link is not None else ""
        page = _PAGE.fullmatch("book/" + target.removesuffix(".html"))
        if page is not None and card.astext().startswith(link.astext()):
            card["classes"].append("course-chapter")
            drawn = picture(self.app.confdir, page["key"])
            card.insert(0, nodes.raw("", drawn, format="html"))
