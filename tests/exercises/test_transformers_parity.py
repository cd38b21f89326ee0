"""Las referencias de los ejercicios son las mismas piezas del Transformer del curso."""

import pytest
import torch
from transformers.models.llama import modeling_llama as hf

from course_lib.exercises import transformers as ej
from course_lib.transformer import attention, cache, mlp, norm, rotary
from course_lib.transformer.config import TransformerConfig


def drawn(exercise, seeds=10):
    for seed in range(seeds):
        yield from exercise.cases(torch.Generator().manual_seed(seed))


def config(hidden_size, heads, groups, intermediate_size=2, head_dim=2, theta=10_000.0):
    return TransformerConfig(
        vocab_size=2,
        hidden_size=hidden_size,
        num_hidden_layers=1,
        num_attention_heads=heads,
        num_key_value_heads=groups,
        intermediate_size=intermediate_size,
        head_dim=head_dim,
        rope_theta=theta,
    )


def assert_close(ours, theirs):
    assert torch.allclose(ours, theirs, atol=1e-5), (ours - theirs).abs().max()


def test_causal_mask():
    for sizes in drawn(ej.causal_mask):
        assert torch.equal(ej.causal_mask.reference(*sizes), attention.causal_mask(*sizes))


def test_scaled_attention():
    for q, k, v, mask in drawn(ej.scaled_attention):
        ours = ej.scaled_attention.reference(q, k, v, mask)
        for one, other in zip(ours, attention.attend(q, k, v, mask), strict=True):
            assert_close(one, other)
        assert_close(ours[0], torch.nn.functional.scaled_dot_product_attention(q, k, v, mask))


def test_split_heads():
    for x, heads in drawn(ej.split_heads):
        width = x.shape[-1] // heads
        theirs = x[None].view(1, len(x), heads, width).transpose(1, 2)[0]  # como en Llama
        assert torch.equal(ej.split_heads.reference(x, heads), theirs)


def test_repeat_kv():
    for kv, heads in drawn(ej.repeat_kv):
        theirs = hf.repeat_kv(kv[None], heads // len(kv))[0]
        assert torch.equal(ej.repeat_kv.reference(kv, heads), theirs)


def test_rotary():
    for x, positions, theta in drawn(ej.rotary):
        ours = ej.rotary.reference(x, positions, theta)
        angles = rotary.rotary_angles(positions, x.shape[-1], theta)
        assert_close(ours, rotary.apply_rotary(x[None], angles)[0])
        cos, sin = (torch.cat([part, part], dim=-1)[None] for part in (angles.cos(), angles.sin()))
        assert_close(ours, hf.apply_rotary_pos_emb(x[None], x[None], cos, sin)[0][0])


@torch.no_grad()
def test_rms_norm():
    for x, weight, eps in drawn(ej.rms_norm):
        for layer in (norm.RMSNorm(len(weight), eps), hf.LlamaRMSNorm(len(weight), eps)):
            layer.weight.copy_(weight)
            assert_close(ej.rms_norm.reference(x, weight, eps), layer(x))


@torch.no_grad()
def test_swiglu():
    for x, w_gate, w_up, w_down in drawn(ej.swiglu):
        layer = mlp.SwiGLU(config(x.shape[1], 1, 1, intermediate_size=w_up.shape[1]))
        layer.gate_proj.weight.copy_(w_gate.T)
        layer.up_proj.weight.copy_(w_up.T)
        layer.down_proj.weight.copy_(w_down.T)
        assert_close(ej.swiglu.reference(x, w_gate, w_up, w_down), layer(x))


@torch.no_grad()
def test_attention_step_is_the_attention_of_the_course():
    for x, w_q, w_k, w_v, keys, values, theta in drawn(ej.attention_step):
        heads, width, head_dim = w_q.shape
        layer = attention.Attention(config(width, heads, len(w_k), 2, head_dim, theta))
        for projection, w in ((layer.q_proj, w_q), (layer.k_proj, w_k), (layer.v_proj, w_v)):
            projection.weight.copy_(w.transpose(1, 2).flatten(0, 1))
        layer.o_proj = torch.nn.Identity()  # la función pedida termina antes de esa proyección
        past, total = keys.shape[1], keys.shape[1] + len(x)
        stored = cache.LayerCache(keys[None], values[None])
        angles = rotary.rotary_angles(torch.arange(past, total), head_dim, theta)
        output, _ = layer(x[None], angles, attention.causal_mask(len(x), total), stored)
        ours = ej.attention_step.reference(x, w_q, w_k, w_v, keys, values, theta)
        for one, other in zip(ours, (output, stored.keys, stored.values), strict=True):
            assert_close(one, other[0])


@pytest.mark.parametrize("chunk", [1, 2, 3])
def test_attention_step_by_parts_equals_all_at_once(chunk):
    generator = torch.Generator().manual_seed(chunk)
    x, w_q = torch.randn(6, 5, generator=generator), torch.randn(4, 5, 4, generator=generator)
    w_k, w_v = torch.randn(2, 2, 5, 4, generator=generator)

    def read(parts):
        stored = [torch.zeros(2, 0, 4), torch.zeros(2, 0, 4)]
        outputs = []
        for part in parts:
            output, *stored = ej.attention_step.reference(part, w_q, w_k, w_v, *stored, 100.0)
            outputs.append(output)
        return torch.cat(outputs), *stored

    for by_parts, at_once in zip(read(x.split(chunk)), read([x]), strict=True):
        assert_close(by_parts, at_once)
