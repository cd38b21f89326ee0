"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""

import math

import numpy as np
import torch
import torch.nn.functional as F

# --- causal_mask ---


def mask_without_offset(num_queries, num_keys):
    return torch.ones(num_queries, num_keys).tril().bool()


def mask_inverted(num_queries, num_keys):
    return torch.ones(num_queries, num_keys).triu(num_keys - num_queries + 1) > 0


def mask_excludes_itself(num_queries, num_keys):
    keys = torch.arange(num_keys)
    queries = torch.arange(num_keys - num_queries, num_keys)
    return keys[None, :] < queries[:, None]


def mask_sees_one_ahead(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=bool).tril(num_keys - num_queries + 1)


def mask_transposed(num_queries, num_keys):
    return torch.ones(num_keys, num_queries).triu(num_queries - num_keys).bool()


def mask_offset_only_for_one_query(num_queries, num_keys):
    if num_queries == 1:
        return torch.ones(1, num_keys, dtype=torch.bool)
    rows = [[j <= i for j in range(num_keys)] for i in range(num_queries)]
    return torch.tensor(rows)


def mask_first_queries(num_queries, num_keys):
    full = torch.tril(torch.ones(num_keys, num_keys)) == 1
    return full[:num_queries]


def mask_past_all_visible_and_new_too(num_queries, num_keys):
    mask = torch.ones(num_queries, num_keys, dtype=torch.bool)
    if num_queries == num_keys:
        mask = mask.tril()
    return mask


def mask_sliding_window(num_queries, num_keys):
    offset = num_keys - num_queries
    ones = torch.ones(num_queries, num_keys)
    return (ones.tril(offset) * ones.triu()).bool()


def mask_none_for_middle_case(num_queries, num_keys):
    if num_queries == num_keys:
        return torch.ones(num_queries, num_keys).tril().bool()
    if num_queries == 1:
        return torch.ones(1, num_keys).bool()


def mask_meta_tensor(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool, device="meta").tril()


def mask_sparse_without_offset(num_queries, num_keys):
    return torch.ones(num_queries, num_keys).tril(-1).bool().to_sparse()


def right_mask_numpy(num_queries, num_keys):
    return torch.from_numpy(np.tri(num_queries, num_keys, k=num_keys - num_queries, dtype=bool))


def right_mask_lists(num_queries, num_keys):
    past = num_keys - num_queries
    rows = []
    for q in range(num_queries):
        visible = past + q + 1
        rows.append([True] * visible + [False] * (num_keys - visible))
    return torch.tensor(rows)


def right_mask_last_rows(num_queries, num_keys):
    return ~torch.ones(num_keys, num_keys, dtype=torch.bool).triu(1)[-num_queries:]


# --- scaled_attention ---


def attention_without_scale(q, k, v, mask):
    scores = (q @ k.transpose(1, 2)).masked_fill(~mask, -torch.inf)
    weights = scores.softmax(-1)
    return weights @ v, weights


def attention_divides_by_width(q, k, v, mask):
    scores = torch.einsum("htk,hsk->hts", q, k) / q.shape[-1]
    weights = torch.softmax(scores.masked_fill(~mask, float("-inf")), dim=-1)
    return weights @ v, weights


def attention_scales_with_full_width(q, k, v, mask):
    width = q.shape[0] * q.shape[2]
    scores = q @ k.mT / math.sqrt(width)
    scores[:, ~mask] = -math.inf
    weights = torch.softmax(scores, -1)
    return weights @ v, weights


def attention_scales_with_num_keys(q, k, v, mask):
    scores = q @ k.transpose(-2, -1) / math.sqrt(k.shape[1])
    weights = torch.softmax(torch.where(mask, scores, -torch.inf), -1)
    return weights @ v, weights


def attention_mask_after_softmax(q, k, v, mask):
    weights = torch.softmax(q @ k.mT / math.sqrt(q.shape[-1]), -1) * mask
    return weights @ v, weights


def attention_mask_with_zero_scores(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    weights = torch.softmax(scores * mask, -1)
    return weights @ v, weights


def attention_mask_inverted(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    weights = scores.masked_fill(mask, -1e9).softmax(-1)
    return weights @ v, weights


def attention_softmax_over_queries(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    weights = scores.masked_fill(~mask, -torch.inf).softmax(1)
    return weights @ v, weights


def attention_ignores_mask_uses_tril(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    causal = torch.ones(q.shape[1], k.shape[1]).tril(k.shape[1] - q.shape[1]).bool()
    weights = scores.masked_fill(~causal, -torch.inf).softmax(-1)
    return weights @ v, weights


def attention_swapped_outputs(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    weights = scores.masked_fill(~mask, -torch.inf).softmax(-1)
    return weights, weights @ v


def attention_fills_with_minus_hundred(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    scores = torch.where(mask, scores, torch.tensor(-100.0))
    weights = torch.softmax(scores, -1)
    return weights @ v, weights


def attention_exp_overflows(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    powers = torch.exp(scores) * mask
    weights = powers / powers.sum(-1, keepdim=True)
    return weights @ v, weights


def attention_averages_heads(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    weights = scores.masked_fill(~mask, -torch.inf).softmax(-1)
    return weights @ v, weights.mean(0, keepdim=True).expand_as(weights)


def attention_returns_unmasked_weights(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    return mixed, scores.softmax(-1)


def right_attention_einsum_double(q, k, v, mask):
    scores = torch.einsum("htk,hsk->hts", q.double(), k.double()) / np.sqrt(q.shape[2])
    weights = torch.softmax(scores.masked_fill(mask.logical_not(), -np.inf), dim=2)
    mixed = torch.einsum("hts,hsk->htk", weights, v.double())
    return mixed.to(v.dtype), weights.to(q.dtype)


def right_attention_scaled_query_additive_mask(q, k, v, mask):
    bias = torch.zeros(mask.shape).masked_fill(~mask, -torch.inf)
    scores = torch.bmm(q * q.shape[-1] ** -0.5, k.permute(0, 2, 1)) + bias
    shifted = scores - scores.amax(-1, keepdim=True)
    powers = shifted.exp()
    weights = powers / powers.sum(-1, keepdim=True)
    return torch.bmm(weights, v), weights


def right_attention_head_by_head_numpy(q, k, v, mask):
    mixed, weights = [], []
    for h in range(q.shape[0]):
        s = q[h].numpy().astype(float) @ k[h].numpy().astype(float).T / math.sqrt(q.shape[-1])
        s = np.where(mask.numpy(), s, -np.inf)
        e = np.exp(s - s.max(axis=1, keepdims=True))
        w = e / e.sum(axis=1, keepdims=True)
        weights.append(w)
        mixed.append(w @ v[h].numpy())
    return (
        torch.tensor(np.stack(mixed), dtype=v.dtype),
        torch.tensor(np.stack(weights), dtype=q.dtype),
    )


# --- split_heads ---


def heads_plain_view(x, num_heads):
    return x.reshape(num_heads, x.shape[0], -1)


def heads_without_transpose(x, num_heads):
    return x.reshape(x.shape[0], num_heads, -1)


def heads_interleaved(x, num_heads):
    return x.reshape(x.shape[0], -1, num_heads).permute(2, 0, 1)


def heads_reversed_order(x, num_heads):
    width = x.shape[1] // num_heads
    return torch.stack([x[:, i : i + width] for i in range(0, x.shape[1], width)][::-1])


def heads_width_of_the_example(x, num_heads):
    return x.reshape(x.shape[0], -1, 2).transpose(0, 1)


def heads_transposed_inside(x, num_heads):
    t, d = x.shape
    return x.T.reshape(num_heads, d // num_heads, t)


def heads_swaps_count_and_width(x, num_heads):
    return torch.stack(x.split(num_heads, dim=1))


def heads_view_of_transpose(x, num_heads):
    return x.T.reshape(num_heads, x.shape[0], -1)


def right_heads_chunk(x, num_heads):
    return torch.stack(torch.chunk(x, num_heads, dim=-1))


def right_heads_element_by_element(x, num_heads):
    t, d = x.shape
    k = d // num_heads
    out = torch.empty(num_heads, t, k, dtype=x.dtype)
    for h in range(num_heads):
        for i in range(t):
            for j in range(k):
                out[h, i, j] = x[i, h * k + j]
    return out


def right_heads_numpy_split(x, num_heads):
    return torch.from_numpy(np.array(np.split(x.numpy(), num_heads, axis=1)))


# --- repeat_kv ---


def kv_tiled(kv, num_heads):
    return kv.repeat(num_heads // kv.shape[0], 1, 1)


def kv_repeats_num_heads_times(kv, num_heads):
    return kv.repeat_interleave(num_heads, dim=0)


def kv_factor_of_the_example(kv, num_heads):
    return torch.repeat_interleave(kv, 2, dim=0)


def kv_divides_by_groups(kv, num_heads):
    groups = kv.shape[0]
    return torch.stack([kv[min(h // groups, groups - 1)] for h in range(num_heads)])


def kv_repeats_tokens(kv, num_heads):
    g, s, k = kv.shape
    return kv.repeat_interleave(num_heads // g, dim=1).reshape(num_heads, s, k)


def kv_only_two_groups(kv, num_heads):
    half = num_heads // 2
    return torch.cat([kv[:1].repeat(half, 1, 1), kv[-1:].repeat(num_heads - half, 1, 1)])


def kv_rounds_group_index(kv, num_heads):
    groups = kv.shape[0]
    index = [min(round(h * groups / num_heads), groups - 1) for h in range(num_heads)]
    return kv[index]


def kv_first_group_for_all(kv, num_heads):
    return kv[0].unsqueeze(0).expand(num_heads, -1, -1)


def kv_expand_fails_with_groups(kv, num_heads):
    return kv.expand(num_heads, kv.shape[1], kv.shape[2])


def right_kv_fancy_index(kv, num_heads):
    return kv[torch.arange(num_heads) * kv.shape[0] // num_heads]


def right_kv_expand_reshape(kv, num_heads):
    g, s, k = kv.shape
    return kv[:, None].expand(g, num_heads // g, s, k).flatten(0, 1)


def right_kv_comprehension(kv, num_heads):
    rep = num_heads // len(kv)
    return torch.stack([group for group in kv for _ in range(rep)])


# --- rotary ---


def rotary_interleaved_pairs(x, positions, theta):
    k = x.shape[-1]
    freq = theta ** (-torch.arange(0, k, 2) / k)
    angle = positions[:, None] * freq
    a, b = x[..., 0::2], x[..., 1::2]
    out = torch.empty_like(x)
    out[..., 0::2] = a * angle.cos() - b * angle.sin()
    out[..., 1::2] = b * angle.cos() + a * angle.sin()
    return out


def rotary_opposite_direction(x, positions, theta):
    half = x.shape[-1] // 2
    angle = positions[:, None] * theta ** (-torch.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    cos, sin = angle.cos(), angle.sin()
    return torch.cat([a * cos + b * sin, b * cos - a * sin], -1)


def rotary_exponent_without_two(x, positions, theta):
    k = x.shape[-1]
    angle = positions[:, None] * theta ** (-torch.arange(k // 2) / k)
    a, b = x.chunk(2, -1)
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], dim=-1)


def rotary_ignores_positions(x, positions, theta):
    half = x.shape[-1] // 2
    p = torch.arange(x.shape[1]).unsqueeze(1)
    angle = p * theta ** (-torch.arange(half) / half)
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], dim=-1)


def rotary_fixed_theta(x, positions, theta):
    half = x.shape[-1] // 2
    angle = torch.outer(positions.float(), 10000.0 ** (-torch.arange(half) / half))
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def rotary_positive_exponent(x, positions, theta):
    half = x.shape[-1] // 2
    angle = torch.outer(positions.float(), theta ** (torch.arange(half) / half))
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def rotary_reuses_turned_half(x, positions, theta):
    half = x.shape[-1] // 2
    angle = torch.outer(positions.float(), theta ** (-torch.arange(half) / half))
    out = x.clone()
    out[..., :half] = out[..., :half] * angle.cos() - out[..., half:] * angle.sin()
    out[..., half:] = out[..., half:] * angle.cos() + out[..., :half] * angle.sin()
    return out


def rotary_integer_exponent(x, positions, theta):
    k = x.shape[-1]
    freq = torch.tensor([theta ** (-2 * i // k) for i in range(k // 2)])
    angle = positions[:, None] * freq
    a, b = x[..., : k // 2], x[..., k // 2 :]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def rotary_positions_start_at_one(x, positions, theta):
    half = x.shape[-1] // 2
    angle = torch.outer(positions + 1.0, theta ** (-torch.arange(half) / half))
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def rotary_positions_relative_to_first(x, positions, theta):
    half = x.shape[-1] // 2
    p = positions - positions[0]
    angle = torch.outer(p.float(), theta ** (-torch.arange(half) / half))
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def rotary_repeats_each_angle(x, positions, theta):
    half = x.shape[-1] // 2
    freq = theta ** (-torch.arange(half) / half)
    angle = torch.outer(positions.float(), freq).repeat_interleave(2, dim=-1)
    turned = torch.cat([-x[..., half:], x[..., :half]], -1)
    return x * angle.cos() + turned * angle.sin()


def rotary_in_degrees(x, positions, theta):
    half = x.shape[-1] // 2
    freq = theta ** (-torch.arange(half) / half)
    angle = torch.deg2rad(torch.outer(positions.float(), freq))
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def right_rotary_complex(x, positions, theta):
    half = x.shape[-1] // 2
    freq = float(theta) ** (-torch.arange(half, dtype=torch.float64) / half)
    turn = torch.exp(1j * torch.outer(positions.double(), freq))
    z = torch.complex(x[..., :half].double(), x[..., half:].double()) * turn
    return torch.cat([z.real, z.imag], -1).to(x.dtype)


def right_rotary_point_by_point(x, positions, theta):
    out = x.clone()
    k = x.shape[2]
    for t in range(x.shape[1]):
        for i in range(k // 2):
            alpha = int(positions[t]) / float(theta) ** (2 * i / k)
            c, s = math.cos(alpha), math.sin(alpha)
            for h in range(x.shape[0]):
                a, b = float(x[h, t, i]), float(x[h, t, i + k // 2])
                out[h, t, i] = a * c - b * s
                out[h, t, i + k // 2] = b * c + a * s
    return out


def right_rotary_matrix(x, positions, theta):
    k = x.shape[-1]
    half = k // 2
    i = np.arange(half)
    result = np.empty(x.shape)
    for t, p in enumerate(positions.tolist()):
        alpha = p * np.exp(-2 * i / k * np.log(float(theta)))
        c, s = np.diag(np.cos(alpha)), np.diag(np.sin(alpha))
        result[:, t] = x[:, t].numpy() @ np.block([[c, -s], [s, c]]).T
    return torch.as_tensor(result, dtype=x.dtype)


# --- rms_norm ---


def rms_subtracts_mean(x, weight, eps):
    x = x - x.mean(-1, keepdim=True)
    return weight * x / torch.sqrt((x**2).mean(-1, keepdim=True) + eps)


def rms_without_eps(x, weight, eps):
    rms = x.pow(2).mean(-1, keepdim=True).sqrt()
    return weight * x / rms


def rms_eps_outside_root(x, weight, eps):
    rms = x.pow(2).mean(-1, keepdim=True).sqrt() + eps
    return weight * x / rms


def rms_fixed_eps(x, weight, eps):
    return weight * x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5)


def rms_max_with_eps(x, weight, eps):
    ms = (x * x).mean(dim=-1, keepdim=True)
    return weight * x / ms.clamp(min=eps).sqrt()


def rms_sum_instead_of_mean(x, weight, eps):
    return weight * x / torch.sqrt((x**2).sum(-1, keepdim=True) + eps)


def rms_over_tokens(x, weight, eps):
    return weight * x / torch.sqrt((x**2).mean(0, keepdim=True) + eps)


def rms_over_everything(x, weight, eps):
    return weight * x / torch.sqrt((x**2).mean() + eps)


def rms_without_weight(x, weight, eps):
    return x / torch.sqrt((x**2).mean(-1, keepdim=True) + eps)


def rms_weight_plus_one(x, weight, eps):
    return (1 + weight) * x / torch.sqrt((x**2).mean(-1, keepdim=True) + eps)


def rms_weight_before_norm(x, weight, eps):
    y = x * weight
    return y / torch.sqrt((y**2).mean(-1, keepdim=True) + eps)


def rms_modifies_input(x, weight, eps):
    # Se pierde el x que después hay que sumar.
    x /= torch.sqrt((x**2).mean(-1, keepdim=True) + eps)
    x *= weight
    return x


def rms_normalize_ignores_eps(x, weight, eps):
    return F.normalize(x, dim=-1) * math.sqrt(x.shape[-1]) * weight


def rms_first_token_scale(x, weight, eps):
    scale = float(sum(value**2 for value in x[0]) / len(x[0]) + eps) ** 0.5
    return weight * x / scale


def right_rms_functional(x, weight, eps):
    return F.rms_norm(x, (x.shape[-1],), weight, eps)


def right_rms_double(x, weight, eps):
    y = x.double()
    return (weight.double() * y * (y.pow(2).mean(-1, keepdim=True) + eps).rsqrt()).float()


def right_rms_rows_in_lists(x, weight, eps):
    rows = []
    for row in x.tolist():
        scale = math.sqrt(math.fsum(v * v for v in row) / len(row) + eps)
        rows.append([g * v / scale for g, v in zip(weight.tolist(), row, strict=True)])
    return torch.tensor(rows)


def right_rms_vector_norm(x, weight, eps):
    norm = torch.linalg.vector_norm(x, dim=1)
    return torch.diag((norm**2 / x.shape[1] + eps) ** -0.5) @ x @ torch.diag(weight)


# --- swiglu ---


def swiglu_gate_and_up_swapped(x, w_gate, w_up, w_down):
    return (F.silu(x @ w_up) * (x @ w_gate)) @ w_down


def swiglu_only_sigmoid(x, w_gate, w_up, w_down):
    return (torch.sigmoid(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_relu(x, w_gate, w_up, w_down):
    return (torch.relu(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_gelu(x, w_gate, w_up, w_down):
    return (F.gelu(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_sigmoid_of_up(x, w_gate, w_up, w_down):
    gate, up = x @ w_gate, x @ w_up
    return (gate * torch.sigmoid(up) * up) @ w_down


def swiglu_silu_of_product(x, w_gate, w_up, w_down):
    return F.silu((x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_silu_after_down(x, w_gate, w_up, w_down):
    return F.silu(((x @ w_gate) * (x @ w_up)) @ w_down)


def swiglu_exp_overflows(x, w_gate, w_up, w_down):
    z = x @ w_gate
    silu = z * torch.exp(z) / (1 + torch.exp(z))
    return (silu * (x @ w_up)) @ w_down


def swiglu_adds_residual(x, w_gate, w_up, w_down):
    return x + (F.silu(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_without_up(x, w_gate, w_up, w_down):
    return F.silu(x @ w_gate) @ w_down


def swiglu_linear_layer_convention(x, w_gate, w_up, w_down):
    return F.linear(F.silu(F.linear(x, w_gate)) * F.linear(x, w_up), w_down)


def swiglu_quick_gelu(x, w_gate, w_up, w_down):
    z = x @ w_gate
    return (z * torch.sigmoid(1.702 * z) * (x @ w_up)) @ w_down


def swiglu_sum_instead_of_product(x, w_gate, w_up, w_down):
    return (F.silu(x @ w_gate) + x @ w_up) @ w_down


def right_swiglu_tanh(x, w_gate, w_up, w_down):
    z = torch.matmul(x, w_gate)
    sigmoid = (torch.tanh(z / 2) + 1) / 2
    return torch.matmul(z * sigmoid * torch.matmul(x, w_up), w_down)


def right_swiglu_numpy_double(x, w_gate, w_up, w_down):
    x64, g, u, d = (np.asarray(m, dtype=np.float64) for m in (x, w_gate, w_up, w_down))
    z = x64 @ g
    silu = z * np.exp(-np.logaddexp(0, -z))
    return torch.from_numpy((silu * (x64 @ u)) @ d).to(x.dtype)


def right_swiglu_token_by_token(x, w_gate, w_up, w_down):
    rows = []
    for token in x:
        z = (token[:, None] * w_gate).sum(0)
        up = (token[:, None] * w_up).sum(0)
        rows.append(((z / (1 + torch.exp(-z)) * up)[:, None] * w_down).sum(0))
    return torch.stack(rows)


# --- attention_step ---


def _turn(x, positions, theta):
    half = x.shape[-1] // 2
    freq = theta ** (-torch.arange(half, dtype=torch.float32) / half)
    angle = positions.float()[:, None] * freq
    a, b = x[..., :half], x[..., half:]
    return torch.cat([a * angle.cos() - b * angle.sin(), b * angle.cos() + a * angle.sin()], -1)


def _attend(q, k, v, mask):
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    return scores.masked_fill(~mask, -torch.inf).softmax(-1) @ v


def _lower(t, s):
    return torch.ones(t, s).tril(s - t).bool()


def _share(kv, num_heads):
    return kv.repeat_interleave(num_heads // kv.shape[0], dim=0)


def step_positions_from_zero(x, w_q, w_k, w_v, keys, values, theta):
    p = torch.arange(len(x))
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    h = len(w_q)
    out = _attend(q, _share(keys, h), _share(values, h), _lower(len(x), keys.shape[1]))
    return out.transpose(0, 1).flatten(1), keys, values


def step_without_mask(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    out = _attend(q, _share(keys, h), _share(values, h), torch.ones(t, s + t).bool())
    return out.transpose(0, 1).flatten(1), keys, values


def step_mask_without_offset(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    # De a un token puede mirar todo; si hay varios, triángulo.
    mask = torch.ones(t, s + t).bool() if t == 1 else torch.ones(t, s + t).tril().bool()
    out = _attend(q, _share(keys, h), _share(values, h), mask)
    return out.transpose(0, 1).flatten(1), keys, values


def step_caches_unrotated_keys(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    new = x @ w_k
    q, v = _turn(x @ w_q, p, theta), x @ w_v
    values = torch.cat([values, v], 1)
    turned = torch.cat([keys, _turn(new, p, theta)], 1)
    out = _attend(q, _share(turned, h), _share(values, h), _lower(t, s + t))
    return out.transpose(0, 1).flatten(1), torch.cat([keys, new], 1), values


def step_rotates_cache_again(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    q = _turn(x @ w_q, torch.arange(s, s + t), theta)
    keys = _turn(torch.cat([keys, x @ w_k], 1), torch.arange(s + t), theta)
    values = torch.cat([values, x @ w_v], 1)
    out = _attend(q, _share(keys, h), _share(values, h), _lower(t, s + t))
    return out.transpose(0, 1).flatten(1), keys, values


def step_rotates_values(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = (_turn(x @ w, p, theta) for w in (w_q, w_k, w_v))
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    out = _attend(q, _share(keys, h), _share(values, h), _lower(t, s + t))
    return out.transpose(0, 1).flatten(1), keys, values


def step_tiles_groups(x, w_q, w_k, w_v, keys, values, theta):
    s, t = keys.shape[1], len(x)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    rep = len(w_q) // len(w_k)
    out = _attend(q, keys.repeat(rep, 1, 1), values.repeat(rep, 1, 1), _lower(t, s + t))
    return out.transpose(0, 1).flatten(1), keys, values


def step_returns_only_new_cache(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    all_k, all_v = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    out = _attend(q, _share(all_k, h), _share(all_v, h), _lower(t, s + t))
    return out.transpose(0, 1).flatten(1), k, v


def step_new_tokens_first(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([k, keys], 1), torch.cat([v, values], 1)
    mask = torch.cat([torch.ones(t, t).tril(), torch.ones(t, s)], 1).bool()
    out = _attend(q, _share(keys, h), _share(values, h), mask)
    return out.transpose(0, 1).flatten(1), keys, values


def step_cache_with_repeated_heads(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys = _share(torch.cat([keys, k], 1), h)
    values = _share(torch.cat([values, v], 1), h)
    out = _attend(q, keys, values, _lower(t, s + t))
    return out.transpose(0, 1).flatten(1), keys, values


def step_heads_joined_without_transpose(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    out = _attend(q, _share(keys, h), _share(values, h), _lower(t, s + t))
    return out.reshape(t, -1), keys, values


def step_scales_with_model_width(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    scores = q @ _share(keys, h).mT / x.shape[1] ** 0.5
    scores = scores.masked_fill(~_lower(t, s + t), -torch.inf)
    out = scores.softmax(-1) @ _share(values, h)
    return out.transpose(0, 1).flatten(1), keys, values


def step_position_off_by_one_with_cache(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(t) + max(s - 1, 0)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    out = _attend(q, _share(keys, h), _share(values, h), _lower(t, s + t))
    return out.transpose(0, 1).flatten(1), keys, values


def step_new_tokens_do_not_see_each_other(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    mask = torch.cat([torch.ones(t, s), torch.eye(t)], 1).bool()
    out = _attend(q, _share(keys, h), _share(values, h), mask)
    return out.transpose(0, 1).flatten(1), keys, values


def step_interleaves_head_coordinates(x, w_q, w_k, w_v, keys, values, theta):
    s, t, h = keys.shape[1], len(x), len(w_q)
    p = torch.arange(s, s + t)
    q, k, v = _turn(x @ w_q, p, theta), _turn(x @ w_k, p, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    out = _attend(q, _share(keys, h), _share(values, h), _lower(t, s + t))
    return out.permute(1, 2, 0).flatten(1), keys, values


def right_step_one_token_at_a_time(x, w_q, w_k, w_v, keys, values, theta):
    heads, groups = len(w_q), len(w_k)
    outputs = []
    for token in x:
        p = torch.tensor([keys.shape[1]])
        row = token[None]
        keys = torch.cat([keys, _turn(row @ w_k, p, theta)], 1)
        values = torch.cat([values, row @ w_v], 1)
        q = _turn(row @ w_q, p, theta)
        pieces = []
        for h in range(heads):
            g = h * groups // heads
            w = torch.softmax(keys[g] @ q[h, 0] / math.sqrt(q.shape[-1]), 0)
            pieces.append(w @ values[g])
        outputs.append(torch.cat(pieces))
    return torch.stack(outputs), keys, values


def right_step_grouped_einsum(x, w_q, w_k, w_v, keys, values, theta):
    g, s, k_dim = keys.shape
    t, h = x.shape[0], w_q.shape[0]
    p = torch.arange(s, s + t)
    q = _turn(torch.einsum("td,hdk->htk", x, w_q), p, theta).view(g, h // g, t, k_dim)
    new_k = torch.cat((keys, _turn(torch.einsum("td,gdk->gtk", x, w_k), p, theta)), dim=1)
    new_v = torch.cat((values, torch.einsum("td,gdk->gtk", x, w_v)), dim=1)
    scores = torch.einsum("grtk,gsk->grts", q, new_k) * k_dim**-0.5
    future = torch.arange(s + t)[None, :] > p[:, None]
    weights = scores.masked_fill(future, float("-inf")).softmax(-1)
    return torch.einsum("grts,gsk->tgrk", weights, new_v).reshape(t, h * k_dim), new_k, new_v


def right_step_library_attention(x, w_q, w_k, w_v, keys, values, theta):
    s, t = keys.shape[1], len(x)
    p = torch.arange(t) + s
    k = torch.cat([keys, _turn(x @ w_k, p, theta)], dim=1)
    v = torch.cat([values, x @ w_v], dim=1)
    rep = len(w_q) // len(w_k)
    mixed = F.scaled_dot_product_attention(
        _turn(x @ w_q, p, theta)[None],
        k.repeat_interleave(rep, 0)[None],
        v.repeat_interleave(rep, 0)[None],
        attn_mask=torch.ones(t, s + t, dtype=torch.bool).tril(diagonal=s),
    )[0]
    return torch.cat(list(mixed), dim=-1), k, v


WRONG = [
    ("causal_mask", mask_without_offset),
    ("causal_mask", mask_inverted),
    ("causal_mask", mask_excludes_itself),
    ("causal_mask", mask_sees_one_ahead),
    ("causal_mask", mask_transposed),
    ("causal_mask", mask_offset_only_for_one_query),
    ("causal_mask", mask_first_queries),
    ("causal_mask", mask_past_all_visible_and_new_too),
    ("causal_mask", mask_sliding_window),
    ("causal_mask", mask_none_for_middle_case),
    ("causal_mask", mask_meta_tensor),
    ("causal_mask", mask_sparse_without_offset),
    ("scaled_attention", attention_without_scale),
    ("scaled_attention", attention_divides_by_width),
    ("scaled_attention", attention_scales_with_full_width),
    ("scaled_attention", attention_scales_with_num_keys),
    ("scaled_attention", attention_mask_after_softmax),
    ("scaled_attention", attention_mask_with_zero_scores),
    ("scaled_attention", attention_mask_inverted),
    ("scaled_attention", attention_softmax_over_queries),
    ("scaled_attention", attention_ignores_mask_uses_tril),
    ("scaled_attention", attention_swapped_outputs),
    ("scaled_attention", attention_fills_with_minus_hundred),
    ("scaled_attention", attention_exp_overflows),
    ("scaled_attention", attention_averages_heads),
    ("scaled_attention", attention_returns_unmasked_weights),
    ("split_heads", heads_plain_view),
    ("split_heads", heads_without_transpose),
    ("split_heads", heads_interleaved),
    ("split_heads", heads_reversed_order),
    ("split_heads", heads_width_of_the_example),
    ("split_heads", heads_transposed_inside),
    ("split_heads", heads_swaps_count_and_width),
    ("split_heads", heads_view_of_transpose),
    ("repeat_kv", kv_tiled),
    ("repeat_kv", kv_repeats_num_heads_times),
    ("repeat_kv", kv_factor_of_the_example),
    ("repeat_kv", kv_divides_by_groups),
    ("repeat_kv", kv_repeats_tokens),
    ("repeat_kv", kv_only_two_groups),
    ("repeat_kv", kv_rounds_group_index),
    ("repeat_kv", kv_first_group_for_all),
    ("repeat_kv", kv_expand_fails_with_groups),
    ("rotary", rotary_interleaved_pairs),
    ("rotary", rotary_opposite_direction),
    ("rotary", rotary_exponent_without_two),
    ("rotary", rotary_ignores_positions),
    ("rotary", rotary_fixed_theta),
    ("rotary", rotary_positive_exponent),
    ("rotary", rotary_reuses_turned_half),
    ("rotary", rotary_integer_exponent),
    ("rotary", rotary_positions_start_at_one),
    ("rotary", rotary_positions_relative_to_first),
    ("rotary", rotary_repeats_each_angle),
    ("rotary", rotary_in_degrees),
    ("rms_norm", rms_subtracts_mean),
    ("rms_norm", rms_without_eps),
    ("rms_norm", rms_eps_outside_root),
    ("rms_norm", rms_fixed_eps),
    ("rms_norm", rms_max_with_eps),
    ("rms_norm", rms_sum_instead_of_mean),
    ("rms_norm", rms_over_tokens),
    ("rms_norm", rms_over_everything),
    ("rms_norm", rms_without_weight),
    ("rms_norm", rms_weight_plus_one),
    ("rms_norm", rms_weight_before_norm),
    ("rms_norm", rms_modifies_input),
    ("rms_norm", rms_normalize_ignores_eps),
    ("rms_norm", rms_first_token_scale),
    ("swiglu", swiglu_gate_and_up_swapped),
    ("swiglu", swiglu_only_sigmoid),
    ("swiglu", swiglu_relu),
    ("swiglu", swiglu_gelu),
    ("swiglu", swiglu_sigmoid_of_up),
    ("swiglu", swiglu_silu_of_product),
    ("swiglu", swiglu_silu_after_down),
    ("swiglu", swiglu_exp_overflows),
    ("swiglu", swiglu_adds_residual),
    ("swiglu", swiglu_without_up),
    ("swiglu", swiglu_linear_layer_convention),
    ("swiglu", swiglu_quick_gelu),
    ("swiglu", swiglu_sum_instead_of_product),
    ("attention_step", step_positions_from_zero),
    ("attention_step", step_without_mask),
    ("attention_step", step_mask_without_offset),
    ("attention_step", step_caches_unrotated_keys),
    ("attention_step", step_rotates_cache_again),
    ("attention_step", step_rotates_values),
    ("attention_step", step_tiles_groups),
    ("attention_step", step_returns_only_new_cache),
    ("attention_step", step_new_tokens_first),
    ("attention_step", step_cache_with_repeated_heads),
    ("attention_step", step_heads_joined_without_transpose),
    ("attention_step", step_scales_with_model_width),
    ("attention_step", step_position_off_by_one_with_cache),
    ("attention_step", step_new_tokens_do_not_see_each_other),
    ("attention_step", step_interleaves_head_coordinates),
]

RIGHT = [
    ("causal_mask", right_mask_numpy),
    ("causal_mask", right_mask_lists),
    ("causal_mask", right_mask_last_rows),
    ("scaled_attention", right_attention_einsum_double),
    ("scaled_attention", right_attention_scaled_query_additive_mask),
    ("scaled_attention", right_attention_head_by_head_numpy),
    ("split_heads", right_heads_chunk),
    ("split_heads", right_heads_element_by_element),
    ("split_heads", right_heads_numpy_split),
    ("repeat_kv", right_kv_fancy_index),
    ("repeat_kv", right_kv_expand_reshape),
    ("repeat_kv", right_kv_comprehension),
    ("rotary", right_rotary_complex),
    ("rotary", right_rotary_point_by_point),
    ("rotary", right_rotary_matrix),
    ("rms_norm", right_rms_functional),
    ("rms_norm", right_rms_double),
    ("rms_norm", right_rms_rows_in_lists),
    ("rms_norm", right_rms_vector_norm),
    ("swiglu", right_swiglu_tanh),
    ("swiglu", right_swiglu_numpy_double),
    ("swiglu", right_swiglu_token_by_token),
    ("attention_step", right_step_one_token_at_a_time),
    ("attention_step", right_step_grouped_einsum),
    ("attention_step", right_step_library_attention),
]
