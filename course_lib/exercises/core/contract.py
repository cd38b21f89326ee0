"""Primera capa: ¿tiene la respuesta la estructura acordada? Los números importan más que el tipo.

`fit` lleva lo observado a los tipos de lo esperado cuando eso no cambia ningún número, y deja el
tipo como un consejo. La regla, completa:

* Se acepta, con consejo: otro `dtype` de la misma clase (float64, int32), un entero donde se pide un
  real, un número o arreglo de NumPy, un tensor de un solo número sin ejes (0-d) donde se pide un
  número, una lista o tupla de números donde se pide un tensor de esa misma forma, una lista donde
  se pide una tupla y al revés, un tensor donde se pide una lista o tupla de números.
* No se acepta: otra forma; otro largo de tupla; un real donde se pide un entero (no sirve de
  índice), aunque valga 3.0; un valor lógico donde se pide un número ni al revés (`~` e indexar con
  ellos significan otra cosa); textos con números; diccionarios, conjuntos, generadores; tensores
  dispersos, complejos, cuantizados o sin datos.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any

import torch

from .snapshot import Foreign, Opaque, plain
from .text import name_of
from .values import same_value

__all__ = ["Fit", "agrees", "contract_problem", "fit", "nan_problem", "position_name"]


@dataclass(frozen=True)
class Fit:
    """Lo observado con los tipos de lo esperado, o por qué no se puede."""

    value: Any = None
    problem: str = ""  # vacío si la estructura es la acordada
    advice: str = (
        ""  # «es un arreglo de NumPy: devuelve un tensor»; vacío si el tipo es el acordado
    )


def fit(
    observed: Any,
    expected: Any,
    what: str = "Tu función debe devolver",
    outputs: tuple[str, ...] = (),
) -> Fit:
    """`Fit` de una fotografía (`snapshot`) a la estructura de `expected`.

    `what` es el comienzo de la frase del problema, y `outputs`, los nombres de las salidas si son
    varias: con ellos se dice cuál está mal.

    >>> fit([1.0, 2.0], torch.zeros(2))
    Fit(value=tensor([1., 2.]), problem='', advice='es una lista: devuelve un tensor')
    """
    if observed is None and what.startswith("Tu función") and expected is not None:
        return Fit(problem="Tu función devolvió None. ¿Olvidaste el `return`?")
    if isinstance(expected, torch.Tensor):
        return _fit_tensor(observed, expected, what)
    if isinstance(expected, tuple):
        return _fit_tuple(observed, expected, what, outputs)
    if isinstance(expected, list):
        return _fit_list(observed, expected, what)
    return _fit_single(observed, expected, what)


def contract_problem(observed: Any, expected: Any) -> str | None:
    """Por qué `observed` no tiene la estructura de `expected`, o None si la tiene.

    >>> contract_problem([1], torch.zeros(2))
    'Tu función debe devolver un tensor de forma (2,) y devolvió una lista de forma (1,).'
    """
    return fit(observed, expected).problem or None


def agrees(observed: Any, expected: Any) -> bool:
    """¿Dicen lo mismo los dos valores, aunque sus tipos no sean los mismos?"""
    fitted = fit(observed, expected)
    return not fitted.problem and same_value(fitted.value, expected)


def position_name(position: int, names: tuple[str, ...]) -> str:
    """«la posición 2», o «la posición 2 (`beams`)» si hay un nombre en `names`.

    >>> position_name(1, ("scores", "beams"))
    'la posición 2 (`beams`)'
    """
    named = f" (`{names[position]}`)" if position < len(names) else ""
    return f"la posición {position + 1}{named}"


def _fit_tensor(observed: Any, expected: torch.Tensor, what: str) -> Fit:
    found = observed.value if isinstance(observed, Foreign) else observed
    if not isinstance(found, torch.Tensor):
        found = _as_tensor(plain(found))
    wanted = f"un tensor de forma {tuple(expected.shape)}"
    if found is None:
        return Fit(problem=f"{what} {wanted} y devolvió {name_of(observed)}.{_hint(observed)}")
    if found.shape != expected.shape:
        arrived = "uno" if isinstance(observed, torch.Tensor) else _noun(observed)
        if not isinstance(observed, bool | int | float):
            arrived += f" de forma {tuple(found.shape)}"
        return Fit(problem=f"{what} {wanted} y devolvió {arrived}.")
    if not _kind_fits(_tensor_kind(found), _tensor_kind(expected)):
        types = f"tipo {_dtype(expected)} y devolvió uno de tipo {_dtype(found)}"
        return Fit(problem=f"{what} un tensor de {types}.")
    return Fit(_cast(found, expected.dtype), advice=_tensor_advice(observed, found, expected))


def _tensor_advice(observed: Any, found: torch.Tensor, expected: torch.Tensor) -> str:
    if not isinstance(observed, torch.Tensor):
        return f"es {_noun(observed)}: devuelve un tensor"
    if found.dtype != expected.dtype:
        return f"es de tipo {_dtype(found)}: devuelve un tensor de tipo {_dtype(expected)}"
    return ""


def _cast(tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """El mismo tensor en otro tipo; un real finito sigue siendo finito."""
    if dtype.is_floating_point and tensor.dtype.is_floating_point and tensor.dtype != dtype:
        limit = torch.finfo(dtype).max
        wide = tensor.double()
        return torch.where(wide.isfinite(), wide.clamp(-limit, limit), wide).to(dtype)
    return tensor.to(dtype)


def _as_tensor(value: Any) -> torch.Tensor | None:
    """Tensor con los números de una lista anidada pareja o de un número; None si no los hay."""
    if isinstance(value, torch.Tensor):
        return value
    if isinstance(value, float):
        return torch.tensor(value, dtype=torch.float64)
    if isinstance(value, int):  # también un lógico
        return torch.tensor(value) if abs(value) < 2**63 else None
    if not isinstance(value, list | tuple):
        return None
    rows = [_as_tensor(item) for item in value]
    tensors = [row for row in rows if row is not None]
    if len(tensors) < len(rows) or len({row.shape for row in tensors}) > 1:
        return None
    kinds = {_tensor_kind(row) for row in tensors}
    if "bool" in kinds and len(kinds) > 1:
        return None
    return torch.stack(_same_dtype(tensors)) if tensors else torch.zeros(0)


def _same_dtype(tensors: list[torch.Tensor]) -> list[torch.Tensor]:
    dtypes = {tensor.dtype for tensor in tensors}
    if len(dtypes) == 1:
        return tensors
    real = any(dtype.is_floating_point for dtype in dtypes)
    return [tensor.to(torch.float64 if real else torch.int64) for tensor in tensors]


def _fit_tuple(observed: Any, expected: tuple[Any, ...], what: str, names: tuple[str, ...]) -> Fit:
    items = _items(observed, expected)
    if items is None or len(items) != len(expected):
        arrived = f"{name_of(observed)}.{_hint(observed)}"
        if isinstance(observed, list):
            arrived = f"una lista de {len(observed)}."
        return Fit(problem=f"{what} una tupla de {len(expected)} elementos y devolvió {arrived}")
    values, advice = [], _sequence_advice(observed, tuple)
    for position, (one, other) in enumerate(zip(items, expected, strict=True)):
        where = position_name(position, names)
        part = fit(one, other, f"En {where}, la función debe devolver")
        if part.problem:
            return part
        values.append(part.value)
        advice = advice or (part.advice and f"lo que va en {where} {part.advice}")
    return Fit(tuple(values), advice=advice)


def _fit_list(observed: Any, expected: list[Any], what: str) -> Fit:
    items = _items(observed, expected)
    if items is None:
        arrived = f"{name_of(observed)}.{_hint(observed)}"
        return Fit(problem=f"{what} una lista y devolvió {arrived}")
    values, advice = [], _sequence_advice(observed, list)
    for place, item in enumerate(items):
        if not expected:  # no hay con qué comparar el tipo: solo el largo, que ya no calza
            values.append(plain(item))
            continue
        example = expected[min(place, len(expected) - 1)]
        part = fit(item, example, "")
        if part.problem:
            return Fit(
                problem=f"{what} una lista en que cada elemento sea {name_of(example)}, y uno es "
                f"{name_of(item)}.{_hint(item)}"
            )
        values.append(part.value)
        advice = advice or (part.advice and f"un elemento {part.advice}")
    return Fit(values, advice=advice)


def _items(observed: Any, expected: list[Any] | tuple[Any, ...]) -> list[Any] | None:
    """Los elementos de una lista, tupla o arreglo; None si no es una secuencia."""
    found = observed.value if isinstance(observed, Foreign) else observed
    if isinstance(found, list | tuple):
        return list(found)
    if isinstance(found, torch.Tensor) and found.ndim:
        tensors = any(isinstance(item, torch.Tensor) for item in expected)
        return list(found) if tensors else found.tolist()
    return None


def _sequence_advice(observed: Any, kind: type) -> str:
    if type(observed) is kind:
        return ""
    return f"es {_noun(observed)}: devuelve {'una tupla' if kind is tuple else 'una lista'}"


def _noun(value: Any) -> str:
    """El nombre de un valor sin su forma ni su largo: «una tupla», «un arreglo de NumPy»."""
    return "una tupla" if isinstance(value, tuple) else name_of(value).split(" de forma")[0]


def _fit_single(observed: Any, expected: Any, what: str) -> Fit:
    """Números, textos y lo que no es un tensor ni una secuencia."""
    found = observed.value if isinstance(observed, Foreign) else observed
    if isinstance(found, torch.Tensor) and found.ndim == 0:
        found = found.item()
    if type(expected) not in (bool, int, float):
        good = type(found) is type(expected)
    else:
        good = type(found) in (bool, int, float) and _kind_fits(
            type(found).__name__, type(expected).__name__
        )
    if not good:
        arrived = f"{name_of(observed)}.{_hint(observed)}"
        return Fit(problem=f"{what} {name_of(expected)} y devolvió {arrived}")
    if isinstance(expected, float) and type(found) is int:
        return Fit(_as_float(found), advice=_number_advice(observed, found, expected))
    return Fit(found, advice=_number_advice(observed, found, expected))


def _as_float(value: int) -> float:
    try:
        return float(value)
    except OverflowError:  # sigue siendo finito
        return sys.float_info.max if value > 0 else -sys.float_info.max


def _number_advice(observed: Any, found: Any, expected: Any) -> str:
    if isinstance(observed, torch.Tensor):
        return f"es un tensor: devuelve {name_of(expected)}, con `.item()`"
    if isinstance(observed, Foreign):
        return f"es {observed.name}: devuelve {name_of(expected)}"
    return (
        ""
        if type(found) is type(expected)
        else f"es {name_of(found)}: devuelve {name_of(expected)}"
    )


def _kind_fits(observed: str, expected: str) -> bool:
    """¿Sirve un número de esta clase (bool, int, float) donde se pide uno de la otra?"""
    return observed == expected or (observed, expected) == ("int", "float")


def _tensor_kind(tensor: torch.Tensor) -> str:
    if tensor.dtype == torch.bool:
        return "bool"
    return "float" if tensor.dtype.is_floating_point else "int"


def _hint(value: Any) -> str:
    """Qué hacer con un valor que no sirve: " Conviértelo con `.item()`.", o texto vacío."""
    if isinstance(value, Opaque) and value.hint:
        return f" {value.hint}"
    if isinstance(plain(value), torch.Tensor) and plain(value).numel() == 1:
        return " Conviértelo con `.item()`."
    return ""


def _dtype(tensor: torch.Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")


def nan_problem(observed: Any, expected: Any) -> str | None:
    """Texto si hay NaN donde la respuesta correcta tiene números, o None.

    `observed` tiene la misma estructura que `expected`.
    """
    if isinstance(expected, tuple):
        for position, (one, other) in enumerate(zip(observed, expected, strict=True), start=1):
            if nan_problem(one, other):
                return f"Tu función devolvió NaN («no es un número») en la posición {position}."
        return None
    if _has_nan(observed) and not _has_nan(expected):
        return "Tu función devolvió NaN («no es un número»)."
    return None


def _has_nan(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return bool(value.is_floating_point() and value.isnan().any())
    if isinstance(value, list | tuple):
        return any(_has_nan(item) for item in value)
    return isinstance(value, float) and math.isnan(value)
