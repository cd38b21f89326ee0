"""De lo que un modelo escribe a una respuesta: extraerla, compararla y, si hay varias, elegir una.

    FirstLine      la primera línea con algo escrito
    FirstNumber    el primer número          LastNumber    el último
    AfterMark      lo que sigue a la última vez que aparece una marca, como «Respuesta:»

Ninguna regla adivina: lo que no encuentra es None, y se cuenta. Cambiar de regla cambia la exactitud.

Ref.: votar entre muestras (autoconsistencia), Wang et al. 2022, arXiv:2203.11171.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

__all__ = [
    "AfterMark",
    "Extraction",
    "FirstLine",
    "FirstNumber",
    "LastNumber",
    "best_of_n",
    "best_scored",
    "majority_vote",
    "most_voted",
    "normalize",
]

_EDGES = " .,;:!?¡¿…\"'«»“”‘’()[]*`"
_THOUSANDS = r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?![0-9])(?:,[0-9]+)?"
_NUMBER = re.compile(rf"(?<![0-9])[-−]?(?:(?P<thousands>{_THOUSANDS})|[0-9]+(?:[.,][0-9]+)?)")


def normalize(text: str) -> str:
    """Devuelve lo que dos respuestas iguales comparten: sin mayúsculas ni signos en los extremos.

    Las tildes cuentan. Un número se lee a la española: la coma es decimal, y un punto seguido de tres
    cifras separa miles («1.234» es 1234; «12,0», 12; «1.5», uno y medio).

    >>> normalize(" ¡París! "), normalize("1.234"), normalize("12,0."), normalize("0.50")
    ('parís', '1234', '12', '0,5')
    """
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    plain = " ".join(plain.split()).strip(_EDGES)
    if (found := _NUMBER.fullmatch(plain)) is None:
        return plain
    written = plain.replace(".", "") if found["thousands"] else plain
    value = Decimal(written.replace(",", ".").replace("−", "-"))
    digits = f"{value or 0:f}"
    return digits.rstrip("0").rstrip(".").replace(".", ",") if "." in digits else digits


class Extraction(Protocol):
    """Una regla que busca la respuesta en un texto: sirve cualquier objeto con `extract`."""

    def extract(self, text: str) -> str | None:
        """Devuelve la respuesta tal como está escrita, o None si no está."""


@dataclass(frozen=True)
class FirstLine:
    """La primera línea con algo más que signos."""

    def extract(self, text: str) -> str | None:
        """Devuelve esa línea, sin espacios en los extremos, o None."""
        return next((line.strip() for line in text.splitlines() if normalize(line)), None)


@dataclass(frozen=True)
class FirstNumber:
    """El primer número, aunque tenga palabras alrededor."""

    def extract(self, text: str) -> str | None:
        """Devuelve ese número tal como está escrito, o None."""
        return next((found[0] for found in _NUMBER.finditer(text)), None)


@dataclass(frozen=True)
class LastNumber:
    """El último número, aunque tenga palabras alrededor."""

    def extract(self, text: str) -> str | None:
        """Devuelve ese número tal como está escrito, o None."""
        return next((found[0] for found in reversed([*_NUMBER.finditer(text)])), None)


@dataclass(frozen=True)
class AfterMark:
    """Lo que `then` encuentra tras la última aparición de `mark`, con o sin mayúsculas.

    >>> AfterMark("Respuesta:", FirstNumber()).extract("3 + 4 son 7. Respuesta: 7 manzanas")
    '7'
    """

    mark: str = "Respuesta:"
    then: Extraction = FirstLine()

    def __post_init__(self) -> None:
        if not self.mark.strip():
            raise ValueError("mark está vacía: di tras qué va la respuesta, como «Respuesta:».")

    def extract(self, text: str) -> str | None:
        """Devuelve la respuesta, o None si la marca no está o nada la sigue."""
        _, *after = re.split(re.escape(self.mark), text, flags=re.IGNORECASE)
        return self.then.extract(after[-1]) if after else None


def most_voted(answers: Sequence[str | None]) -> list[str]:
    """Devuelve las respuestas más repetidas, en orden de aparición; None no vota, y sin votos está vacía.

    Son varias si empatan. Cada una va como se escribió la primera vez.

    >>> most_voted(["7", "9", None, "7."]), most_voted(["9", "7"])
    (['7'], ['9', '7'])
    """
    first: dict[str, str] = {}
    for answer in filter(None, answers):
        first.setdefault(normalize(answer), answer)
    votes = Counter(map(normalize, filter(None, answers)))  # en orden de aparición
    return [first[answer] for answer, count in votes.items() if count == max(votes.values())]


def majority_vote(answers: Sequence[str | None]) -> str | None:
    """Devuelve la respuesta más repetida, la que apareció primero si empatan; None sin ningún voto.

    >>> majority_vote(["7", "9", None, "7."])
    '7'
    """
    return next(iter(most_voted(answers)), None)


def best_scored(answers: Sequence[str | None], verifier: Callable[[str], float]) -> list[str]:
    """Devuelve las respuestas de mayor `verifier(respuesta)`, en su orden: varias si empatan; None no cuenta.

    >>> best_scored(["a", None, "bb", "cc"], len)
    ['bb', 'cc']
    """
    scored = [(verifier(answer), answer) for answer in filter(None, answers)]
    best = max((score for score, _ in scored), default=None)
    return [answer for score, answer in scored if score == best]


def best_of_n(answers: Sequence[str | None], verifier: Callable[[str], float]) -> str | None:
    """Devuelve la respuesta de mayor `verifier(respuesta)`, la primera si empatan; None no cuenta."""
    return next(iter(best_scored(answers, verifier)), None)
