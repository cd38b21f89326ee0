"""Propiedades que un Transformer correcto cumple con cualquier peso."""

import pytest
import torch

from course_lib.transformer import (
    KVCache,
    RMSNorm,
    Transformer,
    apply_rotary,
    attend,
    causal_mask,
    rotary_angles,
)
from tests.transformer.llama_pairs import assert_close, tiny_llama


@torch.no_grad()
def test_the_future_does_not_reach_the_past(pair, input_ids):
    model = pair[1]
    changed = input_ids.clone()
    changed[:, 12] = (changed[:, 12] + 1) % 257
    before, after = model(input_ids), model(changed)
    assert torch.equal(before[:, :12], after[:, :12])
    assert not torch.allclose(before[:, 12:], after[:, 12:])


@torch.no_grad()
@pytest.mark.parametrize("cuts", [(1,) * 21, (5, 16), (20, 1), (3, 1, 7, 10)])
def test_cache_equals_no_cache(pair, input_ids, cuts):
    model = pair[1]
    cache = KVCache.empty(model.config.num_hidden_layers)
    pieces = [model(piece, cache=cache) for piece in input_ids.split(list(cuts), dim=1)]
    assert cache.length == 21
    assert_close(torch.cat(pieces, dim=1), model(input_ids), 1e-5, f"caché en tramos {cuts}")


def test_attention_rows_sum_to_one(pair, input_ids):
    for weights in pair[1].trace(input_ids).attentions:
        torch.testing.assert_close(weights.sum(-1).float(), torch.ones(weights.shape[:-1]))
        assert weights.triu(1).abs().max() == 0


def test_attention_is_a_weighted_average():
    q, k = torch.randn(2, 2, 6, 4), torch.randn(2, 2, 6, 4)
    v = torch.full((2, 2, 6, 4), 7.0)  # si todos los valores son 7, la mezcla es 7
    assert torch.allclose(attend(q, k, v, causal_mask(6, 6))[0], v)


def test_causal_mask_rejects_more_queries_than_keys():
    with pytest.raises(ValueError, match="consultas"):
        causal_mask(3, 2)


def test_rotation_keeps_length_and_depends_only_on_distance():
    torch.manual_seed(0)
    q, k = torch.randn(1, 1, 1, 16), torch.randn(1, 1, 1, 16)

    def product(p, r):
        a = apply_rotary(q, rotary_angles(torch.tensor([p]), 16))
        b = apply_rotary(k, rotary_angles(torch.tensor([r]), 16))
        assert torch.allclose(a.norm(), q.norm())
        return (a * b).sum()

    assert torch.allclose(product(9, 4), product(105, 100), atol=1e-4)
    assert not torch.allclose(product(9, 4), product(9, 5), atol=1e-2)


def test_rms_norm_ignores_scale():
    norm, x = RMSNorm(8, eps=0.0), torch.randn(3, 8)
    assert torch.allclose(norm(x), norm(1000 * x), atol=1e-5)
    assert torch.allclose(norm(x).pow(2).mean(-1), torch.ones(3), atol=1e-5)


@torch.no_grad()
def test_batch_rows_do_not_mix(pair, input_ids):
    model = pair[1]
    assert_close(model(input_ids[1:2]), model(input_ids)[1:2], 1e-5, "fila sola")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "exactamente uno"),
        ({"input_ids": torch.tensor([1, 2])}, "lote"),
        ({"input_ids": torch.zeros(1, 0, dtype=torch.long)}, "al menos un token"),
        ({"inputs_embeds": torch.zeros(2, 8)}, "inputs_embeds"),
    ],
)
def test_bad_inputs_teach(arguments, message):
    with pytest.raises(ValueError, match=message):
        Transformer.from_hf(tiny_llama("una-cabeza"))(**arguments)
