"""Un peso que falta, sobra o no calza es un error, y el modelo queda como estaba."""

import pytest
import torch
from transformers import Gemma3TextConfig, GPT2Config, LlamaConfig, Qwen2Config

from course_lib.transformer import Transformer, TransformerConfig, load_hf_weights, name_table
from tests.transformer.llama_pairs import tiny_llama


@pytest.fixture
def setup():
    hf = tiny_llama("agrupada")
    return Transformer(TransformerConfig.from_hf_config(hf.config)), dict(hf.state_dict())


def assert_untouched(model, state_dict, message):
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    with pytest.raises(ValueError, match=message):
        load_hf_weights(model, state_dict)
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name]), name


def test_missing(setup):
    model, weights = setup
    del weights["model.layers.1.mlp.up_proj.weight"]
    assert_untouched(model, weights, r"Faltan 1: \['model.layers.1.mlp.up_proj.weight'\]")


def test_unused(setup):
    model, weights = setup
    weights["model.layers.9.mlp.up_proj.weight"] = torch.zeros(1)
    assert_untouched(model, weights, r"Sobran 1: \['model.layers.9.mlp.up_proj.weight'\]")


def test_wrong_shape(setup):
    model, weights = setup
    name = "model.layers.0.self_attn.k_proj.weight"
    weights[name] = weights[name].T
    assert_untouched(model, weights, "forma")


def test_broadcastable_shape_is_still_wrong(setup):
    model, weights = setup
    weights["model.norm.weight"] = torch.ones(1)  # copy_ lo aceptaría sin avisar
    assert_untouched(model, weights, "forma")


def test_untied_head_in_a_tied_model(setup):
    model, weights = setup
    weights["lm_head.weight"] = weights["lm_head.weight"] + 1
    assert_untouched(model, weights, "tie_word_embeddings")


def test_tied_head_may_be_absent(setup):
    model, weights = setup
    del weights["lm_head.weight"]
    load_hf_weights(model, weights)
    assert torch.equal(model.head.weight, weights["model.embed_tokens.weight"])
    assert model.head.weight is model.embed.weight


def test_table_names_every_weight(pair):
    hf, ours = pair
    table = name_table(ours.config)
    assert set(table) == set(hf.state_dict())
    assert set(table.values()) == set(ours.state_dict())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"attention_bias": True}, "attention_bias"),
        ({"mlp_bias": True}, "mlp_bias"),
        ({"hidden_act": "gelu"}, "hidden_act"),
        (
            {"rope_parameters": {"rope_type": "linear", "rope_theta": 1e4, "factor": 2.0}},
            "rope_type",
        ),
    ],
)
def test_config_rejects_what_it_does_not_have(change, message):
    with pytest.raises(ValueError, match=message):
        TransformerConfig.from_hf_config(LlamaConfig(**change))


@pytest.mark.parametrize("config", [GPT2Config(), Qwen2Config(), Gemma3TextConfig()])
def test_config_rejects_other_families(config):
    with pytest.raises(ValueError, match=f"model_type='{config.model_type}'"):
        TransformerConfig.from_hf_config(config)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hidden_size": 10}, "múltiplo"),
        ({"num_key_value_heads": 3}, "múltiplo"),
        ({"head_dim": 3}, "impar"),
    ],
)
def test_impossible_configs(change, message):
    good = {
        "vocab_size": 5,
        "hidden_size": 8,
        "num_hidden_layers": 1,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "intermediate_size": 6,
    }
    TransformerConfig(**good)
    with pytest.raises(ValueError, match=message):
        TransformerConfig(**{**good, **change})
