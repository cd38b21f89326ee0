"""Copiar o generalizar: cuánto de un texto estaba ya, palabra por palabra, en el entrenamiento."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

__all__ = ["CopyIndex", "sentences", "words"]

_SEED = 6  # se buscan primero seis palabras seguidas y después se alarga lo encontrado


def words(text: str) -> list[str]:
    """Devuelve las palabras del texto en minúsculas, sin signos.

    >>> words("—¿Qué buscas? —preguntó.")
    ['qué', 'buscas', 'preguntó']
    """
    return re.findall(r"\w+", text.lower())


def sentences(text: str) -> list[str]:
    """Devuelve las oraciones del texto, cada una con su signo final.

    >>> sentences("Era un zorro. ¡Qué zorro! —Sí —dijo.")
    ['Era un zorro.', '¡Qué zorro!', '—Sí —dijo.']
    """
    return [s for s in re.split(r"(?<=[.!?»])\s+(?=[—«¿¡]*[A-ZÁÉÍÓÚÑ])|\n", text) if s]


class CopyIndex:
    """Los textos del entrenamiento, preparados para buscar en ellos lo que otro texto repite.

    >>> index = CopyIndex(["Érase una vez un zorro que vivía en un bosque muy verde."])
    >>> index.longest_run("Había un zorro que vivía en un bosque azul.")
    7
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)

    @cached_property
    def _whole(self) -> set[str]:
        return set(self.texts)

    @cached_property
    def _sentences(self) -> set[str]:
        return {sentence for text in self.texts for sentence in sentences(text)}

    @cached_property
    def _index(self) -> tuple[list[str], dict[tuple[str, ...], list[int]]]:
        stream: list[str] = []
        for text in self.texts:
            stream += [*words(text), ""]  # la palabra vacía separa un cuento del siguiente
        places: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for i in range(len(stream) - _SEED + 1):
            places[tuple(stream[i : i + _SEED])].append(i)
        return stream, dict(places)

    def is_copy(self, text: str) -> bool:
        """Dice si el texto entero está en el entrenamiento."""
        return text in self._whole

    def copied_sentences(self, text: str, *, min_words: int = 8) -> tuple[int, int]:
        """Devuelve cuántas oraciones de al menos `min_words` palabras están tal cual, y cuántas hay."""
        long = [s for s in sentences(text) if len(words(s)) >= min_words]
        return sum(sentence in self._sentences for sentence in long), len(long)

    def longest_run(self, text: str) -> int:
        """Devuelve cuántas palabras seguidas, como mucho, comparte con un solo texto.

        Por debajo de seis devuelve 0: tan pocas las comparten dos textos cualesquiera.
        """
        stream, places = self._index
        own, best = words(text), 0
        for i in range(len(own) - _SEED + 1):
            for place in places.get(tuple(own[i : i + _SEED]), ()):
                length = _SEED
                while (
                    i + length < len(own)
                    and place + length < len(stream)
                    and own[i + length] == stream[place + length]
                ):
                    length += 1
                best = max(best, length)
        return best
