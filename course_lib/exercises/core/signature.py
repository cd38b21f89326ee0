"""¿Recibe la función los argumentos acordados?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

__all__ = ["signature_problem"]


def signature_problem(function: Callable[..., Any], parameters: tuple[str, ...]) -> str:
    """Por qué no se puede llamar a `function` con esos argumentos, o texto vacío si se puede.

    >>> signature_problem(lambda a: a, ("a", "b"))
    'La función debe recibir estos argumentos, en este orden: (a, b). La tuya recibe (a).'
    """
    try:
        signature = inspect.signature(function)
    except ValueError:  # funciones escritas en C, sin firma visible
        return ""
    try:
        signature.bind(*parameters)
    except TypeError:
        problem = (
            "La función debe recibir estos argumentos, en este orden: "
            f"({', '.join(parameters)}). La tuya recibe ({', '.join(_names(signature))})."
        )
        kinds = [parameter.kind for parameter in signature.parameters.values()]
        if inspect.Parameter.KEYWORD_ONLY in kinds:
            problem += " Quita el `*` que obliga a darlos por su nombre."
        return problem
    return ""


def _names(signature: inspect.Signature) -> list[str]:
    """Los parámetros como se escriben: `*args`, y un `*` suelto antes de los que exigen nombre."""
    names = []
    for name, parameter in signature.parameters.items():
        if parameter.kind is parameter.KEYWORD_ONLY and not any(n.startswith("*") for n in names):
            names.append("*")
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}
        names.append(stars.get(parameter.kind, "") + name)
    return names
