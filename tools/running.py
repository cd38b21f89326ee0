"""Lo que comparten las herramientas que graban: la línea de órdenes y seguir por donde iban."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import torch
from tqdm import tqdm

from course_lib.records import Record, Row

from . import ROOT
from .recording import Recipe, hashes_of, record, write_atomically

__all__ = ["PARTIAL", "main", "resume", "run"]

PARTIAL = ROOT / "_build" / "partial"
Key = TypeVar("Key", bound=Hashable)


def main(
    recipes: Mapping[str, Recipe], description: str, arguments: Sequence[str] | None = None
) -> None:
    """Graba las recetas pedidas (o todas) o, con `--check`, recalcula unas filas y las compara.

    `recipes` es {nombre en la línea de órdenes: receta}; `description`, la docstring de la
    herramienta; `arguments`, lo que se escribió (los del proceso, si se omite).
    """
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="tabla", help=f"una de: {', '.join(recipes)}")
    parser.add_argument("--check", action="store_true", help="recalcula unas filas, sin grabar")
    parser.add_argument("--threads", type=int, default=1, help="núcleos que se usan")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in recipes]:
        parser.error(f"no hay una tabla {unknown[0]!r}; las que hay: {', '.join(recipes)}")
    torch.set_num_threads(options.threads)
    for name in options.names or recipes:
        start = time.process_time()
        run(recipes[name], check=options.check)
        print(f"{name}: {time.process_time() - start:.0f} s de CPU", flush=True)


def run(recipe: Recipe, *, check: bool) -> None:
    """Graba una receta o la comprueba, y escribe qué hizo."""
    if check:
        for replay in recipe.check(Record.load(recipe.name)):
            print(replay.to_frame().to_string(index=False, max_colwidth=40))
        return
    path = record(recipe)
    _partial(recipe.name).unlink(missing_ok=True)
    print(f"Grabado en {path.relative_to(ROOT)}")


def resume(
    recipe: Recipe,
    plan: Sequence[Key],
    key: Callable[[Row], Key],
    compute: Callable[[Key], Sequence[Row]],
) -> list[Row]:
    """Devuelve las filas de `plan`, en su orden; guarda cada paso y, si se interrumpe, sigue por ahí.

    `compute(clave)` calcula las filas de una clave y `key(fila)` dice de qué clave es una fila. Lo que
    se guardó con otro código, otros datos u otro modelo no se mezcla: se empieza de nuevo.
    """
    partial, stamp = _partial(recipe.name), hashes_of(recipe)
    saved = json.loads(partial.read_text(encoding="utf-8")) if partial.exists() else {}
    found: dict[Key, list[Row]] = {}
    for row in saved.get("rows", []) if saved.get("stamp") == stamp else []:
        found.setdefault(key(row), []).append(row)
    for missing in tqdm([k for k in plan if k not in found], desc=recipe.name, unit="paso"):
        found[missing] = list(compute(missing))
        rows = [row for group in found.values() for row in group]
        text = json.dumps({"stamp": stamp, "rows": rows}, ensure_ascii=False)
        write_atomically(partial, text)
    return [row for k in plan for row in found[k]]


def _partial(name: str) -> Path:
    return PARTIAL / f"{name}.json"
