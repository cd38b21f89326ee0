"""Escribe los ejemplos generados, o los comprueba: `python -m tools.instructions [--check]`."""

from __future__ import annotations

import argparse
import json

from course_lib.data.instructions import load_examples
from tools import ROOT

from . import KINDS
from .checks import fault

__all__ = ["PATH", "generated", "main"]

PATH = ROOT / "course_lib" / "data" / "instrucciones_generadas.jsonl"


def generated() -> str:
    """Devuelve el archivo entero: un ejemplo por línea."""
    rows = [row for kind in KINDS for row in kind.rows()]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def main() -> None:
    """Escribe el archivo; con `--check`, dice qué ejemplos fallan y si el archivo está al día."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="no escribe: solo comprueba")
    if not parser.parse_args().check:
        PATH.write_text(generated(), encoding="utf-8")
    faults = [f"{e.id}: {why}" for e in load_examples() if (why := fault(e)) is not None]
    if PATH.read_text(encoding="utf-8") != generated():
        faults.append(f"{PATH.name} no es lo que se genera hoy: vuelve a escribirlo.")
    if faults:
        raise SystemExit("\n".join(faults))
    print(f"{len(load_examples())} ejemplos, todos correctos.")


if __name__ == "__main__":
    main()
