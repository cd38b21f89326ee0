"""Respuestas equivocadas de `02_transformers` (la atención con caché), escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import math

import torch

from tests.exercises.wrong_transformers_vectors import turn


def _attend(q, k, v, mask):
    n = q.size(0) // k.size(0)
    k, v = k.repeat_interleave(n, 0), v.repeat_interleave(n, 0)
    scores = (q @ k.mT / math.sqrt(q.size(-1))).masked_fill(~mask, float("-inf"))
    return torch.cat(list(scores.softmax(-1) @ v), dim=-1)


def _layer(
    x, w_q, w_k, w_v, keys, values, theta, turned="qk", shift=0, scale=None, softmax=torch.softmax
):
    T, S, n = len(x), keys.size(1), len(w_q) // len(w_k)
    positions = torch.arange(S, S + T)
    q, k, v = x @ w_q, x @ w_k, x @ w_v
    q = turn(q, positions, theta) if "q" in turned else q
    k = turn(k, positions, theta) if "k" in turned else k
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    scores = q @ keys.repeat_interleave(n, 0).mT / math.sqrt(scale or q.size(-1))
    mask = torch.ones(T, S + T).tril(S + shift) > 0
    weights = softmax(scores.masked_fill(~mask, float("-inf")), -1)
    return weights @ values.repeat_interleave(n, 0), keys, values


def _joined(mixed):
    return mixed.transpose(0, 1).flatten(1)


def step_positions_restart(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(T)
    q, k, v = turn(x @ w_q, positions, theta), turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0), keys, values


def step_square_mask(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = turn(x @ w_q, positions, theta), turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril() > 0), keys, values


def step_new_first(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = turn(x @ w_q, positions, theta), turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([k, keys], 1), torch.cat([v, values], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0), keys, values


def step_turns_stored_keys_again(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    keys, values = torch.cat([keys, x @ w_k], 1), torch.cat([values, x @ w_v], 1)
    q = turn(x @ w_q, torch.arange(S, S + T), theta)
    keys = turn(keys, torch.arange(S + T), theta)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0), keys, values


def step_forgets_to_return_the_cache(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = turn(x @ w_q, positions, theta), turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T).tril(S) > 0)


def step_ignores_the_past(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = turn(x @ w_q, positions, theta), turn(x @ w_k, positions, theta), x @ w_v
    output = _attend(q, k, v, torch.ones(T, T).tril() > 0)
    return output, torch.cat([keys, k], 1), torch.cat([values, v], 1)


def step_lets_new_tokens_see_each_other(x, w_q, w_k, w_v, keys, values, theta):
    T, S = len(x), keys.size(1)
    positions = torch.arange(S, S + T)
    q, k, v = turn(x @ w_q, positions, theta), turn(x @ w_k, positions, theta), x @ w_v
    keys, values = torch.cat([keys, k], 1), torch.cat([values, v], 1)
    return _attend(q, keys, values, torch.ones(T, S + T) > 0), keys, values


def step_fixed_theta(x, w_q, w_k, w_v, keys, values, theta):
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, 10000.0)
    return _joined(mixed), keys, values


def step_keys_not_turned(x, w_q, w_k, w_v, keys, values, theta):
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta, turned="q")
    return _joined(mixed), keys, values


def step_queries_not_turned(x, w_q, w_k, w_v, keys, values, theta):
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta, turned="k")
    return _joined(mixed), keys, values


def step_stores_raw_keys(x, w_q, w_k, w_v, keys, values, theta):
    mixed, _, new_values = _layer(x, w_q, w_k, w_v, keys, values, theta)
    return _joined(mixed), torch.cat([keys, x @ w_k], 1), new_values


def step_interleaves_heads(x, w_q, w_k, w_v, keys, values, theta):
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta)
    return mixed.permute(1, 2, 0).flatten(1), keys, values


def step_returns_only_new(x, w_q, w_k, w_v, keys, values, theta):
    S = keys.size(1)
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta)
    return _joined(mixed), keys[:, S:], values[:, S:]


def step_one_more(x, w_q, w_k, w_v, keys, values, theta):
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta, shift=1)
    return _joined(mixed), keys, values


def step_root_of_the_width(x, w_q, w_k, w_v, keys, values, theta):
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta, scale=x.size(-1))
    return _joined(mixed), keys, values


def step_softmax_by_hand(x, w_q, w_k, w_v, keys, values, theta):
    def by_hand(scores, dim):
        return scores.exp() / scores.exp().sum(dim, keepdim=True)

    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta, softmax=by_hand)
    return _joined(mixed), keys, values


def step_swaps_the_cache(x, w_q, w_k, w_v, keys, values, theta):
    mixed, keys, values = _layer(x, w_q, w_k, w_v, keys, values, theta)
    return _joined(mixed), values, keys


WRONG = [
    ("attention_step", step_positions_restart, "Las posiciones volvieron a empezar"),
    ("attention_step", step_square_mask, "La máscara no cuenta lo guardado"),
    ("attention_step", step_new_first, "ya no está igual al comienzo"),
    ("attention_step", step_turns_stored_keys_again, "ya no está igual al comienzo"),
    ("attention_step", step_forgets_to_return_the_cache, "una tupla de 3 elementos"),
    ("attention_step", step_ignores_the_past, "No miraste lo guardado"),
    ("attention_step", step_lets_new_tokens_see_each_other, "Sin máscara"),
    ("attention_step", step_fixed_theta, "No usaste theta"),
    ("attention_step", step_keys_not_turned, "Solo giraste las consultas"),
    ("attention_step", step_queries_not_turned, "Solo giraste las claves"),
    ("attention_step", step_stores_raw_keys, "Las claves agregadas no son"),
    ("attention_step", step_interleaves_heads, "Intercalaste las cabezas"),
    ("attention_step", step_returns_only_new, "Devolviste solo lo nuevo"),
    ("attention_step", step_one_more, "le da peso"),
    ("attention_step", step_root_of_the_width, "le da peso"),
    ("attention_step", step_softmax_by_hand, "NaN"),
    ("attention_step", step_swaps_the_cache, "ya no está igual al comienzo"),
]
