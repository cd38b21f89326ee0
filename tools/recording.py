"""Grabar: la receta de cada tabla del curso y cómo se escribe con su procedencia.

Una herramienta que graba define una `Recipe` por tabla: qué filas calcula, de qué archivos y modelos
dependen y cómo se recalcula al menos una. La línea de órdenes es la misma para todas (`running.py`) y
`python -m tools.records` las comprueba juntas.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from course_lib import models, records
from course_lib.records import Record, Replay, Row, file_hash

from . import ROOT

__all__ = [
    "Recipe",
    "create",
    "hashes_of",
    "record",
    "rehash",
    "same_outputs",
    "save",
    "sources",
    "versions",
    "write_atomically",
]


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """Cómo se hace una tabla grabada y cómo se comprueba."""

    name: str  # el archivo dentro de artifacts/, sin extensión
    title: str
    command: str  # la orden exacta que la rehace
    rows: Callable[[], Iterable[Row]]  # todo el trabajo
    check: Callable[[Record], Iterable[Replay]]  # recalcula poco, pero al menos una fila
    files: tuple[str, ...]  # código y datos de los que dependen las filas, desde la raíz
    models: tuple[str, ...] = ()  # nombres del catálogo
    seed: int | None = None
    settings: Callable[[], Mapping[str, Any]] = dict  # lo común a todas las filas
    packages: tuple[str, ...] = ("torch", "transformers", "numpy")
    notes: str = ""


def record(recipe: Recipe) -> Path:
    """Hace todo el trabajo de una receta, lo graba y devuelve la ruta del JSON."""
    made = create(
        recipe.title,
        recipe.rows(),
        command=recipe.command,
        seed=recipe.seed,
        settings=recipe.settings(),
        hashes=hashes_of(recipe),
        packages=recipe.packages,
        notes=recipe.notes,
    )
    return save(made, recipe.name)


def create(
    title: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    command: str,
    seed: int | None = None,
    settings: Mapping[str, Any] | None = None,
    hashes: Mapping[str, str] | None = None,
    packages: Sequence[str] = ("torch", "transformers", "numpy"),
    notes: str = "",
) -> Record:
    """Devuelve un Record con las versiones y la fecha ya anotadas.

    `settings` son los parámetros con que se obtuvo; `hashes`, las huellas de los archivos y modelos
    de los que depende; `packages`, las bibliotecas cuya versión se anota; y `notes`, lo que haya que
    advertir.
    """
    return Record(
        title=title,
        rows=tuple(dict(row) for row in rows),
        command=command,
        seed=seed,
        settings=dict(settings or {}),
        versions=versions(packages),
        hashes=dict(hashes or {}),
        date=date.today().isoformat(),
        notes=notes,
    )


def save(made: Record, name: str | Path) -> Path:
    """Escribe el JSON completo o nada, y devuelve su ruta."""
    text = json.dumps(asdict(made), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    return write_atomically(records.artifact_path(name), text)


def rehash(recipe: Recipe) -> tuple[Replay, ...]:
    """Comprueba un registro y, solo si coincide, pone al día las huellas de su código.

    Es lo que hace falta cuando el código cambió de forma pero no de resultados: las filas no se tocan,
    y `checked` recuerda cuándo y con qué versiones se recalcularon. Si cambiaron los datos o un modelo,
    recalcular unas pocas filas no basta y hay que grabar de nuevo.

    Raises:
        ValueError: una fila no coincide, o cambió algo que no es código.
    """
    old = Record.load(recipe.name)
    new = hashes_of(recipe)
    grown = [n for n in new if not n.endswith(".py") and old.hashes.get(n) != new[n]]
    if grown:
        raise ValueError(
            f"«{recipe.name}» se grabó con otros datos o modelos: {', '.join(grown)}. "
            f"Sus filas ya no valen; grábalo de nuevo: {recipe.command}"
        )
    replays = tuple(recipe.check(old))
    if not any(replay.pairs for replay in replays):
        raise ValueError(f"La comprobación de «{recipe.name}» no recalculó nada: corrígela.")
    checked = {"date": date.today().isoformat(), "versions": versions(recipe.packages)}
    save(replace(old, hashes=new, checked=checked), recipe.name)
    return replays


def same_outputs(record: Record, outputs: Sequence[str], **where: object) -> Replay:
    """Compara textos con los primeros de una fila: un empate entre dos tokens puede cambiar uno, y no más."""
    recorded = record.one(**where)["outputs"][: len(outputs)]
    equal = sum(a == b for a, b in zip(recorded, outputs, strict=True))
    few = Record(
        title=record.title, rows=({"iguales": len(outputs)},), command=record.command, seed=0
    )
    return few.replay(lambda _: {"iguales": equal}, atol=1)


def hashes_of(recipe: Recipe) -> dict[str, str]:
    """Devuelve las huellas de hoy de los archivos y los modelos de una receta."""
    files = {name: file_hash(ROOT / name) for name in recipe.files}
    return files | {name: models.card(name).file_sha256 for name in recipe.models}


def sources(*names: str) -> tuple[str, ...]:
    """Devuelve las rutas, desde la raíz, de esos archivos y de los módulos de esas carpetas.

    Dar la carpeta entera hace que también cuenten los módulos que se le agreguen después.
    """
    found: list[str] = []
    for name in names:
        folder = ROOT / name
        inside = sorted(folder.glob("*.py")) if folder.is_dir() else [folder]
        found += [path.relative_to(ROOT).as_posix() for path in inside]
    return tuple(found)


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Devuelve la versión de Python y la de cada paquete instalado de la lista."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def write_atomically(path: Path, text: str) -> Path:
    """Escribe un archivo de texto completo o nada, y devuelve su ruta."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink()
        raise
    return path
