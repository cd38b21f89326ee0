"""El manifiesto de un modelo guardado: qué archivos lo forman, cuánto ocupan y su huella.

Con él se sabe si la copia está entera antes de abrirla. La huella es BLAKE2b, que tarda alrededor de
un segundo por gigabyte en cualquier procesador; cada archivo se lee una sola vez por proceso.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from .catalogue import ModelCard
from .disk import unreadable

__all__ = ["MANIFEST", "digest", "fault", "forget", "write_manifest"]

MANIFEST = "manifest.json"
_NEEDED = {"config.json", "model.safetensors", "tokenizer.json"}
_ENCODER_NEEDS = {"model.safetensors"}


def fault(folder: Path, model: ModelCard, *, thorough: bool = True) -> str | None:
    """Devuelve qué tiene mal la copia de `model` en `folder`, o None si está entera.

    Con `thorough=False` solo mira los tamaños, que es instantáneo; si no, también las huellas.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        sizes, digests = manifest["files"], manifest["blake2b"]
        if (manifest["gguf_sha256"], manifest["dtype"]) != (model.file_sha256, model.cache_dtype):
            return "es de otra versión del modelo"
        needed = _ENCODER_NEEDS if model.is_encoder else _NEEDED
        if set(sizes) != set(digests) or not set(sizes) >= needed:
            return f"«{MANIFEST}» está incompleto"
    except OSError as error:
        return unreadable(folder / MANIFEST, error)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return f"«{MANIFEST}» está dañado o es de una versión anterior del curso"
    wrong = (_file_fault(folder / f, sizes[f], digests[f], thorough) for f in sizes)
    return next((w for w in wrong if w), None)


def _file_fault(path: Path, size: Any, expected: Any, thorough: bool) -> str | None:
    try:
        if not path.is_file():
            return f"falta «{path.name}»"
        if path.stat().st_size != size:
            return f"«{path.name}» está truncado o alterado"
        if thorough and digest(path) != expected:
            return f"«{path.name}» tiene bytes alterados"
    except (OSError, ValueError) as error:  # sin permiso, o un nombre imposible
        return unreadable(path, error)
    return None


def digest(path: Path) -> str:
    """Devuelve la huella BLAKE2b de `path`; si no ha cambiado desde la última vez, la recuerda."""
    seen = path.stat()
    return _digest(os.path.realpath(path), seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns)


@functools.cache
def _digest(path: str, size: int, modified: int, changed: int) -> str:
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "blake2b").hexdigest()


def forget() -> None:
    """Olvida las huellas recordadas: la próxima comprobación vuelve a leer los archivos."""
    _digest.cache_clear()


def write_manifest(model: ModelCard, folder: Path) -> None:
    """Escribe el manifiesto de los archivos de `folder`, y los deja legibles para quien comparta la caché."""
    files = sorted(f for f in folder.iterdir() if f.is_file())
    manifest = {
        "name": model.name,
        "gguf_sha256": model.file_sha256,
        "dtype": model.cache_dtype,
        "files": {f.name: f.stat().st_size for f in files},
        "blake2b": {f.name: digest(f) for f in files},
    }
    path = folder / MANIFEST
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False), encoding="utf-8")
    for f in files:  # safetensors deja los pesos legibles solo para su dueño
        with suppress(OSError):  # hay discos sin permisos
            f.chmod(path.stat().st_mode)
