"""Respuestas equivocadas de `03b_preentrenamiento`: el paso de entrenamiento y cuándo parar."""

import copy

import torch
from torch.nn import functional as F
from torch.nn.utils import clip_grad_norm_, clip_grad_value_


def loss_of(model, rows):
    logits = model(rows[:, :-1])
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), rows[:, 1:].reshape(-1))


def step_adds_up(model, optimizer, rows, max_norm):
    loss = loss_of(model, rows)
    loss.backward()
    clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()  # demasiado tarde: los del paso anterior ya se sumaron
    return loss.item()


def step_clears_what_it_needs(model, optimizer, rows, max_norm):
    loss = loss_of(model, rows)
    loss.backward()
    clip_grad_norm_(model.parameters(), max_norm)
    optimizer.zero_grad()
    optimizer.step()
    return loss.item()


def step_then_backward(model, optimizer, rows, max_norm):
    optimizer.step()
    optimizer.zero_grad()
    loss = loss_of(model, rows)
    loss.backward()
    clip_grad_norm_(model.parameters(), max_norm)
    return loss.item()


def step_clips_then_steps_then_backward(model, optimizer, rows, max_norm):
    clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    optimizer.zero_grad()
    loss = loss_of(model, rows)
    loss.backward()
    return loss.item()


def step_in_the_middle(model, optimizer, rows, max_norm):
    loss = loss_of(model, rows)
    optimizer.step()
    loss.backward()
    return loss.item()


def step_reports_the_new_loss(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss_of(model, rows).backward()
    clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    with torch.no_grad():
        return loss_of(model, rows).item()


def _with(loss, model, optimizer, max_norm, clip=clip_grad_norm_):
    optimizer.zero_grad()
    loss.backward()
    clip(model.parameters(), max_norm)
    optimizer.step()
    return loss.item()


def step_copies_the_input(model, optimizer, rows, max_norm):
    loss = F.cross_entropy(model(rows).transpose(1, 2), rows)
    return _with(loss, model, optimizer, max_norm)


def step_predicts_the_past(model, optimizer, rows, max_norm):
    loss = F.cross_entropy(model(rows)[:, 1:].transpose(1, 2), rows[:, :-1])
    return _with(loss, model, optimizer, max_norm)


def step_wheel(model, optimizer, rows, max_norm):
    loss = F.cross_entropy(model(rows).transpose(1, 2), torch.roll(rows, -1, 1))
    return _with(loss, model, optimizer, max_norm)


def step_final_token(model, optimizer, rows, max_norm):
    loss = F.cross_entropy(model(rows)[:, -2], rows[:, -1])
    return _with(loss, model, optimizer, max_norm)


def step_sum(model, optimizer, rows, max_norm):
    logits = model(rows[:, :-1]).transpose(1, 2)
    loss = F.cross_entropy(logits, rows[:, 1:], reduction="sum")
    return _with(loss, model, optimizer, max_norm)


def step_double_softmax(model, optimizer, rows, max_norm):
    probs = torch.softmax(model(rows[:, :-1]), dim=-1)
    loss = F.cross_entropy(probs.transpose(1, 2), rows[:, 1:])
    return _with(loss, model, optimizer, max_norm)


def step_free(model, optimizer, rows, max_norm):
    return _with(loss_of(model, rows), model, optimizer, max_norm, clip=lambda *_: None)


def step_clip_value(model, optimizer, rows, max_norm):
    return _with(loss_of(model, rows), model, optimizer, max_norm, clip=clip_grad_value_)


def step_clip_each(model, optimizer, rows, max_norm):
    def clip(parameters, top):
        for p in parameters:
            clip_grad_norm_([p], top)

    return _with(loss_of(model, rows), model, optimizer, max_norm, clip=clip)


def step_fixed_size(model, optimizer, rows, max_norm):
    def clip(parameters, top):
        grads = [p.grad for p in parameters]
        norm = sum((g**2).sum() for g in grads).sqrt()
        for g in grads:
            g.mul_(top / norm)

    return _with(loss_of(model, rows), model, optimizer, max_norm, clip=clip)


def step_stays(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss = loss_of(model, rows)
    loss.backward()
    clip_grad_norm_(model.parameters(), max_norm)
    return loss.item()


def step_on_a_copy(model, optimizer, rows, max_norm):
    model = copy.deepcopy(model)
    return _with(loss_of(model, rows), model, optimizer, max_norm)


def step_subtracts(model, optimizer, rows, max_norm):
    model.zero_grad()
    loss = loss_of(model, rows)
    loss.backward()
    clip_grad_norm_(model.parameters(), max_norm)
    for p in model.parameters():
        p.data -= optimizer.param_groups[0]["lr"] * p.grad
    return loss.item()


def step_repeats(model, optimizer, rows, max_norm):
    first = _with(loss_of(model, rows), model, optimizer, max_norm)
    _with(loss_of(model, rows), model, optimizer, max_norm)
    return first


def step_gives_the_norm(model, optimizer, rows, max_norm):
    optimizer.zero_grad()
    loss_of(model, rows).backward()
    norm = clip_grad_norm_(model.parameters(), max_norm)
    optimizer.step()
    return float(norm)


def step_without_graph(model, optimizer, rows, max_norm):
    return _with(loss_of(model, rows).detach(), model, optimizer, max_norm)


def step_backward_of_a_float(model, optimizer, rows, max_norm):
    loss = loss_of(model, rows).item()
    loss.backward()
    optimizer.step()
    return loss


def step_silent(model, optimizer, rows, max_norm):
    _with(loss_of(model, rows), model, optimizer, max_norm)


def stop_versus_previous(losses, patience):
    bad, best = 0, 0
    for now in range(1, len(losses)):
        if losses[now] < losses[now - 1]:
            bad, best = 0, now
        else:
            bad = bad + 1
            if bad == patience:
                return now, best
    return len(losses) - 1, best


def stop_never_resets(losses, patience):
    bad, best = 0, 0
    for now, loss in enumerate(losses):
        if loss < losses[best]:
            best = now
        elif now > 0:
            bad += 1
            if bad >= patience:
                return now, best
    return len(losses) - 1, best


def stop_accepts_ties(losses, patience):
    best, bad = 0, 0
    for now, loss in enumerate(losses):
        best, bad = (now, 0) if loss <= losses[best] else (best, bad + 1)
        if bad == patience:
            return now, best
    return len(losses) - 1, best


def stop_waits_one_more(losses, patience):
    best, bad = 0, 0
    for now in range(len(losses)):
        if bad > patience:
            break
        if losses[now] < losses[best]:
            best, bad = now, 0
        elif now:
            bad += 1
        if bad > patience:
            return now, best
    return len(losses) - 1, best


def _right(losses, patience):
    best = 0
    for now, loss in enumerate(losses):
        best = now if loss < losses[best] else best
        if now == best + patience:
            return now, best
    return len(losses) - 1, best


def stop_keeps_where_it_stops(losses, patience):
    return (_right(losses, patience)[0],) * 2


def stop_best_of_all(losses, patience):
    return _right(losses, patience)[0], min(range(len(losses)), key=losses.__getitem__)


def stop_goes_to_the_end(losses, patience):
    return len(losses) - 1, losses.index(min(losses))


def stop_from_the_lowest(losses, patience):
    best = losses.index(min(losses))
    stop = best + patience
    return (stop if stop < len(losses) else len(losses) - 1), best


def stop_looks_back(losses, patience):
    for now in range(len(losses)):
        if now >= patience and not losses[now] < losses[now - patience]:
            return now, losses.index(min(losses[: now + 1]))
    return len(losses) - 1, losses.index(min(losses))


def stop_latest_tie(losses, patience):
    stop, best = _right(losses, patience)
    for now in range(best, stop + 1):
        if losses[now] == losses[best]:
            best = now
    return stop, best


def stop_beyond(losses, patience):
    best = 0
    for now, loss in enumerate(losses):
        best = now if loss < losses[best] else best
        if now == best + patience:
            return now, best
    return now + 1, best


def stop_human_numbers(losses, patience):
    stop, best = _right(losses, patience)
    return stop + 1, best + 1


def stop_best_first(losses, patience):
    stop, best = _right(losses, patience)
    return best, stop


def stop_maximizes(losses, patience):
    best = 0
    for now, loss in enumerate(losses):
        best = now if loss > losses[best] else best
        if now == best + patience:
            return now, best
    return len(losses) - 1, best


def stop_forgets_to_return(losses, patience):
    best = 0
    for now, loss in enumerate(losses):
        best = now if loss < losses[best] else best
        if now == best + patience:
            return now, best


def stop_values(losses, patience):
    stop, best = _right(losses, patience)
    return losses[stop], losses[best]


def stop_only_where(losses, patience):
    return _right(losses, patience)[0]


def stop_spins(losses, patience):
    now = best = 0
    while now - best < patience:
        if losses[now] < losses[best]:
            best = now
    return now, best


WRONG = [
    ("training_step", step_adds_up, "Los gradientes se acumularon"),
    ("training_step", step_clears_what_it_needs, "Los parámetros no se movieron"),
    ("training_step", step_then_backward, "Moviste los parámetros antes de `backward`"),
    ("training_step", step_clips_then_steps_then_backward, "Recortaste y moviste antes de"),
    ("training_step", step_in_the_middle, "un tensor que `backward` todavía necesitaba"),
    ("training_step", step_reports_the_new_loss, "La pérdida de después del paso"),
    ("training_step", step_copies_the_input, "Objetivos sin correr"),
    ("training_step", step_predicts_the_past, "Objetivos corridos hacia atrás"),
    ("training_step", step_wheel, "El último predice al primero"),
    ("training_step", step_final_token, "Solo el último token"),
    ("training_step", step_sum, "Sumaste las pérdidas"),
    ("training_step", step_double_softmax, "Dos veces softmax"),
    ("training_step", step_free, "Falta recortar"),
    ("training_step", step_clip_value, "Recortaste número por número"),
    ("training_step", step_clip_each, "Recortaste cada parámetro por separado"),
    ("training_step", step_fixed_size, "Llevaste siempre la norma a `max_norm`"),
    ("training_step", step_stays, "Los parámetros no se movieron"),
    ("training_step", step_on_a_copy, "Los parámetros quedaron exactamente como estaban"),
    ("training_step", step_subtracts, "No usaste el optimizador"),
    ("training_step", step_repeats, "Dos pasos"),
    ("training_step", step_gives_the_norm, "Devolviste la norma de los gradientes"),
    ("training_step", step_without_graph, "Nada une ese número con los parámetros"),
    ("training_step", step_backward_of_a_float, "Tu función lanzó AttributeError"),
    ("training_step", step_silent, "(`la pérdida`), la función debe devolver un número"),
    ("early_stopping", stop_versus_previous, "Comparaste con la evaluación anterior"),
    ("early_stopping", stop_never_resets, "No reiniciaste la cuenta"),
    ("early_stopping", stop_accepts_ties, "Un empate no es una mejora"),
    ("early_stopping", stop_waits_one_more, "Una evaluación tarde"),
    ("early_stopping", stop_keeps_where_it_stops, "Guardaste la última"),
    ("early_stopping", stop_best_of_all, "Miraste el futuro"),
    ("early_stopping", stop_goes_to_the_end, "No paraste nunca"),
    ("early_stopping", stop_from_the_lowest, "Partiste de la mejor de toda la lista"),
    ("early_stopping", stop_looks_back, "la de hace `patience` evaluaciones"),
    ("early_stopping", stop_latest_tie, "Guardaste la última de las empatadas"),
    ("early_stopping", stop_beyond, "Te saliste de la lista"),
    ("early_stopping", stop_human_numbers, "Contaste desde 1"),
    ("early_stopping", stop_best_first, "En el orden inverso"),
    ("early_stopping", stop_maximizes, "Buscaste la mayor"),
    ("early_stopping", stop_forgets_to_return, "¿Olvidaste el `return`?"),
    ("early_stopping", stop_values, "un entero"),
    ("early_stopping", stop_only_where, "una tupla de 2 elementos"),
    ("early_stopping", stop_spins, "no terminó"),
]
