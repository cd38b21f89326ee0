"""Respuestas escritas antes que los correctores, con el enunciado a la vista: equivocadas y correctas."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

# --- shift ---


def shift_not_shifted(rows, pad_id):
    targets = rows.clone()
    targets[targets == pad_id] = -100
    return rows[:, :-1], targets[:, :-1]


def shift_same_length(rows, pad_id):
    targets = torch.full_like(rows, -100)
    targets[:, :-1] = rows[:, 1:]
    targets[targets == pad_id] = -100
    return rows, targets


def shift_forgets_padding(rows, pad_id):
    return rows[:, :-1], rows[:, 1:]


def shift_mask_from_inputs(rows, pad_id):
    inputs, targets = rows[:, :-1], rows[:, 1:].clone()
    targets[inputs == pad_id] = -100
    return inputs, targets


def shift_through_a_view(rows, pad_id):
    inputs = rows[:, :-1]
    targets = rows[:, 1:]
    targets[targets == pad_id] = -100
    return inputs, targets


def shift_hides_both(rows, pad_id):
    rows = rows.masked_fill(rows == pad_id, -100)
    return rows[:, :-1], rows[:, 1:]


def shift_zero_is_padding(rows, pad_id):
    targets = rows[:, 1:].clone()
    targets[targets == 0] = -100
    return rows[:, :-1], targets


def shift_keeps_pad_id(rows, pad_id):
    targets = torch.roll(rows, -1, dims=1)
    targets[:, -1] = pad_id
    return rows[:, :-1], targets[:, :-1]


def shift_rolled(rows, pad_id):
    targets = rows.roll(-1, 1)
    targets[targets == pad_id] = -100
    return rows, targets


def shift_down_the_batch(rows, pad_id):
    targets = rows[1:].masked_fill(rows[1:] == pad_id, -100)
    return rows[:-1], targets


def shift_swapped(rows, pad_id):
    targets = rows[:, 1:].masked_fill(rows[:, 1:] == pad_id, -100)
    return targets, rows[:, :-1]


def shift_cut_at_shortest(rows, pad_id):
    shortest = int((rows != pad_id).sum(1).min())
    return rows[:, : shortest - 1], rows[:, 1:shortest]


def shift_ragged(rows, pad_id):
    texts = [row[row != pad_id] for row in rows]
    return [t[:-1] for t in texts], [t[1:] for t in texts]


def shift_one_minus_hundred(rows, pad_id):
    targets = rows[:, 1:].clone()
    for row in targets:
        for t in range(len(row)):
            if row[t] == pad_id:
                row[t] = -100
                break
    return rows[:, :-1], targets


def shift_ignores_last_real(rows, pad_id):
    inputs, targets = rows[:, :-1], rows[:, 1:].clone()
    lengths = (rows != pad_id).sum(dim=1)
    for b, n in enumerate(lengths):
        targets[b, n - 2 :] = -100
    return inputs, targets


def right_shift_lengths(rows, pad_id):
    targets = rows[:, 1:].clone()
    for b, n in enumerate((rows != pad_id).sum(dim=1).tolist()):
        targets[b, n - 1 :] = -100
    return rows[:, :-1].clone(), targets


def right_shift_lists(rows, pad_id):
    table = rows.tolist()
    inputs = [row[:-1] for row in table]
    targets = [[-100 if i == pad_id else i for i in row[1:]] for row in table]
    return torch.tensor(inputs), torch.tensor(targets)


# --- cross_entropy ---


def entropy_exp(logits, targets):
    kept = targets != -100
    probs = logits[kept].exp() / logits[kept].exp().sum(-1, keepdim=True)
    return -probs[torch.arange(len(probs)), targets[kept]].log().mean()


def entropy_softmax_log(logits, targets):
    kept = targets != -100
    logprobs = torch.log(torch.softmax(logits[kept], dim=-1))
    return -logprobs[range(int(kept.sum())), targets[kept]].mean()


def entropy_epsilon(logits, targets):
    kept = targets != -100
    probs = torch.softmax(logits[kept], dim=-1)
    return -(probs[range(int(kept.sum())), targets[kept]] + 1e-8).log().mean()


def entropy_clamped(logits, targets):
    kept = targets != -100
    probs = torch.softmax(logits[kept].double(), dim=-1).clamp(min=1e-12)
    return -probs[range(int(kept.sum())), targets[kept]].log().mean()


def entropy_float64_naive(logits, targets):
    kept = targets != -100
    z = logits[kept].double()
    return (z.exp().sum(-1).log() - z[range(len(z)), targets[kept]]).mean()


def entropy_global_max(logits, targets):
    kept = targets != -100
    z = logits[kept] - logits.max()
    return (z.exp().sum(-1).log() - z[range(len(z)), targets[kept]]).mean()


def entropy_forgets_max(logits, targets):
    kept = targets != -100
    z, ids = logits[kept], targets[kept]
    m = z.max(-1, keepdim=True).values
    lse = (z - m).exp().sum(-1).log()
    return (lse - z[range(len(z)), ids]).mean()


def entropy_counts_ignored(logits, targets):
    logprobs = logits.log_softmax(-1)
    ids = targets.clamp(min=0)
    return -logprobs.gather(-1, ids[..., None]).mean()


def entropy_divides_by_all(logits, targets):
    total = F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")
    return total / targets.numel()


def entropy_by_rows(logits, targets):
    rows = []
    for z, t in zip(logits, targets, strict=True):
        if (t != -100).any():
            rows.append(F.cross_entropy(z, t))
    return sum(rows) / len(rows)


def entropy_by_all_rows(logits, targets):
    return torch.stack([F.cross_entropy(z, t) for z, t in zip(logits, targets, strict=True)]).mean()


def entropy_summed(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten(), reduction="sum")


def entropy_bits(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten()) / math.log(2)


def entropy_shifts_again(logits, targets):
    z, ids = logits[:, :-1].flatten(0, 1), targets[:, 1:].flatten()
    return F.cross_entropy(z, ids)


def entropy_of_probs(logits, targets):
    return F.cross_entropy(logits.softmax(-1).flatten(0, 1), targets.flatten())


def entropy_wrong_axis(logits, targets):
    kept = targets != -100
    logprobs = logits.log_softmax(dim=1)[kept]
    return -logprobs[range(len(logprobs)), targets[kept]].mean()


def entropy_negative(logits, targets):
    return -F.cross_entropy(logits.flatten(0, 1), targets.flatten())


def entropy_per_position(logits, targets):
    return F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")


def entropy_perplexity(logits, targets):
    return F.cross_entropy(logits.flatten(0, 1), targets.flatten()).exp()


def entropy_drops_zero(logits, targets):
    kept = targets > 0
    z, ids = logits[kept], targets[kept]
    return (z.logsumexp(-1) - z[range(len(z)), ids]).mean()


def entropy_of_the_model(logits, targets):
    kept = targets != -100
    logprobs = logits[kept].log_softmax(-1)
    return -(logprobs.exp() * logprobs).sum(-1).mean()


def entropy_logit_only(logits, targets):
    kept = targets != -100
    return -logits[kept].gather(1, targets[kept][:, None]).mean()


def entropy_hits(logits, targets):
    kept = targets != -100
    return (logits[kept].argmax(-1) != targets[kept]).float().mean()


def right_entropy_loop(logits, targets):
    total, count = 0.0, 0
    for b in range(targets.shape[0]):
        for t in range(targets.shape[1]):
            if targets[b, t] != -100:
                row = logits[b, t]
                top = row.max()
                total += (row - top).exp().sum().log() + top - row[targets[b, t]]
                count += 1
    return total / count


def right_entropy_numpy(logits, targets):
    z, ids = logits.double().numpy().reshape(-1, logits.shape[-1]), targets.numpy().ravel()
    z, ids = z[ids != -100], ids[ids != -100]
    z = z - z.max(axis=1, keepdims=True)
    return np.mean(np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(ids)), ids])


def right_entropy_torch(logits, targets):
    return F.cross_entropy(logits.transpose(1, 2), targets)


# --- bigram_probabilities ---


def _counted(sequences, vocab_size):
    counts = torch.zeros(vocab_size, vocab_size)
    for ids in sequences:
        for i in range(len(ids) - 1):
            counts[ids[i], ids[i + 1]] += 1
    return counts


def bigram_concatenates(sequences, vocab_size, alpha):
    ids = [i for s in sequences for i in s]
    counts = _counted([ids], vocab_size) + alpha
    return counts / counts.sum(1, keepdim=True)


def bigram_columns(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size) + alpha
    return counts / counts.sum(0, keepdim=True)


def bigram_transposed(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size).T + alpha
    return counts / counts.sum(1, keepdim=True)


def bigram_joint(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size) + alpha
    return counts / counts.sum()


def bigram_missing_axis(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size) + alpha
    return counts / counts.sum(1)


def bigram_unsmoothed(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size)
    return counts / counts.sum(1, keepdim=True).clamp(min=1)


def bigram_alpha_one(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size) + 1
    return counts / counts.sum(1, keepdim=True)


def bigram_alpha_in_the_numerator(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size)
    return (counts + alpha) / counts.sum(1, keepdim=True)


def bigram_alpha_once_below(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size)
    return (counts + alpha) / (counts.sum(1, keepdim=True) + alpha)


def bigram_by_occurrences(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size)
    seen = torch.zeros(vocab_size)
    for ids in sequences:
        for i in ids:
            seen[i] += 1
    return (counts + alpha) / (seen + alpha * vocab_size)[:, None]


def bigram_smooths_the_seen(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size)
    counts[counts > 0] += alpha
    return counts / counts.sum(1, keepdim=True).clamp(min=alpha)


def bigram_smooths_the_unseen(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size)
    counts[counts == 0] = alpha
    return counts / counts.sum(1, keepdim=True)


def bigram_presence(sequences, vocab_size, alpha):
    counts = (_counted(sequences, vocab_size) > 0).float() + alpha
    return counts / counts.sum(1, keepdim=True)


def bigram_just_counts(sequences, vocab_size, alpha):
    return _counted(sequences, vocab_size) + alpha


def bigram_fancy_index(sequences, vocab_size, alpha):
    counts = torch.full((vocab_size, vocab_size), float(alpha))
    for ids in sequences:
        counts[ids[:-1], ids[1:]] += 1
    return counts / counts.sum(1, keepdim=True)


def bigram_wraps(sequences, vocab_size, alpha):
    counts = torch.full((vocab_size, vocab_size), float(alpha))
    for ids in sequences:
        for i in range(len(ids)):
            counts[ids[i - 1], ids[i]] += 1
    return counts / counts.sum(1, keepdim=True)


def bigram_softmax(sequences, vocab_size, alpha):
    return torch.softmax(_counted(sequences, vocab_size) + alpha, dim=1)


def bigram_logs(sequences, vocab_size, alpha):
    counts = _counted(sequences, vocab_size) + alpha
    return (counts / counts.sum(1, keepdim=True)).log()


def bigram_first_text_only(sequences, vocab_size, alpha):
    counts = _counted(sequences[:1], vocab_size) + alpha
    return counts / counts.sum(1, keepdim=True)


def bigram_pairs_apart(sequences, vocab_size, alpha):
    counts = torch.full((vocab_size, vocab_size), float(alpha))
    for ids in sequences:
        for i in range(0, len(ids) - 1, 2):
            counts[ids[i], ids[i + 1]] += 1
    return counts / counts.sum(1, keepdim=True)


def right_bigram_index_put(sequences, vocab_size, alpha):
    counts = torch.full((vocab_size, vocab_size), float(alpha))
    for ids in sequences:
        here, after = torch.tensor(ids[:-1]).long(), torch.tensor(ids[1:]).long()
        counts.index_put_((here, after), torch.ones(len(here)), accumulate=True)
    return counts / counts.sum(-1, keepdim=True)


def right_bigram_numpy(sequences, vocab_size, alpha):
    counts = np.zeros((vocab_size, vocab_size))
    for ids in sequences:
        for a, b in zip(ids, ids[1:]):  # noqa: B905
            counts[a, b] += 1
    return (counts + alpha) / (counts.sum(1, keepdims=True) + alpha * vocab_size)


# --- training_step ---


def _loss(model, rows):
    return F.cross_entropy(model(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())


def step_never_clears(model, optimizer, rows, max_norm):
    loss = _loss(model, rows)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_clears_at_the_end(model, optimizer, rows, max_norm):
    loss = _loss(model, rows)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


def step_clears_after_backward(model, optimizer, rows, max_norm):
    loss = _loss(model, rows)
    loss.backward()
    optimizer.zero_grad()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_before_backward(model, optimizer, rows, max_norm):
    loss = _loss(model, rows)
    optimizer.zero_grad()
    optimizer.step()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    return loss.item()


def step_with_old_gradients(model, optimizer, rows, max_norm):
    loss = _loss(model, rows)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    loss.backward()
    return loss.item()


def step_forgotten(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    return loss.item()


def step_only_evaluates(model, optimizer, rows, max_norm):
    with torch.no_grad():
        return _loss(model, rows).item()


def step_unclipped(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    optimizer.step()
    return loss.item()


def step_clips_too_late(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    optimizer.step()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    return loss.item()


def step_clips_too_early(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    loss.backward()
    optimizer.step()
    return loss.item()


def step_clips_values(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    nn.utils.clip_grad_value_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_clips_one_by_one(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    for p in model.parameters():
        nn.utils.clip_grad_norm_(p, max_norm)
    optimizer.step()
    return loss.item()


def step_always_rescales(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    norm = torch.stack([p.grad.norm() for p in model.parameters()]).norm()
    for p in model.parameters():
        p.grad *= max_norm / norm
    optimizer.step()
    return loss.item()


def step_clips_the_loss(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.clamp(max=max_norm).backward()
    optimizer.step()
    return loss.item()


def step_clips_the_parameters(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    optimizer.step()
    with torch.no_grad():
        norm = torch.stack([p.norm() for p in model.parameters()]).norm()
        for p in model.parameters():
            p *= min(1.0, max_norm / norm)
    return loss.item()


def step_loss_afterwards(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    _loss(model, rows).backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return _loss(model, rows).item()


def step_returns_norm(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    _loss(model, rows).backward()
    norm = nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return norm.item()


def step_unshifted(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(rows).flatten(0, 1), rows.flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_shifted_back(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(rows)[:, 1:].flatten(0, 1), rows[:, :-1].flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_rolled(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(rows).flatten(0, 1), rows.roll(-1, 1).flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_two_ahead(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(rows[:, :-2]).flatten(0, 1), rows[:, 2:].flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_summed(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    logits = model(rows[:, :-1]).flatten(0, 1)
    loss = F.cross_entropy(logits, rows[:, 1:].flatten(), reduction="sum")
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_last_token_only(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(rows[:, :-1])[:, -1], rows[:, -1])
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_of_probabilities(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    probs = model(rows[:, :-1]).softmax(-1)
    loss = F.cross_entropy(probs.flatten(0, 1), rows[:, 1:].flatten())
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_twice(model, optimizer, rows, max_norm):
    losses = []
    for _ in range(2):
        optimizer.zero_grad()
        loss = _loss(model, rows)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm)
        optimizer.step()
        losses.append(loss.item())
    return losses[0]


def step_own_optimizer(model, optimizer, rows, max_norm):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return right_step_reordered(model, optimizer, rows, max_norm)


def step_by_hand(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = _loss(model, rows)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    rate = optimizer.param_groups[0]["lr"]
    with torch.no_grad():
        for p in model.parameters():
            p -= rate * p.grad
    return loss.item()


def step_returns_nothing(model, optimizer, rows, max_norm):
    right_step_reordered(model, optimizer, rows, max_norm)


def step_row_by_row(model, optimizer, rows, max_norm):
    losses = [right_step_reordered(model, optimizer, row[None], max_norm) for row in rows]
    return sum(losses) / len(losses)


def step_detached(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    with torch.no_grad():
        loss = _loss(model, rows)
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def right_step_reordered(model, optimizer, rows, max_norm):
    logits = model(rows)[:, :-1]
    loss = F.cross_entropy(logits.transpose(1, 2), rows[:, 1:])
    model.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss)


def right_step_by_hand(model, optimizer, rows, max_norm):
    for p in model.parameters():
        p.grad = None
    logprobs = model(rows[:, :-1]).log_softmax(-1)
    loss = -logprobs.gather(-1, rows[:, 1:, None]).mean()
    loss.backward()
    norm = sum(float((p.grad**2).sum()) for p in model.parameters()) ** 0.5
    if norm > max_norm:
        for p in model.parameters():
            p.grad = p.grad * (max_norm / norm)
    optimizer.step()
    return loss.item()


# --- early_stopping ---


def stop_with_previous(losses, patience):
    best, bad = 0, 0
    for i in range(1, len(losses)):
        if losses[i] < losses[i - 1]:
            best, bad = i, 0
        else:
            bad += 1
        if bad == patience:
            return i, best
    return len(losses) - 1, best


def stop_not_in_a_row(losses, patience):
    best, bad = 0, 0
    for i in range(1, len(losses)):
        if losses[i] < losses[best]:
            best = i
        else:
            bad += 1
        if bad == patience:
            return i, best
    return len(losses) - 1, best


def stop_ties_improve(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss <= losses[best]:
            best = i
        if i - best >= patience:
            return i, best
    return len(losses) - 1, best


def stop_one_late(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
        if i - best > patience:
            return i, best
    return len(losses) - 1, best


def stop_one_early(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
        if i > 0 and i - best >= patience - 1:
            return i, best
    return len(losses) - 1, best


def stop_sees_everything(losses, patience):
    stop, best = right_stop_counter(losses, patience)
    return stop, losses.index(min(losses))


def stop_keeps_the_last(losses, patience):
    stop, _ = right_stop_counter(losses, patience)
    return stop, stop


def stop_counts_from_one(losses, patience):
    stop, best = right_stop_counter(losses, patience)
    return stop + 1, best + 1


def stop_swapped(losses, patience):
    return right_stop_counter(losses, patience)[::-1]


def stop_returns_losses(losses, patience):
    stop, best = right_stop_counter(losses, patience)
    return losses[stop], losses[best]


def stop_never_means_length(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
        if i - best == patience:
            return i, best
    return len(losses), best


def stop_never_means_none(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
        if i - best == patience:
            return i, best
    return None


def stop_forgets_to_reset(losses, patience):
    best, best_loss, bad = 0, losses[0], 0
    for i, loss in enumerate(losses[1:], start=1):
        if loss < best_loss:
            best, best_loss = i, loss
            bad -= 1
        else:
            bad += 1
        if bad >= patience:
            return i, best
    return len(losses) - 1, best


def stop_last_of_the_ties(losses, patience):
    stop, _ = right_stop_counter(losses, patience)
    seen = losses[: stop + 1]
    return stop, max(i for i, loss in enumerate(seen) if loss == min(seen))


def stop_highest(losses, patience):
    return right_stop_counter([-loss for loss in losses], patience)


def stop_first_rise(losses, patience):
    for i in range(1, len(losses)):
        if losses[i] >= losses[i - 1]:
            return i, i - 1
    return len(losses) - 1, len(losses) - 1


def stop_window(losses, patience):
    for i in range(patience, len(losses)):
        if losses[i] >= losses[i - patience]:
            seen = losses[: i + 1]
            return i, seen.index(min(seen))
    return len(losses) - 1, losses.index(min(losses))


def stop_sorts_in_place(losses, patience):
    answer = right_stop_counter(losses, patience)
    losses.sort()
    return answer


def stop_starts_at_zero_loss(losses, patience):
    best, lowest, bad = 0, 0.0, 0
    for i, loss in enumerate(losses):
        if loss < lowest:
            best, lowest, bad = i, loss, 0
        else:
            bad += 1
        if bad == patience:
            return i, best
    return len(losses) - 1, best


def stop_starts_at_ten(losses, patience):
    best, lowest, bad = 0, 10.0, 0
    for i, loss in enumerate(losses):
        if loss < lowest:
            best, lowest, bad = i, loss, 0
        else:
            bad += 1
        if bad == patience:
            return i, best
    return len(losses) - 1, best


def stop_skips_the_rest(losses, patience):
    best = 0
    for i, loss in enumerate(losses):
        if loss < losses[best]:
            best = i
    return min(best + patience, len(losses) - 1), best


def right_stop_counter(losses, patience):
    best, lowest, bad = 0, float("inf"), 0
    for i, loss in enumerate(losses):
        if loss < lowest:
            best, lowest, bad = i, loss, 0
        else:
            bad += 1
        if bad == patience:
            return i, best
    return len(losses) - 1, best


def right_stop_prefixes(losses, patience):
    for i in range(len(losses)):
        seen = losses[: i + 1]
        best = seen.index(min(seen))
        if i - best >= patience:
            break
    return [i, best]


ANSWERS = {
    "shift": "shift",
    "entropy": "cross_entropy",
    "bigram": "bigram_probabilities",
    "step": "training_step",
    "stop": "early_stopping",
}
_FOUND = [(name, f) for name, f in list(globals().items()) if hasattr(f, "__code__")]
_FOUND = [(name, f) for name, f in _FOUND if not name.startswith("_")]
WRONG = [(ANSWERS[name.split("_")[0]], f) for name, f in _FOUND if not name.startswith("right_")]
RIGHT = [(ANSWERS[name.split("_")[1]], f) for name, f in _FOUND if name.startswith("right_")]
