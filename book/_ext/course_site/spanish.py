"""Traduce lo que Sphinx y el tema dejan en inglés."""

from sphinx.locale import translators

# Textos que pasan por gettext y no están, o no están bien, en los catálogos en español.
MESSAGES = {
    "Default": "Valor por omisión",
    "Download notebook file": "Descargar el cuaderno",
    "Download source file": "Descargar el archivo fuente",
    "Download this page": "Descargar esta página",
    "Fullscreen mode": "Pantalla completa",
    "Launch interactive content": "Abrir como cuaderno",
    "Launch on": "Abrir en",
    "Link to this code": "Enlace a este código",
    "Link to this definition": "Enlace a esta definición",
    "Link to this equation": "Enlace a esta ecuación",
    "Link to this heading": "Enlace a esta sección",
    "Link to this image": "Enlace a esta imagen",
    "Link to this table": "Enlace a esta tabla",
    "Link to this term": "Enlace a este término",
    "Link to this toctree": "Enlace a este índice",
    "Open an issue": "Avisar de un problema",
    "Open issue": "Avisar de un problema",
    "Print to PDF": "Imprimir o guardar en PDF",
    "Repository": "Repositorio",
    "Show source": "Ver la fuente",
    "Source repositories": "Repositorio del curso",
    "Source repository": "Repositorio del curso",
    "Suggest edit": "Proponer un cambio",
    "Type": "Tipo",
}

# Textos escritos sin gettext en las plantillas del tema.
TEMPLATES = {
    'title="Toggle primary sidebar"': 'title="Índice del curso" aria-label="Índice del curso"',
    'title="Toggle secondary sidebar"': 'title="En esta página" aria-label="En esta página"',
    'aria-label="Main"': 'aria-label="Índice del curso"',
    'aria-label="Page"': 'aria-label="Página"',
    '<summary aria-label="Toggle hidden content">': "<summary>",
}


def setup(app):
    app.connect("builder-inited", _complete_catalogues)


def _complete_catalogues(app):
    # El traductor ya está repartido entre las plantillas, así que se completa en su sitio.
    for catalogue in ("sphinx", "booktheme"):
        translators["general", catalogue]._catalog.update(MESSAGES)


def translate_page(html: str) -> str:
    """Devuelve la página con los textos fijos del tema en español."""
    for english, spanish in TEMPLATES.items():
        html = html.replace(english, spanish)
    return html
