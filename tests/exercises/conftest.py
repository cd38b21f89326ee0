"""El progreso de las pruebas va a una carpeta temporal; el código sale de los cuadernos."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
import torch

from course_lib.exercises.core import checking, probe, time_limit

BUSY = 600.0  # segundos: lo que se espera a un equipo ocupado antes de dar algo por perdido

# Palabras que solo trae un mensaje sin traducir de Python, PyTorch o NumPy.
ENGLISH = re.compile(
    r"sin traducir|\b(?:the|of|is|are|was|were|be|not|must|has|have|with|for|but|got|given|found"
    r"|cannot|can|out|expected|required|supported|shape|divi\w+ by)\b(?!`)"
)

BOOK = Path(__file__).resolve().parents[2] / "book"


@pytest.fixture(autouse=True)
def private_progress(monkeypatch, tmp_path):
    """Ninguna prueba toca el progreso real."""
    path = tmp_path / "progreso.json"
    monkeypatch.setenv("COURSE_LIB_PROGRESS", str(path))
    return path


@pytest.fixture(autouse=True)
def all_the_patience(monkeypatch):
    """El corrector se cansa de esperar a un equipo muy ocupado; las pruebas, no."""
    monkeypatch.setattr(probe, "PATIENCE_SECONDS", BUSY)
    monkeypatch.setattr(time_limit, "PATIENCE_SECONDS", BUSY)


DRAWN = {}  # (ejercicio, semilla) → sus ejemplos


@pytest.fixture
def each_draw_once(monkeypatch):
    """Con una semilla el sorteo es siempre el mismo: se hace una vez para todas las respuestas.

    Si una respuesta o el corrector cambiaran los ejemplos, las pruebas siguientes fallarían.
    """
    draw = checking.draw

    def drawn(exercise, seed):
        if seed is None:
            return draw(exercise, seed)
        if (exercise.key, seed) not in DRAWN:
            DRAWN[exercise.key, seed] = draw(exercise, seed)
        return DRAWN[exercise.key, seed]

    monkeypatch.setattr(checking, "draw", drawn)


def english_in(said):
    """Lo que queda en inglés en un texto, o en lo que `comprobar` dice que lanzó la función."""
    if not isinstance(said, str):
        observed = [failure.observed.split("\n")[0] for failure in said.failures]
        said = "\n".join(line for line in observed if line.startswith("Tu función lanzó"))
    return ENGLISH.findall(said)


def functions_of(folder, chapter):
    """Las funciones que define un cuaderno, sin ejecutar nada más: {nombre: función}."""
    notebook = nbformat.read(BOOK / folder / f"{chapter}.ipynb", as_version=4)
    found = {}
    for cell in notebook.cells:
        lines = cell.source.splitlines()
        if cell.cell_type != "code" or any(line.lstrip().startswith("%") for line in lines):
            continue
        definitions = [n for n in ast.parse(cell.source).body if isinstance(n, ast.FunctionDef)]
        scope = {"torch": torch, "re": re}
        exec(compile(ast.Module(definitions, []), f"<{folder}>", "exec"), scope)
        found |= {node.name: scope[node.name] for node in definitions}
    return found
