"""Laboratorios: controles que siguen vivos en una página sin Python, porque calcula el navegador.

`temperature_lab` muestra qué hacen la temperatura y los filtros con el próximo token; `beam_lab`, el
árbol que recorre la búsqueda en haz; `attention_lab`, a qué mira cada token; `prompt_lab`, los
pasos de la plantilla a la etiqueta. Python calcula una vez los datos y los guarda en el cuaderno.
"""

__all__ = [
    "attention_data",
    "attention_lab",
    "beam_data",
    "beam_lab",
    "prompt_data",
    "prompt_lab",
    "size_data",
    "size_lab",
    "temperature_data",
    "temperature_lab",
]

_HOMES = {
    "attention_data": "attention",
    "attention_lab": "attention",
    "temperature_data": "temperature",
    "temperature_lab": "temperature",
    "beam_data": "beam",
    "beam_lab": "beam",
    "prompt_data": "prompt",
    "prompt_lab": "prompt",
    "size_data": "size",
    "size_lab": "size",
}


def __getattr__(name):
    """Trae cada nombre de su módulo la primera vez que se pide: ipywidgets tarda en cargarse."""
    if name not in _HOMES:
        raise AttributeError(f"course_lib.widgets no tiene «{name}». Tiene: {', '.join(__all__)}.")
    from importlib import import_module

    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
