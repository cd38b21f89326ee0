"""Muestra, donde JavaScript está apagado, la tabla que acompaña a cada control.

Un control llega al cuaderno con dos representaciones: la vista viva y un texto (`text/html` o
`text/plain` de varias líneas) con sus datos. La página lleva ambas; el texto, dentro de <noscript>.
"""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

VIEW = "application/vnd.jupyter.widget-view+json"
NOTICE = "Este control necesita JavaScript. Estos son sus datos iniciales:"
_LOGGER = logging.getLogger(__name__)


class WidgetFallback(SphinxPostTransform):
    """Copia el texto de cada control junto a su vista, antes de que myst-nb lo descarte."""

    default_priority = 3  # myst-nb elige la representación en la prioridad 4
    formats = ("html",)

    def run(self, **kwargs):
        for bundle in list(self.document.findall(nodes.container)):
            if bundle.get("nb_element") == "mime_bundle":
                self._complete({child["mime_type"]: child for child in bundle.children}, bundle)

    def _complete(self, outputs, bundle):
        if VIEW not in outputs:
            return
        table = outputs.get("text/html") or outputs.get("text/plain")
        if table is None or ("text/html" not in outputs and "\n" not in table.astext()):
            _LOGGER.warning(
                "un control no trae la tabla que se lee sin JavaScript: su repr debe tener "
                "varias líneas, o su salida un text/html",
                location=bundle,
                type="course_site",
                subtype="fallback",
            )
            return
        opening = f'<noscript><div class="no-script"><p>{NOTICE}</p>'
        outputs[VIEW].append(nodes.raw("", opening, format="html"))
        outputs[VIEW].extend(child.deepcopy() for child in table.children)
        outputs[VIEW].append(nodes.raw("", "</div></noscript>", format="html"))


def setup(app):
    app.add_post_transform(WidgetFallback)
