"""Respuestas equivocadas de la búsqueda en haz de `08_generacion`."""

import torch

INF = float("inf")


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


def beam_step_products(log_probs, beam_scores):
    probs = log_probs.exp() * beam_scores.exp()[:, None]
    best, flat = probs.flatten().topk(len(beam_scores))
    return best.log(), flat // log_probs.shape[1], flat % log_probs.shape[1]


def beam_step_topk_of_each(log_probs, beam_scores):
    k = len(beam_scores)
    values, tokens = log_probs.topk(k)
    scores, flat = (values + beam_scores[:, None]).flatten().topk(k)
    return scores, flat // k, tokens.flatten()[flat]


def beam_step_two_of_each(log_probs, beam_scores):
    k = min(2, log_probs.shape[1])
    values, tokens = log_probs.topk(k)
    scores, flat = (values + beam_scores[:, None]).flatten().topk(len(beam_scores))
    return scores, flat // k, tokens.flatten()[flat]


def beam_step_in_order_of_beam(log_probs, beam_scores):
    scores, flat = (log_probs + beam_scores[:, None]).flatten().topk(len(beam_scores))
    flat, order = flat.sort()
    return scores[order], flat // log_probs.shape[1], flat % log_probs.shape[1]


def beam_step_ascending(log_probs, beam_scores):
    scores, flat = (log_probs + beam_scores[:, None]).flatten().sort()
    scores, flat = scores[-len(beam_scores) :], flat[-len(beam_scores) :]
    return scores, flat // log_probs.shape[1], flat % log_probs.shape[1]


def beam_step_score_of_the_token(log_probs, beam_scores):
    _, flat = (log_probs + beam_scores[:, None]).flatten().topk(len(beam_scores))
    beams, tokens = flat // log_probs.shape[1], flat % log_probs.shape[1]
    return log_probs[beams, tokens], beams, tokens


def beam_step_sums_in_rows(log_probs, beam_scores):
    if log_probs.shape[1] != len(beam_scores):
        log_probs, beam_scores = log_probs.clone(), beam_scores[:, None]
    total = log_probs + beam_scores
    scores, flat = total.flatten().topk(len(beam_scores))
    return scores, flat // log_probs.shape[1], flat % log_probs.shape[1]


def beam_step_from_minus_100(log_probs, beam_scores):
    total, answer = log_probs + beam_scores[:, None], []
    for _ in beam_scores:
        best = (-100.0, 0, 0)
        for beam, row in enumerate(total.tolist()):
            for token, score in enumerate(row):
                if score > best[0]:
                    best = (score, beam, token)
        total[best[1], best[2]] = -INF
        answer.append(best)
    scores, beams, tokens = zip(*answer, strict=True)
    return torch.tensor(scores), torch.tensor(beams), torch.tensor(tokens)


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


def beams_from_copies(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)] * num_beams
    for _ in range(max_new_tokens):
        new = []
        for tokens, total in beams:
            for token, lp in enumerate(next_log_probs(input_ids + tokens).tolist()):
                new.append(([*tokens, token], total + lp))
        beams = sorted(new, key=lambda beam: -beam[1])[:num_beams]
    return beams[0]


def beams_each_its_own(next_log_probs, input_ids, num_beams, max_new_tokens):
    first = next_log_probs(input_ids)
    best = first.topk(min(num_beams, len(first)))
    beams = [([t], s) for s, t in zip(best.values.tolist(), best.indices.tolist(), strict=True)]
    for _ in range(max_new_tokens - 1):
        for i, (tokens, total) in enumerate(beams):
            log_probs = next_log_probs(input_ids + tokens)
            beams[i] = ([*tokens, int(log_probs.argmax())], total + log_probs.max().item())
    return max(beams, key=lambda beam: beam[1])


def beams_twice_as_many(next_log_probs, input_ids, num_beams, max_new_tokens):
    return _beams(
        next_log_probs, input_ids, 2 * num_beams, max_new_tokens,
        key=lambda c: -c[1], context=lambda ids, new: ids + new,
    )  # fmt: skip


def beams_pruned_at_the_end(next_log_probs, input_ids, num_beams, max_new_tokens):
    return _beams(
        next_log_probs, input_ids, 10**6, max_new_tokens,
        key=lambda c: -c[1], context=lambda ids, new: ids + new,
    )  # fmt: skip


def beams_two_of_each(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        new = []
        for tokens, total in beams:
            best = next_log_probs(input_ids + tokens).topk(2)
            for lp, token in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                new.append(([*tokens, token], total + lp))
        beams = sorted(new, key=lambda beam: -beam[1])[:num_beams]
    return beams[0]


def beams_topk_of_each(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        new = []
        for tokens, total in beams:
            best = next_log_probs(input_ids + tokens).topk(num_beams)
            for lp, token in zip(best.values.tolist(), best.indices.tolist(), strict=True):
                new.append(([*tokens, token], total + lp))
        beams = sorted(new, key=lambda beam: -beam[1])[:num_beams]
    return beams[0]


def beams_different_endings(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        new = {}
        for tokens, total in beams:
            for token, lp in enumerate(next_log_probs(input_ids + tokens).tolist()):
                if token not in new or total + lp > new[token][1]:
                    new[token] = ([*tokens, token], total + lp)
        beams = sorted(new.values(), key=lambda beam: -beam[1])[:num_beams]
    return beams[0]


def beams_mean(*args):
    tokens, total = _beams(*args, key=lambda c: -c[1], context=lambda ids, new: ids + new)
    return tokens, total / len(tokens)


def beams_unsorted(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [([], 0.0)]
    for _ in range(max_new_tokens):
        new = []
        for tokens, total in beams:
            for token, lp in enumerate(next_log_probs(input_ids + tokens).tolist()):
                new.append(([*tokens, token], total + lp))
        beams = new[:num_beams]
    return beams[0]


WRONG = [
    ("beam_step", beam_step_per_beam, "Cada hipótesis eligió por su cuenta"),
    ("beam_step", beam_step_forgets_sum, "Olvidaste lo acumulado"),
    ("beam_step", beam_step_wrong_shape, "una tupla de 3 elementos"),
    ("beam_step", beam_step_float_indices, "de tipo int64"),
    ("beam_step", beam_step_products, "Deshiciste los logaritmos"),
    ("beam_step", beam_step_topk_of_each, "Más hipótesis que tokens"),
    ("beam_step", beam_step_two_of_each, "Quedó fuera la extensión"),
    ("beam_step", beam_step_in_order_of_beam, "Falta ordenar"),
    ("beam_step", beam_step_ascending, "De peor a mejor"),
    ("beam_step", beam_step_score_of_the_token, "El puntaje es solo del último token"),
    ("beam_step", beam_step_sums_in_rows, "hipótesis más token dan"),
    ("beam_step", beam_step_from_minus_100, "hipótesis más token dan"),
    ("beam_search", beams_greedy, "Esto es búsqueda voraz"),
    ("beam_search", beams_by_last, "Ordenas por el último token"),
    ("beam_search", beams_without_prompt, "Olvidaste la entrada en el contexto"),
    ("beam_search", beams_worst, "Con una sola hipótesis debe salir lo mismo"),
    ("beam_search", beams_from_copies, "partiste con `num_beams` copias"),
    ("beam_search", beams_each_its_own, "Cada hipótesis siguió por su cuenta"),
    ("beam_search", beams_twice_as_many, "Guardaste más hipótesis de las pedidas"),
    ("beam_search", beams_pruned_at_the_end, "Podaste solo al final"),
    ("beam_search", beams_two_of_each, "Al final, [2, 0] suma"),
    ("beam_search", beams_topk_of_each, "Más hipótesis que tokens"),
    ("beam_search", beams_different_endings, "Al final, [1, 0, 0] suma"),
    ("beam_search", beams_mean, "Dividiste por la longitud"),
    ("beam_search", beams_unsorted, "Podaste sin ordenar"),
]
