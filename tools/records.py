"""Comprueba las tablas grabadas y, cuando solo cambió la forma del código, pone al día sus huellas.

    python -m tools.records                     # lista las tablas y dice cuáles tienen código cambiado
    python -m tools.records --check             # recalcula al menos una fila de cada una
    python -m tools.records --check family      # o solo de las que se nombran
    python -m tools.records --rehash family     # además, si coincide, anota las huellas de hoy
    python -m tools.records --rehash            # lo mismo, con todas las que tienen código cambiado

Las filas no se tocan nunca: para cambiarlas hay que repetir la orden con que se grabaron, que dice el
propio registro. Si una fila no coincide, `--rehash` falla y no escribe nada.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Sequence

import torch

from course_lib.records import Record, Replay

from . import (
    compare_decoding,
    compare_translation,
    evaluate_abilities,
    evaluate_inpage,
    evaluate_instruction,
    evaluate_prompting,
    evaluate_sizes,
    evaluate_vision,
    record_timing,
    train_addition,
    train_family,
    train_induction,
    train_instruction,
    train_recall,
    train_stories,
    train_vision,
)
from .recording import Recipe, hashes_of, rehash

__all__ = ["RECIPES", "main", "stale"]

TOOLS = (
    compare_decoding,
    compare_translation,
    evaluate_abilities,
    evaluate_inpage,
    evaluate_instruction,
    evaluate_prompting,
    evaluate_sizes,
    evaluate_vision,
    record_timing,
    train_addition,
    train_family,
    train_induction,
    train_instruction,
    train_recall,
    train_stories,
    train_vision,
)
RECIPES = {recipe.name: recipe for tool in TOOLS for recipe in tool.RECIPES.values()}


def stale(recipe: Recipe) -> list[str]:
    """Devuelve los archivos y modelos de una receta que no son los que su registro anotó."""
    recorded, today = Record.load(recipe.name).hashes, hashes_of(recipe)
    return sorted(n for n in recorded | today if recorded.get(n) != today.get(n))


def main(arguments: Sequence[str] | None = None) -> int:
    """Lista, comprueba o pone al día; devuelve 1 si alguna tabla no está en orden.

    `arguments` es lo que se escribió en la línea de órdenes (lo del proceso, si se omite).
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="tabla", help="una o varias")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--check", action="store_true", help="recalcula al menos una fila")
    what.add_argument("--rehash", action="store_true", help="la recalcula y anota las huellas")
    parser.add_argument("--threads", type=int, default=1, help="núcleos que se usan")
    options = parser.parse_args(arguments)
    if unknown := [name for name in options.names if name not in RECIPES]:
        parser.error(f"no hay una tabla {unknown[0]!r}; las que hay: {', '.join(RECIPES)}")
    torch.set_num_threads(options.threads)
    names = options.names or list(RECIPES)
    if options.rehash:
        return _each(options.names or [name for name in names if stale(RECIPES[name])], rehash)
    if options.check:
        return _each(names, lambda recipe: recipe.check(Record.load(recipe.name)))
    return _list(names)


def _each(names: Sequence[str], replay: Callable[[Recipe], Iterable[Replay]]) -> int:
    """Recalcula cada tabla aunque otra falle, y dice cómo le fue a cada una."""
    failed = False
    for name in names:
        try:
            values = sum(len(found.pairs) for found in replay(RECIPES[name]))
        except ValueError as error:
            failed = True
            print(f"{name}: NO COINCIDE\n    {error}", flush=True)
        else:
            print(f"{name}: {values} valores recalculados, y coinciden", flush=True)
    return int(failed)


def _list(names: Sequence[str]) -> int:
    failed = False
    for name in names:
        found, files = Record.load(name), stale(RECIPES[name])
        failed = failed or bool(files)
        state = f"cambió {', '.join(files)}" if files else "al día"
        print(f"{name}: {len(found.rows)} filas del {found.date}, {state}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
