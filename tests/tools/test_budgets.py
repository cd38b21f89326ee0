"""Lo que se lee cabe en una sentada: cada parte, cada archivo y cada función tienen un tope."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import ROOT

PACKAGE = ROOT / "course_lib"

# Líneas escritas (sin contar las vacías) de lo que un capítulo enseña: (tope, archivos). Entre todas, 5 000.
SEAM = ("language_model", "state", "huggingface", "boundary")
PARTS = {
    "la puerta": (506, [f"models/{name}.py" for name in SEAM]),
    "puntajes": (202, ["scoring.py"]),
    "transformer": (711, ["transformer/**/*.py"]),
    "decodificación": (1075, ["decoding/**/*.py"]),
    "prompting": (1252, ["prompting/**/*.py"]),
    "habilidades": (489, ["abilities/**/*.py"]),
    "instrucciones": (481, ["instruction/**/*.py"]),
    "multimodalidad": (284, ["multimodal/**/*.py"]),
}
READING, JAVASCRIPT, FILE, FUNCTION = 5000, 3000, 300, 40
# El modelo que corre en el navegador (la oferta, el depósito y el motor) no es de ningún laboratorio: se cuenta aparte.
INPAGE = 700

# Las funciones que no caben y por qué. La lista solo puede acortarse.
LONG = {
    "course_lib/decoding/beam.py:beam_search": "los cinco pasos de la clase, en orden y a la vista",
}

CODE = sorted(
    path
    for folder in ("course_lib", "tools", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def total(patterns: list[str]) -> int:
    files = [path for pattern in patterns for path in PACKAGE.glob(pattern)]
    text = [line for path in files for line in path.read_text(encoding="utf-8").splitlines()]
    return sum(bool(line.strip()) for line in text)


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Cada función de un archivo, con su nombre completo y sus líneas, docstring incluida."""

    def walk(node: ast.AST, name: str) -> Iterator[tuple[str, int]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                full = f"{name}.{child.name}" if name else child.name
                if not isinstance(child, ast.ClassDef):
                    yield full, (child.end_lineno or 0) - child.lineno + 1
                yield from walk(child, full)
            else:
                yield from walk(child, name)

    return walk(ast.parse(path.read_text(encoding="utf-8")), "")


LENGTHS = {
    f"{path.relative_to(ROOT).as_posix()}:{name}": length
    for path in CODE
    for name, length in functions(path)
}


def test_the_parts_fit_in_the_whole():
    assert sum(budget for budget, _ in PARTS.values()) <= READING


@pytest.mark.parametrize("part", PARTS)
def test_a_part_keeps_its_budget(part):
    budget, patterns = PARTS[part]
    assert total(patterns) <= budget


def test_javascript_keeps_its_budget():
    inpage = total(["widgets/inpage/*.js"])
    assert 0 < inpage <= INPAGE
    assert 0 < total(["**/*.js"]) - inpage <= JAVASCRIPT


def test_a_file_is_read_in_one_sitting():
    assert {str(path.relative_to(ROOT)): lines(path) for path in CODE if lines(path) > FILE} == {}


def test_functions_fit_on_a_screen():
    assert len(LENGTHS) > 500
    assert {name: n for name, n in LENGTHS.items() if n > FUNCTION and name not in LONG} == {}


def test_exceptions_are_still_needed():
    assert [name for name in LONG if LENGTHS.get(name, 0) <= FUNCTION] == []


def test_the_measure_sees_nested_functions(tmp_path):
    path = tmp_path / "x.py"
    path.write_text(
        "class A:\n    def f(self):\n        def g():\n            pass\n        return g\n"
    )
    assert dict(functions(path)) == {"A.f": 4, "A.f.g": 2}
