"""Mide cuánto tarda leer secuencias de longitud creciente y graba los tiempos.

python -m tools.record_timing           # un minuto, en un núcleo desocupado
"""

from __future__ import annotations

from pathlib import Path

import torch

from course_lib.experiments.reading_times import reading_times
from course_lib.records import Record

ROOT = Path(__file__).resolve().parent.parent
LENGTHS = (32, 64, 128, 256, 512, 1024)
WIDTH = 512


def main() -> None:
    torch.set_num_threads(1)
    code = ROOT / "course_lib" / "transformer"
    record = Record.create(
        "Tiempo de leer una secuencia, paso a paso y de una vez",
        reading_times(LENGTHS, width=WIDTH, repeats=5),
        command="python -m tools.record_timing",
        seed=0,
        settings={"width": WIDTH, "threads": 1, "dtype": "float32", "device": "cpu"},
        files=[code / f"{name}.py" for name in ("timing", "model", "block", "attention", "mlp")],
        packages=("torch",),
        notes="Segundos, el mejor de cinco intentos, en un núcleo de CPU.",
    )
    path = record.save("timing")
    print(f"Grabado en {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
