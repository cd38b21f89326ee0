"""Laboratorios: controles que siguen vivos en una página sin Python, porque calcula el navegador.

`temperature_lab` muestra qué hacen la temperatura y los filtros con el próximo token; `beam_lab`, el
árbol que recorre la búsqueda en haz; `attention_lab`, a qué mira cada token; `prompt_lab`, los
pasos de la plantilla a la etiqueta; `size_lab`, lo que cuesta una arquitectura; `emergence_lab`, si una
habilidad aparece de golpe según cómo se la mida; `templates_lab`, el texto exacto que lee un modelo de chat;
`before_after_lab`, lo que se contesta antes y después de ajustar; `image_lab`, lo que contesta un modelo que ve y a qué
celdas de la imagen atiende; `training_lab`, lo que un modelo escribe en cada momento de su entrenamiento; `story_lab`,
un modelo que escribe en la propia página. Python calcula una vez los datos y los guarda en el cuaderno.

Cada laboratorio es NOMBRE.py (sus datos y sus controles), NOMBRE.js (sus cuentas y su dibujo; lo que no cabe en
300 líneas va aparte) y NOMBRE.css. Lo demás lo comparten: base.py, common.js (la vista y sus
mensajes con Python), drawing.js (las piezas con que dibuja) y common.css.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "attention_data",
    "attention_lab",
    "beam_data",
    "beam_lab",
    "before_after_data",
    "before_after_lab",
    "emergence_data",
    "emergence_lab",
    "emergence_runs",
    "image_lab",
    "prompt_data",
    "prompt_lab",
    "scene_data",
    "size_data",
    "size_lab",
    "story_data",
    "story_lab",
    "temperature_data",
    "temperature_lab",
    "templates_data",
    "templates_lab",
    "training_data",
    "training_lab",
]

_HOMES = {name: name.rpartition("_")[0] for name in __all__}  # «beam_lab» está en beam.py
_HOMES["scene_data"] = "image"


def __getattr__(name: str) -> Any:
    """Trae cada nombre de su módulo la primera vez que se pide: ipywidgets tarda en cargarse."""
    if name not in _HOMES:
        raise AttributeError(f"course_lib.widgets no tiene «{name}». Tiene: {', '.join(__all__)}.")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
