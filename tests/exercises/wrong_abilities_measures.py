"""Respuestas equivocadas de `04_habilidades` (las medidas y la inducción), escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import numpy as np
import torch


def accuracy_zip_everywhere(outputs, targets):
    exact = hits = total = 0
    for o, t in zip(outputs, targets):
        same = [a == b for a, b in zip(o, t)]
        exact += all(same)
        hits += sum(same)
        total += len(same)
    return exact / len(targets), hits / max(total, 1)


def accuracy_mean_of_means(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    shares = [sum(a == b for a, b in zip(o, t)) / len(t) for o, t in zip(outputs, targets)]
    return exact, sum(shares) / len(shares)


def accuracy_over_the_output(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(a == b for o, t in zip(outputs, targets) for a, b in zip(o, t))
    return exact, hits / sum(len(o) for o in outputs)


def accuracy_membership(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(token in o for o, t in zip(outputs, targets) for token in t)
    return exact, hits / sum(len(t) for t in targets)


def accuracy_swapped(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(a == b for o, t in zip(outputs, targets) for a, b in zip(o, t))
    return hits / sum(len(t) for t in targets), exact


def accuracy_indexes_past_the_end(outputs, targets):
    exact = hits = total = 0
    for o, t in zip(outputs, targets):
        exact += o == t
        for i in range(len(t)):
            hits += o[i] == t[i]
            total += 1
    return exact / len(targets), hits / total


def accuracy_ragged_numpy(outputs, targets):
    one, other = np.array(outputs), np.array(targets)
    return (one == other).all(axis=1).mean(), (one == other).mean()


def accuracy_percent(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(a == b for o, t in zip(outputs, targets) for a, b in zip(o, t))
    return 100 * exact, 100 * hits / sum(len(t) for t in targets)


def accuracy_flat_lists(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    one, other = sum(outputs, []), sum(targets, [])
    return exact, sum(a == b for a, b in zip(one, other)) / len(other)


def accuracy_penalises_extra(outputs, targets):
    exact = sum(o == t for o, t in zip(outputs, targets)) / len(targets)
    hits = sum(a == b for o, t in zip(outputs, targets) for a, b in zip(o, t))
    return exact, hits / sum(max(len(o), len(t)) for o, t in zip(outputs, targets))


def curve_times_length(token_accuracy, length, threshold):
    curve = [p * length for p in token_accuracy]
    return curve, next((i for i, v in enumerate(curve) if v >= threshold), None)


def curve_argmax(token_accuracy, length, threshold):
    curve = np.array(token_accuracy) ** length
    return curve.tolist(), int(np.argmax(curve >= threshold))


def curve_only_above(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    for i, v in enumerate(curve):
        if v > threshold:
            return curve, i
    return curve, None


def curve_looks_at_tokens(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    for i, p in enumerate(token_accuracy):
        if p >= threshold:
            return curve, i
    return curve, None


def curve_keeps_the_last(token_accuracy, length, threshold):
    curve, index = [], None
    for i, p in enumerate(token_accuracy):
        curve.append(p**length)
        if curve[-1] >= threshold:
            index = i
    return curve, index


def curve_stops_early(token_accuracy, length, threshold):
    curve = []
    for i, p in enumerate(token_accuracy):
        curve.append(p**length)
        if curve[-1] >= threshold:
            return curve, i
    return curve, None


def curve_bisects(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    place = int(np.searchsorted(np.maximum.accumulate(curve[::-1])[::-1], threshold))
    return curve, place if place < len(curve) else None


def curve_rounded(token_accuracy, length, threshold):
    curve = [round(p**length, 2) for p in token_accuracy]
    return curve, next((i for i, v in enumerate(curve) if v >= threshold), None)


def curve_returns_the_value(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    return curve, next((v for v in curve if v >= threshold), None)


def curve_at_least_one(token_accuracy, length, threshold):
    curve = [1 - (1 - p) ** length for p in token_accuracy]
    return curve, next((i for i, v in enumerate(curve) if v >= threshold), None)


def curve_step(token_accuracy, length, threshold):
    curve = [p**length for p in token_accuracy]
    steps = [b - a for a, b in zip(curve, curve[1:])]
    return curve, steps.index(max(steps)) + 1 if steps else None


def induction_looks_at_the_same(attention, ids):
    tokens, values = ids.tolist(), []
    for i in range(len(tokens)):
        for j in range(i - 1, -1, -1):
            if tokens[j] == tokens[i]:
                values.append(attention[i, j].item())
                break
    return sum(values) / len(values) if values else 0.0


def induction_transposed(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values.append(attention[last[token] + 1, i].item())
        last[token] = i
    return sum(values) / len(values) if values else 0.0


def induction_first_time(attention, ids):
    tokens, values = ids.tolist(), []
    for i, token in enumerate(tokens):
        j = tokens.index(token)
        if j < i:
            values.append(attention[i, j + 1].item())
    return sum(values) / len(values) if values else 0.0


def induction_keeps_the_first(attention, ids):
    first, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in first:
            values.append(attention[i, first[token] + 1].item())
        else:
            first[token] = i
    return sum(values) / len(values) if values else 0.0


def induction_over_all_positions(attention, ids):
    last, total = {}, 0.0
    for i, token in enumerate(ids.tolist()):
        if token in last:
            total += attention[i, last[token] + 1].item()
        last[token] = i
    return total / len(ids)


def induction_empty_mean(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values.append(attention[i, last[token] + 1].item())
        last[token] = i
    return torch.tensor(values).mean().item()


def induction_divides_by_zero(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last:
            values.append(attention[i, last[token] + 1].item())
        last[token] = i
    return sum(values) / len(values)


def induction_tensor_keys(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids):
        if token in last:
            values.append(attention[i, last[token] + 1].item())
        last[token] = i
    return sum(values) / len(values) if values else 0.0


def induction_every_pair(attention, ids):
    same = (ids[:, None] == ids[None, :]).tril(-1)
    rows, columns = same.nonzero(as_tuple=True)
    return attention[rows, columns + 1].mean().item() if len(rows) else 0.0


def induction_diagonal_counts(attention, ids):
    same = (ids[:, None] == ids[None, :]).tril()
    rows, columns = same.nonzero(as_tuple=True)
    columns = (columns + 1).clamp(max=len(ids) - 1)
    return attention[rows, columns].mean().item()


def induction_previous_token(attention, ids):
    seen, values = set(), []
    for i, token in enumerate(ids.tolist()):
        if token in seen:
            values.append(attention[i, i - 1].item())
        seen.add(token)
    return sum(values) / len(values) if values else 0.0


def induction_skips_neighbours(attention, ids):
    last, values = {}, []
    for i, token in enumerate(ids.tolist()):
        if token in last and last[token] + 1 != i:
            values.append(attention[i, last[token] + 1].item())
        last[token] = i
    return sum(values) / len(values) if values else 0.0


def induction_half_and_half(attention, ids):
    half = len(ids) // 2
    rows = torch.arange(half, len(ids))
    return attention[rows, rows - half + 1].mean().item() if half else 0.0


WRONG = [
    ("exact_and_token_accuracy", accuracy_zip_everywhere, "no todas las salidas son idénticas"),
    ("exact_and_token_accuracy", accuracy_mean_of_means, "Promediaste promedios"),
    ("exact_and_token_accuracy", accuracy_over_the_output, "Dividiste por lo que escribió"),
    ("exact_and_token_accuracy", accuracy_membership, "de los objetivos hay"),
    ("exact_and_token_accuracy", accuracy_swapped, "En el orden inverso"),
    ("exact_and_token_accuracy", accuracy_indexes_past_the_end, "IndexError"),
    ("exact_and_token_accuracy", accuracy_ragged_numpy, "Tu función lanzó"),
    ("exact_and_token_accuracy", accuracy_percent, "En porcentaje"),
    ("exact_and_token_accuracy", accuracy_flat_lists, "de los objetivos hay"),
    ("exact_and_token_accuracy", accuracy_penalises_extra, "Lo que sobra contó como error"),
    ("emergence_curve", curve_times_length, "Multiplicaste por el largo"),
    ("emergence_curve", curve_argmax, "Ninguno llega"),
    ("emergence_curve", curve_only_above, "Llegar también vale"),
    ("emergence_curve", curve_looks_at_tokens, "El umbral sobre los tokens"),
    ("emergence_curve", curve_keeps_the_last, "Elegiste el último"),
    ("emergence_curve", curve_stops_early, "la curva tiene"),
    ("emergence_curve", curve_bisects, "en tu curva y el umbral es"),
    ("emergence_curve", curve_rounded, "posición 1 (`curva`)"),
    ("emergence_curve", curve_returns_the_value, "debe devolver"),
    ("emergence_curve", curve_at_least_one, "Al menos uno"),
    ("emergence_curve", curve_step, "posición 2 (`índice`)"),
    ("induction_score", induction_looks_at_the_same, "Miraste la vez anterior"),
    ("induction_score", induction_transposed, "Fila y columna al revés"),
    ("induction_score", induction_first_time, "La primera vez y no la más reciente"),
    ("induction_score", induction_keeps_the_first, "La primera vez y no la más reciente"),
    ("induction_score", induction_over_all_positions, "Dividiste por todas las posiciones"),
    ("induction_score", induction_empty_mean, "¿Y si nada se repite?"),
    ("induction_score", induction_divides_by_zero, "¿Y si nada se repite?"),
    ("induction_score", induction_tensor_keys, "Salió siempre cero"),
    ("induction_score", induction_every_pair, "Contaste todas las veces anteriores"),
    ("induction_score", induction_diagonal_counts, "Ningún token se repite"),
    ("induction_score", induction_previous_token, "Miraste el token anterior"),
    ("induction_score", induction_skips_neighbours, "Saltaste los repetidos seguidos"),
    ("induction_score", induction_half_and_half, "Ningún token se repite"),
]
