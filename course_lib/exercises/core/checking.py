"""Corregir una función por capas: contrato, propiedades y acuerdo con una referencia.

Las entradas se sortean en el momento de comprobar, en varios tamaños y con dos sorteos, así que
una respuesta fija no pasa. Se ejecutan todos los ejemplos, se reúnen todas las fallas y cada una
se muestra con el ejemplo más pequeño en que aparece. Todo cabe en unos cuatro segundos, y nada de lo
que haga la función sale de aquí: ni sus excepciones, ni lo que cambie en el programa.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from . import calling
from .calling import Call, call_safely, halted, stuck
from .drawing import draw
from .isolation import isolated
from .judging import RETURNS, RUNS, judge
from .probe import Halt, find_halt
from .result import INCORRECT, PENDING, Failure, Result
from .signature import signature_problem
from .stubs import is_stub
from .time_limit import TimeLimitExceeded, Timer, run_limited

if TYPE_CHECKING:
    from .exercise import Exercise

__all__ = ["check"]

TOTAL_SECONDS = 2.6  # de las llamadas en el kernel; con el ensayo y lo demás, cuatro
JUDGE_SECONDS = 0.4  # lo mínimo para mirar las respuestas, aunque se haya agotado el tiempo


def check(exercise: Exercise, function: Any, seed: int | None = None) -> Result:
    """`Result` de corregir `function` como respuesta a `exercise`.

    Con `seed` (un entero) los datos se repiten; sin ella son nuevos en cada llamada.
    """
    with isolated():
        try:
            return _not_ready(exercise, function) or _checked(exercise, function, seed)
        except Exception as error:
            return _our_fault(exercise, error)


def _checked(exercise: Exercise, function: Any, seed: int | None) -> Result:
    examples = draw(exercise, seed)
    cases = [example.args for example in examples]
    function, reference = exercise.watch(function), exercise.watch(exercise.reference)
    halt = find_halt(function, cases, calling.SECONDS, reference)
    timer = Timer(TOTAL_SECONDS)
    calls = _call_all(function, cases, halt, timer)
    if any(call.unfinished for call in calls):
        return Result(exercise.title, PENDING, key=exercise.key)
    repeats = _repeat(function, calls, timer)
    try:
        left = max(timer.left(), JUDGE_SECONDS)
        return run_limited(lambda: judge(exercise, calls, examples, repeats), left)
    except TimeLimitExceeded:
        observed = "Tu función devolvió algo tan grande que no se alcanzó a revisar."
        return _rejected(exercise, observed, check=RETURNS)


def _draw_cases(exercise: Exercise, seed: int | None) -> list[tuple[Any, ...]]:
    """Los argumentos de los ejemplos de una comprobación, del más pequeño al más grande."""
    return [example.args for example in draw(exercise, seed)]


def _not_ready(exercise: Exercise, function: Any) -> Result | None:
    """Resultado inmediato si no llegó una función, está sin escribir o no recibe lo acordado."""
    if not callable(function):
        observed = (
            "`comprobar` recibe la función misma, sin paréntesis ni argumentos: "
            f"`ej.{exercise.key}.comprobar({exercise.key})`."
        )
        return _rejected(exercise, observed)
    try:
        if is_stub(function):
            return Result(exercise.title, PENDING, key=exercise.key)
        problem = signature_problem(function, exercise.parameters)
    except Exception:  # un objeto con atributos que fallan: se verá al llamarlo
        return None
    return _rejected(exercise, problem) if problem else None


def _rejected(exercise: Exercise, observed: str, check: str = RUNS) -> Result:
    failures = (Failure(check, observed),)
    return Result(exercise.title, INCORRECT, failures=failures, key=exercise.key)


def _our_fault(exercise: Exercise, error: Exception) -> Result:
    """Lo que se dice si lo que falla es el corrector: la culpa no es de la respuesta."""
    step = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} en {step.name}, línea {step.lineno}"
    observed = f"No se pudo corregir por un error del curso, no de tu función ({where}). Avísanos."
    return _rejected(exercise, observed, check="El corrector funciona")


def _call_all(
    function: Any, cases: Sequence[tuple[Any, ...]], halt: Halt | None, timer: Timer
) -> list[Call]:
    """Una llamada por ejemplo; tras un ciclo sin fin o tres errores iguales no se insiste."""
    calls: list[Call] = []
    for index, args in enumerate(cases):
        left = timer.left()
        if halt and index == halt.index:
            calls.append(halted(args, halt.reason, calling.SECONDS, halt.printed))
        elif not left:
            calls.append(halted(args, "slow", TOTAL_SECONDS))
        else:
            call = call_safely(function, args, min(calling.SECONDS, left))
            if call.halted and left < calling.SECONDS:  # se acabó el tiempo de todas, no el de esta
                call = halted(args, "slow", TOTAL_SECONDS, call.printed)
            calls.append(call)
        if calls[-1].halted or calls[-1].unfinished or stuck(calls):
            break
    return calls


def _repeat(function: Any, calls: Sequence[Call], timer: Timer) -> list[tuple[Call, Call]]:
    """La primera y la última llamada que devolvieron algo, con su repetición, si queda tiempo."""
    done = [call for call in calls if not call.error]
    pairs = []
    for call in [done[0], done[-1]] if done else ():
        if timer.left():
            seconds = min(calling.SECONDS, timer.left())
            pairs.append((call, call_safely(function, call.args, seconds)))
    return pairs
