"""Un ejercicio de código: lo que pide, sus pistas y todo lo que hace falta para corregirlo."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from . import progress, report
from .checking import check
from .result import Result

__all__ = ["Exercise", "Hint", "Misconception", "Property"]

LEVELS = {1: "inicial", 2: "intermedia", 3: "avanzada"}


def _only_the_reference(*_: object) -> bool:
    """La respuesta correcta es una sola: la de la referencia."""
    return False


def _what_it_returns(function: Callable[..., Any]) -> Callable[..., Any]:
    """Se corrige lo que la función devuelve, y nada más."""
    return function


@dataclass(frozen=True)
class Property:
    """Algo que toda respuesta correcta cumple, sea cual sea la entrada."""

    name: str
    idea: str  # por qué debe cumplirse
    problem: Callable[
        ..., str | None
    ]  # problem(salida, *argumentos) -> texto de lo observado, o None


@dataclass(frozen=True)
class Misconception:
    """Un error clásico, reconocido porque una función que lo comete da las mismas salidas."""

    name: str
    explanation: str
    wrong: Callable[..., Any]  # misma firma que la solución


@dataclass(frozen=True)
class Hint:
    """Una pista."""

    title: str
    number: int
    total: int
    text: str

    def __repr__(self) -> str:
        return report.plain(f"Pista {self.number} de {self.total} · {self.title}", ("", self.text))

    def _repr_html_(self) -> str:
        title = f"Pista {self.number} de {self.total} · {self.title}"
        return report.box("info", title, report.section("", self.text))


@dataclass(frozen=True, repr=False)
class Exercise:
    """Ejercicio con su ficha, sus pistas y su corrector."""

    key: str  # nombre de la función que se pide
    chapter: str  # "08_generacion"
    title: str
    objective: str
    difficulty: int  # 1 inicial, 2 intermedia, 3 avanzada
    minutes: int
    section: str  # título de la sección del capítulo que lo explica
    hints: tuple[str, str]
    cases: Callable[
        ..., Any
    ]  # cases(generator) -> lista de argumentos, con entradas nuevas cada vez
    reference: Callable[..., Any]  # una solución correcta
    idea: str  # la idea del ejercicio, en una o dos frases
    properties: tuple[Property, ...] = ()
    misconceptions: tuple[Misconception, ...] = ()
    distinguish: tuple[
        Callable[..., Any], ...
    ] = ()  # otras funciones equivocadas que los ejemplos separan
    outputs: tuple[str, ...] = ()  # nombre de cada salida, si la función devuelve varias
    # also_correct(salida, *argumentos) -> ¿es otra respuesta correcta, distinta de la referencia?
    also_correct: Callable[..., bool] = _only_the_reference
    # watch(función) -> otra con los mismos argumentos, que devuelve lo que se corrige: sirve para una
    # función que, además de devolver algo, cambia un objeto. Con `functools.wraps`, como un decorador
    watch: Callable[[Callable[..., Any]], Callable[..., Any]] = _what_it_returns

    @property
    def parameters(self) -> tuple[str, ...]:
        """Nombres de los argumentos de la función que se pide."""
        return tuple(inspect.signature(self.reference).parameters)

    def comprobar(self, function: Any = None, *extra: object, seed: int | None = None) -> Result:
        """Corrige `function` y devuelve un `Result`; nunca lanza los errores de la función.

        Sin `seed`, un entero, los datos son nuevos en cada llamada. Si no llega una función, o llega
        algo más que la función (`extra`), el `Result` lo explica. Lo demás se anota en el progreso.
        """
        if seed is not None and type(seed) is not int:
            raise TypeError(f"`seed` debe ser un entero y llegó {type(seed).__name__}.")
        result = check(self, None if extra else function, seed)
        if callable(function) and not extra:
            with suppress(Exception):  # también un aviso convertido en error
                progress.record(self.chapter, self.key, result.status)
        return result

    def pista(self, number: int = 1) -> Hint:
        """La pista `number`: la 1 orienta y la 2 acerca más; otra lanza `ValueError`."""
        if type(number) is not int or number not in range(1, len(self.hints) + 1):
            raise ValueError(
                f"Este ejercicio tiene {len(self.hints)} pistas y pediste la {number!r}: "
                "usa pista(1) o pista(2)."
            )
        return Hint(self.title, number, len(self.hints), self.hints[number - 1])

    def _facts(self) -> str:
        dots = "●" * self.difficulty + "○" * (3 - self.difficulty)
        level = f"{dots} {LEVELS[self.difficulty]}"
        return f"Dificultad {level} · {self.minutes} minutos · Se explica en «{self.section}»"

    def __repr__(self) -> str:
        hints = (
            "Pistas",
            f"ej.{self.key}.pista(1) orienta; ej.{self.key}.pista(2) acerca más",
        )
        parts = ("", self._facts()), ("Objetivo", self.objective), hints
        return report.plain(f"Ejercicio · {self.title}", *parts)

    def _repr_html_(self) -> str:
        hints = [
            report.details(f"Pista {number} de {len(self.hints)}", text)
            for number, text in enumerate(self.hints, start=1)
        ]
        return report.box(
            "info",
            f"Ejercicio · {self.title}",
            report.section("", self._facts()),
            report.section("Objetivo", self.objective),
            *hints,
        )
