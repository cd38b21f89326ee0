"""Reconocer el error detrás de unas respuestas equivocadas: uno con nombre, o una respuesta fija."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import torch

from .calling import Call, stuck
from .contract import agrees, fit, nan_problem
from .drawing import Example, Outcome
from .snapshot import plain
from .values import unchanged

if TYPE_CHECKING:
    from .exercise import Exercise

__all__ = ["recognize"]

FIXED = "Respuesta fija"
FIXED_EXPLANATION = (
    "Tu función devuelve siempre lo mismo, aunque cambien los datos. Calcula la respuesta a partir "
    "de los argumentos: se comprueba con números nuevos cada vez."
)


def recognize(
    exercise: Exercise, calls: Sequence[Call], examples: Sequence[Example]
) -> tuple[str, str]:
    """Nombre y explicación del error clásico que da las mismas salidas, o dos textos vacíos."""
    if not calls or calls[-1].halted:
        return "", ""
    pairs = list(zip(calls, examples, strict=False))
    same_error = stuck(calls)  # se dejó de insistir: no bastan las excepciones para reconocer
    for chosen in (pairs, _clean(pairs)):
        for place, mistake in enumerate(exercise.misconceptions) if chosen else ():
            if all(_same(call, example.wrong[place], same_error) for call, example in chosen):
                return mistake.name, mistake.explanation
    return (FIXED, FIXED_EXPLANATION) if _is_fixed(pairs) else ("", "")


def _same(call: Call, wrong: Outcome, same_error: bool) -> bool:
    if same_error and call.error:
        return bool(wrong.error) and f" {wrong.error}" in call.error
    return Outcome(call.value, call.error or "").same_as(wrong)


def _clean(pairs: Sequence[tuple[Call, Example]]) -> list[tuple[Call, Example]]:
    """Las llamadas sin excepción ni NaN, si bastan para reconocer un segundo error; si no, ninguna."""
    kept = []
    for call, example in pairs:
        fitted = None if call.error else fit(call.value, example.expected)
        if fitted and not fitted.problem and not nan_problem(fitted.value, example.expected):
            kept.append((call, example))
    wrong = any(not agrees(call.value, example.expected) for call, example in kept)
    return kept if wrong and 2 * len(kept) >= len(pairs) else []


def _is_fixed(pairs: Sequence[tuple[Call, Example]]) -> bool:
    """¿Salió exactamente lo mismo cuando se esperaban cosas distintas?

    No lo dice de un valor que no informa (None, NaN, ±∞, ceros, vacío): suele ser el valor con que
    parte un cálculo que no avanzó, y no una respuesta escrita a mano.
    """
    if len(pairs) < 2 or any(call.error for call, _ in pairs):
        return False
    values = [plain(call.value) for call, _ in pairs]
    constant = all(unchanged(value, values[0]) for value in values[1:])
    expected = [example.expected for _, example in pairs]
    varies = any(not agrees(value, expected[0]) for value in expected[1:])
    return constant and varies and _informs(values[0])


def _informs(value: Any) -> bool:
    if isinstance(value, torch.Tensor):
        return _informs(value.flatten().tolist())
    if isinstance(value, list | tuple):
        return any(_informs(item) for item in value)
    if isinstance(value, float):
        return math.isfinite(value) and value != 0
    return isinstance(value, int | str) and bool(value)
