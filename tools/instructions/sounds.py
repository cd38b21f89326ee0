"""Cómo suena una palabra en América: dos escrituras del mismo sonido dan el mismo texto."""

from __future__ import annotations

import re

from .rewriting import without_accents

__all__ = ["sound"]

# en orden: cada regla ve lo que dejó la anterior
_RULES = (
    (r"[^\w ]", ""),
    (r"(?<!c)h", ""),
    (r"ll", "y"),
    (r"m(?=[bv])", "n"),
    (r"v", "b"),
    (r"z|c(?=[ei])", "s"),
    (r"g(?=[ei])", "j"),
)


def sound(text: str) -> str:
    """Devuelve `text` en minúsculas, sin tildes ni signos y con una sola letra por sonido.

    >>> sound("Imbierno") == sound("invierno"), sound("vaca") == sound("casa")
    (True, False)
    """
    text = without_accents(text.lower())
    for pattern, letter in _RULES:
        text = re.sub(pattern, letter, text)
    return text
