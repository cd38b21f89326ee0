"""Calculadora de tamaños: parámetros, memoria, cómputo y tiempo de cualquier arquitectura."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import traitlets

from .. import sizes
from ..show import number
from ..sizes import ARCHITECTURES, HARDWARE, Architecture
from .base import Lab, View, dropdown, slider, source, table

__all__ = ["SizeView", "custom_architecture", "size_data", "size_lab"]

CUSTOM = "a tu medida (estilo Llama 2)"
CONTEXTS = (128, 512, 1024, 2048, 4096, 8192, 32768)
TRAINING = (  # (nombre, tokens, tokens por parámetro): vale lo que no sea 0
    ("20 por parámetro", 0, 20),
    ("mil millones", 1e9, 0),
    ("GPT-3: 300 mil millones", 300e9, 0),
    ("Llama 2: 2 billones", 2e12, 0),
)
DEVICES = (1, 8, 64, 512, 1024, 4096)
DTYPE, CONTEXT = "bfloat16", 2048  # con lo que empieza


def custom_architecture(num_layers: int, hidden_size: int) -> Architecture:
    """Devuelve un decodificador con la forma de Llama 2, de L capas y ancho d (múltiplo de 64).

    >>> custom_architecture(32, 4096).num_heads
    64
    """
    return Architecture(
        name=CUSTOM,
        kind="decodificador",
        year=2023,
        vocab_size=32000,
        hidden_size=hidden_size,
        num_layers=num_layers,
        num_heads=hidden_size // 64,
        intermediate_size=8 * hidden_size // 3,
        gated_mlp=True,
        tied_head=False,
    )


def size_data() -> dict[str, Any]:
    """Devuelve los números con que el navegador calcula: arquitecturas, precisiones y aceleradores.

    La última arquitectura es la que se ajusta con los controles de capas y ancho.

    >>> len(size_data()["architectures"]) == len(ARCHITECTURES) + 1
    True
    """
    every = (*ARCHITECTURES, custom_architecture(32, 4096))
    return {
        "architectures": [asdict(arch) for arch in every],
        "custom": CUSTOM,
        "bytes": sizes.BYTES,
        "contexts": list(CONTEXTS),
        "training": [
            {"name": name, "tokens": tokens, "per_parameter": ratio}
            for name, tokens, ratio in TRAINING
        ],
        "hardware": [asdict(hardware) for hardware in HARDWARE],
        "devices": list(DEVICES),
    }


class SizeView(View):
    """Vista de la calculadora. No pide nada a Python: las cuentas son del navegador."""

    _esm = source("size.js")
    _css = source("size.css")
    architecture = traitlets.Int(0).tag(sync=True)
    num_layers = traitlets.Int(32).tag(sync=True)
    hidden_size = traitlets.Int(4096).tag(sync=True)
    dtype = traitlets.Int(0).tag(sync=True)
    context = traitlets.Int(0).tag(sync=True)
    batch = traitlets.Int(1).tag(sync=True)
    training = traitlets.Int(0).tag(sync=True)
    hardware = traitlets.Int(0).tag(sync=True)
    devices = traitlets.Int(0).tag(sync=True)
    utilization = traitlets.Float(0.3).tag(sync=True)


def size_lab() -> Lab:
    """Devuelve la calculadora de tamaños, con GPT-3 a la vista.

    >>> size_lab()
    Calculadora de tamaños (14 arquitecturas)
    """
    data = size_data()
    names = [arch["name"] for arch in data["architectures"]]
    machines = [hardware["name"] for hardware in data["hardware"]]
    dtypes = list(data["bytes"])
    controls = {
        "architecture": dropdown("arquitectura", names, names.index("GPT-3 175B")),
        "num_layers": slider("capas L", 32, 1, 128, 1),
        "hidden_size": slider("ancho d", 4096, 64, 16384, 64),
        "dtype": dropdown("precisión", dtypes, dtypes.index(DTYPE)),
        "context": dropdown("contexto", [str(n) for n in CONTEXTS], CONTEXTS.index(CONTEXT)),
        "batch": slider("textos", 1, 1, 64, 1),
        "training": dropdown("tokens", [name for name, *_ in TRAINING], 2),
        "hardware": dropdown("acelerador", machines, machines.index("NVIDIA V100")),
        "devices": dropdown("cuántos", [str(n) for n in DEVICES], DEVICES.index(1024)),
        "utilization": slider("uso", 0.3, 0.1, 0.6, 0.05),
    }
    for name in ("num_layers", "hidden_size"):  # solo se ven con la arquitectura a medida
        controls[name].add_class("lm-custom")
    summary = f"Calculadora de tamaños ({len(names)} arquitecturas)"
    return Lab(SizeView(data), controls, _fallback(), summary)


def _fallback() -> str:
    """Devuelve la tabla que se lee sin JavaScript: cada arquitectura con los valores iniciales."""
    rows = []
    for arch in ARCHITECTURES:
        total = sizes.count_parameters(arch)["total"]
        gigabytes = sizes.memory_bytes(total, DTYPE) / 1e9
        flops = sizes.flops_per_token(arch, CONTEXT) / 1e9
        rows.append((arch.name, number(total / 1e6), number(gigabytes), number(flops)))
    header = ("modelo", "millones de parámetros", "GB en bfloat16", "GFLOP por token")
    return table(f"Con un contexto de {CONTEXT} tokens", header, rows)
