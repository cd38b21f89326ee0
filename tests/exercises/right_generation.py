"""Respuestas correctas de `08_generacion` en estilos variados: ninguna se debe rechazar.

Cada entrada: (ejercicio, función).
"""

import math

import numpy as np
import torch
import torch.nn.functional as F

from tests.exercises import right_search

INF = float("inf")


def softmax_numpy(logits, temperature):
    z = logits.numpy().astype(np.float64) / temperature
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_lists(logits, temperature):
    rows = []
    for row in logits.tolist():
        top = max(row)
        e = [math.exp((z - top) / temperature) for z in row]
        rows.append([x / sum(e) for x in e])
    return rows


def softmax_logsumexp(logits, temperature):
    z = logits.double() / temperature
    return torch.exp(z - z.logsumexp(-1, keepdim=True))


def softmax_transposed(logits, temperature):
    z = (logits / temperature).T
    e = (z - z.amax(0)).exp()
    return (e / e.sum(0)).T


def entropy_lists(probs):
    return [-sum(p * math.log2(p) for p in row if p > 0) for row in probs.tolist()]


def entropy_numpy(probs):
    p = probs.numpy()
    with np.errstate(divide="ignore", invalid="ignore"):
        return -np.nansum(p * np.log2(p), axis=1)


def entropy_tiny(probs):
    return -(probs * (probs + 1e-12).log2()).sum(-1)


def entropy_clamped(probs):
    return -(probs * probs.clamp(min=1e-10).log()).sum(dim=1) / math.log(2)


def entropy_rows(probs):
    return torch.stack([torch.special.entr(row[row > 0]).sum() for row in probs]) / math.log(2)


def top_k_numpy(scores, k):
    out = scores.numpy().copy()
    k = min(k, out.shape[1])
    out[out < np.partition(out, -k, axis=1)[:, [-k]]] = -np.inf
    return out


def top_k_lists(scores, k):
    rows = []
    for row in scores.tolist():
        kth = sorted(row, reverse=True)[:k][-1]
        rows.append([z if z >= kth else -INF for z in row])
    return rows


def top_k_counting(scores, k):
    above = (scores[:, None, :] > scores[:, :, None]).sum(-1)
    return torch.where(above < k, scores, -INF)


def top_k_kthvalue(scores, k):
    place = max(scores.shape[1] - k, 0) + 1
    kth = scores.double().kthvalue(place, dim=1, keepdim=True).values
    return scores.double().masked_fill(scores < kth, -INF)


def top_p_loop(scores, p):
    out = torch.full_like(scores, -INF)
    for row, probs in enumerate(scores.softmax(-1)):
        total = 0.0
        for token in probs.argsort(descending=True).tolist():
            out[row, token] = scores[row, token]
            total += probs[token].item()
            if total >= p:
                break
    return out


def top_p_from_the_tail(scores, p):
    s, i = torch.sort(scores)
    remove = s.softmax(-1).cumsum(-1) <= 1 - p
    remove[:, -1] = False
    return scores.masked_fill(remove.scatter(1, i, remove), -INF)


def top_p_shifted(scores, p):
    s, i = torch.sort(scores, descending=True)
    remove = s.softmax(-1).cumsum(-1) > p
    remove[:, 1:] = remove[:, :-1].clone()
    remove[:, 0] = False
    return scores.masked_fill(remove.scatter(1, i, remove), -INF)


def top_p_numpy(scores, p):
    out = np.full(scores.shape, -np.inf)
    for row, z in enumerate(scores.double().numpy()):
        probs = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
        order = np.argsort(probs)[::-1]  # en un empate, primero el último
        size = np.searchsorted(np.cumsum(probs[order]), p - 1e-9) + 1
        out[row, order[:size]] = z[order[:size]]
    return out


def min_p_ratio(scores, min_p):
    return scores.masked_fill((scores - scores.amax(1, keepdim=True)).exp() < min_p, -INF)


def min_p_logarithm(scores, min_p):
    threshold = scores.max(-1, keepdim=True).values + torch.tensor(float(min_p)).log()
    return torch.where(scores >= threshold, scores, -INF)


def min_p_lists(scores, min_p):
    return [
        [z if math.exp(z - max(row)) >= min_p else -INF for z in row] for row in scores.tolist()
    ]


def min_p_numpy(scores, min_p):
    probs = scores.double().softmax(-1).numpy()
    return np.where(probs >= min_p * probs.max(1, keepdims=True), scores.numpy(), -np.inf)


def repetition_gather(input_ids, scores, penalty):
    seen = scores.gather(1, input_ids)
    return scores.scatter(1, input_ids, torch.where(seen > 0, seen / penalty, seen * penalty))


def repetition_minimum(input_ids, scores, penalty):
    seen = F.one_hot(input_ids, scores.shape[1]).amax(1).bool()
    return torch.where(seen, torch.minimum(scores / penalty, scores * penalty), scores)


def repetition_mask(input_ids, scores, penalty):
    seen = torch.zeros(scores.shape, dtype=torch.float64).scatter(1, input_ids, 1.0)
    factor = torch.where(scores < 0, penalty, 1 / penalty)
    return scores * (1 - seen) + scores * factor * seen


def repetition_lists(input_ids, scores, penalty):
    out = scores.tolist()
    for row, ids in zip(out, input_ids.tolist(), strict=True):
        for token in set(ids):
            row[token] = row[token] / penalty if row[token] >= 0 else row[token] * penalty
    return out


FUNCTIONS = {
    "softmax_temperature": (softmax_numpy, softmax_lists, softmax_logsumexp, softmax_transposed),
    "entropy_bits": (entropy_lists, entropy_numpy, entropy_tiny, entropy_clamped, entropy_rows),
    "top_k_filter": (top_k_numpy, top_k_lists, top_k_counting, top_k_kthvalue),
    "top_p_filter": (top_p_loop, top_p_from_the_tail, top_p_shifted, top_p_numpy),
    "min_p_filter": (min_p_ratio, min_p_logarithm, min_p_lists, min_p_numpy),
    "repetition_penalty": (
        repetition_gather,
        repetition_minimum,
        repetition_mask,
        repetition_lists,
    ),
}
RIGHT = [(key, function) for key, functions in FUNCTIONS.items() for function in functions]
RIGHT += right_search.RIGHT
