"""El corpus: cuentos generados con una semilla, ninguno repetido, en cuatro partes que no se mezclan.

A qué parte va un cuento lo decide la huella de su texto, no el orden en que salió: así, con cualquier
semilla, ningún cuento de «prueba» puede aparecer en «entrenamiento». En «reservadas», quien protagoniza
desea algo que en las otras tres nunca desea alguien de su clase.
"""

from __future__ import annotations

import hashlib
import math
import random
from collections.abc import Iterator, Sequence
from functools import cache

from .grammar import Grammar, Telling
from .lexicon import Lexicon

__all__ = [
    "MAX_WORDS",
    "MIN_WORDS",
    "SPLITS",
    "costs",
    "generate",
    "grammar_of",
    "tell_many",
]

SPLITS = ("entrenamiento", "desarrollo", "prueba", "reservadas")
MIN_WORDS, MAX_WORDS = 60, 140
_BUCKETS = 10  # de cada diez cuentos: uno a desarrollo, uno a prueba y ocho a entrenamiento


@cache
def grammar_of(split: str) -> Grammar:
    """Devuelve la gramática de una parte: la de «reservadas» exige lo que las demás evitan.

    Raises:
        ValueError: no hay una parte con ese nombre.
    """
    if split not in SPLITS:
        raise ValueError(f"Llegó split={split!r}. Las partes del corpus son: {', '.join(SPLITS)}.")
    if split == "reservadas":
        return Grammar(Lexicon("exigir"))
    return Grammar() if split == SPLITS[0] else grammar_of(SPLITS[0])


def generate(n: int, split: str, seed: int) -> list[str]:
    """Devuelve `n` cuentos distintos de una parte, siempre los mismos con la misma semilla.

    Cada uno tiene de 60 a 140 palabras; los párrafos se separan con un salto de línea.

    Raises:
        ValueError: `n` no es positivo o no hay una parte llamada `split`.

    >>> a, b = generate(2, "desarrollo", seed=0)
    >>> a == generate(1, "desarrollo", seed=0)[0], a == b
    (True, False)
    """
    return [telling.text for telling in tell_many(n, split, seed)]


def tell_many(n: int, split: str, seed: int) -> list[Telling]:
    """Devuelve lo mismo que `generate`, con lo que se eligió en cada cuento y su probabilidad."""
    if n < 1:
        raise ValueError(f"Llegó n={n}: pide al menos un cuento.")
    grammar, rng = grammar_of(split), random.Random(f"{split} {seed}")
    found: dict[str, Telling] = {}
    for telling in _accepted(grammar, rng):
        if split == "reservadas" or _split_of(telling.text) == split:
            found.setdefault(telling.text, telling)
        if len(found) == n:
            return list(found.values())
    raise AssertionError("La gramática no se agota.")


def costs(tellings: Sequence[Telling], split: str = "prueba") -> list[float]:
    """Devuelve cuántos nats cuesta predecir cada cuento si se conoce la gramática de la parte `split`.

    Su media sobre cuentos sorteados estima sin sesgo la entropía de la fuente, y ningún modelo puede
    tener, en promedio sobre cuentos nuevos, una pérdida menor; en unos pocos cuentos concretos sí
    podría, por azar. La probabilidad suma todas las derivaciones de cada texto y se corrige por los
    cuentos que se descartan por su largo.

    Raises:
        ValueError: algún texto no es de la gramática.
    """
    grammar, correction, found = grammar_of(split), math.log(acceptance(split)), []
    for telling in tellings:
        read = grammar.read(telling.text)
        if read is None:
            raise ValueError(f"La gramática no puede escribir este texto: «{telling.text[:60]}…».")
        found.append(correction - read.logprob)
    return found


@cache
def acceptance(split: str, draws: int = 10_000) -> float:
    """Devuelve qué parte de los sorteos se acepta (llegan al final y con el largo pedido), en `draws`."""
    grammar, rng = grammar_of(split), random.Random(f"largo {split}")
    return sum(_is_accepted(grammar.tell(rng)) for _ in range(draws)) / draws


def _accepted(grammar: Grammar, rng: random.Random) -> Iterator[Telling]:
    while True:
        telling = grammar.tell(rng)
        if telling is not None and _is_accepted(telling):
            yield telling


def _is_accepted(telling: Telling | None) -> bool:
    return telling is not None and MIN_WORDS <= len(telling.text.split()) <= MAX_WORDS


def _split_of(text: str) -> str:
    bucket = int(hashlib.sha256(text.encode()).hexdigest(), 16) % _BUCKETS
    return {0: "desarrollo", 1: "prueba"}.get(bucket, "entrenamiento")
