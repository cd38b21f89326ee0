"""Correr otro Python en silencio: pip para descargar, transformers para convertir.

En otro proceso, su memoria se devuelve al terminar, sus mensajes no ensucian el cuaderno y, si el
sistema lo detiene, el kernel sigue vivo para decir qué pasó.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["run_module"]

_ROOT = Path(__file__).resolve().parents[2]


def run_module(
    arguments: Sequence[str], log: Path, tick: Callable[[], object], **environment: str
) -> tuple[int, str]:
    """Corre `python -m arguments` y devuelve (código de salida, lo que escribió).

    Mientras espera llama a `tick()` dos veces por segundo; si algo interrumpe la espera
    (Ctrl+C, por ejemplo), detiene el proceso.
    """
    path = os.pathsep.join([*filter(None, sys.path), str(_ROOT)])  # el hijo importa lo mismo
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, "PYTHONPATH": path, **environment},
        )
        try:
            code = _wait(process, tick)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    return code, log.read_text(encoding="utf-8", errors="replace")


def _wait(process: subprocess.Popen, tick: Callable[[], object]) -> int:
    while True:
        try:
            return process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            tick()
