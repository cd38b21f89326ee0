"""Respuestas correctas de `01_introduccion` en estilos variados: ninguna se debe rechazar.

Cada entrada: (ejercicio, función).
"""

import itertools
import math
from collections import Counter

import numpy as np
import torch


def frequent_counter(words, counts):
    pairs = Counter()
    for word, count in zip(words, counts, strict=True):
        for pair in itertools.pairwise(word):
            pairs[pair] += count
    return pairs.most_common(1)[0][0]


def frequent_repeats_words(words, counts):
    every = [
        pair
        for word, count in zip(words, counts, strict=True)
        for _ in range(count)
        for pair in itertools.pairwise(word)
    ]
    return max(dict.fromkeys(every), key=every.count)


def frequent_numpy(words, counts):
    seen, totals = [], []
    for word, count in zip(words, counts, strict=True):
        for i in range(1, len(word)):
            if [word[i - 1], word[i]] not in seen:
                seen.append([word[i - 1], word[i]])
                totals.append(0)
            totals[seen.index([word[i - 1], word[i]])] += count
    return seen[np.argmax(totals)]


def frequent_by_word(words, counts):
    frequencies = {tuple(word): count for word, count in zip(words, counts, strict=True)}
    pairs = {}
    for word, count in frequencies.items():
        for pair in itertools.pairwise(word):
            pairs[pair] = pairs.get(pair, 0) + count
    return min(pairs, key=lambda pair: -pairs[pair])


def merge_recursive(tokens, pair):
    if len(tokens) < 2:
        return list(tokens)
    if tokens[0] == pair[0] and tokens[1] == pair[1]:
        return [pair[0] + pair[1], *merge_recursive(tokens[2:], pair)]
    return [tokens[0], *merge_recursive(tokens[1:], pair)]


def merge_with_delete(tokens, pair):
    result, i = tokens.copy(), 0
    while i < len(result) - 1:
        if (result[i], result[i + 1]) == pair:
            result[i] += result[i + 1]
            del result[i + 1]
        i += 1
    return result


def merge_with_flag(tokens, pair):
    result, skip = [], False
    for one, other in itertools.zip_longest(tokens, tokens[1:]):
        if skip:
            skip = False
        elif (one, other) == pair:
            result.append(one + other)
            skip = True
        else:
            result.append(one)
    return result


def merge_from_a_stack(tokens, pair):
    left, result = tokens[::-1], []
    while left:
        token = left.pop()
        if left and (token, left[-1]) == pair:
            token += left.pop()
        result.append(token)
    return tuple(result)


def perplexity_python(token_logprobs):
    return math.exp(-sum(token_logprobs.tolist()) / len(token_logprobs))


def perplexity_numpy(token_logprobs):
    return np.exp(-token_logprobs.numpy().mean())


def perplexity_in_bits(token_logprobs):
    return 2 ** (-token_logprobs.mean().item() / math.log(2))


def perplexity_tensor(token_logprobs):
    return torch.exp(-token_logprobs.double().mean())


def perplexity_of_the_roots(token_logprobs):
    n = len(token_logprobs)
    return 1 / torch.prod(torch.exp(token_logprobs.double() / n)).item()


def bits_numpy(token_logprobs, text):
    return -np.sum(token_logprobs.numpy()) / np.log(2) / len(text)


def bits_token_by_token(token_logprobs, text):
    total = 0
    for logprob in token_logprobs:
        total -= logprob / math.log(2)
    return total / len(text)


def bits_times_log2_e(token_logprobs, text):
    return -float(token_logprobs.sum()) * math.log2(math.e) / sum(1 for _ in text)


def bits_from_the_mean(token_logprobs, text):
    tokens_per_character = len(token_logprobs) / len(text)
    return (-token_logprobs.mean() / torch.log(torch.tensor(2.0))).item() * tokens_per_character


RIGHT = [
    ("most_frequent_pair", frequent_counter),
    ("most_frequent_pair", frequent_repeats_words),
    ("most_frequent_pair", frequent_numpy),
    ("most_frequent_pair", frequent_by_word),
    ("merge_pair", merge_recursive),
    ("merge_pair", merge_with_delete),
    ("merge_pair", merge_with_flag),
    ("merge_pair", merge_from_a_stack),
    ("perplexity", perplexity_python),
    ("perplexity", perplexity_numpy),
    ("perplexity", perplexity_in_bits),
    ("perplexity", perplexity_tensor),
    ("perplexity", perplexity_of_the_roots),
    ("bits_per_character", bits_numpy),
    ("bits_per_character", bits_token_by_token),
    ("bits_per_character", bits_times_log2_e),
    ("bits_per_character", bits_from_the_mean),
]
