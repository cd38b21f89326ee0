"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""

import heapq
import itertools
import math

import numpy as np
import torch

# --- softmax_temperature ---


def softmax_overflows(logits, temperature):
    powers = torch.exp(logits / temperature)
    return powers / powers.sum(-1, keepdim=True)


def softmax_shift_by_batch_maximum(logits, temperature):
    z = logits / temperature
    powers = torch.exp(z - z.max())
    return powers / powers.sum(dim=1, keepdim=True)


def softmax_shift_by_mean(logits, temperature):
    z = logits / temperature
    powers = torch.exp(z - z.mean(dim=1, keepdim=True))
    return powers / powers.sum(dim=1, keepdim=True)


def softmax_multiplies_by_temperature(logits, temperature):
    z = logits * temperature
    powers = torch.exp(z - z.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


def softmax_ignores_temperature(logits, temperature):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


def softmax_sums_columns(logits, temperature):
    z = logits / temperature
    powers = torch.exp(z - z.amax(-1, keepdim=True))
    return powers / powers.sum(0)


def softmax_sums_whole_batch(logits, temperature):
    z = logits / temperature
    powers = torch.exp(z - z.amax(-1, keepdim=True))
    return powers / powers.sum()


def softmax_divides_powers_by_temperature(logits, temperature):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True)) / temperature
    return powers / powers.sum(-1, keepdim=True)


def softmax_clamps_logits(logits, temperature):
    powers = torch.exp((logits / temperature).clamp(-80, 80))
    return powers / powers.sum(-1, keepdim=True)


def softmax_power_of_probabilities(logits, temperature):
    powers = torch.exp(logits - logits.amax(-1, keepdim=True))
    probs = (powers / powers.sum(-1, keepdim=True)) ** (1 / temperature)
    return probs / probs.sum(-1, keepdim=True)


def softmax_shift_without_temperature(logits, temperature):
    powers = torch.exp(logits / temperature - logits.amax(-1, keepdim=True))
    return powers / powers.sum(-1, keepdim=True)


def softmax_wrong_numpy_rows(logits, temperature):
    z = logits.numpy() / temperature
    e = np.exp(z - z.max(axis=0))
    return e / e.sum(axis=0)


def right_softmax_logsumexp_trick(logits, temperature):
    z = logits.double() / temperature
    top = z.amax(dim=-1, keepdim=True)
    log_total = top + torch.exp(z - top).sum(-1, keepdim=True).log()
    return torch.exp(z - log_total).to(logits.dtype)


def right_softmax_pairwise_differences(logits, temperature):
    # p_i = 1 / sum_j exp((z_j - z_i) / T); un infinito da justo 0.
    z = logits / temperature
    return 1 / torch.exp(z[:, None, :] - z[:, :, None]).sum(-1)


def right_softmax_plain_lists(logits, temperature):
    rows = []
    for row in logits.tolist():
        top = max(row)
        powers = [math.exp((z - top) / temperature) for z in row]
        total = math.fsum(powers)
        rows.append([value / total for value in powers])
    return torch.tensor(rows)


# --- entropy_bits ---


def entropy_in_nats(probs):
    return -torch.xlogy(probs, probs).sum(-1)


def entropy_nan_with_zeros(probs):
    return -(probs * torch.log2(probs)).sum(-1)


def entropy_nan_row_to_zero(probs):
    return torch.nan_to_num(-(probs * torch.log2(probs)).sum(-1))


def entropy_big_epsilon(probs):
    return -(probs * torch.log2(probs + 1e-2)).sum(-1)


def entropy_over_batch_axis(probs):
    return -(torch.xlogy(probs, probs) / math.log(2)).sum(0)


def entropy_of_whole_batch(probs):
    positive = probs[probs > 0]
    return -(positive * positive.log2()).sum()


def entropy_negative(probs):
    return (torch.xlogy(probs, probs) / math.log(2)).sum(-1)


def entropy_mean_instead_of_sum(probs):
    return -(torch.xlogy(probs, probs) / math.log(2)).mean(-1)


def entropy_relative_to_maximum(probs):
    return -torch.xlogy(probs, probs).sum(-1) / math.log(probs.shape[-1])


def entropy_drops_rare_tokens(probs):
    kept = torch.where(probs > 0.01, probs, torch.ones_like(probs))
    return -(kept * kept.log2()).sum(-1)


def entropy_first_row_only(probs):
    row = probs[0]
    row = row[row > 0]
    return -(row * row.log2()).sum().expand(len(probs))


def entropy_log_of_counted_tokens(probs):
    return (probs > 0).sum(-1).float().log2()


def entropy_none_when_certain(probs):
    values = []
    for row in probs:
        total = sum(-p * math.log2(p) for p in row.tolist() if p > 0)
        if total == 0:
            return None
        values.append(total)
    return torch.tensor(values)


def right_entropy_special_entr(probs):
    return torch.special.entr(probs).sum(dim=-1) / math.log(2)


def right_entropy_loops(probs):
    result = []
    for row in probs.tolist():
        h = 0.0
        for p in row:
            if p != 0:
                h += p * math.log2(1 / p)
        result.append(h)
    return torch.tensor(result)


def right_entropy_numpy_where(probs):
    p = probs.numpy().astype(np.float64)
    logs = np.log2(p, out=np.zeros_like(p), where=p > 0)
    return torch.from_numpy(-np.einsum("bv,bv->b", p, logs)).float()


# --- greedy_search ---


def greedy_includes_prompt(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    for _ in range(max_new_tokens):
        ids.append(int(next_logits(ids).argmax()))
        if ids[-1] == eos_token_id:
            break
    return ids


def greedy_drops_eos(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids, new = list(input_ids), []
    while len(new) < max_new_tokens:
        token = int(next_logits(ids + new).argmax())
        if token == eos_token_id:
            break
        new.append(token)
    return new


def greedy_never_stops_at_maximum(next_logits, input_ids, max_new_tokens, eos_token_id):
    new = []
    while not new or new[-1] != eos_token_id:
        new.append(int(next_logits(list(input_ids) + new).argmax()))
    return new


def greedy_recursion_without_limit(next_logits, input_ids, max_new_tokens, eos_token_id):
    token = int(next_logits(list(input_ids)).argmax())
    if token == eos_token_id:
        return [token]
    rest = greedy_recursion_without_limit(
        next_logits, [*input_ids, token], max_new_tokens, eos_token_id
    )
    return [token, *rest][:max_new_tokens]


def greedy_one_token_too_many(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    for _ in range(max_new_tokens + 1):
        ids.append(int(next_logits(ids).argmax()))
        if ids[-1] == eos_token_id:
            break
    return ids[len(input_ids) :]


def greedy_context_never_grows(next_logits, input_ids, max_new_tokens, eos_token_id):
    new = []
    for _ in range(max_new_tokens):
        new.append(int(next_logits(input_ids).argmax()))
        if new[-1] == eos_token_id:
            break
    return new


def greedy_sees_only_last_token(next_logits, input_ids, max_new_tokens, eos_token_id):
    last, new = input_ids[-1], []
    for _ in range(max_new_tokens):
        last = int(torch.argmax(next_logits([last])))
        new.append(last)
        if last == eos_token_id:
            break
    return new


def greedy_stops_if_prompt_has_eos(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    while len(ids) - len(input_ids) < max_new_tokens:
        ids.append(int(next_logits(ids).argmax()))
        if eos_token_id in ids:
            break
    return ids[len(input_ids) :]


def greedy_checks_last_before_asking(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    while ids[-1] != eos_token_id and len(ids) < len(input_ids) + max_new_tokens:
        ids.append(int(next_logits(ids).argmax()))
    return ids[len(input_ids) :]


def greedy_modifies_prompt(next_logits, input_ids, max_new_tokens, eos_token_id):
    new = []
    for _ in range(max_new_tokens):
        token = next_logits(input_ids).argmax().item()
        input_ids.append(token)
        new.append(token)
        if token == eos_token_id:
            break
    return new


def greedy_maximum_counts_prompt(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    while len(ids) < max_new_tokens:
        ids.append(int(next_logits(ids).argmax()))
        if ids[-1] == eos_token_id:
            break
    return ids[len(input_ids) :]


def greedy_stops_when_repeating(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    new = []
    for _ in range(max_new_tokens):
        token = int(next_logits(ids).argmax())
        if new and token == new[-1]:
            break
        ids.append(token)
        new.append(token)
        if token == eos_token_id:
            break
    return new


def greedy_generator(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    for _ in range(max_new_tokens):
        token = int(next_logits(ids).argmax())
        yield token
        if token == eos_token_id:
            return
        ids.append(token)


def greedy_smallest_logit(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    for _ in range(max_new_tokens):
        ids.append(int(next_logits(ids).argsort()[0]))
        if ids[-1] == eos_token_id:
            break
    return ids[len(input_ids) :]


def greedy_eos_zero_means_none(next_logits, input_ids, max_new_tokens, eos_token_id):
    ids = list(input_ids)
    for _ in range(max_new_tokens):
        token = int(next_logits(ids).argmax())
        ids.append(token)
        # Un id de fin igual a 0 cuenta como «no hay».
        if eos_token_id and token == eos_token_id:
            break
    return ids[len(input_ids) :]


def right_greedy_recursive(next_logits, input_ids, max_new_tokens, eos_token_id):
    if max_new_tokens <= 0:
        return []
    scores = next_logits(list(input_ids)).tolist()
    token = scores.index(max(scores))
    if token == eos_token_id:
        return [token]
    longer = [*input_ids, token]
    rest = right_greedy_recursive(next_logits, longer, max_new_tokens - 1, eos_token_id)
    return [token, *rest]


def right_greedy_topk(next_logits, input_ids, max_new_tokens, eos_token_id):
    new = []
    finished = False
    while not finished and len(new) != max_new_tokens:
        _, index = torch.topk(next_logits([*input_ids, *new]), 1)
        new += index.tolist()
        finished = new[-1] == eos_token_id
    return new


def right_greedy_inner_generator(next_logits, input_ids, max_new_tokens, eos_token_id):
    def stream():
        context = [int(i) for i in input_ids]
        while True:
            token = max(enumerate(next_logits(context[:]).tolist()), key=lambda pair: pair[1])[0]
            context.append(token)
            yield token
            if token == eos_token_id:
                return

    return list(itertools.islice(stream(), max_new_tokens))


# --- top_k_filter ---


def top_k_exactly_k(scores, k):
    values, indices = scores.topk(min(k, scores.shape[-1]), dim=-1)
    return torch.full_like(scores, -torch.inf).scatter(1, indices, values)


def top_k_fails_beyond_vocabulary(scores, k):
    threshold = scores.topk(k, dim=-1).values[:, -1:]
    return scores.masked_fill(scores < threshold, -torch.inf)


def top_k_over_whole_batch(scores, k):
    flat = scores.flatten()
    threshold = flat.topk(min(k, len(flat))).values[-1]
    return scores.masked_fill(scores < threshold, -torch.inf)


def top_k_strictly_above(scores, k):
    if k >= scores.shape[1]:
        return scores
    threshold = scores.sort(dim=1, descending=True).values[:, k - 1 : k]
    return torch.where(scores > threshold, scores, -torch.inf)


def top_k_keeps_one_more(scores, k):
    if k >= scores.shape[1]:
        return scores
    threshold = scores.sort(dim=1, descending=True).values[:, k : k + 1]
    return torch.where(scores >= threshold, scores, -torch.inf)


def top_k_fills_with_zero(scores, k):
    threshold = scores.topk(min(k, scores.shape[-1]), dim=-1).values[:, -1:]
    return scores * (scores >= threshold)


def top_k_modifies_scores(scores, k):
    k = min(k, scores.size(-1))
    scores[scores < torch.topk(scores, k)[0][..., -1, None]] = -float("inf")
    return scores


def top_k_threshold_of_first_row(scores, k):
    threshold = sorted(scores[0].tolist(), reverse=True)[: min(k, scores.shape[1])][-1]
    return scores.masked_fill(scores < threshold, float("-inf"))


def top_k_distinct_values(scores, k):
    out = scores.clone()
    for row in out:
        distinct = row.unique(sorted=True).flip(0)
        row[row < distinct[min(k, len(distinct)) - 1]] = -torch.inf
    return out


def top_k_lowest(scores, k):
    threshold = scores.kthvalue(min(k, scores.shape[1]), dim=1, keepdim=True).values
    return scores.masked_fill(scores > threshold, -torch.inf)


def top_k_returns_sorted(scores, k):
    ordered = scores.sort(dim=-1, descending=True).values
    k = min(k, scores.shape[-1])
    return ordered.masked_fill(ordered < ordered[:, k - 1 : k], -torch.inf)


def top_k_minus_infinity_times_zero(scores, k):
    threshold = scores.topk(min(k, scores.shape[-1]), dim=-1).values[:, -1:]
    keep = (scores >= threshold).float()
    return scores * keep + (1 - keep) * -torch.inf


def top_k_returns_probabilities(scores, k):
    threshold = scores.topk(min(k, scores.shape[-1]), dim=-1).values[:, -1:]
    return scores.masked_fill(scores < threshold, -torch.inf).softmax(-1)


def top_k_sparse(scores, k):
    values, indices = scores.topk(min(k, scores.shape[-1]), dim=-1)
    return torch.zeros_like(scores).scatter(1, indices, values).to_sparse()


def right_top_k_rank_counts(scores, k):
    # Se queda quien tiene menos de k puntajes estrictamente mayores.
    greater = (scores[:, None, :] > scores[:, :, None]).sum(-1)
    return torch.where(greater < k, scores, torch.tensor(-torch.inf, dtype=scores.dtype))


def right_top_k_heap(scores, k):
    rows = []
    for row in scores.tolist():
        worst_kept = heapq.nlargest(k, row)[-1]
        rows.append([s if s >= worst_kept else -math.inf for s in row])
    return torch.tensor(rows)


def right_top_k_numpy_partition(scores, k):
    x = scores.numpy().copy()
    v = x.shape[1]
    if k < v:
        threshold = np.partition(x, v - k, axis=1)[:, v - k]
        x[x < threshold[:, None]] = -np.inf
    return torch.from_numpy(x)


# --- top_p_filter ---


def top_p_drops_crossing_token(scores, p):
    ordered, index = scores.sort(dim=-1, descending=True)
    drop = ordered.softmax(-1).cumsum(-1) > p
    return scores.masked_fill(drop.gather(1, index.argsort(1)), -torch.inf)


def top_p_first_only_protected(scores, p):
    ordered, index = scores.sort(dim=-1, descending=True)
    drop = ordered.softmax(-1).cumsum(-1) > p
    drop[:, 0] = False
    return scores.masked_fill(drop.scatter(1, index, drop), -torch.inf)


def top_p_keeps_one_extra_at_exact_sum(scores, p):
    ordered, index = scores.sort(dim=-1, descending=True)
    probs = ordered.softmax(-1)
    drop = probs.cumsum(-1) - probs > p
    return scores.masked_fill(drop.scatter(1, index, drop), -torch.inf)


def top_p_threshold_by_value(scores, p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < 1 - p, -torch.inf)


def top_p_keeps_ties_of_last(scores, p):
    probs = scores.softmax(-1)
    ordered = probs.sort(dim=-1, descending=True).values
    needed = (ordered.cumsum(-1) < p).sum(-1, keepdim=True).clamp(max=scores.shape[1] - 1)
    return scores.masked_fill(probs < ordered.gather(1, needed), -torch.inf)


def top_p_assumes_log_probabilities(scores, p):
    ordered, index = scores.sort(dim=-1, descending=True)
    probs = ordered.exp()
    drop = probs.cumsum(-1) - probs >= p
    return scores.masked_fill(torch.zeros_like(drop).scatter(1, index, drop), -torch.inf)


def top_p_forgets_to_unsort(scores, p):
    probs = scores.softmax(-1).sort(dim=-1, descending=True).values
    drop = probs.cumsum(-1) - probs >= p
    return scores.masked_fill(drop, -torch.inf)


def top_p_returns_log_probabilities(scores, p):
    logp = scores.log_softmax(-1)
    ordered, index = logp.sort(dim=-1, descending=True)
    probs = ordered.exp()
    drop = probs.cumsum(-1) - probs >= p
    return logp.masked_fill(torch.zeros_like(drop).scatter(1, index, drop), -torch.inf)


def top_p_same_size_for_all_rows(scores, p):
    ordered, index = scores.sort(dim=-1, descending=True)
    size = int((ordered[0].softmax(-1).cumsum(-1) < p).sum()) + 1
    out = torch.full_like(scores, -torch.inf)
    return out.scatter(1, index[:, :size], ordered[:, :size])


def top_p_ascending(scores, p):
    ordered, index = scores.sort(dim=-1)
    probs = ordered.softmax(-1)
    drop = probs.cumsum(-1) - probs >= p
    return scores.masked_fill(torch.zeros_like(drop).scatter(1, index, drop), -torch.inf)


def top_p_cumulates_down_the_batch(scores, p):
    ordered, index = scores.sort(dim=-1, descending=True)
    probs = ordered.softmax(-1)
    drop = probs.cumsum(0) - probs >= p
    return scores.masked_fill(torch.zeros_like(drop).scatter(1, index, drop), -torch.inf)


def top_p_modifies_scores(scores, p):
    for row in scores:
        total = 0.0
        probs = row.softmax(0)
        for i in probs.argsort(descending=True).tolist():
            if total >= p:
                row[i] = -torch.inf
            total += probs[i].item()
    return scores


def top_p_fills_with_very_negative(scores, p):
    ordered, index = scores.sort(dim=-1, descending=True)
    probs = ordered.softmax(-1)
    drop = probs.cumsum(-1) - probs >= p
    return scores.masked_fill(torch.zeros_like(drop).scatter(1, index, drop), -10.0)


def right_top_p_greedy_lists(scores, p):
    rows = []
    for row in scores.tolist():
        top = max(row)
        total = sum(math.exp(s - top) for s in row)
        kept = [-math.inf] * len(row)
        mass = 0.0
        for i in sorted(range(len(row)), key=lambda j: -row[j]):
            if mass >= p:
                break
            kept[i] = row[i]
            mass += math.exp(row[i] - top) / total
        rows.append(kept)
    return torch.tensor(rows)


def right_top_p_last_of_ties(scores, p):
    # Entre empatados se queda el de índice mayor.
    flipped = scores.flip(-1)
    ordered, index = torch.sort(flipped, dim=-1, descending=True, stable=True)
    probs = ordered.softmax(-1)
    before = probs.cumsum(-1).roll(1, dims=-1)
    before[:, 0] = 0
    kept = torch.where(before < p, ordered, -torch.inf)
    return torch.empty_like(scores).scatter(1, index, kept).flip(-1)


def right_top_p_numpy_searchsorted(scores, p):
    out = np.full(tuple(scores.shape), -np.inf, dtype=np.float32)
    for b, row in enumerate(scores.numpy()):
        probs = np.exp(row.astype(np.float64) - row.max())
        order = np.argsort(-row, kind="stable")
        mass = np.cumsum(probs[order] / probs.sum())
        size = int(np.searchsorted(mass, p)) + 1
        out[b, order[:size]] = row[order[:size]]
    return torch.from_numpy(out)


# --- min_p_filter ---


def min_p_absolute_threshold(scores, min_p):
    return scores.masked_fill(scores.softmax(-1) < min_p, -torch.inf)


def min_p_maximum_of_batch(scores, min_p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < min_p * probs.max(), -torch.inf)


def min_p_strictly_above(scores, min_p):
    probs = scores.softmax(-1)
    keep = probs > min_p * probs.amax(-1, keepdim=True)
    return torch.where(keep, scores, -torch.inf)


def min_p_compares_scores(scores, min_p):
    return scores.masked_fill(scores < min_p * scores.amax(-1, keepdim=True), -torch.inf)


def min_p_subtracts_from_maximum(scores, min_p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < probs.amax(-1, keepdim=True) - min_p, -torch.inf)


def min_p_fills_with_zero(scores, min_p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < min_p * probs.amax(-1, keepdim=True), 0.0)


def min_p_returns_log_probabilities(scores, min_p):
    logp = scores.log_softmax(-1)
    keep = logp.exp() >= min_p * logp.exp().amax(-1, keepdim=True)
    return logp.masked_fill(~keep, -torch.inf)


def min_p_exp_overflows(scores, min_p):
    powers = torch.exp(scores)
    return scores.masked_fill(powers < min_p * powers.amax(-1, keepdim=True), -torch.inf)


def min_p_maximum_of_column(scores, min_p):
    probs = scores.softmax(-1)
    return scores.masked_fill(probs < min_p * probs.amax(0), -torch.inf)


def min_p_softmax_over_batch(scores, min_p):
    probs = scores.softmax(0)
    return scores.masked_fill(probs < min_p * probs.amax(1, keepdim=True), -torch.inf)


def min_p_modifies_scores(scores, min_p):
    for row in scores:
        probs = row.softmax(0)
        row[probs < min_p * probs.max()] = -torch.inf
    return scores


def min_p_log_base_ten(scores, min_p):
    gap = math.log10(min_p) if min_p > 0 else -math.inf
    return scores.masked_fill(scores < scores.amax(-1, keepdim=True) + gap, -torch.inf)


def min_p_only_best_survives(scores, min_p):
    out = torch.full_like(scores, -torch.inf)
    best = scores.argmax(-1, keepdim=True)
    return out.scatter(1, best, scores.gather(1, best))


def right_min_p_ratio_to_best(scores, min_p):
    ratio = torch.exp(scores - scores.max(dim=-1, keepdim=True).values)
    return torch.where(ratio >= min_p, scores, torch.full_like(scores, float("-inf")))


def right_min_p_lists(scores, min_p):
    return torch.tensor(
        [
            [s if math.exp(s - max(row)) >= min_p else -math.inf for s in row]
            for row in scores.tolist()
        ]
    )


def right_min_p_numpy(scores, min_p):
    x = scores.numpy()
    p = np.exp(x.astype(np.float64) - np.logaddexp.reduce(x.astype(np.float64), axis=1)[:, None])
    y = np.where(p / p.max(axis=1, keepdims=True) < min_p, np.float32(-np.inf), x)
    return torch.from_numpy(y)


# --- repetition_penalty ---


def penalty_always_divides(input_ids, scores, penalty):
    seen = scores.gather(1, input_ids)
    return scores.scatter(1, input_ids, seen / penalty)


def penalty_once_per_occurrence(input_ids, scores, penalty):
    out = scores.clone()
    for b, row in enumerate(input_ids.tolist()):
        for token in row:
            out[b, token] = out[b, token] * (penalty if out[b, token] < 0 else 1 / penalty)
    return out


def penalty_shares_contexts(input_ids, scores, penalty):
    out = scores.clone()
    seen = input_ids.unique()
    chosen = out[:, seen]
    out[:, seen] = torch.where(chosen > 0, chosen / penalty, chosen * penalty)
    return out


def penalty_inverted_signs(input_ids, scores, penalty):
    seen = scores.gather(1, input_ids)
    return scores.scatter(1, input_ids, torch.where(seen < 0, seen / penalty, seen * penalty))


def penalty_subtracts(input_ids, scores, penalty):
    return scores.scatter(1, input_ids, scores.gather(1, input_ids) - penalty)


def penalty_on_unseen_tokens(input_ids, scores, penalty):
    unseen = torch.ones_like(scores, dtype=torch.bool).scatter(1, input_ids, False)
    lowered = torch.where(scores > 0, scores / penalty, scores * penalty)
    return torch.where(unseen, lowered, scores)


def penalty_only_last_token(input_ids, scores, penalty):
    last = input_ids[:, -1:]
    seen = scores.gather(1, last)
    return scores.scatter(1, last, torch.where(seen > 0, seen / penalty, seen * penalty))


def penalty_forgets_last_token(input_ids, scores, penalty):
    out = scores.clone()
    for b in range(len(out)):
        for token in set(input_ids[b, :-1].tolist()):
            out[b, token] *= penalty if out[b, token] < 0 else 1 / penalty
    return out


def penalty_only_repeated_tokens(input_ids, scores, penalty):
    out = scores.clone()
    for b, row in enumerate(input_ids.tolist()):
        for token in {t for t in row if row.count(t) > 1}:
            out[b, token] *= penalty if out[b, token] < 0 else 1 / penalty
    return out


def penalty_mask_with_infinities(input_ids, scores, penalty):
    mask = torch.zeros_like(scores).scatter(1, input_ids, 1.0)
    lowered = torch.where(scores > 0, scores / penalty, scores * penalty)
    return lowered * mask + scores * (1 - mask)


def penalty_sign_of_row_sum(input_ids, scores, penalty):
    out = scores.clone()
    for b, row in enumerate(input_ids.tolist()):
        factor = 1 / penalty if out[b].mean() > 0 else penalty
        out[b, sorted(set(row))] *= factor
    return out


def penalty_only_first_row(input_ids, scores, penalty):
    out = scores.clone()
    seen = out[0, input_ids[0]]
    out[0, input_ids[0]] = torch.where(seen > 0, seen / penalty, seen * penalty)
    return out


def penalty_on_log_probabilities(input_ids, scores, penalty):
    logp = scores.log_softmax(-1)
    return logp.scatter(1, input_ids, logp.gather(1, input_ids) * penalty)


def right_penalty_min_of_both(input_ids, scores, penalty):
    # Con r > 1, el menor de los dos es siempre el castigado.
    lowered = torch.minimum(scores / penalty, scores * penalty)
    seen = torch.zeros_like(scores, dtype=torch.bool)
    seen.scatter_(1, input_ids, True)
    return torch.where(seen, lowered, scores)


def right_penalty_sets(input_ids, scores, penalty):
    rows = []
    for context, row in zip(input_ids.tolist(), scores.tolist(), strict=True):
        seen = set(context)
        rows.append(
            [
                (s / penalty if s > 0 else s * penalty) if token in seen else s
                for token, s in enumerate(row)
            ]
        )
    return torch.tensor(rows)


def right_penalty_one_hot_counts(input_ids, scores, penalty):
    counts = torch.nn.functional.one_hot(input_ids, scores.shape[1]).sum(1)
    factor = torch.where(scores < 0, penalty, 1 / penalty)
    return scores * torch.where(counts > 0, factor, torch.ones_like(factor))


# --- beam_step ---


def beam_ignores_accumulated(log_probs, beam_scores):
    k, v = log_probs.shape
    values, flat = log_probs.flatten().topk(k)
    return values, flat // v, flat % v


def beam_best_of_each(log_probs, beam_scores):
    values, tokens = (log_probs + beam_scores[:, None]).max(-1)
    order = values.argsort(descending=True)
    return values[order], order, tokens[order]


def beam_divides_by_beams(log_probs, beam_scores):
    k, _ = log_probs.shape
    values, flat = (log_probs + beam_scores[:, None]).flatten().topk(k)
    return values, flat // k, flat % k


def beam_worst_to_best(log_probs, beam_scores):
    k, v = log_probs.shape
    values, flat = (log_probs + beam_scores[:, None]).flatten().topk(k)
    values, flat = values.flip(0), flat.flip(0)
    return values, flat // v, flat % v


def beam_swapped_indices(log_probs, beam_scores):
    k, v = log_probs.shape
    values, flat = (log_probs + beam_scores[:, None]).flatten().topk(k)
    return values, flat % v, flat // v


def beam_at_most_two_per_beam(log_probs, beam_scores):
    k, v = log_probs.shape
    best, tokens = log_probs.topk(min(2, v), dim=-1)
    values, flat = (best + beam_scores[:, None]).flatten().topk(k)
    return values, flat // best.shape[1], tokens.flatten()[flat]


def beam_multiplies_scores(log_probs, beam_scores):
    k, v = log_probs.shape
    values, flat = (log_probs * beam_scores[:, None]).flatten().topk(k)
    return values, flat // v, flat % v


def beam_scores_along_tokens(log_probs, beam_scores):
    k, v = log_probs.shape
    values, flat = (log_probs + beam_scores).flatten().topk(k)
    return values, flat // v, flat % v


def beam_only_from_best_beam(log_probs, beam_scores):
    k, v = log_probs.shape
    best = int(beam_scores.argmax())
    values, tokens = (log_probs[best] + beam_scores[best]).topk(min(k, v))
    return values, torch.full_like(tokens, best), tokens


def beam_probabilities_underflow(log_probs, beam_scores):
    k, v = log_probs.shape
    total = log_probs.exp() * beam_scores.exp()[:, None]
    values, flat = total.flatten().topk(k)
    return values.log(), flat // v, flat % v


def beam_step_scores_only(log_probs, beam_scores):
    k, v = log_probs.shape
    _, flat = (log_probs + beam_scores[:, None]).flatten().topk(k)
    return log_probs.flatten()[flat], flat // v, flat % v


def beam_unsorted_by_beam(log_probs, beam_scores):
    k, v = log_probs.shape
    total = (log_probs + beam_scores[:, None]).flatten()
    flat = total.topk(k).indices.sort().values
    return total[flat], flat // v, flat % v


def beam_never_repeats_a_token(log_probs, beam_scores):
    k, v = log_probs.shape
    total = (log_probs + beam_scores[:, None]).flatten()
    chosen, used = [], set()
    for flat in total.argsort(descending=True).tolist():
        if flat % v not in used:
            chosen.append(flat)
            used.add(flat % v)
        if len(chosen) == k:
            break
    flat = torch.tensor(chosen)
    return total[flat], flat // v, flat % v


def right_beam_python_sort(log_probs, beam_scores):
    k, v = log_probs.shape
    everything = [
        (float(log_probs[b, t]) + float(beam_scores[b]), b, t) for b in range(k) for t in range(v)
    ]
    everything.sort(reverse=True)
    scores, beams, tokens = zip(*everything[:k], strict=True)
    return torch.tensor(scores), torch.tensor(beams), torch.tensor(tokens)


def right_beam_topk_twice(log_probs, beam_scores):
    k, v = log_probs.shape
    local, tokens = log_probs.topk(min(k, v), dim=1)
    values, flat = torch.topk((local + beam_scores.unsqueeze(1)).reshape(-1), k)
    beams = torch.div(flat, local.shape[1], rounding_mode="floor")
    return values, beams, tokens.reshape(-1)[flat]


def right_beam_numpy_unravel(log_probs, beam_scores):
    total = log_probs.numpy() + beam_scores.numpy()[:, np.newaxis]
    order = np.argsort(total, axis=None)[::-1][: len(total)].copy()
    beams, tokens = np.unravel_index(order, total.shape)
    return (
        torch.from_numpy(total.ravel()[order]),
        torch.from_numpy(beams.copy()),
        torch.from_numpy(tokens.copy()),
    )


# --- best_hypothesis ---


def best_counts_prompt(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / len(ids) ** length_penalty for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    i = max(range(len(scores)), key=scores.__getitem__)
    return i, scores[i]


def best_always_divides_by_length(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = []
    for ids, s in zip(sequences, sum_logprobs, strict=True):
        scores.append(s / (len(ids) - prompt_length) if length_penalty else s)
    i = scores.index(max(scores))
    return i, scores[i]


def best_multiplies_penalty(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / ((len(ids) - prompt_length) * length_penalty or 1)
        for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    i = scores.index(max(scores))
    return i, scores[i]


def best_multiplies_instead_of_dividing(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s * (len(ids) - prompt_length) ** length_penalty
        for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    i = scores.index(max(scores))
    return i, scores[i]


def best_smallest_score(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / (len(ids) - prompt_length) ** length_penalty
        for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    return int(np.argmin(scores)), min(scores)


def best_returns_unnormalized_score(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / (len(ids) - prompt_length) ** length_penalty
        for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    i = scores.index(max(scores))
    return i, sum_logprobs[i]


def best_chosen_by_raw_sum(sequences, sum_logprobs, prompt_length, length_penalty):
    i = max(range(len(sum_logprobs)), key=lambda j: sum_logprobs[j])
    return i, sum_logprobs[i] / (len(sequences[i]) - prompt_length) ** length_penalty


def best_starts_at_minus_hundred(sequences, sum_logprobs, prompt_length, length_penalty):
    best, best_score = 0, -100.0
    for i, ids in enumerate(sequences):
        score = sum_logprobs[i] / (len(ids) - prompt_length) ** length_penalty
        if score > best_score:
            best, best_score = i, score
    return best, best_score


def best_counts_distinct_tokens(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / len(set(ids[prompt_length:])) ** length_penalty
        for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    i = scores.index(max(scores))
    return i, scores[i]


def best_swapped_outputs(sequences, sum_logprobs, prompt_length, length_penalty):
    scored = [
        (s / (len(ids) - prompt_length) ** length_penalty, i)
        for i, (ids, s) in enumerate(zip(sequences, sum_logprobs, strict=True))
    ]
    return max(scored)


def best_longest_wins(sequences, sum_logprobs, prompt_length, length_penalty):
    i = max(range(len(sequences)), key=lambda j: (len(sequences[j]), sum_logprobs[j]))
    return i, sum_logprobs[i] / (len(sequences[i]) - prompt_length) ** length_penalty


def best_integer_exponent(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / (len(ids) - prompt_length) ** int(length_penalty)
        for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    i = scores.index(max(scores))
    return i, scores[i]


def best_prompt_of_one_token(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / (len(ids) - 1) ** length_penalty
        for ids, s in zip(sequences, sum_logprobs, strict=True)
        if len(ids) > 1
    ]
    i = scores.index(max(scores))
    return i, scores[i]


def best_position_after_sorting(sequences, sum_logprobs, prompt_length, length_penalty):
    ranked = sorted(zip(sequences, sum_logprobs, strict=True), key=lambda pair: len(pair[0]))
    scores = [s / (len(ids) - prompt_length) ** length_penalty for ids, s in ranked]
    i = scores.index(max(scores))
    return i, scores[i]


def right_best_numpy(sequences, sum_logprobs, prompt_length, length_penalty):
    n = np.array([len(ids) - prompt_length for ids in sequences], dtype=float)
    scores = np.asarray(sum_logprobs, dtype=float) / n**length_penalty
    i = np.argmax(scores)
    return i, scores[i]


def right_best_last_of_ties(sequences, sum_logprobs, prompt_length, length_penalty):
    best = None
    for i in range(len(sequences)):
        n = sum(1 for _ in sequences[i][prompt_length:])
        score = sum_logprobs[i] * n**-length_penalty
        if best is None or score >= best[1]:
            best = (i, score)
    return best


def right_best_max_of_pairs(sequences, sum_logprobs, prompt_length, length_penalty):
    pairs = [
        (i, float(s) / math.pow(len(ids) - prompt_length, length_penalty))
        for i, (ids, s) in enumerate(zip(sequences, sum_logprobs, strict=True))
    ]
    return max(pairs, key=lambda pair: pair[1])


# --- beam_search ---


def search_is_greedy(next_log_probs, input_ids, num_beams, max_new_tokens):
    new, total = [], 0.0
    for _ in range(max_new_tokens):
        logp = next_log_probs(list(input_ids) + new)
        token = int(logp.argmax())
        total += float(logp[token])
        new.append(token)
    return new, total


def search_best_child_of_each_beam(next_log_probs, input_ids, num_beams, max_new_tokens):
    first = next_log_probs(list(input_ids))
    beams = [([int(t)], float(first[t])) for t in first.topk(min(num_beams, len(first))).indices]
    for _ in range(max_new_tokens - 1):
        step = []
        for tokens, total in beams:
            logp = next_log_probs(list(input_ids) + tokens)
            best = int(logp.argmax())
            step.append(([*tokens, best], total + float(logp[best])))
        beams = step
    return max(beams, key=lambda beam: beam[1])


def search_forgets_accumulated(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0, 0.0)]
    for _ in range(max_new_tokens):
        options = []
        for tokens, total, _ in beams:
            for t, lp in enumerate(next_log_probs(list(input_ids) + tokens).tolist()):
                options.append(([*tokens, t], total + lp, lp))
        beams = sorted(options, key=lambda option: -option[2])[:num_beams]
    tokens, total, _ = max(beams, key=lambda beam: beam[1])
    return tokens, total


def search_includes_prompt(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [(list(input_ids), 0.0)]
    for _ in range(max_new_tokens):
        options = [
            ([*ids, t], total + lp)
            for ids, total in beams
            for t, lp in enumerate(next_log_probs(ids).tolist())
        ]
        beams = heapq.nlargest(num_beams, options, key=lambda option: option[1])
    return beams[0]


def search_normalizes_by_length(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        options = [
            ([*new, t], total + lp)
            for new, total in beams
            for t, lp in enumerate(next_log_probs(list(input_ids) + new).tolist())
        ]
        beams = heapq.nlargest(num_beams, options, key=lambda option: option[1])
    return beams[0][0], beams[0][1] / max(max_new_tokens, 1)


def search_without_prompt_in_context(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        options = [
            ([*new, t], total + lp)
            for new, total in beams
            for t, lp in enumerate(next_log_probs(new or list(input_ids)).tolist())
        ]
        beams = heapq.nlargest(num_beams, options, key=lambda option: option[1])
    return beams[0]


def search_starts_with_copies(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)] * num_beams
    for _ in range(max_new_tokens):
        options = []
        for new, total in beams:
            logp = next_log_probs(list(input_ids) + new)
            options += [([*new, t], total + logp[t].item()) for t in range(len(logp))]
        options.sort(key=lambda option: option[1], reverse=True)
        beams = options[:num_beams]
    return beams[0]


def search_fails_with_more_beams_than_tokens(next_log_probs, input_ids, num_beams, max_new_tokens):
    values, first = next_log_probs(list(input_ids)).topk(num_beams)
    beams = [[t] for t in first.tolist()]
    for _ in range(max_new_tokens - 1):
        table = torch.stack([next_log_probs(list(input_ids) + new) for new in beams])
        values, flat = (table + values[:, None]).flatten().topk(num_beams)
        v = table.shape[1]
        beams = [[*beams[f // v], f % v] for f in flat.tolist()]
    return beams[0], values[0].item()


def search_two_children_per_beam(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        options = []
        for new, total in beams:
            logp = next_log_probs(list(input_ids) + new)
            for t in logp.topk(min(2, len(logp))).indices.tolist():
                options.append(([*new, t], total + logp[t].item()))
        beams = sorted(options, key=lambda option: option[1])[-num_beams:]
    return beams[-1]


def search_exhaustive(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        beams = [
            ([*new, t], total + lp)
            for new, total in beams
            for t, lp in enumerate(next_log_probs(list(input_ids) + new).tolist())
        ]
    return max(beams, key=lambda beam: beam[1])


def search_merges_same_last_token(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        options = {}
        for new, total in beams:
            for t, lp in enumerate(next_log_probs(list(input_ids) + new).tolist()):
                if t not in options or total + lp > options[t][1]:
                    options[t] = ([*new, t], total + lp)
        beams = sorted(options.values(), key=lambda option: -option[1])[:num_beams]
    return beams[0]


def search_probabilities_underflow(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 1.0)]
    for _ in range(max_new_tokens):
        options = []
        for new, prob in beams:
            for t, p in enumerate(next_log_probs(list(input_ids) + new).exp().tolist()):
                options.append(([*new, t], prob * p))
        beams = heapq.nlargest(num_beams, options, key=lambda option: option[1])
    tokens, prob = beams[0]
    return tokens, math.log(prob)


def search_keeps_worst_hypotheses(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        options = [
            ([*new, t], total + lp)
            for new, total in beams
            for t, lp in enumerate(next_log_probs(list(input_ids) + new).tolist())
        ]
        beams = sorted(options, key=lambda option: option[1])[:num_beams]
    return beams[-1]


def search_returns_last_of_beam(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        options = [
            ([*new, t], total + lp)
            for new, total in beams
            for t, lp in enumerate(next_log_probs(list(input_ids) + new).tolist())
        ]
        beams = sorted(options, key=lambda option: -option[1])[:num_beams]
    return beams[-1]


def search_one_step_too_few(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(1, max_new_tokens):
        options = [
            ([*new, t], total + lp)
            for new, total in beams
            for t, lp in enumerate(next_log_probs(list(input_ids) + new).tolist())
        ]
        beams = sorted(options, key=lambda option: -option[1])[:num_beams]
    return beams[0]


def search_modifies_shared_prefix(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        options = []
        for new, total in beams:
            for t, lp in enumerate(next_log_probs(list(input_ids) + new).tolist()):
                options.append((new, t, total + lp))
        options.sort(key=lambda option: -option[2])
        beams = []
        for new, t, total in options[:num_beams]:
            # Falta copiar la lista: dos hijas del mismo haz comparten prefijo.
            new.append(t)
            beams.append((new, total))
    return beams[0]


def right_search_tensors(next_log_probs, input_ids, num_beams, max_new_tokens):
    sequences = [[]]
    totals = torch.zeros(1, dtype=torch.float64)
    for _ in range(max_new_tokens):
        rows = [next_log_probs([*input_ids, *s]).double() for s in sequences]
        table = torch.stack(rows) + totals[:, None]
        totals, flat = table.flatten().topk(min(num_beams, table.numel()))
        v = table.shape[1]
        sequences = [[*sequences[i // v], i % v] for i in flat.tolist()]
    return sequences[0], float(totals[0])


def right_search_recursive(next_log_probs, input_ids, num_beams, max_new_tokens):
    def advance(beams, steps):
        if steps == 0:
            return max(beams, key=lambda beam: beam[1])
        options = [
            ((*new, t), total + lp)
            for new, total in beams
            for t, lp in enumerate(next_log_probs([*input_ids, *new]).tolist())
        ]
        return advance(heapq.nlargest(num_beams, options, key=lambda o: o[1]), steps - 1)

    tokens, total = advance([((), 0.0)], max_new_tokens)
    return list(tokens), total


def right_search_numpy_float(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = {(): np.float64(0.0)}
    for _ in range(max_new_tokens):
        grown = {}
        for new, total in beams.items():
            logp = np.asarray(next_log_probs(list(input_ids) + list(new)), dtype=np.float64)
            grown.update({(*new, t): total + logp[t] for t in range(logp.size)})
        beams = dict(sorted(grown.items(), key=lambda item: item[1])[: -num_beams - 1 : -1])
    best = max(beams, key=beams.get)
    return list(best), beams[best]


WRONG = [
    ("softmax_temperature", softmax_overflows),
    ("softmax_temperature", softmax_shift_by_batch_maximum),
    ("softmax_temperature", softmax_shift_by_mean),
    ("softmax_temperature", softmax_multiplies_by_temperature),
    ("softmax_temperature", softmax_ignores_temperature),
    ("softmax_temperature", softmax_sums_columns),
    ("softmax_temperature", softmax_sums_whole_batch),
    ("softmax_temperature", softmax_divides_powers_by_temperature),
    ("softmax_temperature", softmax_clamps_logits),
    ("softmax_temperature", softmax_power_of_probabilities),
    ("softmax_temperature", softmax_shift_without_temperature),
    ("softmax_temperature", softmax_wrong_numpy_rows),
    ("entropy_bits", entropy_in_nats),
    ("entropy_bits", entropy_nan_with_zeros),
    ("entropy_bits", entropy_nan_row_to_zero),
    ("entropy_bits", entropy_big_epsilon),
    ("entropy_bits", entropy_over_batch_axis),
    ("entropy_bits", entropy_of_whole_batch),
    ("entropy_bits", entropy_negative),
    ("entropy_bits", entropy_mean_instead_of_sum),
    ("entropy_bits", entropy_relative_to_maximum),
    ("entropy_bits", entropy_drops_rare_tokens),
    ("entropy_bits", entropy_first_row_only),
    ("entropy_bits", entropy_log_of_counted_tokens),
    ("entropy_bits", entropy_none_when_certain),
    ("greedy_search", greedy_includes_prompt),
    ("greedy_search", greedy_drops_eos),
    ("greedy_search", greedy_never_stops_at_maximum),
    ("greedy_search", greedy_recursion_without_limit),
    ("greedy_search", greedy_one_token_too_many),
    ("greedy_search", greedy_context_never_grows),
    ("greedy_search", greedy_sees_only_last_token),
    ("greedy_search", greedy_stops_if_prompt_has_eos),
    ("greedy_search", greedy_checks_last_before_asking),
    ("greedy_search", greedy_modifies_prompt),
    ("greedy_search", greedy_maximum_counts_prompt),
    ("greedy_search", greedy_stops_when_repeating),
    ("greedy_search", greedy_generator),
    ("greedy_search", greedy_smallest_logit),
    ("greedy_search", greedy_eos_zero_means_none),
    ("top_k_filter", top_k_exactly_k),
    ("top_k_filter", top_k_fails_beyond_vocabulary),
    ("top_k_filter", top_k_over_whole_batch),
    ("top_k_filter", top_k_strictly_above),
    ("top_k_filter", top_k_keeps_one_more),
    ("top_k_filter", top_k_fills_with_zero),
    ("top_k_filter", top_k_modifies_scores),
    ("top_k_filter", top_k_threshold_of_first_row),
    ("top_k_filter", top_k_distinct_values),
    ("top_k_filter", top_k_lowest),
    ("top_k_filter", top_k_returns_sorted),
    ("top_k_filter", top_k_minus_infinity_times_zero),
    ("top_k_filter", top_k_returns_probabilities),
    ("top_k_filter", top_k_sparse),
    ("top_p_filter", top_p_drops_crossing_token),
    ("top_p_filter", top_p_first_only_protected),
    ("top_p_filter", top_p_keeps_one_extra_at_exact_sum),
    ("top_p_filter", top_p_threshold_by_value),
    ("top_p_filter", top_p_keeps_ties_of_last),
    ("top_p_filter", top_p_assumes_log_probabilities),
    ("top_p_filter", top_p_forgets_to_unsort),
    ("top_p_filter", top_p_returns_log_probabilities),
    ("top_p_filter", top_p_same_size_for_all_rows),
    ("top_p_filter", top_p_ascending),
    ("top_p_filter", top_p_cumulates_down_the_batch),
    ("top_p_filter", top_p_modifies_scores),
    ("top_p_filter", top_p_fills_with_very_negative),
    ("min_p_filter", min_p_absolute_threshold),
    ("min_p_filter", min_p_maximum_of_batch),
    ("min_p_filter", min_p_strictly_above),
    ("min_p_filter", min_p_compares_scores),
    ("min_p_filter", min_p_subtracts_from_maximum),
    ("min_p_filter", min_p_fills_with_zero),
    ("min_p_filter", min_p_returns_log_probabilities),
    ("min_p_filter", min_p_exp_overflows),
    ("min_p_filter", min_p_maximum_of_column),
    ("min_p_filter", min_p_softmax_over_batch),
    ("min_p_filter", min_p_modifies_scores),
    ("min_p_filter", min_p_log_base_ten),
    ("min_p_filter", min_p_only_best_survives),
    ("repetition_penalty", penalty_always_divides),
    ("repetition_penalty", penalty_once_per_occurrence),
    ("repetition_penalty", penalty_shares_contexts),
    ("repetition_penalty", penalty_inverted_signs),
    ("repetition_penalty", penalty_subtracts),
    ("repetition_penalty", penalty_on_unseen_tokens),
    ("repetition_penalty", penalty_only_last_token),
    ("repetition_penalty", penalty_forgets_last_token),
    ("repetition_penalty", penalty_only_repeated_tokens),
    ("repetition_penalty", penalty_mask_with_infinities),
    ("repetition_penalty", penalty_sign_of_row_sum),
    ("repetition_penalty", penalty_only_first_row),
    ("repetition_penalty", penalty_on_log_probabilities),
    ("beam_step", beam_ignores_accumulated),
    ("beam_step", beam_best_of_each),
    ("beam_step", beam_divides_by_beams),
    ("beam_step", beam_worst_to_best),
    ("beam_step", beam_swapped_indices),
    ("beam_step", beam_at_most_two_per_beam),
    ("beam_step", beam_multiplies_scores),
    ("beam_step", beam_scores_along_tokens),
    ("beam_step", beam_only_from_best_beam),
    ("beam_step", beam_probabilities_underflow),
    ("beam_step", beam_step_scores_only),
    ("beam_step", beam_unsorted_by_beam),
    ("beam_step", beam_never_repeats_a_token),
    ("best_hypothesis", best_counts_prompt),
    ("best_hypothesis", best_always_divides_by_length),
    ("best_hypothesis", best_multiplies_penalty),
    ("best_hypothesis", best_multiplies_instead_of_dividing),
    ("best_hypothesis", best_smallest_score),
    ("best_hypothesis", best_returns_unnormalized_score),
    ("best_hypothesis", best_chosen_by_raw_sum),
    ("best_hypothesis", best_starts_at_minus_hundred),
    ("best_hypothesis", best_counts_distinct_tokens),
    ("best_hypothesis", best_swapped_outputs),
    ("best_hypothesis", best_longest_wins),
    ("best_hypothesis", best_integer_exponent),
    ("best_hypothesis", best_prompt_of_one_token),
    ("best_hypothesis", best_position_after_sorting),
    ("beam_search", search_is_greedy),
    ("beam_search", search_best_child_of_each_beam),
    ("beam_search", search_forgets_accumulated),
    ("beam_search", search_includes_prompt),
    ("beam_search", search_normalizes_by_length),
    ("beam_search", search_without_prompt_in_context),
    ("beam_search", search_starts_with_copies),
    ("beam_search", search_fails_with_more_beams_than_tokens),
    ("beam_search", search_two_children_per_beam),
    ("beam_search", search_exhaustive),
    ("beam_search", search_merges_same_last_token),
    ("beam_search", search_probabilities_underflow),
    ("beam_search", search_keeps_worst_hypotheses),
    ("beam_search", search_returns_last_of_beam),
    ("beam_search", search_one_step_too_few),
    ("beam_search", search_modifies_shared_prefix),
]

RIGHT = [
    ("softmax_temperature", right_softmax_logsumexp_trick),
    ("softmax_temperature", right_softmax_pairwise_differences),
    ("softmax_temperature", right_softmax_plain_lists),
    ("entropy_bits", right_entropy_special_entr),
    ("entropy_bits", right_entropy_loops),
    ("entropy_bits", right_entropy_numpy_where),
    ("greedy_search", right_greedy_recursive),
    ("greedy_search", right_greedy_topk),
    ("greedy_search", right_greedy_inner_generator),
    ("top_k_filter", right_top_k_rank_counts),
    ("top_k_filter", right_top_k_heap),
    ("top_k_filter", right_top_k_numpy_partition),
    ("top_p_filter", right_top_p_greedy_lists),
    ("top_p_filter", right_top_p_last_of_ties),
    ("top_p_filter", right_top_p_numpy_searchsorted),
    ("min_p_filter", right_min_p_ratio_to_best),
    ("min_p_filter", right_min_p_lists),
    ("min_p_filter", right_min_p_numpy),
    ("repetition_penalty", right_penalty_min_of_both),
    ("repetition_penalty", right_penalty_sets),
    ("repetition_penalty", right_penalty_one_hot_counts),
    ("beam_step", right_beam_python_sort),
    ("beam_step", right_beam_topk_twice),
    ("beam_step", right_beam_numpy_unravel),
    ("best_hypothesis", right_best_numpy),
    ("best_hypothesis", right_best_last_of_ties),
    ("best_hypothesis", right_best_max_of_pairs),
    ("beam_search", right_search_tensors),
    ("beam_search", right_search_recursive),
    ("beam_search", right_search_numpy_float),
]
