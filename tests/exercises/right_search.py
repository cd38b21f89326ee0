"""Respuestas correctas de los ejercicios de búsqueda de `08_generacion`, en estilos variados."""

import heapq
import math

import numpy as np
import torch

INF = float("inf")


def greedy_numpy(next_logits, input_ids, max_new_tokens, eos_token_id):
    new = []
    while len(new) < max_new_tokens and eos_token_id not in new:
        new.append(np.argmax(next_logits(input_ids + new).numpy()))
    return new


def greedy_tensors(next_logits, input_ids, max_new_tokens, eos_token_id):
    new = []
    for _ in range(max_new_tokens):
        new.append(next_logits([*input_ids, *new]).argmax())
        if new[-1] == eos_token_id:
            break
    return new


def greedy_last_of_the_sorted(next_logits, input_ids, max_new_tokens, eos_token_id):
    context = list(input_ids)
    for _ in range(max_new_tokens):
        context.append(int(next_logits(context).argsort()[-1]))
        if context[-1] == eos_token_id:
            break
    return context[len(input_ids) :]


def greedy_recursive(next_logits, input_ids, max_new_tokens, eos_token_id):
    if not max_new_tokens:
        return []
    scores = next_logits(input_ids).tolist()
    token = max((score, i) for i, score in enumerate(scores))[1]
    if token == eos_token_id:
        return [token]
    rest = greedy_recursive(next_logits, [*input_ids, token], max_new_tokens - 1, eos_token_id)
    return [token, *rest]


def beam_step_lists(log_probs, beam_scores):
    every = [
        (before + last, beam, token)
        for beam, (before, row) in enumerate(
            zip(beam_scores.tolist(), log_probs.tolist(), strict=True)
        )
        for token, last in enumerate(row)
    ]
    best = sorted(every, reverse=True)[: len(beam_scores)]
    return tuple(list(column) for column in zip(*best, strict=True))


def beam_step_view(log_probs, beam_scores):
    num_beams, vocab_size = log_probs.shape
    total = (beam_scores.unsqueeze(1) + log_probs).view(-1)
    scores, flat = total.sort(descending=True)
    flat = flat[:num_beams]
    beams = torch.div(flat, vocab_size, rounding_mode="floor")
    return scores[:num_beams], beams, flat - beams * vocab_size


def beam_step_numpy(log_probs, beam_scores):
    total = log_probs.double().numpy() + beam_scores.numpy()[:, None]
    flat = np.argsort(total, axis=None)[::-1][: len(total)]
    beams, tokens = np.unravel_index(flat, total.shape)
    return total[beams, tokens], beams, tokens


def beam_step_two_stages(log_probs, beam_scores):
    each = min(log_probs.shape)
    values, tokens = log_probs.topk(each)
    scores, flat = (values + beam_scores[:, None]).flatten().topk(len(beam_scores))
    return [scores, flat // each, tokens.flatten()[flat]]


def length_numpy(sequences, sum_logprobs, prompt_length, length_penalty):
    n = np.array([len(ids) - prompt_length for ids in sequences], dtype=float)
    scores = np.array(sum_logprobs) / n**length_penalty
    return np.argmax(scores), scores.max()


def length_torch(sequences, sum_logprobs, prompt_length, length_penalty):
    n = torch.tensor([float(len(ids[prompt_length:])) for ids in sequences])
    score, index = (torch.tensor(sum_logprobs) / n.pow(length_penalty)).max(0)
    return index, score


def length_greatest_tuple(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        (total * math.pow(len(ids) - prompt_length, -length_penalty), i)
        for i, (ids, total) in enumerate(zip(sequences, sum_logprobs, strict=True))
    ]
    score, index = max(scores)
    return [index, score]


def length_loop(sequences, sum_logprobs, prompt_length, length_penalty):
    index, best = 0, -INF
    for i in range(len(sequences)):
        score = sum_logprobs[i] / (len(sequences[i]) - prompt_length) ** length_penalty
        if score >= best:
            index, best = i, score
    return index, best


def beams_heap(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [(0.0, ())]
    for _ in range(max_new_tokens):
        every = (
            (total + lp, (*tokens, token))
            for total, tokens in beams
            for token, lp in enumerate(next_log_probs([*input_ids, *tokens]).tolist())
        )
        beams = heapq.nlargest(num_beams, every)
    total, tokens = max(beams)
    return tokens, total


def beams_torch(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [[] for _ in range(num_beams)]
    scores = torch.tensor([0.0] + [-1e9] * (num_beams - 1))
    for _ in range(max_new_tokens):
        log_probs = torch.stack([next_log_probs(input_ids + tokens) for tokens in beams])
        scores, flat = (scores[:, None] + log_probs).flatten().topk(num_beams)
        width = log_probs.shape[1]
        beams = [[*beams[i // width], i % width] for i in flat.tolist()]
    return beams[0], scores[0]


def beams_ascending(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = [(0, [])]
    for _ in range(max_new_tokens):
        new = []
        for total, tokens in beams:
            log_probs = next_log_probs(input_ids + tokens).numpy()
            new += [(total + lp, [*tokens, token]) for token, lp in enumerate(log_probs)]
        beams = sorted(new)[-num_beams:]
    return [beams[-1][1], beams[-1][0]]


def beams_probabilities(next_log_probs, input_ids, num_beams, max_new_tokens):
    beams = {(): 1.0}
    for _ in range(max_new_tokens):
        new = {}
        for tokens, prob in beams.items():
            for token, lp in enumerate(next_log_probs(input_ids + list(tokens)).tolist()):
                new[*tokens, token] = prob * math.exp(lp)
        beams = dict(sorted(new.items(), key=lambda item: -item[1])[:num_beams])
    best = max(beams, key=beams.get)
    return list(best), math.log(beams[best])


FUNCTIONS = {
    "greedy_search": (greedy_numpy, greedy_tensors, greedy_last_of_the_sorted, greedy_recursive),
    "beam_step": (beam_step_lists, beam_step_view, beam_step_numpy, beam_step_two_stages),
    "best_hypothesis": (length_numpy, length_torch, length_greatest_tuple, length_loop),
    "beam_search": (beams_heap, beams_torch, beams_ascending, beams_probabilities),
}
RIGHT = [(key, function) for key, functions in FUNCTIONS.items() for function in functions]
