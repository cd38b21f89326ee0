"""Las candidatas: respuestas distintas, escritas sin espacios al borde.

Un espacio de más cambiaría los puntajes por letra, y dos candidatas que dejan el mismo texto se
repartirían una sola probabilidad. La misma regla vale para buscar, medir, mapear y clasificar.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from .template import Template

__all__ = ["as_list", "check_answer", "check_answers", "check_distinct", "same_letters"]

Item = TypeVar("Item")


def as_list(items: Iterable[Item], name: str) -> tuple[Item, ...]:
    """Devuelve los elementos de una lista (o de un generador, que se recorre aquí) llamada `name`.

    Raises:
        TypeError: llegó un texto suelto, un conjunto, que no tiene orden, o algo sin elementos.
    """
    if isinstance(items, str):
        raise TypeError(f"{name}: va una lista y llegó un solo texto. Escribe [{items!r}].")
    if isinstance(items, set | frozenset | Mapping) or not isinstance(items, Iterable):
        kind = (
            "un conjunto, que no tiene orden"
            if isinstance(items, set | frozenset)
            else type(items).__name__
        )
        raise TypeError(f"{name}: va una lista y llegó {kind}. Escríbela entre corchetes.")
    return tuple(items)


def check_answer(answer: str, where: str = "") -> str:
    """Devuelve `answer` si sirve de candidata; `where` dice en el error dónde está.

    Raises:
        ValueError: no es un texto, está vacía o tiene espacios al borde.
    """
    if not isinstance(answer, str) or not answer.strip():
        raise ValueError(
            f"Hay una respuesta vacía o que no es texto{where}: {answer!r}. Escribe al menos una palabra."
        )
    if answer != answer.strip():
        raise ValueError(
            f"La respuesta {answer!r}{where} tiene espacios al borde. El espacio ya está en la plantilla, "
            f"antes de [Z]: escribe {answer.strip()!r}."
        )
    return answer


def check_answers(answers: Iterable[str]) -> tuple[str, ...]:
    """Devuelve las candidatas en una tupla, si sirven.

    Raises:
        TypeError: no es una lista.
        ValueError: no hay ninguna, se repiten, o alguna está vacía o tiene espacios al borde.

    >>> check_answers(z for z in ["buena", "mala"])
    ('buena', 'mala')
    """
    found = as_list(answers, "Candidatas")
    if not found:
        raise ValueError("No hay candidatas: la búsqueda necesita al menos una respuesta posible.")
    counts = Counter(same_letters(check_answer(z)) for z in found)
    if repeated := [z for z in found if counts[same_letters(z)] > 1]:
        raise ValueError(f"La candidata «{repeated[0]}» está repetida: quita una.")
    return found


def check_distinct(template: Template, answers: Iterable[str]) -> None:
    """Comprueba que cada candidata deje un texto distinto en la plantilla.

    Raises:
        ValueError: dos dejan el mismo, como «buena» y «buena.» cuando a [Z] la sigue un punto.
    """
    seen: dict[str, str] = {}
    for answer in answers:
        text = template.fill("", answer).text
        if text in seen:
            raise ValueError(
                f"«{seen[text]}» y «{answer}» dejan el mismo texto en la plantilla «{template}»: se repartirían "
                "una sola probabilidad. Quita una."
            )
        seen[text] = answer


def same_letters(text: str) -> str:
    """Devuelve `text` con una sola manera de escribir cada letra (NFC): «á» o «a» con tilde aparte."""
    return unicodedata.normalize("NFC", text)
