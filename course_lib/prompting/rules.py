"""Los puntajes y los agregados son valores: se pasan ya hechos, como `Pmi()`, y no por su nombre.

Un valor se muestra tal como es, se compara y se guarda; y una función propia vale igual que los del curso.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["apply", "check_rule", "shown"]


def check_rule(value: object, parameter: str, known: Mapping[str, object]) -> None:
    """Comprueba que `value` sirva para `parameter`: uno de los valores de `known` o una función.

    Raises:
        TypeError: llegó un nombre, una clase u otra cosa que no se puede llamar.
    """
    if isinstance(value, str):
        wanted = value.strip().removesuffix("()").casefold()
        for name, rule in known.items():
            if wanted in (name, type(rule).__name__.casefold()):
                raise TypeError(
                    f"{parameter}={value!r} es un nombre, y aquí va un valor: escribe {parameter}={rule!r}. "
                    "Se importa de course_lib.prompting."
                )
    if isinstance(value, type):
        raise TypeError(
            f"{parameter}={value.__name__} es una clase, y aquí va un valor: escribe {parameter}={value.__name__}()."
        )
    if not callable(value):
        values = ", ".join(map(repr, known.values()))
        raise TypeError(
            f"No existe {parameter}={value!r:.60}. Usa uno de estos valores: {values}; o una función tuya."
        )


def apply(rule: Callable[[Any], float], given: Any) -> float:
    """Devuelve `rule(given)`, si es un número finito.

    Raises:
        TypeError: no es un número.
        ValueError: es nan o infinito.
    """
    result = rule(given)
    try:
        value = float(result)
    except (TypeError, ValueError):
        raise TypeError(
            f"{shown(rule)} debe devolver un número y devolvió {result!r:.60}. Revisa su `return`."
        ) from None
    if not math.isfinite(value):
        raise ValueError(
            f"{shown(rule)} dio {value} con {given!r:.60}, y así no se puede comparar. Si es una función tuya, mira "
            'si divide por cero; si no, carga el modelo con dtype="float32".'
        )
    return value


def shown(rule: object) -> str:
    """Devuelve cómo se muestra: el valor tal como se escribe o el nombre de la función.

    >>> shown(max)
    'max'
    """
    return str(getattr(rule, "__name__", None) or repr(rule))
