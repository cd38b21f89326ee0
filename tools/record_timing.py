"""Mide cuánto tarda leer secuencias de longitud creciente y graba los tiempos.

python -m tools.record_timing            # un minuto, en un núcleo desocupado
python -m tools.record_timing --check    # vuelve a medir lo más corto
"""

from __future__ import annotations

import time

from course_lib.experiments.reading_times import reading_times
from course_lib.records import Record, Replay, Row

from . import running
from .recording import Recipe

__all__ = ["RECIPES"]

LENGTHS = (32, 64, 128, 256, 512, 1024)
WIDTH = 512


def rows() -> list[Row]:
    """Devuelve una fila por modo y longitud."""
    return reading_times(LENGTHS, width=WIDTH, repeats=5)


def check(record: Record) -> list[Replay]:
    """Mide de nuevo la secuencia más corta: coincide si cada tiempo no pasa de diez veces el otro.

    Un tiempo depende de la máquina; lo que se comprueba es que siga siendo del mismo orden. Se cuenta el
    tiempo de CPU, que no crece si la máquina está ocupada.
    """
    found = reading_times(LENGTHS[:1], width=WIDTH, clock=time.process_time)
    again = {row["mode"]: row["seconds"] for row in found}
    return [record.replay(lambda row: {"seconds": again[row["mode"]]}, rtol=0.9, length=LENGTHS[0])]


TIMING = Recipe(
    name="timing",
    title="Tiempo de leer una secuencia, paso a paso y de una vez",
    command="python -m tools.record_timing",
    rows=rows,
    check=check,
    files=(
        "course_lib/experiments/reading_times.py",
        *(
            f"course_lib/transformer/{name}.py"
            for name in ("config", "model", "block", "attention", "mlp", "norm", "rotary", "cache")
        ),
    ),
    seed=0,
    settings=lambda: {"width": WIDTH, "threads": 1, "dtype": "float32", "device": "cpu"},
    packages=("torch",),
    notes="Segundos, el mejor de cinco intentos, en un núcleo de CPU.",
)
RECIPES = {"timing": TIMING}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
