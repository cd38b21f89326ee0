"""Los cuadernos del libro: ejecutados, livianos, con alternativas de texto y la misma primera celda."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tools import notebooks as tool
from tools import toc

ROOT = Path(__file__).resolve().parents[2]
PATHS = toc.notebooks()
IDS = [str(p.relative_to(ROOT)) for p in PATHS]
each = pytest.mark.parametrize("path", PATHS, ids=IDS)


def read(path: Path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [c for c in notebook.cells if c.cell_type == "code"]


def tags(cell) -> set[str]:
    return set(cell.metadata.get("tags", []))


def test_toc_lists_every_notebook():
    """nbval recibe los cuadernos de _toc.yml: no puede quedar ninguno fuera."""
    on_disk = {p for p in (ROOT / "book").rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts}
    assert set(PATHS) == on_disk
    listed = subprocess.run(
        [sys.executable, "-m", "tools.toc"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert listed == IDS


@each
def test_executed_in_order_and_without_errors(path):
    runnable = [c for c in code_cells(read(path)) if tool.SKIP not in tags(c)]
    assert all(c.execution_count for c in runnable), "hay celdas sin ejecutar: make notebooks"
    outputs = [o for c in code_cells(read(path)) for o in c.outputs]
    assert not [o for o in outputs if o.output_type == "error"]
    assert not [o for o in outputs if o.get("name") == "stderr"]


def test_all_together_they_stay_light():
    assert sum(path.stat().st_size for path in PATHS) <= 12_000_000


@each
def test_light_and_free_of_local_paths(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) <= 800_000
    for trace in ("/root/", "/home/", "/tmp/", "site-packages", "C:\\\\"):
        assert trace not in text


def test_all_notebooks_weigh_8_mb_at_most():
    assert sum(p.stat().st_size for p in PATHS) <= 8_000_000


@each
def test_first_cell_is_the_common_one(path):
    assert code_cells(read(path))[0].source == tool.first_cell()


@each
def test_widget_state_is_one_that_github_and_colab_open(path):
    notebook = read(path)
    nbformat.validate(notebook)
    for name, bundle in notebook.metadata.get("widgets", {}).items():
        assert name == tool.STATE and bundle["state"] and bundle["version_major"] == 2
    state = notebook.metadata.get("widgets", {}).get(tool.STATE, {}).get("state", {})
    shown = [
        o.data["application/vnd.jupyter.widget-view+json"]["model_id"]
        for c in code_cells(notebook)
        for o in c.outputs
        if "application/vnd.jupyter.widget-view+json" in o.get("data", {})
    ]
    assert set(shown) <= set(state), "hay un control sin estado: no se vería sin kernel"


@each
def test_figures_have_a_text_alternative_and_their_numbers_as_text(path):
    for cell in code_cells(read(path)):
        kinds = {k for o in cell.outputs for k in o.get("data", {})}
        if "image/png" in kinds:
            assert cell.metadata.get("mystnb", {}).get("image", {}).get("alt"), cell.source[:80]
            assert any(o.get("text", "").strip() for o in cell.outputs), cell.source[:80]


@each
def test_at_most_one_cell_in_ten_escapes_the_comparison(path):
    cells = [c for c in code_cells(read(path)) if tool.SKIP not in tags(c)]
    ignored = [c for c in cells if "nbval-ignore-output" in tags(c) or "NBVAL_IGNORE" in c.source]
    assert len(ignored) <= max(1, len(cells) // 10)
    for cell in ignored:
        assert "assert" in cell.source and "#" in cell.source, "debe afirmar algo y decir por qué"


@each
def test_imports_a_handful_of_names(path):
    names = set()
    for cell in code_cells(read(path)):
        source = "\n".join(
            x for x in cell.source.splitlines() if not x.lstrip().startswith(("%", "!"))
        )
        try:
            tree = ast.parse(source)
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course_lib"):
                names |= {a.name for a in node.names}
    assert len(names) <= 16, sorted(names)


@each
def test_gpu_cells_carry_no_numbers(path):
    for cell in code_cells(read(path)):
        if "gpu" in tags(cell):
            assert tool.SKIP in tags(cell) and not cell.outputs
