"""Publica el modelo que corre en el navegador, si la construcción lo pide con MODELO; si no, nada cambia."""

import os
import shutil
from pathlib import Path

from sphinx.errors import ConfigError

PLACE = "modelo"  # dentro de _static


def setup(app):
    app.connect("config-inited", _publish)
    app.connect("builder-inited", _forget)


def _publish(app, config):
    name = os.environ.get("MODELO", "")
    if not name:
        return
    folder = Path(app.confdir) / "_build" / "modelo" / name
    page = folder / PLACE / "pagina.json"
    if not page.exists():
        raise ConfigError(f"Falta el modelo «{name}»: constrúyelo con make book MODELO={name}.")
    config.html_static_path.append(str(folder))
    # antes que los demás guiones de los controles: cada laboratorio lo busca al nacer
    script = {"defer": "defer", "data-model": page.read_text(encoding="utf-8")}
    config.nb_ipywidgets_js = {f"{PLACE}/offer.js": script, **config.nb_ipywidgets_js}


def _forget(app):
    """Quita el modelo que dejó otra construcción en la misma carpeta."""
    if not os.environ.get("MODELO"):
        shutil.rmtree(Path(app.outdir) / "_static" / PLACE, ignore_errors=True)
