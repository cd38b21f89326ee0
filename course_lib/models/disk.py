"""La carpeta de la caché, su candado y los errores del disco dichos en español."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path

__all__ = ["FetchError", "cache_dir", "check_space", "clear_disk_errors", "lock", "no_space"]

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST}
_NO_SPACE_WORDS = ("no space left", "file too large", "disk quota")


class FetchError(RuntimeError):
    """El modelo no se pudo traer; el mensaje dice por qué y qué hacer."""


def cache_dir() -> Path:
    """Carpeta de la caché: `COURSE_LIB_CACHE` o, si no está definida, la del usuario."""
    if folder := os.environ.get("COURSE_LIB_CACHE"):
        return Path(folder).expanduser().absolute()
    import platformdirs

    return Path(platformdirs.user_cache_dir("course_lib"))


def check_space(name: str, needed: int) -> None:
    """Comprueba que caben `needed` bytes más antes de empezar; si no, `FetchError`."""
    free = shutil.disk_usage(cache_dir()).free
    if free < needed:
        raise FetchError(
            f"{no_space()} Hacen falta {needed / 1e9:.1f} GB para {name} y quedan {free / 1e9:.1f} GB."
        )


def no_space(log: str | None = None) -> str | None:
    """Mensaje de disco lleno; con el registro `log` de otro programa, None si no se queja de eso."""
    if log is not None and not any(words in log.lower() for words in _NO_SPACE_WORDS):
        return None
    return (
        f"No queda espacio en el disco de la caché ({cache_dir()}). Libera espacio o define "
        "COURSE_LIB_CACHE con una carpeta de otro disco."
    )


@contextmanager
def lock(name: str):
    """Un candado por modelo: el segundo proceso espera y luego encuentra el trabajo hecho."""
    from filelock import FileLock, Timeout

    folder = cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    padlock = FileLock(folder / f"{name}.lock")
    try:
        padlock.acquire(timeout=0)
    except Timeout:
        sys.stderr.write(f"Otro proceso está preparando {name}; se espera a que termine.\n")
        padlock.acquire()
    try:
        yield
    finally:
        padlock.release()


@contextmanager
def clear_disk_errors():
    """Convierte los errores del disco (lleno, sin permiso) en `FetchError` que dicen qué hacer."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise FetchError(no_space()) from error
        if error.errno in _NOT_WRITABLE:
            raise FetchError(
                f"No se puede escribir en la caché ({cache_dir()}). Define COURSE_LIB_CACHE con una "
                "carpeta tuya en la que puedas escribir."
            ) from error
        raise
