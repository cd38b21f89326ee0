"""Respuestas equivocadas de `05_prompting`, escritas como las escribiría una estudiante.

Cada entrada: (ejercicio, función, fragmento que debe aparecer en lo que se le dice).
"""

import math
import re

import torch

from tests.exercises.wrong_prompting_interval import WRONG as INTERVAL
from tests.exercises.wrong_prompting_labels import WRONG as LABELS


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


def fill_colon_counts_as_an_end(template, x, z):
    if x.endswith((".", "!", "?", ":", "…")):
        template = template.replace("[X].", "[X]")
    before, after = template.split("[X]")
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def fill_any_mark_inside(template, x, z):
    if any(c in x for c in ".!?"):
        template = template.replace("[X].", "[X]")
    before, after = template.split("[X]")
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def fill_cleans_at_the_end(template, x, z):
    before, after = template.split("[X]")
    text = before.replace("[Z]", z) + x + after.replace("[Z]", z)
    return text.replace("..", ".").replace("!.", "!").replace("?.", "?")


def fill_strips_spaces(template, x, z):
    x = x.strip()
    if x[-1] in ".!?":
        template = template.replace("[X].", "[X]")
    return template.replace("[Z]", z).replace("[X]", x)


def fill_with_format(template, x, z):
    if x.endswith((".", "!", "?")):
        template = template.replace("[X].", "[X]")
    return template.replace("[X]", "{x}").replace("[Z]", "{z}").format(x=x, z=z)


def fill_with_regular_expressions(template, x, z):
    if x.endswith((".", "!", "?")):
        template = template.replace("[X].", "[X]")
    return re.sub(r"\[X\]", x, re.sub(r"\[Z\]", z, template))


def fill_eats_any_mark(template, x, z):
    before, after = template.split("[X]")
    if x[-1] in ".!?":
        after = after.lstrip(".!?…")
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def fill_first_period_of_the_rest(template, x, z):
    before, after = template.split("[X]")
    if x.endswith((".", "!", "?")):
        after = after.replace(".", "", 1)
    return before.replace("[Z]", z) + x + after.replace("[Z]", z)


def fill_matches_one_line(template, x, z):
    if re.match(r".*[.!?]$", x):
        template = template.replace("[X].", "[X]")
    return template.replace("[Z]", z).replace("[X]", x)


def chain_from_rows(logits, input_ids, n_context):
    logprobs = logits.log_softmax(-1)
    rows = range(n_context, len(input_ids) - 1)
    return sum(logprobs[i, input_ids[i + 1]].item() for i in rows)


def chain_one_row_before(logits, input_ids, n_context):
    logprobs = logits.log_softmax(-1)
    rows = range(n_context - 2, len(input_ids) - 1)
    return sum(logprobs[i, input_ids[i + 1]].item() for i in rows)


def chain_product(logits, input_ids, n_context):
    probs = torch.softmax(logits, -1)
    total = torch.tensor(1.0)
    for i in range(n_context, len(input_ids)):
        total = total * probs[i - 1, input_ids[i]]
    return total.log().item()


def chain_log_of_softmax(logits, input_ids, n_context):
    probs = torch.softmax(logits, dim=1)
    return sum(math.log(probs[i - 1, input_ids[i]]) for i in range(n_context, len(input_ids)))


def chain_clamps_the_zero(logits, input_ids, n_context):
    logprobs = torch.softmax(logits, dim=1).clamp(min=1e-12).log()
    return sum(logprobs[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def chain_by_hand(logits, input_ids, n_context):
    logprobs = logits - logits.exp().sum(1, keepdim=True).log()
    return sum(logprobs[i - 1, input_ids[i]].item() for i in range(n_context, len(input_ids)))


def chain_loss(logits, input_ids, n_context):
    target = torch.tensor(input_ids[n_context:])
    return torch.nn.functional.cross_entropy(logits[n_context - 1 : -1], target).item()


def chain_greedy(logits, input_ids, n_context):
    return logits.log_softmax(-1).max(-1).values[n_context - 1 : -1].sum().item()


def chain_repeated_token(logits, input_ids, n_context):
    logprobs = logits.log_softmax(-1)
    return sum(logprobs[input_ids.index(t) - 1, t].item() for t in input_ids[n_context:])


WRONG = [
    ("fill_template", fill_two_replaces, "Puntuación doble y casillero"),
    ("fill_template", fill_strips_input, "Le quitaste el signo"),
    ("fill_template", fill_only_x, "[Z]"),
    ("fill_template", fill_regardless_of_period, "Llenaste un casillero de la entrada"),
    ("answer_logprob", chain_off_by_one, "Corriste los logits"),
    ("answer_logprob", chain_first_token, "Solo miraste el primer token"),
    ("answer_logprob", chain_raw_logits, "Sumaste logits"),
    ("answer_logprob", chain_wrong_axis, "Normalizaste por posiciones"),
    ("fill_template", fill_colon_counts_as_an_end, "Se perdió el punto de la plantilla"),
    ("fill_template", fill_any_mark_inside, "Buscaste el signo en toda la entrada"),
    ("fill_template", fill_cleans_at_the_end, "Limpiaste el texto ya lleno"),
    ("fill_template", fill_strips_spaces, "no aparece tal cual"),
    ("fill_template", fill_with_format, "Tu función lanzó"),
    ("fill_template", fill_with_regular_expressions, "Tu función lanzó"),
    ("fill_template", fill_eats_any_mark, "Después de la entrada debía decir"),
    ("fill_template", fill_first_period_of_the_rest, "Después de la entrada debía decir"),
    ("fill_template", fill_matches_one_line, "con dos signos seguidos"),
    ("answer_logprob", chain_from_rows, "Saltaste el primer token"),
    ("answer_logprob", chain_one_row_before, "le sobra un token del contexto"),
    ("answer_logprob", chain_product, "El producto se volvió cero"),
    ("answer_logprob", chain_log_of_softmax, "ValueError"),
    ("answer_logprob", chain_clamps_the_zero, "ya tiene log P = -2000"),
    ("answer_logprob", chain_by_hand, "La exponencial se desborda"),
    ("answer_logprob", chain_loss, "que es positivo"),
    ("answer_logprob", chain_greedy, "Tomaste el token más probable"),
    ("answer_logprob", chain_repeated_token, "Buscaste la posición del token"),
    *LABELS,
    *INTERVAL,
]
