"""Fotografía segura de lo que devolvió una función: una copia que ya no ejecuta código ajeno.

Lo que vuelve puede ser cualquier cosa: un objeto cuyo `__repr__` falla, una lista que se contiene a
sí misma, un tensor de diez mil millones de números. Aquí se convierte, una sola vez, en valores
simples (números, textos, listas, tuplas y tensores densos en la CPU); lo demás queda como un
`Opaque`, que solo sabe su nombre en español. Todo lo que sigue trabaja sobre la fotografía.
"""

from __future__ import annotations

import functools
import types
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import torch

__all__ = ["Foreign", "Opaque", "plain", "snapshot"]

MAX_NUMBERS = 1_000_000  # en total, entre todos los tensores; lo que pasa de ahí no se copia
MAX_ITEMS = 20_000  # en total, entre todas las listas anidadas
MAX_DEPTH = 30


@dataclass(frozen=True)
class Opaque:
    """Un valor que no puede ser la respuesta: su nombre en español y qué hacer con él."""

    name: str
    hint: str = ""


@dataclass(frozen=True)
class Foreign:
    """Un valor de otra biblioteca, ya convertido: `value` es lo mismo en Python o en PyTorch."""

    value: Any
    name: str


class _Room:
    """Cuántos elementos y números quedan por copiar y qué secuencias se están recorriendo."""

    def __init__(self) -> None:
        self.left = MAX_ITEMS
        self.numbers = MAX_NUMBERS
        self.inside: list[int] = []


def snapshot(value: Any) -> Any:
    """Copia segura de `value`; nunca lanza por culpa del valor ni copia más que lo razonable.

    >>> snapshot([1, np.float64(0.5)])
    [1, Foreign(value=0.5, name='un número de NumPy (float64)')]
    >>> snapshot({1, 2}).name
    'un conjunto'
    """
    return _take(value, _Room())


def plain(value: Any) -> Any:
    """El valor sin la marca de otra biblioteca, también dentro de listas y tuplas."""
    if isinstance(value, Foreign):
        return plain(value.value)
    if isinstance(value, list | tuple):
        return type(value)(plain(item) for item in value)
    return value


def _take(value: Any, room: _Room) -> Any:
    try:
        return _convert(value, type(value), room)
    except Exception:  # ni mirarlo se puede: `__class__`, `__iter__` o una copia que fallan
        return Opaque(_object_name(type(value)))


def _convert(value: Any, kind: type, room: _Room) -> Any:
    # El tipo se mira con `type` y los métodos se llaman en la clase base: ninguno es ajeno.
    if value is None or value is Ellipsis or kind in (bool, int, float, str):
        return value
    if issubclass(kind, torch.Tensor):
        return _tensor(value, room)
    if issubclass(kind, np.ndarray):
        return _array(value, room)
    if issubclass(kind, np.generic):
        return _numpy_scalar(value)
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return int.__int__(value)
    if issubclass(kind, float):
        return float.__float__(value)
    if kind in (Decimal, Fraction):
        return Foreign(float(value), _object_name(kind))
    if issubclass(kind, list | tuple | range):
        return _sequence(value, kind, room)
    return _opaque(value, kind)


def _sequence(value: Any, kind: type, room: _Room) -> Any:
    base: Any = next(base for base in (list, tuple, range) if issubclass(kind, base))
    noun = {list: "una lista", tuple: "una tupla", range: "un `range`"}[base]
    if id(value) in room.inside:
        return Opaque(f"{noun} que se contiene a sí misma")
    length = base.__len__(value)
    if length > room.left or len(room.inside) >= MAX_DEPTH:
        return Opaque(f"{noun} de {length} elementos")
    room.left -= length
    room.inside.append(id(value))
    items = [_take(item, room) for item in base.__iter__(value)]
    room.inside.pop()
    if base is range:
        return Foreign(items, noun)
    return items if base is list else tuple(items)


def _tensor(value: torch.Tensor, room: _Room) -> Any:
    with torch.no_grad(), torch._C.DisableTorchFunctionSubclass():
        odd = _odd_tensor(value)
        if odd:
            return odd
        room.numbers -= value.numel()
        if room.numbers < 0:
            return Opaque(f"un tensor de forma {tuple(value.shape)}")
        copied = value.detach().to("cpu", copy=True, memory_format=torch.contiguous_format)
        return copied.as_subclass(torch.Tensor).resolve_conj().resolve_neg()


def _odd_tensor(value: torch.Tensor) -> Opaque | None:
    """Los tensores que no guardan sus números como los demás, con lo que hay que hacer."""
    if value.is_nested:
        return Opaque("un tensor anidado")
    shape = f"de forma {tuple(value.shape)}"
    if value.layout != torch.strided:
        return Opaque(f"un tensor disperso {shape}", "Conviértelo con `.to_dense()`.")
    if value.is_meta:
        return Opaque(f"un tensor sin datos {shape}", "Créalo sin `device='meta'`.")
    if value.is_quantized:
        return Opaque(f"un tensor cuantizado {shape}", "Conviértelo con `.dequantize()`.")
    if value.is_complex():
        return Opaque(f"un tensor de números complejos {shape}", "Quédate con `.real`.")
    return None


def _array(value: np.ndarray, room: _Room) -> Any:
    name = f"un arreglo de NumPy de forma {tuple(value.shape)}"
    if value.dtype.kind not in "biuf":
        return Opaque(f"{name} y tipo {value.dtype.name[:20]}")
    room.numbers -= value.size
    if room.numbers < 0:
        return Opaque(name)
    if value.dtype.itemsize > 8:  # float128: PyTorch no lo tiene
        value = value.astype(np.float64)
    copied = np.array(value, subok=False, order="C").astype(value.dtype.newbyteorder("="))
    return Foreign(torch.from_numpy(copied), name)


def _numpy_scalar(value: np.generic) -> Any:
    if value.dtype.kind == "U":
        return str(value)
    if value.dtype.kind not in "biuf":
        return Opaque(f"un valor de NumPy de tipo {value.dtype.name[:20]}")
    python = {"b": bool, "f": float}.get(value.dtype.kind, int)
    return Foreign(python(value), f"un número de NumPy ({value.dtype.name})")


_LAZY = "Conviértelo con `list(...)`."
_CALLABLE = "¿Faltó llamarla, con paréntesis?"
_YIELD = (
    "Sale al usar `yield`, o paréntesis en lugar de corchetes: reúne los valores en una lista y "
    "devuélvela con `return`."
)
_ASYNC = "La función es `async`: defínela con `def`, sin `async` ni `await`."

# Lo que se reconoce por su tipo: nombre y qué hacer.
_KINDS: tuple[tuple[tuple[type, ...], str, str], ...] = (
    ((dict,), "un diccionario", "Devuelve el valor mismo, no un diccionario."),
    ((set, frozenset), "un conjunto", "No tiene orden ni repetidos: devuelve una lista."),
    ((types.GeneratorType,), "un generador", _YIELD),
    ((types.CoroutineType,), "una corrutina", _ASYNC),
    ((types.AsyncGeneratorType,), "un generador asíncrono", _ASYNC),
    ((map, filter, zip, enumerate, reversed), "un iterador", _LAZY),
    ((type({}.keys()), type({}.values()), type({}.items())), "una vista de un diccionario", _LAZY),
    ((types.FunctionType, types.MethodType, functools.partial), "una función", _CALLABLE),
    ((types.BuiltinFunctionType,), "una función", _CALLABLE),
    ((type,), "una clase", "¿Faltó crear el objeto, con paréntesis?"),
    ((types.ModuleType,), "un módulo", ""),
    ((bytes, bytearray), "una secuencia de bytes", "Conviértela en texto con `.decode()`."),
    ((complex,), "un número complejo", "Quédate con `.real`."),
    ((BaseException,), "una excepción", "Para lanzarla se usa `raise`, no `return`."),
)


def _opaque(value: Any, kind: type) -> Opaque:
    if issubclass(kind, types.CoroutineType):
        value.close()  # si no, Python avisa en inglés de que nadie la esperó
    for kinds, name, hint in _KINDS:
        if issubclass(kind, kinds):
            return Opaque(name, hint)
    return Opaque(_object_name(kind))


def _object_name(kind: type) -> str:
    name = type.__dict__["__name__"].__get__(kind)  # una metaclase podría cambiarlo
    return f"un objeto de tipo {name[:40]}"
