"""Prueba los correctores: altera cada solución y cuenta cuántas alteraciones detectan.

    python -m tools.mutate                    todos los capítulos
    python -m tools.mutate 08_generacion      uno

Cada mutante cambia una sola cosa de la solución del cuaderno maestro (un operador, una comparación,
una constante, un eje, una función, el orden de dos argumentos, una instrucción). El corrector debe
rechazarlo. Los que sobreviven están explicados en `tools/mutants.yml`; si aparece uno sin
explicación, si sobra una explicación o si se detecta menos del 80 %, termina con error.
"""

from __future__ import annotations

import ast
import copy
import difflib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

from course_lib.exercises import CHAPTERS, chapter_exercises
from course_lib.exercises.core.checking import check

from . import ROOT

__all__ = [
    "Mutant",
    "build",
    "explained",
    "main",
    "mutants",
    "report",
    "solutions",
    "survivors",
]

Edit = Callable[[Any], object]  # altera en su sitio un nodo del árbol
EXPLAINED = ROOT / "tools" / "mutants.yml"
REQUIRED = 0.80
REGION = "# region solución"

OPERATORS: dict[type[ast.AST], list[type[ast.AST]]] = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Mod],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.And: [ast.Or],
    ast.Or: [ast.And],
}
NAMES = {
    "max": "min",
    "min": "max",
    "argmax": "argmin",
    "argmin": "argmax",
    "softmax": "log_softmax",
    "log_softmax": "softmax",
    "exp": "log",
    "log": "exp",
    "log2": "log",
    "sum": "mean",
    "cumsum": "cumprod",
    "append": "extend",
    "values": "indices",
}


@dataclass(frozen=True)
class Mutant:
    """Una solución alterada: la función, el cambio («antes → después») y su código."""

    function: str
    change: str
    source: str


def solutions(chapter: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Devuelve los nombres que importa el cuaderno maestro y el código de cada solución."""
    notebook = nbformat.read(ROOT / "book" / "soluciones" / f"{chapter}.ipynb", as_version=4)
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    namespace: dict[str, Any] = {}
    sources = {}
    for source in cells:
        if any(line.lstrip().startswith(("%", "!")) for line in source.splitlines()):
            continue  # la celda de instalación lleva una orden de IPython
        tree = ast.parse(source)
        imports: list[ast.stmt] = [
            node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        ]
        exec(compile(ast.Module(imports, []), chapter, "exec"), namespace)
        if REGION in source:
            name = next(node.name for node in tree.body if isinstance(node, ast.FunctionDef))
            sources[name] = ast.unparse(tree)
    return namespace, sources


def build(source: str, name: str, namespace: Mapping[str, Any]) -> Callable[..., Any]:
    """Devuelve la función `name` definida por `source`."""
    scope = dict(namespace)
    exec(compile(source, f"<{name}>", "exec"), scope)
    function: Callable[..., Any] = scope[name]
    return function


def mutants(source: str, name: str) -> list[Mutant]:
    """Devuelve todos los mutantes distintos de una solución."""
    source = ast.unparse(ast.parse(source))
    found: dict[str, Mutant] = {}
    places = len(list(ast.walk(ast.parse(source))))
    for place in range(places):
        for edit in _edits(list(ast.walk(ast.parse(source)))[place]):
            tree = ast.parse(source)
            edit(list(ast.walk(tree))[place])
            changed = ast.unparse(ast.fix_missing_locations(tree))
            if changed != source:
                found.setdefault(changed, Mutant(name, _difference(source, changed), changed))
    return list(found.values())


def _difference(before: str, after: str) -> str:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    marked = [line for line in lines if line[0] in "+-"]
    old, new = ([line[2:].strip() for line in marked if line[0] == sign] for sign in "-+")
    return f"{' '.join(old)} → {' '.join(new)}"


def _edits(node: ast.AST) -> Iterator[Edit]:
    """Funciones que alteran en su sitio un nodo como este."""
    if isinstance(node, ast.BinOp | ast.BoolOp):
        yield from (_setter("op", new()) for new in OPERATORS.get(type(node.op), ()))
    elif isinstance(node, ast.Compare):
        yield from (_setter("ops", [new()]) for new in OPERATORS.get(type(node.ops[0]), ()))
    elif isinstance(node, ast.UnaryOp):
        yield _setter("op", ast.UAdd()) if isinstance(node.op, ast.USub) else _replace_by_operand
    elif isinstance(node, ast.Constant):
        yield from (_setter("value", value) for value in _other_values(node.value))
    elif isinstance(node, ast.Attribute) and node.attr in NAMES:
        yield _setter("attr", NAMES[node.attr])
    elif isinstance(node, ast.Name) and node.id in ("max", "min"):
        yield _setter("id", NAMES[node.id])
    elif isinstance(node, ast.Call):
        yield from _call_edits(node)
    elif isinstance(node, ast.List | ast.Tuple) and len(node.elts) > 1:
        yield lambda target: target.elts.reverse()
    elif isinstance(node, ast.Return):
        yield _setter("value", ast.Constant(None))
    body = getattr(node, "body", None)
    if isinstance(body, list):
        yield from (_statement_remover(i) for i in range(len(body)))


def _call_edits(node: ast.Call) -> Iterator[Edit]:
    for i in range(len(node.args) - 1):
        yield _swap(i)
    for i, keyword in enumerate(node.keywords):
        yield _keyword_remover(i)
        if keyword.arg == "dim":
            yield _keyword_setter(i, ast.Constant(0))


def _other_values(value: object) -> Sequence[object]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 1, value - 1]
    return ["inf"] if value == "-inf" else []


def _setter(field: str, value: object) -> Edit:
    return lambda target: setattr(target, field, copy.deepcopy(value))


def _replace_by_operand(target: Any) -> None:
    """~x pasa a ser x: se niega dos veces."""
    target.operand = ast.UnaryOp(ast.Invert(), target.operand)


def _swap(i: int) -> Edit:
    def edit(target: Any) -> None:
        target.args[i], target.args[i + 1] = target.args[i + 1], target.args[i]

    return edit


def _keyword_remover(i: int) -> Edit:
    return lambda target: target.keywords.pop(i)


def _keyword_setter(i: int, value: object) -> Edit:
    return lambda target: setattr(target.keywords[i], "value", copy.deepcopy(value))


def _statement_remover(i: int) -> Edit:
    def edit(target: Any) -> None:
        is_docstring = isinstance(target.body[i], ast.Expr) and isinstance(
            target.body[i].value, ast.Constant
        )
        if not is_docstring and not isinstance(target.body[i], ast.FunctionDef | ast.Return):
            target.body[i] = ast.Pass()

    return edit


def survivors(chapter: str, seed: int = 0) -> tuple[int, list[Mutant]]:
    """Devuelve cuántos mutantes hay en un capítulo y los que ningún corrector rechazó.

    `seed` es la semilla de los sorteos del corrector.
    """
    namespace, sources = solutions(chapter)
    total = 0
    alive: list[Mutant] = []
    for exercise in chapter_exercises(chapter):
        for mutant in mutants(sources[exercise.key], exercise.key):
            total += 1
            function = build(mutant.source, mutant.function, namespace)
            if check(exercise, function, seed).ok:
                alive.append(mutant)
    return total, alive


def explained(path: Path = EXPLAINED) -> dict[tuple[str, str], str]:
    """Devuelve, de `path`, el motivo de cada superviviente conocido: {(función, cambio): motivo}."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return {(e["function"], e["change"]): e["reason"] for e in entries}


def report(chapter: str) -> bool:
    """Escribe la cuenta de un capítulo y sus supervivientes; devuelve si todo está en orden."""
    total, alive = survivors(chapter)
    reasons = explained()
    caught = (total - len(alive)) / total
    print(f"{chapter}: {total - len(alive)} de {total} mutantes detectados ({caught:.1%})")
    ok = caught >= REQUIRED
    for mutant in alive:
        reason = reasons.get((mutant.function, mutant.change))
        ok = ok and reason is not None
        print(f"  vive  {mutant.function}: {mutant.change}\n        {reason or 'SIN EXPLICAR'}")
    living = {(mutant.function, mutant.change) for mutant in alive}
    functions = {exercise.key for exercise in chapter_exercises(chapter)}
    for function, change in sorted(set(reasons) - living):
        if function in functions:
            ok = False
            print(f"  sobra {function}: {change}\n        ya no vive: bórralo de {EXPLAINED.name}")
    return ok


def main(chapters: Sequence[str]) -> int:
    """Informa de los capítulos pedidos, o de todos; devuelve el código de salida."""
    results = [report(chapter) for chapter in chapters or CHAPTERS]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
