"""Respuestas escritas antes que los correctores, con el enunciado a la vista: equivocadas y correctas."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# --- feature_map_to_tokens ---


def map_view(features):
    B, C, H, W = features.shape
    return features.view(B, H * W, C)


def map_flat(features):
    return features.flatten(start_dim=2)


def map_swaps_ends(features):
    B, C, H, W = features.shape
    return features.transpose(1, 3).reshape(B, H * W, C)


def map_channels_last_only(features):
    return features.permute(0, 2, 3, 1)


def map_pooled(features):
    return features.mean(dim=(2, 3))


def map_square_side(features):
    B, C, H, W = features.shape
    tokens = [features[:, :, i, j] for i in range(H) for j in range(H)]
    return torch.stack(tokens, dim=1)


def map_stacked_first(features):
    B, C, H, W = features.shape
    return torch.stack([features[:, :, i, j] for i in range(H) for j in range(W)])


def map_from_below(features):
    return features.flip(2).flatten(2).transpose(1, 2)


def map_of_one_image(features):
    return features.squeeze(0).flatten(1).T


def right_map_permute(features):
    B, C, H, W = features.shape
    return features.permute(0, 2, 3, 1).reshape(B, H * W, C)


def right_map_in_loops(features):
    B, C, H, W = features.shape
    out = torch.empty(B, H * W, C, dtype=features.dtype)
    for b in range(B):
        for i in range(H):
            for j in range(W):
                out[b, i * W + j] = features[b, :, i, j]
    return out


# --- project ---


def project_as_linear(features, weight, bias):
    return F.linear(features, weight, bias)


def project_without_bias(features, weight, bias):
    return torch.matmul(features, weight)


def project_one_vector(features, weight, bias):
    return features.mean(dim=1) @ weight + bias


def project_sigmoid(features, weight, bias):
    return torch.sigmoid(features @ weight + bias)


def project_fresh_layer(features, weight, bias):
    layer = nn.Linear(weight.shape[0], weight.shape[1])
    return layer(features)


def project_normalized(features, weight, bias):
    return F.layer_norm(features @ weight + bias, bias.shape)


def project_bias_column(features, weight, bias):
    return features @ weight + bias.unsqueeze(1)


def project_flattened(features, weight, bias):
    B, N, C = features.shape
    return features.reshape(B * N, C) @ weight + bias


def right_project_linear(features, weight, bias):
    return F.linear(features, weight.T, bias)


def right_project_einsum(features, weight, bias):
    return torch.einsum("bnc,cd->bnd", features, weight) + bias[None, None]


# --- fuse ---


def fuse_in_place(text_embeddings, input_ids, visual_tokens, image_id):
    text_embeddings[input_ids == image_id] = visual_tokens
    return text_embeddings


def fuse_concatenates(text_embeddings, input_ids, visual_tokens, image_id):
    return torch.cat([visual_tokens, text_embeddings])


def fuse_drops_marks(text_embeddings, input_ids, visual_tokens, image_id):
    return torch.cat([visual_tokens, text_embeddings[input_ids != image_id]])


def fuse_first_mark(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    start = input_ids.tolist().index(image_id)
    out[start : start + len(visual_tokens)] = visual_tokens
    return out


def fuse_by_position(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    for i in range(len(input_ids)):
        if input_ids[i] == image_id:
            out[i] = visual_tokens[i]
    return out


def fuse_last_first(text_embeddings, input_ids, visual_tokens, image_id):
    out, pending = text_embeddings.clone(), list(visual_tokens)
    for i in range(len(input_ids)):
        if input_ids[i] == image_id:
            out[i] = pending.pop()
    return out


def fuse_adds(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    out[input_ids == image_id] += visual_tokens
    return out


def fuse_inverted(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    out[input_ids != image_id] = visual_tokens
    return out


def fuse_one_for_all(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    for token in visual_tokens:
        out[input_ids == image_id] = token
    return out


def right_fuse_scatter(text_embeddings, input_ids, visual_tokens, image_id):
    mask = (input_ids == image_id).unsqueeze(-1).expand_as(text_embeddings)
    return text_embeddings.masked_scatter(mask, visual_tokens)


def right_fuse_iterator(text_embeddings, input_ids, visual_tokens, image_id):
    pending = iter(visual_tokens)
    pairs = zip(text_embeddings, input_ids.tolist(), strict=True)
    return torch.stack([next(pending) if i == image_id else e for e, i in pairs])


# --- answer_loss ---


def loss_ignores_image(logits, input_ids, num_visual, answer_start):
    return F.cross_entropy(logits[answer_start - 1 : len(input_ids) - 1], input_ids[answer_start:])


def loss_unshifted(logits, input_ids, num_visual, answer_start):
    return F.cross_entropy(logits[num_visual + answer_start :], input_ids[answer_start:])


def loss_whole_text(logits, input_ids, num_visual, answer_start):
    return F.cross_entropy(logits[num_visual:-1], input_ids[1:])


def loss_drops_first(logits, input_ids, num_visual, answer_start):
    text = logits[num_visual:]
    return F.cross_entropy(text[answer_start:-1], input_ids[answer_start + 1 :])


def loss_summed(logits, input_ids, num_visual, answer_start):
    start = num_visual + answer_start - 1
    return F.cross_entropy(logits[start:-1], input_ids[answer_start:], reduction="sum")


def loss_naive_softmax(logits, input_ids, num_visual, answer_start):
    probs = logits.exp() / logits.exp().sum(-1, keepdim=True)
    at = range(answer_start, len(input_ids))
    return -torch.stack([probs[num_visual + t - 1, input_ids[t]].log() for t in at]).mean()


def loss_over_everything(logits, input_ids, num_visual, answer_start):
    start = num_visual + answer_start - 1
    total = F.cross_entropy(logits[start:-1], input_ids[answer_start:], reduction="sum")
    return total / len(logits)


def loss_start_counts_image(logits, input_ids, num_visual, answer_start):
    labels = torch.cat([torch.full((num_visual,), -100), input_ids])
    labels[:answer_start] = -100
    return F.cross_entropy(logits[:-1], labels[1:])


def loss_image_last(logits, input_ids, num_visual, answer_start):
    labels = torch.cat([input_ids, torch.full((num_visual,), -100)])
    labels[:answer_start] = -100
    return F.cross_entropy(logits[:-1], labels[1:])


def right_loss_with_labels(logits, input_ids, num_visual, answer_start):
    labels = torch.cat([torch.full((num_visual,), -100), input_ids])
    labels[: num_visual + answer_start] = -100
    return F.cross_entropy(logits[:-1], labels[1:])


def right_loss_in_a_loop(logits, input_ids, num_visual, answer_start):
    total = 0.0
    for t in range(answer_start, len(input_ids)):
        row = logits[num_visual + t - 1]
        total = total + torch.logsumexp(row, 0) - row[input_ids[t]]
    return total / (len(input_ids) - answer_start)


# --- pool_tokens ---


def pool_consecutive(tokens, side, new_side):
    B, N, C = tokens.shape
    return tokens.reshape(B, new_side * new_side, -1, C).mean(dim=2)


def pool_strided(tokens, side, new_side):
    B, _, C = tokens.shape
    step = side // new_side
    grid = tokens.reshape(B, side, side, C)
    return grid[:, ::step, ::step].reshape(B, -1, C)


def pool_max(tokens, side, new_side):
    B, _, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    return F.adaptive_max_pool2d(grid, new_side).flatten(2).transpose(1, 2)


def pool_window_is_new_side(tokens, side, new_side):
    B, _, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    return F.avg_pool2d(grid, new_side).flatten(2).transpose(1, 2)


def pool_channels_first(tokens, side, new_side):
    B, _, C = tokens.shape
    return F.adaptive_avg_pool2d(tokens.reshape(B, C, side, side), new_side).reshape(B, -1, C)


def pool_interpolated(tokens, side, new_side):
    B, _, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    small = F.interpolate(grid, size=(new_side, new_side), mode="bilinear", align_corners=False)
    return small.flatten(2).transpose(1, 2)


def pool_still_a_map(tokens, side, new_side):
    B, _, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    return F.adaptive_avg_pool2d(grid, new_side).flatten(2)


def pool_dilated(tokens, side, new_side):
    B, _, C = tokens.shape
    k = side // new_side
    grid = tokens.reshape(B, k, new_side, k, new_side, C)
    return grid.mean(dim=(1, 3)).reshape(B, -1, C)


def right_pool_adaptive(tokens, side, new_side):
    B, _, C = tokens.shape
    grid = tokens.transpose(1, 2).reshape(B, C, side, side)
    return F.adaptive_avg_pool2d(grid, new_side).flatten(2).transpose(1, 2)


def right_pool_in_loops(tokens, side, new_side):
    B, _, C = tokens.shape
    k = side // new_side
    grid = tokens.reshape(B, side, side, C)
    blocks = [
        grid[:, i : i + k, j : j + k].mean(dim=(1, 2))
        for i in range(0, side, k)
        for j in range(0, side, k)
    ]
    return torch.stack(blocks, dim=1)


# --- image_attention ---


def attention_without_bos(attention, num_visual, side):
    return attention.mean(dim=(0, 1))[-1, :num_visual].reshape(side, side)


def attention_column(attention, num_visual, side):
    return attention.mean(dim=(0, 1))[1 : num_visual + 1, -1].reshape(side, side)


def attention_transposed(attention, num_visual, side):
    return attention.mean((0, 1))[-1, 1 : num_visual + 1].reshape(side, side).T


def attention_normalized(attention, num_visual, side):
    row = attention.mean((0, 1))[-1, 1 : num_visual + 1]
    return (row / row.sum()).reshape(side, side)


def attention_softmax(attention, num_visual, side):
    return attention.mean((0, 1))[-1, 1 : num_visual + 1].softmax(0).reshape(side, side)


def attention_last_layer(attention, num_visual, side):
    return attention[-1].mean(0)[-1, 1 : num_visual + 1].reshape(side, side)


def attention_summed(attention, num_visual, side):
    return attention.sum((0, 1))[-1, 1 : num_visual + 1].reshape(side, side)


def attention_of_everyone(attention, num_visual, side):
    return attention.mean((0, 1, 2))[1 : num_visual + 1].reshape(side, side)


def attention_short(attention, num_visual, side):
    return attention.mean((0, 1))[-1, 1:num_visual].reshape(side, side)


def attention_strongest(attention, num_visual, side):
    return attention.amax((0, 1))[-1, 1 : num_visual + 1].reshape(side, side)


def right_attention_numpy(attention, num_visual, side):
    mean = np.mean(attention.numpy(), axis=(0, 1))
    return mean[-1][1 : num_visual + 1].reshape(side, side)


def right_attention_in_loops(attention, num_visual, side):
    L, H, T, _ = attention.shape
    out = torch.zeros(side, side)
    for layer in range(L):
        for head in range(H):
            for cell in range(num_visual):
                out[cell // side, cell % side] += attention[layer, head, T - 1, 1 + cell] / (L * H)
    return out


# --- looks_at_image ---


def looks_rolls_everything(answer, images, questions, expected):
    def rolled(items):
        return items[1:] + items[:1]

    def accuracy(images, questions, expected):
        rows = zip(images, questions, expected, strict=True)
        return sum(answer(i, q) == e for i, q, e in rows) / len(images)

    own = accuracy(images, questions, expected)
    return own, accuracy(rolled(images), rolled(questions), rolled(expected))


def looks_rolls_expected(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    other = sum(
        answer(images[(i + 1) % n], questions[i]) == expected[(i + 1) % n] for i in range(n)
    )
    return own / n, other / n


def looks_for_consistency(answer, images, questions, expected):
    n = len(images)
    own = [answer(images[i], questions[i]) for i in range(n)]
    other = [answer(images[(i + 1) % n], questions[i]) for i in range(n)]
    right = sum(a == e for a, e in zip(own, expected, strict=True)) / n
    return right, sum(a == b for a, b in zip(own, other, strict=True)) / n


def looks_backwards(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    other = sum(answer(images[i - 1], questions[i]) == expected[i] for i in range(n))
    return own / n, other / n


def looks_past_the_end(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    other = sum(answer(images[i + 1], questions[i]) == expected[i] for i in range(n))
    return own / n, other / n


def looks_skips_the_last(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    other = sum(answer(images[i + 1], questions[i]) == expected[i] for i in range(n - 1))
    return own / n, other / (n - 1)


def looks_counts(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    other = sum(answer(images[(i + 1) % n], questions[i]) == expected[i] for i in range(n))
    return own, other


def looks_without_image(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    other = sum(answer(None, questions[i]) == expected[i] for i in range(n))
    return own / n, other / n


def looks_difference(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    other = sum(answer(images[(i + 1) % n], questions[i]) == expected[i] for i in range(n))
    return (own - other) / n


def looks_contained(answer, images, questions, expected):
    n = len(images)
    own = sum(expected[i] in answer(images[i], questions[i]) for i in range(n))
    other = sum(expected[i] in answer(images[(i + 1) % n], questions[i]) for i in range(n))
    return own / n, other / n


def looks_arguments_swapped(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(questions[i], images[i]) == expected[i] for i in range(n))
    other = sum(answer(questions[i], images[(i + 1) % n]) == expected[i] for i in range(n))
    return own / n, other / n


def looks_in_place(answer, images, questions, expected):
    n = len(images)
    own = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    images.append(images.pop(0))
    other = sum(answer(images[i], questions[i]) == expected[i] for i in range(n))
    return own / n, other / n


def right_looks_modulo(answer, images, questions, expected):
    n = len(images)
    own = other = 0
    for i in range(n):
        own += answer(images[i], questions[i]) == expected[i]
        other += answer(images[(i + 1) % n], questions[i]) == expected[i]
    return own / n, other / n


def right_looks_numpy(answer, images, questions, expected):
    wanted = np.array(expected)
    results = []
    for shift in (0, -1):
        order = np.roll(np.arange(len(images)), shift)
        said = np.array([answer(images[k], q) for k, q in zip(order, questions, strict=True)])
        results.append(float((said == wanted).mean()))
    return tuple(results)


ANSWERS = {
    "map": "feature_map_to_tokens",
    "project": "project",
    "fuse": "fuse",
    "loss": "answer_loss",
    "pool": "pool_tokens",
    "attention": "image_attention",
    "looks": "looks_at_image",
}
_FOUND = [(name, f) for name, f in list(globals().items()) if hasattr(f, "__code__")]
WRONG = [(ANSWERS[name.split("_")[0]], f) for name, f in _FOUND if not name.startswith("right_")]
RIGHT = [(ANSWERS[name.split("_")[1]], f) for name, f in _FOUND if name.startswith("right_")]
