"""Copiar, comparar y mostrar los valores que entran y salen de una función del curso."""

import math

import torch

__all__ = ["copy_value", "describe", "same_value", "size_of"]

MAX_CHARACTERS = 240


def copy_value(value):
    """Copia de tensores y listas (también anidados); lo demás se devuelve tal cual."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, list | tuple):
        return type(value)(copy_value(item) for item in value)
    return value


def same_value(observed, expected, *, rtol=1e-4, atol=1e-5):
    """¿Son iguales? Los reales, con tolerancia relativa `rtol` y absoluta `atol`; NaN es igual a NaN.

    >>> same_value([1.0, 2], [1.000001, 2])
    True
    """
    if isinstance(expected, torch.Tensor):
        return _same_tensor(observed, expected, rtol, atol)
    if isinstance(expected, list | tuple):
        same_kind = isinstance(observed, type(expected)) and len(observed) == len(expected)
        return same_kind and all(
            same_value(a, b, rtol=rtol, atol=atol) for a, b in zip(observed, expected, strict=True)
        )
    if isinstance(expected, float) and isinstance(observed, int | float):
        both_nan = math.isnan(expected) and math.isnan(observed)
        return both_nan or math.isclose(observed, expected, rel_tol=rtol, abs_tol=atol)
    if isinstance(observed, torch.Tensor):
        return False
    return observed is expected or bool(observed == expected)


def _same_tensor(observed, expected, rtol, atol):
    if not isinstance(observed, torch.Tensor):
        return False
    if observed.shape != expected.shape or observed.dtype != expected.dtype:
        return False
    return torch.allclose(observed, expected, rtol=rtol, atol=atol, equal_nan=True)


def size_of(value):
    """Cuántos números hay en un valor: sirve para mostrar primero el ejemplo más pequeño.

    >>> size_of((torch.zeros(2, 3), [1, 2], 5))
    9
    """
    if isinstance(value, torch.Tensor):
        return value.numel()
    if isinstance(value, list | tuple):
        return sum(size_of(item) for item in value)
    return 1


def describe(value):
    """Texto corto de un valor, con tres cifras significativas.

    >>> describe(torch.tensor([[0.12345, float("-inf")]]))
    '[[0.123, -inf]]'
    """
    text = _text(value)
    return text if len(text) <= MAX_CHARACTERS else text[: MAX_CHARACTERS - 1] + "…"


def _text(value):
    if isinstance(value, torch.Tensor):
        return _text(value.tolist())
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        return f"{value:.3g}"
    if isinstance(value, list):
        return "[" + ", ".join(_text(item) for item in value) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(_text(item) for item in value) + ")"
    return repr(value)
