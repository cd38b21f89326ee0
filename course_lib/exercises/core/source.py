"""Reconocer el código de quien responde: dónde está su función y en qué línea se rompió."""

from __future__ import annotations

import dis
import functools
import linecache
import os
import sysconfig
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

__all__ = ["own_code", "raised_by_course", "raised_by_hand", "student_line"]

RAISE = dis.opmap["RAISE_VARARGS"]
MAX_LAYERS = 50
MAX_SOURCE = 160


def own_code(function: Any) -> CodeType | None:
    """El código que escribió la persona, bajo decoradores, `partial`, métodos y `__call__`.

    None si no está en Python: una función de una biblioteca en C, por ejemplo.

    >>> own_code(functools.partial(own_code, len)).co_name, own_code(len)
    ('own_code', None)
    """
    for _ in range(MAX_LAYERS):
        inner = _inner(function)
        if inner is None:
            break
        function = inner
    code = getattr(function, "__code__", None)
    return code if isinstance(code, CodeType) else None


def _inner(function: Any) -> Any:
    """Lo que hay bajo una capa, o None si ya es lo de adentro."""
    if isinstance(function, functools.partial):
        return function.func
    wrapped = getattr(function, "__wrapped__", None) or getattr(function, "__func__", None)
    if wrapped is not None:
        return wrapped
    if isinstance(function, type) or hasattr(function, "__code__"):
        return None
    call = type(function).__call__  # un objeto que se puede llamar
    return call if hasattr(call, "__code__") else None


def raised_by_hand(error: BaseException, function: Any) -> bool:
    """¿Lanzó la excepción un `raise` escrito por la persona, y no una biblioteca?"""
    home, step = own_code(function), _raise_step(error)
    return home is not None and step is not None and _is_own(step, home)


def raised_by_course(error: BaseException) -> bool:
    """¿Lanzó la excepción un `raise` de este paquete, que ya habla en español?"""
    step = _raise_step(error)
    return step is not None and step.tb_frame.f_code.co_filename.startswith(_COURSE)


def _raise_step(error: BaseException) -> TracebackType | None:
    """El último paso de la excepción, si es un `raise`; None si la lanzó una biblioteca en C."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    if last is None or last.tb_frame.f_code.co_code[last.tb_lasti] != RAISE:
        return None
    return last


def student_line(error: BaseException, function: Any) -> str:
    """«En la línea 3: `código`»: el último paso del error en el código de la persona, o vacío."""
    home = own_code(function)
    found, step = None, error.__traceback__
    while step is not None and home is not None:
        if _is_own(step, home):
            found = step
        step = step.tb_next
    if found is None:
        return ""
    line = linecache.getline(found.tb_frame.f_code.co_filename, found.tb_lineno).strip()
    shown = f": `{line[:MAX_SOURCE]}`" if line else ""
    return f"\nEn la línea {found.tb_lineno}{shown}"


def _is_own(step: TracebackType, home: CodeType) -> bool:
    """¿Está este paso en el archivo de la función, o en otra celda del mismo cuaderno?"""
    name = step.tb_frame.f_code.co_filename
    if name == home.co_filename:
        return True
    if home.co_filename.startswith("<"):  # «<ipython-input-3-…>», en versiones antiguas
        return name.startswith("<ipython-input") and home.co_filename.startswith("<ipython-input")
    folder = os.path.dirname(home.co_filename)
    library = any(folder.startswith(path) for path in _LIBRARIES)
    return not library and os.path.dirname(name) == folder


_LIBRARIES = tuple({sysconfig.get_paths()[name] for name in ("stdlib", "purelib", "platlib")})
_COURSE = str(Path(__file__).parents[2]) + os.sep  # la carpeta del paquete
