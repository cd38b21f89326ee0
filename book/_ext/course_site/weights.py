"""Publica en _static los pesos que una página pide para calcular con ellos: los mismos que lleva el paquete."""

from pathlib import Path

WEIGHTS = ("course_lib/artifacts/stories/cuentos.bin",)


def _publish(app, config):
    # Un libro sin ellos se construye igual: el laboratorio explica qué falta cuando se le pide escribir.
    for name in WEIGHTS:
        path = Path(app.confdir) / name
        if path.exists():
            config.html_static_path.append(str(path))


def setup(app):
    app.connect("config-inited", _publish)
