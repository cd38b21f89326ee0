"""Reconocer una función que todavía no se ha escrito."""

from __future__ import annotations

import dis
from typing import Any

from .source import own_code

__all__ = ["is_stub"]

EMPTY_BODY = {"RESUME", "NOP", "POP_TOP", "LOAD_CONST", "RETURN_VALUE", "RETURN_CONST"}


def is_stub(function: Any) -> bool:
    """¿Tiene la función solo su docstring y `...`, `pass` o `return None`?

    Mira las instrucciones compiladas, así que ni los comentarios ni el docstring importan; y mira
    bajo los decoradores, así que un `@torch.no_grad()` tampoco.

    >>> def pending(x):
    ...     "Por escribir."
    ...     ...
    >>> is_stub(pending), is_stub(lambda x: x)
    (True, False)
    """
    code = own_code(function)
    if code is None:
        return False
    instructions = list(dis.get_instructions(code))
    constants = [step.argval for step in instructions if step.opname.endswith("_CONST")]
    return all(step.opname in EMPTY_BODY for step in instructions) and all(
        constant in (None, ...) for constant in constants
    )
