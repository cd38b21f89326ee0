"""Dónde corre un modelo y con qué precisión: CPU o GPU, float32 o bfloat16, y si cabe."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from .catalogue import ModelCard
from .memory import free_memory

__all__ = ["Memory", "check_memory", "choose_device", "choose_dtype", "memory_needed"]

_DTYPES = (torch.float32, torch.bfloat16, torch.float16, torch.float64)
_TOKENIZER = 500_000_000  # el mayor del catálogo, medido al cargarlo, y las bibliotecas
_ACTIVATIONS = 500_000_000  # logits y caché de un prompt de unos cientos de tokens


# --- dónde ---------------------------------------------------------------------------------------


def choose_device(device: str) -> torch.device:
    """Devuelve el dispositivo `device`; «auto» es la GPU si la hay, de NVIDIA, de AMD o de un Mac.

    Raises:
        ValueError: no existe, o torch no lo tiene en este computador.
    """
    if device == "auto":
        return torch.device(_present()[0])
    try:
        where = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"No existe el dispositivo «{device}». {_use()}") from error
    if where.type == "meta":
        raise ValueError(
            f"En «meta» un modelo tiene formas, pero no pesos: no calcula nada. {_use()}"
        )
    if where.type == "cuda" and not torch.cuda.is_available():
        raise ValueError("Pediste «cuda», pero aquí no hay GPU. Usa device='auto' o device='cpu'.")
    if where.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError(
            "Pediste «mps», la GPU de los Mac con Apple silicon, y aquí torch no la tiene. Usa "
            "device='auto' o device='cpu'."
        )
    if (where.index or 0) >= _count(where):
        raise ValueError(f"torch no tiene aquí el dispositivo «{device}». {_use()}")
    return where


def _present() -> list[str]:
    """Los tipos de dispositivo de este computador; primero, el que conviene."""
    gpus = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    return [*(name for name, there in gpus.items() if there), "cpu"]


def _use() -> str:
    names = " o ".join(f"«{name}»" for name in _present())
    return f"Usa «auto» (o, en este computador, {names})."


def _count(where: torch.device) -> int:
    """Cuántos dispositivos hay del tipo de `where`."""
    if where.type == "cuda":
        return torch.cuda.device_count()
    if where.type in ("cpu", "mps"):
        return 1
    try:  # los demás (xpu, hpu…) dependen de cómo se compiló torch: se sabe probando
        torch.empty(0, device=where)
    except (RuntimeError, AssertionError, ImportError, AttributeError):
        return 0
    return (where.index or 0) + 1


# --- con qué precisión ---------------------------------------------------------------------------


def choose_dtype(dtype: str, where: torch.device, model: ModelCard | None = None) -> torch.dtype:
    """Devuelve el tipo `dtype` si `where` sabe calcular con él; si no, `ValueError`.

    «auto» es bfloat16 en una GPU de NVIDIA o AMD, float32 en la de un Mac y, en CPU, el de la caché
    de `model` (float32 si no se da).
    """
    if dtype == "auto":
        dtype = _usual(where, model)
    kind = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(kind, torch.dtype) or kind not in _DTYPES:
        raise ValueError(
            f"No se reconoce dtype={dtype!r}. Usa «auto», «float32», «bfloat16» o «float64»."
        )
    if where.type == "mps" and not _mps_has(kind):
        raise ValueError(
            f"La GPU de este Mac no calcula en {_name(kind)}. Usa dtype='float32', o device='cpu'."
        )
    return kind


def _usual(where: torch.device, model: ModelCard | None) -> str:
    if where.type == "cpu" and model is not None:
        return model.cache_dtype
    return "float32" if where.type in ("cpu", "mps") else "bfloat16"


def _mps_has(kind: torch.dtype) -> bool:
    if kind != torch.bfloat16:
        return kind != torch.float64
    try:
        return torch.backends.mps.is_macos_or_newer(14, 0)
    except RuntimeError:  # este torch no se compiló para un Mac
        return False


def _name(kind: torch.dtype) -> str:
    return str(kind).removeprefix("torch.")


# --- si cabe -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Lo que ocupa un modelo, en bytes, y para qué."""

    weights: int  # los pesos, en el tipo en que se calcula
    reading: int  # mientras se cargan: el tokenizer y, si cambian de tipo, los pesos de la caché
    computing: int  # activaciones, logits y caché de claves y valores

    @property
    def total(self) -> int:
        """La suma: con menos que esto libre, el sistema puede detener el proceso."""
        return self.weights + self.reading + self.computing

    def __str__(self) -> str:
        return (
            f"{self.weights / 1e9:.1f} de pesos, {self.reading / 1e9:.1f} mientras se cargan y "
            f"{self.computing / 1e9:.1f} para calcular"
        )


def memory_needed(model: ModelCard, kind: torch.dtype, where: torch.device) -> Memory:
    """Devuelve lo que ocupará `model` en el tipo `kind` y en `where`, desde que se empieza a cargar."""
    cached = getattr(torch, model.cache_dtype)
    # en CPU y en el mismo tipo se usan tal como están en el disco, sin copiarlos
    copied = kind != cached or where.type == "mps"
    return Memory(
        weights=model.cache_bytes * kind.itemsize // cached.itemsize,
        reading=_TOKENIZER + (model.cache_bytes if copied else 0),
        computing=_ACTIVATIONS,
    )


def check_memory(model: ModelCard, kind: torch.dtype, where: torch.device) -> None:
    """Comprueba que `model` cabe, mientras se carga y mientras calcula; si no, `MemoryError`.

    En una GPU con memoria propia los pesos pasan antes por la del computador, y se miran las dos.
    """
    needed, free = memory_needed(model, kind, where), free_memory()
    wanted = needed.weights + needed.reading if where.type == "cuda" else needed.total
    if free < wanted:
        advice = "" if _name(kind) == model.cache_dtype else f"usa dtype='{model.cache_dtype}' o "
        raise MemoryError(_does_not_fit(model, kind, needed, wanted, free, "memoria", advice))
    if where.type == "cuda":
        wanted, left = needed.weights + needed.computing, torch.cuda.mem_get_info(where)[0]
        if left < wanted:
            advice = "usa dtype='bfloat16' o " if kind.itemsize > 2 else ""
            gpu = "memoria de la GPU"
            raise MemoryError(_does_not_fit(model, kind, needed, wanted, left, gpu, advice))


def _does_not_fit(
    model: ModelCard,
    kind: torch.dtype,
    needed: Memory,
    wanted: int,
    free: int,
    of: str,
    advice: str,
) -> str:
    return (
        f"{model.name} ocupa {needed.weights / 1e9:.1f} GB en {_name(kind)} y quedan "
        f"{free / 1e9:.1f} GB de {of}, pero cargarlo y usarlo pide unos {wanted / 1e9:.1f} GB "
        f"({needed}). Cierra otros cuadernos, {advice}elige un modelo más pequeño."
    )
