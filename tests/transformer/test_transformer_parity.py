"""Cada pieza y el modelo entero contra transformers en atención «eager», con pesos al azar."""

import pytest
import torch
from transformers.models.llama.modeling_llama import (
    LlamaRMSNorm,
    LlamaRotaryEmbedding,
    apply_rotary_pos_emb,
    eager_attention_forward,
)

from course_lib.transformer import (
    RMSNorm,
    Transformer,
    apply_rotary,
    attend,
    causal_mask,
    rotary_angles,
)
from tests.transformer.llama_pairs import SHAPES, assert_close, tiny_llama

TOLERANCE = 1e-5
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def parts(pair, input_ids):
    """Entradas comunes: embeddings, ángulos y máscara, de cada lado."""
    hf, ours = pair
    x = ours.embed(input_ids)
    positions = torch.arange(input_ids.shape[1])
    angles = rotary_angles(positions, ours.config.head_dim, ours.config.rope_theta)
    mask = causal_mask(len(positions), len(positions))
    theirs = {
        "position_embeddings": hf.model.rotary_emb(x, positions[None]),
        "attention_mask": torch.zeros(mask.shape).masked_fill(~mask, float("-inf"))[None, None],
    }
    return x, (angles, mask), theirs


@pytest.mark.parametrize("eps", [1e-6, 1e-2])
def test_rms_norm(eps):
    torch.manual_seed(0)
    theirs, ours = LlamaRMSNorm(24, eps=eps), RMSNorm(24, eps=eps)
    theirs.weight.data.uniform_(0.5, 1.5)
    ours.weight.data.copy_(theirs.weight)
    x = torch.randn(2, 5, 24) * 3
    assert_close(ours(x), theirs(x), TOLERANCE, "RMSNorm")
    assert_close(ours(x.bfloat16()), theirs(x.bfloat16()), 0.0, "RMSNorm en bfloat16")


@pytest.mark.parametrize("name", SHAPES)
def test_rotary(name):
    hf = tiny_llama(name)
    config, K = hf.config, hf.config.head_dim
    q, k = torch.randn(2, 4, 30, K), torch.randn(2, 2, 30, K)
    positions = torch.arange(100, 130)  # lejos de cero: un error de posición se vería
    cos, sin = LlamaRotaryEmbedding(config)(q, positions[None])
    angles = rotary_angles(positions, K, config.rope_parameters["rope_theta"])
    for ours, theirs in zip((q, k), apply_rotary_pos_emb(q, k, cos, sin), strict=True):
        assert_close(apply_rotary(ours, angles), theirs, TOLERANCE, "posiciones rotatorias")


def test_attend():
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, 3, 9, 8) for _ in range(3))
    mask = causal_mask(9, 9)
    additive = torch.zeros(9, 9).masked_fill(~mask, float("-inf"))
    module = torch.nn.Module()
    module.num_key_value_groups = 1
    theirs, weights = eager_attention_forward(module, q, k, v, additive, scaling=8**-0.5)
    ours = attend(q, k, v, mask)
    assert_close(ours[0], theirs.transpose(1, 2), TOLERANCE, "mezcla")
    assert_close(ours[1], weights, TOLERANCE, "pesos de atención")
    fused = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
    assert_close(ours[0], fused, TOLERANCE, "mezcla contra la atención fusionada de torch")


@torch.no_grad()
def test_attention(pair, input_ids):
    x, ours, theirs = parts(pair, input_ids)
    for i, layer in enumerate(pair[0].model.layers):
        expected = layer.self_attn(x, **theirs)
        found = pair[1].blocks[i].attn(x, *ours)
        assert_close(found[0], expected[0], TOLERANCE, f"atención, capa {i}")
        assert_close(found[1], expected[1], TOLERANCE, f"pesos, capa {i}")


@torch.no_grad()
def test_mlp(pair, input_ids):
    x = pair[1].embed(input_ids)
    for i, layer in enumerate(pair[0].model.layers):
        assert_close(pair[1].blocks[i].mlp(x), layer.mlp(x), TOLERANCE, f"MLP, capa {i}")


@torch.no_grad()
def test_block(pair, input_ids):
    x, ours, theirs = parts(pair, input_ids)
    for i, layer in enumerate(pair[0].model.layers):
        expected = layer(x, **theirs)
        assert_close(pair[1].blocks[i](x, *ours)[0], expected, TOLERANCE, f"bloque {i}")


@torch.no_grad()
def test_whole_model(pair, input_ids):
    hf, ours = pair
    assert_close(ours(input_ids), hf(input_ids).logits, TOLERANCE, "logits")
    embeds = torch.randn(2, 9, hf.config.hidden_size)
    expected = hf(inputs_embeds=embeds).logits
    assert_close(ours(inputs_embeds=embeds), expected, TOLERANCE, "logits desde embeddings")


@torch.no_grad()
def test_trace(pair, input_ids):
    hf, ours = pair
    expected = hf(input_ids, output_attentions=True, output_hidden_states=True)
    found = ours.trace(input_ids)
    assert len(expected.attentions) == len(found.attentions) == ours.config.num_hidden_layers
    assert len(expected.hidden_states) == len(found.hidden_states)
    for i, (a, b) in enumerate(zip(found.attentions, expected.attentions, strict=True)):
        assert_close(a, b, TOLERANCE, f"atención {i}")
    last = ours.norm(found.hidden_states[-1])  # transformers ya lo entrega normalizado
    states = (*found.hidden_states[:-1], last)
    for i, (a, b) in enumerate(zip(states, expected.hidden_states, strict=True)):
        assert_close(a, b, TOLERANCE, f"estado oculto {i}")
    assert torch.equal(found.logits, ours(input_ids))


def test_gradients(pair, input_ids):
    """Los gradientes también calzan: sirve para entrenar, no solo para leer."""
    hf, ours = pair
    labels = input_ids.roll(-1, dims=1)
    for model, logits in ((hf, hf(input_ids).logits), (ours, ours(input_ids))):
        model.zero_grad()
        torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten()).backward()
    from course_lib.transformer import name_table

    theirs, mine = dict(hf.named_parameters()), dict(ours.named_parameters())
    for their_name, our_name in name_table(ours.config).items():
        if their_name in theirs and our_name in mine:
            assert_close(mine[our_name].grad, theirs[their_name].grad, TOLERANCE, our_name)


def test_weights_are_copies():
    hf = tiny_llama("agrupada")
    ours = Transformer.from_hf(hf)
    before = ours.embed.weight.clone()
    hf.model.embed_tokens.weight.data.add_(1.0)
    assert torch.equal(ours.embed.weight, before)
