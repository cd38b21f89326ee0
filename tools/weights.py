"""Guardar los pesos que acompañan a una tabla grabada; los carga `course_lib.experiments.weights`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from torch import nn

from course_lib.experiments.weights import weights_path
from course_lib.records import file_hash

__all__ = ["hashes_of_weights", "save_weights"]


def save_weights(model: nn.Module, record: str, name: str) -> Path:
    """Escribe los pesos de `model` enteros o no escribe nada, y devuelve su ruta."""
    from safetensors.torch import save_model

    path = weights_path(record, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    try:
        save_model(model, str(temporary))
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path


def hashes_of_weights(record: str, names: Iterable[str]) -> dict[str, str]:
    """Devuelve {nombre: SHA-256} de los pesos guardados de una tabla, para sus `settings`."""
    return {name: file_hash(weights_path(record, name)) for name in names}
