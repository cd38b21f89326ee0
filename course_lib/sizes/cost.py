"""Cuentas: parámetros, memoria y cómputo a partir de una arquitectura.

Los símbolos son los del libro: N parámetros, T tokens de entrenamiento, C operaciones, n tokens de contexto, V
vocabulario, d ancho, L capas, h cabezas de ancho d_h, h_kv cabezas de clave, F ancho interior de la red densa.

Refs.: Kaplan et al. 2020, arXiv:2001.08361 (cómputo); Rajbhandari et al. 2020, arXiv:1910.02054 (memoria al
entrenar).
"""

from __future__ import annotations

from dataclasses import dataclass

from .architectures import Architecture

__all__ = [
    "BYTES",
    "HARDWARE",
    "TRAINING_BYTES",
    "Hardware",
    "count_parameters",
    "flops_per_token",
    "kv_cache_bytes",
    "memory_bytes",
    "training_bytes",
    "training_flops",
    "training_seconds",
]


def count_parameters(arch: Architecture) -> dict[str, int]:
    """Devuelve cuántos parámetros hay en cada parte, y su suma en «total».

    >>> from course_lib.sizes import architecture
    >>> count_parameters(architecture("BERT large"))["total"]
    335141888
    """
    V, d, L, F = arch.vocab_size, arch.hidden_size, arch.num_layers, arch.intermediate_size
    Q, KV = arch.query_width, arch.key_value_width
    bias = int(arch.bias)
    norm = d * (1 + bias)  # una ganancia por coordenada y, con sesgo, un desplazamiento
    attention = d * Q + 2 * d * KV + Q * d + bias * (Q + 2 * KV + d)
    attention += 2 * (Q // arch.num_heads) * arch.qk_norm
    matrices = 3 if arch.gated_mlp else 2
    mlp = matrices * d * F + bias * ((matrices - 1) * F + d)
    parts = {
        "embeddings": V * d,
        "posiciones": (arch.position_rows + arch.token_types) * d,
        "atención": L * attention,
        "MLP": L * mlp,
        "normas": (L * arch.norms_per_layer + arch.extra_norms) * norm,
        "salida": (0 if arch.tied_head else V * d) + arch.pooler * (d * d + d),
    }
    return {**parts, "total": sum(parts.values())}


# --- memoria ---

BYTES = {"float32": 4.0, "bfloat16": 2.0, "int8": 1.0, "int4": 0.5}  # por parámetro


def _bytes_of(dtype: str) -> float:
    if dtype not in BYTES:
        raise ValueError(f"No se conoce el tipo «{dtype}». Usa uno de: {', '.join(BYTES)}.")
    return BYTES[dtype]


def memory_bytes(parameters: float, dtype: str = "bfloat16") -> float:
    """Devuelve los bytes que ocupan los pesos guardados en el tipo `dtype`, uno de `BYTES`.

    >>> memory_bytes(175e9, "bfloat16") / 1e9
    350.0
    """
    return parameters * _bytes_of(dtype)


def kv_cache_bytes(
    arch: Architecture, tokens: int, batch: int = 1, dtype: str = "bfloat16"
) -> float:
    """Devuelve los bytes de claves y valores de `batch` textos de `tokens` tokens.

    Por token y capa se guardan 2·h_kv·d_h números de tipo `dtype`. Una capa de ventana deslizante guarda, a lo
    sumo, los últimos `arch.window` tokens.

    >>> from course_lib.sizes import architecture
    >>> kv_cache_bytes(architecture("Llama 2 7B"), tokens=4096) / 2**30
    2.0
    """
    return 2 * _seen(arch, tokens) * arch.key_value_width * batch * _bytes_of(dtype)


def _seen(arch: Architecture, tokens: int) -> int:
    """Tokens que un token mira, sumados en todas las capas."""
    full = arch.num_layers - arch.window_layers
    return full * tokens + arch.window_layers * min(tokens, arch.window)


#: Bytes por parámetro al entrenar con Adam en precisión mixta: en 16 bits el peso y su gradiente; en float32, la
#: copia del peso y los dos promedios de Adam.
TRAINING_BYTES = {"pesos": 2.0, "gradientes": 2.0, "copia en float32": 4.0, "promedios": 8.0}


def training_bytes(parameters: float) -> float:
    """Devuelve los bytes para entrenar con Adam en precisión mixta, sin contar activaciones.

    Son 16 por parámetro: la suma de `TRAINING_BYTES`.

    >>> training_bytes(1e9) / 1e9
    16.0
    """
    return sum(TRAINING_BYTES.values()) * parameters


# --- cómputo ---


def flops_per_token(arch: Architecture, context: int = 0) -> float:
    """Devuelve las operaciones para procesar un token que mira `context` tokens anteriores.

    Cada peso de una matriz multiplica y suma una vez: 2 operaciones. Aparte, la atención hace un
    producto por la clave y otro por el valor de cada token que mira. La tabla de embeddings se
    lee, no se multiplica; la salida (V·d) sí.

    >>> from course_lib.sizes import architecture
    >>> gpt3 = architecture("GPT-3 175B")
    >>> round(flops_per_token(gpt3, 2048) / (2 * count_parameters(gpt3)["total"]), 2)
    1.03
    """
    parts = count_parameters(arch)
    matrices = parts["atención"] + parts["MLP"] + arch.vocab_size * arch.hidden_size
    return 2.0 * matrices + 4.0 * arch.query_width * _seen(arch, context)


def training_flops(parameters: float, tokens: float) -> float:
    """Devuelve las operaciones de un entrenamiento: 6·N·T.

    2·N por token hacia adelante y el doble hacia atrás, para T tokens. En los artículos se escribe
    6·N·D, con D de datos.

    >>> f"{training_flops(175e9, 300e9):.3g}"
    '3.15e+23'
    """
    return 6.0 * parameters * tokens


@dataclass(frozen=True)
class Hardware:
    """Un acelerador: operaciones por segundo de catálogo (16 bits, densas) y memoria en bytes."""

    name: str
    peak_flops: float
    memory: float


HARDWARE = (
    Hardware("NVIDIA T4", 65e12, 16e9),
    Hardware("NVIDIA V100", 125e12, 32e9),
    Hardware("NVIDIA A100", 312e12, 80e9),
    Hardware("NVIDIA H100 SXM", 989e12, 80e9),
)


def training_seconds(
    flops: float, hardware: Hardware, devices: int = 1, utilization: float = 0.4
) -> float:
    """Devuelve los segundos que tardan `devices` aceleradores en hacer `flops` operaciones.

    `utilization` es la fracción de la velocidad de catálogo que de verdad se logra.

    >>> v100 = HARDWARE[1]
    >>> round(training_seconds(3.15e23, v100, devices=1000, utilization=0.3) / 86400)
    97
    """
    if not 0 < utilization <= 1:
        raise ValueError(
            f"utilization={utilization} es una fracción de la velocidad de catálogo: debe ser mayor "
            "que 0 y a lo sumo 1. Valores habituales: de 0.2 a 0.5."
        )
    return flops / (hardware.peak_flops * devices * utilization)
