"""Corregir una función por capas: contrato, propiedades y acuerdo con una referencia.

Las entradas se sortean en el momento de comprobar, en varios tamaños y con dos sorteos, así que
una respuesta fija no pasa. Se ejecutan todos los ejemplos, se reúnen todas las fallas y cada una
se muestra con el ejemplo más pequeño en que aparece.
"""

import inspect
import secrets

import torch

from course_lib.exercises.core.calling import call_safely
from course_lib.exercises.core.contract import contract_problem, nan_problem
from course_lib.exercises.core.result import CORRECT, INCORRECT, PENDING, Failure, Result
from course_lib.exercises.core.stubs import is_stub
from course_lib.exercises.core.values import copy_value, describe, same_value, size_of

__all__ = ["check"]

RUNS, RETURNS = "Termina sin errores", "Devuelve lo acordado"
INTACT, STABLE = "Deja intactos sus argumentos", "A la misma entrada, la misma salida"
FINITE = "No devuelve NaN"
AGREES = "Coincide con la referencia en datos nuevos"

IDEA_INTACT = (
    "Quien llama a tu función no espera que sus datos cambien. Trabaja sobre una copia "
    "(`x.clone()`, `list(x)`) o con operaciones que crean un tensor nuevo: las que terminan en "
    "guion bajo, como `masked_fill_`, y `x[...] = ...` modifican el original."
)
IDEA_STABLE = (
    "Este cálculo no tiene azar ni memoria: revisa si usas números al azar, una variable global o "
    "una lista como valor por omisión de un argumento."
)
IDEA_RETURNS = "Lee de nuevo qué recibe y qué devuelve la función, con sus tipos y formas."
IDEA_FINITE = (
    "NaN aparece al calcular ∞ − ∞, 0 · ∞ o 0/0: busca una exponencial que desborda, el logaritmo "
    "de 0 o una división por una suma nula."
)
FIXED = "Respuesta fija"
FIXED_EXPLANATION = (
    "Tu función devuelve siempre lo mismo, aunque cambien los datos. Calcula la respuesta a partir "
    "de los argumentos: se comprueba con números nuevos cada vez."
)


def check(exercise, function, seed=None):
    """`Result` de corregir `function` como respuesta a `exercise`.

    Con `seed` (un entero) los datos se repiten; sin ella son nuevos en cada llamada.
    """
    early = _not_ready(exercise, function)
    if early:
        return early
    cases = _draw_cases(exercise, seed)
    calls = _call_all(function, cases)
    if any(call.unfinished for call in calls):
        return Result(exercise.title, PENDING)
    expected = [exercise.reference(*copy_value(call.args)) for call in calls]
    failures = _failures(exercise, function, calls, expected)
    total = 6 + len(exercise.properties)
    if not failures:
        return Result(exercise.title, CORRECT, total, total)
    mistake, explanation = _recognize(exercise, calls, expected)
    blocked = _blocked(exercise, calls, expected, failures)
    return Result(
        exercise.title,
        INCORRECT,
        total - len(failures) - blocked,
        total,
        tuple(failures),
        mistake,
        explanation,
        f"«{exercise.section}», en el capítulo {exercise.chapter}",
    )


def _not_ready(exercise, function):
    """Resultado inmediato si no llegó una función, está sin escribir o no recibe lo acordado."""
    if not callable(function):
        observed = (
            "`comprobar` recibe la función misma, sin paréntesis ni argumentos: "
            f"`comprobar({exercise.key})`."
        )
        return Result(exercise.title, INCORRECT, failures=(Failure(RUNS, observed),))
    if is_stub(function):
        return Result(exercise.title, PENDING)
    try:
        inspect.signature(function).bind(*exercise.parameters)
    except TypeError:
        wanted = ", ".join(exercise.parameters)
        observed = f"La función debe recibir estos argumentos, en este orden: ({wanted})."
        return Result(exercise.title, INCORRECT, failures=(Failure(RUNS, observed),))
    except ValueError:  # funciones escritas en C, sin firma visible
        return None
    return None


def _draw_cases(exercise, seed):
    """Los ejemplos de dos sorteos, del más pequeño al más grande."""
    generator = torch.Generator().manual_seed(secrets.randbits(32) if seed is None else seed)
    cases = [*exercise.cases(generator), *exercise.cases(generator)]
    return sorted(cases, key=size_of)


def _call_all(function, cases):
    """Una llamada por ejemplo; tras un ciclo sin fin no se insiste."""
    calls = []
    with torch.random.fork_rng(devices=[]):  # lo que la función sortee no altera el cuaderno
        for args in cases:
            calls.append(call_safely(function, args))
            if calls[-1].timed_out or calls[-1].unfinished:
                break
    return calls


def _failures(exercise, function, calls, expected):
    """La primera falla de cada comprobación, en el orden de las capas."""
    found = {}
    for call, right in zip(calls, expected, strict=True):
        for name, observed, idea in _problems(exercise, call, right):
            if name not in found:
                example = _example(exercise, call, right)
                found[name] = Failure(name, observed, example, idea, call.printed)
    if not found:
        again = call_safely(function, calls[-1].args)
        if again.error or not same_value(again.value, calls[-1].value):
            observed = "Al repetir la misma llamada, la respuesta cambió."
            found[STABLE] = Failure(STABLE, observed, idea=IDEA_STABLE)
    order = [RUNS, RETURNS, INTACT, STABLE, *(p.name for p in exercise.properties), FINITE, AGREES]
    return [found[name] for name in order if name in found]


def _problems(exercise, call, right):
    """Ternas (comprobación, observado, idea) de una llamada. Una capa rota detiene las demás."""
    if call.error:
        yield RUNS, call.error, call.idea
        return
    if call.changed is not None:
        observed = f"Tu función modificó el argumento `{exercise.parameters[call.changed]}`."
        yield INTACT, observed, IDEA_INTACT
    problem = contract_problem(call.value, right)
    if problem:
        yield RETURNS, problem, IDEA_RETURNS
        return
    problem = nan_problem(call.value, right)
    if problem:
        yield FINITE, problem, IDEA_FINITE
        return
    for rule in exercise.properties:
        problem = _rule_problem(rule, call)
        if problem:
            yield rule.name, problem, rule.idea
    if not same_value(call.value, right):
        yield AGREES, "La respuesta no es la esperada.", exercise.idea


def _rule_problem(rule, call):
    try:
        return rule.problem(call.value, *copy_value(call.args))
    except Exception:  # una respuesta tan extraña que la propiedad no se puede ni calcular
        return "Con esta respuesta no se puede ni revisar: compárala con la esperada."


def _example(exercise, call, right):
    lines = [
        f"{name} = {describe(value)}"
        for name, value in zip(exercise.parameters, call.args, strict=True)
    ]
    if not call.error:
        lines.append(f"tu función devolvió: {describe(call.value)}")
    return "\n".join([*lines, f"se esperaba: {describe(right)}"])


def _blocked(exercise, calls, expected, failures):
    """Cuántas comprobaciones no llegaron a hacerse porque ningún ejemplo pasó el contrato."""
    pairs = zip(calls, expected, strict=True)
    if any(not call.error and not contract_problem(call.value, right) for call, right in pairs):
        return 0
    later = {FINITE, AGREES, *(rule.name for rule in exercise.properties), STABLE}
    if all(call.error for call in calls):
        later |= {RETURNS, INTACT}
    return len(later)


def _recognize(exercise, calls, expected):
    """Nombre y explicación del error clásico que da las mismas salidas, o dos textos vacíos."""
    if calls[-1].timed_out:
        return "", ""
    for chosen in (calls, _clean(calls, expected)):
        for mistake in exercise.misconceptions if chosen else ():
            if all(_same_outcome(call, mistake.wrong) for call in chosen):
                return mistake.name, mistake.explanation
    first = calls[0].value
    constant = not any(call.error for call in calls) and first is not None
    if constant and all(same_value(call.value, first) for call in calls[1:]):
        return FIXED, FIXED_EXPLANATION
    return "", ""


def _clean(calls, expected):
    """Las llamadas sin excepción ni NaN, si bastan para reconocer un segundo error; si no, ninguna."""
    pairs = [
        (call, right)
        for call, right in zip(calls, expected, strict=True)
        if not (call.error or contract_problem(call.value, right) or nan_problem(call.value, right))
    ]
    wrong = any(not same_value(call.value, right) for call, right in pairs)
    return [call for call, _ in pairs] if wrong and 2 * len(pairs) >= len(calls) else []


def _same_outcome(call, wrong):
    other = call_safely(wrong, call.args)
    if other.error or call.error:
        return bool(other.error) and bool(call.error)
    return same_value(call.value, other.value)
