"""Corregir no deja huella, y la respuesta no puede cambiar ni lo esperado ni lo que devolvió."""

from __future__ import annotations

import os
import random
import sys
import threading
import warnings

import numpy as np
import pytest
import torch

from course_lib.exercises import generation as ej
from course_lib.exercises.core.exercise import Exercise


def cases(generator):
    return [(torch.randn(n, generator=generator), 2.0) for n in (3, 1, 2)]


@pytest.fixture
def exercise():
    return Exercise(
        key="scale", chapter="demo", title="Escalar", objective="Escalar.", difficulty=1, minutes=10,
        section="Vectores", hints=("Una.", "Otra."), cases=cases,
        reference=lambda vector, factor: vector * factor, idea="Multiplica.",
    )  # fmt: skip


def settings():
    """Todo lo que una función podría dejar cambiado."""
    return {
        "torch": torch.get_rng_state().tolist(),
        "numpy": np.random.get_state()[1].tolist(),
        "python": random.getstate(),
        "dtype": torch.get_default_dtype(),
        "device": torch.get_default_device(),
        "grad": torch.is_grad_enabled(),
        "threads": torch.get_num_threads(),
        "errors": np.geterr(),
        "filters": list(warnings.filters),
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "recursion": sys.getrecursionlimit(),
        "streams": (sys.stdout, sys.stderr),
        "hooks": (sys.unraisablehook, sys.breakpointhook, threading.excepthook),
        "builtins": (exit, quit, input),
    }


def vandal(vector, factor):
    torch.manual_seed(3)
    np.random.seed(3)
    random.seed(3)
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    torch.set_grad_enabled(False)
    torch.set_num_threads(3)
    np.seterr(all="raise")
    warnings.simplefilter("error")
    os.chdir("/")
    os.environ["UNA_VARIABLE"] = "1"
    sys.setrecursionlimit(5000)
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    return vector * factor


def test_nothing_is_left_changed(exercise):
    before = settings()
    result = exercise.comprobar(vandal)
    after = settings()
    assert {name for name in before if before[name] != after[name]} == set()
    assert result.ok, result


def test_nothing_is_left_changed_when_the_answer_fails_or_hangs(exercise):
    def fails(vector, factor):
        vandal(vector, factor)
        raise SystemExit

    def hangs(vector, factor):
        vandal(vector, factor)
        while True:
            pass

    before = settings()
    for function in (fails, hangs):
        exercise.comprobar(function)
    after = settings()
    assert {name for name in before if before[name] != after[name]} == set()


def test_the_settings_of_the_notebook_do_not_decide(exercise):
    """Una solución correcta lo es también si el cuaderno cambió los ajustes de PyTorch o NumPy."""
    torch.set_default_dtype(torch.float64)
    old = np.seterr(all="raise")
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("error")
            assert ej.softmax_temperature.comprobar(ej.softmax_temperature.reference).ok
            assert ej.greedy_search.comprobar(ej.greedy_search.reference).ok
        assert torch.get_default_dtype() == torch.float64 and np.geterr()["divide"] == "raise"
    finally:
        torch.set_default_dtype(torch.float32)
        np.seterr(**old)


def test_the_alarm_of_someone_else_goes_on(exercise):
    import signal

    rang = []
    previous = signal.signal(signal.SIGALRM, lambda *args: rang.append(1))
    try:
        signal.setitimer(signal.ITIMER_REAL, 60)
        exercise.comprobar(torch.mul)
        left = signal.getitimer(signal.ITIMER_REAL)[0]
        assert 0 < left <= 60 and not rang
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def test_the_expected_value_is_computed_before_and_on_copies():
    """Borrar el modelo que llega no cambia lo que se espera."""
    erased = []

    def erases(next_logits, input_ids, max_new_tokens, eos_token_id):
        erased.append(hasattr(next_logits, "table"))
        if erased[-1]:
            next_logits.table[:] = 0
        return ej.greedy_search.reference(next_logits, input_ids, max_new_tokens, eos_token_id)

    result = ej.greedy_search.comprobar(erases, seed=0)
    assert any(erased) and not result.ok
    checks = [failure.check for failure in result.failures]
    assert "Deja intactos sus argumentos" in checks
    assert "Coincide con la referencia en datos nuevos" in checks
    assert ej.greedy_search.comprobar(ej.greedy_search.reference, seed=0).ok


@pytest.mark.parametrize(
    "change",
    [
        lambda x: x["list"].append(3),
        lambda x: x["list"][0].append(3),
        lambda x: x["dict"].update(a=2),
        lambda x: x["model"].table.zero_(),
        lambda x: x["tensor"].resize_(1),
        lambda x: x["list"].append(x["list"]),
        lambda x: setattr(x["model"], "more", object()),
    ],
)
def test_a_change_anywhere_inside_is_noticed(exercise, change):
    class Model:
        def __init__(self):
            self.table = torch.ones(2)

    def inputs(generator):
        return [({"list": [[1]], "dict": {"a": 1}, "model": Model(), "tensor": torch.ones(2)}, 1)]

    nested = Exercise(**{**vars(exercise), "cases": inputs, "reference": lambda vector, factor: 1})
    result = nested.comprobar(lambda vector, factor: (change(vector), 1)[1])
    assert [failure.check for failure in result.failures] == ["Deja intactos sus argumentos"]
    assert nested.comprobar(lambda vector, factor: 1).ok


def test_a_reused_buffer_shows_what_was_returned(exercise):
    buffer = torch.zeros(3)

    def reuses(vector, factor):
        view = buffer[: len(vector)]
        view.copy_(vector * factor)
        return view

    assert exercise.comprobar(reuses).ok
    listed: list = []

    def same_list(vector, factor):
        listed[:] = (vector * factor).tolist()
        return listed

    assert exercise.comprobar(same_list).ok


def test_a_random_answer_is_unstable_even_if_it_is_wrong(exercise):
    result = exercise.comprobar(lambda vector, factor: vector * factor + torch.randn(1))
    checks = [failure.check for failure in result.failures]
    assert checks == [
        "A la misma entrada, la misma salida",
        "Coincide con la referencia en datos nuevos",
    ]
    assert "la primera vez devolvió" in repr(result)
    assert len(result.ejemplo[0]) == 1, "el ejemplo más pequeño"


@pytest.mark.parametrize(
    "noise", [lambda: random.random(), lambda: np.random.rand(), lambda: torch.rand(()).item()]
)
def test_every_kind_of_randomness_is_noticed(exercise, noise):
    result = exercise.comprobar(lambda vector, factor: vector * factor + noise())
    assert "A la misma entrada, la misma salida" in [f.check for f in result.failures]


def test_a_mutable_default_is_called_by_its_name(exercise):
    """Ni «respuesta fija» ni un valor que nunca se devolvió: cada salida se copia al salir."""

    def accumulates(vector, factor, out=[]):  # noqa: B006
        out.extend((vector * factor).tolist())
        return out

    listed = Exercise(
        **{**vars(exercise), "reference": lambda vector, factor: (vector * factor).tolist()}
    )
    result = listed.comprobar(accumulates)
    assert result.mistake == ""
    assert result.failures[0].check == "A la misma entrada, la misma salida"
    assert "una lista como valor por omisión" in repr(result)


def test_the_repeated_call_is_checked_after_some_errors_too(exercise):
    calls = []

    def sometimes(vector, factor):
        calls.append(1)
        if len(vector) == 1:
            raise ValueError("de uno")
        return vector * (factor + len(calls))

    checks = [failure.check for failure in exercise.comprobar(sometimes).failures]
    assert checks[:2] == ["Termina sin errores", "A la misma entrada, la misma salida"]
