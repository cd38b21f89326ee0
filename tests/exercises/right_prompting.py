"""Respuestas correctas de `05_prompting` en otros estilos: el corrector las acepta todas.

Cada entrada: (ejercicio, función).
"""

from __future__ import annotations

import math
import re

import numpy as np
import torch
import torch.nn.functional as F


def fill_with_one_pattern(template, x, z):
    if x and x[-1] in ".!?":
        template = template.replace("[X].", "[X]")
    return re.sub(r"\[X\]|\[Z\]", lambda slot: x if slot[0] == "[X]" else z, template)


def fill_by_position(template, x, z):
    template = template.replace("[Z]", z)
    start = template.index("[X]")
    end = start + len("[X]")
    if x.endswith((".", "!", "?")) and template[end : end + 1] == ".":
        end += 1
    return template[:start] + x + template[end:]


def fill_with_partition(template, x, z):
    before, _, after = template.partition("[X]")
    if x[-1:] in (".", "!", "?"):
        after = after.removeprefix(".")
    return "".join([before.replace("[Z]", z), x, after.replace("[Z]", z)])


def fill_with_a_marker(template, x, z):
    template = template.replace("[X]", "\0").replace("[Z]", z)
    if re.search(r"[.!?]\Z", x):
        template = template.replace("\0.", "\0")
    return template.replace("\0", x)


def chain_with_numpy(logits, input_ids, n_context):
    scores = logits.numpy().astype(float)
    scores = scores - scores.max(axis=1, keepdims=True)
    logprobs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return logprobs[np.arange(n_context - 1, len(input_ids) - 1), input_ids[n_context:]].sum()


def chain_in_pure_python(logits, input_ids, n_context):
    total = 0
    for row, token in zip(logits.tolist()[n_context - 1 :], input_ids[n_context:], strict=False):
        top = max(row)
        total += row[token] - top - math.log(sum(math.exp(score - top) for score in row))
    return total


def chain_with_cross_entropy(logits, input_ids, n_context):
    target = torch.tensor(input_ids[n_context:])
    return -F.cross_entropy(logits[n_context - 1 : -1], target, reduction="sum").item()


def chain_as_a_tensor(logits, input_ids, n_context):
    logprobs = logits.double().log_softmax(-1)
    return sum(logprobs[i - 1, input_ids[i]] for i in range(n_context, len(input_ids)))


def chain_with_categorical(logits, input_ids, n_context):
    chosen = torch.distributions.Categorical(logits=logits[:-1]).log_prob(
        torch.tensor(input_ids[1:])
    )
    return float(chosen[n_context - 1 :].sum())


def pmi_each_in_bits(logprobs, priors):
    return logprobs / math.log(2) - priors / math.log(2)


def pmi_with_numpy(logprobs, priors):
    return (logprobs.numpy() - priors.numpy()) / np.log(2)


def pmi_as_a_list(logprobs, priors):
    pairs = zip(logprobs.tolist(), priors.tolist(), strict=True)
    return [(one - other) / math.log(2) for one, other in pairs]


def pmi_ratio_of_probabilities(logprobs, priors):
    return torch.log2(torch.exp(logprobs - priors))


def pmi_in_float64(logprobs, priors):
    return (logprobs.double() - priors.double()) * math.log2(math.e)


def labels_one_hot(logprobs, labels, num_labels):
    return logprobs.softmax(0) @ F.one_hot(labels, num_labels).float()


def labels_bincount(logprobs, labels, num_labels):
    return torch.bincount(labels, weights=logprobs.softmax(0), minlength=num_labels)


def labels_in_pure_python(logprobs, labels, num_labels):
    top = max(logprobs.tolist())
    shares = [math.exp(value - top) for value in logprobs.tolist()]
    sums = [0.0] * num_labels
    for share, label in zip(shares, labels.tolist(), strict=True):
        sums[label] += share / sum(shares)
    return sums


def labels_logsumexp(logprobs, labels, num_labels):
    groups = [logprobs[labels == label] for label in range(num_labels)]
    empty = torch.tensor(-math.inf)
    return torch.stack([g.logsumexp(0) if len(g) else empty for g in groups]).softmax(0)


def labels_with_numpy(logprobs, labels, num_labels):
    probs = logprobs.double().softmax(0).numpy()
    return np.bincount(labels.numpy(), weights=probs, minlength=num_labels)


def calibrate_with_a_sum(probs, content_free):
    return F.normalize(probs / content_free.sum(0), p=1, dim=1)


def calibrate_with_the_matrix(probs, content_free):
    weighted = probs @ torch.linalg.inv(torch.diag(content_free.mean(0)))
    return weighted / weighted.sum(1, keepdim=True)


def calibrate_in_logarithms(probs, content_free):
    return (probs.log() - content_free.mean(0).log()).softmax(1)


def calibrate_with_numpy(probs, content_free):
    weighted = probs.numpy() / content_free.numpy().mean(axis=0)
    return weighted / weighted.sum(axis=1, keepdims=True)


def calibrate_row_by_row(probs, content_free):
    p_cf = content_free.double().mean(0)
    return torch.stack([(row / p_cf) / (row / p_cf).sum() for row in probs.double()])


def interval_in_counts(successes, n):
    square = 1.96**2
    center = (successes + square / 2) / (n + square)
    margin = 1.96 / (n + square) * math.sqrt(successes * (n - successes) / n + square / 4)
    return center - margin, center + margin


def interval_roots(successes, n):
    p, share = successes / n, 1.96**2 / n
    roots = np.roots([1 + share, -(2 * p + share), p * p]).real
    return roots.min(), roots.max()


def interval_exact_z(successes, n):
    p, z = successes / n, 1.959963984540054
    center, scale = p + z**2 / (2 * n), 1 + z**2 / n
    margin = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5
    return [max(0.0, (center - margin) / scale), min(1.0, (center + margin) / scale)]


def interval_as_an_array(successes, n):
    p, z = successes / n, 1.96
    margin = z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (p + z**2 / (2 * n) + np.array([-margin, margin])) / (1 + z**2 / n)


RIGHT = [
    ("fill_template", fill_with_one_pattern),
    ("fill_template", fill_by_position),
    ("fill_template", fill_with_partition),
    ("fill_template", fill_with_a_marker),
    ("answer_logprob", chain_with_numpy),
    ("answer_logprob", chain_in_pure_python),
    ("answer_logprob", chain_with_cross_entropy),
    ("answer_logprob", chain_as_a_tensor),
    ("answer_logprob", chain_with_categorical),
    ("pmi_bits", pmi_each_in_bits),
    ("pmi_bits", pmi_with_numpy),
    ("pmi_bits", pmi_as_a_list),
    ("pmi_bits", pmi_ratio_of_probabilities),
    ("pmi_bits", pmi_in_float64),
    ("label_probs", labels_one_hot),
    ("label_probs", labels_bincount),
    ("label_probs", labels_in_pure_python),
    ("label_probs", labels_logsumexp),
    ("label_probs", labels_with_numpy),
    ("calibrate", calibrate_with_a_sum),
    ("calibrate", calibrate_with_the_matrix),
    ("calibrate", calibrate_in_logarithms),
    ("calibrate", calibrate_with_numpy),
    ("calibrate", calibrate_row_by_row),
    ("wilson_interval", interval_in_counts),
    ("wilson_interval", interval_roots),
    ("wilson_interval", interval_exact_z),
    ("wilson_interval", interval_as_an_array),
]
