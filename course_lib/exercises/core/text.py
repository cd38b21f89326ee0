"""Nombrar un valor, y mostrar dos de modo que se note en qué difieren."""

from __future__ import annotations

from typing import Any

import torch

from .snapshot import Foreign, Opaque, plain
from .values import describe, same_value

__all__ = ["describe_pair", "first_difference", "name_of"]

MAX_DIGITS = 17  # con 17 cifras se distinguen dos reales cualesquiera


def describe_pair(observed: Any, expected: Any) -> tuple[str, str]:
    """Los textos de los dos valores, con las cifras necesarias para que no se vean iguales.

    >>> describe_pair(1.35, 1.3502)
    ('1.35', '1.3502')
    """
    texts = describe(observed), describe(expected)
    for digits in range(4, MAX_DIGITS + 1):
        if texts[0] != texts[1]:
            break
        texts = describe(observed, digits), describe(expected, digits)
    return texts


def first_difference(observed: Any, expected: Any) -> str:
    """Frase con el primer lugar en que difieren dos valores de la misma clase, o texto vacío.

    >>> first_difference([1, 2, 3], [1, 5, 3])
    'en [1] devolvió 2 y se esperaba 5'
    """
    place: list[int] = []
    observed, expected = plain(observed), plain(expected)
    while (index := _first_index(observed, expected)) is not None:
        place += index
        for i in index:
            observed, expected = observed[i], expected[i]
    if isinstance(observed, list | str) and isinstance(expected, type(observed)):
        if len(observed) != len(expected):
            inside = f"en {place} " if place else ""
            return f"{inside}el largo es {len(observed)} y se esperaba {len(expected)}"
        if isinstance(observed, str) and isinstance(expected, str) and observed != expected:
            return _first_letter(observed, expected)
    if not place:
        return ""
    one, other = describe_pair(observed, expected)
    return f"en {place} devolvió {one} y se esperaba {other}"


def _first_letter(observed: str, expected: str) -> str:
    at = next(i for i, (a, b) in enumerate(zip(observed, expected, strict=True)) if a != b)
    start = max(0, at - 15)
    one, other = observed[start : at + 15], expected[start : at + 15]
    return f"en el carácter {at} devolvió {one!r} y se esperaba {other!r}"


def _first_index(observed: Any, expected: Any) -> list[int] | None:
    """Dónde difieren por primera vez, un nivel más adentro; None si no hay más niveles."""
    if isinstance(expected, torch.Tensor):
        if not isinstance(observed, torch.Tensor) or observed.shape != expected.shape:
            return None
        pairs = zip(observed.flatten().tolist(), expected.flatten().tolist(), strict=True)
        flat = next((i for i, (a, b) in enumerate(pairs) if not same_value(a, b)), None)
        if flat is None or not expected.ndim:
            return None
        return [int(i) for i in torch.unravel_index(torch.tensor(flat), expected.shape)]
    if isinstance(expected, list | tuple) and isinstance(observed, list | tuple):
        pairs = zip(observed, expected, strict=False)
        return next(([i] for i, (a, b) in enumerate(pairs) if not same_value(a, b)), None)
    return None


def name_of(value: Any) -> str:
    """Nombre en español del tipo de un valor, con la forma de un tensor.

    >>> name_of(torch.zeros(2)), name_of("sí")
    ('un tensor de forma (2,)', 'un texto (str)')
    """
    if isinstance(value, Foreign | Opaque):
        return value.name
    if isinstance(value, torch.Tensor):
        return f"un tensor de forma {tuple(value.shape)}"
    if isinstance(value, tuple):
        return f"una tupla de {len(value)} elementos"
    names = {
        type(None): "None",
        bool: "un valor lógico (bool)",
        int: "un entero (int)",
        float: "un número real (float)",
        str: "un texto (str)",
        list: "una lista",
    }
    return names.get(type(value), f"un objeto de tipo {type(value).__name__}")
