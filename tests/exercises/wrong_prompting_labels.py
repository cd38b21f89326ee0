"""Respuestas equivocadas de `05_prompting` (de la PMI a la calibración), escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import math

import torch


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


def pmi_wrong_factor(logprobs, priors):
    return (logprobs - priors) / math.log2(math.e)


def pmi_base_ten(logprobs, priors):
    return (logprobs - priors) / math.log(10)


def pmi_positive_only(logprobs, priors):
    return torch.relu((logprobs - priors) / math.log(2))


def pmi_through_probabilities(logprobs, priors):
    return torch.log2(logprobs.exp() / priors.exp())


def pmi_with_epsilon(logprobs, priors):
    return torch.log2((logprobs.exp() + 1e-9) / (priors.exp() + 1e-9))


def pmi_one_of_them_in_bits(logprobs, priors):
    return logprobs / math.log(2) - priors


def pmi_average(logprobs, priors):
    return ((logprobs - priors) / math.log(2)).mean()


def labels_present(logprobs, labels, num_labels):
    probs = logprobs.softmax(0)
    return torch.stack([probs[labels == k].sum() for k in labels.unique()])


def labels_bincount(logprobs, labels, num_labels):
    return torch.bincount(labels, weights=logprobs.softmax(0))


def labels_overwritten(logprobs, labels, num_labels):
    out = torch.zeros(num_labels)
    out[labels] += logprobs.softmax(0)
    return out


def labels_separately(logprobs, labels, num_labels):
    return torch.stack([logprobs[labels == k].softmax(0).sum() for k in range(num_labels)])


def labels_normalised_at_the_end(logprobs, labels, num_labels):
    sums = torch.stack([logprobs[labels == k].exp().sum() for k in range(num_labels)])
    return sums / sums.sum()


def labels_twice_softmax(logprobs, labels, num_labels):
    probs = logprobs.softmax(0)
    return torch.stack([probs[labels == k].sum() for k in range(num_labels)]).softmax(0)


def labels_in_turns(logprobs, labels, num_labels):
    probs = logprobs.softmax(0)
    return torch.stack([probs[k::num_labels].sum() for k in range(num_labels)])


def labels_smoothed(logprobs, labels, num_labels):
    probs = logprobs.softmax(0)
    sums = torch.stack([probs[labels == k].sum() for k in range(num_labels)]) + 1e-2
    return sums / sums.sum()


def calibrate_mean_over_labels(probs, content_free):
    q = probs / content_free.mean(1)
    return q / q.sum(1, keepdim=True)


def calibrate_mean_over_labels_kept(probs, content_free):
    q = probs / content_free.mean(1, keepdim=True)
    return q / q.sum(1, keepdim=True)


def calibrate_first_input(probs, content_free):
    q = probs / content_free[0]
    return q / q.sum(1, keepdim=True)


def calibrate_softmax(probs, content_free):
    return torch.softmax(probs / content_free.mean(0), dim=1)


def calibrate_everything_at_once(probs, content_free):
    q = probs / content_free.mean(0)
    return q / q.sum()


def calibrate_without_keepdim(probs, content_free):
    q = probs / content_free.mean(0)
    return q / q.sum(1)


def calibrate_geometric_mean(probs, content_free):
    q = probs / content_free.log().mean(0).exp()
    return q / q.sum(1, keepdim=True)


def calibrate_each_input(probs, content_free):
    rows = [probs / row for row in content_free]
    rows = [q / q.sum(1, keepdim=True) for q in rows]
    return torch.stack(rows).mean(0)


def calibrate_with_a_floor(probs, content_free):
    q = probs / content_free.mean(0).clamp(min=0.05)
    return q / q.sum(1, keepdim=True)


WRONG = [
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
    ("pmi_bits", pmi_wrong_factor, "Multiplicaste por log 2"),
    ("pmi_bits", pmi_base_ten, "En base 10"),
    ("pmi_bits", pmi_positive_only, "Cortaste en cero"),
    ("pmi_bits", pmi_through_probabilities, "Pasaste por las probabilidades"),
    ("pmi_bits", pmi_with_epsilon, "su PMI salió"),
    ("pmi_bits", pmi_one_of_them_in_bits, "no salió con PMI 0"),
    ("pmi_bits", pmi_average, "forma"),
    ("label_probs", labels_present, "Perdiste las etiquetas sin respuestas"),
    ("label_probs", labels_bincount, "Perdiste las etiquetas sin respuestas"),
    ("label_probs", labels_overwritten, "Se quedó una sola respuesta"),
    ("label_probs", labels_separately, "Normalizaste dentro de cada etiqueta"),
    ("label_probs", labels_normalised_at_the_end, "Normalizaste al final"),
    ("label_probs", labels_twice_softmax, "Otra softmax al final"),
    ("label_probs", labels_in_turns, "su etiqueta quedó con"),
    ("label_probs", labels_smoothed, "su etiqueta quedó con"),
    ("calibrate", calibrate_mean_over_labels, "Promediaste las etiquetas"),
    ("calibrate", calibrate_mean_over_labels_kept, "Promediaste las etiquetas"),
    ("calibrate", calibrate_first_input, "Usaste una sola entrada"),
    ("calibrate", calibrate_softmax, "Usaste una softmax"),
    ("calibrate", calibrate_everything_at_once, "Normalizaste todo junto"),
    ("calibrate", calibrate_without_keepdim, "Falta `keepdim`"),
    ("calibrate", calibrate_geometric_mean, "p_cf ="),
    ("calibrate", calibrate_each_input, "Promediaste al final"),
    ("calibrate", calibrate_with_a_floor, "p_cf ="),
]
