"""El modelo que se está midiendo: uno a la vez, porque el mayor ocupa casi toda la memoria."""

from __future__ import annotations

from course_lib import models
from course_lib.models import LanguageModel

__all__ = ["loaded"]

_held: dict[str, LanguageModel] = {}


def loaded(name: str) -> LanguageModel:
    """Devuelve el modelo `name` en CPU y float32; si había otro, lo suelta antes de cargarlo."""
    if name not in _held:
        _held.clear()
        _held[name] = models.load(name, device="cpu", dtype="float32")
    return _held[name]
