"""Mirar lo que devolvió una función y decir qué no se cumple, con el ejemplo más pequeño."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from .calling import Call
from .contract import Fit, contract_problem, fit, nan_problem, position_name
from .drawing import Example
from .recognition import recognize
from .result import CORRECT, INCORRECT, Failure, Result
from .snapshot import plain
from .text import describe_pair, first_difference
from .values import copy_value, describe, same_value

if TYPE_CHECKING:
    from .exercise import Exercise, Property

__all__ = ["INTACT", "RETURNS", "RUNS", "judge"]

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


def judge(
    exercise: Exercise,
    calls: Sequence[Call],
    examples: Sequence[Example],
    repeats: Sequence[tuple[Call, Call]],
) -> Result:
    """`Result` de unas llamadas ya hechas; en `repeats`, algunas de ellas y su repetición.

    Puede haber menos llamadas que ejemplos, si no se insistió.
    """
    pairs = list(zip(calls, examples, strict=False))
    failures = _failures(exercise, pairs, repeats)
    total = 6 + len(exercise.properties)
    advice = _advice(pairs)
    if not failures:
        advice = advice and f"El valor está bien; {advice}."
        return Result(exercise.title, CORRECT, total, total, advice=advice, key=exercise.key)
    mistake, explanation = recognize(exercise, calls, examples)
    return Result(
        exercise.title,
        INCORRECT,
        total - len(failures) - _blocked(exercise, pairs, failures),
        total,
        tuple(failures),
        mistake,
        explanation,
        f"«{exercise.section}», en el capítulo {exercise.chapter}",
        advice and f"Lo que devuelves {advice}.",
        exercise.key,
    )


def _failures(
    exercise: Exercise,
    pairs: Sequence[tuple[Call, Example]],
    repeats: Sequence[tuple[Call, Call]],
) -> list[Failure]:
    """La primera falla de cada comprobación, en el orden de las capas."""
    found: dict[str, Failure] = {}
    for call, example in pairs:
        for name, observed, idea in _problems(exercise, call, example):
            if name not in found:
                text = _example(exercise, call, example)
                found[name] = Failure(
                    name, observed, text, idea, call.printed, call.args, not call.halted
                )
    changed = next((pair for pair in repeats if not _is_stable(*pair)), None)
    if changed:
        observed = "Al repetir la misma llamada, la respuesta cambió."
        text = _example_of_change(exercise, *changed)
        found[STABLE] = Failure(STABLE, observed, text, IDEA_STABLE, arguments=changed[0].args)
    order = [RUNS, RETURNS, INTACT, STABLE, *(p.name for p in exercise.properties), FINITE, AGREES]
    return [found[name] for name in order if name in found]


def _is_stable(first: Call, second: Call) -> bool:
    return not second.error and same_value(plain(second.value), plain(first.value))


def _problems(exercise: Exercise, call: Call, example: Example) -> Iterator[tuple[str, str, str]]:
    """Ternas (comprobación, observado, idea) de una llamada. Una capa rota detiene las demás."""
    if call.error:
        yield RUNS, call.error, call.idea
        return
    if call.changed is not None:
        observed = f"Tu función modificó el argumento `{exercise.parameters[call.changed]}`."
        yield INTACT, observed, IDEA_INTACT
    fitted = fit(call.value, example.expected, outputs=exercise.outputs)
    if fitted.problem:
        yield RETURNS, fitted.problem, IDEA_RETURNS
        return
    problem = nan_problem(fitted.value, example.expected)
    if problem:
        yield FINITE, problem, IDEA_FINITE
        return
    for rule in exercise.properties:
        problem = _rule_problem(rule, fitted, call)
        if problem:
            yield rule.name, problem, rule.idea
    if not same_value(fitted.value, example.expected):
        yield AGREES, _what_differs(exercise, fitted, example), exercise.idea


def _what_differs(exercise: Exercise, fitted: Fit, example: Example) -> str:
    """«La respuesta no es la esperada», y cuál de ellas si la función devuelve varias."""
    expected = example.expected
    if not isinstance(expected, tuple):
        return "La respuesta no es la esperada."
    pairs = zip(fitted.value, expected, strict=True)
    wrong = [place for place, (one, other) in enumerate(pairs) if not same_value(one, other)]
    if len(wrong) == len(expected):
        return "La respuesta no es la esperada, en ninguna de sus posiciones."
    places = " y ".join(position_name(place, exercise.outputs) for place in wrong)
    return f"La respuesta no es la esperada en {places}; lo demás está bien."


def _rule_problem(rule: Property, fitted: Fit, call: Call) -> str | None:
    try:
        return rule.problem(copy_value(fitted.value), *copy_value(call.args))
    except Exception:  # una respuesta tan extraña que la propiedad no se puede ni calcular
        return "Con esta respuesta no se puede ni revisar: compárala con la esperada."


def _arguments(exercise: Exercise, call: Call) -> list[str]:
    pairs = zip(exercise.parameters, call.args, strict=True)
    return [f"{name} = {describe(value)}" for name, value in pairs]


def _example(exercise: Exercise, call: Call, example: Example) -> str:
    """Los argumentos, lo devuelto y lo esperado, con las cifras que hagan falta."""
    lines = _arguments(exercise, call)
    if call.error:
        return "\n".join([*lines, f"se esperaba: {describe(example.expected)}"])
    observed, expected = describe_pair(call.value, example.expected)
    lines += [f"tu función devolvió: {observed}", f"se esperaba: {expected}"]
    if observed == expected and not contract_problem(call.value, example.expected):
        difference = first_difference(call.value, example.expected)
        lines += [f"la diferencia: {difference}"] if difference else []
    return "\n".join(lines)


def _example_of_change(exercise: Exercise, first: Call, second: Call) -> str:
    lines = _arguments(exercise, first)
    if second.error:
        return "\n".join([*lines, second.error])
    one, other = describe_pair(first.value, second.value)
    return "\n".join([*lines, f"la primera vez devolvió: {one}", f"la segunda: {other}"])


def _advice(pairs: Sequence[tuple[Call, Example]]) -> str:
    """El primer consejo de tipo: «es un arreglo de NumPy: devuelve un tensor»."""
    fits = (fit(call.value, example.expected) for call, example in pairs if not call.error)
    return next((fitted.advice for fitted in fits if fitted.advice), "")


def _blocked(
    exercise: Exercise, pairs: Sequence[tuple[Call, Example]], failures: Sequence[Failure]
) -> int:
    """Cuántas comprobaciones no llegaron a hacerse porque ningún ejemplo pasó el contrato."""
    if any(not c.error and not contract_problem(c.value, e.expected) for c, e in pairs):
        return 0
    later = {FINITE, AGREES, *(rule.name for rule in exercise.properties)}
    if all(call.error for call, _ in pairs):
        later |= {RETURNS, INTACT, STABLE}
    return len(later - {failure.check for failure in failures})
