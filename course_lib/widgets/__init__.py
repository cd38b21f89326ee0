"""Laboratorios: controles que siguen vivos en una página sin Python, porque calcula el navegador.

`temperature_lab` muestra qué hacen la temperatura y los filtros con el próximo token; `beam_lab`, el
árbol que recorre la búsqueda en haz. Python calcula una vez los datos y los guarda en el cuaderno.
"""

__all__ = ["beam_data", "beam_lab", "temperature_data", "temperature_lab"]

_HOMES = {
    "temperature_data": "temperature",
    "temperature_lab": "temperature",
    "beam_data": "beam",
    "beam_lab": "beam",
}


def __getattr__(name):
    """Trae cada nombre de su módulo la primera vez que se pide: ipywidgets tarda en cargarse."""
    if name not in _HOMES:
        raise AttributeError(f"course_lib.widgets no tiene «{name}». Tiene: {', '.join(__all__)}.")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
