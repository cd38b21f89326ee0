"""Respuestas equivocadas de `08_generacion`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import torch

INF = float("inf")


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


def entropy_nan(probs):
    return -(probs * torch.log2(probs)).sum(-1)


def entropy_nats(probs):
    safe = torch.where(probs > 0, probs, 1.0)
    return -(probs * torch.log(safe)).sum(-1)


def entropy_python_number(probs):
    return float(-torch.xlogy(probs, probs).sum())


def greedy_without_stop(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    for _ in range(max_new_tokens):
        out.append(next_logits(input_ids + out).argmax().item())
    return out


def greedy_in_place(next_logits, input_ids, max_new_tokens, eos_token_id):
    start = len(input_ids)
    while len(input_ids) - start < max_new_tokens:
        input_ids.append(next_logits(input_ids).argmax().item())
        if input_ids[-1] == eos_token_id:
            break
    return input_ids[start:]


def greedy_forever(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    while next_logits(input_ids + out).argmax() != eos_token_id:
        pass
    return out


def greedy_last_token(next_logits, input_ids, max_new_tokens, eos_token_id):
    out, last = [], input_ids[-1]
    for _ in range(max_new_tokens):
        last = int(next_logits([last]).argmax())
        out.append(last)
        if last == eos_token_id:
            break
    return out


def top_k_zeros(scores, k):
    kth = scores.topk(min(k, scores.shape[1])).values[:, -1].unsqueeze(1)
    return torch.where(scores >= kth, scores, torch.zeros_like(scores))


def top_k_breaks_ties(scores, k):
    out = torch.full_like(scores, -INF)
    for row in range(len(scores)):
        for token in scores[row].topk(min(k, scores.shape[1])).indices:
            out[row, token] = scores[row, token]
    return out


def top_k_in_place(scores, k):
    kth = scores.topk(min(k, scores.shape[1])).values[:, -1:]
    scores[scores < kth] = -INF
    return scores


def top_k_too_big(scores, k):
    return scores.masked_fill(scores < torch.topk(scores, k).values[:, -1:], -INF)


def top_p_loses_crossing(scores, p):
    s, i = torch.sort(scores, descending=True)
    remove = s.softmax(-1).cumsum(-1) > p
    return scores.masked_fill(torch.zeros_like(remove).scatter(1, i, remove), -INF)


def top_p_forgets_order(scores, p):
    s, _ = torch.sort(scores, descending=True)
    probs = s.softmax(-1)
    remove = probs.cumsum(-1) - probs >= p
    out = scores.clone()
    out[remove] = -INF
    return out


def top_p_probabilities(scores, p):
    probs = scores.softmax(-1)
    s, i = torch.sort(probs, descending=True)
    s[s.cumsum(-1) - s >= p] = 0
    kept = torch.zeros_like(s).scatter(1, i, s)
    return kept / kept.sum(-1, keepdim=True)


def min_p_absolute(scores, min_p):
    out = scores.clone()
    out[scores.softmax(1) < min_p] = -INF
    return out


def min_p_whole_batch(scores, min_p):
    probs = scores.softmax(1)
    return torch.where(probs >= probs.max() * min_p, scores, -INF)


def min_p_no_keepdim(scores, min_p):
    probs = scores.softmax(1)
    return torch.where(probs >= probs.max(1).values * min_p, scores, -INF)


def min_p_returns_mask(scores, min_p):
    probs = scores.softmax(1)
    return probs >= probs.max(1, keepdim=True).values * min_p


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


def beam_step_per_beam(log_probs, beam_scores):
    values, tokens = log_probs.max(-1)
    scores, order = (values + beam_scores).sort(descending=True)
    return scores, order, tokens[order]


def beam_step_forgets_sum(log_probs, beam_scores):
    scores, flat = log_probs.flatten().topk(len(beam_scores))
    return scores, flat // log_probs.shape[1], flat % log_probs.shape[1]


def beam_step_wrong_shape(log_probs, beam_scores):
    scores, flat = (log_probs + beam_scores[:, None]).flatten().topk(len(beam_scores))
    return scores, flat


def beam_step_float_indices(log_probs, beam_scores):
    scores, flat = (log_probs + beam_scores[:, None]).flatten().topk(len(beam_scores))
    return scores, flat / log_probs.shape[1], flat % log_probs.shape[1]


def length_raw_sum(sequences, sum_logprobs, prompt_length, length_penalty):
    index = sum_logprobs.index(max(sum_logprobs))
    return index, sum_logprobs[index]


def length_counts_prompt(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [s / len(ids) ** length_penalty for ids, s in zip(sequences, sum_logprobs)]  # noqa: B905
    return scores.index(max(scores)), max(scores)


def length_factor(sequences, sum_logprobs, prompt_length, length_penalty):
    n = [len(ids) - prompt_length for ids in sequences]
    scores = [s / (m * length_penalty) for m, s in zip(n, sum_logprobs)]  # noqa: B905
    return scores.index(max(scores)), max(scores)


def length_only_index(sequences, sum_logprobs, prompt_length, length_penalty):
    return 0


def beams_greedy(next_log_probs, input_ids, num_beams, max_new_tokens):
    out, total = [], 0.0
    for _ in range(max_new_tokens):
        log_probs = next_log_probs(input_ids + out)
        out.append(int(log_probs.argmax()))
        total += log_probs.max().item()
    return out, total


def _beams(next_log_probs, input_ids, num_beams, max_new_tokens, key, context):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        new = []
        for tokens, total in beams:
            for token, lp in enumerate(next_log_probs(context(input_ids, tokens)).tolist()):
                new.append(([*tokens, token], total + lp, lp))
        new.sort(key=key)
        beams = [(tokens, total) for tokens, total, _ in new[:num_beams]]
    return beams[0]


def beams_by_last(*args):
    return _beams(*args, key=lambda c: -c[2], context=lambda ids, new: ids + new)


def beams_without_prompt(*args):
    return _beams(*args, key=lambda c: -c[1], context=lambda ids, new: new or ids)


def beams_worst(*args):
    return _beams(*args, key=lambda c: c[1], context=lambda ids, new: ids + new)


WRONG = [
    ("softmax_temperature", softmax_wrong_axis, "Softmax sobre el eje equivocado"),
    ("softmax_temperature", softmax_overflow, "Exponencial desbordada"),
    ("softmax_temperature", softmax_multiplies, "Multiplicaste por la temperatura"),
    ("softmax_temperature", softmax_no_keepdim, "las formas de los tensores no calzan"),
    ("entropy_bits", entropy_nan, "Cero por menos infinito"),
    ("entropy_bits", entropy_nats, "Entropía en nats"),
    ("entropy_bits", entropy_python_number, "devolvió un número real (float)"),
    ("greedy_search", greedy_without_stop, "No te detienes en el fin de secuencia"),
    ("greedy_search", greedy_in_place, "modificó el argumento `input_ids`"),
    ("greedy_search", greedy_forever, "no terminó"),
    ("greedy_search", greedy_last_token, "El modelo solo ve el último token"),
    ("top_k_filter", top_k_zeros, "Ceros en lugar de −∞"),
    ("top_k_filter", top_k_breaks_ties, "Rompiste un empate"),
    ("top_k_filter", top_k_in_place, "modificó el argumento `scores`"),
    ("top_k_filter", top_k_too_big, "k mayor que el vocabulario"),
    ("top_p_filter", top_p_loses_crossing, "Perdiste el token que cruza p"),
    ("top_p_filter", top_p_forgets_order, "Máscara sin volver al orden original"),
    ("top_p_filter", top_p_probabilities, "Devolviste probabilidades"),
    ("min_p_filter", min_p_absolute, "Umbral absoluto"),
    ("min_p_filter", min_p_whole_batch, "Un solo umbral para todo el lote"),
    ("min_p_filter", min_p_no_keepdim, "las formas de los tensores no calzan"),
    ("min_p_filter", min_p_returns_mask, "uno de tipo bool"),
    ("repetition_penalty", repetition_divides, "Dividiste también los negativos"),
    ("repetition_penalty", repetition_per_occurrence, "Penalizaste una vez por aparición"),
    ("repetition_penalty", repetition_one_row, "Mezclaste las filas del lote"),
    ("repetition_penalty", repetition_in_place, "modificó el argumento `scores`"),
    ("beam_step", beam_step_per_beam, "Cada haz eligió por su cuenta"),
    ("beam_step", beam_step_forgets_sum, "Olvidaste lo acumulado"),
    ("beam_step", beam_step_wrong_shape, "una tupla de 3 elementos"),
    ("beam_step", beam_step_float_indices, "de tipo int64"),
    ("best_hypothesis", length_raw_sum, "Sin normalizar"),
    ("best_hypothesis", length_counts_prompt, "Contaste el texto de entrada"),
    ("best_hypothesis", length_factor, "Multiplicaste el exponente"),
    ("best_hypothesis", length_only_index, "una tupla de 2 elementos"),
    ("beam_search", beams_greedy, "Esto es búsqueda voraz"),
    ("beam_search", beams_by_last, "Ordenas por el último token"),
    ("beam_search", beams_without_prompt, "Olvidaste la entrada en el contexto"),
    ("beam_search", beams_worst, "Con un solo haz debe salir lo mismo"),
]
