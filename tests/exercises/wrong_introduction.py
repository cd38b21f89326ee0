"""Respuestas equivocadas de `01_introduccion`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import math


def frequent_ignores_counts(words, counts):
    pairs = {}
    for word in words:
        for i in range(1, len(word)):
            pairs[word[i - 1], word[i]] = pairs.get((word[i - 1], word[i]), 0) + 1
    return max(pairs, key=lambda pair: pairs[pair])


def frequent_joins_words(words, counts):
    text = []
    for i in range(len(words)):
        for _ in range(counts[i]):
            text.extend(words[i])
    pairs = [(text[i], text[i + 1]) for i in range(len(text) - 1)]
    return max(pairs, key=pairs.count)


def frequent_ignores_order(words, counts):
    pairs, shown = {}, {}
    for word, count in zip(words, counts, strict=True):
        for i in range(len(word) - 1):
            key = "".join(sorted(word[i : i + 2]))
            shown.setdefault(key, (word[i], word[i + 1]))
            pairs[key] = pairs.get(key, 0) + count
    return shown[max(pairs, key=pairs.get)]


def frequent_keeps_last_tie(words, counts):
    pairs, best = {}, None
    for word, count in zip(words, counts, strict=True):
        for i in range(len(word) - 1):
            pair = (word[i], word[i + 1])
            pairs[pair] = pairs.get(pair, 0) + count
    for pair in pairs:
        if best is None or pairs[pair] >= pairs[best]:
            best = pair
    return best


def frequent_returns_text(words, counts):
    pairs = {}
    for word, count in zip(words, counts, strict=True):
        for i in range(len(word) - 1):
            pair = word[i] + word[i + 1]
            pairs[pair] = pairs.get(pair, 0) + count
    return max(pairs, key=pairs.get)


def merge_first_only(tokens, pair):
    result = list(tokens)
    for i in range(len(result) - 1):
        if result[i] == pair[0] and result[i + 1] == pair[1]:
            result[i : i + 2] = ["".join(pair)]
            break
    return result


def merge_without_skipping(tokens, pair):
    result = []
    for i in range(len(tokens)):
        if tuple(tokens[i : i + 2]) == pair:
            result.append(pair[0] + pair[1])
        else:
            result.append(tokens[i])
    return result


def merge_from_the_end(tokens, pair):
    result = list(tokens)
    i = len(result) - 2
    while i >= 0:
        if tuple(result[i : i + 2]) == pair:
            result[i : i + 2] = [pair[0] + pair[1]]
            i -= 1
        i -= 1
    return result


def merge_in_place(tokens, pair):
    i = 0
    while i < len(tokens) - 1:
        if (tokens[i], tokens[i + 1]) == pair:
            tokens[i : i + 2] = [pair[0] + pair[1]]
        i += 1
    return tokens


def merge_loses_the_last(tokens, pair):
    result, i = [], 0
    while i < len(tokens) - 1:
        found = (tokens[i], tokens[i + 1]) == pair
        result.append("".join(pair) if found else tokens[i])
        i += 2 if found else 1
    return result


def perplexity_of_the_sum(token_logprobs):
    return math.exp(-sum(token_logprobs.tolist()))


def perplexity_without_sign(token_logprobs):
    return math.exp(token_logprobs.mean())


def perplexity_base_two(token_logprobs):
    return 2 ** -token_logprobs.mean().item()


def perplexity_mean_of_inverses(token_logprobs):
    return (1 / token_logprobs.exp()).mean().item()


def bits_in_nats(token_logprobs, text):
    return -float(token_logprobs.sum()) / len(text)


def bits_per_token(token_logprobs, text):
    return -token_logprobs.mean().item() / math.log(2)


def bits_per_byte(token_logprobs, text):
    return -token_logprobs.sum().item() / math.log(2) / len(text.encode("utf-8"))


def bits_without_sign(token_logprobs, text):
    return token_logprobs.sum().item() / math.log(2) / len(text)


def bits_times_log(token_logprobs, text):
    return -token_logprobs.sum().item() * math.log(2) / len(text)


WRONG = [
    ("most_frequent_pair", frequent_ignores_counts, "Contaste cada palabra una sola vez"),
    ("most_frequent_pair", frequent_joins_words, "Juntaste palabras distintas"),
    ("most_frequent_pair", frequent_ignores_order, "Olvidaste el orden del par"),
    ("most_frequent_pair", frequent_keeps_last_tie, "En un empate gana el primero"),
    ("most_frequent_pair", frequent_returns_text, "una tupla de 2 elementos"),
    ("merge_pair", merge_first_only, "Uniste solo la primera aparición"),
    ("merge_pair", merge_without_skipping, "El segundo token quedó repetido"),
    ("merge_pair", merge_from_the_end, "De derecha a izquierda"),
    ("merge_pair", merge_in_place, "modificó el argumento `tokens`"),
    ("merge_pair", merge_loses_the_last, "ahora se lee"),
    ("perplexity", perplexity_of_the_sum, "Falta promediar"),
    ("perplexity", perplexity_without_sign, "Olvidaste el signo"),
    ("perplexity", perplexity_base_two, "Mezclaste las bases"),
    ("perplexity", perplexity_mean_of_inverses, "Promediaste las inversas"),
    ("bits_per_character", bits_in_nats, "En nats"),
    ("bits_per_character", bits_per_token, "Dividiste por los tokens"),
    ("bits_per_character", bits_per_byte, "Contaste bytes"),
    ("bits_per_character", bits_without_sign, "Olvidaste el signo"),
    ("bits_per_character", bits_times_log, "la sorpresa del texto es de"),
]
