"""Respuestas equivocadas de `07_multimodalidad`: la secuencia, la pérdida y la prueba de la imagen cambiada."""

import math

import torch
from torch.nn import functional as F


def fuse_glues_in_front(text_embeddings, input_ids, visual_tokens, image_id):
    return torch.vstack([visual_tokens, text_embeddings])


def fuse_moves_to_the_front(text_embeddings, input_ids, visual_tokens, image_id):
    words = [e for e, i in zip(text_embeddings, input_ids, strict=True) if i != image_id]
    return torch.stack([*visual_tokens, *words])


def fuse_after_bos(text_embeddings, input_ids, visual_tokens, image_id):
    words = text_embeddings[~(input_ids == image_id)]
    return torch.cat((words[0:1], visual_tokens, words[1:]), dim=0)


def fuse_in_the_first_places(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    for i, token in enumerate(visual_tokens):
        out[i] = token
    return out


def fuse_run_from_the_first(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    start = 0
    while start < len(input_ids) and input_ids[start] != image_id:
        start += 1
    for i in range(len(visual_tokens)):
        if start + i < len(out):
            out[start + i] = visual_tokens[i]
    return out


def fuse_stops_at_the_first(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    position = (input_ids == image_id).nonzero()[0]
    out[position] = visual_tokens[0]
    return out


def fuse_pops(text_embeddings, input_ids, visual_tokens, image_id):
    pending, rows = list(visual_tokens), []
    for token, embedding in zip(input_ids, text_embeddings, strict=True):
        rows.append(pending.pop() if token == image_id else embedding)
    return torch.stack(rows)


def fuse_overwrites(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings.clone()
    mask = input_ids == image_id
    for j in range(visual_tokens.shape[0]):
        out[mask] = visual_tokens[j]
    return out


def fuse_adds(text_embeddings, input_ids, visual_tokens, image_id):
    extra = torch.zeros_like(text_embeddings)
    extra[input_ids == image_id] = visual_tokens
    return text_embeddings + extra


def fuse_without_a_copy(text_embeddings, input_ids, visual_tokens, image_id):
    out = text_embeddings
    out[input_ids == image_id] = visual_tokens
    return out


def fuse_on_blank(text_embeddings, input_ids, visual_tokens, image_id):
    out = torch.zeros(text_embeddings.shape)
    out[input_ids == image_id] = visual_tokens
    return out


def loss_text_first(logits, input_ids, num_visual, answer_start):
    text_logits = logits[: len(input_ids)]
    return F.cross_entropy(text_logits[answer_start - 1 : -1], input_ids[answer_start:])


def loss_no_shift(logits, input_ids, num_visual, answer_start):
    text_logits = logits[num_visual:]
    return F.cross_entropy(text_logits[answer_start:], input_ids[answer_start:])


def loss_cuts_the_image_then_shifts(logits, input_ids, num_visual, answer_start):
    text_logits, targets = logits[num_visual:][:-1], input_ids[1:]
    return F.cross_entropy(text_logits[answer_start:], targets[answer_start:])


def loss_cuts_the_image(logits, input_ids, num_visual, answer_start):
    text_logits = logits[num_visual:]
    return F.cross_entropy(text_logits[answer_start - 1 : -1], input_ids[answer_start:])


def loss_drops_the_end(logits, input_ids, num_visual, answer_start):
    losses = []
    for t in range(answer_start, len(input_ids) - 1):
        losses.append(F.cross_entropy(logits[num_visual + t - 1], input_ids[t]))
    return torch.stack(losses).mean() if losses else torch.tensor(float("nan"))


def loss_trains_the_question(logits, input_ids, num_visual, answer_start):
    first = 0 if num_visual else 1
    return F.cross_entropy(logits[num_visual + first - 1 : -1], input_ids[first:])


def loss_mean_over_all(logits, input_ids, num_visual, answer_start):
    total = torch.zeros(())
    for t in range(answer_start, len(input_ids)):
        total += F.cross_entropy(logits[num_visual + t - 1], input_ids[t])
    return total / len(logits)


def loss_mean_over_the_text(logits, input_ids, num_visual, answer_start):
    total = torch.zeros(())
    for t in range(answer_start, len(input_ids)):
        total += F.cross_entropy(logits[num_visual + t - 1], input_ids[t])
    return total / len(input_ids)


def loss_bits(logits, input_ids, num_visual, answer_start):
    start = num_visual + answer_start - 1
    return F.cross_entropy(logits[start:-1], input_ids[answer_start:]) / math.log(2)


def loss_of_probabilities(logits, input_ids, num_visual, answer_start):
    probs = F.softmax(logits, dim=-1)
    start = num_visual + answer_start - 1
    return F.cross_entropy(probs[start:-1], input_ids[answer_start:])


def loss_by_hand(logits, input_ids, num_visual, answer_start):
    exps = torch.exp(logits[num_visual + answer_start - 1 : -1])
    targets = input_ids[answer_start:]
    chosen = exps[torch.arange(len(targets)), targets] / exps.sum(dim=1)
    return -torch.log(chosen).mean()


def loss_per_token(logits, input_ids, num_visual, answer_start):
    start = num_visual + answer_start - 1
    return F.cross_entropy(logits[start:-1], input_ids[answer_start:], reduction="none")


def loss_flipped_sign(logits, input_ids, num_visual, answer_start):
    logprobs = logits.log_softmax(-1)
    at = range(answer_start, len(input_ids))
    return torch.stack([logprobs[num_visual + t - 1, input_ids[t]] for t in at]).mean()


def _hits(answer, images, questions, expected):
    hits = 0
    for image, question, wanted in zip(images, questions, expected, strict=True):
        if answer(image, question) == wanted:
            hits += 1
    return hits / len(images)


def looks_moves_the_targets(answer, images, questions, expected):
    n = len(images)
    moved = 0
    for i in range(n):
        j = (i + 1) % n
        moved += answer(images[j], questions[i]) == expected[j]
    return _hits(answer, images, questions, expected), moved / n


def looks_moves_the_questions(answer, images, questions, expected):
    n = len(images)
    moved = 0
    for i in range(n):
        j = (i + 1) % n
        moved += answer(images[j], questions[j]) == expected[i]
    return _hits(answer, images, questions, expected), moved / n


def looks_moves_everything(answer, images, questions, expected):
    own = _hits(answer, images, questions, expected)
    images, questions, expected = (x[1:] + x[:1] for x in (images, questions, expected))
    return own, _hits(answer, images, questions, expected)


def looks_at_changes(answer, images, questions, expected):
    n, same = len(images), 0
    for i in range(n):
        if answer(images[i], questions[i]) == answer(images[(i + 1) % n], questions[i]):
            same += 1
    return _hits(answer, images, questions, expected), same / n


def looks_at_the_previous(answer, images, questions, expected):
    own = _hits(answer, images, questions, expected)
    return own, _hits(answer, images[-1:] + images[:-1], questions, expected)


def looks_drops_the_last(answer, images, questions, expected):
    own = _hits(answer, images, questions, expected)
    return own, _hits(answer, images[1:], questions[:-1], expected[:-1])


def looks_beyond_the_last(answer, images, questions, expected):
    own = _hits(answer, images, questions, expected)
    other = [images[i + 1] for i in range(len(images))]
    return own, _hits(answer, other, questions, expected)


def looks_blindfolded(answer, images, questions, expected):
    own = _hits(answer, images, questions, expected)
    return own, _hits(answer, [None] * len(images), questions, expected)


def looks_for_a_substring(answer, images, questions, expected):
    def hits(images):
        found = [w in answer(i, q) for i, q, w in zip(images, questions, expected, strict=True)]
        return sum(found) / len(found)

    return hits(images), hits(images[1:] + images[:1])


def looks_percent(answer, images, questions, expected):
    other = images[1:] + images[:1]
    own = _hits(answer, images, questions, expected) * 100
    return own, _hits(answer, other, questions, expected) * 100


def looks_only_the_gap(answer, images, questions, expected):
    other = images[1:] + images[:1]
    own = _hits(answer, images, questions, expected)
    return own - _hits(answer, other, questions, expected)


def looks_rotates_in_place(answer, images, questions, expected):
    own = _hits(answer, images, questions, expected)
    images.append(images.pop(0))
    return own, _hits(answer, images, questions, expected)


def looks_only_once(answer, images, questions, expected):
    for image, question, wanted in zip(images, questions, expected, strict=True):
        own = answer(image, question) == wanted
        other = answer(images[1], question) == wanted
    return own, other


WRONG = [
    ("fuse", fuse_glues_in_front, "Insertaste en lugar de reemplazar"),
    ("fuse", fuse_moves_to_the_front, "Pusiste la imagen al comienzo"),
    ("fuse", fuse_after_bos, "siempre después de la primera posición"),
    ("fuse", fuse_in_the_first_places, "Tapaste el comienzo del texto"),
    ("fuse", fuse_run_from_the_first, "Las marcas no siempre están seguidas"),
    ("fuse", fuse_stops_at_the_first, "Reemplazaste solo la primera marca"),
    ("fuse", fuse_pops, "En orden inverso"),
    ("fuse", fuse_overwrites, "El último token visual en todas las marcas"),
    ("fuse", fuse_adds, "Sumaste en lugar de reemplazar"),
    ("fuse", fuse_without_a_copy, "modificó el argumento `text_embeddings`"),
    ("fuse", fuse_on_blank, "Perdiste el texto"),
    ("answer_loss", loss_text_first, "La imagen también ocupa lugares"),
    ("answer_loss", loss_no_shift, "Sin el desfase de uno"),
    ("answer_loss", loss_cuts_the_image_then_shifts, "Perdiste el primer token de la respuesta"),
    ("answer_loss", loss_cuts_the_image, "Tu función lanzó"),
    ("answer_loss", loss_drops_the_end, "Perdiste el último token de la respuesta"),
    ("answer_loss", loss_trains_the_question, "Contaste también la pregunta"),
    ("answer_loss", loss_mean_over_all, "Dividiste por toda la secuencia"),
    ("answer_loss", loss_mean_over_the_text, "Dividiste por todo el texto"),
    ("answer_loss", loss_bits, "En bits"),
    ("answer_loss", loss_of_probabilities, "Dos veces softmax"),
    ("answer_loss", loss_by_hand, "La exponencial se desborda"),
    ("answer_loss", loss_per_token, "un tensor de forma ()"),
    ("answer_loss", loss_flipped_sign, "Con el signo cambiado"),
    ("looks_at_image", looks_moves_the_targets, "Moviste también lo esperado"),
    ("looks_at_image", looks_moves_the_questions, "Moviste también las preguntas"),
    ("looks_at_image", looks_moves_everything, "Moviste todo"),
    ("looks_at_image", looks_at_changes, "Comparaste con lo que contestó antes"),
    ("looks_at_image", looks_at_the_previous, "La imagen anterior"),
    ("looks_at_image", looks_drops_the_last, "Dejaste fuera la última pregunta"),
    ("looks_at_image", looks_beyond_the_last, "Te saliste de la lista"),
    ("looks_at_image", looks_blindfolded, "Quitaste la imagen"),
    ("looks_at_image", looks_for_a_substring, "contenga lo esperado"),
    ("looks_at_image", looks_percent, "En porcentaje"),
    ("looks_at_image", looks_only_the_gap, "una tupla de 2 elementos"),
    ("looks_at_image", looks_rotates_in_place, "modificó el argumento `images`"),
    ("looks_at_image", looks_only_once, "Tu función lanzó IndexError"),
]
