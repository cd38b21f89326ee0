"""Respuestas equivocadas de `08_generacion`: búsqueda voraz y normalización por longitud."""


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


def greedy_searches_the_context(next_logits, input_ids, max_new_tokens, eos_token_id):
    context = list(input_ids)
    while eos_token_id not in context and len(context) - len(input_ids) < max_new_tokens:
        context.append(int(next_logits(context).argmax()))
    return context[len(input_ids) :]


def greedy_last_of_the_context(next_logits, input_ids, max_new_tokens, eos_token_id):
    context = list(input_ids)
    while context[-1] != eos_token_id and len(context) - len(input_ids) < max_new_tokens:
        context.append(int(next_logits(context).argmax()))
    return context[len(input_ids) :]


def greedy_falsy_eos(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    for _ in range(max_new_tokens):
        out.append(int(next_logits(input_ids + out).argmax()))
        if eos_token_id and out[-1] == eos_token_id:
            break
    return out


def greedy_same_object(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    for _ in range(max_new_tokens):
        token = int(next_logits(input_ids + out).argmax())
        out.append(token)
        if token is eos_token_id:
            break
    return out


def greedy_best_from_zero(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    for _ in range(max_new_tokens):
        best, token = 0.0, 0
        for candidate, score in enumerate(next_logits(input_ids + out).tolist()):
            if score > best:
                best, token = score, candidate
        out.append(token)
        if token == eos_token_id:
            break
    return out


def greedy_best_from_minus_1000(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    for _ in range(max_new_tokens):
        best, token = -1000, 0
        for candidate, score in enumerate(next_logits(input_ids + out).tolist()):
            if score > best:
                best, token = score, candidate
        out.append(token)
        if token == eos_token_id:
            break
    return out


def greedy_do_while(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    while True:
        out.append(int(next_logits(input_ids + out).argmax()))
        if out[-1] == eos_token_id or len(out) >= max_new_tokens:
            return out


def greedy_short_memory(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    while len(out) < max_new_tokens and eos_token_id not in out:
        out.append(int(next_logits((input_ids + out)[-8:]).argmax()))
    return out


def greedy_stops_at_repetition(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    for _ in range(max_new_tokens):
        token = int(next_logits(input_ids + out).argmax())
        if token in out:
            break
        out.append(token)
        if token == eos_token_id:
            break
    return out


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


def length_of_the_set(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = [
        s / len(set(ids[prompt_length:])) ** length_penalty
        for ids, s in zip(sequences, sum_logprobs, strict=True)
    ]
    return scores.index(max(scores)), max(scores)


def length_without_prompt_tokens(sequences, sum_logprobs, prompt_length, length_penalty):
    scores = []
    for ids, s in zip(sequences, sum_logprobs, strict=True):
        new = [token for token in ids if token not in ids[:prompt_length]]
        scores.append(s / max(len(new), 1) ** length_penalty)
    return scores.index(max(scores)), max(scores)


def length_best_from_minus_1000(sequences, sum_logprobs, prompt_length, length_penalty):
    index, best = 0, -1000
    for i, (ids, s) in enumerate(zip(sequences, sum_logprobs, strict=True)):
        score = s / (len(ids) - prompt_length) ** length_penalty
        if score > best:
            index, best = i, score
    return index, best


def length_by_sum(sequences, sum_logprobs, prompt_length, length_penalty):
    lengths = dict(zip(sum_logprobs, sequences, strict=True))
    scores = {s: s / (len(ids) - prompt_length) ** length_penalty for s, ids in lengths.items()}
    best = max(scores, key=scores.get)
    return sum_logprobs.index(best), scores[best]


def length_found_by_size(sequences, sum_logprobs, prompt_length, length_penalty):
    n = [len(ids) - prompt_length for ids in sequences]
    scores = [s / m**length_penalty for m, s in zip(n, sum_logprobs, strict=True)]
    best = max(scores)
    return n.index(n[scores.index(best)]), best


def length_never_negative(sequences, sum_logprobs, prompt_length, length_penalty):
    n = [len(ids) - prompt_length for ids in sequences]
    scores = [s / m ** abs(length_penalty) for m, s in zip(n, sum_logprobs, strict=True)]
    return scores.index(max(scores)), max(scores)


def length_returns_the_sum(sequences, sum_logprobs, prompt_length, length_penalty):
    n = [len(ids) - prompt_length for ids in sequences]
    scores = [s / m**length_penalty for m, s in zip(n, sum_logprobs, strict=True)]
    index = scores.index(max(scores))
    return index, sum_logprobs[index]


def length_in_place(sequences, sum_logprobs, prompt_length, length_penalty):
    for i, ids in enumerate(sequences):
        sum_logprobs[i] /= (len(ids) - prompt_length) ** length_penalty
    return sum_logprobs.index(max(sum_logprobs)), max(sum_logprobs)


WRONG = [
    ("greedy_search", greedy_without_stop, "No te detienes en el fin de secuencia"),
    ("greedy_search", greedy_in_place, "modificó el argumento `input_ids`"),
    ("greedy_search", greedy_forever, "no terminó"),
    ("greedy_search", greedy_last_token, "El modelo solo ve el último token"),
    ("greedy_search", greedy_searches_the_context, "Buscaste el fin también en la entrada"),
    ("greedy_search", greedy_last_of_the_context, "Miraste el último token antes de generar"),
    ("greedy_search", greedy_falsy_eos, "Olvidaste que el fin puede ser el token 0"),
    ("greedy_search", greedy_same_object, "Comparaste con `is`"),
    ("greedy_search", greedy_best_from_zero, "Buscaste el máximo desde 0"),
    ("greedy_search", greedy_best_from_minus_1000, "el más probable después de"),
    ("greedy_search", greedy_do_while, "Generaste antes de mirar el límite"),
    ("greedy_search", greedy_short_memory, "el más probable después de"),
    ("greedy_search", greedy_stops_at_repetition, "ninguno es el de fin"),
    ("best_hypothesis", length_raw_sum, "Sin normalizar"),
    ("best_hypothesis", length_counts_prompt, "Contaste el texto de entrada"),
    ("best_hypothesis", length_factor, "Multiplicaste el exponente"),
    ("best_hypothesis", length_only_index, "una tupla de 2 elementos"),
    ("best_hypothesis", length_of_the_set, "Contaste una vez los tokens repetidos"),
    ("best_hypothesis", length_without_prompt_tokens, "Elegiste la hipótesis"),
    ("best_hypothesis", length_best_from_minus_1000, "su puntaje es"),
    ("best_hypothesis", length_by_sum, "tiene"),
    ("best_hypothesis", length_found_by_size, "Elegiste la hipótesis"),
    ("best_hypothesis", length_never_negative, "Penalización sin signo"),
    ("best_hypothesis", length_returns_the_sum, "Devolviste la suma y no el puntaje"),
    ("best_hypothesis", length_in_place, "modificó el argumento `sum_logprobs`"),
]
