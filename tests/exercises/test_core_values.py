"""Los valores se comparan antes que los tipos, y se muestran de modo que se note en qué difieren."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import torch

from course_lib.exercises import chapter_exercises
from course_lib.exercises.core.contract import agrees, fit
from course_lib.exercises.core.exercise import Exercise
from course_lib.exercises.core.snapshot import snapshot
from course_lib.exercises.core.text import describe_pair, first_difference
from course_lib.exercises.core.values import describe, same_value

T = torch.tensor
ROW = T([1.5, -float("inf")])


@pytest.mark.parametrize(
    ("observed", "expected", "advice"),
    [
        (ROW.double(), ROW, "es de tipo float64: devuelve un tensor de tipo float32"),
        (ROW.numpy(), ROW, "es un arreglo de NumPy: devuelve un tensor"),
        (ROW.double().numpy(), ROW, "es un arreglo de NumPy: devuelve un tensor"),
        (ROW.tolist(), ROW, "es una lista: devuelve un tensor"),
        (tuple(ROW.tolist()), ROW, "es una tupla: devuelve un tensor"),
        ([T(1.5), ROW[1]], ROW, "es una lista: devuelve un tensor"),
        ([[1, 2], (3, 4)], T([[1.0, 2.0], [3.0, 4.0]]), "es una lista: devuelve un tensor"),
        ([ROW, ROW], torch.stack([ROW, ROW]), "es una lista: devuelve un tensor"),
        (T([1, 2]), T([1.0, 2.0]), "es de tipo int64: devuelve un tensor de tipo float32"),
        (T([1, 2], dtype=torch.int32), T([1, 2]), "es de tipo int32"),
        ([True, False], T([True, False]), "es una lista: devuelve un tensor"),
        (0.5, T(0.5), "es un número real (float): devuelve un tensor"),
        (T(0.5), 0.5, "es un tensor: devuelve un número real (float), con `.item()`"),
        (np.float64(0.5), 0.5, "es un número de NumPy (float64): devuelve un número real (float)"),
        (np.float32(0.5), 0.5, "es un número de NumPy (float32)"),
        (np.array(0.5), 0.5, "es un arreglo de NumPy"),
        (1, 1.0, "es un entero (int): devuelve un número real (float)"),
        (Fraction(1, 2), 0.5, "es un objeto de tipo Fraction"),
        (np.int64(3), 3, "es un número de NumPy (int64): devuelve un entero (int)"),
        (T(3), 3, "es un tensor: devuelve un entero (int)"),
        (np.bool_(True), True, "es un número de NumPy (bool)"),
        ([1, 2], (1, 2), "es una lista: devuelve una tupla"),
        ((1, 2), [1, 2], "es una tupla: devuelve una lista"),
        (range(1, 3), [1, 2], "es un `range`: devuelve una lista"),
        (T([1, 2]), [1, 2], "es un tensor: devuelve una lista"),
        (np.array([1, 2]), [1, 2], "es un arreglo de NumPy: devuelve una lista"),
        ([T(1), np.int64(2)], [1, 2], "un elemento es un tensor: devuelve un entero (int)"),
        (T([0.25, 0.5]), (0.25, 0.5), "es un tensor: devuelve una tupla"),
        ((np.int64(1), 0.5), (1, 0.5), "lo que va en la posición 1 es un número de NumPy (int64)"),
        ((ROW.numpy(), 2), (ROW, 2), "lo que va en la posición 1 es un arreglo de NumPy"),
        (torch.nn.Parameter(ROW), ROW, ""),
        (ROW.clone().requires_grad_() * 1, ROW, ""),
        (ROW, ROW, ""),
        ([1, 2], [1, 2], ""),
        (0.5, 0.5, ""),
    ],
)
def test_the_value_is_right_and_the_type_is_advice(observed, expected, advice):
    fitted = fit(snapshot(observed), expected)
    assert fitted.problem == ""
    assert same_value(fitted.value, expected)
    assert fitted.advice.startswith(advice) and bool(fitted.advice) == bool(advice)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (True, 1), (1, True), (True, 1.0), (T([True]), T([1.0])), (T([1.0]), T([True])),
        (T([1, 0]), T([True, False])), (3.0, 3), (T(3.0), 3), (np.float64(3), 3), ([1.0], [1]),
        (T([1.0]), T([1])), ("0.5", 0.5), (["1", "2"], [1, 2]), (["a"], "a"), ("ab", ["a", "b"]),
        (T([[1.0]]), T([1.0])), (T([1.0]), 1.0), (T([3]), 3), (np.ones(1), 1.0), ([1.0], T(1.0)),
        ((1, 2, 3), (1, 2)), (T([1.0, 2.0]), T([[1.0, 2.0]])), ({1, 2}, [1, 2]), ([1, [2]], T([1, 2])),
        ([1.0, None], T([1.0, 2.0])), ([1.0, True], T([1.0, 1.0])), (b"a", "a"), (1j, 1.0),
        (None, 0), (10**30, T(1)),
    ],
)  # fmt: skip
def test_what_is_not_accepted(observed, expected):
    assert fit(snapshot(observed), expected).problem
    assert not agrees(snapshot(observed), expected)


def test_a_finite_number_stays_finite():
    """−1e300 no es −∞, aunque al pasar a float32 lo parezca."""
    assert not agrees(T([-1e300], dtype=torch.float64), T([-float("inf")]))
    assert agrees(T([-float("inf")], dtype=torch.float64), T([-float("inf")]))
    assert not agrees(10**5000, 0.5)


def scale(**changes):
    fields = dict(
        key="scale", chapter="demo", title="Escalar", objective="Escalar.", difficulty=1, minutes=10,
        section="Vectores", hints=("Una.", "Otra."), idea="Multiplica.",
        cases=lambda g: [(torch.randn(n, generator=g), 2.0) for n in (1, 2, 3)],
        reference=lambda vector, factor: vector * factor,
    )  # fmt: skip
    return Exercise(**{**fields, **changes})


def test_the_advice_is_told_and_the_answer_is_right():
    result = scale().comprobar(lambda v, f: v.numpy() * f)
    assert result.ok
    assert "Consejo: El valor está bien; es un arreglo de NumPy: devuelve un tensor." in repr(
        result
    )
    assert "Consejo" in result._repr_html_()
    assert "Consejo" not in repr(scale().comprobar(lambda v, f: v * f))


def test_the_advice_does_not_hide_what_is_wrong():
    result = scale().comprobar(lambda v, f: v.double() + f)
    text = repr(result)
    assert not result.ok and "La respuesta no es la esperada" in text
    assert "Lo que devuelves es de tipo float64: devuelve un tensor de tipo float32." in text


def test_properties_receive_the_agreed_type():
    from course_lib.exercises.core.exercise import Property

    kinds = []

    def look(out, vector, factor):
        kinds.append((type(out), out.dtype))

    exercise = scale(properties=(Property("Mira", "Idea.", look),))
    assert exercise.comprobar(lambda v, f: (v * f).double().tolist()).ok
    assert set(kinds) == {(torch.Tensor, torch.float32)}


def greedy_tensors(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    for _ in range(max_new_tokens):
        out.append(next_logits(input_ids + [int(t) for t in out]).argmax())
        if out[-1] == eos_token_id:
            break
    return out


def greedy_numpy(next_logits, input_ids, max_new_tokens, eos_token_id):
    out = []
    while len(out) < max_new_tokens and (not out or out[-1] != eos_token_id):
        out.append(np.argmax(next_logits(input_ids + out).numpy()))
    return np.array(out, dtype=np.int64)


def perplexity_tensor(token_logprobs):
    return torch.exp(-token_logprobs.mean())


def chain_tensor(logits, input_ids, n_context):
    logprobs = logits.log_softmax(-1)
    return sum(logprobs[i - 1, input_ids[i]] for i in range(n_context, len(input_ids)))


def interval_list(successes, n):
    p, z = successes / n, 1.96
    center, scale = p + z * z / (2 * n), 1 + z * z / n
    margin = z * (p * (1 - p) / n + z * z / (4 * n * n)) ** 0.5
    return [(center - margin) / scale, (center + margin) / scale]


def law_tensors(sizes, losses, floor):
    x, y = sizes.log(), (losses - floor).log()
    slope = ((x - x.mean()) * (y - y.mean())).sum() / (x - x.mean()).pow(2).sum()
    return torch.exp(y.mean() - slope * x.mean()), -slope


def law_numpy(sizes, losses, floor):
    slope, start = np.polyfit(np.log(sizes.numpy()), np.log(losses.numpy() - floor), 1)
    return np.exp(start), -slope


def softmax_numpy(logits, temperature):
    z = logits.numpy().astype(np.float64) / temperature
    e = np.exp(z - z.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def beam_list(log_probs, beam_scores):
    total = (log_probs + beam_scores[:, None]).double()
    scores, flat = total.flatten().topk(len(beam_scores))
    return [scores, flat // log_probs.shape[1], (flat % log_probs.shape[1]).int()]


@pytest.mark.parametrize(
    ("chapter", "key", "function"),
    [
        ("08_generacion", "greedy_search", greedy_tensors),
        ("08_generacion", "greedy_search", greedy_numpy),
        ("01_introduccion", "perplexity", perplexity_tensor),
        ("05_prompting", "answer_logprob", chain_tensor),
        ("05_prompting", "wilson_interval", interval_list),
        ("03_tamanos", "fit_power_law", law_tensors),
        ("03_tamanos", "fit_power_law", law_numpy),
        ("08_generacion", "softmax_temperature", softmax_numpy),
        ("08_generacion", "beam_step", beam_list),
    ],
)
def test_real_answers_with_another_type_are_right(chapter, key, function):
    exercise = next(one for one in chapter_exercises(chapter) if one.key == key)
    result = exercise.comprobar(function)
    assert result.ok and "El valor está bien; " in repr(result), result


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (1.35, 1.3502),
        (T([1.0, 2.0001]), T([1.0, 2.0003])),
        (1.0, 1.0 + 2**-52),
        ([0.5, 1.35], [0.5, 1.3502]),
        (123456789, 123456788),
        ((1, 0.123456), (1, 0.123457)),
    ],
)
def test_two_different_values_never_look_alike(observed, expected):
    one, other = describe_pair(observed, expected)
    assert one != other


def test_no_more_digits_than_needed():
    assert describe_pair(0.123456, 0.2) == ("0.123", "0.2")
    assert describe_pair(1.35, 1.3502) == ("1.35", "1.3502")
    assert describe_pair([1.0, 2.0], [1.0, 2.0]) == ("[1, 2]", "[1, 2]")


def test_a_difference_beyond_the_cut_is_located():
    ones = torch.ones(100, 3)
    other = ones.clone()
    other[70, 1] = 2
    assert first_difference(other, ones) == "en [70, 1] devolvió 2 y se esperaba 1"
    assert (
        first_difference([*range(200), 7], [*range(200), 9])
        == "en [200] devolvió 7 y se esperaba 9"
    )
    assert first_difference((0, ones), (0, ones)) == ""
    assert first_difference((0, other), (0, ones)).startswith("en [1, 70, 1]")
    assert first_difference([1] * 300, [1] * 299) == "el largo es 300 y se esperaba 299"
    text = "a" * 400
    assert "en el carácter 399" in first_difference(text[:-1] + "b", text)
    wide = scale(cases=lambda g: [(torch.randn(400, generator=g), 2.0)])

    def last_wrong(vector, factor):
        result = vector * factor
        result[-1] += 1
        return result

    assert "la diferencia: en [399] devolvió" in repr(wide.comprobar(last_wrong))


def test_texts_are_cut_while_they_are_written():
    class Counted(list):
        seen = 0

        def __getitem__(self, place):
            Counted.seen += 1
            return super().__getitem__(place)

    assert describe(Counted([0.5] * 10**6)).endswith("…")
    assert Counted.seen < 200
    assert describe(torch.zeros(1000, 1000, 1)).endswith("…")
    assert describe("x" * 10**6).endswith("…") and len(describe("x" * 10**6)) == 240
    assert describe(10**5000) == "un entero de unas 5001 cifras"


def pair(**changes):
    return scale(
        reference=lambda vector, factor: (vector * factor, vector.sum().item(), len(vector)),
        **changes,
    )


def test_the_wrong_output_is_named():
    def wrong_second(vector, factor):
        return vector * factor, vector.mean().item() + 9, len(vector)

    text = repr(pair().comprobar(wrong_second))
    assert "no es la esperada en la posición 2; lo demás está bien" in text
    text = repr(pair(outputs=("scaled", "total", "size")).comprobar(wrong_second))
    assert "en la posición 2 (`total`)" in text
    everything = pair().comprobar(lambda v, f: (v + 9, 99.0, -1))
    assert "en ninguna de sus posiciones" in repr(everything)


def test_the_output_of_another_shape_is_named():
    named = pair(outputs=("scaled", "total", "size"))
    text = repr(named.comprobar(lambda v, f: (v * f, v.sum().item(), [len(v)])))
    assert "En la posición 3 (`size`), la función debe devolver un entero (int)" in text


def test_the_failing_arguments_can_be_tried_again():
    def wrong(vector, factor):
        vector *= factor
        return vector + 1

    result = scale().comprobar(wrong, seed=3)
    vector, factor = result.ejemplo
    assert torch.equal(wrong(*result.ejemplo), vector * factor + 1)
    assert torch.equal(result.ejemplo[0], vector), "cada vez llega una copia nueva"
    assert f"vector = {describe(vector)}" in repr(result)
    assert "`resultado = ej.scale.comprobar(scale)` y luego `scale(*resultado.ejemplo)`" in repr(
        result
    )


def test_there_is_no_example_without_failures():
    assert scale().comprobar(torch.mul).ejemplo == ()
    assert scale().comprobar(lambda v: v).ejemplo == ()
    assert scale().comprobar(lambda v, f: None).ejemplo == ()
