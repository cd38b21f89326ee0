"""Respuestas equivocadas de `02_transformers`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import math

import torch
import torch.nn.functional as F


def mask_plain_tril(num_queries, num_keys):
    return torch.tril(torch.ones(num_queries, num_keys)).bool()


def mask_forbidden(num_queries, num_keys):
    past = num_keys - num_queries
    return torch.triu(torch.ones(num_queries, num_keys), diagonal=1 + past) == 1


def mask_of_infinities(num_queries, num_keys):
    past = num_keys - num_queries
    mask = torch.full((num_queries, num_keys), float("-inf"))
    return torch.triu(mask, diagonal=1 + past)


def mask_strict(num_queries, num_keys):
    past = num_keys - num_queries
    return torch.tensor([[j < past + i for j in range(num_keys)] for i in range(num_queries)])


def mask_square(num_queries, num_keys):
    return torch.ones(num_keys, num_keys, dtype=torch.bool).tril()


def mask_upper_from_the_corner(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).triu()


def attention_without_root(q, k, v, mask):
    scores = torch.matmul(q, k.mT)
    scores[:, ~mask] = float("-inf")
    weights = F.softmax(scores, dim=-1)
    return weights @ v, weights


def attention_zeroes_scores(q, k, v, mask):
    scores = torch.einsum("htk,hsk->hts", q, k) / math.sqrt(q.size(-1))
    weights = (scores * mask).softmax(-1)
    return weights @ v, weights


def attention_masks_weights(q, k, v, mask):
    weights = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(q.size(-1)), dim=2)
    weights = weights.masked_fill(mask == 0, 0)
    return weights @ v, weights


def attention_middle_axis(q, k, v, mask):
    scores = (q @ k.transpose(1, 2)) / math.sqrt(q.size(-1))
    scores = scores.masked_fill(mask == 0, float("-inf"))
    weights = torch.softmax(scores, dim=1)
    return weights @ v, weights


def attention_mixes_keys(q, k, v, mask):
    scores = (q @ k.transpose(1, 2)) / math.sqrt(q.size(-1))
    weights = scores.masked_fill(~mask, -1e9).softmax(-1)
    return weights @ k, weights


def attention_transposes_everything(q, k, v, mask):
    scores = q @ k.permute(2, 1, 0) / math.sqrt(q.size(-1))
    weights = scores.masked_fill(~mask, float("-inf")).softmax(-1)
    return weights @ v, weights


def attention_only_output(q, k, v, mask):
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def heads_view(x, num_heads):
    return x.view(num_heads, x.size(0), x.size(1) // num_heads)


def heads_of_size_h(x, num_heads):
    return torch.stack(x.split(num_heads, dim=1))


def heads_chunk_tokens(x, num_heads):
    return x.reshape(x.size(0), num_heads, -1)


def heads_strided(x, num_heads):
    return torch.stack([x[:, head::num_heads] for head in range(num_heads)])


def groups_tile(kv, num_heads):
    return torch.cat([kv] * (num_heads // kv.size(0)))


def groups_times_heads(kv, num_heads):
    return torch.repeat_interleave(kv, num_heads, dim=0)


def groups_no_axis(kv, num_heads):
    return kv.repeat_interleave(num_heads // kv.size(0))


def groups_expand(kv, num_heads):
    return kv.expand(num_heads, -1, -1)


def rotary_interleaved(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    out = torch.zeros_like(x)
    out[..., 0::2] = x[..., 0::2] * angles.cos() - x[..., 1::2] * angles.sin()
    out[..., 1::2] = x[..., 1::2] * angles.cos() + x[..., 0::2] * angles.sin()
    return out


def rotary_negative_angle(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x[..., : K // 2], x[..., K // 2 :]
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos + x2 * sin, x2 * cos - x1 * sin], dim=-1)


def rotary_stretches(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x[..., : K // 2], x[..., K // 2 :]
    return torch.cat([x1 * angles.cos() - x2 * angles.sin(), x2 * angles.cos()], dim=-1)


def rotary_overwritten_half(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x[..., : K // 2], x[..., K // 2 :]
    x1 = x1 * angles.cos() - x2 * angles.sin()
    x2 = x2 * angles.cos() + x1 * angles.sin()  # x1 ya no es el de antes
    return torch.cat([x1, x2], dim=-1)


def rotary_adds(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    return x + torch.cat([angles.sin(), angles.cos()], dim=-1)


def rotary_counts_from_zero(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(
        torch.arange(x.size(1)).float(), 1.0 / theta ** (torch.arange(0, K, 2) / K)
    )
    x1, x2 = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos - x2 * sin, x2 * cos + x1 * sin], dim=-1)


def norm_layer(x, weight, eps):
    mean = x.mean(-1, keepdim=True)
    variance = ((x - mean) ** 2).mean(-1, keepdim=True)
    return weight * (x - mean) / torch.sqrt(variance + eps)


def norm_torch_layer(x, weight, eps):
    return F.layer_norm(x, x.shape[-1:], weight, None, eps)


def norm_eps_outside(x, weight, eps):
    return weight * (x / (torch.sqrt((x * x).mean(-1, keepdim=True)) + eps))


def norm_unit_length(x, weight, eps):
    return weight * x / torch.sqrt((x**2).sum(-1, keepdim=True) + eps)


def norm_without_keepdim(x, weight, eps):
    return weight * x / torch.sqrt((x**2).mean(-1) + eps)


def norm_in_place(x, weight, eps):
    x /= torch.sqrt((x**2).mean(-1, keepdim=True) + eps)
    return x * weight


def norm_by_std(x, weight, eps):
    return weight * x / torch.sqrt(x.var(-1, keepdim=True, unbiased=False) + eps)


def swiglu_relu(x, w_gate, w_up, w_down):
    return (F.relu(x @ w_gate) * (x @ w_up)) @ w_down


def swiglu_sigmoid(x, w_gate, w_up, w_down):
    return ((x @ w_gate).sigmoid() * (x @ w_up)) @ w_down


def swiglu_swapped(x, w_gate, w_up, w_down):
    return (x @ w_gate * F.silu(x @ w_up)) @ w_down


def swiglu_forgets_down(x, w_gate, w_up, w_down):
    return F.silu(x @ w_gate) * (x @ w_up)


def swiglu_two_layers(x, w_gate, w_up, w_down):
    return F.silu(x @ w_gate) @ w_down


def swiglu_sum(x, w_gate, w_up, w_down):
    return (F.silu(x @ w_gate) + x @ w_up) @ w_down


def swiglu_open_gate(x, w_gate, w_up, w_down):
    return ((x @ w_gate).abs() * (x @ w_up)) @ w_down


def _turn(x, positions, theta):
    K = x.size(-1)
    angles = torch.outer(positions.float(), 1.0 / theta ** (torch.arange(0, K, 2) / K))
    x1, x2 = x.chunk(2, dim=-1)
    cos, sin = angles.cos(), angles.sin()
    return torch.cat([x1 * cos - x2 * sin, x2 * cos + x1 * sin], dim=-1)


def _attend(q, k, v, mask):
    n = q.size(0) // k.size(0)
    k, v = k.repeat_interleave(n, 0), v.repeat_interleave(n, 0)
    scores = (q @ k.mT / math.sqrt(q.size(-1))).masked_fill(~mask, float("-inf"))
    return torch.cat(list(scores.softmax(-1) @ v), dim=-1)


def step_positions_restart(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(T)
    q, k, v = _turn(x @ w_q, positions, theta), _turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0), keys, values


def step_square_mask(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = _turn(x @ w_q, positions, theta), _turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril() > 0), keys, values


def step_new_first(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = _turn(x @ w_q, positions, theta), _turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([k, keys], 1), torch.cat([v, values], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0), keys, values


def step_turns_stored_keys_again(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    keys, values = torch.cat([keys, x @ w_k], 1), torch.cat([values, x @ w_v], 1)
    q = _turn(x @ w_q, torch.arange(S, S + T), theta)
    keys = _turn(keys, torch.arange(S + T), theta)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0), keys, values


def step_forgets_to_return_the_cache(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = _turn(x @ w_q, positions, theta), _turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0)


def step_ignores_the_past(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = _turn(x @ w_q, positions, theta), _turn(x @ w_k, positions, theta), x @ w_v
    output = _attend(q, k, v, torch.ones(T, T).tril() > 0)
    return output, torch.cat([keys, k], 1), torch.cat([values, v], 1)


def step_lets_new_tokens_see_each_other(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = _turn(x @ w_q, positions, theta), _turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T) > 0), keys, values


WRONG = [
    ("causal_mask", mask_plain_tril, "Olvidaste los tokens guardados"),
    ("causal_mask", mask_forbidden, "Marcaste lo prohibido"),
    ("causal_mask", mask_of_infinities, "de tipo bool"),
    ("causal_mask", mask_strict, "Un token no se ve a sí mismo"),
    ("causal_mask", mask_square, "forma"),
    ("causal_mask", mask_upper_from_the_corner, "Solo se ve el futuro"),
    ("scaled_attention", attention_without_root, "Sin dividir por la raíz"),
    ("scaled_attention", attention_zeroes_scores, "Ceros en lugar de −∞"),
    ("scaled_attention", attention_masks_weights, "La máscara llegó tarde"),
    ("scaled_attention", attention_middle_axis, "Softmax por columnas"),
    ("scaled_attention", attention_mixes_keys, "se aleja"),
    ("scaled_attention", attention_transposes_everything, "las formas de los tensores no calzan"),
    ("scaled_attention", attention_only_output, "una tupla de 2 elementos"),
    ("split_heads", heads_view, "`view` sin `transpose`"),
    ("split_heads", heads_of_size_h, "forma"),
    ("split_heads", heads_chunk_tokens, "Las cabezas quedaron en segundo lugar"),
    ("split_heads", heads_strided, "Coordenadas salteadas"),
    ("repeat_kv", groups_tile, "Los grupos quedaron alternados"),
    ("repeat_kv", groups_times_heads, "Repetiste H veces"),
    ("repeat_kv", groups_no_axis, "forma"),
    ("repeat_kv", groups_expand, "Tu función lanzó RuntimeError"),
    ("rotary", rotary_interleaved, "Pares vecinos"),
    ("rotary", rotary_negative_angle, "Giraste al revés"),
    ("rotary", rotary_stretches, "Un vector de largo"),
    ("rotary", rotary_overwritten_half, "Un vector de largo"),
    ("rotary", rotary_adds, "La posición 0 queda igual"),
    ("rotary", rotary_counts_from_zero, "Contaste las posiciones desde 0"),
    ("rms_norm", norm_layer, "Eso es LayerNorm"),
    ("rms_norm", norm_torch_layer, "Eso es LayerNorm"),
    ("rms_norm", norm_eps_outside, "eps fuera de la raíz"),
    ("rms_norm", norm_unit_length, "Sumaste los cuadrados"),
    ("rms_norm", norm_without_keepdim, "Tu función lanzó RuntimeError"),
    ("rms_norm", norm_in_place, "modificó el argumento `x`"),
    ("rms_norm", norm_by_std, "la media de los cuadrados"),
    ("swiglu", swiglu_relu, "Usaste ReLU"),
    ("swiglu", swiglu_sigmoid, "Solo la sigmoide"),
    ("swiglu", swiglu_swapped, "La compuerta es la otra"),
    ("swiglu", swiglu_forgets_down, "forma"),
    ("swiglu", swiglu_two_layers, "Una red sin compuerta"),
    ("swiglu", swiglu_sum, "Sumaste"),
    ("swiglu", swiglu_open_gate, "Con la compuerta cerrada salió"),
    ("attention_step", step_positions_restart, "Las posiciones volvieron a empezar"),
    ("attention_step", step_square_mask, "La máscara no cuenta lo guardado"),
    ("attention_step", step_new_first, "ya no está igual al comienzo"),
    ("attention_step", step_turns_stored_keys_again, "Giraste otra vez las claves guardadas"),
    ("attention_step", step_forgets_to_return_the_cache, "una tupla de 3 elementos"),
    ("attention_step", step_ignores_the_past, "No miraste lo guardado"),
    ("attention_step", step_lets_new_tokens_see_each_other, "Sin máscara"),
]
