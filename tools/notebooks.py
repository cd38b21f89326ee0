"""Ejecuta los cuadernos del libro y guarda sus salidas, siempre con los mismos bytes.

    python -m tools.notebooks                     # todos los de _toc.yml
    python -m tools.notebooks book/08_generacion.ipynb
    python -m tools.notebooks --once …            # sin la segunda ejecución de control
    python -m tools.notebooks --views …           # sin ejecutar: el JavaScript y el CSS de hoy, y figuras ligeras

Cada cuaderno corre en un kernel nuevo, en CPU y sin red. Después se ejecuta otra vez como si la
máquina fuera otra (un hilo, sin AVX-512): si una celda imprime algo distinto, no se guarda nada y se
dice cuál, porque ese número tampoco se sostendría en la máquina de quien lee.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import os
import sys
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient
from nbformat import NotebookNode

from . import ROOT
from .pictures import lighten_pictures
from .toc import notebooks

__all__ = [
    "differences",
    "execute",
    "first_cell",
    "main",
    "normalize",
    "prepare",
    "refresh_views",
    "run",
]

STATE = "application/vnd.jupyter.widget-state+json"
OFFLINE = {
    "CUDA_VISIBLE_DEVICES": "",
    "HF_HUB_OFFLINE": "1",
    "PIP_NO_INDEX": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "COURSE_LIB_PROGRESS": "off",
}
OTHER_MACHINE = {
    "ATEN_CPU_CAPABILITY": "avx2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
# el doble de puntos por figura, con el mismo tamaño en la página
CRISP = ["--InlineBackend.figure_formats={'retina'}"]
SKIP = "nbval-skip"  # celdas que necesitan una GPU o el Hub


def first_cell(config: Path = ROOT / "_config.yml") -> str:
    """La primera celda de código de todo cuaderno; la dirección sale de `_config.yml`."""
    url = yaml.safe_load(config.read_text(encoding="utf-8"))["repository"]["url"]
    return (
        "try:\n"
        "    import course_lib\n"
        "except ModuleNotFoundError:  # en Colab el paquete aún no está instalado\n"
        f'    %pip install -q "course_lib @ git+{url}"\n'
        "    import course_lib\n"
        "course_lib.setup_notebook()"
    )


def execute(path: Path, extra: dict[str, str]) -> NotebookNode:
    """Devuelve el cuaderno ejecutado de principio a fin y normalizado."""
    notebook = nbformat.read(path, as_version=4)
    prepare(notebook, path.stem)
    before = dict(os.environ)
    os.environ.update(OFFLINE | extra)  # el kernel hereda el entorno
    try:
        NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            store_widget_state=True,
            extra_arguments=CRISP,
            record_timing=False,
            skip_cells_with_tag=SKIP,
            resources={"metadata": {"path": str(path.parent)}},
        ).execute()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return normalize(notebook, path.stem)


def prepare(notebook: NotebookNode, name: str) -> None:
    """Deja el cuaderno sin salidas, con ids de celda estables y la primera celda al día."""
    code = [c for c in notebook.cells if c.cell_type == "code"]
    code[0].source = first_cell()
    for cell in code:
        cell.outputs, cell.execution_count = [], None
        cell.metadata.pop("execution", None)
    for i, cell in enumerate(notebook.cells):
        cell.id = f"{name.replace('_', '-')[:40]}-{i:03d}"
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )


def normalize(notebook: NotebookNode, name: str) -> NotebookNode:
    """Quita lo que cambia de una ejecución a otra (ids de widgets, barras de progreso, cuentas) y aligera las figuras."""
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        skipped = SKIP in cell.metadata.get("tags", [])
        cell.execution_count = None if skipped else count
        cell.outputs = [o for o in cell.outputs if o.get("name") != "stderr"]
        for output in cell.outputs:
            if "execution_count" in output:
                output.execution_count = count
    notebook.metadata.pop("language_info", None)
    notebook.metadata["language_info"] = {"name": "python"}
    lighten_pictures(notebook)
    return _stable_widget_ids(notebook, name)


def _stable_widget_ids(notebook: NotebookNode, name: str) -> NotebookNode:
    widgets = notebook.metadata.get("widgets", {})
    state = widgets.get(STATE, {}).get("state", {})
    if not state:
        notebook.metadata.pop("widgets", None)  # GitHub no muestra un cuaderno con un estado vacío
        return notebook
    for model in state.values():  # lo nulo es el valor por omisión, y ocupa una cuarta parte
        model["state"] = {k: v for k, v in model["state"].items() if v is not None}
    text = json.dumps(notebook)
    for i, old in enumerate(list(state)):  # el orden es el de creación
        text = text.replace(old, hashlib.md5(f"{name}:{i}".encode()).hexdigest())
    stable: NotebookNode = nbformat.from_dict(json.loads(text))
    return stable


def differences(a: NotebookNode, b: NotebookNode) -> list[str]:
    """Las celdas cuyo texto cambia entre dos ejecuciones, con las líneas que difieren."""
    found = []
    for i, (x, y) in enumerate(zip(a.cells, b.cells, strict=True)):
        if x.cell_type != "code" or "nbval-ignore-output" in x.metadata.get("tags", []):
            continue
        lines = difflib.unified_diff(_text(x), _text(y), "aquí", "otra máquina", lineterm="", n=0)
        if diff := "\n".join(lines):
            found.append(f"celda {i}:\n{diff}")
    return found


def _text(cell: NotebookNode) -> list[str]:
    parts = [o.get("text") or o.get("data", {}).get("text/plain", "") for o in cell.outputs]
    return "".join(parts).splitlines()


def refresh_views(notebook: NotebookNode) -> bool:
    """Pone en los controles guardados el JavaScript y el CSS de hoy; devuelve si algo cambió.

    Lo demás queda como está: basta cuando cambió cómo se ve un control y no los datos que lleva.
    """
    state = notebook.metadata.get("widgets", {}).get(STATE, {}).get("state", {})
    before = json.dumps(state)
    for model in state.values():
        module, _, name = model["state"].get("_anywidget_id", "").rpartition(".")
        # un módulo que cambió de lugar espera a la próxima ejecución
        if module.startswith("course_lib.") and find_spec(module):
            view = getattr(import_module(module), name)
            model["state"].update(_esm=str(view._esm), _css=str(view._css))
    return json.dumps(state) != before


def refresh(path: Path) -> bool:
    """Guarda un cuaderno con vistas al día y figuras ligeras; devuelve True, como `run` cuando sale bien."""
    notebook = nbformat.read(path, as_version=4)
    changed = [refresh_views(notebook), lighten_pictures(notebook)]
    if any(changed):
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        print(f"{path.relative_to(ROOT)}: al día")
    return True


def run(path: Path, once: bool) -> bool:
    """Ejecuta un cuaderno y lo guarda; devuelve si salió bien."""
    start = time.perf_counter()
    notebook = execute(path, {})
    seconds = time.perf_counter() - start
    problems = [] if once else differences(notebook, execute(path, OTHER_MACHINE))
    text = nbformat.writes(notebook) + "\n"
    nbformat.validate(notebook)
    if problems:
        print(f"{path.relative_to(ROOT)}: cambia en otra máquina\n" + "\n".join(problems))
        return False
    path.write_text(text, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {seconds:.0f} s, {len(text.encode()) // 1000} kB", flush=True)
    return True


def main() -> int:
    """Devuelve 1 si algún cuaderno falla o no es reproducible."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=lambda p: Path(p).resolve())
    parser.add_argument("--once", action="store_true", help="sin la segunda ejecución de control")
    parser.add_argument("--views", action="store_true", help="vistas y figuras, sin ejecutar nada")
    options = parser.parse_args()
    paths = options.paths or notebooks()
    results = [refresh(path) if options.views else run(path, options.once) for path in paths]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
