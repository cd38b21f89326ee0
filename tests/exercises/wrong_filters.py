"""Respuestas equivocadas de los filtros de `08_generacion`: top-k, top-p y min-p."""

import math

import torch

INF = float("inf")


def top_k_zeros(scores, k):
    kth = scores.topk(min(k, scores.shape[1])).values[:, -1].unsqueeze(1)
    return torch.where(scores >= kth, scores, torch.zeros_like(scores))


def top_k_breaks_ties(scores, k):
    out = torch.full_like(scores, -INF)
    for row in range(len(scores)):
        for token in scores[row].topk(min(k, scores.shape[1])).indices:
            out[row, token] = scores[row, token]
    return out


def top_k_in_place(scores, k):
    kth = scores.topk(min(k, scores.shape[1])).values[:, -1:]
    scores[scores < kth] = -INF
    return scores


def top_k_too_big(scores, k):
    return scores.masked_fill(scores < torch.topk(scores, k).values[:, -1:], -INF)


def top_k_very_negative(scores, k):
    kth = scores.topk(min(k, scores.shape[1])).values[:, -1:]
    return torch.where(scores >= kth, scores, -1e9)


def top_k_distinct(scores, k):
    out = scores.clone()
    for row in out:
        values = row.unique(sorted=True)
        row[row < values[max(0, len(values) - k)]] = -INF
    return out


def top_k_of_probabilities(scores, k):
    probs = scores.softmax(-1)
    kth = probs.topk(min(k, scores.shape[1])).values[:, -1:]
    return scores.masked_fill(probs < kth, -INF)


def top_k_argsort_as_rank(scores, k):
    places = torch.argsort(scores, dim=-1, descending=True)
    return torch.where(places < k, scores, -INF)


def top_k_values_of_any_row(scores, k):
    best = scores.topk(min(k, scores.shape[1])).values
    return scores.masked_fill(~torch.isin(scores, best), -INF)


def top_k_next_place(scores, k):
    if k >= scores.shape[1]:
        return scores.clone()
    ordered = scores.sort(descending=True).values
    return scores.masked_fill(scores <= ordered[:, k : k + 1], -INF)


def top_p_loses_crossing(scores, p):
    s, i = torch.sort(scores, descending=True)
    remove = s.softmax(-1).cumsum(-1) > p
    return scores.masked_fill(torch.zeros_like(remove).scatter(1, i, remove), -INF)


def top_p_forgets_order(scores, p):
    s, _ = torch.sort(scores, descending=True)
    probs = s.softmax(-1)
    remove = probs.cumsum(-1) - probs >= p
    out = scores.clone()
    out[remove] = -INF
    return out


def top_p_probabilities(scores, p):
    probs = scores.softmax(-1)
    s, i = torch.sort(probs, descending=True)
    s[s.cumsum(-1) - s >= p] = 0
    kept = torch.zeros_like(s).scatter(1, i, s)
    return kept / kept.sum(-1, keepdim=True)


def top_p_by_value(scores, p):
    s = scores.sort(descending=True).values
    probs = s.softmax(-1)
    keep = probs.cumsum(-1) - probs < p
    lowest = torch.where(keep, s, INF).min(-1, keepdim=True).values
    return torch.where(scores >= lowest, scores, -INF)


def top_p_one_more(scores, p):
    s, i = torch.sort(scores, descending=True)
    remove = s.softmax(-1).cumsum(-1) > p
    remove = torch.cat([torch.zeros_like(remove[:, :2]), remove[:, :-2]], -1)[:, : scores.shape[1]]
    return scores.masked_fill(torch.zeros_like(remove).scatter(1, i, remove), -INF)


def top_p_each_token(scores, p):
    return scores.masked_fill(scores.softmax(-1) < p, -INF)


def top_p_exponentials(scores, p):
    s, i = torch.sort(scores, descending=True)
    probs = s.exp() / s.exp().sum(-1, keepdim=True)
    keep = probs.cumsum(-1) - probs < p
    return scores.masked_fill(~torch.zeros_like(keep).scatter(1, i, keep), -INF)


def top_p_log_probabilities(scores, p):
    s, i = torch.sort(scores.log_softmax(-1), descending=True)
    remove = s.exp().cumsum(-1) - s.exp() >= p
    s[remove] = -INF
    return torch.zeros_like(s).scatter(1, i, s)


def top_p_gathered(scores, p):
    s, i = torch.sort(scores, descending=True)
    probs = s.softmax(-1)
    keep = probs.cumsum(-1) - probs < p
    return torch.where(keep.gather(1, i), scores, -INF)


def min_p_absolute(scores, min_p):
    out = scores.clone()
    out[scores.softmax(1) < min_p] = -INF
    return out


def min_p_whole_batch(scores, min_p):
    probs = scores.softmax(1)
    return torch.where(probs >= probs.max() * min_p, scores, -INF)


def min_p_no_keepdim(scores, min_p):
    probs = scores.softmax(1)
    return torch.where(probs >= probs.max(1).values * min_p, scores, -INF)


def min_p_returns_mask(scores, min_p):
    probs = scores.softmax(1)
    return probs >= probs.max(1, keepdim=True).values * min_p


def min_p_strict(scores, min_p):
    probs = scores.softmax(-1)
    return torch.where(probs > min_p * probs.amax(-1, keepdim=True), scores, -INF)


def min_p_logarithm(scores, min_p):
    top = scores.max(-1, keepdim=True).values
    return scores.masked_fill(scores < top + math.log(min_p), -INF)


def min_p_exponentials(scores, min_p):
    e = scores.exp()
    return torch.where(e < min_p * e.max(-1, keepdim=True).values, -INF, scores)


def min_p_by_columns(scores, min_p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < min_p * probs.max(0).values, -INF)


def min_p_default(scores, min_p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < (min_p or 0.05) * probs.amax(-1, keepdim=True), -INF)


def min_p_very_negative(scores, min_p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < min_p * probs.amax(-1, keepdim=True), -10000.0)


WRONG = [
    ("top_k_filter", top_k_zeros, "Ceros en lugar de −∞"),
    ("top_k_filter", top_k_breaks_ties, "Rompiste un empate"),
    ("top_k_filter", top_k_in_place, "modificó el argumento `scores`"),
    ("top_k_filter", top_k_too_big, "k mayor que el vocabulario"),
    ("top_k_filter", top_k_very_negative, "con puntaje -1e+09, no con −∞"),
    ("top_k_filter", top_k_distinct, "Contaste una vez los puntajes repetidos"),
    ("top_k_filter", top_k_of_probabilities, "Comparaste probabilidades"),
    ("top_k_filter", top_k_argsort_as_rank, "Confundiste el orden con el puesto"),
    ("top_k_filter", top_k_values_of_any_row, "sobra el token"),
    ("top_k_filter", top_k_next_place, "deben quedar al menos"),
    ("top_p_filter", top_p_loses_crossing, "Perdiste el token que cruza p"),
    ("top_p_filter", top_p_forgets_order, "Máscara sin volver al orden original"),
    ("top_p_filter", top_p_probabilities, "Devolviste probabilidades"),
    ("top_p_filter", top_p_by_value, "Conservaste todos los que empatan"),
    ("top_p_filter", top_p_one_more, "Un token de más"),
    ("top_p_filter", top_p_each_token, "Umbral por token"),
    ("top_p_filter", top_p_exponentials, "menos que p"),
    ("top_p_filter", top_p_log_probabilities, "pasó de"),
    ("top_p_filter", top_p_gathered, "Se conservan los más probables"),
    ("min_p_filter", min_p_absolute, "Umbral absoluto"),
    ("min_p_filter", min_p_whole_batch, "Un solo umbral para todo el lote"),
    ("min_p_filter", min_p_no_keepdim, "las formas de los tensores no calzan"),
    ("min_p_filter", min_p_returns_mask, "uno de tipo bool"),
    ("min_p_filter", min_p_strict, "Eliminaste lo que está justo en el umbral"),
    ("min_p_filter", min_p_logarithm, "Logaritmo de 0"),
    ("min_p_filter", min_p_exponentials, "Exponencial desbordada"),
    ("min_p_filter", min_p_by_columns, "Máximo sobre el eje equivocado"),
    ("min_p_filter", min_p_default, "así que el umbral es"),
    ("min_p_filter", min_p_very_negative, "con puntaje -1e+04, no con −∞"),
]
