"""Respuestas equivocadas de `08_generacion`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import torch

from tests.exercises import wrong_beams, wrong_filters, wrong_search


def softmax_wrong_axis(logits, temperature):
    z = logits / temperature
    e = torch.exp(z - z.max())
    return e / e.sum(dim=0)


def softmax_overflow(logits, temperature):
    e = (logits / temperature).exp()
    return e / e.sum(-1, keepdim=True)


def softmax_multiplies(logits, temperature):
    return (logits * temperature).softmax(-1)


def softmax_no_keepdim(logits, temperature):
    e = torch.exp(logits / temperature)
    return e / e.sum(-1)


def softmax_clamped(logits, temperature):
    e = torch.exp((logits / temperature).clamp(-80, 80))
    return e / e.sum(-1, keepdim=True)


def softmax_minus_mean(logits, temperature):
    z = logits / temperature
    e = torch.exp(z - z.mean(-1, keepdim=True))
    return e / e.sum(-1, keepdim=True)


def softmax_shift_before_dividing(logits, temperature):
    top = logits.max(-1, keepdim=True).values
    e = torch.exp(logits / temperature - top)
    return e / e.sum(-1, keepdim=True)


def softmax_to_the_power(logits, temperature):
    p = torch.softmax(logits, -1) ** (1 / temperature)
    return p / p.sum(-1, keepdim=True)


def softmax_nan_to_zero(logits, temperature):
    e = torch.exp(logits / temperature)
    return torch.nan_to_num(e / e.sum(-1, keepdim=True))


def softmax_never_below_a_tenth(logits, temperature):
    return torch.softmax(logits / max(temperature, 0.1), -1)


def softmax_in_place(logits, temperature):
    logits -= logits.max(-1, keepdim=True).values
    e = torch.exp(logits / temperature)
    return e / e.sum(-1, keepdim=True)


def entropy_nan(probs):
    return -(probs * torch.log2(probs)).sum(-1)


def entropy_nats(probs):
    safe = torch.where(probs > 0, probs, 1.0)
    return -(probs * torch.log(safe)).sum(-1)


def entropy_python_number(probs):
    return float(-torch.xlogy(probs, probs).sum())


def entropy_nan_of_the_sum(probs):
    return torch.nan_to_num(-(probs * probs.log2()).sum(-1), nan=0.0)


def entropy_plus_a_millionth(probs):
    return -(probs * torch.log2(probs + 1e-6)).sum(-1)


def entropy_clamped(probs):
    return -(probs * torch.log2(probs.clamp(min=1e-4))).sum(-1)


def entropy_of_the_columns(probs):
    safe = torch.where(probs > 0, probs, 1.0)
    return -(probs * safe.log2()).sum(0)


def entropy_of_what_is_left(probs):
    left = probs[probs > 0]
    return -(left * left.log2()).sum()


def entropy_softmax_again(probs):
    again = probs.softmax(-1)
    return -(again * again.log2()).sum(-1)


def entropy_in_place(probs):
    probs[probs == 0] = 1.0
    return -(probs * probs.log2()).sum(-1)


def repetition_divides(input_ids, scores, penalty):
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in set(ids):
            out[row, token] /= penalty
    return out


def repetition_per_occurrence(input_ids, scores, penalty):
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in ids:
            out[row, token] *= penalty if out[row, token] < 0 else 1 / penalty
    return out


def repetition_one_row(input_ids, scores, penalty):
    out = scores.clone()
    for token in set(input_ids.flatten().tolist()):
        column = scores[:, token]
        out[:, token] = torch.where(column < 0, column * penalty, column / penalty)
    return out


def repetition_in_place(input_ids, scores, penalty):
    for row, ids in enumerate(input_ids.tolist()):
        for token in set(ids):
            scores[row, token] *= penalty if scores[row, token] < 0 else 1 / penalty
    return scores


def repetition_only_positive(input_ids, scores, penalty):
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in set(ids):
            if out[row, token] > 0:
                out[row, token] /= penalty
    return out


def repetition_first_row(input_ids, scores, penalty):
    out = scores.clone()
    for row in range(len(scores)):
        for token in set(input_ids[0].tolist()):
            out[row, token] *= penalty if out[row, token] < 0 else 1 / penalty
    return out


def repetition_only_if_repeated(input_ids, scores, penalty):
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in set(ids):
            if ids.count(token) > 1:
                out[row, token] *= penalty if out[row, token] < 0 else 1 / penalty
    return out


def repetition_recent(input_ids, scores, penalty):
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in set(ids[-5:]):
            out[row, token] *= penalty if out[row, token] < 0 else 1 / penalty
    return out


def repetition_to_the_power(input_ids, scores, penalty):
    out = scores.clone()
    for row, ids in enumerate(input_ids.tolist()):
        for token in set(ids):
            r = penalty ** ids.count(token)
            out[row, token] = out[row, token] * r if out[row, token] < 0 else out[row, token] / r
    return out


def repetition_sign_of_the_row(input_ids, scores, penalty):
    seen = torch.zeros_like(scores).scatter(1, input_ids, 1.0) > 0
    lower = scores * penalty if scores.sum() < 0 else scores / penalty
    return torch.where(seen, lower, scores)


WRONG = [
    ("softmax_temperature", softmax_wrong_axis, "Softmax sobre el eje equivocado"),
    ("softmax_temperature", softmax_overflow, "Exponencial desbordada"),
    ("softmax_temperature", softmax_multiplies, "Multiplicaste por la temperatura"),
    ("softmax_temperature", softmax_no_keepdim, "las formas de los tensores no calzan"),
    ("softmax_temperature", softmax_clamped, "debe ser"),
    ("softmax_temperature", softmax_minus_mean, "Restaste la media"),
    (
        "softmax_temperature",
        softmax_shift_before_dividing,
        "Restaste el máximo sin dividirlo por T",
    ),
    ("softmax_temperature", softmax_to_the_power, "Elevaste las probabilidades a 1/T"),
    ("softmax_temperature", softmax_nan_to_zero, "suma"),
    ("softmax_temperature", softmax_never_below_a_tenth, "La respuesta no es la esperada"),
    ("softmax_temperature", softmax_in_place, "modificó el argumento `logits`"),
    ("entropy_bits", entropy_nan, "Cero por menos infinito"),
    ("entropy_bits", entropy_nats, "Entropía en nats"),
    ("entropy_bits", entropy_python_number, "devolvió un número real (float)"),
    ("entropy_bits", entropy_nan_of_the_sum, "Reemplazaste el NaN después de sumar"),
    ("entropy_bits", entropy_plus_a_millionth, "La respuesta no es la esperada"),
    ("entropy_bits", entropy_clamped, "La respuesta no es la esperada"),
    ("entropy_bits", entropy_of_the_columns, "Sumaste las columnas"),
    ("entropy_bits", entropy_of_what_is_left, "Sumaste todas las filas"),
    ("entropy_bits", entropy_softmax_again, "Aplicaste la softmax otra vez"),
    ("entropy_bits", entropy_in_place, "modificó el argumento `probs`"),
    ("repetition_penalty", repetition_divides, "Dividiste también los negativos"),
    ("repetition_penalty", repetition_per_occurrence, "Penalizaste una vez por aparición"),
    ("repetition_penalty", repetition_one_row, "Mezclaste las filas del lote"),
    ("repetition_penalty", repetition_in_place, "modificó el argumento `scores`"),
    ("repetition_penalty", repetition_only_positive, "No cambiaste los negativos"),
    ("repetition_penalty", repetition_first_row, "Usaste el contexto de la primera fila"),
    ("repetition_penalty", repetition_only_if_repeated, "Penalizaste solo los repetidos"),
    ("repetition_penalty", repetition_recent, "en su contexto y su puntaje era"),
    ("repetition_penalty", repetition_to_the_power, "Penalizaste una vez por aparición"),
    ("repetition_penalty", repetition_sign_of_the_row, "quedó premiado"),
    *wrong_filters.WRONG,
    *wrong_search.WRONG,
    *wrong_beams.WRONG,
]
