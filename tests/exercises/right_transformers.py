"""Respuestas correctas de `02_transformers` en otros estilos: el corrector las acepta todas.

Cada entrada: (ejercicio, función).
"""

from __future__ import annotations

import math

import numpy as np
import torch
import torch.nn.functional as F


def mask_comparison(num_queries, num_keys):
    return torch.arange(num_keys) <= torch.arange(num_keys - num_queries, num_keys)[:, None]


def mask_as_lists(num_queries, num_keys):
    past = num_keys - num_queries
    return [[j <= past + i for j in range(num_keys)] for i in range(num_queries)]


def mask_bottom_rows(num_queries, num_keys):
    return torch.ones(num_keys, num_keys, dtype=torch.bool).tril()[-num_queries:]


def mask_with_numpy(num_queries, num_keys):
    return np.tri(num_queries, num_keys, num_keys - num_queries, dtype=bool)


def mask_in_two_blocks(num_queries, num_keys):
    past = torch.ones(num_queries, num_keys - num_queries, dtype=torch.bool)
    return torch.cat([past, torch.ones(num_queries, num_queries).tril() == 1], dim=1)


def attention_with_numpy(q, k, v, mask):
    scores = q.numpy() @ k.numpy().transpose(0, 2, 1) / np.sqrt(q.shape[-1])
    scores = np.where(mask.numpy(), scores.astype(float), -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights = weights / weights.sum(axis=-1, keepdims=True)
    return weights @ v.numpy(), weights


def attention_in_float64(q, k, v, mask):
    q, k, v = q.double(), k.double(), v.double()
    bias = torch.zeros(mask.shape).double().masked_fill(mask.logical_not(), -math.inf)
    weights = F.softmax(torch.einsum("htk,hsk->hts", q, k) * q.size(-1) ** -0.5 + bias, dim=2)
    return torch.einsum("hts,hsk->htk", weights, v), weights


def attention_head_by_head(q, k, v, mask):
    mixed, shares = [], []
    for one_q, one_k, one_v in zip(q, k, v, strict=True):
        scores = one_q / math.sqrt(q.shape[2]) @ one_k.T
        scores[~mask] = float("-inf")
        shares.append(torch.softmax(scores, 1))
        mixed.append(shares[-1] @ one_v)
    return torch.stack(mixed), torch.stack(shares)


def attention_of_torch(q, k, v, mask):
    scores = (q @ k.mT / math.sqrt(q.size(-1))).masked_fill(mask == 0, -1e9)
    weights = (scores - scores.logsumexp(-1, keepdim=True)).exp()
    return [F.scaled_dot_product_attention(q[None], k[None], v[None], attn_mask=mask)[0], weights]


def heads_chunk(x, num_heads):
    return torch.stack(x.chunk(num_heads, dim=-1))


def heads_permute(x, num_heads):
    return x.reshape(len(x), num_heads, -1).permute(1, 0, 2).contiguous()


def heads_with_numpy(x, num_heads):
    return x.numpy().reshape(len(x), num_heads, -1).transpose(1, 0, 2)


def heads_as_lists(x, num_heads):
    width = x.shape[1] // num_heads
    starts = range(0, x.shape[1], width)
    return [[row[start : start + width] for row in x.tolist()] for start in starts]


def heads_unfold(x, num_heads):
    width = x.shape[1] // num_heads
    return x.double().unfold(1, width, width).transpose(0, 1)


def groups_expand(kv, num_heads):
    per_group = num_heads // len(kv)
    return kv[:, None].expand(-1, per_group, -1, -1).reshape(num_heads, *kv.shape[1:])


def groups_by_index(kv, num_heads):
    return kv[torch.arange(num_heads) // (num_heads // len(kv))]


def groups_with_numpy(kv, num_heads):
    return np.repeat(kv.numpy(), num_heads // len(kv), axis=0)


def groups_one_by_one(kv, num_heads):
    return torch.stack([kv[head * len(kv) // num_heads] for head in range(num_heads)])


def groups_repeat_the_second_axis(kv, num_heads):
    return kv.repeat(1, num_heads // len(kv), 1).view(num_heads, *kv.shape[1:])


def rotary_complex(x, positions, theta):
    half = x.shape[-1] // 2
    angles = torch.outer(
        positions.double(), theta ** (-2 * torch.arange(half).double() / (2 * half))
    )
    points = torch.complex(*x.double().chunk(2, dim=-1)) * torch.polar(angles * 0 + 1, angles)
    return torch.cat([points.real, points.imag], dim=-1)


def rotary_rotate_half(x, positions, theta):
    K = x.shape[-1]
    inverse = torch.exp(-torch.arange(0, K, 2) * math.log(theta) / K)
    angles = torch.cat([positions[:, None] * inverse] * 2, dim=-1)
    rotated = torch.cat([-x[..., K // 2 :], x[..., : K // 2]], dim=-1)
    return x * angles.cos() + rotated * angles.sin()


def rotary_with_numpy(x, positions, theta):
    K = x.shape[-1]
    angles = np.outer(positions.numpy(), 1 / theta ** (np.arange(0, K, 2) / K))
    a, b = np.split(x.numpy(), 2, axis=-1)
    cos, sin = np.cos(angles), np.sin(angles)
    return np.concatenate([a * cos - b * sin, b * cos + a * sin], axis=-1)


def rotary_with_loops(x, positions, theta):
    _, T, K = x.shape
    out = torch.empty_like(x)
    for t in range(T):
        for i in range(K // 2):
            angle = float(positions[t]) * theta ** (-2 * i / K)
            a, b = x[:, t, i], x[:, t, i + K // 2]
            out[:, t, i] = a * math.cos(angle) - b * math.sin(angle)
            out[:, t, i + K // 2] = b * math.cos(angle) + a * math.sin(angle)
    return out


def norm_rsqrt(x, weight, eps):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + eps) * weight


def norm_of_torch(x, weight, eps):
    return F.rms_norm(x, (x.shape[-1],), weight, eps)


def norm_in_pure_python(x, weight, eps):
    rows = []
    for row in x.tolist():
        scale = math.sqrt(sum(value * value for value in row) / len(row) + eps)
        rows.append([g * value / scale for g, value in zip(weight.tolist(), row, strict=True)])
    return rows


def norm_from_lengths(x, weight, eps):
    lengths = x.double().norm(dim=-1, keepdim=True)
    return weight * (x / (lengths**2 / x.shape[-1] + eps) ** 0.5)


def norm_with_numpy(x, weight, eps):
    x = x.numpy()
    return weight.numpy() * x / np.sqrt(np.mean(x**2 + eps, axis=1))[:, None]


def swiglu_silu(x, w_gate, w_up, w_down):
    return F.silu(x @ w_gate).mul(x @ w_up) @ w_down


def swiglu_exponential(x, w_gate, w_up, w_down):
    gate = x @ w_gate
    return (gate / (1 + torch.exp(-gate)) * (x @ w_up)) @ w_down


def swiglu_linear(x, w_gate, w_up, w_down):
    return F.linear(F.silu(F.linear(x, w_gate.T)) * F.linear(x, w_up.T), w_down.T)


def swiglu_float64(x, w_gate, w_up, w_down):
    both = x.double() @ torch.cat([w_gate, w_up], dim=1).double()
    gate, up = both.chunk(2, dim=-1)
    return torch.einsum("tf,tf,fd->td", F.silu(gate), up, w_down.double())


def _turn(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos - x2 * sin, x2 * cos + x1 * sin], dim=-1)


def step_token_by_token(x, w_q, w_k, w_v, keys, values, theta):
    outputs = []
    for row in x.split(1):
        here = torch.tensor([keys.shape[1]])
        keys = torch.cat([keys, _turn(row @ w_k, here, theta)], dim=1)
        values = torch.cat([values, row @ w_v], dim=1)
        parts = []
        for head, q in enumerate(_turn(row @ w_q, here, theta)):
            group = head * len(w_k) // len(w_q)
            weights = torch.softmax(q @ keys[group].T / math.sqrt(q.shape[-1]), dim=-1)
            parts.append(weights @ values[group])
        outputs.append(torch.cat(parts, dim=-1))
    return torch.cat(outputs), keys, values


def step_grouped(x, w_q, w_k, w_v, keys, values, theta):
    (H, _, K), G, T, S = w_q.shape, len(w_k), len(x), keys.shape[1]
    positions = torch.arange(T) + S
    q = _turn(torch.einsum("td,hdk->htk", x, w_q), positions, theta).view(G, H // G, T, K)
    keys = torch.cat((keys, _turn(torch.einsum("td,gdk->gtk", x, w_k), positions, theta)), 1)
    values = torch.cat((values, torch.einsum("td,gdk->gtk", x, w_v)), 1)
    scores = torch.einsum("gntk,gsk->gnts", q, keys) / K**0.5
    seen = torch.arange(S + T) <= positions[:, None]
    weights = scores.masked_fill(~seen, -1e9).softmax(-1)
    mixed = torch.einsum("gnts,gsk->tgnk", weights, values)
    return mixed.reshape(T, H * K), keys, values


def step_of_torch(x, w_q, w_k, w_v, keys, values, theta):
    T, S, n = len(x), keys.shape[1], len(w_q) // len(w_k)
    positions = torch.arange(S, S + T)
    keys = torch.cat([keys, _turn(x @ w_k, positions, theta)], 1)
    values = torch.cat([values, x @ w_v], 1)
    k, v = keys.repeat_interleave(n, 0), values.repeat_interleave(n, 0)
    mask = torch.ones(T, S + T).tril(S) > 0
    mixed = F.scaled_dot_product_attention(_turn(x @ w_q, positions, theta), k, v, attn_mask=mask)
    return torch.cat(list(mixed), dim=-1), keys, values


def step_in_float64(x, w_q, w_k, w_v, keys, values, theta):
    tensors = (tensor.double() for tensor in (x, w_q, w_k, w_v, keys, values))
    return list(step_of_torch(*tensors, theta))


RIGHT = [
    ("causal_mask", mask_comparison),
    ("causal_mask", mask_as_lists),
    ("causal_mask", mask_bottom_rows),
    ("causal_mask", mask_with_numpy),
    ("causal_mask", mask_in_two_blocks),
    ("scaled_attention", attention_with_numpy),
    ("scaled_attention", attention_in_float64),
    ("scaled_attention", attention_head_by_head),
    ("scaled_attention", attention_of_torch),
    ("split_heads", heads_chunk),
    ("split_heads", heads_permute),
    ("split_heads", heads_with_numpy),
    ("split_heads", heads_as_lists),
    ("split_heads", heads_unfold),
    ("repeat_kv", groups_expand),
    ("repeat_kv", groups_by_index),
    ("repeat_kv", groups_with_numpy),
    ("repeat_kv", groups_one_by_one),
    ("repeat_kv", groups_repeat_the_second_axis),
    ("rotary", rotary_complex),
    ("rotary", rotary_rotate_half),
    ("rotary", rotary_with_numpy),
    ("rotary", rotary_with_loops),
    ("rms_norm", norm_rsqrt),
    ("rms_norm", norm_of_torch),
    ("rms_norm", norm_in_pure_python),
    ("rms_norm", norm_from_lengths),
    ("rms_norm", norm_with_numpy),
    ("swiglu", swiglu_silu),
    ("swiglu", swiglu_exponential),
    ("swiglu", swiglu_linear),
    ("swiglu", swiglu_float64),
    ("attention_step", step_token_by_token),
    ("attention_step", step_grouped),
    ("attention_step", step_of_torch),
    ("attention_step", step_in_float64),
]
