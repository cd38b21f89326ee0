"""Las sumas de tres cifras: cómo se escriben, cuáles se apartan y cómo se juzga una respuesta.

La misma suma, escrita de dos maneras (el «;» termina cada paso y la respuesta):

    «directa»   345+678=1023;
    «pasos»     345+678=5+8+0=13;4+7+1=12;3+6+1=10;1023;

Cada paso suma una columna, desde las unidades, con lo que se lleva: «4+7+1=12» es «escribo 2, llevo 1».
Una misma respuesta se juzga entera (`exact_match`) o cifra por cifra (`digit_accuracy`).

Ref.: Nye et al. 2021, arXiv:2112.00114 (pasos escritos); Schaeffer et al. 2023, arXiv:2304.15004 (la
métrica y el salto).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

import torch
from torch import Tensor

__all__ = [
    "ALPHABET",
    "ANSWER",
    "BATCH",
    "PROMPT",
    "TEST_PAIRS",
    "WAYS",
    "Pair",
    "batches",
    "chance",
    "check_way",
    "digit_accuracy",
    "encode",
    "exact_match",
    "extract",
    "held_out",
    "place_accuracy",
    "prefix_accuracy",
    "solve",
    "symbols_before",
]

ALPHABET = "0123456789+=;"
WAYS = ("directa", "pasos")
PROMPT, WORKED, ANSWER = len("345+678="), len("5+8+0=13;4+7+1=12;3+6+1=10;"), len("1023;")
BATCH, TEST_SEED, TEST_PAIRS = 64, 2026, 500
Pair = tuple[int, int]


def solve(a: int, b: int, way: str) -> str:
    """Devuelve lo que debe seguir a «a+b=»: la respuesta, con los pasos delante o sin ellos.

    >>> solve(345, 678, "directa"), solve(345, 678, "pasos")
    ('1023;', '5+8+0=13;4+7+1=12;3+6+1=10;1023;')
    """
    check_way(way)
    if not all(100 <= number <= 999 for number in (a, b)):
        raise ValueError(f"{a} + {b}: los dos sumandos tienen tres cifras, de 100 a 999.")
    steps, carry = "", 0
    for x, y in zip(reversed(str(a)), reversed(str(b)), strict=True):
        total = int(x) + int(y) + carry
        steps += f"{x}+{y}+{carry}={total:02d};"
        carry = total // 10
    return (steps if way == "pasos" else "") + f"{a + b};"


def extract(output: str, way: str) -> str:
    """Devuelve la respuesta que hay en lo escrito, o «» si no llegó a escribirla.

    >>> extract("5+8+0=13;4+7+1=12;3+6+1=10;1023;", "pasos"), extract("5+8+0=13;4+7", "pasos")
    ('1023', '')
    """
    before = 3 if way == "pasos" else 0
    return [*output.split(";"), "", "", ""][before]


def exact_match(outputs: Sequence[str], answers: Sequence[str]) -> float:
    """Devuelve la fracción de respuestas enteras bien.

    >>> exact_match(["1023", "468"], ["1023", "478"])
    0.5
    """
    return sum(map(all, _right_digits(outputs, answers))) / len(answers)


def prefix_accuracy(outputs: Sequence[str], answers: Sequence[str]) -> list[float]:
    """Devuelve la fracción de respuestas cuyos L primeros lugares están bien, para L de 1 a 4.

    >>> prefix_accuracy(["1023", "468"], ["1023", "478"])
    [1.0, 1.0, 0.5, 0.5]
    """
    rights = _right_digits(outputs, answers)
    return [sum(all(row[:length]) for row in rights) / len(rights) for length in (1, 2, 3, 4)]


def place_accuracy(outputs: Sequence[str], answers: Sequence[str]) -> list[float]:
    """Devuelve la fracción bien en cada lugar: millar (o hueco, si la suma tiene tres cifras), centena, decena y unidad.

    >>> place_accuracy(["1023", "468"], ["1023", "478"])
    [1.0, 1.0, 0.5, 1.0]
    """
    rights = _right_digits(outputs, answers)
    return [sum(place) / len(rights) for place in zip(*rights, strict=True)]


def digit_accuracy(outputs: Sequence[str], answers: Sequence[str]) -> float:
    """Devuelve la fracción de cifras bien, de las cuatro de cada respuesta (si hay tres, un hueco).

    >>> digit_accuracy(["1023", "468"], ["1023", "478"])
    0.875
    """
    rights = [right for row in _right_digits(outputs, answers) for right in row]
    return sum(rights) / len(rights)


def _right_digits(outputs: Sequence[str], answers: Sequence[str]) -> list[list[bool]]:
    """Qué cifras están bien, alineadas por las unidades; lo que no es un número no acierta ninguna."""
    return [
        [
            output.isdigit() and len(output) <= 4 and x == y
            for x, y in zip(output.rjust(4)[-4:], answer.rjust(4), strict=True)
        ]
        for output, answer in zip(outputs, answers, strict=True)
    ]


def chance() -> dict[str, float]:
    """Devuelve lo que acierta quien responde siempre lo mismo, lo más frecuente: exact y digits.

    >>> {name: round(value, 4) for name, value in chance().items()}
    {'exact': 0.0011, 'digits': 0.2274}
    """
    totals: Counter[str] = Counter()
    digits = [Counter[str]() for _ in range(4)]
    for total in range(200, 1999):
        pairs = 900 - abs(total - 1099)  # cuántos pares suman eso
        totals[str(total)] = pairs
        for counts, digit in zip(digits, str(total).rjust(4), strict=True):
            counts[digit] += pairs
    exact, *places = (max(counts.values()) / counts.total() for counts in (totals, *digits))
    return {"exact": exact, "digits": sum(places) / 4}


@cache
def held_out() -> tuple[Pair, ...]:
    """Devuelve las sumas de prueba: ningún entrenamiento las ve, tampoco en el otro orden.

    >>> len(held_out()) == len({frozenset(pair) for pair in held_out()})
    True
    """
    draw = random.Random(TEST_SEED)
    found: dict[frozenset[int], Pair] = {}
    while len(found) < TEST_PAIRS:
        pair = draw.randint(100, 999), draw.randint(100, 999)
        found.setdefault(frozenset(pair), pair)
    return tuple(found.values())


def batches(way: str, seed: int) -> Iterator[Tensor]:
    """Da sin fin lotes (BATCH, T) de sumas al azar, escritas así y sin las de prueba.

    >>> next(batches("directa", seed=0)).shape
    torch.Size([64, 13])
    """
    draw, held = random.Random(seed), {frozenset(pair) for pair in held_out()}
    pairs: list[Pair] = []
    while True:
        pair = draw.randint(100, 999), draw.randint(100, 999)
        if frozenset(pair) not in held:
            pairs.append(pair)
        if len(pairs) == BATCH:
            yield encode([f"{a}+{b}={solve(a, b, way)}" for a, b in pairs])
            pairs = []


def check_way(way: str) -> None:
    """Lanza `ValueError` si no hay una manera de sumar con ese nombre."""
    if way not in WAYS:
        raise ValueError(f"No hay una manera «{way}» de sumar. Usa «directa» o «pasos».")


def symbols_before(way: str) -> int:
    """Devuelve cuántos símbolos se escriben entre el «=» y la respuesta.

    >>> symbols_before("directa"), symbols_before("pasos")
    (0, 27)
    """
    return WORKED if way == "pasos" else 0


def encode(texts: Sequence[str]) -> Tensor:
    """Devuelve los símbolos (B, T) de los textos; los cortos, de suma de tres cifras, repiten el «;».

    >>> encode(["7;", "12;"]).tolist()
    [[7, 12, 12], [1, 2, 12]]
    """
    longest = max(map(len, texts))
    return torch.tensor([[ALPHABET.index(c) for c in text.ljust(longest, ";")] for text in texts])
