"""Un tipo de tarea: las maneras de pedirla y los casos con su respuesta."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

__all__ = ["Case", "Kind", "pairs"]

Row = dict[str, Any]


class Case(NamedTuple):
    """Un caso: `slots` completa la instrucción; `input` va aparte, o dentro si hay lugar para él."""

    output: str
    input: str = ""
    slots: dict[str, str] | None = None
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """Un tipo de tarea, en qué parte está y de dónde salen sus ejemplos.

    Cada caso se usa una sola vez, con la manera de pedirlo que le toca por turno. Si la instrucción
    tiene «{input}», la entrada va dentro; si no, aparte. «{later}» es una pregunta que no abre la
    oración, sin la mayúscula que sigue a «¿».
    """

    name: str
    prefix: str
    wordings: tuple[str, ...]
    cases: tuple[Case, ...]
    split: str = "train"

    def rows(self) -> Iterator[Row]:
        """Devuelve los ejemplos, numerados, como van en el archivo."""
        for i, case in enumerate(self.cases):
            # el turno se corre en cada vuelta: así ningún pedido va siempre con la misma respuesta
            wording = self.wordings[(i + i // len(self.wordings)) % len(self.wordings)]
            inside = "{input}" in wording or "{later}" in wording
            later = case.input[:1] + case.input[1:2].lower() + case.input[2:]
            row: Row = {
                "id": f"{self.prefix}-{i + 1:02}",
                "kind": self.name,
                "split": self.split,
                "instruction": wording.format(input=case.input, later=later, **(case.slots or {})),
                "input": "" if inside else case.input,
                "output": case.output,
                "also": list(case.also),
            }
            yield {key: value for key, value in row.items() if value not in ("", [])}


def pairs(table: Iterable[tuple[str, ...]]) -> tuple[Case, ...]:
    """Devuelve los casos de una tabla (entrada, salida y, si las hay, otras salidas válidas)."""
    return tuple(Case(answer, text, also=tuple(also)) for text, answer, *also in table)
