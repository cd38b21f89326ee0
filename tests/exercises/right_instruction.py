"""Respuestas correctas de `06_instrucciones` en otros estilos: el corrector las acepta todas.

Cada entrada: (ejercicio, función).
"""

from __future__ import annotations

import itertools
import re

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def prompt_with_a_queue(messages):
    parts, pending = [], None
    for message in messages:
        match message["role"]:
            case "system":
                pending = message["content"]
            case "user":
                text = message["content"]
                if pending is not None:
                    text = "<<SYS>>\n" + pending + "\n<</SYS>>\n\n" + text
                    pending = None
                parts += ["<s>", "[INST] ", text.strip(), " [/INST]"]
            case "assistant":
                parts += [" ", message["content"].strip(), " ", "</s>"]
    return "".join(parts)


def prompt_by_position(messages):
    has_system = messages[0]["role"] == "system"
    turns = [message["content"] for message in messages[has_system:]]
    if has_system:
        turns[0] = "<<SYS>>\n{}\n<</SYS>>\n\n{}".format(messages[0]["content"], turns[0])
    out = ""
    for i, text in enumerate(turns):
        out += [f"<s>[INST] {text.strip()} [/INST]", f" {text.strip()} </s>"][i % 2]
    return out


def prompt_with_zip_longest(messages):
    system = "".join(
        f"<<SYS>>\n{m['content']}\n<</SYS>>\n\n" for m in messages if m["role"] == "system"
    )
    users = [m["content"] for m in messages if m["role"] == "user"]
    answers = [m["content"] for m in messages if m["role"] == "assistant"]
    users[0] = system + users[0]
    text = ""
    for user, answer in itertools.zip_longest(users, answers):
        text += "<s>[INST] " + user.strip() + " [/INST]"
        if answer is not None:
            text += " " + answer.strip() + " </s>"
    return text


def labels_with_pad_sequence(rows, prompt_lengths, pad_id):
    tensors = [torch.tensor(row) for row in rows]
    ids = nn.utils.rnn.pad_sequence(tensors, batch_first=True, padding_value=pad_id)
    labels = nn.utils.rnn.pad_sequence(
        [t.clone() for t in tensors], batch_first=True, padding_value=-100
    )
    for row, n in zip(labels, prompt_lengths, strict=True):
        row[:n] = -100
    return ids, labels


def labels_by_place(rows, prompt_lengths, pad_id):
    lengths = torch.tensor([len(row) for row in rows])[:, None]
    places = torch.arange(int(lengths.max()))[None]
    ids = torch.tensor([row + [pad_id] * (places.shape[1] - len(row)) for row in rows])
    kept = (places >= torch.tensor(prompt_lengths)[:, None]) & (places < lengths)
    return ids, torch.where(kept, ids, -100)


def labels_as_lists(rows, prompt_lengths, pad_id):
    T = max(map(len, rows))
    ids = [[row[t] if t < len(row) else pad_id for t in range(T)] for row in rows]
    labels = [
        [row[t] if n <= t < len(row) else -100 for t in range(T)]
        for row, n in zip(rows, prompt_lengths, strict=True)
    ]
    return [ids, labels]


def labels_with_numpy(rows, prompt_lengths, pad_id):
    T = max(map(len, rows))
    ids = np.full((len(rows), T), pad_id)
    labels = np.full((len(rows), T), -100)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        labels[i, prompt_lengths[i] : len(row)] = row[prompt_lengths[i] :]
    return ids, labels


def loss_with_cross_entropy(logits, labels):
    return F.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())


def loss_shifting_the_labels(logits, labels):
    end = torch.full_like(labels[:, :1], -100)
    shifted = torch.cat([labels[:, 1:], end], dim=1)
    return F.cross_entropy(logits.transpose(1, 2), shifted, ignore_index=-100)


def loss_with_a_module_and_weights(logits, labels):
    targets = labels[:, 1:]
    weights = (targets != -100).double()
    losses = nn.CrossEntropyLoss(reduction="none")(
        logits[:, :-1].double().transpose(1, 2), targets.clamp(min=0)
    )
    return (losses * weights).sum() / weights.sum()


def loss_with_numpy(logits, labels):
    z, y = logits.numpy().astype(float)[:, :-1], labels.numpy()[:, 1:]
    z = z - z.max(-1, keepdims=True)
    logp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    rows, places = np.nonzero(y != -100)
    return -logp[rows, places, y[rows, places]].mean()


def loss_as_a_number(logits, labels):
    losses = [
        -torch.log_softmax(logits[b, t], dim=0)[labels[b, t + 1]].item()
        for b in range(labels.shape[0])
        for t in range(labels.shape[1] - 1)
        if labels[b, t + 1] != -100
    ]
    return sum(losses) / len(losses)


def lora_one_matrix(x, W, A, B, alpha):
    return x @ (W + alpha / A.size(0) * B @ A).T


def lora_with_linear(x, W, A, B, alpha):
    rank = B.shape[1]
    return F.linear(x, W) + (alpha / rank) * F.linear(F.linear(x, A), B)


def lora_transposed(x, W, A, B, alpha):
    return (W @ x.T + B @ (A @ x.T) * alpha / len(A)).T


def lora_with_numpy(x, W, A, B, alpha):
    x, W, A, B = (tensor.numpy().astype(float) for tensor in (x, W, A, B))
    return x @ W.T + alpha / A.shape[0] * x @ A.T @ B.T


def merge_scaling_b(W, A, B, alpha):
    return W + (B * alpha / len(A)) @ A


def merge_on_a_copy(W, A, B, alpha):
    merged = W.clone()
    merged += torch.einsum("or,ri->oi", B, A) * (alpha / B.shape[1])
    return merged


def merge_through_the_layer(W, A, B, alpha):
    identity = torch.eye(W.shape[1])
    return (identity @ W.T + alpha / A.shape[0] * identity @ A.T @ B.T).T


def merge_as_lists(W, A, B, alpha):
    return (W.double() + alpha / A.shape[0] * (B.double() @ A.double())).tolist()


def bos_with_a_set_of_pairs(input_ids, bos_id):
    pairs = {*itertools.pairwise(input_ids)}
    return bos_id is not None and (bos_id,) * 2 in pairs


def bos_remembering_the_last(input_ids, bos_id):
    last = None
    for token in input_ids:
        if token == last and token == bos_id:
            return True
        last = token
    return False


def bos_with_numpy(input_ids, bos_id):
    is_bos = np.array([bos_id is not None and token == bos_id for token in input_ids], dtype=bool)
    return bool((is_bos[1:] & is_bos[:-1]).any())


def bos_with_a_regex(input_ids, bos_id):
    text = " " + "  ".join(map(str, input_ids)) + " "
    return f" {bos_id}  {bos_id} " in text


def list_in_a_loop(text, n_items, max_words):
    number = 0
    for line in text.split("\n"):
        words = line.split()
        if not words:
            continue
        number += 1
        if words[0] != str(number) + "." or len(words) == 1 or len(words) > max_words + 1:
            return False
    return number == n_items


def list_with_one_pattern(text, n_items, max_words):
    lines = [line.strip() for line in text.splitlines() if not line.isspace() and line]
    patterns = [rf"{i}\.( +[^ ]+){{1,{max_words}}}" for i in range(1, n_items + 1)]
    return len(lines) == n_items and all(map(re.fullmatch, patterns, lines))


def list_with_removeprefix(text, n_items, max_words):
    lines = list(filter(None, map(str.strip, text.splitlines())))
    for i, line in enumerate(lines):
        mark = f"{i + 1}. "
        if not line.startswith(mark) or not 0 < len(line.removeprefix(mark).split()) <= max_words:
            return False
    return len(lines) == n_items


RIGHT = [
    ("llama2_prompt", prompt_with_a_queue),
    ("llama2_prompt", prompt_by_position),
    ("llama2_prompt", prompt_with_zip_longest),
    ("mask_labels", labels_with_pad_sequence),
    ("mask_labels", labels_by_place),
    ("mask_labels", labels_as_lists),
    ("mask_labels", labels_with_numpy),
    ("masked_loss", loss_with_cross_entropy),
    ("masked_loss", loss_shifting_the_labels),
    ("masked_loss", loss_with_a_module_and_weights),
    ("masked_loss", loss_with_numpy),
    ("masked_loss", loss_as_a_number),
    ("lora_forward", lora_one_matrix),
    ("lora_forward", lora_with_linear),
    ("lora_forward", lora_transposed),
    ("lora_forward", lora_with_numpy),
    ("merge_lora", merge_scaling_b),
    ("merge_lora", merge_on_a_copy),
    ("merge_lora", merge_through_the_layer),
    ("merge_lora", merge_as_lists),
    ("has_double_bos", bos_with_a_set_of_pairs),
    ("has_double_bos", bos_remembering_the_last),
    ("has_double_bos", bos_with_numpy),
    ("has_double_bos", bos_with_a_regex),
    ("keeps_constraint", list_in_a_loop),
    ("keeps_constraint", list_with_one_pattern),
    ("keeps_constraint", list_with_removeprefix),
]
