"""Respuestas escritas sin mirar los correctores: equivocadas y correctas, para medirlos."""

import collections
import functools
import math
import re

import numpy as np
import torch

# --- few_shot_prompt ---


def prompt_strips_the_colon(instruction, examples, question, k):
    blocks = [f"Entrada: {x}\nSalida: {y}" for x, y in examples[:k]]
    blocks.append(f"Entrada: {question}\nSalida")
    return "\n\n".join(([instruction] if instruction else []) + blocks)


def prompt_zero_means_all(instruction, examples, question, k):
    shown = examples[: k or None]
    blocks = [f"Entrada: {x}\nSalida: {y}" for x, y in shown] + [f"Entrada: {question}\nSalida:"]
    return "\n\n".join(([instruction] if instruction else []) + blocks)


def prompt_skips_the_question_itself(instruction, examples, question, k):
    shown = [(x, y) for x, y in examples if x != question][:k]
    blocks = [f"Entrada: {x}\nSalida: {y}" for x, y in shown] + [f"Entrada: {question}\nSalida:"]
    return "\n\n".join(([instruction] if instruction else []) + blocks)


def prompt_lowercases(instruction, examples, question, k):
    blocks = [f"Entrada: {x.lower()}\nSalida: {y.lower()}" for x, y in examples[:k]]
    blocks.append(f"Entrada: {question.lower()}\nSalida:")
    return "\n\n".join(([instruction] if instruction else []) + blocks)


def prompt_english_labels(instruction, examples, question, k):
    blocks = [f"Input: {x}\nOutput: {y}" for x, y in examples[:k]]
    blocks.append(f"Input: {question}\nOutput:")
    return "\n\n".join(([instruction] if instruction else []) + blocks)


def prompt_strip_whole_text(instruction, examples, question, k):
    text = instruction + "\n\n"
    for x, y in examples[:k]:
        text += f"Entrada: {x}\nSalida: {y}\n"
    return (text + f"\nEntrada: {question}\nSalida: ").strip()


def prompt_sorted_examples(instruction, examples, question, k):
    blocks = [f"Entrada: {x}\nSalida: {y}" for x, y in sorted(examples)[:k]]
    blocks.append(f"Entrada: {question}\nSalida:")
    return "\n\n".join(([instruction] if instruction else []) + blocks)


def prompt_colon_in_instruction(instruction, examples, question, k):
    blocks = [f"Entrada: {x}\nSalida: {y}" for x, y in examples[:k]]
    blocks.append(f"Entrada: {question}\nSalida:")
    return "\n\n".join(([instruction.rstrip(".:") + ":"] if instruction else []) + blocks)


def right_prompt_reduce(instruction, examples, question, k):
    start = instruction + "\n\n" if len(instruction) else ""
    body = functools.reduce(
        lambda text, pair: text + "Entrada: {}\nSalida: {}\n\n".format(*pair), examples[:k], start
    )
    return body + f"Entrada: {question}\nSalida:"


def right_prompt_recursive(instruction, examples, question, k):
    if instruction:
        return instruction + "\n\n" + right_prompt_recursive("", examples, question, k)
    if k == 0:
        return "Entrada: " + question + "\nSalida:"
    (x, y), *rest = examples
    return f"Entrada: {x}\nSalida: {y}\n\n" + right_prompt_recursive("", rest, question, k - 1)


# --- extract_answer ---


def answer_last_mark_last_number(text):
    found = re.findall(r"-?\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    return int(found[-1].replace(".", "")) if found else None


def answer_first_number_when_no_mark(text):
    found = re.findall(r"-?\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    return int(found[0].replace(".", "")) if found else None


def answer_dot_is_decimal(text):
    found = re.findall(r"-?\d+(?:\.\d+)?", text.split("Respuesta:")[-1])
    marked = "Respuesta:" in text
    if not found:
        found, marked = re.findall(r"-?\d+(?:\.\d+)?", text), False
    return int(float(found[0 if marked else -1])) if found else None


def answer_absolute(text):
    found = re.findall(r"\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    marked = "Respuesta:" in text and bool(found)
    found = found or re.findall(r"\d+(?:\.\d{3})*", text)
    return int(found[0 if marked else -1].replace(".", "")) if found else None


def answer_needs_word_boundary_space(text):
    found = re.findall(r"(?<=\s)-?\d+(?:\.\d{3})*(?=\s|$|[.,])", text.split("Respuesta:")[-1])
    marked = "Respuesta:" in text and bool(found)
    found = found or re.findall(r"(?<=\s)-?\d+(?:\.\d{3})*(?=\s|$|[.,])", text)
    return int(found[0 if marked else -1].replace(".", "")) if found else None


def answer_largest(text):
    found = re.findall(r"-?\d+(?:\.\d{3})*", text)
    return max(int(number.replace(".", "")) for number in found) if found else None


def answer_last_mark_with_a_number(text):
    for piece in text.split("Respuesta:")[:0:-1]:
        found = re.findall(r"-?\d+(?:\.\d{3})*", piece)
        if found:
            return int(found[0].replace(".", ""))
    found = re.findall(r"-?\d+(?:\.\d{3})*", text)
    return int(found[-1].replace(".", "")) if found else None


def answer_minus_anywhere(text):
    found = re.findall(r"\d+(?:\.\d{3})*", text.split("Respuesta:")[-1])
    marked = "Respuesta:" in text and bool(found)
    found = found or re.findall(r"\d+(?:\.\d{3})*", text)
    if not found:
        return None
    value = int(found[0 if marked else -1].replace(".", ""))
    return -value if "-" in text else value


def answer_thousand_at_least_four_digits(text):
    pattern = r"-?\d{1,3}(?:\.\d{3})+"
    found = re.findall(pattern, text.split("Respuesta:")[-1])
    marked = "Respuesta:" in text and bool(found)
    found = found or re.findall(pattern, text) or re.findall(r"-?\d+", text)
    return int(found[0 if marked else -1].replace(".", "")) if found else None


def right_answer_iterative(text):
    number = re.compile(r"[-+]?[0-9]{1,3}(?:\.[0-9]{3})+|[-+]?[0-9]+")
    start = text.rfind("Respuesta:")
    match = number.search(text, start) if start != -1 else None
    if not match:
        for match in number.finditer(text):
            pass
    return None if not match else int(match.group().replace(".", ""))


def right_answer_chain(text):
    def read(piece):
        return [int(n.replace(".", "")) for n in re.findall(r"-?\d[\d.]*", piece)]

    *before, after = text.split("Respuesta:")
    marked = read(after)[:1] if before else []
    return ([None] + read(text)[-1:] + marked)[-1]


# --- exact_and_token_accuracy ---


def accuracy_first_example_only(outputs, targets):
    exact = float(outputs[0] == targets[0])
    hits = sum(a == b for a, b in zip(outputs[0], targets[0]))
    return exact, hits / len(targets[0])


def accuracy_sets(outputs, targets):
    exact = sum(set(o) == set(t) for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(len(set(o) & set(t)) for o, t in zip(outputs, targets))
    return exact, hits / sum(len(set(t)) for t in targets)


def accuracy_zero_if_lengths_differ(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(
        sum(a == b for a, b in zip(o, t)) for o, t in zip(outputs, targets) if len(o) == len(t)
    )
    return exact, hits / sum(map(len, targets))


def accuracy_drops_unequal(outputs, targets):
    pairs = [(o, t) for o, t in zip(outputs, targets) if len(o) == len(t)]
    if not pairs:
        return 0.0, 0.0
    hits = sum(a == b for o, t in pairs for a, b in zip(o, t))
    return sum(o == t for o, t in pairs) / len(pairs), hits / sum(len(t) for _, t in pairs)


def accuracy_all_or_nothing(outputs, targets):
    exact = float(outputs == targets)
    hits = sum(a == b for o, t in zip(outputs, targets) for a, b in zip(o, t))
    return exact, hits / sum(map(len, targets))


def accuracy_errors(outputs, targets):
    wrong = sum(o != t for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(a == b for o, t in zip(outputs, targets) for a, b in zip(o, t))
    return wrong, 1 - hits / sum(map(len, targets))


def accuracy_prefix_is_exact(outputs, targets):
    exact = sum(t[: len(o)] == o for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(a == b for o, t in zip(outputs, targets) for a, b in zip(o, t))
    return exact, hits / sum(map(len, targets))


def accuracy_texts(outputs, targets):
    exact = sum("".join(map(str, o)) == "".join(map(str, t)) for o, t in zip(outputs, targets))
    hits = sum(str(t)[1:-1] in str(o) for o, t in zip(outputs, targets))
    return exact / len(targets), hits / len(targets)


def right_accuracy_enumerate(outputs, targets):
    flags = [
        i < len(output) and output[i] == token
        for output, target in zip(outputs, targets)
        for i, token in enumerate(target)
    ]
    return float(np.mean([a == b for a, b in zip(outputs, targets)])), float(np.mean(flags))


def right_accuracy_padded(outputs, targets):
    total = sum(len(t) for t in targets)
    hits = 0
    for output, target in zip(outputs, targets):
        padded = (output + [None] * len(target))[: len(target)]
        hits += sum(map(lambda a, b: a == b, padded, target))
    return [outputs[i] == targets[i] for i in range(len(targets))].count(True) / len(targets), (
        hits / total
    )


# --- majority_vote ---


def vote_first_repeated(answers):
    seen = set()
    for answer in answers:
        if answer is not None and answer in seen:
            return answer
        seen.add(answer)
    return next((answer for answer in answers if answer is not None), None)


def vote_none_on_ties(answers):
    counts = collections.Counter(a for a in answers if a is not None).most_common(2)
    if not counts or (len(counts) == 2 and counts[0][1] == counts[1][1]):
        return None
    return counts[0][0]


def vote_none_wins(answers):
    votes = collections.Counter(answers)
    return max(answers, key=lambda a: votes[a]) if answers else None


def vote_absolute_values(answers):
    given = [abs(a) for a in answers if a is not None]
    return max(given, key=given.count) if given else None


def vote_as_text(answers):
    given = [str(a) for a in answers if a is not None]
    return max(given, key=given.count) if given else None


def vote_torch_mode(answers):
    given = [a for a in answers if a is not None]
    return torch.tensor(given).mode().values.item() if given else None


def vote_bincount(answers):
    given = [a for a in answers if a is not None]
    return int(np.bincount(given).argmax()) if given else None


def vote_single_answer_is_none(answers):
    given = [a for a in answers if a is not None]
    return max(given, key=given.count) if len(given) > 1 else None


def vote_at_least_two(answers):
    given = [a for a in answers if a is not None]
    repeated = [a for a in given if given.count(a) >= 2]
    return max(repeated, key=given.count) if repeated else None


def vote_last_answer(answers):
    return [None, *(a for a in answers if a is not None)][-1]


def right_vote_groups(answers):
    groups = collections.defaultdict(list)
    for place, answer in enumerate(answers):
        if answer is not None:
            groups[answer].append(place)
    if not groups:
        return None
    return min(groups, key=lambda answer: (-len(groups[answer]), groups[answer][0]))


def right_vote_reversed(answers):
    best, most = None, 0
    for answer in reversed(answers):
        if answer is None:
            continue
        if answers.count(answer) >= most:
            best, most = answer, answers.count(answer)
    return best


# --- emergence_curve ---


def curve_cumulative(token_accuracy, length, threshold):
    curve = np.cumprod(token_accuracy).tolist()
    return curve, next((i for i, v in enumerate(curve) if v >= threshold), None)


def curve_same_for_all(token_accuracy, length, threshold):
    mean = sum(token_accuracy) / len(token_accuracy)
    curve = [mean**length] * len(token_accuracy)
    return curve, next((i for i, v in enumerate(curve) if v >= threshold), None)


def curve_counts_passing(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    return curve, sum(v >= threshold for v in curve) or None


def curve_sorted(token_accuracy, length, threshold):
    curve = sorted(p**length for p in token_accuracy)
    return curve, next((i for i, v in enumerate(curve) if v >= threshold), None)


def curve_index_first(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    return next((i for i, v in enumerate(curve) if v >= threshold), None), curve


def curve_falsy_index(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    index = next((i for i, v in enumerate(curve) if v >= threshold), None)
    return curve, index or None


def curve_log(token_accuracy, length, threshold):
    curve = [length * math.log(p) if p else -math.inf for p in token_accuracy]
    return curve, next((i for i, v in enumerate(curve) if v >= math.log(threshold)), None)


def curve_all_following_pass(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    for i in range(len(curve)):
        if all(v >= threshold for v in curve[i:]):
            return curve, i
    return curve, None


def curve_len_if_none(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    i = 0
    while i < len(curve) and curve[i] < threshold:
        i += 1
    return curve, i


def curve_square(token_accuracy, length, threshold):
    curve = [p * p for p in token_accuracy]
    return curve, next((i for i, v in enumerate(curve) if v >= threshold), None)


def right_curve_while(token_accuracy, length, threshold):
    curve = [math.pow(p, length) for p in token_accuracy]
    i = 0
    while i < len(curve) and curve[i] < threshold:
        i += 1
    return curve, i if i < len(curve) else None


def right_curve_min(token_accuracy, length, threshold):
    curve = np.power(token_accuracy, float(length))
    return list(curve), min((i for i in range(len(curve)) if curve[i] >= threshold), default=None)


# --- induction_score ---


def induction_argmax_share(attention, ids):
    last, hits = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            hits.append(attention[i].argmax().item() == last[token] + 1)
        last[token] = i
    return sum(hits) / len(hits) if hits else 0.0


def induction_one_before(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values.append(attention[i, max(last[token] - 1, 0)].item())
        last[token] = i
    return sum(values) / len(values) if values else 0.0


def induction_from_the_previous_row(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values.append(attention[i - 1, last[token] + 1].item())
        last[token] = i
    return sum(values) / len(values) if values else 0.0


def induction_mean_of_means(attention, ids):
    values = collections.defaultdict(list)
    last = {}
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values[token].append(attention[i, last[token] + 1].item())
        last[token] = i
    means = [sum(v) / len(v) for v in values.values()]
    return sum(means) / len(means) if means else 0.0


def induction_second_occurrence_only(attention, ids):
    tokens, values = ids.tolist(), []
    for i, token in enumerate(tokens):
        if tokens[:i].count(token) == 1:
            values.append(attention[i, tokens.index(token) + 1].item())
    return sum(values) / len(values) if values else 0.0


def induction_fixed_offset(attention, ids):
    tokens, values = ids.tolist(), []
    half = len(tokens) // 2
    for i in range(half, len(tokens)):
        if tokens[i] in tokens[:i]:
            values.append(attention[i, i - half + 1].item())
    return sum(values) / len(values) if values else 0.0


def induction_next_token_repeats(attention, ids):
    tokens, values = ids.tolist(), []
    for i in range(len(tokens)):
        for j in range(i - 1, 0, -1):
            if tokens[j - 1] == tokens[i]:
                values.append(attention[i, j].item())
                break
    return sum(values) / len(values) if values else 0.0


def induction_none_when_absent(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values.append(attention[i, last[token] + 1].item())
        last[token] = i
    return sum(values) / len(values) if values else None


def induction_total_attention(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values.append(attention[i, : last[token] + 2].sum().item())
        last[token] = i
    return sum(values) / len(values) if values else 0.0


def induction_updates_only_repeats(attention, ids):
    tokens, values = ids.tolist(), []
    for i, token in enumerate(tokens):
        if i and token in tokens[: i - 1]:
            j = i - 2 - tokens[: i - 1][::-1].index(token)
            values.append(attention[i, j + 1].item())
    return sum(values) / len(values) if values else 0.0


def right_induction_mask(attention, ids):
    T = len(ids)
    mask = torch.zeros(T, T, dtype=torch.bool)
    for i in range(T):
        before = (ids[:i] == ids[i]).nonzero().flatten()
        if before.numel():
            mask[i, before[-1] + 1] = True
    return attention[mask].mean().item() if mask.any() else 0.0


def right_induction_counts(attention, ids):
    last, total, count = {}, 0.0, 0
    for i in range(ids.shape[0]):
        token = int(ids[i])
        j = last.get(token)
        if j is not None:
            total, count = total + float(attention[i][j + 1]), count + 1
        last[token] = i
    return total / max(count, 1)


WRONG = [
    *(
        ("few_shot_prompt", f)
        for f in (
            prompt_strips_the_colon,
            prompt_zero_means_all,
            prompt_skips_the_question_itself,
            prompt_lowercases,
            prompt_english_labels,
            prompt_strip_whole_text,
            prompt_sorted_examples,
            prompt_colon_in_instruction,
        )
    ),
    *(
        ("extract_answer", f)
        for f in (
            answer_last_mark_last_number,
            answer_first_number_when_no_mark,
            answer_dot_is_decimal,
            answer_absolute,
            answer_needs_word_boundary_space,
            answer_largest,
            answer_last_mark_with_a_number,
            answer_minus_anywhere,
            answer_thousand_at_least_four_digits,
        )
    ),
    *(
        ("exact_and_token_accuracy", f)
        for f in (
            accuracy_first_example_only,
            accuracy_sets,
            accuracy_zero_if_lengths_differ,
            accuracy_drops_unequal,
            accuracy_all_or_nothing,
            accuracy_errors,
            accuracy_prefix_is_exact,
            accuracy_texts,
        )
    ),
    *(
        ("majority_vote", f)
        for f in (
            vote_first_repeated,
            vote_none_on_ties,
            vote_none_wins,
            vote_absolute_values,
            vote_as_text,
            vote_torch_mode,
            vote_bincount,
            vote_single_answer_is_none,
            vote_at_least_two,
            vote_last_answer,
        )
    ),
    *(
        ("emergence_curve", f)
        for f in (
            curve_cumulative,
            curve_same_for_all,
            curve_counts_passing,
            curve_sorted,
            curve_index_first,
            curve_falsy_index,
            curve_log,
            curve_all_following_pass,
            curve_len_if_none,
            curve_square,
        )
    ),
    *(
        ("induction_score", f)
        for f in (
            induction_argmax_share,
            induction_one_before,
            induction_from_the_previous_row,
            induction_mean_of_means,
            induction_second_occurrence_only,
            induction_fixed_offset,
            induction_next_token_repeats,
            induction_none_when_absent,
            induction_total_attention,
            induction_updates_only_repeats,
        )
    ),
]

RIGHT = [
    ("few_shot_prompt", right_prompt_reduce),
    ("few_shot_prompt", right_prompt_recursive),
    ("extract_answer", right_answer_iterative),
    ("extract_answer", right_answer_chain),
    ("exact_and_token_accuracy", right_accuracy_enumerate),
    ("exact_and_token_accuracy", right_accuracy_padded),
    ("majority_vote", right_vote_groups),
    ("majority_vote", right_vote_reversed),
    ("emergence_curve", right_curve_while),
    ("emergence_curve", right_curve_min),
    ("induction_score", right_induction_mask),
    ("induction_score", right_induction_counts),
]
