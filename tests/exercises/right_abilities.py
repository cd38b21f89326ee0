"""Respuestas correctas de `04_habilidades` en otros estilos: el corrector las acepta todas.

Cada entrada: (ejercicio, función).
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections import Counter

import numpy as np
import torch


def prompt_in_a_loop(instruction, examples, question, k):
    text = ""
    if instruction:
        text += instruction + "\n\n"
    for i in range(k):
        text += "Entrada: " + examples[i][0] + "\nSalida: " + examples[i][1] + "\n\n"
    return text + "Entrada: " + question + "\nSalida:"


def prompt_with_an_open_example(instruction, examples, question, k):
    pairs = [*examples[:k], (question, "")]
    blocks = [f"Entrada: {x}\nSalida: {y}" for x, y in pairs]
    return "\n\n".join(filter(None, [instruction, *blocks])).rstrip()


def prompt_with_islice(instruction, examples, question, k):
    parts = [instruction] * bool(instruction)
    parts += ["Entrada: {}\nSalida: {}".format(*pair) for pair in itertools.islice(examples, k)]
    parts.append("\n".join(["Entrada: " + question, "Salida:"]))
    return "\n\n".join(parts)


def prompt_line_by_line(instruction, examples, question, k):
    lines = [instruction, ""] if instruction != "" else []
    for shown, (x, y) in enumerate(examples):
        if shown == k:
            break
        lines += ["Entrada: " + x, "Salida: " + y, ""]
    return "\n".join([*lines, "Entrada: " + question, "Salida:"])


def answer_with_finditer(text):
    after = text.split("Respuesta:")[-1] if "Respuesta:" in text else ""
    match = re.search(r"-?\d{1,3}(\.\d{3})+|-?\d+", after)
    if match is None:
        *_, match = [None, *re.finditer(r"-?\d{1,3}(\.\d{3})+|-?\d+", text)]
    return int(match[0].replace(".", "")) if match else None


def answer_without_the_dots(text):
    text = re.sub(r"(?<=\d)\.(?=\d{3})", "", text)
    place = text.rfind("Respuesta:")
    after = re.findall(r"[+-]?\d+", text[place:]) if place >= 0 else []
    everything = re.findall(r"[+-]?\d+", text)
    if after:
        return int(after[0])
    return int(everything[-1]) if everything else None


def answer_with_every_dot_removed(text):
    *_, after = text.replace(".", "").split("Respuesta:")
    for numbers in (
        re.findall(r"-?\d+", after)[:1] if "Respuesta:" in text else [],
        re.findall(r"-?\d+", text.replace(".", ""))[-1:],
    ):
        if numbers:
            return int(numbers[0])
    return None


def answer_letter_by_letter(text):
    def numbers(piece):
        found, current = [], ""
        for c in piece + " ":
            if c.isdigit() or (c == "." and current):
                current += c
            else:
                if current:
                    found.append(current)
                current = ""
        return [number.rstrip(".") for number in found]

    def signed(piece, number, last):
        place = piece.rfind(number) if last else piece.find(number)
        value = int(number.replace(".", ""))
        return -value if place > 0 and piece[place - 1] == "-" else value

    if "Respuesta:" in text:
        piece = text[text.rindex("Respuesta:") :]
        if numbers(piece):
            return signed(piece, numbers(piece)[0], last=False)
    found = numbers(text)
    return signed(text, found[-1], last=True) if found else None


def answer_with_two_patterns(text):
    number = r"([-+]?\d+(?:\.\d{3})*)"
    marked = re.search(r"Respuesta:(?!.*Respuesta:)\D*?" + number, text, re.DOTALL)
    loose = re.findall(number, text)
    chosen = marked[1] if marked else loose[-1] if loose else None
    return chosen if chosen is None else int(chosen.replace(".", ""))


def accuracies_in_a_loop(outputs, targets):
    exact = hits = total = 0
    for i in range(len(targets)):
        if outputs[i] == targets[i]:
            exact += 1
        for j in range(len(targets[i])):
            total += 1
            if j < len(outputs[i]) and outputs[i][j] == targets[i][j]:
                hits += 1
    return exact / len(targets), hits / total


def accuracies_with_zip_longest(outputs, targets):
    pairs = list(zip(outputs, targets, strict=True))
    hits = [
        a == b
        for output, target in pairs
        for a, b in itertools.islice(itertools.zip_longest(output, target), len(target))
    ]
    return statistics.mean([float(a == b) for a, b in pairs]), sum(hits) / len(hits)


def accuracies_with_numpy(outputs, targets):
    exact = np.mean([o == t for o, t in zip(outputs, targets, strict=True)])
    width = max(map(len, outputs + targets))
    one = np.array([o + [-1] * (width - len(o)) for o in outputs])
    other = np.array([t + [-2] * (width - len(t)) for t in targets])
    return exact, (one == other).sum() / (other != -2).sum()


def accuracies_as_a_list_of_tensors(outputs, targets):
    exact = torch.tensor([o == t for o, t in zip(outputs, targets, strict=True)]).float().mean()
    hits = torch.tensor(
        [a == b for o, t in zip(outputs, targets, strict=True) for a, b in zip(o, t, strict=False)]
    )
    return [exact, hits.sum() / sum(len(t) for t in targets)]


def vote_with_a_counter(answers):
    votes = Counter(answer for answer in answers if answer is not None)
    return votes.most_common(1)[0][0] if votes else None


def vote_with_mode(answers):
    given = [answer for answer in answers if answer is not None]
    return statistics.mode(given) if given else None


def vote_with_a_dictionary(answers):
    votes = {}
    for answer in answers:
        if answer is not None:
            votes[answer] = votes.get(answer, 0) + 1
    best = None
    for answer in votes:
        if best is None or votes[answer] > votes[best]:
            best = answer
    return best


def vote_with_numpy(answers):
    given = np.array([answer for answer in answers if answer is not None])
    if not given.size:
        return None
    values, first, counts = np.unique(given, return_index=True, return_counts=True)
    return values[np.lexsort((first, -counts))[0]]


def vote_sorted(answers):
    given = [a for a in answers if a is not None]
    order = sorted(set(given), key=lambda a: (-given.count(a), given.index(a)))
    return [*order, None][0]


def curve_with_numpy(token_accuracy, length, threshold):
    curve = np.array(token_accuracy) ** length
    passing = np.flatnonzero(curve >= threshold)
    return curve, int(passing[0]) if len(passing) else None


def curve_by_repeated_product(token_accuracy, length, threshold):
    curve, index = [], None
    for i, p in enumerate(token_accuracy):
        value = 1.0
        for _ in range(length):
            value *= p
        curve.append(value)
        if index is None and value >= threshold:
            index = i
    return curve, index


def curve_with_torch(token_accuracy, length, threshold):
    curve = torch.tensor(token_accuracy, dtype=torch.float64).pow(length)
    places = (curve >= threshold).nonzero().flatten().tolist()
    return curve, places[0] if places else None


def curve_as_a_list(token_accuracy, length, threshold):
    curve = [pow(p, length) for p in token_accuracy]
    above = [value >= threshold for value in curve]
    return [tuple(curve), above.index(True) if any(above) else None]


def curve_in_logarithms(token_accuracy, length, threshold):
    with np.errstate(divide="ignore"):
        curve = np.exp(length * np.log(token_accuracy)).tolist()
    return curve, next((i for i, value in enumerate(curve) if value >= threshold), None)


def induction_with_a_dictionary(attention, ids):
    last, seen = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            seen.append(attention[i, last[token] + 1])
        last[token] = i
    return float(torch.stack(seen).mean()) if seen else 0.0


def induction_backwards(attention, ids):
    total = count = 0
    for i in range(len(ids)):
        for j in range(i - 1, -1, -1):
            if ids[j] == ids[i]:
                total += attention[i, j + 1].item()
                count += 1
                break
    return total / count if count else 0.0


def induction_vectorised(attention, ids):
    T = len(ids)
    same = (ids[:, None] == ids[None, :]).tril(-1)
    places = torch.where(same, torch.arange(T), -1).amax(dim=1)
    rows = (places >= 0).nonzero().flatten()
    if len(rows) == 0:
        return 0.0
    return attention[rows, places[rows] + 1].mean().item()


def induction_with_numpy(attention, ids):
    ids, attention = ids.numpy(), attention.numpy().astype(float)
    values = []
    for i in range(1, len(ids)):
        before = np.flatnonzero(ids[:i] == ids[i])
        if before.size:
            values.append(attention[i, before.max() + 1])
    return np.mean(values) if values else 0.0


def induction_as_a_tensor(attention, ids):
    tokens = ids.tolist()
    pairs = [
        (i, i - tokens[:i][::-1].index(token))
        for i, token in enumerate(tokens)
        if token in tokens[:i]
    ]
    if not pairs:
        return 0
    rows, columns = zip(*pairs, strict=True)
    return attention.double()[list(rows), list(columns)].mean()


RIGHT = [
    ("few_shot_prompt", prompt_in_a_loop),
    ("few_shot_prompt", prompt_with_an_open_example),
    ("few_shot_prompt", prompt_with_islice),
    ("few_shot_prompt", prompt_line_by_line),
    ("extract_answer", answer_with_finditer),
    ("extract_answer", answer_without_the_dots),
    ("extract_answer", answer_with_every_dot_removed),
    ("extract_answer", answer_letter_by_letter),
    ("extract_answer", answer_with_two_patterns),
    ("exact_and_token_accuracy", accuracies_in_a_loop),
    ("exact_and_token_accuracy", accuracies_with_zip_longest),
    ("exact_and_token_accuracy", accuracies_with_numpy),
    ("exact_and_token_accuracy", accuracies_as_a_list_of_tensors),
    ("majority_vote", vote_with_a_counter),
    ("majority_vote", vote_with_mode),
    ("majority_vote", vote_with_a_dictionary),
    ("majority_vote", vote_with_numpy),
    ("majority_vote", vote_sorted),
    ("emergence_curve", curve_with_numpy),
    ("emergence_curve", curve_by_repeated_product),
    ("emergence_curve", curve_with_torch),
    ("emergence_curve", curve_as_a_list),
    ("emergence_curve", curve_in_logarithms),
    ("induction_score", induction_with_a_dictionary),
    ("induction_score", induction_backwards),
    ("induction_score", induction_vectorised),
    ("induction_score", induction_with_numpy),
    ("induction_score", induction_as_a_tensor),
]
