"""Sortear los ejemplos de una comprobación, y seguir hasta que separen todos los errores conocidos.

Un sorteo al azar puede salir tan parejo que un error dé las mismas respuestas que la solución. Por
eso, tras dos sorteos, se siguen agregando ejemplos (pocos, y solo los que sirven) hasta que cada
función equivocada difiera de la referencia, y cada error con nombre difiera de los demás.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import torch

from .contract import agrees
from .snapshot import snapshot
from .values import copy_value, size_of, unchanged

if TYPE_CHECKING:
    from .exercise import Exercise

__all__ = ["Example", "Outcome", "confused", "draw"]

REDRAWS = 10  # sorteos de más, como máximo


@dataclass(frozen=True)
class Outcome:
    """Lo que da una función nuestra en un ejemplo: un valor, o una excepción de esa clase."""

    value: Any = None
    error: str = ""

    def same_as(self, other: Outcome) -> bool:
        """¿Dan lo mismo? Dos excepciones cuentan como iguales."""
        if self.error or other.error:
            return bool(self.error) and bool(other.error)
        return agrees(self.value, other.value)


@dataclass(frozen=True)
class Example:
    """Unos argumentos, lo esperado y lo que daría cada función equivocada del ejercicio."""

    args: tuple[Any, ...]
    expected: Any
    wrong: tuple[Outcome, ...]  # primero las de `misconceptions`, después las de `distinguish`


def draw(exercise: Exercise, seed: int | None = None) -> list[Example]:
    """Los ejemplos de una comprobación, del más pequeño al más grande.

    Todo se calcula aquí, sobre copias y antes de que corra la función de la estudiante. Con `seed`
    se repiten los mismos.
    """
    generator = torch.Generator().manual_seed(secrets.randbits(32) if seed is None else seed)
    first = list(exercise.cases(generator))
    second = list(exercise.cases(generator))
    chosen = [_example(exercise, args) for args in [*first, *_new(second, first)]]
    pairs = _confused_pairs(exercise, chosen)
    for _ in range(REDRAWS):
        if not pairs:
            break
        for args in _new(exercise.cases(generator), first):
            candidate = _example(exercise, args)
            left = [pair for pair in pairs if not _separates(candidate, pair)]
            if len(left) < len(pairs):
                chosen.append(candidate)
                pairs = left
    return sorted(chosen, key=lambda example: size_of(example.args))


def confused(exercise: Exercise, examples: Sequence[Example]) -> list[str]:
    """Qué no alcanzan a separar los ejemplos: una frase por cada error que se confunde.

    Vacía si todo se separa. Sirve para probar los casos de un ejercicio.
    """
    names = [f"«{mistake.name}»" for mistake in exercise.misconceptions]
    names += [f"distinguish[{i}]" for i in range(len(exercise.distinguish))]
    return [
        f"{names[i]} se confunde con {'la referencia' if j is None else names[j]}"
        for i, j in _confused_pairs(exercise, examples)
    ]


def _new(cases: Sequence[tuple[Any, ...]], first: Sequence[tuple[Any, ...]]) -> list[Any]:
    """Los ejemplos que no son los mismos fijos del primer sorteo."""
    same = [unchanged(args, old) for args, old in zip(cases, first, strict=False)]
    return [args for place, args in enumerate(cases) if place >= len(same) or not same[place]]


def _example(exercise: Exercise, args: tuple[Any, ...]) -> Example:
    functions = [*(m.wrong for m in exercise.misconceptions), *exercise.distinguish]
    args = tuple(args)
    expected = exercise.watch(exercise.reference)(*copy_value(args))
    return Example(
        args, copy_value(expected), tuple(_outcome(exercise.watch(one), args) for one in functions)
    )


def _outcome(function: Callable[..., Any], args: tuple[Any, ...]) -> Outcome:
    try:
        return Outcome(snapshot(function(*copy_value(args))))
    except Exception as error:
        return Outcome(error=type(error).__name__)


Pair = tuple[int, int | None]  # dos funciones equivocadas; None es la referencia


def _confused_pairs(exercise: Exercise, examples: Sequence[Example]) -> list[Pair]:
    total = len(exercise.misconceptions) + len(exercise.distinguish)
    pairs: list[Pair] = [(i, None) for i in range(total)]
    pairs += combinations(range(len(exercise.misconceptions)), 2)
    return [pair for pair in pairs if not any(_separates(one, pair) for one in examples)]


def _separates(example: Example, pair: Pair) -> bool:
    i, j = pair
    other = Outcome(example.expected) if j is None else example.wrong[j]
    return not example.wrong[i].same_as(other)
