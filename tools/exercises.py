"""Deriva los cuadernos de `book/ejercicios/` de los de `book/soluciones/`.

    python -m tools.exercises            escribe los que cambiaron
    python -m tools.exercises --check    solo compara; termina con error si alguno difiere

En el cuaderno maestro:

- lo que está entre `# region solución` y `# endregion` se reemplaza por `...`;
- una celda con la etiqueta `solucion` no aparece en los ejercicios;
- una celda con la etiqueta `solo-ejercicios` aparece solo en los ejercicios (en el maestro lleva
  también `remove-cell`, que la oculta en el sitio);
- el título «# Soluciones…» pasa a «# Ejercicios…».

Las demás celdas quedan iguales. Las salidas y los identificadores de celda no se derivan: los pone
`make notebooks`, por su lugar.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from . import ROOT

__all__ = ["content", "derive", "main", "update"]

BOOK = ROOT / "book"
MASTERS, DERIVED = BOOK / "soluciones", BOOK / "ejercicios"

REGION = re.compile(
    r"^(?P<indent>[ \t]*)# region solución[ \t]*\n.*?^(?P=indent)# endregion[ \t]*$",
    re.MULTILINE | re.DOTALL,
)
STUB = r"\g<indent># Escribe aquí tu solución.\n\g<indent>..."
ONLY_SOLUTION, ONLY_EXERCISE = "solucion", "solo-ejercicios"
HIDDEN_IN_MASTER = {"hide-input", "remove-cell"}
KEPT_METADATA = ("kernelspec", "language_info")


def derive(master: NotebookNode) -> NotebookNode:
    """Devuelve el cuaderno de ejercicios, sin salidas, de un cuaderno maestro."""
    cells = [_derive_cell(cell) for cell in master.cells if ONLY_SOLUTION not in _tags(cell)]
    for place, cell in enumerate(cells):
        cell.id = f"celda-{place:03d}"
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = {
        key: master.metadata[key] for key in KEPT_METADATA if key in master.metadata
    }
    notebook.nbformat_minor = master.nbformat_minor
    return notebook


def _derive_cell(master: NotebookNode) -> NotebookNode:
    cell: NotebookNode = copy.deepcopy(master)
    tags = _tags(cell)
    if cell.cell_type == "code":
        has_region = REGION.search(cell.source) is not None
        cell.source = REGION.sub(STUB, cell.source)
        if "# region" in cell.source or "# endregion" in cell.source:
            raise ValueError(
                f"La celda {cell.id!r} tiene una región mal cerrada: cada «# region solución» lleva "
                "su «# endregion» con la misma sangría."
            )
        cell.outputs, cell.execution_count = [], None
        tags = [tag for tag in tags if not (has_region and tag in HIDDEN_IN_MASTER)]
    else:
        cell.source = re.sub(r"^# Soluciones", "# Ejercicios", cell.source)
    if ONLY_EXERCISE in tags:
        tags = [tag for tag in tags if tag not in {ONLY_EXERCISE, "remove-cell"}]
    cell.metadata = {key: value for key, value in cell.metadata.items() if key != "tags"}
    if tags:
        cell.metadata["tags"] = tags
    return cell


def _tags(cell: NotebookNode) -> list[str]:
    return list(cell.metadata.get("tags", []))


def content(notebook: NotebookNode) -> list[tuple[str, str, list[str]]]:
    """Devuelve lo que se compara de cada celda: tipo, texto y etiquetas."""
    return [(cell.cell_type, cell.source, _tags(cell)) for cell in notebook.cells]


def update(master_path: Path, target: Path, *, check: bool = False) -> bool:
    """Deriva `target` si hace falta (con `check`, sin escribir). Devuelve si difería."""
    derived = derive(nbformat.read(master_path, as_version=4))
    current = nbformat.read(target, as_version=4) if target.exists() else None
    if current is not None and content(current) == content(derived):
        return False
    if not check:
        if current is not None:
            _keep_outputs(derived, current)
        target.parent.mkdir(parents=True, exist_ok=True)
        nbformat.validate(derived)
        nbformat.write(derived, target)
    return True


def _keep_outputs(derived: NotebookNode, current: NotebookNode) -> None:
    """Conserva las salidas de las celdas cuyo texto no cambió, para que el cambio sea mínimo."""
    before = {cell.source: cell for cell in current.cells if cell.cell_type == "code"}
    for cell in derived.cells:
        old = before.get(cell.source)
        if cell.cell_type == "code" and old is not None:
            cell.outputs, cell.execution_count = old.outputs, old.execution_count
    if "widgets" in current.metadata:
        derived.metadata["widgets"] = current.metadata["widgets"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Deriva o compara todos los cuadernos; devuelve el código de salida.

    `arguments` es lo que se escribió en la línea de órdenes (lo del proceso, si se omite).
    """
    parser = argparse.ArgumentParser(description="Deriva book/ejercicios/ de book/soluciones/.")
    parser.add_argument("--check", action="store_true", help="solo comparar, sin escribir")
    check = parser.parse_args(arguments).check
    masters = sorted(MASTERS.glob("*.ipynb"))
    changed = [m.name for m in masters if update(m, DERIVED / m.name, check=check)]
    orphans = sorted(
        path.name for path in DERIVED.glob("*.ipynb") if not (MASTERS / path.name).exists()
    )
    for name in orphans:
        print(f"book/ejercicios/{name} no tiene maestro en book/soluciones/: bórralo o agrégalo.")
    verb = "difiere de su maestro: ejecuta python -m tools.exercises" if check else "actualizado"
    for name in changed:
        print(f"book/ejercicios/{name}: {verb}")
    return 1 if orphans or (check and changed) else 0


if __name__ == "__main__":
    sys.exit(main())
