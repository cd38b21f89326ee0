"""Un decodificador desde cero que carga pesos reales.

Orden de lectura: config, norm, rotary, attention, cache, mlp, block, model, weights, lm.
"""

from .attention import Attention, attend, causal_mask
from .block import Block
from .cache import KVCache
from .config import TransformerConfig
from .lm import TransformerLM
from .mlp import SwiGLU
from .model import Trace, Transformer
from .norm import RMSNorm
from .rotary import apply_rotary, rotary_angles
from .weights import load_hf_weights, name_table

__all__ = [
    "Attention",
    "Block",
    "KVCache",
    "RMSNorm",
    "SwiGLU",
    "Trace",
    "Transformer",
    "TransformerConfig",
    "TransformerLM",
    "apply_rotary",
    "attend",
    "causal_mask",
    "load_hf_weights",
    "name_table",
    "rotary_angles",
]
