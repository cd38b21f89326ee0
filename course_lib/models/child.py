"""Correr otro Python en silencio: pip para descargar, transformers para convertir.

En otro proceso, su memoria se devuelve al terminar, sus mensajes no ensucian el cuaderno y, si el
sistema lo detiene, el kernel sigue vivo para decir qué pasó. El hijo encuentra los mismos paquetes que
este proceso, pero no los archivos que haya junto al cuaderno: un `random.py` ahí no debe romper a pip.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["run_module"]

_ROOT = Path(__file__).resolve().parents[2]
# lo que cambiaría de dónde importa el hijo, o si un aviso o un error lo detiene
_UNWANTED = {"PYTHONPATH", "PYTHONSTARTUP", "PYTHONINSPECT", "PYTHONWARNINGS", "PYTHONOPTIMIZE"}


def run_module(
    arguments: Sequence[str],
    log: Path,
    tick: Callable[[], object],
    environment: Mapping[str, str],
) -> tuple[int, str]:
    """Corre `python -m arguments` y devuelve (código de salida, lo que escribió).

    `environment` es su entorno entero. Mientras espera llama a `tick()` dos veces por segundo; si algo
    interrumpe la espera (Ctrl+C, por ejemplo), detiene el proceso.
    """
    # -P: nada de la carpeta actual; -S: al empezar solo está la biblioteca estándar (ver `_start`)
    options = ["-P", "-S", *(["-s"] if sys.flags.no_user_site else [])]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, *options, __file__, json.dumps(_places()), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={k: v for k, v in environment.items() if k not in _UNWANTED},
            cwd=_current_folder() or log.parent,
        )
        try:
            code = _wait(process, tick)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    return code, log.read_text(encoding="utf-8", errors="replace")


def _wait(process: subprocess.Popen[bytes], tick: Callable[[], object]) -> int:
    while True:
        try:
            return process.wait(timeout=0.5)
        except subprocess.TimeoutExpired:
            tick()


# --- de dónde importa el hijo --------------------------------------------------------------------


def _places() -> dict[str, list[str]]:
    """Las carpetas de `sys.path`: las que tienen paquetes instalados y, aparte, las demás.

    Entre las demás no van las del cuaderno: la actual, la del programa principal y la primera.
    """
    here = _current_folder() or os.sep
    main = getattr(sys.modules.get("__main__"), "__file__", None) or here
    # Python solo mira los textos: un Path en sys.path no le sirve, y aquí tampoco
    entries = [os.path.join(here, p) if p else here for p in sys.path if isinstance(p, str)]
    beside = {here, *entries[:1], os.path.dirname(os.path.join(here, main))}
    installed = [p for p in entries if _has_packages(p)]
    others = [p for p in entries if p not in installed and not _among(p, beside)]
    return {"installed": installed, "others": others}


def _current_folder() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # alguien la borró
        return None


def _among(entry: str, folders: set[str]) -> bool:
    return os.path.realpath(entry) in {os.path.realpath(f) for f in folders}


def _has_packages(entry: str) -> bool:
    """Si pip instaló algo en `entry`, o si es un zip: nadie escribe ahí sus propios programas."""
    if os.path.isfile(entry):
        return True
    try:
        return any(name.endswith(".dist-info") for name in os.listdir(entry))
    except OSError:
        return False


def _start(places: Mapping[str, Sequence[str]], arguments: Sequence[str]) -> None:
    """Ya en el hijo: ordena `sys.path` y corre el módulo `arguments[0]`.

    Primero la biblioteca estándar, luego lo instalado y al final el resto, para que ningún archivo
    suelto ocupe el lugar de un módulo de verdad.
    """
    standard = list(sys.path)
    import site

    site.main()
    sys.path[:] = dict.fromkeys([*standard, *places["installed"], *sys.path, *places["others"]])
    # este mismo course_lib, aunque haya otro instalado, sin poner su carpeta entera a la vista
    spec = importlib.machinery.PathFinder.find_spec("course_lib", [str(_ROOT)])
    if spec is not None and spec.loader is not None:
        sys.modules["course_lib"] = package = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(package)
    sys.argv = list(arguments)
    runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    _start(json.loads(sys.argv[1]), sys.argv[2:])
