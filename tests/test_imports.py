"""Qué importa qué: las dependencias van en un solo sentido, y `import course_lib` no pesa."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "course_lib"
HEAVY = ("torch", "transformers", "ipywidgets", "matplotlib")

# De abajo arriba. Un módulo puede importar los de su grupo y los de grupos anteriores; los paquetes
# temáticos no se importan entre sí, salvo que todos pueden generar texto con `decoding`.
FOUNDATIONS = {
    "answers",
    "images",
    "models",
    "notebook",
    "palette",
    "scoring",
    "metrics",
    "records",
    "show",
    "sizes",
    "data",
    "trainer",
}
TOPICS = {"transformer", "decoding", "prompting", "abilities", "instruction", "multimodal"}
EXPERIMENTS = {"experiments"}  # entrenan y cronometran con lo que los temas enseñan
READERS = {"widgets", "plots", "image_plots", "diagrams", "exercises"}
# El ejecutable de la línea de órdenes y la puerta del paquete usan lo que haga falta.
ENTRANCES = {"__init__", "__main__"}


def unit(path: Path) -> str:
    """El paquete o módulo de primer nivel al que pertenece un archivo."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Los nombres completos que un archivo importa, también dentro de sus funciones."""
    return {name for node in ast.walk(parse(path)) for name in names_of(node, path)}


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def names_of(node: ast.AST, path: Path) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if not isinstance(node, ast.ImportFrom):
        return []
    base = node.module or ""
    if node.level:
        package = path.relative_to(ROOT).with_suffix("").parts[: -node.level]
        base = ".".join([*package, *([base] if base else [])])
    # `from . import x` y `from course_lib import x` nombran un módulo; el resto, lo de dentro
    return (
        [f"{base}.{a.name}" for a in node.names] if base.count(".") == 0 or node.level else [base]
    )


def units_used(path: Path) -> set[str]:
    found = {n.split(".")[1] for n in imported(path) if n.startswith("course_lib.")}
    return {f for f in found if (PACKAGE / f).is_dir() or (PACKAGE / f"{f}.py").exists()}


FILES = sorted(PACKAGE.rglob("*.py"))
UNITS = {unit(p) for p in FILES}


def test_every_module_has_a_place_in_the_order():
    strays = UNITS - ENTRANCES - FOUNDATIONS - TOPICS - EXPERIMENTS - READERS
    assert not strays, f"di en qué nivel van: {sorted(strays)}"


def allowed(own: str) -> set[str]:
    """Lo que puede importar un módulo de esa unidad."""
    if own in ENTRANCES:
        return UNITS
    found = {own} | FOUNDATIONS
    if own in TOPICS:
        found |= {"decoding"}
    if own in EXPERIMENTS:
        found |= TOPICS
    if own in READERS:
        found |= TOPICS | EXPERIMENTS | READERS
    return found


def test_dependencies_point_one_way():
    strays = {
        str(path.relative_to(PACKAGE)): sorted(units_used(path) - allowed(unit(path)))
        for path in FILES
    }
    assert {path: names for path, names in strays.items() if names} == {}


def test_the_rule_sees_what_it_should(tmp_path):
    """La comprobación misma: cada forma de importar se reconoce."""
    lines = {
        "from ..widgets import beam": "course_lib.widgets.beam",
        "from .. import plots": "course_lib.plots",
        "import course_lib.widgets.base": "course_lib.widgets.base",
        "from course_lib import plots": "course_lib.plots",
        "from course_lib.widgets.beam import beam_lab": "course_lib.widgets.beam",
        "def f():\n    from ..exercises.core.result import Result": "course_lib.exercises.core.result.Result",
    }
    home = PACKAGE / "decoding" / "imaginario.py"
    for source, expected in lines.items():
        names = [n for node in ast.walk(ast.parse(source)) for n in names_of(node, home)]
        assert expected in names, source
    assert "exercises" in units_used(PACKAGE / "exercises" / "__init__.py")
    assert {"models", "show"} <= units_used(PACKAGE / "prompting" / "answer_search.py")


def test_foundations_do_not_form_a_circle():
    graph = {u: set() for u in UNITS}
    for path in FILES:
        graph[unit(path)] |= units_used(path) - {unit(path)}
    done, order = set(), []
    while len(order) < len(graph):
        ready = [u for u in sorted(graph) if u not in done and graph[u] <= done]
        assert ready, f"se importan en círculo: {sorted(set(graph) - done)}"
        order += ready
        done |= set(ready)


def loaded_by(statement: str) -> set[str]:
    code = f"import sys\n{statement}\nprint(*sorted({{m.partition('.')[0] for m in sys.modules}}))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert out.returncode == 0, out.stderr
    return set(out.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import course_lib",
        "from course_lib import setup_notebook; setup_notebook()",  # fuera de Colab no hace nada
        "import course_lib.models, course_lib.models.fetch, course_lib.__main__",
        "import course_lib.records, course_lib.data",
    ],
)
def test_light_imports_load_nothing_heavy(statement):
    assert loaded_by(statement) & set(HEAVY) == set()


@pytest.mark.parametrize(
    "statement",
    [
        "from course_lib.models import load",
        "import course_lib.decoding",
        "import course_lib.scoring",
    ],
)
def test_models_load_only_torch(statement):
    heavy = loaded_by(statement) & set(HEAVY)
    assert heavy == {"torch"}, heavy


# Estos dos quitan carpetas o las ordenan, para que un archivo del alumno no se importe por error.
GUARDS = {"course_lib/__main__.py", "course_lib/models/child.py"}
EDITS = re.compile(r"sys\.path\s*(\.(append|insert|extend|remove|clear)|\[|\+?=[^=])")


def test_nobody_edits_the_search_path():
    """Todo se importa porque está instalado o porque se corre desde la raíz con `python -m`."""
    assert EDITS.search("sys.path" + ".insert(0, '.')") and EDITS.search(
        "sys.path" + "[:0] = ['.']"
    )
    assert not EDITS.search("os.pathsep.join(filter(None, sys.path))")
    patterns = ("*.py", "*.ipynb", "*.toml", "Makefile")
    tracked = subprocess.run(
        ["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True
    )
    files = [ROOT / name for name in tracked.stdout.splitlines() if name not in GUARDS]
    assert len(files) > 200
    found = {str(p.relative_to(ROOT)) for p in files if EDITS.search(p.read_text("utf-8"))}
    assert found == set()
