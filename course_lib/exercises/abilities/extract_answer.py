"""Ejercicio: leer el número de una respuesta."""

from __future__ import annotations

import re

import torch

from ..core.draws import choose, integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

MARK = "Respuesta:"
NUMBER = r"[-+]?\d+(?:\.\d{3})*"
Numbers = list[str]


def _numbers(text: str, pattern: str = NUMBER) -> Numbers:
    return re.findall(pattern, text)


def _value(number: str) -> int:
    return int(number.replace(".", ""))


def _first(numbers: Numbers) -> int | None:
    return _value(numbers[0]) if numbers else None


def _last(numbers: Numbers) -> int | None:
    return _value(numbers[-1]) if numbers else None


def reference(text: str) -> int | None:
    """El primer número tras la última marca; si no lo hay, el último del texto; si no, None."""
    after = _numbers(text.rpartition(MARK)[2]) if MARK in text else []
    return _first(after) if after else _last(_numbers(text))


def cases(generator: torch.Generator) -> list[tuple[str]]:
    """Con marca, sin ella, con dos, con la marca vacía; negativos, miles, puntos finales y ceros."""
    fixed = [
        "Respuesta: 7",
        "Son 7.",
        "No lo sé.",
        "",
        "No sé... ¿quizás?",
        "Respuesta: no lo sé.",
        "Respuesta:",
        "Respuesta: 0",
        "Respuesta:12",
        "Respuesta:\n12",
        "Respuesta: -3.",
        "Baja a -8.",
        "Respuesta: 1.234",
        "Son 12.500.000.",
        "Cuesta $1.200.",
        "Respuesta: son 4 cajas de 6.",
        "Respuesta: 5. No, falta una. Respuesta: 6.",
        "Respuesta: veamos. Respuesta: 6, en 3 pasos.",
        "2 + 3 = 5. Respuesta: 5. Revisé 2 veces.",
        "Tengo 3 y 4, o sea 7. Respuesta: ninguna.",
        "Respuesta: 8. Son 3 pasos... Respuesta: no sé.",
        "La respuesta es 9, y no 10.",
        "Respuesta: **15**",
        "Respuesta: (-20), porque 10 - 30 = -20. Son 3 pasos...",
        "Respuesta: 2024",
    ]
    return [(text,) for text in [*fixed, *(one(generator) for one in SHAPES)]]


def _write(value: int, dots: bool) -> str:
    return f"{value:,}".replace(",", ".") if dots else str(value)


def _draw(generator: torch.Generator) -> str:
    top = choose(generator, (9, 99, 999, 99_999, 9_999_999))
    value = integer(generator, 1, top) * choose(generator, (1, 1, -1))
    return _write(value, dots=integer(generator, 0, 2) > 0)


def _steps(generator: torch.Generator) -> str:
    a, b, c = (_draw(generator) for _ in range(3))
    return f"1. Había {a}.\n2. Llegaron {b}.\nQuedan {c}{choose(generator, ('.', '...', ' en total.', '!'))}"


def _marked(generator: torch.Generator) -> str:
    start = choose(generator, (" ", " son ", "\n", " $", " **"))
    value, extra = _draw(generator), _draw(generator)
    return f"{_steps(generator)} {MARK}{start}{value}, no {extra}. Lo revisé {integer(generator, 2, 5)} veces."


def _twice(generator: torch.Generator) -> str:
    return f"{_marked(generator)}\nEspera.\n{MARK} {_draw(generator)}."


def _empty_mark(generator: torch.Generator) -> str:
    return f"{_steps(generator)} {MARK} la de arriba."


SHAPES = (_steps, _steps, _marked, _marked, _twice, _twice, _empty_mark, _empty_mark)


def is_in_the_text(value: int | None, text: str) -> str | None:
    """El número está escrito, con su signo y entero, en el texto."""
    if value is None or value in map(_value, _numbers(text)):
        return None
    return f"Devolviste {value}, que no es ninguno de los números del texto."


def obeys_the_mark(value: int | None, text: str) -> str | None:
    """Si la última marca trae un número, es ese."""
    after = _numbers(text.rpartition(MARK)[2]) if MARK in text else []
    if not after or value == _first(after):
        return None
    return f"Después de la última «{MARK}» el primer número es {after[0]} y devolviste {value}."


def _first_mark(text: str) -> int | None:
    after = _numbers(text.partition(MARK)[2])
    return _first(after) if after else _last(_numbers(text))


def _one_piece_of_the_first_mark(text: str) -> int | None:
    after = _numbers(text.split(MARK)[1]) if MARK in text else []
    return _first(after) if after else _last(_numbers(text))


def _only_after_the_mark(text: str) -> int | None:
    return _first(_numbers(text.rpartition(MARK)[2])) if MARK in text else None


def _empty_mark_is_none(text: str) -> int | None:
    numbers = _numbers(text.rpartition(MARK)[2])
    return _first(numbers) if MARK in text else _last(numbers)


def _first_of_the_text(text: str) -> int | None:
    after = _numbers(text.rpartition(MARK)[2]) if MARK in text else []
    return _first(after or _numbers(text))


def _last_mark_with_a_number(text: str) -> int | None:
    pieces = [_numbers(piece) for piece in text.split(MARK)[1:]]
    found = [numbers[0] for numbers in pieces if numbers]
    return _last(found or _numbers(text))


def _with(pattern: str, text: str) -> int | None:
    """La solución con otra idea de lo que es un número."""
    after = _numbers(text.rpartition(MARK)[2], pattern) if MARK in text else []
    return _first(after) if after else _last(_numbers(text, pattern))


def _one_group(text: str) -> int | None:
    return _with(r"[-+]?\d+(?:\.\d{3})?", text)


def _only_dots(text: str) -> int | None:
    return _with(r"[-+]?[\d.]+", text)


def _next_to_the_mark(text: str) -> int | None:
    found = re.findall(rf"{MARK}\s*({NUMBER})", text)
    return _last(found) if found else _last(_numbers(text))


def _zero_if_none(text: str) -> int:
    return reference(text) or 0


def _zero_is_nothing(text: str) -> int | None:
    return reference(text) or None


MISCONCEPTIONS = (
    Misconception(
        "Te quedaste con la primera «Respuesta:»",
        'Quien se corrige escribe otra después. Vale la última: `text.rpartition("Respuesta:")` o '
        '`text.split("Respuesta:")[-1]`.',
        _first_mark,
    ),
    Misconception(
        "Miraste solo el trozo de la primera «Respuesta:»",
        '`text.split("Respuesta:")[1]` es lo que sigue a la primera marca. Lo que sigue a la última es '
        "el trozo `[-1]`.",
        _one_piece_of_the_first_mark,
    ),
    Misconception(
        "Tomaste el último número",
        "Si hay «Respuesta:», vale el primer número que la sigue, aunque después haya otros: en "
        "«Respuesta: son 4 cajas de 6» es 4.",
        lambda text: _last(_numbers(text)),
    ),
    Misconception(
        "Sin marca no hay respuesta",
        "Si no aparece «Respuesta:», o ningún número la sigue, se usa el último número del texto.",
        _only_after_the_mark,
    ),
    Misconception(
        "La marca sin número",
        "En «Son 7. Respuesta: esa» la marca no trae número: entonces también vale el último del texto.",
        _empty_mark_is_none,
    ),
    Misconception(
        "El primer número del texto",
        "Sin marca vale el *último* número: los primeros suelen ser los datos del problema.",
        _first_of_the_text,
    ),
    Misconception(
        "Cortaste en el punto de los miles",
        "1.234 es mil doscientos treinta y cuatro: el punto seguido de tres cifras es parte del número.",
        lambda text: _with(r"[-+]?\d+", text),
    ),
    Misconception(
        "Un solo punto de miles",
        "12.500.000 tiene dos puntos: el grupo «punto y tres cifras» puede repetirse, con `*`.",
        _one_group,
    ),
    Misconception(
        "Perdiste el signo",
        "En «-3» el guion pegado a la cifra es parte del número.",
        lambda text: _with(r"\d+(?:\.\d{3})*", text),
    ),
    Misconception(
        "Un punto no es un número",
        '`[\\d.]+` también calza con un punto solo, como el que cierra la frase, y `int("")` falla. '
        "El número empieza por una cifra.",
        _only_dots,
    ),
    Misconception(
        "El número no siempre está pegado a la marca",
        "«Respuesta: son 4 cajas» también responde: busca el primer número después de la marca, esté "
        "donde esté.",
        _next_to_the_mark,
    ),
    Misconception(
        "Devolviste 0 en vez de None",
        "0 es una respuesta; None dice que no la hay. Si se confunden, no se puede contar cuántas "
        "salidas quedaron sin respuesta.",
        _zero_if_none,
    ),
    Misconception(
        "El 0 también es una respuesta",
        "Para Python 0 es falso: `valor or None` lo pierde. Pregunta por la lista de números, o por "
        "`is None`.",
        _zero_is_nothing,
    ),
)

EXERCISE = Exercise(
    key="extract_answer",
    chapter="04_habilidades",
    title="Leer la respuesta",
    objective="Encontrar, con una regla explícita, el número que responde en un texto libre.",
    difficulty=2,
    minutes=20,
    section="Razonamiento paso a paso",
    hints=(
        "¿Qué número elegirías en «Respuesta: 5. No. Respuesta: son 6 cajas de 2»? ¿Y si después de la "
        "marca no hay ninguno?",
        'Con `re.findall(r"[-+]?\\d+(?:\\.\\d{3})*", trozo)` tienes la lista de números de un trozo de '
        "texto. Necesitas dos listas: la de lo que sigue a la última marca, de la que vale el primero, y "
        "la de todo el texto, de la que vale el último. Antes de `int`, quita los puntos.",
    ),
    cases=cases,
    reference=reference,
    idea="El primer número tras la última «Respuesta:»; si no lo hay, el último del texto; si no, None.",
    properties=(
        Property(
            "El número está en el texto",
            "Se lee lo que el modelo escribió, con su signo y con todos sus miles.",
            is_in_the_text,
        ),
        Property(
            "Manda la última marca",
            "Después de la última «Respuesta:» vale el primer número.",
            obeys_the_mark,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    distinguish=(_last_mark_with_a_number,),
)
