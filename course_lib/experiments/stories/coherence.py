"""¿Sigue hablando de los mismos? Los personajes que entran en un cuento como si ya se los conociera.

En los cuentos de la gramática alguien entra con «un» o «una» («un zorro que vivía…»), y solo después es «el zorro».
Escribir bien cada frase no basta para respetarlo: hay que recordar de quién se viene hablando.
"""

from __future__ import annotations

import re
from functools import cache

from .lexicon import Lexicon

__all__ = ["characters", "strangers"]

_KNOWN = ("el", "la", "al", "del")


def characters(text: str) -> list[str]:
    """Devuelve los personajes que el cuento nombra, sin repetir y en orden.

    >>> characters("Había un zorro. Un día el zorro vio a la rana.")
    ['zorro', 'rana']
    """
    return list(_entrances(text))


def strangers(text: str) -> list[str]:
    """Devuelve los que entran con «el» o «la», sin que nadie los haya presentado.

    >>> strangers("Había un zorro. Un día el zorro vio a la rana.")
    ['rana']
    """
    return [who for who, article in _entrances(text).items() if article.lower() in _KNOWN]


def _entrances(text: str) -> dict[str, str]:
    """Con qué artículo se nombra a cada personaje la primera vez; vacío si con ninguno."""
    found: dict[str, str] = {}
    for match in _pattern().finditer(text):
        found.setdefault(match["who"], match["article"] or "")
    return found


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted({entry.text for entry in Lexicon().entries["h"]}, key=len, reverse=True)
    return re.compile(
        r"\b(?:(?P<article>(?i:el|la|al|del|una?|otr[oa]|ningun[oa]?)) )?"
        rf"(?P<who>{'|'.join(map(re.escape, names))})\b"
    )
