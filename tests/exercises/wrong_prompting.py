"""Respuestas equivocadas de `05_prompting`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import torch


def fill_two_replaces(template, x, z):
    return template.replace("[X]", x).replace("[Z]", z)


def fill_strips_input(template, x, z):
    before, after = template.split("[X]")
    return before.replace("[Z]", z) + x.rstrip(".!?") + after.replace("[Z]", z)


def fill_only_x(template, x, z):
    return template.replace("[X]", x)


def fill_regardless_of_period(template, x, z):
    if x.endswith((".", "!", "?")):
        template = template.replace("[X].", "[X]")
    return template.replace("[X]", x).replace("[Z]", z)


def chain_off_by_one(logits, input_ids, n_context):
    logprobs = logits.log_softmax(-1)
    return sum(logprobs[i, input_ids[i]] for i in range(n_context, len(input_ids))).item()


def chain_first_token(logits, input_ids, n_context):
    return logits.log_softmax(-1)[n_context - 1, input_ids[n_context]].item()


def chain_raw_logits(logits, input_ids, n_context):
    return sum(logits[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def chain_wrong_axis(logits, input_ids, n_context):
    logprobs = logits.log_softmax(0)
    return sum(logprobs[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def pmi_nats(logprobs, priors):
    return logprobs - priors


def pmi_reversed(logprobs, priors):
    return (priors - logprobs) / torch.log(torch.tensor(2.0))


def pmi_ratio(logprobs, priors):
    return logprobs / priors


def pmi_probability(logprobs, priors):
    return torch.exp(logprobs) / torch.exp(priors)


def labels_mean(logprobs, labels, num_labels):
    probs = logprobs.softmax(0)
    means = torch.stack([probs[labels == k].mean() for k in range(num_labels)])
    return means / means.sum()


def labels_max(logprobs, labels, num_labels):
    probs = logprobs.softmax(0)
    best = torch.stack([probs[labels == k].max() for k in range(num_labels)])
    return best / best.sum()


def labels_product(logprobs, labels, num_labels):
    sums = torch.stack([logprobs[labels == k].sum() for k in range(num_labels)])
    return sums.softmax(0)


def labels_without_softmax(logprobs, labels, num_labels):
    return torch.stack([logprobs[labels == k].exp().sum() for k in range(num_labels)])


def labels_argmax(logprobs, labels, num_labels):
    return labels[logprobs.argmax()]


def calibrate_multiplies(probs, content_free):
    q = probs * content_free.mean(0)
    return q / q.sum(1, keepdim=True)


def calibrate_without_normalising(probs, content_free):
    return probs / content_free.mean(0)


def calibrate_subtracts(probs, content_free):
    return probs - content_free.mean(0)


def calibrate_in_place(probs, content_free):
    probs /= content_free.mean(0)
    probs /= probs.sum(1, keepdim=True)
    return probs


def calibrate_columns(probs, content_free):
    q = probs / content_free.mean(0)
    return q / q.sum(0)


def interval_wald(successes, n):
    p = successes / n
    margin = 1.96 * (p * (1 - p) / n) ** 0.5
    return p - margin, p + margin


def interval_percent(successes, n):
    p, z = successes / n, 1.96
    center, scale = p + z * z / (2 * n), 1 + z * z / n
    margin = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return 100 * (center - margin) / scale, 100 * (center + margin) / scale


def interval_without_scale(successes, n):
    p, z = successes / n, 1.96
    margin = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return p + z * z / (2 * n) - margin, p + z * z / (2 * n) + margin


WRONG = [
    ("fill_template", fill_two_replaces, "Puntuación doble y casillero"),
    ("fill_template", fill_strips_input, "Le quitaste el signo"),
    ("fill_template", fill_only_x, "[Z]"),
    ("fill_template", fill_regardless_of_period, "Llenaste un casillero de la entrada"),
    ("answer_logprob", chain_off_by_one, "Corriste los logits"),
    ("answer_logprob", chain_first_token, "Solo miraste el primer token"),
    ("answer_logprob", chain_raw_logits, "Sumaste logits"),
    ("answer_logprob", chain_wrong_axis, "Normalizaste por posiciones"),
    ("pmi_bits", pmi_nats, "En nats"),
    ("pmi_bits", pmi_reversed, "Al revés"),
    ("pmi_bits", pmi_ratio, "Dividiste los logaritmos"),
    ("pmi_bits", pmi_probability, "Olvidaste el logaritmo"),
    ("label_probs", labels_mean, "Promediaste las respuestas"),
    ("label_probs", labels_max, "Tomaste solo la mejor"),
    ("label_probs", labels_product, "Sumaste log-probabilidades"),
    ("label_probs", labels_without_softmax, "Sin normalizar"),
    ("label_probs", labels_argmax, "forma"),
    ("calibrate", calibrate_multiplies, "Multiplicaste en lugar de dividir"),
    ("calibrate", calibrate_without_normalising, "Sin normalizar"),
    ("calibrate", calibrate_subtracts, "Restaste en lugar de dividir"),
    ("calibrate", calibrate_in_place, "modificó el argumento `probs`"),
    ("calibrate", calibrate_columns, "Normalizaste por columnas"),
    ("wilson_interval", interval_wald, "Usaste p ± 1.96"),
    ("wilson_interval", interval_percent, "En porcentaje"),
    ("wilson_interval", interval_without_scale, "Falta dividir por 1 + z²/n"),
]
