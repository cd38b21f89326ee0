"""Los modelos: la puerta `LanguageModel`, el catálogo y todo lo que hace falta para tenerlos.

Orden de lectura: language_model y state (la puerta), huggingface, loading, hardware, catalogue,
fetch, download, pip_download, convert, manifest, disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .adapters import ADAPTERS
from .catalogue import CATALOGUE, ENCODERS, card
from .fetch import FetchError, ensure, is_cached

if TYPE_CHECKING:
    from .huggingface import HuggingFaceLM
    from .language_model import LanguageModel
    from .loading import load
    from .state import State

__all__ = [
    "ADAPTERS",
    "CATALOGUE",
    "ENCODERS",
    "FetchError",
    "HuggingFaceLM",
    "LanguageModel",
    "State",
    "card",
    "ensure",
    "is_cached",
    "load",
]

_HEAVY = {
    "HuggingFaceLM": "huggingface",
    "LanguageModel": "language_model",
    "State": "state",
    "load": "loading",
}


def __getattr__(name: str) -> Any:
    """Trae lo que necesita torch la primera vez que se pide: el catálogo se consulta sin él."""
    if name not in _HEAVY:
        raise AttributeError(f"course_lib.models no tiene «{name}». Tiene: {', '.join(__all__)}.")
    from importlib import import_module

    return getattr(import_module(f".{_HEAVY[name]}", __name__), name)
