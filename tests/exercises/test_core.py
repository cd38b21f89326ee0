"""El núcleo de los correctores: capas, copias, excepciones, ciclos sin fin y respuestas fijas."""

from __future__ import annotations

import builtins
import dataclasses
import functools
import os
import signal
import threading
import time
from types import SimpleNamespace

import pytest
import torch

from course_lib.exercises.core import calling, clock, time_limit
from course_lib.exercises.core.contract import contract_problem, nan_problem
from course_lib.exercises.core.exercise import Exercise, Misconception, Property
from course_lib.exercises.core.snapshot import snapshot
from course_lib.exercises.core.stubs import is_stub
from course_lib.exercises.core.time_limit import TimeLimitExceeded, run_limited
from course_lib.exercises.core.values import same_value
from tests.exercises.conftest import BUSY


def cases(generator):
    return [(torch.randn(n, generator=generator), 2.0) for n in (3, 1, 2)]


@pytest.fixture
def exercise():
    """Escalar un vector: un ejercicio mínimo para probar el núcleo."""
    return Exercise(
        key="scale", chapter="demo", title="Escalar", objective="Escalar.", difficulty=1, minutes=10,
        section="Vectores", hints=("Una.", "Otra."), cases=cases,
        reference=lambda vector, factor: vector * factor, idea="Multiplica.",
        properties=(Property("Crece", "Porque sí.", lambda out, v, f: None),),
        misconceptions=(Misconception("Dividiste", "Multiplica.", lambda v, f: v / f),),
    )  # fmt: skip


def test_correct(exercise):
    result = exercise.comprobar(lambda vector, factor: factor * vector)
    assert result.ok and result.status == "correcto"
    assert repr(result) == "✓ Escalar: correcto (7 de 7 comprobaciones)"


def stub_dots(a, b):
    """Por escribir."""
    # Escribe aquí tu solución.


def stub_pass(a, b):
    pass


def stub_none(a, b):
    return None


def stub_raises(a, b):
    total = a * b  # noqa: F841
    raise NotImplementedError("por escribir")


def stub_ellipsis(a, b):
    return ...


@pytest.mark.parametrize("stub", [stub_dots, stub_pass, stub_none, stub_raises, stub_ellipsis])
def test_stub_is_pending(exercise, stub):
    result = exercise.comprobar(stub)
    assert result.status == "pendiente"
    assert "vuelve a ejecutar" in repr(result)


@pytest.mark.parametrize("attempt", [lambda a, b: 0.5, lambda a, b: a, lambda a, b: print()])
def test_an_attempt_is_not_a_stub(attempt):
    assert not is_stub(attempt)


def test_not_a_function(exercise):
    result = exercise.comprobar(torch.zeros(3))
    assert result.status == "incorrecto"
    assert "comprobar(scale)" in repr(result)


def test_wrong_signature(exercise):
    result = exercise.comprobar(lambda vector: vector)
    assert "(vector, factor)" in repr(result)


def test_returns_none(exercise):
    def forgot_return(vector, factor):
        vector * factor

    assert "¿Olvidaste el `return`?" in repr(exercise.comprobar(forgot_return))


def test_own_exception_is_short_and_located(exercise):
    def broken(vector, factor):
        helper = [1, 2]
        return helper[7] * vector

    text = repr(exercise.comprobar(broken))
    line = broken.__code__.co_firstlineno + 2
    assert "IndexError: la lista no tiene esa posición" in text
    assert f"En la línea {line}: `return helper[7] * vector`" in text
    assert "Traceback" not in text and "calling.py" not in text


def test_exception_in_a_helper_points_at_the_helper(exercise):
    def helper(vector):
        raise ValueError("<b>no</b>")

    result = exercise.comprobar(lambda vector, factor: helper(vector))
    line = helper.__code__.co_firstlineno + 1
    assert f"En la línea {line}: `raise ValueError" in repr(result)
    assert "<b>no</b>" not in result._repr_html_()
    assert "&lt;b&gt;no&lt;/b&gt;" in result._repr_html_()


def test_exit_does_not_close_the_notebook(exercise):
    result = exercise.comprobar(lambda vector, factor: builtins.exit())
    assert "SystemExit" in repr(result)


def test_an_interrupt_written_in_the_answer_is_just_an_error(exercise):
    def interrupted(vector, factor):
        raise KeyboardInterrupt

    assert "se interrumpe a sí misma" in repr(exercise.comprobar(interrupted))


def test_the_interrupt_of_a_person_reaches_the_notebook(exercise):
    """También si la respuesta la atrapa con un `except` sin tipo."""

    kernel, caught = os.getpid(), []

    def catches_everything(vector, factor):
        if os.getpid() == kernel:  # y no en el ensayo
            try:
                signal.raise_signal(signal.SIGINT)  # como si alguien apretara Ctrl-C justo ahora
            except:  # noqa: E722
                caught.append(1)
        return vector * factor

    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        exercise.comprobar(catches_everything)
    assert caught == [1]
    assert signal.getsignal(signal.SIGINT) is before


def test_mutation_is_reported_and_harmless(exercise):
    def in_place(vector, factor):
        return vector.mul_(factor)

    result = exercise.comprobar(in_place)
    assert [failure.check for failure in result.failures] == ["Deja intactos sus argumentos"]
    assert "modificó el argumento `vector`" in repr(result)


def test_what_a_function_changes_can_be_watched(exercise):
    """Con `watch` se corrige también el objeto que la función deja cambiado; el suyo queda intacto."""

    def watch(function):
        @functools.wraps(function)
        def watched(vector, factor):
            box = vector.clone()
            return function(box, factor), box

        return watched

    def right(vector, factor):
        vector *= factor
        return 1.0

    watched = dataclasses.replace(
        exercise, reference=right, watch=watch, outputs=("aviso", "vector"), properties=(),
        misconceptions=(Misconception("No cambió", "Multiplica.", lambda vector, factor: 1.0),),
    )  # fmt: skip
    assert watched.comprobar(right).ok
    assert watched.comprobar(lambda vector, factor: 1.0).mistake == "No cambió"
    assert watched.comprobar(stub_dots).status == "pendiente"
    failed = watched.comprobar(lambda vector, factor: float(vector.mul_(factor).sum()))
    assert "en la posición 1 (`aviso`); lo demás está bien" in repr(failed)


def test_misconception_is_named(exercise):
    result = exercise.comprobar(lambda vector, factor: vector / factor)
    assert result.mistake == "Dividiste"
    assert "Error reconocido: Dividiste. Multiplica." in repr(result)


def test_all_failures_are_collected(exercise):
    def both(vector, factor):
        vector += 1
        return vector

    checks = [failure.check for failure in exercise.comprobar(both).failures]
    assert checks == ["Deja intactos sus argumentos", "Coincide con la referencia en datos nuevos"]


def test_hard_coded_answer(exercise):
    result = exercise.comprobar(lambda vector, factor: torch.tensor([0.5, 1.0]))
    assert result.mistake == "Respuesta fija"


def test_memorized_example_does_not_pass(exercise):
    memory = {}

    def memorize(vector, factor):
        return memory.setdefault(len(vector), vector * factor).clone()

    assert exercise.comprobar(memorize).status == "incorrecto"


def test_data_is_new_on_every_check(exercise):
    seen = []

    def spy(vector, factor):
        seen.append(vector.sum().item())
        return vector * factor

    exercise.comprobar(spy)
    half = len(seen)
    exercise.comprobar(spy)
    assert set(seen[:half]).isdisjoint(seen[half:])
    assert len(set(seen)) >= 12  # tres tamaños, dos sorteos, dos comprobaciones


def test_unstable_answer(exercise):
    calls = []

    def drifting(vector, factor):
        calls.append(1)
        return vector * (factor if len(calls) <= 6 else 3)

    result = exercise.comprobar(drifting)
    assert [failure.check for failure in result.failures] == ["A la misma entrada, la misma salida"]


def test_global_random_state_is_untouched(exercise):
    torch.manual_seed(1)
    expected = torch.rand(1)
    torch.manual_seed(1)
    exercise.comprobar(lambda vector, factor: torch.rand(1) + vector * factor)
    assert torch.equal(torch.rand(1), expected)


def test_a_property_never_raises(exercise):
    def fragile(out, vector, factor):
        raise RuntimeError("no se pudo")

    broken = Exercise(**{**vars(exercise), "properties": (Property("Frágil", "Idea.", fragile),)})
    result = broken.comprobar(lambda vector, factor: vector)
    assert result.status == "incorrecto" and result.failures[0].check == "Frágil"


def test_prints_are_shown_once_and_short(exercise, capsys):
    def chatty(vector, factor):
        print("x" * 10_000)
        return vector

    result = exercise.comprobar(chatty)
    assert capsys.readouterr().out == ""
    assert "Lo que imprimió" in repr(result) and repr(result).count("x") < 600


def test_pista_out_of_range(exercise):
    assert exercise.pista(2).text == "Otra."
    with pytest.raises(ValueError, match="tiene 2 pistas"):
        exercise.pista(3)


def endless():
    while True:
        pass


def stubborn():
    while True:
        try:
            while True:
                pass
        except BaseException:
            break
    while True:
        pass


@pytest.mark.parametrize("function", [endless, stubborn])
def test_endless_loop_ends_in_the_main_thread(function):
    before = signal.getsignal(signal.SIGALRM)
    start = time.process_time()
    with pytest.raises(TimeLimitExceeded):
        run_limited(function, 0.2)
    assert time.process_time() - start < 2  # de procesador: la carga del equipo no cuenta
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_endless_loop_ends_in_another_thread():
    outcome = []

    def target():
        try:
            run_limited(endless, 0.2)
        except TimeLimitExceeded:
            outcome.append("a tiempo")

    thread = threading.Thread(target=target)
    thread.start()
    thread.join(BUSY)
    assert outcome == ["a tiempo"]


def test_without_alarm_a_thread_is_used(monkeypatch):
    monkeypatch.delattr(signal, "setitimer")
    assert run_limited(lambda: 3, BUSY) == 3
    with pytest.raises(ZeroDivisionError):
        run_limited(lambda: 1 / 0, BUSY)
    with pytest.raises(TimeLimitExceeded):
        run_limited(endless, 0.2)


def test_endless_answer_is_incorrect(exercise, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.2)
    result = exercise.comprobar(lambda vector, factor: endless())
    assert result.status == "incorrecto"
    assert "no terminó en 0.2 segundos" in repr(result)


@pytest.mark.parametrize(
    ("observed", "expected", "said"),
    [
        (None, torch.zeros(2), "¿Olvidaste el `return`?"),
        ([1.0, 2.0, 3.0], torch.zeros(2), "devolvió una lista de forma (3,)"),
        ([1.0, [2.0]], torch.zeros(2), "devolvió una lista"),
        ([True, False], torch.zeros(2), "uno de tipo bool"),
        (torch.zeros(1, 2), torch.zeros(2), "uno de forma (1, 2)"),
        (torch.zeros(2), torch.zeros(2, dtype=torch.int64), "uno de tipo float32"),
        (torch.tensor([3]), 3, "`.item()`"),
        (torch.tensor(3.0), 3, "un entero (int)"),
        (3.0, 3, "un entero (int)"),
        ("3", 3, "un texto (str)"),
        (True, 1, "valor lógico"),
        (True, 1.0, "valor lógico"),
        (1, True, "un entero (int)"),
        ((1, 2), (1, 2, 3), "una tupla de 3 elementos"),
        ([1, 2.5], [1, 2], "uno es un número real"),
        ((1, "a"), (1, 2.0), "En la posición 2"),
        (torch.zeros(3).numpy(), torch.zeros(2), "un arreglo de NumPy"),
    ],
)
def test_contract_says_what_is_wrong(observed, expected, said):
    assert said in contract_problem(snapshot(observed), expected)


@pytest.mark.parametrize("value", [torch.zeros(2, 3), [1, 2], [], (1, 2.0), 3, 0.5, "texto"])
def test_contract_accepts_the_right_structure(value):
    assert contract_problem(value, value) is None


NAN = float("nan")


@pytest.mark.parametrize(
    ("observed", "expected"),
    [(torch.tensor([NAN]), torch.zeros(1)), (NAN, 0.5), ((1, NAN), (1, 0.5))],
)
def test_nan_is_noticed(observed, expected):
    assert "NaN" in nan_problem(observed, expected)
    assert nan_problem(expected, expected) is None
    assert nan_problem(observed, observed) is None


def test_nan_and_another_mistake_are_told_apart(exercise):
    """Si además de un NaN hay un error clásico, se nombra el error."""

    def two_mistakes(vector, factor):
        return vector / factor if len(vector) < 3 else vector * float("nan")

    result = exercise.comprobar(two_mistakes)
    assert result.mistake == "Dividiste"
    assert result.failures[0].check == "No devuelve NaN"


def test_same_value_treats_nan_and_infinity_as_values():
    row = torch.tensor([float("nan"), float("-inf"), 1.0])
    assert same_value(row, row.clone())
    assert not same_value(torch.zeros(3), row)
    assert not same_value([1, 2, 3], [1, 2])


@pytest.fixture
def never_runs(monkeypatch):
    """Un equipo tan ocupado que a la función no le llega nunca el procesador."""
    monkeypatch.setattr(clock, "now", lambda task="thread-self": 0.0)


def in_another_thread(function, seconds):
    outcome = []

    def target():
        try:
            outcome.append(run_limited(function, seconds))
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=target)
    thread.start()
    thread.join(BUSY)
    return outcome


def test_the_time_waiting_for_a_processor_does_not_count(never_runs):
    assert time_limit.Timer(0.1).left() == 0.1
    late = lambda: time.sleep(0.2) or "llegó"  # noqa: E731
    assert run_limited(late, 0.1) == "llegó"
    assert in_another_thread(late, 0.1) == ["llegó"]


def test_the_patience_with_a_busy_machine_ends(never_runs, monkeypatch):
    monkeypatch.setattr(time_limit, "PATIENCE_SECONDS", 0.3)
    start = time.monotonic()
    with pytest.raises(TimeLimitExceeded):
        run_limited(endless, 0.1)
    assert time.monotonic() - start >= 0.4
    assert isinstance(in_another_thread(endless, 0.1)[0], TimeLimitExceeded)


def test_the_clock_stands_still_while_a_thread_waits(monkeypatch):
    """Lo que Linux dice que esperó cada hilo se descuenta; de otro hilo, lo del otro."""
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: 10.0))
    monkeypatch.setattr(clock, "_queued", {"thread-self": 5.0, "self/task/7": 8.0}.get)
    assert (clock.now(), clock.now("self/task/7")) == (5.0, 2.0)
