"""Respuestas equivocadas de `02_transformers`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import torch

from tests.exercises.wrong_transformers_attention import WRONG as ATTENTION
from tests.exercises.wrong_transformers_step import WRONG as STEP
from tests.exercises.wrong_transformers_vectors import WRONG as VECTORS


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


def mask_modulo(num_queries, num_keys):
    return torch.ones(num_queries, num_keys, dtype=torch.bool).tril(num_keys % num_queries)


def mask_one_extra(num_queries, num_keys):
    past = num_keys - num_queries
    return torch.tensor([[j <= past + i + 1 for j in range(num_keys)] for i in range(num_queries)])


def mask_window(num_queries, num_keys):
    past = num_keys - num_queries
    full = torch.ones(num_queries, num_keys, dtype=torch.bool)
    return full.tril(past).triu(past - 8)


def mask_only_new_tokens(num_queries, num_keys):
    past = num_keys - num_queries
    blind = torch.zeros(num_queries, past, dtype=torch.bool)
    return torch.cat([blind, torch.ones(num_queries, num_queries).tril() > 0], dim=1)


def mask_everything(num_queries, num_keys):
    return torch.full((num_queries, num_keys), True)


def heads_transposed_first(x, num_heads):
    return x.T.reshape(num_heads, x.size(0), -1)


def heads_of_two(x, num_heads):
    return torch.stack(x.split(2, dim=1))


def heads_chunks_of_tokens(x, num_heads):
    return torch.stack(x.chunk(num_heads, dim=0))


def heads_backwards(x, num_heads):
    return x.view(x.size(0), num_heads, -1).transpose(0, 1).flip(0)


def heads_all_the_first(x, num_heads):
    K = x.size(1) // num_heads
    return x[:, :K].unsqueeze(0).repeat(num_heads, 1, 1)


def groups_modulo(kv, num_heads):
    return kv[torch.arange(num_heads) % len(kv)]


def groups_repeats_tokens(kv, num_heads):
    n = num_heads // len(kv)
    return kv.repeat_interleave(n, dim=1).reshape(num_heads, kv.size(1), kv.size(2))


def groups_first_only(kv, num_heads):
    return kv.repeat_interleave(num_heads, dim=0)[:num_heads]


def groups_divided_by_groups(kv, num_heads):
    index = (torch.arange(num_heads) // len(kv)).clamp(max=len(kv) - 1)
    return kv[index]


def groups_last_repeated(kv, num_heads):
    return torch.cat([kv, kv[-1:].repeat(num_heads - len(kv), 1, 1)])


WRONG = [
    ("causal_mask", mask_plain_tril, "Olvidaste los tokens guardados"),
    ("causal_mask", mask_forbidden, "Marcaste lo prohibido"),
    ("causal_mask", mask_of_infinities, "de tipo bool"),
    ("causal_mask", mask_strict, "Un token no se ve a sí mismo"),
    ("causal_mask", mask_square, "forma"),
    ("causal_mask", mask_upper_from_the_corner, "Solo se ve el futuro"),
    ("split_heads", heads_view, "`view` sin `transpose`"),
    ("split_heads", heads_of_size_h, "forma"),
    ("split_heads", heads_chunk_tokens, "Las cabezas quedaron en segundo lugar"),
    ("split_heads", heads_strided, "Coordenadas salteadas"),
    ("repeat_kv", groups_tile, "Los grupos quedaron alternados"),
    ("repeat_kv", groups_times_heads, "Repetiste H veces"),
    ("repeat_kv", groups_no_axis, "forma"),
    ("repeat_kv", groups_expand, "Tu función lanzó RuntimeError"),
    ("causal_mask", mask_modulo, "no ve su propia clave"),
    ("causal_mask", mask_one_extra, "Se ve un token de más"),
    ("causal_mask", mask_window, "que es anterior"),
    ("causal_mask", mask_only_new_tokens, "que es anterior"),
    ("causal_mask", mask_everything, "Todo permitido"),
    ("split_heads", heads_transposed_first, "Leíste la tabla por columnas"),
    ("split_heads", heads_of_two, "Tu función lanzó RuntimeError"),
    ("split_heads", heads_chunks_of_tokens, "Tu función lanzó RuntimeError"),
    ("split_heads", heads_backwards, "La cabeza 0 del token 0 debía llevar"),
    ("split_heads", heads_all_the_first, "debía llevar"),
    ("repeat_kv", groups_modulo, "Los grupos quedaron alternados"),
    ("repeat_kv", groups_repeats_tokens, "Repetiste los tokens"),
    ("repeat_kv", groups_first_only, "Un solo grupo para todas"),
    ("repeat_kv", groups_divided_by_groups, "le toca el grupo"),
    ("repeat_kv", groups_last_repeated, "La cabeza 1 lleva el grupo 1; le toca el grupo 0"),
    *ATTENTION,
    *VECTORS,
    *STEP,
]
