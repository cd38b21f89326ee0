"""Ejercicio: un BOS de más."""

from __future__ import annotations

from itertools import pairwise

import torch

from ..core.draws import choose, integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Ids = list[int]


def reference(input_ids: Ids, bos_id: int | None) -> bool:
    """¿Hay dos bos_id seguidos, en cualquier lugar?"""
    return bos_id is not None and (bos_id, bos_id) in pairwise(input_ids)


def cases(generator: torch.Generator) -> list[tuple[Ids, int | None]]:
    """Vacía, sin BOS, uno solo, dos separados, dos seguidos en cada lugar, y el id 0."""
    fixed: list[tuple[Ids, int | None]] = [
        ([], 1),
        ([], None),
        ([1], 1),
        ([7], None),
        ([1, 1], 1),
        ([0, 0], 0),
        ([7, 7], 1),
        ([7, 7], None),
        ([1, 1], None),
        ([2, 2], 2),
        ([1, 5, 1], 1),
        ([5, 1, 1], 1),
        ([1, 1, 5], 1),
        ([1, 11, 1], 1),
        ([11, 1, 5], 1),
        ([21, 1, 10], 1),
        ([1, 7, 7, 2], 1),
        ([0, 4, 4, 9], 0),
        ([1, 5, 2, 1, 6], 1),
        ([1, 5, 2, 1, 1, 6], 1),
        ([5, 1, 1, 6, 7], 1),
        ([3, 3, 1, 5, 6], 1),
        ([8, 8, 8, 5, 6, 2], 8),
        ([1, 5, 6, 2, 2], 1),
    ]
    return fixed + [_drawn(generator, length) for length in (4, 5, 6, 7, 8, 9, 10, 12)]


def _drawn(generator: torch.Generator, length: int) -> tuple[Ids, int]:
    """Un texto con BOS sueltos y otros repetidos; la mitad de las veces, con un BOS doble."""
    bos = choose(generator, (0, 1, 2, 128_000))
    ids = torch.randint(3, 20, (length,), generator=generator).tolist()
    ids[0], ids[length // 2] = bos, bos
    ids[-1] = ids[-2]
    if integer(generator, 0, 1):
        ids.insert(choose(generator, (0, length // 2)), bos)
    return ids, bos


def never_without_two(found: bool, input_ids: Ids, bos_id: int | None) -> str | None:
    """Sin dos BOS en toda la lista no puede haber dos seguidos."""
    times = input_ids.count(bos_id) if bos_id is not None else 0
    if not found or times > 1:
        return None
    return f"Devolviste True, y la cantidad de BOS en la lista es {times}."


def always_with_a_pair(found: bool, input_ids: Ids, bos_id: int | None) -> str | None:
    """Si hay dos seguidos se descubren, estén donde estén."""
    pairs = list(pairwise(input_ids))
    if found or bos_id is None or (bos_id, bos_id) not in pairs:
        return None
    place = pairs.index((bos_id, bos_id))
    return f"Devolviste False, y en las posiciones {place} y {place + 1} hay dos BOS seguidos."


def _at_the_start(input_ids: Ids, bos_id: int | None) -> bool:
    return bos_id is not None and input_ids[:2] == [bos_id, bos_id]


def _at_the_end(input_ids: Ids, bos_id: int | None) -> bool:
    return bos_id is not None and input_ids[-2:] == [bos_id, bos_id]


def _at_the_first_one(input_ids: Ids, bos_id: int | None) -> bool:
    """Solo se mira lo que sigue al primer BOS."""
    if bos_id is None or bos_id not in input_ids:
        return False
    place = input_ids.index(bos_id)
    return input_ids[place + 1 : place + 2] == [bos_id]


def _more_than_one(input_ids: Ids, bos_id: int | None) -> bool:
    return bos_id is not None and input_ids.count(bos_id) > 1


def _any_token_twice(input_ids: Ids, bos_id: int | None) -> bool:
    return any(one == other for one, other in pairwise(input_ids))


def _zero_is_nothing(input_ids: Ids, bos_id: int | None) -> bool:
    return bool(bos_id) and reference(input_ids, bos_id)


def _off_the_end(input_ids: Ids, bos_id: int | None) -> bool:
    places = range(len(input_ids))
    return any(input_ids[i] == bos_id and input_ids[i + 1] == bos_id for i in places)


def _without_the_last(input_ids: Ids, bos_id: int | None) -> bool:
    return reference(input_ids[:-1], bos_id)


def _without_the_first(input_ids: Ids, bos_id: int | None) -> bool:
    return reference(input_ids[1:], bos_id)


def _fails_when_short(input_ids: Ids, bos_id: int | None) -> bool:
    return input_ids[0] == bos_id and input_ids[1] == bos_id


def _in_text(input_ids: Ids, bos_id: int | None) -> bool:
    return f"{bos_id}, {bos_id}" in str(input_ids)


def _in_couples(input_ids: Ids, bos_id: int | None) -> bool:
    return [bos_id, bos_id] in [input_ids[i : i + 2] for i in range(0, len(input_ids), 2)]


def _after_the_start(input_ids: Ids, bos_id: int | None) -> bool:
    return bos_id in input_ids[1:]


MISCONCEPTIONS = (
    Misconception(
        "Miraste solo el comienzo",
        "Un BOS doble puede estar en medio, si cada turno se tokenizó por separado: recorre toda la lista.",
        _at_the_start,
    ),
    Misconception(
        "Miraste solo el comienzo, y puede faltar",
        "La lista puede estar vacía o tener un solo id. Y un BOS doble puede estar en medio: recórrela toda.",
        _fails_when_short,
    ),
    Misconception(
        "Miraste solo el final",
        "Un BOS doble puede estar en cualquier lugar: recorre toda la lista.",
        _at_the_end,
    ),
    Misconception(
        "Miraste solo el primer BOS",
        "`index` encuentra el primero. El doble puede ser otro: recorre toda la lista.",
        _at_the_first_one,
    ),
    Misconception(
        "Contaste los BOS",
        "Dos BOS separados están bien: la plantilla de Llama 2 escribe uno por pregunta. Lo malo es que "
        "estén seguidos.",
        _more_than_one,
    ),
    Misconception(
        "Buscaste un BOS después del comienzo",
        "Puede haber un BOS en medio, si abre otra pregunta. Lo malo son dos seguidos.",
        _after_the_start,
    ),
    Misconception(
        "Cualquier token repetido",
        "Dos tokens iguales seguidos son normales: lo que se busca son dos BOS.",
        _any_token_twice,
    ),
    Misconception(
        "El BOS puede ser el id 0",
        "Para Python 0 es falso: `if bos_id` lo confunde con None. Pregunta `bos_id is not None`.",
        _zero_is_nothing,
    ),
    Misconception(
        "Te saliste de la lista",
        "El último id no tiene siguiente: `i` llega hasta `len(input_ids) - 2`. También sirve "
        "`zip(input_ids, input_ids[1:])`.",
        _off_the_end,
    ),
    Misconception(
        "Faltó el último par",
        "El último par son las posiciones `len - 2` y `len - 1`: `range(len(input_ids) - 1)`.",
        _without_the_last,
    ),
    Misconception(
        "Faltó el primer par",
        "El primer par son las posiciones 0 y 1, justo donde suele aparecer el BOS doble.",
        _without_the_first,
    ),
    Misconception(
        "Los ids no son texto",
        "En el texto de [21, 1] también aparece «1, 1». Compara los números.",
        _in_text,
    ),
    Misconception(
        "De a dos en dos",
        "Los pares se superponen: después de las posiciones 0 y 1 vienen la 1 y la 2.",
        _in_couples,
    ),
)

EXERCISE = Exercise(
    key="has_double_bos",
    chapter="06_instrucciones",
    title="Un BOS de más",
    objective="Descubrir antes de entrenar un error que no avisa.",
    difficulty=1,
    minutes=10,
    section="La plantilla",
    hints=(
        "¿Qué debe salir de [1, 5, 2, 1, 6] con BOS 1? ¿Y de [0, 0] con BOS 0? ¿Y de una lista vacía?",
        "`zip(input_ids, input_ids[1:])` recorre todos los pares de vecinos, y con una lista vacía, ninguno. "
        "¿Está entre ellos el par `(bos_id, bos_id)`? No preguntes `if bos_id`: el BOS puede ser el id 0.",
    ),
    cases=cases,
    reference=reference,
    idea="Hay un par de vecinos en que los dos son el BOS, y el BOS existe.",
    properties=(
        Property(
            "Sin dos BOS, False",
            "Para que haya dos seguidos tiene que haber dos.",
            never_without_two,
        ),
        Property(
            "Dos seguidos, True",
            "En cualquier lugar de la lista, no solo al comienzo.",
            always_with_a_pair,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
