"""Respuestas equivocadas de `02_transformers` (la atención), escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import math

import torch
import torch.nn.functional as F


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


def attention_sentinel(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.size(-1))
    weights = scores.masked_fill(~mask, -100).softmax(-1)
    return weights @ v, weights


def attention_softmax_by_hand(q, k, v, mask):
    scores = (q @ k.mT / math.sqrt(q.size(-1))).masked_fill(~mask, float("-inf"))
    weights = scores.exp() / scores.exp().sum(-1, keepdim=True)
    return weights @ v, weights


def attention_own_mask(q, k, v, mask):
    T, S = q.size(1), k.size(1)
    causal = torch.ones(T, S, dtype=torch.bool).tril(S - T)
    weights = (q @ k.mT / math.sqrt(q.size(-1))).masked_fill(~causal, -1e9).softmax(-1)
    return weights @ v, weights


def attention_root_of_the_tokens(q, k, v, mask):
    scores = (q @ k.mT / math.sqrt(k.size(1))).masked_fill(~mask, float("-inf"))
    weights = scores.softmax(-1)
    return weights @ v, weights


def attention_swapped(q, k, v, mask):
    scores = (q @ k.mT / math.sqrt(q.size(-1))).masked_fill(~mask, float("-inf"))
    weights = scores.softmax(-1)
    return weights, weights @ v


def attention_multiplies_infinity(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.size(-1)) + (~mask) * float("-inf")
    weights = scores.softmax(-1)
    return weights @ v, weights


def attention_changes_q(q, k, v, mask):
    q /= math.sqrt(q.size(-1))
    weights = (q @ k.mT).masked_fill(~mask, float("-inf")).softmax(-1)
    return weights @ v, weights


def attention_unmasked_weights(q, k, v, mask):
    scores = q @ k.mT / math.sqrt(q.size(-1))
    mixed = scores.masked_fill(~mask, float("-inf")).softmax(-1) @ v
    return mixed, scores.softmax(-1)


WRONG = [
    ("scaled_attention", attention_without_root, "Sin dividir por la raíz"),
    ("scaled_attention", attention_zeroes_scores, "Ceros en lugar de −∞"),
    ("scaled_attention", attention_masks_weights, "La máscara llegó tarde"),
    ("scaled_attention", attention_middle_axis, "Softmax por columnas"),
    ("scaled_attention", attention_mixes_keys, "se aleja"),
    ("scaled_attention", attention_transposes_everything, "las formas de los tensores no calzan"),
    ("scaled_attention", attention_only_output, "una tupla de 2 elementos"),
    ("scaled_attention", attention_sentinel, "le da peso 1 a la clave 1, que tiene prohibida"),
    ("scaled_attention", attention_softmax_by_hand, "La exponencial se desborda"),
    ("scaled_attention", attention_own_mask, "que tiene prohibida"),
    (
        "scaled_attention",
        attention_root_of_the_tokens,
        "Los pesos salen de dividir los puntajes por",
    ),
    ("scaled_attention", attention_swapped, "Devolviste los dos al revés"),
    ("scaled_attention", attention_multiplies_infinity, "NaN"),
    ("scaled_attention", attention_changes_q, "modificó el argumento `q`"),
    ("scaled_attention", attention_unmasked_weights, "que tiene prohibida"),
]
