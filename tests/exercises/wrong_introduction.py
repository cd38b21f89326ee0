"""Respuestas equivocadas de `01_introduccion`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import re

from tests.exercises import wrong_measures


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
            key = tuple(sorted(word[i : i + 2]))
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


def frequent_counts_letters(words, counts):
    pairs = {}
    for word, count in zip(words, counts, strict=True):
        text = "".join(word)
        for i in range(len(text) - 1):
            pairs[text[i], text[i + 1]] = pairs.get((text[i], text[i + 1]), 0) + count
    return max(pairs, key=pairs.get)


def frequent_by_joined_text(words, counts):
    totals, shown = {}, {}
    for word, count in zip(words, counts, strict=True):
        for a, b in zip(word, word[1:], strict=False):
            totals[a + b] = totals.get(a + b, 0) + count
            shown.setdefault(a + b, (a, b))
    return shown[max(totals, key=totals.get)]


def frequent_greatest_tuple(words, counts):
    pairs = {}
    for word, count in zip(words, counts, strict=True):
        for pair in zip(word, word[1:], strict=False):
            pairs[pair] = pairs.get(pair, 0) + count
    return max((count, pair) for pair, count in pairs.items())[1]


def frequent_while_counting(words, counts):
    pairs, best, most = {}, None, 0
    for word, count in zip(words, counts, strict=True):
        for pair in zip(word, word[1:], strict=False):
            pairs[pair] = pairs.get(pair, 0) + count
            if pairs[pair] > most:
                best, most = pair, pairs[pair]
    return best


def frequent_set_of_pairs(words, counts):
    pairs = {}
    for word, count in zip(words, counts, strict=True):
        for pair in dict.fromkeys(zip(word, word[1:], strict=False)):
            pairs[pair] = pairs.get(pair, 0) + count
    return max(pairs, key=pairs.get)


def frequent_keeps_last_count(words, counts):
    pairs = {}
    for word, count in zip(words, counts, strict=True):
        for pair in zip(word, word[1:], strict=False):
            pairs[pair] = count
    return max(pairs, key=pairs.get)


def frequent_sorted_words(words, counts):
    pairs = {}
    for count, word in sorted(zip(counts, words, strict=True), reverse=True):
        for pair in zip(word, word[1:], strict=False):
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


def merge_with_spaces(tokens, pair):
    text = " ".join(tokens)
    return text.replace(pair[0] + " " + pair[1], pair[0] + pair[1]).split(" ")


def merge_with_split(tokens, pair):
    return " ".join(tokens).replace(" ".join(pair), "".join(pair)).split()


def merge_with_regex(tokens, pair):
    found = re.sub(
        f"<{pair[0]}><{pair[1]}>", f"<{pair[0]}{pair[1]}>", "<" + "><".join(tokens) + ">"
    )
    return found[1:-1].split("><")


def merge_same_text(tokens, pair):
    result, i = [], 0
    while i < len(tokens):
        if "".join(tokens[i : i + 2]) == "".join(pair) and i + 1 < len(tokens):
            result.append("".join(pair))
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


def merge_ends_and_starts(tokens, pair):
    result, i = [], 0
    while i < len(tokens):
        last = i + 1 == len(tokens)
        if not last and tokens[i].endswith(pair[0]) and tokens[i + 1].startswith(pair[1]):
            result.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


def merge_any_of_the_two(tokens, pair):
    result, i = [], 0
    while i < len(tokens):
        if i + 1 < len(tokens) and tokens[i] in pair and tokens[i + 1] in pair:
            result.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


def merge_always_adds_the_last(tokens, pair):
    return [*merge_loses_the_last(tokens, pair), *tokens[-1:]]


def merge_past_the_end(tokens, pair):
    result, i = [], 0
    while i < len(tokens):
        if tokens[i] == pair[0] and tokens[i + 1] == pair[1]:
            result.append(pair[0] + pair[1])
            i += 2
        else:
            result.append(tokens[i])
            i += 1
    return result


WRONG = [
    ("most_frequent_pair", frequent_ignores_counts, "Contaste cada palabra una sola vez"),
    ("most_frequent_pair", frequent_joins_words, "Juntaste palabras distintas"),
    ("most_frequent_pair", frequent_ignores_order, "Olvidaste el orden del par"),
    ("most_frequent_pair", frequent_keeps_last_tie, "En un empate gana el primero"),
    ("most_frequent_pair", frequent_returns_text, "una tupla de 2 elementos"),
    ("most_frequent_pair", frequent_counts_letters, "Contaste letras y no tokens"),
    ("most_frequent_pair", frequent_by_joined_text, "Contaste el texto del par"),
    ("most_frequent_pair", frequent_greatest_tuple, "Desempataste por el alfabeto"),
    ("most_frequent_pair", frequent_while_counting, "Elegiste antes de terminar de contar"),
    ("most_frequent_pair", frequent_set_of_pairs, "Contaste cada par una vez por palabra"),
    ("most_frequent_pair", frequent_keeps_last_count, "veces en el texto, y"),
    ("most_frequent_pair", frequent_sorted_words, "se lee primero"),
    ("merge_pair", merge_first_only, "Uniste solo la primera aparición"),
    ("merge_pair", merge_without_skipping, "El segundo token quedó repetido"),
    ("merge_pair", merge_from_the_end, "De derecha a izquierda"),
    ("merge_pair", merge_in_place, "modificó el argumento `tokens`"),
    ("merge_pair", merge_loses_the_last, "Perdiste el último token"),
    ("merge_pair", merge_with_spaces, "Uniste los tokens con espacios"),
    ("merge_pair", merge_with_split, "Uniste los tokens con espacios"),
    ("merge_pair", merge_with_regex, "ahora se lee"),
    ("merge_pair", merge_same_text, "Comparaste los textos ya unidos"),
    ("merge_pair", merge_ends_and_starts, "Comparaste solo una parte de cada token"),
    ("merge_pair", merge_any_of_the_two, "; el par es"),
    ("merge_pair", merge_always_adds_the_last, "ahora se lee"),
    ("merge_pair", merge_past_the_end, "lanzó IndexError"),
    *wrong_measures.WRONG,
]
