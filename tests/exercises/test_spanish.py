"""Lo que Python, PyTorch y NumPy dicen en inglés llega en español, con sus nombres y tamaños."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
import torch

from course_lib.exercises import generation as ej
from course_lib.exercises.core.errors import explain
from course_lib.exercises.core.spanish import in_spanish
from tests.exercises.conftest import english_in

ones = torch.ones
numbers, pair, word, half, two_holes = [1, 2], (1, 2), "ab", 1.5, "{}{}"


def two(a, b):
    return a


def unbound(flag=False):
    if flag:
        value = 1
    return value


def recurses():
    return recurses()


def unpack(values):
    _first, _second = values


def assign(values, new):
    values[0] = new


def in_place_on_a_leaf():
    x = ones(2, requires_grad=True)
    x += 1


def changes_before_backward():
    x = ones(2, requires_grad=True)
    loss = x.pow(2).sum()
    with torch.no_grad():
        x += 1
    loss.backward()


def backward_twice():
    loss = ones(2, requires_grad=True).pow(2).sum()
    loss.backward()
    loss.backward()


REAL = [
    (lambda: numbers[9], "IndexError: la lista no tiene esa posición"),
    (lambda: pair[3], "IndexError: la tupla no tiene esa posición"),
    (lambda: word[7], "IndexError: el texto no tiene esa posición"),
    (lambda: [].pop(), "IndexError: no queda nada que sacar: está vacío"),
    (lambda: numbers[word], "TypeError: una posición debe ser un entero, no algo de tipo str"),
    (lambda: numbers[0:half], "TypeError: los límites de un corte `[a:b]` deben ser enteros"),
    (lambda: {"a": 1}["b"], "KeyError: la clave 'b' no está"),
    (lambda: {}[3, 4], "KeyError: la clave (3, 4) no está"),
    (lambda: set().pop(), "KeyError: no queda nada que sacar: está vacío"),
    (lambda: two(1), "TypeError: falta dar 'b' al llamar a `two`"),
    (lambda: two(), "TypeError: falta dar 'a' y 'b' al llamar a `two`"),
    (lambda: two(1, 2, 3), "TypeError: argumentos que recibe `two`: 2; le diste 3"),
    (lambda: two(1, c=3), "TypeError: `two` no tiene un argumento `c`"),
    (lambda: len(), "TypeError: argumentos que recibe `len`: 1; le diste 0"),
    (lambda: max(), "TypeError: argumentos que recibe `max`: al menos 1; le diste 0"),
    (lambda: "a" + 1, "TypeError: no se puede calcular `str + int`"),
    (lambda: 1 + None, "TypeError: no se puede calcular `int + NoneType`"),
    (lambda: None**2, "TypeError: no se puede calcular `NoneType ** int`"),
    (lambda: [1] * 2.0, "una secuencia solo se multiplica por un entero, no por algo de tipo float"),
    (lambda: None < 1, "TypeError: no se puede comparar `NoneType < int`"),
    (lambda: -"a", "TypeError: no se puede aplicar `-` a algo de tipo str"),
    (lambda: list(3), "TypeError: no se puede recorrer algo de tipo int"),
    (lambda: 1 in None, "TypeError: no se puede buscar con `in` en algo de tipo NoneType"),
    (lambda x=3: x(4), "TypeError: algo de tipo int no se puede llamar con paréntesis"),
    (lambda x=None: x[0], "TypeError: algo de tipo NoneType no admite corchetes"),
    (lambda: assign((1, 2), 3), "no se pueden cambiar las posiciones de algo de tipo tuple"),
    (lambda: len(3), "TypeError: algo de tipo int no tiene largo (`len`)"),
    (lambda: range(2.5), "TypeError: se esperaba un entero y llegó algo de tipo float"),
    (lambda: {[1]: 2}, "TypeError: algo de tipo list no sirve de clave"),
    (lambda: "".join(numbers), "`join` une solo textos y en la posición 0 hay algo de tipo int"),
    (lambda: math.log(None), "TypeError: se esperaba un número y llegó algo de tipo NoneType"),
    (lambda: unpack([1, 2, 3]), "ValueError: hay más valores que variables: se esperaban 2"),
    (lambda: unpack([1]), "hay menos valores que variables: se esperaban 2 y llegaron 1"),
    (lambda: unpack(None), "algo de tipo NoneType no se puede repartir en varias variables"),
    (lambda: int("tres"), "ValueError: 'tres' no se puede convertir en un entero"),
    (lambda: float("1,5"), "ValueError: '1,5' no se puede convertir en un número"),
    (lambda: math.log(-1), "ValueError: esa operación no está definida para"),
    (lambda: min([]), "ValueError: `min` de una secuencia vacía"),
    (lambda: numbers.index(9), "ValueError: 9 no está en la lista"),
    (lambda: two_holes.format(1), "IndexError: a `format` le falta el valor 1"),
    (lambda: 1 / 0, "ZeroDivisionError: división por cero"),
    (lambda: 1.0 % 0, "ZeroDivisionError: división por cero"),
    (lambda: math.exp(1000), "OverflowError: un número demasiado grande"),
    (lambda: 2.0**10000, "OverflowError: un número demasiado grande"),
    (lambda: "ñ".encode("ascii"), "UnicodeEncodeError: 'ñ' no existe en la codificación ascii"),
    (lambda: [].nada, "AttributeError: algo de tipo list no tiene `nada`"),
    (lambda: torch.nada, "AttributeError: el módulo `torch` no tiene `nada`"),
    (lambda: nada, "NameError: el nombre `nada` no existe"),  # noqa: F821
    (unbound, "UnboundLocalError: la variable `value` todavía no tiene un valor"),
    (recurses, "RecursionError: demasiadas llamadas, una dentro de otra"),
    (lambda: ones(2, 3) + ones(2), "en el eje 1, un tensor mide 3 y el otro 2"),
    (lambda: ones(2, 3) @ ones(2, 3), "no se puede multiplicar una matriz de 2x3 por una de 2x3"),
    (lambda: ones(2, 3) @ ones(2), "no se puede multiplicar una matriz de 2x3 por un vector de 2"),
    (lambda: ones(3) @ ones(2), "los dos vectores no miden lo mismo: 3 y 2"),
    (lambda: ones(2, 3).view(4, 2), "6 números no caben justos en la forma [4, 2]"),
    (lambda: ones(2, 3).T.view(6), "`view` necesita los números seguidos en la memoria"),
    (lambda: ones(2, 3).sum(dim=2), "IndexError: no existe el eje 2: van de -2 a 1"),
    (lambda: ones(2, 3)[0, 3], "IndexError: la posición 3 no existe en el eje 1, que mide 3"),
    (lambda: ones(2)[0, 0], "IndexError: pides más ejes de los que hay: el tensor tiene 1"),
    (lambda: ones(2).topk(3), "RuntimeError: `topk` pide más elementos de los que hay"),
    (lambda: torch.cat([ones(2), ones(2, 3)]), "tensores con distinto número de ejes: 1 y 2"),
    (lambda: torch.stack([ones(2), ones(3)]), "uno de forma [2] y otro de forma [3]"),
    (lambda: torch.exp([1]), "el argumento `input` debe ser de tipo Tensor y llegó uno de tipo list"),
    (lambda: torch.softmax(ones(2)), 'TypeError: falta dar "dim" al llamar a `softmax`'),
    (lambda: ones(2).sum("a"), "TypeError: `sum` no acepta estos argumentos: (str)"),
    (lambda: ones(2, 2) @ ones(2, 2).double(), "los dos tensores deben ser del mismo tipo, y son"),
    (lambda: ones(2).long().softmax(-1), "esa operación (`softmax`) no existe para tensores de tipo"),
    (lambda: ones(2).long().mean(), "RuntimeError: `mean` necesita números reales, no de tipo Long"),
    (lambda: bool(ones(2)), "varios números a la vez no son ni verdadero ni falso"),
    (lambda: assign(ones(2), "a"), "TypeError: en un tensor no se puede guardar algo de tipo str"),
    (lambda: ones(3).index_put((ones(3) > 0,), ones(2)), "escribir algo de forma [2] en un lugar de forma [3]"),
    (in_place_on_a_leaf, "no se puede modificar en el lugar un tensor que lleva la cuenta"),
    (changes_before_backward, "se modificó un tensor que `backward` todavía necesitaba"),
    (backward_twice, "ya se hizo `backward` una vez desde ese tensor"),
    (lambda: (2 * ones(2, requires_grad=True)).backward(), "`backward` parte de un solo número"),
    (lambda: ones(2).sum().backward(), "ese tensor no lleva la cuenta de sus gradientes"),
    (lambda: 1 - (ones(2) > 0), "para invertir una máscara usa `~`"),
    (lambda: np.ones(2) + np.ones(3), "ValueError: las formas no calzan: (2,) (3,)"),
    (lambda: np.ones(6).reshape(4, 2), "6 números no caben justos en la forma (4,2)"),
    (lambda: np.ones(2)[3], "IndexError: la posición 3 no existe en el eje 0, que mide 2"),
    (lambda: np.dot([1, 2], [1, 2, 3]), "no se pueden multiplicar arreglos de forma (2,) y (3,)"),
    (lambda: np.max([]), "ValueError: `maximum` de un arreglo vacío"),
]  # fmt: skip


@pytest.mark.parametrize(("function", "said"), REAL)
def test_a_real_error_is_told_in_spanish(function, said):
    """En la línea del mensaje no queda nada del original, salvo los nombres y los tamaños."""
    try:
        function()
    except Exception as error:
        message = explain(error, function).message.split("\n")[0]
    assert message.startswith("Tu función lanzó ") and said in message
    assert not english_in(message)


# Lo mismo, como lo dicen otras versiones de Python, PyTorch y NumPy.
OTHER_VERSIONS = [
    ("min() iterable argument is empty", "`min` de una secuencia vacía"),
    ("too many values to unpack (expected 2, got 3)", "hay más valores que variables: se esperaban 2"),
    ("print() got an unexpected keyword argument 'foo'", "`print` no tiene un argumento `foo`"),
    ("argument of type 'int' is not a container or iterable", "no se puede buscar con `in` en algo de tipo int"),
    ("expected a nonnegative input, got -1.0", "esa operación no está definida para -1.0"),
    ("cannot use 'list' as a dict key (unhashable type: 'list')", "algo de tipo list no sirve de clave"),
    ("replace() takes at least 2 positional arguments (1 given)", "argumentos que recibe `replace`: al menos 2; le diste 1"),
    ("size() takes from 0 to 1 positional arguments but 2 were given", "argumentos que recibe `size`: 0 a 1; le diste 2"),
    ("f() missing 3 required positional arguments: 'a', 'b', and 'c'", "falta dar 'a', 'b' y 'c' al llamar a `f`"),
    ("expected scalar type Float but found Double", "los dos tensores deben ser del mismo tipo, y son Float y Double"),
    ("mean(): input dtype should be either floating point or complex dtypes. Got Long instead.", "`mean` necesita números reales, no de tipo Long"),
    ("boolean index did not match indexed array along dimension 0; dimension is 2 but corresponding boolean dimension is 3", "la máscara mide 3 en el eje 0 y el arreglo, 2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), OTHER_VERSIONS)
def test_other_versions_say_it_otherwise(text, said):
    assert in_spanish(text) == said


def message_of(function) -> str:
    try:
        function()
    except Exception as error:
        return explain(error, function).message.split("\n")[0]
    raise AssertionError("no lanzó nada")


def test_what_is_not_known_is_quoted_and_called_untranslated():
    message = message_of(lambda: chr(-1))
    assert re.fullmatch(
        r"Tu función lanzó ValueError\. El mensaje original, sin traducir: «chr.+»", message
    )
    assert english_in(message)


def test_what_the_student_wrote_stays_as_it_is():
    def own():
        raise OverflowError("no calza: the end")

    def own_key():
        raise KeyError("falta el token")

    assert message_of(own) == "Tu función lanzó OverflowError: no calza: the end"
    assert message_of(own_key) == "Tu función lanzó KeyError: 'falta el token'"


def test_what_the_course_says_is_already_in_spanish():
    seen = []

    def unknown_token(next_logits, input_ids, max_new_tokens, eos_token_id):
        seen.append(next_logits)
        return next_logits(torch.tensor([10**6]))

    result = ej.greedy_search.comprobar(unknown_token, seed=0)
    said = result.failures[0].observed.split("\n")[0]
    assert said.startswith("Tu función lanzó ValueError: El modelo solo conoce los tokens 0 a ")


def test_a_long_message_is_cut_after_translating():
    message = message_of(lambda: int("9a" * 300))
    assert message.startswith("Tu función lanzó ValueError: '9a9a") and len(message) < 260


@pytest.mark.parametrize(
    "text", ["list index out of range", "name 'x' is not defined", "must be real number, not str"]
)
def test_the_detector_of_english_detects(text):
    """Control: la frase tal como la dice Python no pasaría el barrido de `test_checkers`."""
    assert english_in(f"Tu función lanzó Error: {text}")
