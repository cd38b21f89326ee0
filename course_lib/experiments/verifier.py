"""Un verificador sin modelo: relee las cuentas que un texto trae escritas y las vuelve a hacer."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable

__all__ = ["written_sums"]

_OPERATIONS: dict[str, Callable[[int, int], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "−": operator.sub,
    "×": operator.mul,
    "x": operator.mul,
    "*": operator.mul,
    "÷": lambda a, b: a / b if b else math.nan,
}
_SUM = re.compile(r"(\d+)\s*([-+−×x*÷])\s*(\d+)\s*=\s*(-?\d+)")


def written_sums(text: str) -> float:
    """Devuelve qué parte de las cuentas de `text` (enteros, con +, −, × o ÷) es cierta; 0 si no trae ninguna.

    No sabe si eran las cuentas que hacían falta. Ref.: Cobbe et al. 2021, arXiv:2110.14168, donde el verificador es
    otro modelo, entrenado.

    >>> written_sums("Son 3 × 4 = 12. Le quedan 12 - 5 = 8.")
    0.5
    """
    held = [_OPERATIONS[sign](int(a), int(b)) == int(c) for a, sign, b, c in _SUM.findall(text)]
    return sum(held) / len(held) if held else 0.0
