"""Los números en letras, y de vuelta: así cada ejemplo se comprueba por otro camino."""

from __future__ import annotations

from .words import split

__all__ = ["from_words", "in_words"]

_SMALL = split(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro "
    "veinticinco veintiséis veintisiete veintiocho veintinueve"
)
_TENS = split("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_HUNDREDS = split(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos"
)
_VALUES = (
    {word: n for n, word in enumerate(_SMALL)}
    | {word: 30 + 10 * i for i, word in enumerate(_TENS)}
    | {word: 100 + 100 * i for i, word in enumerate(_HUNDREDS)}
    | {"cien": 100, "mil": 1000}
)


def in_words(n: int) -> str:
    """Devuelve `n`, de 0 a 1000, escrito con letras.

    >>> in_words(240)
    'doscientos cuarenta'
    """
    if n in (100, 1000):
        return "cien" if n == 100 else "mil"
    if n >= 100:
        rest = n % 100
        return _HUNDREDS[n // 100 - 1] + (f" {in_words(rest)}" if rest else "")
    if n < 30:
        return _SMALL[n]
    return _TENS[n // 10 - 3] + (f" y {_SMALL[n % 10]}" if n % 10 else "")


def from_words(text: str) -> int:
    """Devuelve el número que dice `text`: la suma de lo que vale cada palabra.

    Lanza `ValueError` si alguna no es un numeral.
    """
    if unknown := set(text.split()) - {"y", *_VALUES}:
        raise ValueError(f"No son numerales: {', '.join(sorted(unknown))}.")
    return sum(_VALUES[word] for word in text.split() if word != "y")
