"""Ejercicio: el voto de mayoría."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence

import torch

from ..core.draws import choose, integer, shuffled
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Answers = Sequence[int | None]


def _given(answers: Answers) -> list[int]:
    return [answer for answer in answers if answer is not None]


def reference(answers: Answers) -> int | None:
    """La respuesta más repetida sin contar None; en un empate, la que apareció primero."""
    given = _given(answers)
    return max(given, key=given.count) if given else None


def cases(generator: torch.Generator) -> list[tuple[Answers]]:
    """Sin votos, con ceros y negativos, con más None que respuestas, y con empates de todas clases."""
    fixed: list[Answers] = [
        [7],
        [None],
        [],
        [0],
        [None, 4],
        [None, None, None],
        [None, None, 4],
        [0, 0, 3],
        [5, 2],
        [2, 5],
        [-1, -1, 6],
        [3, 8, 8, 3],
        [8, 3, 3, 8],
        [9, 4, 4, 4, 1],
        [6, 1, 1, 2, 2],
        [6, 2, 2, 1, 1],
        [1, 2, 3, 3, 40],
        [None, 0, None, 5, 0, None],
    ]
    random = [_random_votes(generator, votes) for votes in (4, 5, 7, 9, 12)]
    random += [_tied(generator, times) for times in (2, 3)]
    return [(answers,) for answers in fixed + random]


def _random_votes(generator: torch.Generator, votes: int) -> Answers:
    options = (None, 0, -4, 12, 1234, integer(generator, 2, 99))
    return [choose(generator, options) for _ in range(votes)]


def _tied(generator: torch.Generator, times: int) -> Answers:
    """Dos respuestas que empatan, otra que no, y unos None, en cualquier orden."""
    one, other, less = shuffled(generator, (0, -7, 15, 230))[:3]
    tied: Answers = [*[one, other] * times, less, *[None] * (times + 1)]
    return shuffled(generator, tied)


def was_voted(value: int | None, answers: Answers) -> str | None:
    """Lo elegido es uno de los votos."""
    if value is None or value in _given(answers):
        return None
    return f"Devolviste {value}, que nadie votó."


def nobody_has_more(value: int | None, answers: Answers) -> str | None:
    """Ninguna respuesta tiene más votos, ni los mismos y antes."""
    given = _given(answers)
    if value not in given or value is None:
        return None
    best = reference(answers)
    if best is None or best == value:
        return None
    mine, most = given.count(value), given.count(best)
    if most > mine:
        return f"{value} tiene {_votes(mine)}, y {best} tiene {most}."
    return f"{value} y {best} empatan con {_votes(mine)}, y {best} apareció primero."


def _votes(count: int) -> str:
    return "1 voto" if count == 1 else f"{count} votos"


def _counting_none(answers: Answers) -> int | None:
    return max(answers, key=answers.count) if answers else None


def _last_tie(answers: Answers) -> int | None:
    return reference(answers[::-1])


def _smallest_tie(answers: Answers) -> int | None:
    return reference(sorted(_given(answers)))


def _largest_tie(answers: Answers) -> int | None:
    return reference(sorted(_given(answers), reverse=True))


def _first_to_get_there(answers: Answers) -> int | None:
    votes: Counter[int] = Counter()
    best: int | None = None
    for answer in _given(answers):
        votes[answer] += 1
        if best is None or votes[answer] > votes[best]:
            best = answer
    return best


def _drops_zero(answers: Answers) -> int | None:
    return reference([answer for answer in answers if answer])


def _absolute(answers: Answers) -> int | None:
    given, best = _given(answers), reference(answers)
    return best if best is not None and 2 * given.count(best) > len(given) else None


def _absolute_of_all(answers: Answers) -> int | None:
    best = reference(answers)
    return best if best is not None and 2 * _given(answers).count(best) > len(answers) else None


def _longest_run(answers: Answers) -> int | None:
    given = _given(answers)
    best, length, run = None, 0, 0
    for place, answer in enumerate(given):
        run = run + 1 if place and given[place - 1] == answer else 1
        if run > length:
            best, length = answer, run
    return best


def _fails_without_votes(answers: Answers) -> int:
    given = _given(answers)
    return max(given, key=given.count)


def _zero_without_votes(answers: Answers) -> int:
    return reference(answers) or 0


MISCONCEPTIONS = (
    Misconception(
        "None también votó",
        "None dice que de esa muestra no se pudo leer una respuesta: no es una opción. Descártalo antes "
        "de contar.",
        _counting_none,
    ),
    Misconception(
        "¿Y si nadie votó?",
        "Sin ninguna respuesta, `max` de una lista vacía falla. Entonces se devuelve None.",
        _fails_without_votes,
    ),
    Misconception(
        "En un empate gana el primero",
        "Elegiste la última de las que empatan. Se pide la que apareció primero.",
        _last_tie,
    ),
    Misconception(
        "En un empate elegiste la menor",
        "Ordenar antes de contar cambia quién gana un empate: se pide la que apareció primero en la lista "
        "original.",
        _smallest_tie,
    ),
    Misconception(
        "En un empate elegiste la mayor",
        "`max` de parejas (votos, respuesta) compara las respuestas si los votos empatan. Se pide la que "
        "apareció primero.",
        _largest_tie,
    ),
    Misconception(
        "Ganó la primera en llegar",
        "En [3, 8, 8, 3] el 8 llega antes a dos votos, pero el 3 apareció primero. Cuenta todos los votos y "
        "elige después.",
        _first_to_get_there,
    ),
    Misconception(
        "Perdiste los ceros",
        "Para Python 0 es falso: `if answer` también lo descarta. Pregunta `answer is not None`.",
        _drops_zero,
    ),
    Misconception(
        "Exigiste más de la mitad",
        "Gana la más repetida, aunque no llegue a la mitad: los errores suelen ser muchos y distintos.",
        _absolute,
    ),
    Misconception(
        "Exigiste más de la mitad de la lista",
        "Gana la más repetida de las respuestas que no son None, aunque no llegue a la mitad.",
        _absolute_of_all,
    ),
    Misconception(
        "Promediaste",
        "El promedio de varias respuestas puede ser una que nadie dio. Aquí se vota.",
        lambda answers: round(statistics.mean(_given(answers))) if _given(answers) else None,
    ),
    Misconception(
        "Tomaste la del medio",
        "La mediana es la respuesta central, no la más repetida.",
        lambda answers: statistics.median_low(_given(answers)) if _given(answers) else None,
    ),
    Misconception(
        "Contaste solo las seguidas",
        "Los votos se cuentan en toda la lista, no solo los que están uno al lado del otro.",
        _longest_run,
    ),
    Misconception(
        "Te quedaste con la primera",
        "La primera respuesta solo gana si ninguna se repite más.",
        lambda answers: next(iter(_given(answers)), None),
    ),
    Misconception(
        "Devolviste 0 en vez de None",
        "0 es una respuesta como cualquiera; si nadie votó se devuelve None.",
        _zero_without_votes,
    ),
)

EXERCISE = Exercise(
    key="majority_vote",
    chapter="04_habilidades",
    title="El voto de mayoría",
    objective="Reunir varias respuestas muestreadas en una sola.",
    difficulty=1,
    minutes=10,
    section="Razonamiento paso a paso",
    hints=(
        "¿Qué debe salir de [None, None, 4]? ¿Y de [3, 8, 8, 3], donde hay un empate?",
        "Primero arma una lista sin los None (con `is not None`, que no pierde los ceros). De ella, "
        "`max(..., key=...)` devuelve el primero de los que empatan: ¿qué debe medir `key`?",
    ),
    cases=cases,
    reference=reference,
    idea="La más repetida entre las que no son None; en un empate, la que apareció primero.",
    properties=(
        Property(
            "Alguien la votó", "El voto elige entre las respuestas, no inventa otra.", was_voted
        ),
        Property(
            "Ninguna tiene más votos",
            "Gana la más repetida; si empatan, la que apareció primero en la lista.",
            nobody_has_more,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
