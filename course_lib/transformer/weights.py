"""Carga de pesos reales: una tabla de nombres explícita, sin adivinar ni callar nada."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import torch
from torch import Tensor, nn

from .config import TransformerConfig

__all__ = ["load_hf_weights", "name_table"]

_LAYER = {
    "input_layernorm.weight": "attn_norm.weight",
    "self_attn.q_proj.weight": "attn.q_proj.weight",
    "self_attn.k_proj.weight": "attn.k_proj.weight",
    "self_attn.v_proj.weight": "attn.v_proj.weight",
    "self_attn.o_proj.weight": "attn.o_proj.weight",
    "post_attention_layernorm.weight": "mlp_norm.weight",
    "mlp.gate_proj.weight": "mlp.gate_proj.weight",
    "mlp.up_proj.weight": "mlp.up_proj.weight",
    "mlp.down_proj.weight": "mlp.down_proj.weight",
}


def name_table(config: TransformerConfig) -> dict[str, str]:
    """Devuelve la tabla {nombre en transformers: nombre aquí} de todos los pesos del modelo.

    >>> config = TransformerConfig(vocab_size=5, hidden_size=4, num_hidden_layers=1,
    ...                            num_attention_heads=1, num_key_value_heads=1,
    ...                            intermediate_size=6)
    >>> name_table(config)["model.layers.0.self_attn.q_proj.weight"]
    'blocks.0.attn.q_proj.weight'
    """
    table = {"model.embed_tokens.weight": "embed.weight"}
    for i in range(config.num_hidden_layers):
        for theirs, ours in _LAYER.items():
            table[f"model.layers.{i}.{theirs}"] = f"blocks.{i}.{ours}"
    table["model.norm.weight"] = "norm.weight"
    table["lm_head.weight"] = "head.weight"
    return table


@torch.no_grad()
def load_hf_weights(model: nn.Module, state_dict: Mapping[str, Tensor]) -> None:
    """Copia en `model`, un `Transformer`, los pesos de un LlamaForCausalLM.

    Lanza `ValueError` si falta un peso, si sobra uno o si una forma no calza; en ese caso
    `model` queda como estaba.
    """
    config = cast(TransformerConfig, model.config)
    table = name_table(config)
    tied = config.tie_word_embeddings
    if tied and "lm_head.weight" not in state_dict:
        del table["lm_head.weight"]  # un archivo con la salida atada puede traerla o no
    _check_names(table, state_dict)
    ours = model.state_dict()
    _check_shapes(table, state_dict, ours)
    if tied and "lm_head.weight" in table:
        _check_tied(state_dict)
    for theirs, name in table.items():
        ours[name].copy_(state_dict[theirs])


def _check_names(table: Mapping[str, str], state_dict: Mapping[str, Tensor]) -> None:
    missing, unused = sorted(table.keys() - state_dict), sorted(state_dict.keys() - table)
    if missing or unused:
        raise ValueError(
            f"Los pesos no calzan con la configuración. Faltan {len(missing)}: {missing[:3]}. "
            f"Sobran {len(unused)}: {unused[:3]}. Revisa que el modelo sea de la familia Llama y "
            "que num_hidden_layers sea el suyo."
        )


def _check_shapes(
    table: Mapping[str, str], state_dict: Mapping[str, Tensor], ours: Mapping[str, Tensor]
) -> None:
    for theirs, name in table.items():
        found, wanted = tuple(state_dict[theirs].shape), tuple(ours[name].shape)
        if found != wanted:
            raise ValueError(
                f"El peso {theirs} tiene forma {found} y aquí {name} espera {wanted}. "
                "Revisa los tamaños de la configuración."
            )


def _check_tied(state_dict: Mapping[str, Tensor]) -> None:
    if not torch.equal(state_dict["lm_head.weight"], state_dict["model.embed_tokens.weight"]):
        raise ValueError(
            "La configuración dice que la salida usa la misma matriz que la entrada "
            "(tie_word_embeddings=True), pero lm_head.weight y model.embed_tokens.weight son "
            "distintas. Corrige la configuración o los pesos."
        )
