"""El archivo del progreso: se lee y se escribe entero, de a un proceso, y nunca se pierde.

Lo que no se entiende se aparta con otro nombre en vez de escribirle encima, y solo se tocan
archivos comunes: una carpeta, una tubería o `/dev/null` se rechazan.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

__all__ = ["DamagedFile", "StorageProblem", "keep_aside", "locked", "read", "write"]

LOCK_SECONDS = 3.0


class StorageProblem(Exception):
    """Por qué no se pudo leer o escribir el archivo, en español."""


class DamagedFile(Exception):
    """El archivo existe y no contiene un diccionario JSON."""


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Un proceso a la vez. El candado está en la carpeta temporal: junto al archivo no queda nada.

    Lanza `StorageProblem` si otro proceso no lo suelta; si aquí no se pueden usar candados, sigue
    sin él.
    """
    from filelock import FileLock, Timeout

    padlock = None
    with suppress(OSError, RuntimeError):  # RuntimeError: enlaces que dan vueltas
        name = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
        padlock = FileLock(Path(tempfile.gettempdir()) / f"course_lib-progreso-{name}.lock")
        try:
            padlock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            raise StorageProblem(f"Otro programa tiene ocupado el progreso ({path}).") from None
    try:
        yield
    finally:
        if padlock is not None:
            padlock.release()


def read(path: Path) -> dict[str, Any]:
    """Lo que hay en el archivo, o un diccionario vacío si todavía no existe.

    Lanza `StorageProblem` si no se puede leer y `DamagedFile` si no contiene un diccionario JSON.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise StorageProblem(
                f"{path} no es un archivo común: elige otra ruta en COURSE_LIB_PROGRESS."
            )
        content = path.read_bytes()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise StorageProblem(f"No se puede leer {path}: {_reason(error)}.") from error
    if not content.strip():
        return {}
    try:
        stored = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise DamagedFile(path) from error
    if not isinstance(stored, dict):
        raise DamagedFile(path)
    return stored


def keep_aside(path: Path) -> Path:
    """Cambia de nombre un archivo dañado y devuelve el nuevo: `progreso.json.dañado`.

    Lanza `StorageProblem` si no se puede: entonces el archivo sigue donde estaba.
    """
    try:
        for number in range(1, 1000):
            aside = path.with_name(f"{path.name}.dañado{'' if number == 1 else f'-{number}'}")
            if not aside.exists():
                os.rename(path, aside)
                return aside
    except (OSError, ValueError) as error:
        raise StorageProblem(
            f"{path} está dañado y no se pudo apartar: {_reason(error)}."
        ) from error
    raise StorageProblem(f"{path} está dañado, y ya hay demasiadas copias dañadas junto a él.")


def write(path: Path, stored: dict[str, Any]) -> None:
    """Escribe en un archivo aparte y lo cambia de nombre: nunca queda a medias.

    Lanza `StorageProblem` si no se puede, y entonces no deja nada.
    """
    try:
        target = path.resolve()  # si es un enlace, se cambia aquello a lo que apunta
        if target.exists() and not os.access(target, os.W_OK):
            raise StorageProblem(f"{path} es de solo lectura.")
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(stored, file, ensure_ascii=False, indent=1, sort_keys=True)
            os.replace(temporary, target)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
    except (OSError, ValueError, RuntimeError) as error:
        raise StorageProblem(f"No se puede escribir {path}: {_reason(error)}.") from error


_REASONS = (
    (PermissionError, "no tienes permiso"),
    (NotADirectoryError, "una parte de la ruta no es una carpeta"),
    (FileExistsError, "una parte de la ruta no es una carpeta"),
    (IsADirectoryError, "es una carpeta"),
)


def _reason(error: Exception) -> str:
    return next(
        (text for kind, text in _REASONS if isinstance(error, kind)), "el disco no lo permite"
    )
