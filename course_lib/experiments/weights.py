"""Los pesos que acompañan a una tabla grabada: se cargan solo si son los que la tabla dice."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from torch import nn

from ..records import ARTIFACTS, Record, file_hash

__all__ = ["load_checked", "load_weights", "weights_path"]

Model = TypeVar("Model", bound=nn.Module)


def weights_path(record: str, name: str) -> Path:
    """Devuelve dónde están los pesos `name` de la tabla `record`.

    >>> weights_path("induction", "2-capas").relative_to(ARTIFACTS).as_posix()
    'induction/2-capas.safetensors'
    """
    return ARTIFACTS / record / f"{name}.safetensors"


def load_weights(model: Model, record: str, name: str) -> Model:
    """Copia en `model` los pesos `name` de la tabla `record` y lo devuelve, listo para usar.

    Raises:
        FileNotFoundError: no está la tabla, o no está el archivo de los pesos.
        ValueError: la tabla no tiene esos pesos, o el archivo no es el que ella anotó.
    """
    found = Record.load(record)
    hashes: dict[str, str] = found.settings.get("weights", {})
    if name not in hashes:
        raise ValueError(f"«{record}» no guarda los pesos «{name}». Los que hay: {sorted(hashes)}.")
    return load_checked(model, weights_path(record, name), hashes[name], found)


def load_checked(model: Model, path: Path, sha256: str, found: Record) -> Model:
    """Copia en `model` los pesos de `path`, si su huella es la que anotó la tabla `found`, y lo devuelve.

    Raises:
        FileNotFoundError: no está el archivo.
        ValueError: no es el que la tabla anotó.
    """
    from safetensors.torch import load_model

    if not path.exists():
        raise FileNotFoundError(f"Falta {path}. Rehazlo: {found.command}")
    if file_hash(path) != sha256:
        raise ValueError(
            f"{path.name} no es el archivo que anotó «{found.title}»: está dañado o es de otra vez. "
            f"Recupéralo con git o rehazlo: {found.command}"
        )
    load_model(model, path)
    return model.eval()
