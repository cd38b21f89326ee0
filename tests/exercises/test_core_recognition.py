"""Cuándo se dice «pendiente», «respuesta fija» o el nombre de un error; y qué idea se da."""

from __future__ import annotations

import functools
import math
from pathlib import Path

import pytest
import torch

from course_lib.exercises.core.errors import explain
from course_lib.exercises.core.exercise import Exercise, Misconception
from course_lib.exercises.core.stubs import is_stub


def scale(**changes):
    fields = dict(
        key="scale", chapter="demo", title="Escalar", objective="Escalar.", difficulty=1, minutes=10,
        section="Vectores", hints=("Una.", "Otra."), idea="Multiplica.",
        cases=lambda g: [(torch.randn(n, generator=g), 2.0) for n in (1, 2, 3)],
        reference=lambda vector, factor: vector * factor,
    )  # fmt: skip
    return Exercise(**{**fields, **changes})


def number(**changes):
    return scale(reference=lambda vector, factor: vector.sum().item() - 20, **changes)


@torch.no_grad()
def decorated_stub(vector, factor):
    """Por escribir."""
    ...


def logged(function):
    @functools.wraps(function)
    def wrapper(*args):
        print("llamada")
        return function(*args)

    return wrapper


@logged
@torch.no_grad()
def twice_decorated_stub(vector, factor):
    pass


@functools.lru_cache
def cached_stub(vector, factor):
    return None


class CallableStub:
    def __call__(self, vector, factor):
        """Por escribir."""


def stub(extra, vector, factor):
    pass


STUBS = [
    decorated_stub,
    twice_decorated_stub,
    cached_stub,
    CallableStub(),
    CallableStub().__call__,
    functools.partial(stub, 1),
]


@pytest.mark.parametrize("function", STUBS)
def test_a_wrapped_stub_is_pending(function):
    assert is_stub(function)
    assert scale().comprobar(function).status == "pendiente"


def helper():
    raise NotImplementedError


@pytest.mark.parametrize(
    "function",
    [
        torch.no_grad()(lambda vector, factor: helper()),
        logged(lambda vector, factor: helper()),
        lambda vector, factor: helper(),
    ],
)
def test_a_raise_of_ones_own_is_pending(function):
    assert scale().comprobar(function).status == "pendiente"


def softmax_of_booleans(vector, factor):
    return (vector > 0).softmax(-1)


def abstract_module(vector, factor):
    return torch.nn.Module()(vector)


@pytest.mark.parametrize("function", [softmax_of_booleans, abstract_module])
def test_not_implemented_inside_torch_is_an_error(function):
    result = scale().comprobar(function)
    assert result.status == "incorrecto"
    assert "NotImplementedError" in repr(result) and "`.float()`" in repr(result)


@torch.no_grad()
def fails_decorated(vector, factor):
    wrong = vector[7]  # esta línea
    return wrong


def test_a_decorated_answer_shows_its_own_line():
    text = repr(scale().comprobar(fails_decorated))
    assert "`wrong = vector[7]  # esta línea`" in text and "_contextlib" not in text


def test_an_error_inside_a_library_shows_the_line_that_called_it():
    text = repr(scale().comprobar(lambda v, f: functools.reduce(lambda a, b: a + b.nada, [v, v])))
    assert "En la línea" in text and "functools.reduce" in text


@pytest.mark.parametrize(
    "function",
    [
        lambda vector, factor: 7.5,
        lambda vector, factor: vector.new_tensor(7.5).item(),
    ],
)
def test_a_fixed_answer_is_called_so(function):
    assert number().comprobar(function).mistake == "Respuesta fija"


def best_from_zero(vector, factor):
    """Parte en 0 y las respuestas son todas negativas."""
    best = 0.0
    for value in vector.tolist():
        best = max(best, value - 20)
    return best


@pytest.mark.parametrize(
    "function",
    [
        best_from_zero,
        lambda vector, factor: float("nan"),
        lambda vector, factor: -math.inf,
        lambda vector, factor: vector.sum().item() * 1e-9,
        lambda vector, factor: print(),
    ],
)
def test_an_uninformative_answer_is_not_called_fixed(function):
    result = number().comprobar(function)
    assert result.status == "incorrecto" and result.mistake == ""


@pytest.mark.parametrize("empty", [[], [0, 0], [float("nan")]])
def test_an_empty_or_null_list_is_not_called_fixed(empty):
    exercise = scale(reference=lambda vector, factor: vector.tolist())
    assert exercise.comprobar(lambda vector, factor: list(empty)).mistake == ""


def test_a_fixed_answer_needs_expected_values_that_differ():
    same = scale(reference=lambda vector, factor: 3.0)
    assert same.comprobar(lambda vector, factor: 7.5).mistake == ""


def test_equal_errors_are_not_a_misconception_that_fails_in_another_way():
    """Tras tres errores iguales no se insiste, y un `NameError` no es el `IndexError` catalogado."""
    exercise = scale(misconceptions=(Misconception("Te pasas", "Sí.", lambda v, f: v[9]),))
    result = exercise.comprobar(lambda v, f: nombre_que_no_existe)  # noqa: F821
    assert result.mistake == "" and "revisa si está bien escrito" in repr(result)
    assert exercise.comprobar(lambda v, f: v[10]).mistake == "Te pasas"


def unbound(flag=False):
    if flag:
        value = 1
    return value


def unpack():
    _first, _second = [1, 2, 3]


def none_operation():
    return [3, 1].sort() + 1


def none_attribute():
    return [3, 1].sort().copy()


def assertion():
    assert 1 == 2


def change_while_reading():
    numbers = {1: 1}
    for key in numbers:
        numbers[key + 1] = 1


def generator_stop():
    return list(next(iter([])) for _ in range(2))


def huge_power():
    return math.exp(10**6)


EXPLAINED = [
    (unbound, "UnboundLocalError", "antes de darle un valor"),
    (lambda: nombre, "NameError", "falta un `import`"),  # noqa: F821
    (lambda: __import__("no_existe"), "ModuleNotFoundError", "no está instalado"),
    (lambda: 1 / 0, "ZeroDivisionError", "Divides por cero"),
    (huge_power, "OverflowError", "Trabaja con logaritmos"),
    (lambda: math.log(-1), "ValueError", "logaritmo o la raíz"),
    (assertion, "AssertionError", "`assert`"),
    (lambda: next(iter([])), "StopIteration", "de los que hay"),
    (generator_stop, "RuntimeError", "de los que hay"),
    (lambda: [1][2], "IndexError", "una posición que no existe"),
    (lambda: {"a": 1}["b"], "KeyError", "una clave que no está"),
    (lambda: (3).nada, "AttributeError", "revisa su tipo"),
    (none_attribute, "AttributeError", "vale None"),
    (none_operation, "TypeError", "Operas con None"),
    (lambda: max(), "TypeError", "otros argumentos"),
    (lambda: unbound(1, 2, 3), "TypeError", "otros argumentos"),
    (lambda: unbound(nada=1), "TypeError", "otros argumentos"),
    (lambda x=3: x(4), "TypeError", "no es una función"),
    (lambda x=3: x[0], "TypeError", "Usas corchetes"),
    (lambda: list(3), "TypeError", "`range(...)`"),
    (lambda: {[1]: 2}, "TypeError", "conviértelo antes en tupla"),
    (lambda: "a" + 1, "TypeError", "un tipo que no esperaba"),
    (unpack, "ValueError", "los dos lados del `=`"),
    (lambda: min([]), "ValueError", "la secuencia vacía"),
    (lambda: [1].index(2), "ValueError", "que no está"),
    (lambda: int("a"), "ValueError", "su valor no"),
    (lambda: list(zip([1], [], strict=True)), "ValueError", "distinto largo"),
    (lambda: "ñ".encode("ascii"), "UnicodeEncodeError", "UTF-8"),
    (change_while_reading, "RuntimeError", "una copia, `list(x)`"),
    (lambda: torch.ones(2) @ torch.ones(3), "RuntimeError", "las formas de los tensores"),
    (lambda: torch.ones(2) @ torch.ones(2).long(), "RuntimeError", "distinto tipo"),
    (lambda: bool(torch.ones(2)), "RuntimeError", "`.any()` o `.all()`"),
    (lambda: torch.ones(1, requires_grad=True).numpy(), "RuntimeError", "`.detach()`"),
    (lambda: Path("/no/existe").read_text(), "FileNotFoundError", "llega en sus argumentos"),
    (lambda: [0] * 10**15, "MemoryError", "más memoria"),
]


@pytest.mark.parametrize(("function", "name", "said"), EXPLAINED)
def test_every_common_error_has_its_idea(function, name, said):
    try:
        function()
    except Exception as error:
        explained = explain(error, function)
    assert explained.message.startswith(f"Tu función lanzó {name}")
    assert said in explained.idea
    assert "En la línea" in explained.message


def test_any_other_error_has_an_idea_too():
    class Own(Exception):
        pass

    assert "la línea señalada" in explain(Own("x"), print).idea
