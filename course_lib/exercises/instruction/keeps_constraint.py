"""Ejercicio: ¿cumple la respuesta lo que se le pidió?"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..core.exercise import Exercise, Misconception, Property
from .lists import cases

__all__ = ["EXERCISE"]


def _lines(text: str) -> list[str]:
    """Las líneas escritas, sin los espacios de los extremos."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _is_item(line: str, number: int, max_words: int) -> bool:
    start, *words = line.split()
    return start == f"{number}." and 1 <= len(words) <= max_words


def reference(text: str, n_items: int, max_words: int) -> bool:
    """¿Son las líneas escritas justo n_items, numeradas en orden y de 1 a max_words palabras?"""
    lines = _lines(text)
    return len(lines) == n_items and all(
        _is_item(line, number, max_words) for number, line in enumerate(lines, start=1)
    )


def every_line_is_an_item(keeps: bool, text: str, n_items: int, max_words: int) -> str | None:
    """Si cumple, hay tantas líneas como elementos."""
    found = len(_lines(text))
    if not keeps or found == n_items:
        return None
    return f"Devolviste True, y hay {found} líneas escritas para {n_items} elementos."


def every_item_is_right(keeps: bool, text: str, n_items: int, max_words: int) -> str | None:
    """Si cumple, cada línea es su elemento."""
    for number, line in enumerate(_lines(text) if keeps else [], start=1):
        if not _is_item(line, number, max_words):
            return f"Devolviste True, y la línea {number}, {line!r}, no es un elemento permitido."
    return None


def a_good_one_passes(keeps: bool, text: str, n_items: int, max_words: int) -> str | None:
    """Lo que cumple no se rechaza por un espacio ni por una línea en blanco."""
    if keeps or not reference(text, n_items, max_words):
        return None
    return f"Devolviste False, y las líneas escritas son: {'; '.join(_lines(text))[:80]}."


def _with(
    accepts: Callable[[str, int, int], bool],
    text: str,
    n_items: int,
    max_words: int,
    lines: list[str] | None = None,
) -> bool:
    """La solución con otra manera de aceptar una línea, u otras líneas."""
    lines = _lines(text) if lines is None else lines
    return len(lines) == n_items and all(
        accepts(line, number, max_words) for number, line in enumerate(lines, start=1)
    )


def _blank_lines_count(text: str, n_items: int, max_words: int) -> bool:
    def accepts(line: str, number: int, limit: int) -> bool:
        return bool(line.strip()) and _is_item(line, number, limit)

    return _with(accepts, text, n_items, max_words, text.split("\n"))


def _ignores_the_rest(text: str, n_items: int, max_words: int) -> bool:
    lines = [line for line in _lines(text) if re.match(r"\d+\. ", line)]
    return _with(_is_item, text, n_items, max_words, lines)


def _total(text: str, n_items: int, max_words: int) -> bool:
    words = sum(len(line.split()) - 1 for line in _lines(text))
    return words <= max_words and reference(text, n_items, words)


def _at_least(text: str, n_items: int, max_words: int) -> bool:
    found = len(_lines(text))
    return found >= n_items and reference(text, found, max_words)


def _at_most(text: str, n_items: int, max_words: int) -> bool:
    found = len(_lines(text))
    return 0 < found <= n_items and reference(text, found, max_words)


def _any_length(text: str, n_items: int, max_words: int) -> bool:
    return reference(text, len(_lines(text)), max_words)


def _any_number(line: str, number: int, max_words: int) -> bool:
    start, *words = line.split()
    return bool(re.fullmatch(r"\d+\.", start)) and 1 <= len(words) <= max_words


def _any_mark(line: str, number: int, max_words: int) -> bool:
    start, *words = line.split()
    return start in (f"{number}.", f"{number})", "-") and 1 <= len(words) <= max_words


def _glued(line: str, number: int, max_words: int) -> bool:
    mark = f"{number}."
    return line.startswith(mark) and 1 <= len(line.removeprefix(mark).split()) <= max_words


def _without_mark(line: str, number: int, max_words: int) -> bool:
    return 1 <= len(line.split()) - 1 <= max_words


def _empty_item(line: str, number: int, max_words: int) -> bool:
    start, *words = line.split()
    return start == f"{number}." and len(words) <= max_words


def _from_zero(line: str, number: int, max_words: int) -> bool:
    return _is_item(line, number - 1, max_words)


def _exact_words(line: str, number: int, max_words: int) -> bool:
    start, *words = line.split()
    return start == f"{number}." and len(words) == max_words


def _split_by_one_space(line: str, number: int, max_words: int) -> bool:
    start, *words = line.split(" ")
    return start == f"{number}." and 1 <= len(words) <= max_words


def _letters_only(line: str, number: int, max_words: int) -> bool:
    start, *_ = line.split()
    return start == f"{number}." and 1 <= len(re.findall(r"\w+", line)) - 1 <= max_words


def _only_the_first(text: str, n_items: int, max_words: int) -> bool:
    lines = _lines(text)
    return len(lines) == n_items and _is_item(lines[0], 1, max_words)


def _ignores_words(line: str, number: int, max_words: int) -> bool:
    return _is_item(line, number, len(line))


def _wrong(name: str, explanation: str, accepts: Callable[[str, int, int], bool]) -> Misconception:
    return Misconception(name, explanation, lambda *args: _with(accepts, *args))


MISCONCEPTIONS = (
    Misconception(
        "Contaste las líneas en blanco",
        'Una línea vacía no cuenta, y `text.split("\\n")` da una más si el texto termina en un salto: '
        "descarta las que no tienen nada escrito.",
        _blank_lines_count,
    ),
    Misconception(
        "Pasaste por alto lo que no es un elemento",
        "«Y nada más»: una presentación o una despedida incumplen. Toda línea escrita debe ser un elemento.",
        _ignores_the_rest,
    ),
    Misconception(
        "El máximo es por elemento",
        "Cada elemento puede tener hasta M palabras; no se suman las de todos.",
        _total,
    ),
    Misconception("Aceptaste elementos de más", "Son exactamente N.", _at_least),
    Misconception("Aceptaste elementos de menos", "Son exactamente N.", _at_most),
    Misconception(
        "No contaste los elementos", "Deben ser exactamente N, ni más ni menos.", _any_length
    ),
    _wrong(
        "No miraste qué número es",
        "La lista se numera en orden, desde 1: la línea i empieza con su propio número.",
        _any_number,
    ),
    _wrong(
        "Aceptaste otros signos",
        "Cada elemento empieza con su número y un punto: «1)» y «-» no cumplen.",
        _any_mark,
    ),
    _wrong(
        "No miraste la numeración",
        "Cada línea empieza con su número y un punto, en orden y desde 1.",
        _without_mark,
    ),
    _wrong(
        "Falta el espacio después del punto",
        "«1.Pan» no cumple: entre el punto y la primera palabra hay al menos un espacio.",
        _glued,
    ),
    _wrong(
        "Aceptaste un elemento vacío",
        "Después del número hay al menos una palabra.",
        _empty_item,
    ),
    _wrong("Empezaste a contar en 0", "El primer elemento es el 1.", _from_zero),
    _wrong(
        "Contaste el número como palabra",
        "«1.» no es una de las palabras del elemento.",
        lambda line, number, limit: _is_item(line, number, limit - 1),
    ),
    _wrong(
        "Una palabra de más",
        "«No más de M» permite M, y M + 1 no.",
        lambda line, number, limit: _is_item(line, number, limit + 1),
    ),
    _wrong(
        "Exigiste justo M palabras",
        "«No más de M» permite también menos, desde una.",
        _exact_words,
    ),
    _wrong(
        "Contaste los huecos",
        '`split(" ")` da un texto vacío entre dos espacios seguidos. `split()`, sin argumentos, no.',
        _split_by_one_space,
    ),
    _wrong(
        "Una palabra es lo que queda entre espacios",
        "«café-bar» es una palabra y un guion suelto también: separa con `split()`, no por letras.",
        _letters_only,
    ),
    _wrong(
        "No contaste las palabras",
        "Falta la otra mitad de la instrucción: no más de M palabras en cada elemento.",
        _ignores_words,
    ),
    Misconception(
        "Miraste solo el primer elemento",
        "Todos los elementos deben cumplir, no solo el primero.",
        _only_the_first,
    ),
)

EXERCISE = Exercise(
    key="keeps_constraint",
    chapter="06_instrucciones",
    title="¿Cumple lo pedido?",
    objective="Comprobar con una regla explícita si una respuesta hace lo que la instrucción pidió.",
    difficulty=2,
    minutes=20,
    section="Antes y después",
    hints=(
        "¿Qué hace tu función con «1. Pan» y un salto de línea al final? ¿Con dos espacios seguidos? ¿Con "
        "«1.» solo, o con una despedida?",
        "`line.split()` de cada línea no vacía deja el número con su punto primero y las palabras después: "
        "`start, *words = line.split()`. Compara cuántas líneas hay con N y, con "
        '`enumerate(lines, start=1)`, que `start` sea `f"{number}."` y que `len(words)` vaya de 1 a M.',
    ),
    cases=cases,
    reference=reference,
    idea="Las líneas escritas son justo N, numeradas 1., 2., …, con 1 a M palabras cada una.",
    properties=(
        Property(
            "Una línea por elemento",
            "Son exactamente N líneas escritas: ni de más, ni de menos, ni otra cosa.",
            every_line_is_an_item,
        ),
        Property(
            "Cada línea es su elemento",
            "Su número y un punto, un espacio, y de 1 a M palabras.",
            every_item_is_right,
        ),
        Property(
            "Lo que cumple se acepta",
            "Los espacios de más y las líneas en blanco no incumplen nada.",
            a_good_one_passes,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
