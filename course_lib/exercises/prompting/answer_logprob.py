"""Ejercicio: la log-probabilidad de una respuesta, por la regla de la cadena."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(logits, input_ids, n_context):
    """Σ log P(token | anteriores) de los tokens de la respuesta."""
    logprobs = torch.log_softmax(logits, dim=-1)
    places = range(n_context, len(input_ids))
    return float(sum(logprobs[i - 1, input_ids[i]] for i in places))


def cases(generator):
    """Respuestas de uno a cuatro tokens, contextos de uno a cinco."""
    fixed = [
        (torch.tensor([[0.0, 0.0], [3.0, -1.0]]), [0, 1], 1),
        (torch.tensor([[2.0, 0.0], [0.0, 1.0], [9.0, 9.0]]), [1, 0, 1], 1),
    ]
    random = []
    for context, answer, vocab_size in [(1, 1, 3), (2, 2, 3), (3, 2, 4), (2, 4, 5), (5, 3, 6)]:
        logits = 2 * torch.randn(context + answer, vocab_size, generator=generator)
        ids = torch.randint(vocab_size, (context + answer,), generator=generator).tolist()
        random.append((logits, ids, context))
    return fixed + random


def is_a_logprob(value, logits, input_ids, n_context):
    """El logaritmo de una probabilidad nunca es positivo."""
    return f"Salió {value:.3g}, que es positivo." if value > 1e-6 else None


def below_each_factor(value, logits, input_ids, n_context):
    """Un producto de probabilidades no supera a ninguno de sus factores."""
    lowest = min(_terms(logits, input_ids, n_context)).item()
    if value > lowest + 1e-4:
        return f"Salió {value:.3g}, y un token de la respuesta tiene log P = {lowest:.3g}."
    return None


def _terms(logits, input_ids, n_context, shift=1):
    logprobs = torch.log_softmax(logits, dim=-1)
    return [logprobs[i - shift, input_ids[i]] for i in range(n_context, len(input_ids))]


def _mean(*args):
    terms = _terms(*args)
    return float(sum(terms) / len(terms))


def _probability(*args):
    return float(torch.stack(_terms(*args)).sum().exp())


def _wrong_axis(logits, input_ids, n_context):
    logprobs = torch.log_softmax(logits, dim=0)
    return float(sum(logprobs[i - 1, input_ids[i]] for i in range(n_context, len(input_ids))))


MISCONCEPTIONS = (
    Misconception(
        "Corriste los logits una posición",
        "Los logits de la posición i predicen el token i + 1: para el token i se mira la fila i − 1.",
        lambda *args: float(sum(_terms(*args, shift=0))),
    ),
    Misconception(
        "Solo miraste el primer token",
        "Muchas palabras en español son dos o más tokens: «bacán» es «bac» y «án». Suma las "
        "log-probabilidades de todos.",
        lambda *args: float(_terms(*args)[0]),
    ),
    Misconception(
        "Contaste también el contexto",
        "Se puntúa la respuesta dado el contexto: empieza a sumar en `n_context`.",
        lambda logits, ids, n: reference(logits, ids, 1),
    ),
    Misconception(
        "Sumaste logits",
        "Un logit no es una log-probabilidad: falta restar el logaritmo de la suma de exponenciales, "
        "que es lo que hace `torch.log_softmax`.",
        lambda logits, ids, n: float(sum(logits[i - 1, ids[i]] for i in range(n, len(ids)))),
    ),
    Misconception(
        "Normalizaste por posiciones",
        "El softmax va sobre el vocabulario, `dim=-1`: cada fila es una distribución. Con `dim=0` "
        "mezclas posiciones distintas.",
        _wrong_axis,
    ),
    Misconception(
        "Promediaste",
        "Esa es la media por token, otro puntaje. La probabilidad de la respuesta es un producto, y su "
        "logaritmo, una suma.",
        _mean,
    ),
    Misconception(
        "Devolviste la probabilidad",
        "Se pide el logaritmo. Con respuestas largas la probabilidad se vuelve cero por redondeo y el "
        "logaritmo no.",
        _probability,
    ),
)

EXERCISE = Exercise(
    key="answer_logprob",
    chapter="05_prompting",
    title="Puntuar una respuesta",
    objective="Calcular la log-probabilidad de una respuesta de varios tokens.",
    difficulty=2,
    minutes=15,
    section="La búsqueda de la respuesta",
    hints=(
        "P(bac, án | contexto) = P(bac | contexto) · P(án | contexto, bac). ¿En qué fila de los "
        "logits está cada factor?",
        "Calcula `logprobs = torch.log_softmax(logits, dim=-1)` y suma `logprobs[i - 1, input_ids[i]]` "
        "para i desde `n_context` hasta el final. Conviértelo con `float(...)`.",
    ),
    cases=cases,
    reference=reference,
    idea="log P(z | x) = Σ log P(zᵢ | x, z₁ … zᵢ₋₁), y la fila i − 1 predice el token i.",
    properties=(
        Property(
            "Es el logaritmo de una probabilidad",
            "Una probabilidad no pasa de 1, así que su logaritmo no pasa de 0.",
            is_a_logprob,
        ),
        Property(
            "No supera a ninguno de sus tokens",
            "Cada token nuevo multiplica por una probabilidad: la respuesta entera nunca es más "
            "probable que su token menos probable.",
            below_each_factor,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
