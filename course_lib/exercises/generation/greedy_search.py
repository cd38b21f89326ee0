"""Ejercicio: búsqueda voraz (greedy search)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import draw_until, integer
from .toy_model import ToyModel

__all__ = ["EXERCISE"]

Model = Callable[[list[int]], torch.Tensor]
Case = tuple[ToyModel, list[int], int, int]
INF = float("inf")


def reference(
    next_logits: Model, input_ids: list[int], max_new_tokens: int, eos_token_id: int
) -> list[int]:
    """Los tokens nuevos: en cada paso el de logit más alto, hasta el fin o el límite."""
    new: list[int] = []
    while len(new) < max_new_tokens and eos_token_id not in new:
        new.append(int(next_logits([*input_ids, *new]).argmax()))
    return new


def cases(generator: torch.Generator) -> list[Case]:
    """Fin inmediato, en medio, al límite o nunca; también dentro de la entrada; logits de todo signo."""
    ends = ToyModel(torch.tensor([[0.0, 1.0]]))
    never = ToyModel(torch.tensor([[2.0, 1.0, -5.0]]))
    wide = ToyModel(torch.nn.functional.one_hot(torch.tensor([300]), 320).float())
    fixed: list[Case] = [
        (ends, [0], 3, 1),
        (never, [1], 0, 2),
        (never, [2], 2, 2),  # la entrada misma es el token de fin
        (never, [2, 1], 3, 2),
        (never, [1, 2], 2, 2),
        (ToyModel(torch.tensor([[3.0, 1.0, 2.0]])), [1], 3, 0),  # el fin es el token 0
        (ToyModel(torch.tensor([[1.0, 1.1, 0.9]])), [2], 3, 1),  # el fin gana con menos de la mitad
        (ToyModel(torch.tensor([[1.0, 0.0, 2.0]])), [0], 3, 1),  # el último token no es el fin
        (ToyModel(torch.tensor([[-3.0, -1.0, -2.0]])), [0], 2, 2),
        (ToyModel(torch.tensor([[-INF, -3e6, -2e6, -INF]])), [0], 2, 0),
        (ToyModel(torch.tensor([[-1000.0, 1000.0, 999.5]])), [0], 2, 2),
        (wide, [7], 3, 300),
    ]
    sizes = [(3, 1, 1), (3, 2, 4), (4, 3, 6), (4, 2, 12), (5, 4, 3), (6, 4, 8)]
    random = [_random_case(generator, *size) for size in sizes]
    scenes = [
        draw_until(lambda: _random_case(generator, 4, 3, 7), scene)
        for scene in (_ends_midway, _ends_at_the_limit, _never_ends)
    ]
    long = draw_until(lambda: _random_case(generator, 5, 20, 14), _is_long)
    return [*fixed, *random, *scenes, long]


def _random_case(
    generator: torch.Generator, vocab_size: int, prompt_length: int, max_new_tokens: int
) -> Case:
    """La entrada puede tener el token de fin, que es uno cualquiera; los logits, cualquier signo."""
    shift = 8.0 * integer(generator, -1, 1)
    model = ToyModel.random(generator, vocab_size, shift=shift)
    prompt = [integer(generator, 0, vocab_size - 1) for _ in range(prompt_length)]
    return model, prompt, max_new_tokens, integer(generator, 0, vocab_size - 1)


def _ends_midway(case: Case) -> bool:
    new = reference(*case)
    return 3 <= len(new) < case[2] and len(set(new)) > 2


def _ends_at_the_limit(case: Case) -> bool:
    new = reference(*case)
    return len(new) == case[2] and new[-1] == case[3]


def _never_ends(case: Case) -> bool:
    """No termina, repite tokens, y la entrada tiene el de fin."""
    new = reference(*case)
    return case[3] in case[1] and case[3] not in new and len(set(new)) < len(new)


def _is_long(case: Case) -> bool:
    return len(reference(*case)) > 8


def respects_limits(
    new: list[int], next_logits: Model, input_ids: list[int], max_new_tokens: int, eos_token_id: int
) -> str | None:
    """No más de max_new_tokens, nada después del fin de secuencia y no antes de tiempo."""
    if len(new) > max_new_tokens:
        return f"Devolviste {len(new)} tokens y el máximo es {max_new_tokens}."
    if eos_token_id in new[:-1]:
        return f"Seguiste generando después del token de fin ({eos_token_id})."
    if len(new) < max_new_tokens and eos_token_id not in new:
        return (
            f"Te detuviste con {len(new)} tokens nuevos, de {max_new_tokens} posibles, y ninguno es el "
            f"de fin ({eos_token_id})."
        )
    return None


def each_is_most_likely(
    new: list[int], next_logits: Model, input_ids: list[int], max_new_tokens: int, eos_token_id: int
) -> str | None:
    """Cada token es el argmax dado todo lo anterior."""
    for position, token in enumerate(new):
        best = int(next_logits([*input_ids, *new[:position]]).argmax())
        if token != best:
            return (
                f"El token nuevo número {position + 1} es {token}; el más probable después de "
                f"{[*input_ids, *new[:position]]} es {best}."
            )
    return None


def _with_context(
    context: Callable[[list[int], list[int]], list[int]],
) -> Callable[..., list[int]]:
    """Variante en que el modelo ve `context(entrada, tokens nuevos)`."""

    def wrong(
        next_logits: Model, input_ids: list[int], max_new_tokens: int, eos_token_id: int
    ) -> list[int]:
        new: list[int] = []
        while len(new) < max_new_tokens and eos_token_id not in new:
            new.append(int(next_logits(context(input_ids, new)).argmax()))
        return new

    return wrong


def _stopping(stop: Callable[[list[int], list[int], int], bool]) -> Callable[..., list[int]]:
    """Variante que se detiene cuando lo dice `stop(entrada, tokens nuevos, fin)`."""

    def wrong(
        next_logits: Model, input_ids: list[int], max_new_tokens: int, eos_token_id: int
    ) -> list[int]:
        new: list[int] = []
        while len(new) < max_new_tokens and not stop(input_ids, new, eos_token_id):
            new.append(int(next_logits([*input_ids, *new]).argmax()))
        return new

    return wrong


def _best_above_zero(
    next_logits: Model, input_ids: list[int], max_new_tokens: int, eos_token_id: int
) -> list[int]:
    """Busca el máximo partiendo de `best = 0.0`: no ve los logits negativos."""

    def clipped(ids: list[int]) -> torch.Tensor:
        return next_logits(ids).clamp(min=0.0)

    return reference(clipped, input_ids, max_new_tokens, eos_token_id)


def _without_eos(*args: Any) -> list[int]:
    return [token for token in reference(*args) if token != args[-1]]


def _limited(change: Callable[[int, list[int]], int]) -> Callable[..., list[int]]:
    """Variante cuyo límite es `change(max_new_tokens, entrada)`."""
    return lambda next_logits, input_ids, max_new_tokens, eos_token_id: reference(
        next_logits, input_ids, change(max_new_tokens, input_ids), eos_token_id
    )


MISCONCEPTIONS = (
    Misconception(
        "No te detienes en el fin de secuencia",
        "Cuando el modelo elige `eos_token_id`, el texto terminó: inclúyelo y deja de generar.",
        _stopping(lambda input_ids, new, eos: False),
    ),
    Misconception(
        "Buscaste el fin también en la entrada",
        "La entrada puede tener el token de fin, y eso no termina nada: mira solo el token que el modelo "
        "acaba de elegir.",
        _stopping(lambda input_ids, new, eos: eos in [*input_ids, *new]),
    ),
    Misconception(
        "Miraste el último token antes de generar",
        "Si la entrada termina con el token de fin, tu ciclo no da ninguna vuelta. Mira solo el token que "
        "el modelo acaba de elegir.",
        _stopping(lambda input_ids, new, eos: [*input_ids, *new][-1] == eos),
    ),
    Misconception(
        "Olvidaste que el fin puede ser el token 0",
        "`if eos_token_id` es falso cuando vale 0. Compara con `==`.",
        _stopping(lambda input_ids, new, eos: bool(eos) and eos in new),
    ),
    Misconception(
        "Comparaste con `is`",
        "`is` pregunta si son el mismo objeto, y con ids grandes no lo son. Compara números con `==`.",
        _stopping(lambda input_ids, new, eos: eos <= 256 and eos in new),
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
        _with_context(lambda input_ids, new: [*input_ids, *new][-1:]),
    ),
    Misconception(
        "El contexto no crece",
        "Le pasas siempre la misma entrada, sin lo que ya generaste. Agrega cada token nuevo antes "
        "de preguntar por el siguiente.",
        _with_context(lambda input_ids, new: input_ids),
    ),
    Misconception(
        "Olvidaste la entrada en el contexto",
        "Desde el segundo paso, al modelo le llegan solo los tokens nuevos. Pásale la entrada y lo que ya "
        "generaste.",
        _with_context(lambda input_ids, new: new or input_ids),
    ),
    Misconception(
        "Contaste la entrada en el límite",
        "`max_new_tokens` limita los tokens nuevos; la entrada no cuenta (ese sería `max_length`).",
        _limited(lambda limit, input_ids: limit - len(input_ids)),
    ),
    Misconception(
        "Un token de más",
        "Das un paso más que `max_new_tokens`: revisa la condición del ciclo.",
        _limited(lambda limit, input_ids: limit + 1),
    ),
    Misconception(
        "Generaste antes de mirar el límite",
        "Con `max_new_tokens` igual a 0 no se genera nada: comprueba el límite antes de cada paso.",
        _limited(lambda limit, input_ids: max(limit, 1)),
    ),
    Misconception(
        "Elegiste el menos probable",
        "Tomas el mínimo de los logits: usa `argmax`.",
        lambda next_logits, *rest: reference(lambda ids: -next_logits(ids), *rest),
    ),
    Misconception(
        "Buscaste el máximo desde 0",
        "Un logit puede ser negativo, y todos pueden serlo: con `best = 0.0` ninguno gana. Usa `argmax`, o "
        "parte de −∞.",
        _best_above_zero,
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
        "Es un ciclo: preguntar por el próximo token, elegir el de logit más alto, agregarlo "
        "al contexto y repetir. ¿Por qué dos motivos se puede terminar?",
        "El modelo recibe cada vez la entrada y lo nuevo, y la lista que te dieron no debe "
        "cambiar: concatena en lugar de agregarle. El token de fin ¿se guarda antes o después "
        "de salir del ciclo?",
    ),
    cases=cases,
    reference=reference,
    idea="En cada paso se elige el token de mayor logit dado todo lo anterior, y se repite.",
    properties=(
        Property(
            "Termina cuando corresponde",
            "Se genera hasta que el modelo elige el token de fin, que se incluye, o hasta completar "
            "`max_new_tokens`.",
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
