"""Tamaños: parámetros, memoria y cómputo de un Transformer, solo a partir de su arquitectura.

Nada aquí descarga ni construye un modelo: son sumas y productos que caben en una hoja.
"""

from .architectures import ARCHITECTURES, Architecture, architecture
from .cost import (
    BYTES,
    HARDWARE,
    TRAINING_BYTES,
    Hardware,
    count_parameters,
    flops_per_token,
    kv_cache_bytes,
    memory_bytes,
    training_bytes,
    training_flops,
    training_seconds,
)

__all__ = [
    "ARCHITECTURES",
    "BYTES",
    "HARDWARE",
    "TRAINING_BYTES",
    "Architecture",
    "Hardware",
    "architecture",
    "count_parameters",
    "flops_per_token",
    "kv_cache_bytes",
    "memory_bytes",
    "training_bytes",
    "training_flops",
    "training_seconds",
]
