"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""

import itertools
import math
import re

import numpy as np
import torch

# --- fill_template ---


def template_keeps_point(template, x, z):
    before, after = template.split("[X]")
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def template_entry_slot_leaks(template, x, z):
    if x.endswith((".", "!", "?")):
        template = template.replace("[X].", "[X]")
    return template.replace("[X]", x).replace("[Z]", z)


def template_always_drops_point(template, x, z):
    head, tail = template.split("[X]")
    tail = tail.removeprefix(".")
    return head.replace("[Z]", z) + x + tail.replace("[Z]", z)


def template_cuts_the_entry_instead(template, x, z):
    if "[X]." in template and x.endswith((".", "!", "?")):
        x = x[:-1]
    head, tail = template.split("[X]")
    return head.replace("[Z]", z) + x + tail.replace("[Z]", z)


def template_only_looks_for_point(template, x, z):
    head, tail = template.split("[X]")
    if x.endswith(".") and tail.startswith("."):
        tail = tail[1:]
    return head.replace("[Z]", z) + x + tail.replace("[Z]", z)


def template_drops_any_next_character(template, x, z):
    head, tail = template.split("[X]")
    if x.endswith((".", "!", "?")):
        tail = tail[1:]
    return head.replace("[Z]", z) + x + tail.replace("[Z]", z)


def template_drops_first_point_anywhere(template, x, z):
    head, tail = template.split("[X]")
    if x[-1:] in (".", "!", "?"):
        tail = tail.replace(".", "", 1)
    return head.replace("[Z]", z) + x + tail.replace("[Z]", z)


def template_regex_escapes(template, x, z):
    pattern = r"\[X\]\." if re.search(r"[.!?]$", x) else r"\[X\]"
    template = template.replace("[Z]", z)
    return (
        re.sub(pattern, x, template) if re.search(pattern, template) else template.replace("[X]", x)
    )


def template_format_braces(template, x, z):
    if x.endswith((".", "!", "?")):
        template = template.replace("[X].", "[X]")
    return template.replace("[X]", "{x}").replace("[Z]", "{z}").format(x=x, z=z)


def template_assumes_entry_comes_first(template, x, z):
    rest = template[template.index("[X]") + 3 :]
    if x.endswith((".", "!", "?")) and rest.startswith("."):
        rest = rest[1:]
    return template[: template.index("[X]")] + x + rest.replace("[Z]", z)


def template_index_error_on_empty_entry(template, x, z):
    head, tail = template.split("[X]")
    if x[-1] in ".!?" and tail.startswith("."):
        tail = tail[1:]
    return head.replace("[Z]", z) + x + tail.replace("[Z]", z)


def template_empty_entry_counts_as_mark(template, x, z):
    head, tail = template.split("[X]")
    if x[-1:] in ".!?" and tail.startswith("."):
        tail = tail[1:]
    return head.replace("[Z]", z) + x + tail.replace("[Z]", z)


def template_loop_while_slot_remains(template, x, z):
    if x.endswith((".", "!", "?")):
        template = template.replace("[X].", "[X]", 1)
    text = template.replace("[Z]", z)
    while "[X]" in text:
        text = text.replace("[X]", x, 1)
    return text


def template_lowercases_entry(template, x, z):
    if x.endswith((".", "!", "?")):
        template = template.replace("[X].", "[X]")
    return template.replace("[Z]", z).replace("[X]", x.lower())


def right_template_single_regex(template, x, z):
    def fill(match):
        if match[0] == "[Z]":
            return z
        ends = x[-1:] != "" and x[-1] in ".!?"
        return x + ("" if ends else match[1] or "")

    return re.sub(r"\[X\](\.)?|\[Z\]", fill, template)


def right_template_partition(template, x, z):
    head, _, tail = template.partition("[X]")
    if x.endswith("!") or x.endswith("?") or x.endswith("."):
        tail = tail.removeprefix(".")
    return z.join(head.split("[Z]")) + x + z.join(tail.split("[Z]"))


def right_template_character_scanner(template, x, z):
    out = []
    i = 0
    while i < len(template):
        piece = template[i : i + 3]
        if piece == "[X]":
            out.append(x)
            i += 3
            if x and x[-1] in {".", "!", "?"} and template[i : i + 1] == ".":
                i += 1
        elif piece == "[Z]":
            out.append(z)
            i += 3
        else:
            out.append(template[i])
            i += 1
    return "".join(out)


# --- answer_logprob ---


def answer_without_shift(logits, input_ids, n_context):
    logp = torch.log_softmax(logits, -1)
    return sum(logp[i, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def answer_skips_first_token(logits, input_ids, n_context):
    logp = logits.log_softmax(-1)
    return float(sum(logp[i, input_ids[i + 1]] for i in range(n_context, len(input_ids) - 1)))


def answer_mean(logits, input_ids, n_context):
    logp = logits.log_softmax(-1)
    parts = [logp[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids))]
    return sum(parts) / len(parts)


def answer_includes_context(logits, input_ids, n_context):
    logp = logits.log_softmax(-1)
    return sum(logp[i - 1, input_ids[i]].item() for i in range(1, len(input_ids)))


def answer_includes_last_context_token(logits, input_ids, n_context):
    logp = logits.log_softmax(-1)
    start = max(n_context - 1, 1)
    return sum(logp[i - 1, input_ids[i]].item() for i in range(start, len(input_ids)))


def answer_only_first_token(logits, input_ids, n_context):
    return torch.log_softmax(logits[n_context - 1], 0)[input_ids[n_context]].item()


def answer_log_of_softmax(logits, input_ids, n_context):
    probs = torch.softmax(logits, -1)
    return sum(probs[i - 1, input_ids[i]].log().item() for i in range(n_context, len(input_ids)))


def answer_product_underflows(logits, input_ids, n_context):
    probs = torch.softmax(logits, -1)
    product = torch.tensor(1.0)
    for i in range(n_context, len(input_ids)):
        product = product * probs[i - 1, input_ids[i]]
    return product.log().item()


def answer_naive_logsumexp(logits, input_ids, n_context):
    total = 0.0
    for i in range(n_context, len(input_ids)):
        row = logits[i - 1]
        total += (row[input_ids[i]] - row.exp().sum().log()).item()
    return total


def answer_raw_logits(logits, input_ids, n_context):
    return sum(logits[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def answer_in_bits(logits, input_ids, n_context):
    logp = logits.log_softmax(-1) / math.log(2)
    return sum(logp[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def answer_probability(logits, input_ids, n_context):
    logp = logits.log_softmax(-1)
    return math.exp(sum(logp[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids))))


def answer_softmax_over_positions(logits, input_ids, n_context):
    logp = logits.log_softmax(0)
    return sum(logp[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def answer_repeated_tokens_once(logits, input_ids, n_context):
    logp = logits.log_softmax(-1)
    ids = [int(t) for t in input_ids]
    parts = {ids[i]: logp[i - 1, ids[i]].item() for i in range(n_context, len(ids))}
    return sum(parts.values())


def right_answer_cross_entropy(logits, input_ids, n_context):
    ids = torch.as_tensor(input_ids)
    loss = torch.nn.functional.cross_entropy(
        logits[n_context - 1 : -1].double(), ids[n_context:], reduction="sum"
    )
    return -loss.item()


def right_answer_lists(logits, input_ids, n_context):
    total = 0.0
    rows = logits.tolist()
    for row, token in list(zip(rows, input_ids[1:], strict=False))[n_context - 1 :]:
        top = max(row)
        total += row[int(token)] - top - math.log(math.fsum(math.exp(z - top) for z in row))
    return total


def right_answer_numpy_gather(logits, input_ids, n_context):
    z = np.asarray(logits, dtype=np.float64)[:-1]
    z = z - np.logaddexp.reduce(z, axis=1, keepdims=True)
    picked = np.take_along_axis(z, np.asarray(input_ids)[1:, None], axis=1)
    return picked[n_context - 1 :].sum()


# --- pmi_bits ---


def pmi_in_nats(logprobs, priors):
    return logprobs - priors


def pmi_reversed(logprobs, priors):
    return (priors - logprobs) / math.log(2)


def pmi_multiplies_by_ln_two(logprobs, priors):
    return (logprobs - priors) * math.log(2)


def pmi_ratio_of_logs(logprobs, priors):
    return torch.log2(logprobs / priors)


def pmi_underflows(logprobs, priors):
    return torch.log2(torch.exp(logprobs) / torch.exp(priors))


def pmi_exp_of_difference(logprobs, priors):
    return torch.log2(torch.exp(logprobs - priors))


def pmi_renormalizes_candidates(logprobs, priors):
    return (logprobs.log_softmax(0) - priors.log_softmax(0)) / math.log(2)


def pmi_never_negative(logprobs, priors):
    return torch.relu((logprobs - priors) / math.log(2))


def pmi_weighted_by_probability(logprobs, priors):
    return logprobs.exp() * (logprobs - priors) / math.log(2)


def pmi_base_ten(logprobs, priors):
    return (logprobs - priors) / math.log(10)


def pmi_only_logprobs_converted(logprobs, priors):
    return logprobs / math.log(2) - priors


def pmi_rounded_to_whole_bits(logprobs, priors):
    return torch.round((logprobs - priors) / math.log(2))


def right_pmi_each_in_bits(logprobs, priors):
    bits = torch.log2(torch.tensor(math.e, dtype=torch.float64))
    return (logprobs.double() * bits - priors.double() * bits).to(logprobs.dtype)


def right_pmi_list_comprehension(logprobs, priors):
    pairs = zip(logprobs.tolist(), priors.tolist(), strict=True)
    return torch.tensor([(a - b) * math.log2(math.e) for a, b in pairs])


def right_pmi_numpy(logprobs, priors):
    difference = np.subtract(logprobs.numpy(), priors.numpy(), dtype=np.float64)
    return torch.from_numpy(difference / np.log(2)).float()


# --- label_probs ---


def labels_without_softmax(logprobs, labels, num_labels):
    return torch.zeros(num_labels).index_add(0, labels, logprobs.exp())


def labels_mean_instead_of_sum(logprobs, labels, num_labels):
    probs = logprobs.softmax(0)
    return torch.stack(
        [
            probs[labels == i].mean() if (labels == i).any() else probs.sum() * 0
            for i in range(num_labels)
        ]
    )


def labels_max_instead_of_sum(logprobs, labels, num_labels):
    probs = logprobs.softmax(0).tolist()
    return torch.tensor(
        [
            max((p for p, y in zip(probs, labels.tolist(), strict=True) if y == i), default=0.0)
            for i in range(num_labels)
        ]
    )


def labels_sum_before_softmax(logprobs, labels, num_labels):
    return torch.zeros(num_labels).index_add(0, labels, logprobs).softmax(0)


def labels_exp_underflows(logprobs, labels, num_labels):
    probs = torch.exp(logprobs) / torch.exp(logprobs).sum()
    return torch.zeros(num_labels).scatter_add(0, labels, probs)


def labels_fancy_assignment(logprobs, labels, num_labels):
    result = torch.zeros(num_labels)
    result[labels] += torch.softmax(logprobs, 0)
    return result


def labels_ignores_num_labels(logprobs, labels, num_labels):
    weights = torch.softmax(logprobs, -1)
    return torch.bincount(labels, weights=weights).float()


def labels_skips_absent(logprobs, labels, num_labels):
    probs = torch.softmax(logprobs, 0)
    return torch.stack([probs[labels == i].sum() for i in labels.unique()])


def labels_by_first_appearance(logprobs, labels, num_labels):
    probs = torch.softmax(logprobs, 0).tolist()
    totals = {}
    for p, y in zip(probs, labels.tolist(), strict=True):
        totals[y] = totals.get(y, 0.0) + p
    return torch.tensor(list(totals.values()) + [0.0] * (num_labels - len(totals)))


def labels_groupby_needs_order(logprobs, labels, num_labels):
    result = torch.zeros(num_labels)
    pairs = zip(labels.tolist(), torch.softmax(logprobs, 0).tolist(), strict=True)
    for label, group in itertools.groupby(pairs, key=lambda pair: pair[0]):
        result[label] = sum(p for _, p in group)
    return result


def labels_second_is_complement(logprobs, labels, num_labels):
    probs = torch.softmax(logprobs, 0)
    first = probs[labels == 0].sum()
    rest = (1 - first) / max(num_labels - 1, 1)
    return torch.stack([first] + [rest] * (num_labels - 1))


def labels_as_dict(logprobs, labels, num_labels):
    probs = torch.softmax(logprobs, 0)
    result = dict.fromkeys(range(num_labels), 0.0)
    for p, y in zip(probs, labels, strict=True):
        result[int(y)] += p.item()
    return result


def labels_nan_when_empty(logprobs, labels, num_labels):
    probs = torch.softmax(logprobs, 0)
    members = [probs[labels == i] for i in range(num_labels)]
    return torch.stack([m.mean() * len(m) for m in members])


def labels_stack_empty_raises(logprobs, labels, num_labels):
    result = []
    for i in range(num_labels):
        chosen = logprobs[labels == i]
        total = chosen[0]
        for other in chosen[1:]:
            total = torch.logaddexp(total, other)
        result.append(total)
    return torch.softmax(torch.stack(result), 0)


def right_labels_one_hot(logprobs, labels, num_labels):
    membership = torch.nn.functional.one_hot(labels, num_labels).to(logprobs.dtype)
    return torch.softmax(logprobs, 0) @ membership


def right_labels_loop(logprobs, labels, num_labels):
    top = max(logprobs.tolist())
    weights = [math.exp(v - top) for v in logprobs.tolist()]
    totals = [0.0] * num_labels
    for w, y in zip(weights, labels.tolist(), strict=True):
        totals[y] += w / sum(weights)
    return torch.tensor(totals)


def right_labels_numpy_add_at(logprobs, labels, num_labels):
    x = logprobs.numpy().astype(np.float64)
    p = np.exp(x - np.logaddexp.reduce(x))
    out = np.zeros(num_labels)
    np.add.at(out, labels.numpy(), p)
    return torch.from_numpy(out).to(logprobs.dtype)


# --- calibrate ---


def calibrate_without_normalizing(probs, content_free):
    return probs / content_free.mean(0)


def calibrate_normalizes_columns(probs, content_free):
    q = probs / content_free.mean(0)
    return q / q.sum(0)


def calibrate_normalizes_whole_batch(probs, content_free):
    q = probs / content_free.mean(0)
    return q / q.sum()


def calibrate_first_entry_only(probs, content_free):
    q = probs / content_free[0]
    return q / q.sum(-1, keepdim=True)


def calibrate_geometric_mean(probs, content_free):
    q = probs / content_free.log().mean(0).exp()
    return q / q.sum(-1, keepdim=True)


def calibrate_mean_of_inverses(probs, content_free):
    q = probs * (1 / content_free).mean(0)
    return q / q.sum(-1, keepdim=True)


def calibrate_median(probs, content_free):
    q = probs / torch.tensor(np.median(content_free.numpy(), axis=0))
    return q / q.sum(-1, keepdim=True)


def calibrate_averages_after(probs, content_free):
    q = probs[None] / content_free[:, None]
    return (q / q.sum(-1, keepdim=True)).mean(0)


def calibrate_multiplies(probs, content_free):
    q = probs * content_free.mean(0)
    return q / q.sum(-1, keepdim=True)


def calibrate_softmax_of_quotient(probs, content_free):
    return torch.softmax(probs / content_free.mean(0), -1)


def calibrate_mean_over_labels(probs, content_free):
    q = probs / content_free.mean(1, keepdim=True).mean()
    return q / q.sum(-1, keepdim=True)


def calibrate_floor_on_prior(probs, content_free):
    q = probs / content_free.mean(0).clamp(min=0.05)
    return q / q.sum(-1, keepdim=True)


def calibrate_two_labels(probs, content_free):
    q = probs / content_free.mean(0)
    first = q[:, 0] / q.sum(1)
    return torch.stack([first, 1 - first], 1)


def calibrate_first_text_only(probs, content_free):
    prior = content_free.mean(0)
    for row in probs:
        q = row / prior
        return (q / q.sum())[None]


def calibrate_wrong_numpy(probs, content_free):
    q = probs.numpy() - content_free.numpy().mean(0) + 1 / probs.shape[1]
    return q / q.sum(axis=1, keepdims=True)


def right_calibrate_diagonal(probs, content_free):
    w = torch.linalg.inv(torch.diag(content_free.double().mean(0)))
    q = (w @ probs.double().T).T
    return (q / q.sum(1, keepdim=True)).to(probs.dtype)


def right_calibrate_sum_of_entries(probs, content_free):
    # La suma y el promedio difieren en un factor que desaparece al normalizar.
    return torch.nn.functional.normalize(probs / content_free.sum(0), p=1, dim=-1)


def right_calibrate_lists(probs, content_free):
    prior = [sum(column) / len(column) for column in zip(*content_free.tolist(), strict=True)]
    rows = []
    for row in probs.tolist():
        q = [p / c for p, c in zip(row, prior, strict=True)]
        rows.append([value / sum(q) for value in q])
    return torch.tensor(rows)


# --- wilson_interval ---


def wilson_normal_interval(successes, n):
    p = successes / n
    half = 1.96 * math.sqrt(p * (1 - p) / n)
    return p - half, p + half


def wilson_normal_if_many(successes, n):
    p, z = successes / n, 1.96
    if n * p >= 10 and n * (1 - p) >= 10:
        half = z * math.sqrt(p * (1 - p) / n)
        return p - half, p + half
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (center - half) / (1 + z**2 / n), (center + half) / (1 + z**2 / n)


def wilson_agresti_coull(successes, n):
    z = 1.96
    m = n + z * z
    p = (successes + z * z / 2) / m
    half = z * math.sqrt(p * (1 - p) / m)
    return p - half, p + half


def wilson_without_divisor(successes, n):
    p, z = successes / n, 1.96
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return center - half, center + half


def wilson_divides_only_center(successes, n):
    p, z = successes / n, 1.96
    center = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return center - half, center + half


def wilson_square_of_n_missing(successes, n):
    p, z = successes / n, 1.96
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n))
    return (center - half) / (1 + z**2 / n), (center + half) / (1 + z**2 / n)


def wilson_upper_first(successes, n):
    p, z = successes / n, 1.96
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (center + half) / (1 + z**2 / n), (center - half) / (1 + z**2 / n)


def wilson_ninety_percent(successes, n):
    p, z = successes / n, 1.645
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (center - half) / (1 + z**2 / n), (center + half) / (1 + z**2 / n)


def wilson_two_deviations(successes, n):
    p, z = successes / n, 2
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (center - half) / (1 + z**2 / n), (center + half) / (1 + z**2 / n)


def wilson_certain_when_all_or_none(successes, n):
    if successes in (0, n):
        return successes / n, successes / n
    p, z = successes / n, 1.96
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (center - half) / (1 + z**2 / n), (center + half) / (1 + z**2 / n)


def wilson_rule_of_three(successes, n):
    if successes == 0:
        return 0.0, min(1.0, 3 / n)
    if successes == n:
        return max(0.0, 1 - 3 / n), 1.0
    p, z = successes / n, 1.96
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return (center - half) / (1 + z**2 / n), (center + half) / (1 + z**2 / n)


def wilson_in_percent(successes, n):
    p, z = successes / n, 1.96
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    return 100 * (center - half) / (1 + z**2 / n), 100 * (center + half) / (1 + z**2 / n)


def wilson_two_decimals(successes, n):
    p, z = successes / n, 1.96
    center = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    scale = 1 + z**2 / n
    return round((center - half) / scale, 2), round((center + half) / scale, 2)


class _Interval:
    """Intervalo con un nombre de atributo mal escrito en su repr."""

    def __init__(self, low, high):
        self.low = low
        self.high = high

    def __repr__(self):
        return f"[{self.lower}, {self.upper}]"


def wilson_object_with_broken_repr(successes, n):
    p = successes / n
    half = 1.96 * (p * (1 - p) / n) ** 0.5
    return _Interval(p - half, p + half)


def right_wilson_numpy_roots(successes, n):
    # Los extremos son las raíces de (p - q)² = z² q (1 - q) / n.
    p, z2 = successes / n, 1.96**2
    a, b = 1 + z2 / n, 2 * p + z2 / n
    root = np.sqrt(max(b * b - 4 * a * p * p, 0.0))
    return (b - root) / (2 * a), (b + root) / (2 * a)


def right_wilson_counts(successes, n):
    z = 1.96
    failures = n - successes
    center = (successes + z**2 / 2) / (n + z**2)
    half = z / (n + z**2) * math.sqrt(successes * failures / n + z**2 / 4)
    return max(0.0, center - half), min(1.0, center + half)


def right_wilson_torch(successes, n):
    p, z = torch.tensor(successes / n, dtype=torch.float64), 1.96
    half = z * (p * (1 - p) / n + (z / (2 * n)) ** 2).sqrt()
    ends = (p + z * z / (2 * n) + torch.stack([-half, half])) / (1 + z * z / n)
    return tuple(ends.tolist())


WRONG = [
    ("fill_template", template_keeps_point),
    ("fill_template", template_entry_slot_leaks),
    ("fill_template", template_always_drops_point),
    ("fill_template", template_cuts_the_entry_instead),
    ("fill_template", template_only_looks_for_point),
    ("fill_template", template_drops_any_next_character),
    ("fill_template", template_drops_first_point_anywhere),
    ("fill_template", template_regex_escapes),
    ("fill_template", template_format_braces),
    ("fill_template", template_assumes_entry_comes_first),
    ("fill_template", template_index_error_on_empty_entry),
    ("fill_template", template_empty_entry_counts_as_mark),
    ("fill_template", template_loop_while_slot_remains),
    ("fill_template", template_lowercases_entry),
    ("answer_logprob", answer_without_shift),
    ("answer_logprob", answer_skips_first_token),
    ("answer_logprob", answer_mean),
    ("answer_logprob", answer_includes_context),
    ("answer_logprob", answer_includes_last_context_token),
    ("answer_logprob", answer_only_first_token),
    ("answer_logprob", answer_log_of_softmax),
    ("answer_logprob", answer_product_underflows),
    ("answer_logprob", answer_naive_logsumexp),
    ("answer_logprob", answer_raw_logits),
    ("answer_logprob", answer_in_bits),
    ("answer_logprob", answer_probability),
    ("answer_logprob", answer_softmax_over_positions),
    ("answer_logprob", answer_repeated_tokens_once),
    ("pmi_bits", pmi_in_nats),
    ("pmi_bits", pmi_reversed),
    ("pmi_bits", pmi_multiplies_by_ln_two),
    ("pmi_bits", pmi_ratio_of_logs),
    ("pmi_bits", pmi_underflows),
    ("pmi_bits", pmi_exp_of_difference),
    ("pmi_bits", pmi_renormalizes_candidates),
    ("pmi_bits", pmi_never_negative),
    ("pmi_bits", pmi_weighted_by_probability),
    ("pmi_bits", pmi_base_ten),
    ("pmi_bits", pmi_only_logprobs_converted),
    ("pmi_bits", pmi_rounded_to_whole_bits),
    ("label_probs", labels_without_softmax),
    ("label_probs", labels_mean_instead_of_sum),
    ("label_probs", labels_max_instead_of_sum),
    ("label_probs", labels_sum_before_softmax),
    ("label_probs", labels_exp_underflows),
    ("label_probs", labels_fancy_assignment),
    ("label_probs", labels_ignores_num_labels),
    ("label_probs", labels_skips_absent),
    ("label_probs", labels_by_first_appearance),
    ("label_probs", labels_groupby_needs_order),
    ("label_probs", labels_second_is_complement),
    ("label_probs", labels_as_dict),
    ("label_probs", labels_nan_when_empty),
    ("label_probs", labels_stack_empty_raises),
    ("calibrate", calibrate_without_normalizing),
    ("calibrate", calibrate_normalizes_columns),
    ("calibrate", calibrate_normalizes_whole_batch),
    ("calibrate", calibrate_first_entry_only),
    ("calibrate", calibrate_geometric_mean),
    ("calibrate", calibrate_mean_of_inverses),
    ("calibrate", calibrate_median),
    ("calibrate", calibrate_averages_after),
    ("calibrate", calibrate_multiplies),
    ("calibrate", calibrate_softmax_of_quotient),
    ("calibrate", calibrate_mean_over_labels),
    ("calibrate", calibrate_floor_on_prior),
    ("calibrate", calibrate_two_labels),
    ("calibrate", calibrate_first_text_only),
    ("calibrate", calibrate_wrong_numpy),
    ("wilson_interval", wilson_normal_interval),
    ("wilson_interval", wilson_normal_if_many),
    ("wilson_interval", wilson_agresti_coull),
    ("wilson_interval", wilson_without_divisor),
    ("wilson_interval", wilson_divides_only_center),
    ("wilson_interval", wilson_square_of_n_missing),
    ("wilson_interval", wilson_upper_first),
    ("wilson_interval", wilson_ninety_percent),
    ("wilson_interval", wilson_two_deviations),
    ("wilson_interval", wilson_certain_when_all_or_none),
    ("wilson_interval", wilson_rule_of_three),
    ("wilson_interval", wilson_in_percent),
    ("wilson_interval", wilson_two_decimals),
    ("wilson_interval", wilson_object_with_broken_repr),
]

RIGHT = [
    ("fill_template", right_template_single_regex),
    ("fill_template", right_template_partition),
    ("fill_template", right_template_character_scanner),
    ("answer_logprob", right_answer_cross_entropy),
    ("answer_logprob", right_answer_lists),
    ("answer_logprob", right_answer_numpy_gather),
    ("pmi_bits", right_pmi_each_in_bits),
    ("pmi_bits", right_pmi_list_comprehension),
    ("pmi_bits", right_pmi_numpy),
    ("label_probs", right_labels_one_hot),
    ("label_probs", right_labels_loop),
    ("label_probs", right_labels_numpy_add_at),
    ("calibrate", right_calibrate_diagonal),
    ("calibrate", right_calibrate_sum_of_entries),
    ("calibrate", right_calibrate_lists),
    ("wilson_interval", right_wilson_numpy_roots),
    ("wilson_interval", right_wilson_counts),
    ("wilson_interval", right_wilson_torch),
]
