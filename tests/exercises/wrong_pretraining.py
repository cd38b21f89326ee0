"""Respuestas equivocadas de `03b_preentrenamiento`: objetivos, entropía cruzada y bigramas.

Cada entrada: (ejercicio, función, fragmento de lo que se le dice).
"""

import math
from collections import Counter

import torch
from torch.nn import functional as F

from tests.exercises.wrong_pretraining_loop import WRONG as LOOP


def shift_reads_and_repeats(rows, pad_id):
    seen = rows[:, :-1]
    return seen, torch.where(seen == pad_id, -100, seen)


def shift_the_past(rows, pad_id):
    before = rows[:, :-1].clone()
    before[before == pad_id] = -100
    return rows[:, 1:], before


def shift_learns_padding(rows, pad_id):
    return rows[:, :-1], rows[:, 1:]


def shift_writes_over_the_rows(rows, pad_id):
    targets = rows[:, 1:]
    targets[targets == pad_id] = -100
    return rows[:, :-1], targets


def shift_masks_everything(rows, pad_id):
    masked = torch.where(rows == pad_id, -100, rows)
    return masked[:, :-1], masked[:, 1:]


def shift_masks_by_the_input(rows, pad_id):
    x, y = rows[:, :-1], rows[:, 1:]
    return x, torch.where(x == pad_id, torch.tensor(-100), y)


def shift_drops_the_last_word(rows, pad_id):
    x, y = rows[:, :-1], rows[:, 1:].clone()
    for b in range(len(rows)):
        length = int((rows[b] != pad_id).sum())
        for t in range(rows.shape[1] - 1):
            if t + 2 >= length:
                y[b, t] = -100
    return x, y


def shift_only_one_ignored(rows, pad_id):
    y = rows[:, 1:].tolist()
    for row in y:
        if pad_id in row:
            row[row.index(pad_id)] = -100
    return rows[:, :-1], torch.tensor(y)


def shift_assumes_zero(rows, pad_id):
    y = rows[:, 1:].clone()
    return rows[:, :-1], y.masked_fill_(y == 0, -100)


def shift_minus_one(rows, pad_id):
    y = rows[:, 1:].clone()
    y[y == pad_id] = -1
    return rows[:, :-1], y


def shift_full_length(rows, pad_id):
    tail = torch.full((len(rows), 1), -100)
    y = torch.cat([rows[:, 1:], tail], dim=1)
    y[y == pad_id] = -100
    return rows, y


def shift_wheel(rows, pad_id):
    y = torch.roll(rows, shifts=-1, dims=1)
    return rows, torch.where(y == pad_id, -100, y)


def shift_wrong_axis(rows, pad_id):
    return rows[:-1], torch.where(rows[1:] == pad_id, -100, rows[1:])


def shift_two(rows, pad_id):
    y = rows[:, 2:]
    return rows[:, :-2], torch.where(y == pad_id, -100, y)


def shift_targets_first(rows, pad_id):
    y = rows[:, 1:]
    return torch.where(y == pad_id, -100, y), rows[:, :-1]


def shift_only_targets(rows, pad_id):
    y = rows[:, 1:]
    return torch.where(y == pad_id, -100, y)


def shift_infinite(rows, pad_id):
    y = rows[:, 1:].float()
    y[y == pad_id] = float("-inf")
    return rows[:, :-1], y


def entropy_by_definition(logits, targets):
    exps = torch.exp(logits)
    probs = exps / exps.sum(dim=-1, keepdim=True)
    losses = [
        -torch.log(probs[b, t, targets[b, t]]) for b, t in (targets != -100).nonzero().tolist()
    ]
    return sum(losses) / len(losses)


def entropy_log_of_softmax(logits, targets):
    probs = torch.softmax(logits, dim=-1)
    mask = targets >= 0
    picked = torch.gather(probs[mask], 1, targets[mask].unsqueeze(1)).squeeze(1)
    return torch.mean(-torch.log(picked))


def entropy_tiny_added(logits, targets):
    probs = torch.softmax(logits, dim=-1)
    mask = targets >= 0
    picked = torch.gather(probs[mask], 1, targets[mask].unsqueeze(1)).squeeze(1)
    return torch.mean(-torch.log(picked + 1e-9))


def entropy_one_top_for_all(logits, targets):
    mask = targets != -100
    z = logits - torch.max(logits)
    lse = torch.log(torch.exp(z).sum(-1))
    picked = z.gather(-1, targets.clamp(min=0).unsqueeze(-1)).squeeze(-1)
    return (lse - picked)[mask].mean()


def entropy_top_not_returned(logits, targets):
    mask = targets != -100
    z, ids = logits[mask], targets[mask]
    top = z.amax(dim=1, keepdim=True)
    return (torch.log(torch.exp(z - top).sum(1)) - z[torch.arange(len(ids)), ids]).mean()


def entropy_ignores_nothing(logits, targets):
    ids = torch.where(targets == -100, 0, targets)
    return F.nll_loss(logits.log_softmax(-1).flatten(0, 1), ids.flatten())


def entropy_indexes_minus_hundred(logits, targets):
    logprobs = logits.log_softmax(-1)
    return -logprobs.gather(-1, targets.unsqueeze(-1)).mean()


def entropy_all_positions(logits, targets):
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    return losses.mean()


def entropy_row_means(logits, targets):
    losses = F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")
    means = [
        row[t != -100].mean() for row, t in zip(losses, targets, strict=True) if any(t != -100)
    ]
    return torch.stack(means).mean()


def entropy_total(logits, targets):
    return F.cross_entropy(logits.transpose(1, 2), targets, reduction="none").sum()


def entropy_base_two(logits, targets):
    return F.cross_entropy(logits.transpose(1, 2), targets) / torch.log(torch.tensor(2.0))


def entropy_positive_logs(logits, targets):
    return -1 * F.cross_entropy(logits.transpose(1, 2), targets)


def entropy_shifts_too(logits, targets):
    return F.cross_entropy(logits[:, :-1].transpose(1, 2), targets[:, 1:])


def entropy_softmax_first(logits, targets):
    return F.cross_entropy(logits.softmax(-1).transpose(1, 2), targets)


def entropy_over_positions(logits, targets):
    mask = targets != -100
    return F.nll_loss(torch.log_softmax(logits, dim=1)[mask], targets[mask])


def entropy_no_normalizer(logits, targets):
    mask = targets != -100
    return F.nll_loss(logits[mask], targets[mask])


def entropy_mean_probability(logits, targets):
    mask = targets != -100
    probs = logits[mask].softmax(1)
    return torch.stack([p[i] for p, i in zip(probs, targets[mask], strict=True)]).mean()


def entropy_truthy_ids(logits, targets):
    z, ids = logits[targets > 0], targets[targets > 0]
    return (z.logsumexp(1) - z.gather(1, ids[:, None])[:, 0]).mean()


def entropy_of_the_distribution(logits, targets):
    return torch.distributions.Categorical(logits=logits[targets != -100]).entropy().mean()


def entropy_as_perplexity(logits, targets):
    return math.e ** F.cross_entropy(logits.transpose(1, 2), targets)


def entropy_each(logits, targets):
    return F.cross_entropy(logits.transpose(1, 2), targets, reduction="none")


def _pairs(ids):
    return [(ids[i], ids[i + 1]) for i in range(len(ids) - 1)]


def _table(pairs, vocab_size):
    table = torch.zeros(vocab_size, vocab_size)
    for i, j in pairs:
        table[i, j] += 1
    return table


def bigram_one_long_text(sequences, vocab_size, alpha):
    ids = sum(sequences, [])
    table = _table(_pairs(ids), vocab_size) + alpha
    return table / table.sum(-1, keepdim=True)


def bigram_around(sequences, vocab_size, alpha):
    pairs = [p for s in sequences for p in zip(s, s[1:] + s[:1], strict=True)]
    table = _table(pairs, vocab_size) + alpha
    return table / table.sum(-1, keepdim=True)


def bigram_next_in_rows(sequences, vocab_size, alpha):
    pairs = [(j, i) for s in sequences for i, j in _pairs(s)]
    table = _table(pairs, vocab_size) + alpha
    return table / table.sum(-1, keepdim=True)


def _all(sequences, vocab_size):
    return _table([p for s in sequences for p in _pairs(s)], vocab_size)


def bigram_normalizes_columns(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size) + alpha
    return table / table.sum(axis=0)


def bigram_forgets_keepdim(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size) + alpha
    return table / table.sum(axis=1)


def bigram_whole_corpus(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size) + alpha
    return table / table.sum()


def bigram_no_alpha(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size)
    total = table.sum(1, keepdim=True)
    return torch.where(total > 0, table / total, torch.zeros_like(table))


def bigram_plain_frequencies(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size)
    return table / table.sum(1, keepdim=True)


def bigram_add_one(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size) + 1
    return table / table.sum(1, keepdim=True)


def bigram_alpha_above_only(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size)
    return (table + alpha) / table.sum(1, keepdim=True)


def bigram_alpha_once(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size)
    return (table + alpha) / (table.sum(1, keepdim=True) + alpha)


def bigram_counts_of_the_token(sequences, vocab_size, alpha):
    seen = Counter(i for s in sequences for i in s)
    total = torch.tensor([[float(seen[i])] for i in range(vocab_size)])
    return (_all(sequences, vocab_size) + alpha) / (total + alpha * vocab_size)


def bigram_alpha_for_zeros(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size)
    table[table == 0] = alpha
    return table / table.sum(1, keepdim=True)


def bigram_set_of_pairs(sequences, vocab_size, alpha):
    table = _table([p for s in sequences for p in set(_pairs(s))], vocab_size) + alpha
    return table / table.sum(1, keepdim=True)


def bigram_step_two(sequences, vocab_size, alpha):
    pairs = [(s[i], s[i + 1]) for s in sequences for i in range(0, len(s) - 1, 2)]
    table = _table(pairs, vocab_size) + alpha
    return table / table.sum(1, keepdim=True)


def bigram_counts(sequences, vocab_size, alpha):
    return _all(sequences, vocab_size) + alpha


def bigram_soft(sequences, vocab_size, alpha):
    return F.softmax(_all(sequences, vocab_size) + alpha, dim=-1)


def bigram_log(sequences, vocab_size, alpha):
    table = _all(sequences, vocab_size) + alpha
    return torch.log(table / table.sum(1, keepdim=True))


def bigram_past_the_end(sequences, vocab_size, alpha):
    table = torch.full((vocab_size, vocab_size), alpha)
    for s in sequences:
        for i in range(len(s)):
            table[s[i], s[i + 1]] += 1
    return table / table.sum(1, keepdim=True)


def bigram_dictionary(sequences, vocab_size, alpha):
    return dict(Counter(p for s in sequences for p in _pairs(s)))


WRONG = [
    ("shift", shift_reads_and_repeats, "Sin correr"),
    ("shift", shift_the_past, "Corriste hacia atrás"),
    ("shift", shift_learns_padding, "El relleno quedó como objetivo"),
    ("shift", shift_writes_over_the_rows, "modificó el argumento `rows`"),
    ("shift", shift_masks_everything, "−100 también en las entradas"),
    ("shift", shift_masks_by_the_input, "Miraste si la entrada es relleno"),
    ("shift", shift_drops_the_last_word, "Perdiste el último token de cada texto"),
    ("shift", shift_only_one_ignored, "Tapaste solo el primer relleno"),
    ("shift", shift_assumes_zero, "Tapaste el 0"),
    ("shift", shift_minus_one, "−1 en lugar de −100"),
    ("shift", shift_full_length, "No quitaste ningún token"),
    ("shift", shift_wheel, "El primero persigue al último"),
    ("shift", shift_wrong_axis, "Corriste las filas y no las posiciones"),
    ("shift", shift_two, "Dos lugares más allá"),
    ("shift", shift_targets_first, "En el orden inverso"),
    ("shift", shift_only_targets, "una tupla de 2 elementos"),
    ("shift", shift_infinite, "un tensor de tipo int64"),
    ("cross_entropy", entropy_by_definition, "La exponencial se desborda"),
    ("cross_entropy", entropy_log_of_softmax, "una probabilidad que ya es 0"),
    ("cross_entropy", entropy_tiny_added, "Sumaste un poco antes del logaritmo"),
    ("cross_entropy", entropy_one_top_for_all, "Un máximo común a todo el lote"),
    ("cross_entropy", entropy_top_not_returned, "Restaste el máximo y no lo devolviste"),
    ("cross_entropy", entropy_ignores_nothing, "Contaste las posiciones ignoradas"),
    ("cross_entropy", entropy_indexes_minus_hundred, "Tu función lanzó"),
    ("cross_entropy", entropy_all_positions, "Dividiste por todas las posiciones"),
    ("cross_entropy", entropy_row_means, "Promediaste por filas"),
    ("cross_entropy", entropy_total, "Sumaste"),
    ("cross_entropy", entropy_base_two, "En bits"),
    ("cross_entropy", entropy_positive_logs, "Con el signo cambiado"),
    ("cross_entropy", entropy_shifts_too, "Corriste otra vez"),
    ("cross_entropy", entropy_softmax_first, "Dos veces softmax"),
    ("cross_entropy", entropy_over_positions, "En el eje de las posiciones"),
    ("cross_entropy", entropy_no_normalizer, "Falta el logaritmo de la suma"),
    ("cross_entropy", entropy_mean_probability, "Falta el logaritmo"),
    ("cross_entropy", entropy_truthy_ids, "Ignoraste el token 0"),
    ("cross_entropy", entropy_of_the_distribution, "La entropía del modelo y no la cruzada"),
    ("cross_entropy", entropy_as_perplexity, "Devolviste la perplejidad"),
    ("cross_entropy", entropy_each, "un tensor de forma ()"),
    ("bigram_probabilities", bigram_one_long_text, "Pegaste los textos"),
    ("bigram_probabilities", bigram_around, "Cerraste el texto en un círculo"),
    ("bigram_probabilities", bigram_next_in_rows, "Filas por columnas"),
    ("bigram_probabilities", bigram_normalizes_columns, "la suma de las columnas"),
    ("bigram_probabilities", bigram_forgets_keepdim, "cada columna por la suma de una fila"),
    ("bigram_probabilities", bigram_whole_corpus, "La probabilidad del par"),
    ("bigram_probabilities", bigram_no_alpha, "Sin suavizar"),
    ("bigram_probabilities", bigram_plain_frequencies, "NaN"),
    ("bigram_probabilities", bigram_add_one, "Siempre sumaste 1"),
    ("bigram_probabilities", bigram_alpha_above_only, "Falta alpha en el denominador"),
    ("bigram_probabilities", bigram_alpha_once, "Un solo alpha en el denominador"),
    ("bigram_probabilities", bigram_counts_of_the_token, "Dividiste por las veces que aparece"),
    ("bigram_probabilities", bigram_alpha_for_zeros, "Suavizaste solo lo nunca visto"),
    ("bigram_probabilities", bigram_set_of_pairs, "Contaste cada par una sola vez"),
    ("bigram_probabilities", bigram_step_two, "De dos en dos"),
    ("bigram_probabilities", bigram_counts, "Devolviste las cuentas"),
    ("bigram_probabilities", bigram_soft, "Usaste softmax"),
    ("bigram_probabilities", bigram_log, "Devolviste los logaritmos"),
    ("bigram_probabilities", bigram_past_the_end, "Tu función lanzó IndexError"),
    ("bigram_probabilities", bigram_dictionary, "un diccionario"),
    *LOOP,
]
