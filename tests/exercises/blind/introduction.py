"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""

import asyncio
import itertools
import math
from collections import Counter, defaultdict

import numpy as np
import torch

# --- most_frequent_pair ---


def pair_ignores_counts(words, counts):
    pairs = Counter()
    for word in words:
        for a, b in itertools.pairwise(word):
            pairs[a, b] += 1
    return pairs.most_common(1)[0][0]


def pair_crosses_word_boundaries(words, counts):
    pairs = Counter()
    for i, word in enumerate(words):
        extended = list(word)
        if i + 1 < len(words):
            extended.append(words[i + 1][0])
        for pair in itertools.pairwise(extended):
            pairs[pair] += counts[i]
    return max(pairs, key=pairs.get)


def pair_without_order(words, counts):
    pairs = {}
    first = {}
    for word, n in zip(words, counts, strict=True):
        for i in range(len(word) - 1):
            key = frozenset(word[i : i + 2])
            first.setdefault(key, (word[i], word[i + 1]))
            pairs[key] = pairs.get(key, 0) + n
    best = max(pairs, key=lambda k: pairs[k])
    return first[best]


def pair_tie_alphabetical(words, counts):
    pairs = defaultdict(int)
    for word, n in zip(words, counts, strict=True):
        for a, b in itertools.pairwise(word):
            pairs[(a, b)] += n
    return sorted(pairs, key=lambda p: (-pairs[p], p))[0]


def pair_tie_last_seen(words, counts):
    pairs = {}
    for word, n in zip(words, counts, strict=True):
        for a, b in itertools.pairwise(word):
            pairs[(a, b)] = pairs.get((a, b), 0) + n
    best, best_count = None, 0
    for pair, total in pairs.items():
        if total >= best_count:
            best, best_count = pair, total
    return best


def pair_tie_first_to_reach_total(words, counts):
    pairs = {}
    best, best_count = None, 0
    for word, n in zip(words, counts, strict=True):
        for a, b in itertools.pairwise(word):
            pairs[(a, b)] = pairs.get((a, b), 0) + n
            if pairs[(a, b)] > best_count:
                best, best_count = (a, b), pairs[(a, b)]
    return best


def pair_once_per_word(words, counts):
    pairs = Counter()
    for word, n in zip(words, counts, strict=True):
        # dict.fromkeys quita los repetidos y conserva el orden
        for pair in dict.fromkeys(itertools.pairwise(word)):
            pairs[pair] += n
    return max(pairs, key=pairs.get)


def pair_keyed_by_joined_text(words, counts):
    totals, seen = {}, {}
    for word, n in zip(words, counts, strict=True):
        for i in range(1, len(word)):
            text = word[i - 1] + word[i]
            totals[text] = totals.get(text, 0) + n
            if text not in seen:
                seen[text] = (word[i - 1], word[i])
    return seen[max(totals, key=totals.get)]


def pair_skips_last_pair(words, counts):
    pairs = {}
    for w in range(len(words)):
        for i in range(len(words[w]) - 2):
            p = (words[w][i], words[w][i + 1])
            pairs[p] = pairs.get(p, 0) + counts[w]
    if not pairs:
        return words[0][0], words[0][-1]
    return max(pairs, key=pairs.get)


def pair_counts_without_overlap(words, counts):
    pairs = Counter()
    for word, n in zip(words, counts, strict=True):
        previous_end = {}
        for i, pair in enumerate(itertools.pairwise(word)):
            if previous_end.get(pair, -1) >= i:
                pairs[pair] += 0
                continue
            pairs[pair] += n
            previous_end[pair] = i + 1
    return max(pairs, key=pairs.get)


def pair_none_when_nothing_repeats(words, counts):
    pairs = Counter()
    for word, n in zip(words, counts, strict=True):
        for pair in itertools.pairwise(word):
            pairs[pair] += n
    best, total = pairs.most_common(1)[0]
    if total > 1:
        return best


def pair_index_error_on_short_words(words, counts):
    pairs = {}
    for word, n in zip(words, counts, strict=True):
        a, b = word[0], word[1]
        pairs[a, b] = pairs.get((a, b), 0) + n
        for c in word[2:]:
            a, b = b, c
            pairs[a, b] = pairs.get((a, b), 0) + n
    return max(pairs, key=pairs.get)


def pair_returns_table_of_totals(words, counts):
    pairs = {}
    for word, n in zip(words, counts, strict=True):
        for pair in itertools.pairwise(word):
            pairs[pair] = pairs.get(pair, 0) + n
    top = max(pairs.values())
    return {pair: total for pair, total in pairs.items() if total == top}


def right_pair_counter(words, counts):
    pairs = Counter()
    for word, n in zip(words, counts, strict=True):
        pairs.update({pair: 0 for pair in itertools.pairwise(word) if pair not in pairs})
        for pair in itertools.pairwise(word):
            pairs[pair] += n
    return pairs.most_common(1)[0][0]


def right_pair_quadratic_loops(words, counts):
    everything = [(p, n) for w, n in zip(words, counts, strict=True) for p in itertools.pairwise(w)]
    best, best_total = None, -1
    for pair, _ in everything:
        total = sum(n for other, n in everything if other == pair)
        if total > best_total:
            best, best_total = pair, total
    return best


def right_pair_numpy_argmax(words, counts):
    order = []
    totals = []
    for word, n in zip(words, counts, strict=True):
        for i in range(1, len(word)):
            pair = (word[i - 1], word[i])
            if pair not in order:
                order.append(pair)
                totals.append(0)
            totals[order.index(pair)] += n
    return order[int(np.argmax(np.array(totals)))]


# --- merge_pair ---


def merge_in_place(tokens, pair):
    i = 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == tuple(pair):
            tokens[i] = tokens[i] + tokens[i + 1]
            del tokens[i + 1]
        i += 1
    return tokens


def merge_only_first(tokens, pair):
    a, b = pair
    for i in range(len(tokens) - 1):
        if tokens[i] == a and tokens[i + 1] == b:
            return [*tokens[:i], a + b, *tokens[i + 2 :]]
    return list(tokens)


def merge_right_to_left(tokens, pair):
    result = []
    i = len(tokens) - 1
    while i >= 0:
        if i > 0 and tokens[i - 1] == pair[0] and tokens[i] == pair[1]:
            result.insert(0, pair[0] + pair[1])
            i -= 2
        else:
            result.insert(0, tokens[i])
            i -= 1
    return result


def merge_with_overlaps(tokens, pair):
    a, b = pair
    hits = [i for i in range(len(tokens) - 1) if tokens[i] == a and tokens[i + 1] == b]
    used = {j for i in hits for j in (i, i + 1)}
    result = []
    for i, token in enumerate(tokens):
        if i in hits:
            result.append(a + b)
        elif i not in used:
            result.append(token)
    return result


def merge_by_text_replace(tokens, pair):
    text = " ".join(tokens)
    return text.replace(" ".join(pair), "".join(pair)).split(" ")


def merge_by_joined_text_equality(tokens, pair):
    target = pair[0] + pair[1]
    result = []
    i = 0
    while i < len(tokens):
        if i + 1 < len(tokens) and tokens[i] + tokens[i + 1] == target:
            result.append(target)
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


def merge_loses_last_token(tokens, pair):
    result = []
    skip = False
    for left, right in itertools.pairwise(tokens):
        if skip:
            skip = False
        elif (left, right) == tuple(pair):
            result.append(left + right)
            skip = True
        else:
            result.append(left)
    return result


def merge_keeps_second_half(tokens, pair):
    result = []
    for i, token in enumerate(tokens):
        if i + 1 < len(tokens) and token == pair[0] and tokens[i + 1] == pair[1]:
            result.append(pair[0] + pair[1])
        else:
            result.append(token)
    return result


def merge_either_order(tokens, pair):
    result, i = [], 0
    while i < len(tokens):
        if i < len(tokens) - 1 and {tokens[i], tokens[i + 1]} == set(pair):
            result.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


def merge_index_error_at_end(tokens, pair):
    result = []
    i = 0
    while i < len(tokens):
        if tokens[i] == pair[0] and tokens[i + 1] == pair[1]:
            result.append(pair[0] + pair[1])
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


def merge_recursion_without_end(tokens, pair):
    a, b = pair
    if a not in tokens:
        return list(tokens)
    for i in range(len(tokens) - 1):
        if tokens[i] == a and tokens[i + 1] == b:
            return merge_recursion_without_end([*tokens[:i], a + b, *tokens[i + 2 :]], pair)
    return merge_recursion_without_end(list(tokens), pair)


def merge_as_generator(tokens, pair):
    i = 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == tuple(pair):
            yield pair[0] + pair[1]
            i += 2
        else:
            yield tokens[i]
            i += 1


def right_merge_stack(tokens, pair):
    result = []
    joined = False
    for token in tokens:
        if result and not joined and result[-1] == pair[0] and token == pair[1]:
            result[-1] = "".join(pair)
            joined = True
        else:
            result.append(token)
            joined = False
    return result


def right_merge_iterator(tokens, pair):
    stream = iter(tokens)
    pending = next(stream, None)
    result = []
    while pending is not None:
        following = next(stream, None)
        if following is not None and [pending, following] == list(pair):
            result.append(pending + following)
            following = next(stream, None)
        else:
            result.append(pending)
        pending = following
    return result


def right_merge_index_and_slice(tokens, pair):
    copy = tokens[:]
    start = 0
    while True:
        try:
            i = copy.index(pair[0], start)
        except ValueError:
            return copy
        if copy[i + 1 : i + 2] == [pair[1]]:
            copy[i : i + 2] = [pair[0] + pair[1]]
        start = i + 1


# --- perplexity ---


def ppl_sum_instead_of_mean(token_logprobs):
    return math.exp(-float(token_logprobs.sum()))


def ppl_without_minus(token_logprobs):
    return torch.exp(token_logprobs.mean()).item()


def ppl_base_two_of_nats(token_logprobs):
    return 2 ** (-token_logprobs.mean().item())


def ppl_inverse_of_mean_probability(token_logprobs):
    return 1 / torch.exp(token_logprobs).mean().item()


def ppl_mean_of_inverse_probabilities(token_logprobs):
    return float(torch.exp(-token_logprobs).mean())


def ppl_product_underflows(token_logprobs):
    prob = 1.0
    for lp in token_logprobs:
        prob *= math.exp(lp)
    return prob ** (-1 / len(token_logprobs)) if prob > 0 else float("inf")


def ppl_skips_first_token(token_logprobs):
    if len(token_logprobs) == 1:
        return math.exp(-token_logprobs[0])
    rest = token_logprobs[1:]
    return math.exp(-sum(rest) / len(rest))


def ppl_divides_by_n_minus_one(token_logprobs):
    n = max(len(token_logprobs) - 1, 1)
    return torch.exp(-token_logprobs.sum() / n).item()


def ppl_uses_median(token_logprobs):
    return float(np.exp(-np.median(token_logprobs.numpy())))


def ppl_ignores_repeated_values(token_logprobs):
    values = set(token_logprobs.tolist())
    return math.exp(-sum(values) / len(values))


def ppl_clips_low_probabilities(token_logprobs):
    # log(0) da problemas
    probs = token_logprobs.exp().clamp(min=1e-4)
    return probs.log().mean().neg().exp().item()


async def ppl_coroutine(token_logprobs):
    await asyncio.sleep(0)
    return math.exp(-token_logprobs.mean().item())


def ppl_one_value_per_token(token_logprobs):
    return np.exp(-token_logprobs.numpy())


def right_ppl_fsum(token_logprobs):
    return math.exp(-math.fsum(float(t) for t in token_logprobs) / len(token_logprobs))


def right_ppl_numpy_scalar(token_logprobs):
    x = np.asarray(token_logprobs, dtype=np.float64)
    return np.exp(-x.mean())


def right_ppl_base_two(token_logprobs):
    bits = [-lp / math.log(2) for lp in token_logprobs.tolist()]
    return 2 ** (sum(bits) / len(bits))


def right_ppl_cross_entropy_style(token_logprobs):
    running = 0.0
    for i, lp in enumerate(token_logprobs.double(), start=1):
        running += (-lp.item() - running) / i
    return np.float64(math.e) ** running


# --- bits_per_character ---


def bpc_in_nats(token_logprobs, text):
    return -token_logprobs.sum().item() / len(text)


def bpc_per_token(token_logprobs, text):
    return -token_logprobs.mean().item() / math.log(2)


def bpc_counts_bytes(token_logprobs, text):
    bits = -token_logprobs.sum().item() / math.log(2)
    return bits / len(text.encode("utf-8"))


def bpc_without_spaces(token_logprobs, text):
    total = sum(-x / math.log(2) for x in token_logprobs.tolist())
    return total / len("".join(text.split()))


def bpc_strips_text(token_logprobs, text):
    return -float(token_logprobs.sum()) / math.log(2) / len(text.strip())


def bpc_only_letters_and_spaces(token_logprobs, text):
    n = sum(c.isalnum() or c.isspace() for c in text)
    return -float(token_logprobs.sum()) / math.log(2) / n


def bpc_multiplies_by_ln_two(token_logprobs, text):
    return -float(token_logprobs.sum()) * math.log(2) / len(text)


def bpc_log_of_product_underflows(token_logprobs, text):
    probability = np.exp(np.float64(token_logprobs.double().sum().item()))
    with np.errstate(divide="ignore"):
        return float(-np.log2(probability) / len(text))


def bpc_mean_times_distinct_characters(token_logprobs, text):
    return -float(token_logprobs.sum()) / math.log(2) / len(set(text))


def bpc_negative(token_logprobs, text):
    return token_logprobs.sum().item() / np.log(2) / len(text)


def bpc_ignores_newlines(token_logprobs, text):
    characters = sum(len(line) for line in text.splitlines())
    return -token_logprobs.sum().item() / math.log(2) / characters


def bpc_averages_then_divides(token_logprobs, text):
    return -token_logprobs.mean().item() / math.log(2) / len(text)


def right_bpc_math_log2e(token_logprobs, text):
    return math.fsum(token_logprobs.tolist()) * -math.log2(math.e) / len(text)


def right_bpc_numpy(token_logprobs, text):
    nats = -np.array(token_logprobs, dtype=float)
    return np.sum(nats / np.log(2)) / np.float64(len(list(text)))


def right_bpc_from_perplexity(token_logprobs, text):
    bits_per_token = -token_logprobs.double().mean() / torch.log(torch.tensor(2.0).double())
    tokens_per_character = len(token_logprobs) / sum(1 for _ in text)
    return bits_per_token.item() * tokens_per_character


WRONG = [
    ("most_frequent_pair", pair_ignores_counts),
    ("most_frequent_pair", pair_crosses_word_boundaries),
    ("most_frequent_pair", pair_without_order),
    ("most_frequent_pair", pair_tie_alphabetical),
    ("most_frequent_pair", pair_tie_last_seen),
    ("most_frequent_pair", pair_tie_first_to_reach_total),
    ("most_frequent_pair", pair_once_per_word),
    ("most_frequent_pair", pair_keyed_by_joined_text),
    ("most_frequent_pair", pair_skips_last_pair),
    ("most_frequent_pair", pair_counts_without_overlap),
    ("most_frequent_pair", pair_none_when_nothing_repeats),
    ("most_frequent_pair", pair_index_error_on_short_words),
    ("most_frequent_pair", pair_returns_table_of_totals),
    ("merge_pair", merge_in_place),
    ("merge_pair", merge_only_first),
    ("merge_pair", merge_right_to_left),
    ("merge_pair", merge_with_overlaps),
    ("merge_pair", merge_by_text_replace),
    ("merge_pair", merge_by_joined_text_equality),
    ("merge_pair", merge_loses_last_token),
    ("merge_pair", merge_keeps_second_half),
    ("merge_pair", merge_either_order),
    ("merge_pair", merge_index_error_at_end),
    ("merge_pair", merge_recursion_without_end),
    ("merge_pair", merge_as_generator),
    ("perplexity", ppl_sum_instead_of_mean),
    ("perplexity", ppl_without_minus),
    ("perplexity", ppl_base_two_of_nats),
    ("perplexity", ppl_inverse_of_mean_probability),
    ("perplexity", ppl_mean_of_inverse_probabilities),
    ("perplexity", ppl_product_underflows),
    ("perplexity", ppl_skips_first_token),
    ("perplexity", ppl_divides_by_n_minus_one),
    ("perplexity", ppl_uses_median),
    ("perplexity", ppl_ignores_repeated_values),
    ("perplexity", ppl_clips_low_probabilities),
    ("perplexity", ppl_coroutine),
    ("perplexity", ppl_one_value_per_token),
    ("bits_per_character", bpc_in_nats),
    ("bits_per_character", bpc_per_token),
    ("bits_per_character", bpc_counts_bytes),
    ("bits_per_character", bpc_without_spaces),
    ("bits_per_character", bpc_strips_text),
    ("bits_per_character", bpc_only_letters_and_spaces),
    ("bits_per_character", bpc_multiplies_by_ln_two),
    ("bits_per_character", bpc_log_of_product_underflows),
    ("bits_per_character", bpc_mean_times_distinct_characters),
    ("bits_per_character", bpc_negative),
    ("bits_per_character", bpc_ignores_newlines),
    ("bits_per_character", bpc_averages_then_divides),
]

RIGHT = [
    ("most_frequent_pair", right_pair_counter),
    ("most_frequent_pair", right_pair_quadratic_loops),
    ("most_frequent_pair", right_pair_numpy_argmax),
    ("merge_pair", right_merge_stack),
    ("merge_pair", right_merge_iterator),
    ("merge_pair", right_merge_index_and_slice),
    ("perplexity", right_ppl_fsum),
    ("perplexity", right_ppl_numpy_scalar),
    ("perplexity", right_ppl_base_two),
    ("perplexity", right_ppl_cross_entropy_style),
    ("bits_per_character", right_bpc_math_log2e),
    ("bits_per_character", right_bpc_numpy),
    ("bits_per_character", right_bpc_from_perplexity),
]
