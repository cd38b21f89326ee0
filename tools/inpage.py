"""Prepara el modelo que corre en el navegador de quien lee: `make book MODELO=gemma-270m`.

Deja en `_build/modelo/NOMBRE/modelo/` lo que el sitio publica: los pesos en trozos, el motor, el programa de los
laboratorios, los términos y un manifiesto con la huella de cada archivo. Los pesos son el mismo archivo con que se
calculó el libro, traído y comprobado como en `python -m course_lib fetch`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from course_lib.models.catalogue import CATALOGUE, ModelCard
from course_lib.models.disk import cache_dir, clear_disk_errors, lock, make_folder
from course_lib.models.download import obtain_file
from course_lib.models.fetch import FetchError
from course_lib.records import Record
from course_lib.widgets.base import HERE

from . import ROOT
from .frontend import MODULES

__all__ = ["NAMES", "PROGRAM", "build", "gguf", "main", "truth"]

NAMES = ("gemma-270m", "smollm2-135m-instruct")
PIECE = (
    16 * 2**20
)  # bytes: lo que se vuelve a pedir si la descarga se corta, y lo que pide la huella en memoria
LARGEST = 64 * 10**6  # lo que admite sin protestar un repositorio o un servidor de páginas
ENGINE = MODULES / "@wllama" / "wllama"
WORKING = 350_000_000  # bytes que el motor y el navegador usan además de los pesos
INPAGE = HERE / "inpage"
PROGRAM = ("../next_token.js", "store.js", "engine.js", "temperature.js", "prompt.js", "beam.js", "writer.js", "answers.js")  # fmt: skip


def gguf(model: ModelCard) -> Path:
    """Devuelve el archivo original de `model`, comprobado; queda en la caché para la próxima vez."""
    with clear_disk_errors(), lock(model.name):
        folder = make_folder(cache_dir() / "originals" / model.name)
        return obtain_file(model, folder, progress=sys.stderr.isatty())


def program() -> str:
    """Devuelve el programa de los laboratorios: un solo módulo, sin dependencias."""
    return "\n".join((INPAGE / name).read_text(encoding="utf-8") for name in PROGRAM)


def pieces(path: Path, folder: Path) -> Iterator[Path]:
    """Corta `path` en trozos de `PIECE` bytes dentro de `folder`."""
    with path.open("rb") as source:
        for i, content in enumerate(iter(lambda: source.read(PIECE), b"")):
            piece = folder / f"pesos-{i:02d}.bin"
            piece.write_bytes(content)
            yield piece


def build(model: ModelCard, weights: Path, target: Path) -> dict[str, Any]:
    """Escribe en `target` todo lo que el sitio publica de `model` y devuelve lo que sabe cada página.

    `weights`: el GGUF entero. Lo que hubiera en `target` se borra.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    parts = [("program", target / "programa.js")]
    parts[0][1].write_text(program(), encoding="utf-8")
    for role, source, name in (
        ("engine", "index.min.js", "motor.js"),
        ("single", "single-thread/wllama.wasm", "motor-un-hilo.wasm"),
        ("multi", "multi-thread/wllama.wasm", "motor-varios-hilos.wasm"),
    ):
        parts.append((role, Path(shutil.copy(ENGINE / "esm" / source, target / name))))
    parts += [("weights", piece) for piece in pieces(weights, target)]
    files = [_entry(role, path) for role, path in parts]
    assert max(file["bytes"] for file in files) < LARGEST
    manifest = {"name": model.name, "memory": model.file_bytes + WORKING, "files": files}
    text = json.dumps(manifest, ensure_ascii=False, separators=(",", ":"))
    (target / "manifest.json").write_text(text, encoding="utf-8")
    shutil.copy(INPAGE / "offer.js", target)
    (target / "TERMINOS.txt").write_text(terms(model), encoding="utf-8")
    shutil.copy(ROOT / "NOTICE", target / "NOTICE.txt")
    page = {
        "name": model.name,
        "id": hashlib.sha256(text.encode()).hexdigest(),
        "bytes": sum(file["bytes"] for file in files if file["role"] != "multi"),
        "memory": manifest["memory"],
        "terms": _short_terms(model),
        "truth": truth(model.name),
    }
    (target / "pagina.json").write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")
    return page


def _entry(role: str, path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return {"role": role, "file": path.name, "bytes": len(content), "sha256": digest}


def _short_terms(model: ModelCard) -> str:
    return model.notice or f"{model.title}. Licencia: {model.license}."


def terms(model: ModelCard) -> str:
    """Devuelve lo que acompaña a los pesos: de quién son, bajo qué términos y qué licencia tiene el motor."""
    engine = (ENGINE / "LICENCE").read_text(encoding="utf-8")
    return f"""{model.title}

{_short_terms(model)}
Lo que el aviso NOTICE.txt dice de este modelo también vale aquí.

Los pesos son el archivo {model.file_name}, sin cambios, cortado en trozos que se vuelven a unir en el navegador.
SHA-256 del archivo entero: {model.file_sha256}

El motor es wllama (llama.cpp compilado a WebAssembly), bajo esta licencia:

{engine}"""


def truth(name: str) -> str:
    """Devuelve la frase que dice cuánto se aparta de torch lo que calcula el navegador; vacía si no se midió."""
    rows = Record.load("inpage").where(model=name)
    if not rows:  # lo está midiendo quien lo agrega
        return ""
    first, same = sum(row["same_first"] for row in rows), sum(row["same_text"] for row in rows)
    gap, n = max(row["max_difference"] for row in rows), rows[0]["tokens"]
    return (
        "El navegador hace las cuentas con menos cifras que Python: redondea a 8 bits lo que pasa de una capa a otra. En "
        f"{len(rows)} textos, la mayor diferencia entre las dos en una probabilidad fue {gap:.2f}; el token más probable "
        f"fue el mismo en {first}, y los {n} tokens que escribe la búsqueda voraz, en {same}."
    )


def main(arguments: list[str] | None = None) -> int:
    """Prepara el modelo que se nombra; devuelve 1 si no se pudo y dice por qué."""
    parser = argparse.ArgumentParser(prog="python -m tools.inpage", description=__doc__)
    parser.add_argument("name", metavar="modelo", help=" o ".join(NAMES))
    name = parser.parse_args(arguments).name
    if name not in NAMES:
        print(f"MODELO={name} no sirve: debe ser {' o '.join(NAMES)}.", file=sys.stderr)
        return 1
    try:
        weights = gguf(CATALOGUE[name])
    except FetchError as error:
        print(error, file=sys.stderr)
        return 1
    page = build(CATALOGUE[name], weights, ROOT / "_build" / "modelo" / name / "modelo")
    print(f"El sitio lleva {name}: {page['bytes'] / 1e6:.0f} MB que se descargan solo si se piden.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
