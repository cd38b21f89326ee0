"""Tamaños: parámetros, memoria y cómputo de un Transformer, solo a partir de su arquitectura.

Nada aquí descarga ni construye un modelo: son sumas y productos que caben en una hoja. Las
pruebas comparan cada total con el que transformers cuenta peso por peso.

Refs.: Kaplan et al. 2020, arXiv:2001.08361 (cómputo); Rajbhandari et al. 2020, arXiv:1910.02054
(memoria al entrenar); Brown et al. 2020, arXiv:2005.14165 (tabla 2.1, GPT-3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

__all__ = [
    "ARCHITECTURES",
    "BYTES",
    "HARDWARE",
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


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """Los números que fijan la forma de un Transformer y, con ellos, su tamaño."""

    name: str
    kind: str  # «codificador» (lee en ambos sentidos) o «decodificador» (solo hacia atrás)
    year: int
    vocab_size: int  # V
    hidden_size: int  # D
    num_layers: int  # L
    num_heads: int  # H
    intermediate_size: int  # F
    num_key_value_heads: int = 0  # G; 0 significa H
    head_dim: int = 0  # K; 0 significa D / H
    position_rows: int = 0  # filas de las tablas de posiciones; 0 si son rotatorias
    token_types: int = 0  # tipos de segmento (primera o segunda oración, en BERT)
    gated_mlp: bool = False  # tres matrices en el MLP (SwiGLU, GeGLU) en vez de dos
    bias: bool = False  # ¿las proyecciones y las normas suman un sesgo?
    norms_per_layer: int = 2
    extra_norms: int = 1  # fuera de los bloques: la de entrada o la final
    qk_norm: bool = False  # norma aparte para consultas y claves
    pooler: bool = False  # capa extra de BERT sobre su primer token
    tied_head: bool = True  # la salida reutiliza la matriz de embeddings

    @property
    def query_width(self) -> int:
        """H·K: ancho de todas las consultas juntas."""
        return self.num_heads * (self.head_dim or self.hidden_size // self.num_heads)

    @property
    def key_value_width(self) -> int:
        """G·K: ancho de todas las claves juntas (y de todos los valores)."""
        heads = self.num_key_value_heads or self.num_heads
        return heads * self.query_width // self.num_heads


def count_parameters(arch: Architecture) -> dict[str, int]:
    """Devuelve cuántos parámetros hay en cada parte, y su suma en «total».

    >>> count_parameters(architecture("BERT large"))["total"]
    335141888
    """
    V, D, L, F = arch.vocab_size, arch.hidden_size, arch.num_layers, arch.intermediate_size
    Q, KV = arch.query_width, arch.key_value_width
    bias = int(arch.bias)
    norm = D * (1 + bias)  # una ganancia por coordenada y, con sesgo, un desplazamiento
    attention = D * Q + 2 * D * KV + Q * D + bias * (Q + 2 * KV + D)
    attention += 2 * (Q // arch.num_heads) * arch.qk_norm
    matrices = 3 if arch.gated_mlp else 2
    mlp = matrices * D * F + bias * ((matrices - 1) * F + D)
    parts = {
        "embeddings": V * D,
        "posiciones": (arch.position_rows + arch.token_types) * D,
        "atención": L * attention,
        "MLP": L * mlp,
        "normas": (L * arch.norms_per_layer + arch.extra_norms) * norm,
        "salida": (0 if arch.tied_head else V * D) + arch.pooler * (D * D + D),
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

    Por token y capa se guardan 2·G·K números de tipo `dtype`. Supone que toda capa recuerda todo
    el contexto; las de ventana deslizante (las hay en Gemma 3) guardan menos.

    >>> kv_cache_bytes(architecture("Llama 2 7B"), tokens=4096) / 2**30
    2.0
    """
    return 2 * arch.num_layers * arch.key_value_width * tokens * batch * _bytes_of(dtype)


def training_bytes(parameters: float) -> float:
    """Devuelve los bytes para entrenar con Adam en precisión mixta, sin contar activaciones.

    Son 16 por parámetro: 2 del peso y 2 del gradiente en 16 bits, más 4 de la copia del peso y
    4 + 4 de los dos promedios de Adam en float32.

    >>> training_bytes(1e9) / 1e9
    16.0
    """
    return 16.0 * parameters


# --- cómputo ---


def flops_per_token(arch: Architecture, context: int = 0) -> float:
    """Devuelve las operaciones para procesar un token que mira `context` tokens anteriores.

    Cada peso de una matriz multiplica y suma una vez: 2 operaciones. Aparte, la atención hace un
    producto por la clave y otro por el valor de cada token que mira. La tabla de embeddings se
    lee, no se multiplica; la salida (V·D) sí.

    >>> gpt3 = architecture("GPT-3 175B")
    >>> round(flops_per_token(gpt3, 2048) / (2 * count_parameters(gpt3)["total"]), 2)
    1.03
    """
    parts = count_parameters(arch)
    matrices = parts["atención"] + parts["MLP"] + arch.vocab_size * arch.hidden_size
    return 2.0 * matrices + 4.0 * arch.num_layers * arch.query_width * context


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


# --- catálogo de arquitecturas publicadas ---

_bert = partial(Architecture, kind="codificador", bias=True, pooler=True)
_base = partial(_bert, hidden_size=768, num_layers=12, num_heads=12, intermediate_size=3072)
_large = partial(_bert, hidden_size=1024, num_layers=24, num_heads=16, intermediate_size=4096)
_gpt_like = partial(Architecture, kind="decodificador", bias=True, vocab_size=50257)
_llama = partial(Architecture, kind="decodificador", gated_mlp=True)


def _gpt(name: str, year: int, L: int, D: int, H: int, context: int) -> Architecture:
    return _gpt_like(
        name=name,
        year=year,
        hidden_size=D,
        num_layers=L,
        num_heads=H,
        intermediate_size=4 * D,
        position_rows=context,
    )


ARCHITECTURES = (
    _base(name="BERT base", year=2018, vocab_size=30522, position_rows=512, token_types=2),
    _large(name="BERT large", year=2018, vocab_size=30522, position_rows=512, token_types=2),
    _base(name="RoBERTa base", year=2019, vocab_size=50265, position_rows=514, token_types=1),
    _large(name="RoBERTa large", year=2019, vocab_size=50265, position_rows=514, token_types=1),
    Architecture(
        name="DeBERTa-v3 base",
        kind="codificador",
        year=2021,
        vocab_size=128100,
        hidden_size=768,
        num_layers=12,
        num_heads=12,
        intermediate_size=3072,
        position_rows=512,  # posiciones relativas: 256 hacia cada lado
        bias=True,
        extra_norms=2,  # una para las palabras y otra para las posiciones
    ),
    _gpt("GPT-2 small", 2019, 12, 768, 12, 1024),
    _gpt("GPT-2 medium", 2019, 24, 1024, 16, 1024),
    _gpt("GPT-2 large", 2019, 36, 1280, 20, 1024),
    _gpt("GPT-2 XL", 2019, 48, 1600, 25, 1024),
    _gpt("GPT-3 175B", 2020, 96, 12288, 96, 2048),
    _llama(
        name="Llama 2 7B",
        year=2023,
        vocab_size=32000,
        hidden_size=4096,
        num_layers=32,
        num_heads=32,
        intermediate_size=11008,
        tied_head=False,
    ),
    _llama(
        name="SmolLM2 135M",
        year=2024,
        vocab_size=49152,
        hidden_size=576,
        num_layers=30,
        num_heads=9,
        num_key_value_heads=3,
        intermediate_size=1536,
    ),
    _llama(
        name="Gemma 3 270M",
        year=2025,
        vocab_size=262144,
        hidden_size=640,
        num_layers=18,
        num_heads=4,
        num_key_value_heads=1,
        head_dim=256,
        intermediate_size=2048,
        norms_per_layer=4,
        qk_norm=True,
    ),
)


def architecture(name: str) -> Architecture:
    """Devuelve la arquitectura publicada con ese nombre.

    >>> architecture("GPT-3 175B").num_layers
    96
    """
    for arch in ARCHITECTURES:
        if arch.name == name:
            return arch
    known = ", ".join(arch.name for arch in ARCHITECTURES)
    raise ValueError(f"No hay una arquitectura «{name}». Las que hay: {known}.")
