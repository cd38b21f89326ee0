"""Ejercicio: búsqueda voraz (greedy search)."""

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property
from course_lib.exercises.generation.toy_model import ToyModel


def reference(next_logits, input_ids, max_new_tokens, eos_token_id):
    """Los tokens nuevos: en cada paso el de logit más alto, hasta el fin o el límite."""
    new = []
    while len(new) < max_new_tokens and eos_token_id not in new:
        new.append(int(next_logits([*input_ids, *new]).argmax()))
    return new


def cases(generator):
    """Textos que terminan enseguida, que nunca terminan, empates y límites de 0 y 1."""
    ends = ToyModel(torch.tensor([[0.0, 1.0]]))
    never = ToyModel(torch.tensor([[2.0, 2.0, -5.0]]))  # empatan 0 y 1: gana el primero
    fixed = [(ends, [0], 3, 1), (never, [1, 0], 2, 2), (never, [1], 0, 2)]
    random = []
    for vocab_size, prompt_length, max_new_tokens in [
        (3, 1, 1), (3, 2, 4), (4, 3, 6), (4, 2, 12), (5, 4, 3), (6, 4, 8),
    ]:  # fmt: skip
        model = ToyModel.random(generator, vocab_size)
        prompt = torch.randint(vocab_size - 1, (prompt_length,), generator=generator).tolist()
        random.append((model, prompt, max_new_tokens, vocab_size - 1))
    return fixed + random


def respects_limits(new, next_logits, input_ids, max_new_tokens, eos_token_id):
    """No más de max_new_tokens, y nada después del fin de secuencia."""
    if len(new) > max_new_tokens:
        return f"Devolviste {len(new)} tokens y el máximo es {max_new_tokens}."
    if eos_token_id in new[:-1]:
        return f"Seguiste generando después del token de fin ({eos_token_id})."
    return None


def each_is_most_likely(new, next_logits, input_ids, max_new_tokens, eos_token_id):
    """Cada token es el argmax dado todo lo anterior."""
    for position, token in enumerate(new):
        best = int(next_logits([*input_ids, *new[:position]]).argmax())
        if token != best:
            return (
                f"El token nuevo número {position + 1} es {token}; el más probable después de "
                f"{[*input_ids, *new[:position]]} es {best}."
            )
    return None


def _endless(next_logits, input_ids, max_new_tokens, eos_token_id):
    return reference(next_logits, input_ids, max_new_tokens, None)


def _last_token_only(next_logits, input_ids, max_new_tokens, eos_token_id):
    new = []
    while len(new) < max_new_tokens and eos_token_id not in new:
        new.append(int(next_logits([*input_ids, *new][-1:]).argmax()))
    return new


def _frozen_context(next_logits, input_ids, max_new_tokens, eos_token_id):
    return reference(lambda ids: next_logits(input_ids), input_ids, max_new_tokens, eos_token_id)


def _without_eos(*args):
    return [token for token in reference(*args) if token != args[-1]]


def _total_length(next_logits, input_ids, max_new_tokens, eos_token_id):
    return reference(next_logits, input_ids, max_new_tokens - len(input_ids), eos_token_id)


def _least_likely(next_logits, *rest):
    return reference(lambda ids: -next_logits(ids), *rest)


def _one_too_many(next_logits, input_ids, max_new_tokens, eos_token_id):
    return reference(next_logits, input_ids, max_new_tokens + 1, eos_token_id)


MISCONCEPTIONS = (
    Misconception(
        "No te detienes en el fin de secuencia",
        "Cuando el modelo elige `eos_token_id`, el texto terminó: inclúyelo y deja de generar.",
        _endless,
    ),
    Misconception(
        "Perdiste el token de fin",
        "El token de fin también fue generado: agrégalo a la lista y después detente.",
        _without_eos,
    ),
    Misconception(
        "Devolviste también el texto de entrada",
        "Se piden solo los tokens nuevos, sin los de `input_ids`.",
        lambda *args: [*args[1], *reference(*args)],
    ),
    Misconception(
        "El modelo solo ve el último token",
        "Le pasas únicamente el último token. Un modelo de lenguaje condiciona en todo lo "
        "anterior: pásale la entrada y lo que ya generaste.",
        _last_token_only,
    ),
    Misconception(
        "El contexto no crece",
        "Le pasas siempre la misma entrada, sin lo que ya generaste. Agrega cada token nuevo antes "
        "de preguntar por el siguiente.",
        _frozen_context,
    ),
    Misconception(
        "Contaste la entrada en el límite",
        "`max_new_tokens` limita los tokens nuevos; la entrada no cuenta (ese sería `max_length`).",
        _total_length,
    ),
    Misconception(
        "Elegiste el menos probable",
        "Tomas el mínimo de los logits: usa `argmax`.",
        _least_likely,
    ),
    Misconception(
        "Un token de más",
        "Das un paso más que `max_new_tokens`: revisa la condición del ciclo.",
        _one_too_many,
    ),
)

EXERCISE = Exercise(
    key="greedy_search",
    chapter="08_generacion",
    title="Búsqueda voraz",
    objective="Escribir el ciclo que convierte un modelo del próximo token en un generador.",
    difficulty=1,
    minutes=15,
    section="Búsqueda voraz",
    hints=(
        "Es un ciclo: preguntar por el próximo token, elegir el de logit más alto, agregarlo al "
        "contexto y repetir. ¿Por qué dos motivos se puede terminar?",
        "Lleva una lista `new` y, a lo más `max_new_tokens` veces, calcula "
        "`int(next_logits(input_ids + new).argmax())`, agrégalo a `new` y sal del ciclo si es "
        "`eos_token_id`.",
    ),
    cases=cases,
    reference=reference,
    idea="En cada paso se elige el token de mayor logit dado todo lo anterior, y se repite.",
    properties=(
        Property(
            "Termina cuando corresponde",
            "Se genera hasta el token de fin, que se incluye, o hasta completar `max_new_tokens`.",
            respects_limits,
        ),
        Property(
            "Cada token es el más probable",
            "La búsqueda voraz elige en cada paso el máximo, condicionado en todo lo anterior.",
            each_is_most_likely,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
