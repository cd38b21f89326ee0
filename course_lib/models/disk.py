"""La carpeta de la caché, su candado y los errores del disco dichos en español."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

__all__ = [
    "FetchError",
    "cache_dir",
    "check_space",
    "clear_disk_errors",
    "folder_from_variable",
    "lock",
    "make_folder",
    "no_space",
    "remove",
    "unreadable",
    "user_folder",
]

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_WRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS}
_NO_SPACE_WORDS = ("no space left", "file too large", "disk quota")
_VARIABLES = {"cache": "COURSE_LIB_CACHE", "data": "COURSE_LIB_PROGRESS"}


class FetchError(RuntimeError):
    """El modelo no se pudo traer; el mensaje dice por qué y qué hacer."""


# --- qué carpeta ---------------------------------------------------------------------------------


def cache_dir() -> Path:
    """Carpeta de la caché: `COURSE_LIB_CACHE` o, si no está definida, la del usuario."""
    return folder_from_variable("COURSE_LIB_CACHE") or user_folder("cache")


def folder_from_variable(variable: str) -> Path | None:
    """Ruta completa que da la variable de entorno `variable`, con `~` resuelta; None si está vacía."""
    value = os.environ.get(variable, "").strip()
    if not value:
        return None
    try:
        return Path(value).expanduser().absolute()
    except (
        RuntimeError,
        OSError,
    ) as error:  # nadie con ese nombre, o la carpeta actual ya no existe
        raise FetchError(
            f"No se entiende la ruta de {variable} («{value}»): este sistema no sabe a qué carpeta "
            "se refiere. Escribe la ruta completa, desde la raíz del disco."
        ) from error


def user_folder(kind: Literal["cache", "data"]) -> Path:
    """Carpeta del curso entre las del usuario: «cache» se puede volver a traer, «data» es suya.

    Raises:
        FetchError: el sistema no dice cuál es la carpeta personal (ni HOME ni una cuenta de usuario).
    """
    import platformdirs

    find = platformdirs.user_cache_dir if kind == "cache" else platformdirs.user_data_dir
    try:
        folder = Path(find("course_lib", appauthor=False))
    except RuntimeError:
        folder = Path()
    if not folder.is_absolute():  # hay versiones que no protestan y dejan «~» tal cual
        raise FetchError(
            "No se sabe cuál es tu carpeta personal: no está definida la variable HOME y este "
            f"usuario no tiene una cuenta en el sistema. Define {_VARIABLES[kind]} con la ruta "
            "completa de una carpeta en la que puedas escribir."
        )
    return folder


def make_folder(path: Path) -> Path:
    """Crea `path` si falta y devuelve su ruta verdadera: un enlace lleva a la carpeta que señala.

    Raises:
        FetchError: en el camino hay un archivo, o un enlace a un lugar que no existe.
    """
    for step in (*reversed(path.parents), path):
        if step.is_dir():
            continue
        if step.is_symlink():
            _follow(step)
        elif step.exists():
            raise FetchError(
                f"No se puede escribir en la caché ({cache_dir()}): «{step}» es un archivo y ahí va "
                "una carpeta. Muévelo, bórralo o define COURSE_LIB_CACHE con otra carpeta."
            )
        else:
            step.mkdir(exist_ok=True)
    return Path(os.path.realpath(path))


def _follow(link: Path) -> None:
    """Crea la carpeta a la que lleva `link`, si solo falta ella: el disco puede no estar montado."""
    target = Path(os.path.realpath(link))
    try:
        target.mkdir()
    except (FileNotFoundError, FileExistsError, NotADirectoryError) as error:
        raise FetchError(
            f"«{link}» es un enlace a «{os.readlink(link)}», y ahí no hay ninguna carpeta. Conecta "
            "ese disco o crea la carpeta; o borra el enlace, y el modelo se guardará en su lugar."
        ) from error


def remove(path: Path) -> None:
    """Borra el archivo, el enlace o la carpeta `path`; si no existe, no hace nada."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# --- espacio, candado y errores ------------------------------------------------------------------


def check_space(name: str, needed: int, folder: Path) -> None:
    """Comprueba que en el disco de `folder` caben `needed` bytes más; si no, `FetchError`."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise FetchError(
            f"{no_space()} Hacen falta {needed / 1e9:.1f} GB para {name} y quedan {free / 1e9:.1f} GB "
            f"donde está «{folder}»."
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
def lock(name: str) -> Iterator[None]:
    """Un candado por modelo: el segundo proceso espera y luego encuentra el trabajo hecho."""
    from filelock import FileLock, Timeout

    padlock = FileLock(make_folder(cache_dir()) / f"{name}.lock")
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
def clear_disk_errors() -> Iterator[None]:
    """Convierte los errores del disco (lleno, sin permiso…) en `FetchError` que dicen qué hacer."""
    try:
        yield
    except OSError as error:
        raise FetchError(_explain(error)) from error


def _explain(error: OSError) -> str:
    if error.errno in _NO_SPACE:
        return no_space() or ""
    where = f" Ocurrió en «{error.filename}»." if error.filename else ""
    if error.errno in _NOT_WRITABLE:
        return (
            f"No se puede escribir en la caché ({cache_dir()}). Define COURSE_LIB_CACHE con una "
            f"carpeta tuya en la que puedas escribir.{where}"
        )
    return (
        f"El disco no dejó preparar el modelo en la caché ({cache_dir()}).{where} Mensaje del "
        f"sistema: {error.strerror or error}. Corrige eso o define COURSE_LIB_CACHE con una carpeta "
        "de otro disco."
    )


def unreadable(path: Path, error: Exception) -> str:
    """Frase sin punto final que dice por qué `path` no se pudo leer."""
    if isinstance(error, FileNotFoundError):
        return f"falta «{path.name}»"
    if isinstance(error, NotADirectoryError):
        return f"«{path.parent}» no es una carpeta"
    if isinstance(error, PermissionError):
        return f"no tienes permiso para leer «{path.name}»"
    return f"no se puede leer «{path.name}» ({getattr(error, 'strerror', None) or error})"
