"""Dónde corre un modelo y con qué precisión: CPU o GPU, float32 o bfloat16, y si cabe."""

from __future__ import annotations

import torch

from .catalogue import ModelCard

__all__ = ["check_memory", "choose_device", "choose_dtype"]


def choose_device(device: str) -> torch.device:
    """Devuelve el dispositivo `device`; «auto» es la GPU si la hay. `ValueError` si no existe."""
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        where = torch.device(device)
    except RuntimeError as error:
        raise ValueError(
            f"No existe el dispositivo «{device}». Usa «auto», «cpu» o «cuda»."
        ) from error
    if where.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("Pediste «cuda», pero aquí no hay GPU. Usa device='auto' o device='cpu'.")
    return where


def choose_dtype(dtype: str, where: torch.device, model: ModelCard | None = None) -> torch.dtype:
    """Devuelve el tipo `dtype`; «auto» es bfloat16 en GPU y, en CPU, el de la caché (o float32)."""
    if dtype == "auto":
        dtype = "bfloat16" if where.type == "cuda" else model.cache_dtype if model else "float32"
    kind = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(kind, torch.dtype) or not kind.is_floating_point:
        raise ValueError(
            f"No se reconoce dtype={dtype!r}. Usa «auto», «float32», «bfloat16» o «float64»."
        )
    return kind


def check_memory(model: ModelCard, kind: torch.dtype, where: torch.device) -> None:
    """Comprueba que `model` cabe en la memoria libre de `where`; si no, `MemoryError`."""
    import psutil

    # lo que ocupa en la caché, llevado de un tipo numérico al otro
    cached = getattr(torch, model.cache_dtype)
    needed = model.cache_bytes * kind.itemsize // cached.itemsize
    free = (
        psutil.virtual_memory().available
        if where.type == "cpu"
        else torch.cuda.mem_get_info(where)[0]
    )
    if free < needed:
        raise MemoryError(
            f"{model.name} ocupa {needed / 1e9:.1f} GB en {str(kind).removeprefix('torch.')} y quedan "
            f"{free / 1e9:.1f} GB de memoria. Cierra otros cuadernos, usa dtype='bfloat16' si no lo "
            "usabas, o elige un modelo más pequeño."
        )
