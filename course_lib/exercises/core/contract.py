"""Primera capa de una comprobación: ¿devuelve la función el tipo, la forma y el dtype acordados?"""

import math
import numbers

import torch

__all__ = ["contract_problem", "nan_problem"]


def contract_problem(observed, expected, what="Tu función debe devolver"):
    """Por qué `observed` no tiene la estructura de `expected`, o None si la tiene.

    Solo mira la estructura (tipo, forma, dtype); los números los miran las capas siguientes. `what`
    es el comienzo de la frase: cambia al mirar dentro de una tupla.

    >>> contract_problem([1], torch.zeros(2))
    'Tu función debe devolver un tensor de forma (2,) y devolvió una lista.'
    """
    if observed is None and what.startswith("Tu función"):
        return "Tu función devolvió None. ¿Olvidaste el `return`?"
    if isinstance(expected, torch.Tensor):
        return _tensor_problem(observed, expected, what)
    if isinstance(expected, tuple):
        return _tuple_problem(observed, expected, what)
    if isinstance(expected, list):
        return _list_problem(observed, expected, what)
    if not _is_same_kind(observed, expected):
        return f"{what} {_name(expected)} y devolvió {_name(observed)}.{_number_advice(observed)}"
    return None


def nan_problem(observed, expected):
    """Texto si hay NaN donde la respuesta correcta tiene números, o None.

    `observed` tiene la misma estructura que `expected`.
    """
    if isinstance(expected, tuple):
        problems = (nan_problem(one, other) for one, other in zip(observed, expected, strict=True))
        return next((problem for problem in problems if problem), None)
    if _has_nan(observed) and not _has_nan(expected):
        return "Tu función devolvió NaN («no es un número»)."
    return None


def _has_nan(value):
    if isinstance(value, torch.Tensor):
        return bool(value.isnan().any())
    return isinstance(value, float) and math.isnan(value)


def _tensor_problem(observed, expected, what):
    wanted = f"un tensor de forma {tuple(expected.shape)}"
    if not isinstance(observed, torch.Tensor):
        return f"{what} {wanted} y devolvió {_name(observed)}."
    if observed.shape != expected.shape:
        return f"{what} {wanted} y devolvió uno de forma {tuple(observed.shape)}."
    if observed.dtype != expected.dtype:
        return f"{what} un tensor de tipo {_dtype(expected)} y devolvió uno de tipo {_dtype(observed)}."
    return None


def _tuple_problem(observed, expected, what):
    if not isinstance(observed, tuple) or len(observed) != len(expected):
        return f"{what} una tupla de {len(expected)} elementos y devolvió {_name(observed)}."
    for position, (one, other) in enumerate(zip(observed, expected, strict=True), start=1):
        problem = contract_problem(
            one, other, f"En la posición {position}, la función debe devolver"
        )
        if problem:
            return problem
    return None


def _list_problem(observed, expected, what):
    if not isinstance(observed, list):
        return f"{what} una lista y devolvió {_name(observed)}."
    example = expected[0] if expected else 0
    for item in observed:
        if not _is_same_kind(item, example):
            return (
                f"{what} una lista en que cada elemento sea {_name(example)}, y uno es "
                f"{_name(item)}.{_number_advice(item)}"
            )
    return None


def _is_same_kind(observed, expected):
    if isinstance(expected, bool) or isinstance(observed, bool):
        return isinstance(observed, bool) and isinstance(expected, bool)
    if isinstance(expected, numbers.Integral):
        return isinstance(observed, int)
    if isinstance(expected, numbers.Real):
        return isinstance(observed, float)
    return isinstance(observed, type(expected))


def _number_advice(value):
    if isinstance(value, torch.Tensor) and value.numel() == 1:
        return " Conviértelo con `.item()`."
    return ""


def _name(value):
    """Nombre en español de un valor, para los mensajes."""
    if isinstance(value, torch.Tensor):
        return f"un tensor de forma {tuple(value.shape)}"
    if isinstance(value, tuple):
        return f"una tupla de {len(value)} elementos"
    names = {
        "NoneType": "None",
        "bool": "un valor lógico (bool)",
        "int": "un entero (int)",
        "float": "un número real (float)",
        "str": "un texto (str)",
        "list": "una lista",
        "dict": "un diccionario",
        "ndarray": "un arreglo de NumPy",
    }
    kind = type(value).__name__
    return names.get(kind, f"un objeto de tipo {kind}")


def _dtype(tensor):
    return str(tensor.dtype).removeprefix("torch.")
