"""Copiar, comparar, medir y mostrar los valores que entran y salen de una función del curso."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

import torch

from .snapshot import Foreign, Opaque

__all__ = ["copy_value", "describe", "same_value", "size_of", "unchanged"]

RTOL, ATOL = 1e-4, 1e-5
MAX_CHARACTERS = 240
LONG_INTEGER = 10**40


def copy_value(value: Any) -> Any:
    """Copia profunda de un valor: nada de lo que se le haga llega al original."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if type(value) in (list, tuple):
        return type(value)(copy_value(item) for item in value)
    return copy.deepcopy(value)


def same_value(observed: Any, expected: Any, *, rtol: float = RTOL, atol: float = ATOL) -> bool:
    """¿Son iguales? Los reales, con tolerancia relativa `rtol` y absoluta `atol`; NaN es igual a NaN.

    Mira también el tipo: quien quiera comparar solo números pasa antes por `contract.fit`.

    >>> same_value([1.0, 2], [1.000001, 2]), same_value(True, 1)
    (True, False)
    """
    if isinstance(expected, torch.Tensor):
        return isinstance(observed, torch.Tensor) and _same_tensor(observed, expected, rtol, atol)
    if isinstance(expected, list | tuple):
        return (
            isinstance(observed, type(expected))
            and len(observed) == len(expected)
            and all(
                same_value(a, b, rtol=rtol, atol=atol)
                for a, b in zip(observed, expected, strict=True)
            )
        )
    if isinstance(observed, torch.Tensor | list | tuple):
        return False
    if isinstance(observed, bool) or isinstance(expected, bool):
        return observed is expected
    if isinstance(expected, float) and isinstance(observed, int | float):
        return _same_number(observed, expected, rtol, atol)
    return observed is expected or bool(observed == expected)


def _same_number(observed: float, expected: float, rtol: float, atol: float) -> bool:
    if math.isnan(expected) or math.isnan(observed):
        return math.isnan(expected) and math.isnan(observed)
    try:
        return math.isclose(observed, expected, rel_tol=rtol, abs_tol=atol)
    except OverflowError:  # un entero que ni siquiera cabe en un real
        return False


def _same_tensor(observed: torch.Tensor, expected: torch.Tensor, rtol: float, atol: float) -> bool:
    if observed.shape != expected.shape or observed.dtype != expected.dtype:
        return False
    if not expected.is_floating_point():
        return torch.equal(observed, expected)
    return torch.allclose(
        observed.double(), expected.double(), rtol=rtol, atol=atol, equal_nan=True
    )


def unchanged(after: Any, before: Any, depth: int = 0) -> bool:
    """¿Sigue `after` exactamente igual que `before`, la copia que se guardó?

    Recorre `before`, que es nuestro: a `after`, que pudo quedar con cualquier cosa dentro, solo se
    le pregunta el tipo antes de saber que es el mismo. `depth` cuenta los niveles ya bajados.
    """
    if type(after) is not type(before):
        return False
    if isinstance(before, torch.Tensor):
        return _same_tensor(after, before, 0.0, 0.0)
    if isinstance(before, list | tuple):
        return len(after) == len(before) and all(
            unchanged(a, b, depth + 1) for a, b in zip(after, before, strict=True)
        )
    if isinstance(before, dict):
        return list(after) == list(before) and all(
            unchanged(after[key], before[key], depth + 1) for key in before
        )
    if isinstance(before, bool | int | float | str | None):
        return after == before or (after != after and before != before)
    inner = getattr(before, "__dict__", None)  # un modelo de juguete: se miran sus atributos
    return inner is None or depth > 3 or unchanged(vars(after), inner, depth + 1)


def size_of(value: Any) -> int:
    """Cuántos números hay en un valor: sirve para mostrar primero el ejemplo más pequeño.

    >>> size_of((torch.zeros(2, 3), [1, 2], 5))
    9
    """
    if isinstance(value, torch.Tensor):
        return value.numel()
    if isinstance(value, list | tuple):
        return sum(size_of(item) for item in value)
    return 1


def describe(value: Any, digits: int = 3) -> str:
    """Texto corto de un valor, con `digits` cifras significativas.

    Se corta mientras se escribe: nunca se arma el texto completo de un valor enorme.

    >>> describe(torch.tensor([[0.12345, float("-inf")]]))
    '[[0.123, -inf]]'
    """
    text = ""
    for piece in _pieces(value, digits):
        text += piece
        if len(text) > MAX_CHARACTERS:
            return text[: MAX_CHARACTERS - 1] + "…"
    return text


def _pieces(value: Any, digits: int) -> Iterator[str]:
    """Los trozos del texto de un valor, de a uno."""
    if isinstance(value, Foreign):
        yield from _pieces(value.value, digits)
    elif isinstance(value, Opaque):
        yield value.name
    elif isinstance(value, torch.Tensor) and value.ndim == 0:
        yield from _pieces(value.item(), digits)
    elif isinstance(value, list | torch.Tensor):
        yield from _enclosed("[", value, "]", digits)
    elif isinstance(value, tuple):
        yield from _enclosed("(", value, ",)" if len(value) == 1 else ")", digits)
    else:
        yield _atom(value, digits)


def _enclosed(opening: str, values: Any, closing: str, digits: int) -> Iterator[str]:
    yield opening
    for place in range(len(values)):
        if place:
            yield ", "
        yield from _pieces(values[place], digits)
    yield closing


def _atom(value: Any, digits: int) -> str:
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return f"{value:.{digits}g}"
    if isinstance(value, int) and abs(value) > LONG_INTEGER:
        return f"un entero de unas {int(value.bit_length() * 0.30103) + 1} cifras"
    if isinstance(value, str):
        return repr(value[:MAX_CHARACTERS])
    return repr(value)
