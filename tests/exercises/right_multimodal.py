"""Respuestas correctas de `07_multimodalidad` en otros estilos: el corrector las acepta todas.

Cada entrada: (ejercicio, función).
"""

from __future__ import annotations

from collections import deque

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def map_of_unfold(features):
    return F.unfold(features, kernel_size=1).permute(0, 2, 1)


def map_of_numpy(features):
    array = np.moveaxis(features.numpy(), 1, -1)
    return array.reshape(array.shape[0], -1, array.shape[-1])


def map_image_by_image(features):
    tokens = [
        torch.stack([row[:, j] for row in i.unbind(1) for j in range(i.shape[2])]) for i in features
    ]
    return torch.stack(tokens)


def project_with_a_layer(features, weight, bias):
    layer = nn.Linear(*weight.shape)
    with torch.no_grad():
        layer.weight.copy_(weight.T)
        layer.bias.copy_(bias)
        return layer(features)


def project_token_by_token(features, weight, bias):
    out = torch.zeros(*features.shape[:2], len(bias))
    for b, image in enumerate(features):
        for n, z in enumerate(image):
            out[b, n] = (z[:, None] * weight).sum(0) + bias
    return out


def project_double_precision(features, weight, bias):
    return features.double() @ weight.double() + bias.double()


def fuse_with_a_counter(text_embeddings, input_ids, visual_tokens, image_id):
    rows, used = [], 0
    for i in range(len(input_ids)):
        if input_ids[i].item() == image_id:
            rows.append(visual_tokens[used])
            used += 1
        else:
            rows.append(text_embeddings[i])
    return torch.stack(rows)


def fuse_with_where(text_embeddings, input_ids, visual_tokens, image_id):
    mask = input_ids == image_id
    if not mask.any():
        return text_embeddings
    spread = visual_tokens[(mask.cumsum(0) - 1).clamp(min=0)]
    return torch.where(mask[:, None], spread, text_embeddings)


def fuse_with_index_copy(text_embeddings, input_ids, visual_tokens, image_id):
    places = torch.nonzero(input_ids == image_id).flatten()
    return text_embeddings.index_copy(0, places, visual_tokens)


def loss_aligned_first(logits, input_ids, num_visual, answer_start):
    T = len(input_ids)
    size = T - answer_start
    predictions = logits[-size - 1 : -1]
    return F.nll_loss(predictions.log_softmax(1), input_ids[-size:])


def loss_with_ignored_labels(logits, input_ids, num_visual, answer_start):
    labels = torch.full((len(logits),), -100)
    labels[num_visual + answer_start :] = input_ids[answer_start:]
    return F.cross_entropy(logits[:-1], labels[1:], ignore_index=-100)


def loss_as_a_number(logits, input_ids, num_visual, answer_start):
    total, count = 0.0, 0
    for t, token in enumerate(input_ids.tolist()):
        if t >= answer_start:
            total -= float(logits[num_visual + t - 1].double().log_softmax(0)[token])
            count += 1
    return total / count


def pool_with_avg_pool(tokens, side, new_side):
    grid = tokens.permute(0, 2, 1).reshape(tokens.shape[0], -1, side, side)
    return F.avg_pool2d(grid, side // new_side).flatten(2).permute(0, 2, 1)


def pool_with_a_matrix(tokens, side, new_side):
    k = side // new_side
    P = torch.zeros(new_side * new_side, side * side)
    for cell in range(side * side):
        row, column = divmod(cell, side)
        P[(row // k) * new_side + column // k, cell] = 1 / (k * k)
    return P @ tokens


def attention_in_steps(attention, num_visual, side):
    heads = attention[:, :, -1, 1 : num_visual + 1]
    return heads.reshape(-1, side, side).mean(0)


def attention_as_lists(attention, num_visual, side):
    total = sum(head[-1] for layer in attention for head in layer)
    row = (total / (attention.shape[0] * attention.shape[1])).tolist()
    return [[row[1 + r * side + c] for c in range(side)] for r in range(side)]


def looks_with_a_deque(answer, images, questions, expected):
    turned = deque(images)
    turned.rotate(-1)
    results = []
    for shown in (images, turned):
        said = list(map(answer, shown, questions))
        results.append(sum(a == b for a, b in zip(said, expected, strict=True)) / len(said))
    return results


def looks_with_numpy(answer, images, questions, expected):
    def accuracy(shown):
        return np.mean(
            [answer(i, q) == w for i, q, w in zip(shown, questions, expected, strict=True)]
        )

    return accuracy(images), accuracy([*images[1:], images[0]])


RIGHT = [
    ("feature_map_to_tokens", map_of_unfold),
    ("feature_map_to_tokens", map_of_numpy),
    ("feature_map_to_tokens", map_image_by_image),
    ("project", project_with_a_layer),
    ("project", project_token_by_token),
    ("project", project_double_precision),
    ("fuse", fuse_with_a_counter),
    ("fuse", fuse_with_where),
    ("fuse", fuse_with_index_copy),
    ("answer_loss", loss_aligned_first),
    ("answer_loss", loss_with_ignored_labels),
    ("answer_loss", loss_as_a_number),
    ("pool_tokens", pool_with_avg_pool),
    ("pool_tokens", pool_with_a_matrix),
    ("image_attention", attention_in_steps),
    ("image_attention", attention_as_lists),
    ("looks_at_image", looks_with_a_deque),
    ("looks_at_image", looks_with_numpy),
]
