"""El veredicto de una comprobación."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from . import report
from .values import copy_value

__all__ = ["CORRECT", "INCORRECT", "PENDING", "STATUSES", "Failure", "Result"]

PENDING, INCORRECT, CORRECT = "pendiente", "incorrecto", "correcto"
ICONS = {PENDING: "○", INCORRECT: "✗", CORRECT: "✓"}
STATUSES = tuple(ICONS)


@dataclass(frozen=True)
class Failure:
    """Una comprobación que no se cumplió, con el ejemplo más pequeño en que falla."""

    check: str  # nombre de la comprobación
    observed: str  # qué se observó
    example: str = ""  # los argumentos, lo devuelto y lo esperado
    idea: str = ""  # la idea que hay detrás
    printed: str = ""  # lo que la función imprimió en ese ejemplo
    arguments: tuple[Any, ...] = field(default=(), compare=False, repr=False)  # los de `example`
    repeatable: bool = True  # no, si repetir la llamada colgaría o cerraría el cuaderno


@dataclass(frozen=True)
class Result:
    """Qué dice `comprobar`: `.status`, `.ok`, todas las fallas y el error reconocido, si lo hay.

    >>> Result("Demo", "pendiente")
    ○ Demo: pendiente
      Cuando escribas tu función, vuelve a ejecutar esta celda.
    """

    title: str
    status: str
    passed: int = 0
    total: int = 0
    failures: tuple[Failure, ...] = ()
    mistake: str = ""  # nombre del error clásico reconocido
    explanation: str = ""  # qué pasa en ese error y hacia dónde ir
    section: str = ""  # dónde volver a leer
    advice: str = ""  # lo que no es un error: un tipo distinto del acordado
    key: str = ""  # nombre de la función que se pidió

    @property
    def ok(self) -> bool:
        """True solo si el ejercicio está correcto."""
        return self.status == CORRECT

    @property
    def ejemplo(self) -> tuple[Any, ...]:
        """Los argumentos del ejemplo que se muestra, copiados: `f(*resultado.ejemplo)` lo repite.

        Vacía si no hay fallas o si la falla no depende de un ejemplo.
        """
        return copy_value(self.failures[0].arguments) if self.failures else ()

    def _title(self) -> str:
        count = f" ({self.passed} de {self.total} comprobaciones)" if self.total else ""
        return f"{ICONS[self.status]} {self.title}: {self.status}{count}"

    def _sections(self) -> Iterator[tuple[str, str, bool]]:
        """Ternas (rótulo, texto, es código) en el orden en que se leen."""
        if self.status == PENDING:
            yield "", "Cuando escribas tu función, vuelve a ejecutar esta celda.", False
        if self.failures:
            yield from self._explained(self.failures[0])
        if self.advice:
            yield "Consejo", self.advice, False
        if len(self.failures) > 1:
            others = ", ".join(f"«{failure.check}»" for failure in self.failures[1:])
            yield "Tampoco se cumple", others, False

    def _explained(self, first: Failure) -> Iterator[tuple[str, str, bool]]:
        if self.mistake:
            yield "Error reconocido", f"{self.mistake}. {self.explanation}", False
        yield "Qué se observó", first.observed, False
        if first.example:
            yield "El ejemplo más pequeño en que falla", "\n" + first.example, True
        if first.arguments and first.repeatable and self.key:
            again = f"resultado = ej.{self.key}.comprobar({self.key})"
            yield "Para repetirlo", f"`{again}` y luego `{self.key}(*resultado.ejemplo)`", False
        if first.printed:
            yield "Lo que imprimió", "\n" + first.printed, True
        if first.idea and not self.mistake:
            yield "La idea", first.idea, False
        if self.section:
            yield "Vuelve a leer", self.section, False

    def __repr__(self) -> str:
        parts = [(label, text) for label, text, _ in self._sections()]
        return report.plain(self._title(), *parts)

    def _repr_html_(self) -> str:
        parts = [
            report.section(label, text.lstrip("\n") if code else text, code=code)
            for label, text, code in self._sections()
        ]
        return report.box(self.status, self._title(), *parts)
