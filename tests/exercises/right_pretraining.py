"""Respuestas correctas de `03b_preentrenamiento` en otros estilos: el corrector las acepta todas.

Cada entrada: (ejercicio, función).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import accumulate, pairwise

import numpy as np
import torch
from torch.nn import functional as F


def shift_of_numpy(rows, pad_id):
    ids = rows.numpy()
    return ids[:, :-1], np.where(ids[:, 1:] == pad_id, -100, ids[:, 1:])


def shift_with_unfold(rows, pad_id):
    pairs = rows.unfold(1, 2, 1)
    return pairs[..., 0], pairs[..., 1].masked_fill(pairs[..., 1] == pad_id, -100)


def shift_row_by_row(rows, pad_id):
    inputs, targets = [], []
    for row in rows:
        length = int((row != pad_id).sum())
        inputs.append(row[:-1])
        ignored = torch.full((len(row) - length,), -100)
        targets.append(torch.cat([row[1:length], ignored]))
    return torch.stack(inputs), torch.stack(targets)


def shift_in_int32(rows, pad_id):
    targets = rows[:, 1:].int()
    return [rows[:, :-1], torch.where(targets == pad_id, -100, targets)]


def entropy_of_torch(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def entropy_in_double(logits, targets):
    kept = targets != -100
    z = logits[kept].double()
    z = z - z.max(dim=-1, keepdim=True).values
    return (z.exp().sum(-1).log() - z.gather(1, targets[kept][:, None])[:, 0]).mean()


def entropy_one_hot(logits, targets):
    kept = (targets != -100).float()
    hot = F.one_hot(targets.clamp(min=0), logits.shape[-1]).float()
    losses = logits.logsumexp(-1) - (hot * logits).sum(-1)
    return (losses * kept).sum() / kept.sum()


def entropy_as_a_float(logits, targets):
    found = [
        torch.logsumexp(z, 0) - z[i]
        for row, ids in zip(logits, targets.tolist(), strict=True)
        for z, i in zip(row, ids, strict=True)
        if i != -100
    ]
    return sum(found).item() / len(found)


def bigram_counter(sequences, vocab_size, alpha):
    counts = Counter(pair for ids in sequences for pair in pairwise(ids))
    before = Counter(i for ids in sequences for i in ids[:-1])
    return [
        [(counts[i, j] + alpha) / (before[i] + alpha * vocab_size) for j in range(vocab_size)]
        for i in range(vocab_size)
    ]


def bigram_bincount(sequences, vocab_size, alpha):
    pairs = [i * vocab_size + j for ids in sequences for i, j in pairwise(ids)]
    counts = torch.bincount(torch.tensor(pairs, dtype=torch.long), minlength=vocab_size**2)
    table = counts.view(vocab_size, vocab_size) + alpha
    return F.normalize(table, p=1, dim=1)


def bigram_by_token(sequences, vocab_size, alpha):
    following = defaultdict(list)
    for ids in sequences:
        for t in range(1, len(ids)):
            following[ids[t - 1]].append(ids[t])
    table = torch.zeros(vocab_size, vocab_size)
    for i in range(vocab_size):
        for j in range(vocab_size):
            table[i, j] = following[i].count(j) + alpha
        table[i] /= table[i].sum()
    return table


def step_set_to_none(model, optimizer, rows, max_norm):
    optimizer.zero_grad(set_to_none=False)
    logits = model(rows)
    loss = F.cross_entropy(logits[:, :-1].transpose(1, 2), rows[:, 1:])
    loss.backward()
    torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm)
    optimizer.step()
    return loss.detach()


def step_with_autograd(model, optimizer, rows, max_norm):
    parameters = list(model.parameters())
    logprobs = torch.log_softmax(model(rows[:, :-1]), dim=-1)
    loss = F.nll_loss(logprobs.flatten(0, 1), rows[:, 1:].flatten())
    grads = torch.autograd.grad(loss, parameters)
    norm = torch.cat([g.flatten() for g in grads]).norm()
    scale = min(1.0, max_norm / norm.item())
    for parameter, grad in zip(parameters, grads, strict=True):
        parameter.grad = grad * scale
    optimizer.step()
    return float(loss)


def step_with_ignored(model, optimizer, rows, max_norm):
    targets = torch.full_like(rows, -100)
    targets[:, :-1] = rows[:, 1:]
    loss = F.cross_entropy(model(rows).flatten(0, 1), targets.flatten())
    model.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def stop_accumulated(losses, patience):
    for now, lowest in enumerate(accumulate(losses, min)):
        best = losses.index(lowest)
        if now - best == patience:
            break
    return now, best


def stop_numpy(losses, patience):
    values = np.array(losses)
    for now in range(len(values)):
        best = np.argmin(values[: now + 1])
        if now - best >= patience:
            return now, best
    return now, best


def stop_while(losses, patience):
    stop, best, bad = 0, 0, 0
    while bad < patience and stop + 1 < len(losses):
        stop += 1
        if losses[stop] < losses[best]:
            best, bad = stop, 0
        else:
            bad += 1
    return [stop, best]


def stop_strict(losses, patience):
    stop = next(
        (
            now
            for now in range(patience, len(losses))
            if min(losses[now - patience + 1 : now + 1]) >= min(losses[: now - patience + 1])
        ),
        len(losses) - 1,
    )
    return torch.tensor([stop, torch.tensor(losses[: stop + 1], dtype=torch.float64).argmin()])


_KEYS = {
    "shift": "shift",
    "entropy": "cross_entropy",
    "bigram": "bigram_probabilities",
    "step": "training_step",
    "stop": "early_stopping",
}
RIGHT = [
    (_KEYS[name.split("_")[0]], function)
    for name, function in list(globals().items())
    if name.split("_")[0] in _KEYS
]
