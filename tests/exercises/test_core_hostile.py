"""Nada sale de `comprobar`: ni lo que la respuesta devuelve, ni lo que lanza, ni lo que tarda."""

from __future__ import annotations

import asyncio
import ctypes
import functools
import os
import re
import signal
import sys
import threading
import time
import warnings
from collections import deque
from decimal import Decimal

import numpy as np
import pytest
import torch

from course_lib.exercises.core import calling, checking, probe
from course_lib.exercises.core.exercise import Exercise
from tests.exercises.conftest import BUSY

linux = pytest.mark.skipif(not probe.AVAILABLE, reason="el ensayo aparte solo existe en Linux")

# Palabras que solo aparecerían si algo se escapara sin traducir (o sin nombre en español).
ENGLISH = re.compile(
    r"Traceback|File \"|<[a-z_.]+ object|<function|<class|generator object|coroutine|never awaited"
    r"|course_lib/|\bthe\b|\bof\b"
)


def cases(generator):
    return [(torch.randn(n, generator=generator), 2.0) for n in (3, 1, 2)]


@pytest.fixture
def exercise():
    return Exercise(
        key="scale", chapter="demo", title="Escalar", objective="Escalar.", difficulty=1, minutes=10,
        section="Vectores", hints=("Una.", "Otra."), cases=cases,
        reference=lambda vector, factor: vector * factor, idea="Multiplica.",
    )  # fmt: skip


class Hostile:
    """Todo lo que se le pregunte lanza una excepción."""

    def __repr__(self):
        raise RuntimeError("no me mires")

    __str__ = __eq__ = __bool__ = __len__ = __iter__ = __hash__ = __getattr__ = __repr__


class HostileList(list):
    __repr__ = __len__ = __iter__ = __eq__ = __getitem__ = Hostile.__repr__


class HostileNumber(float):
    __repr__ = __eq__ = __float__ = __bool__ = Hostile.__repr__


class Endless:
    def __repr__(self):
        while True:
            pass

    __eq__ = __len__ = __iter__ = __repr__


class Impostor:
    """Dice ser un tensor."""

    @property
    def __class__(self):
        return torch.Tensor


class HostileTensor(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        raise RuntimeError("no me toques")


def nested():
    inner: list = []
    inner.append(inner)
    return inner


def deep():
    inner: list = []
    for _ in range(3_000):
        inner = [inner]
    return inner


async def waited():
    return 1


VALUES = {
    "arreglo": lambda v: np.zeros((2, 2)),
    "arreglo de objetos": lambda v: np.array([Hostile(), None], dtype=object),
    "arreglo estructurado": lambda v: np.zeros(2, dtype=[("a", "i4")]),
    "número de NumPy": lambda v: np.float32(0.5),
    "fecha de NumPy": lambda v: np.datetime64("2024-01-01"),
    "diccionario": lambda v: {"a": v},
    "conjunto": lambda v: {1, 2},
    "disperso": lambda v: v.to_sparse(),
    "sin datos": lambda v: v.to("meta"),
    "cuantizado": lambda v: torch.quantize_per_tensor(v, 0.1, 0, torch.quint8),
    "complejo": lambda v: v.to(torch.complex64),
    "anidado": lambda v: torch.nested.nested_tensor([v, v]),
    "bfloat16": lambda v: torch.zeros(7, dtype=torch.bfloat16),
    "tensor hostil": lambda v: v.as_subclass(HostileTensor),
    "impostor": lambda v: Impostor(),
    "tensor enorme": lambda v: torch.zeros(3000, 3000),
    "tensor expandido": lambda v: torch.zeros(1).expand(10**12),
    "lista enorme": lambda v: [0.0] * 10**7,
    "lista de tensores enormes": lambda v: [torch.zeros(500, 500)] * 1000,
    "texto enorme": lambda v: "x" * 10**7,
    "entero enorme": lambda v: 10**5000,
    "se contiene": lambda v: nested(),
    "muy honda": lambda v: deep(),
    "hostil": lambda v: Hostile(),
    "lista de hostiles": lambda v: [Hostile(), Hostile()],
    "lista hostil": lambda v: HostileList([1.0]),
    "real hostil": lambda v: HostileNumber(0.5),
    "eterno": lambda v: Endless(),
    "clase hostil": lambda v: Hostile,
    "generador": lambda v: (x for x in v),
    "corrutina": lambda v: waited(),
    "iterador": lambda v: map(float, v),
    "vista": lambda v: {}.keys(),
    "función": lambda v: len,
    "parcial": lambda v: functools.partial(max, 1),
    "clase": lambda v: int,
    "módulo": lambda v: os,
    "bytes": lambda v: b"a" * 10**7,
    "complejo de Python": lambda v: 1j,
    "decimal": lambda v: Decimal("0.5"),
    "cola": lambda v: deque(range(10**6)),
    "excepción": lambda v: ValueError("x"),
    "NotImplemented": lambda v: NotImplemented,
    "vacíos": lambda v: torch.zeros(10**6, 0),
    "pareja de torch": lambda v: v.max(dim=0),
}


@pytest.mark.parametrize("name", VALUES)
def test_any_value_is_answered_in_spanish(exercise, name, capfd, recwarn):
    result = exercise.comprobar(lambda vector, factor: VALUES[name](vector))
    text = repr(result) + result._repr_html_()
    assert result.status == "incorrecto" and "error del curso" not in text
    assert not ENGLISH.search(re.sub(r"<[^>]*style[^>]*>", "", text)), text
    assert len(text) < 6000
    captured = capfd.readouterr()
    assert captured.out == captured.err == "" and not list(recwarn)


def interrupts_itself(vector, factor):
    raise KeyboardInterrupt


def recurses(vector, factor):
    return recurses(vector, factor)


def hostile_error(vector, factor):
    class Strange(Exception):
        __str__ = __repr__ = Hostile.__repr__

    raise Strange(Hostile())


def huge_error(vector, factor):
    raise KeyError([0.0] * 10**7)


def async_error(vector, factor):
    raise asyncio.CancelledError


def group(vector, factor):
    raise ExceptionGroup("varios", [ValueError("a"), TypeError("b")])


def warns_as_error(vector, factor):
    warnings.simplefilter("error")
    warnings.warn("obsoleto", DeprecationWarning, stacklevel=1)


def no_memory(vector, factor):
    return [0] * 10**13


def leaves_a_thread(vector, factor):
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    raise ValueError("hilo")


def fails_when_destroyed(vector, factor):
    class Fragile:
        def __del__(self):
            raise ValueError("al morir")

    Fragile()
    raise ValueError("x")


RAISES = {
    "salir": (lambda v, f: sys.exit(3), "usa `return`"),
    "exit": (lambda v, f: exit(), "usa `return`"),
    "quit": (lambda v, f: quit(), "usa `return`"),
    "interrupción": (interrupts_itself, "se interrumpe a sí misma"),
    "recursión": (recurses, "caso final"),
    "memoria": (no_memory, "memoria"),
    "hostil": (hostile_error, "Tu función lanzó Strange"),
    "enorme": (huge_error, "una lista de 10000000 elementos"),
    "cancelada": (async_error, "CancelledError"),
    "grupo": (group, "ExceptionGroup"),
    "aviso": (warns_as_error, "DeprecationWarning"),
    "hilo": (leaves_a_thread, "hilo"),
    "destructor": (fails_when_destroyed, "ValueError: x"),
    "pregunta": (lambda v, f: input("¿?"), "`input()`"),
    "depurador": (lambda v, f: breakpoint(), "`breakpoint()`"),  # noqa: T100
    "generador": (lambda v, f: next(iter([])), "de los que hay"),
}


@pytest.mark.parametrize("name", RAISES)
def test_any_exception_is_explained(exercise, name, capfd, recwarn):
    function, said = RAISES[name]
    result = exercise.comprobar(function)
    assert result.status == "incorrecto" and said in repr(result), result
    assert "Traceback" not in repr(result)
    captured = capfd.readouterr()
    assert captured.out == captured.err == "" and not list(recwarn)


class Callable:
    def __init__(self, function):
        self.function = function

    def __call__(self, vector, factor):
        return self.function(vector, factor)


class Needs:
    def __init__(self, vector, factor):
        pass


async def asynchronous(vector, factor):
    return vector * factor


async def asynchronous_generator(vector, factor):
    yield vector


def generator(vector, factor):
    yield vector * factor


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (None, "sin paréntesis"),
        (3, "sin paréntesis"),
        (int, "incorrecto"),
        (len, "incorrecto"),
        (print, "None"),
        (Needs, "un objeto de tipo Needs"),
        (functools.partial(max, 1), "incorrecto"),
        (lambda: 1, "La tuya recibe ()"),
        (lambda vector: 1, "La tuya recibe (vector)"),
        (lambda vector, factor, more: 1, "(vector, factor)"),
        (lambda *, vector, factor: 1, "La tuya recibe (*, vector, factor). Quita el `*`"),
        (lambda vector, **more: 1, "La tuya recibe (vector, **more)"),
        (asynchronous, "sin `async`"),
        (asynchronous_generator, "sin `async`"),
        (generator, "`yield`"),
        (Callable(lambda v, f: v), "incorrecto"),
        (Callable, "incorrecto"),
    ],
)
def test_anything_may_be_handed_in(exercise, function, said, capfd, recwarn):
    result = exercise.comprobar(function)
    assert result.status == "incorrecto" and said in repr(result), result
    assert "error del curso" not in repr(result)
    assert capfd.readouterr().err == "" and not list(recwarn)


def test_a_hostile_object_may_be_handed_in(exercise):
    assert "sin paréntesis" in repr(exercise.comprobar(Hostile()))


@pytest.mark.parametrize(
    "function",
    [
        lambda v, f: v * f,
        functools.partial(lambda extra, v, f: v * f, 1),
        lambda *args: args[0] * args[1],
        lambda v, f, more=1: v * f,
        Callable(lambda v, f: v * f),
        Callable(lambda v, f: v * f).__call__,
        torch.no_grad()(lambda v, f: v * f),
        torch.mul,
    ],
)
def test_any_kind_of_function_may_be_right(exercise, function):
    assert exercise.comprobar(function).ok


def test_calls_without_a_function_or_with_too_much(exercise, private_progress):
    assert "sin paréntesis" in repr(exercise.comprobar())
    assert "sin paréntesis" in repr(exercise.comprobar(torch.mul, 3))
    assert not private_progress.exists(), "no llegó ninguna respuesta: no hay nada que anotar"
    with pytest.raises(TypeError, match="debe ser un entero"):
        exercise.comprobar(torch.mul, seed="uno")


@pytest.mark.parametrize("number", [0, 3, 1.0, True, "uno", None])
def test_hints_are_asked_by_number(exercise, number):
    with pytest.raises(ValueError, match="tiene 2 pistas"):
        exercise.pista(number)


def spins(vector, factor):
    print("voy")
    while True:
        pass


def spins_in_c(vector, factor):
    print("voy")
    only_apart()
    return sum(range(10**10))


def sleeps(vector, factor):
    time.sleep(60)


def waits_for_a_lock(vector, factor):
    threading.Lock().acquire()
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()


ENDLESS = [spins, pytest.param(spins_in_c, marks=linux), sleeps, waits_for_a_lock]


@pytest.mark.parametrize("function", ENDLESS)
def test_four_seconds_in_all(exercise, function):
    """Se cuentan las llamadas y el procesador, también el del ensayo, y no la hora."""
    calls = []

    def counted(vector, factor):
        calls.append(1)  # en este proceso: el ensayo cuenta las suyas
        return function(vector, factor)

    start = sum(os.times()[:4])
    result = exercise.comprobar(counted)
    assert len(calls) <= 1, "tras un ciclo sin fin no se insiste"
    assert sum(os.times()[:4]) - start < 8  # son cuatro; repetir cada ejemplo tomaría doce
    assert "no terminó en 2 segundos" in repr(result) or "demasiado lenta" in repr(result)
    assert [failure.check for failure in result.failures] == ["Termina sin errores"]
    assert "Para repetirlo" not in repr(result), "repetirla colgaría el cuaderno"


@pytest.mark.parametrize("function", [spins, pytest.param(spins_in_c, marks=linux)])
def test_what_an_endless_answer_printed_is_shown(exercise, function, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.5)
    assert "Lo que imprimió:\n    voy" in repr(exercise.comprobar(function))


def test_a_slow_answer_is_told_so(exercise, monkeypatch):
    monkeypatch.setattr(checking, "TOTAL_SECONDS", 1.0)
    result = exercise.comprobar(lambda vector, factor: time.sleep(0.4) or vector * factor)
    assert "demasiado lenta" in repr(result)


def test_three_equal_errors_are_enough(exercise):
    seen = []

    def fails(vector, factor):
        seen.append(1)
        raise ValueError("siempre")

    exercise.comprobar(fails)
    assert len(seen) == 3


TESTS = os.getpid()


def only_apart():
    """Lo que sigue acabaría con las pruebas si la función llegara a llamarse en su proceso."""
    assert os.getpid() != TESTS, "llegó al proceso principal"


def dies(vector, factor):
    only_apart()
    os._exit(0)


def aborts(vector, factor):
    only_apart()
    os.abort()


def kills(vector, factor):
    only_apart()
    os.kill(os.getpid(), signal.SIGKILL)


def reads_a_null_pointer(vector, factor):
    only_apart()
    return ctypes.string_at(0)


def eats_memory(vector, factor):
    only_apart()
    parts = []
    while True:
        parts.append(torch.empty(2**26))


@linux
@pytest.mark.parametrize(
    ("function", "said"),
    [
        (dies, "cerraría Python de golpe"),
        (aborts, "cerraría Python de golpe"),
        (kills, "cerraría Python de golpe"),
        (reads_a_null_pointer, "cerraría Python de golpe"),
        (eats_memory, "más memoria de la que hay"),
    ],
)
def test_the_process_survives(exercise, function, said, capfd):
    result = exercise.comprobar(function)
    assert said in repr(result)
    assert capfd.readouterr().err == ""


@linux
def test_the_rehearsal_blames_nobody_if_the_reference_dies_too(exercise, monkeypatch):
    """Si en esta máquina un hijo no sobrevive, el ensayo calla y la respuesta se corrige igual."""
    parent = os.getpid()

    def only_here(vector, factor):
        if os.getpid() != parent:
            os._exit(1)
        return vector * factor

    lucky = Exercise(**{**vars(exercise), "reference": only_here})
    assert lucky.comprobar(only_here).ok


@linux
def test_the_rehearsal_leaves_no_processes_or_descriptors(exercise):
    exercise.comprobar(torch.mul)
    before = len(os.listdir("/proc/self/fd"))
    exercise.comprobar(torch.mul)
    exercise.comprobar(dies)
    assert len(os.listdir("/proc/self/fd")) == before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@linux
def test_the_rehearsal_counts_the_processor_of_each_example(monkeypatch):
    """En un equipo ocupado, un ejemplo que casi no corre no es «sin fin» por lo que gastaron otros."""
    monkeypatch.setattr(probe, "PROGRESS_SECONDS", 0.0)  # que no le baste con verla avanzar
    monkeypatch.setattr(probe, "_is_asleep", lambda child: False)  # como si esperara un procesador

    def runs_a_little(number):
        end = time.process_time() + 0.1
        while number and time.process_time() < end:
            pass
        time.sleep(0 if number else 1)

    cases = [(1,), (1,), (1,), (1,), (0,)]
    assert probe.find_halt(runs_a_little, cases, 0.5, lambda number: number) is None


def test_without_the_rehearsal_the_alarm_remains(exercise, monkeypatch):
    monkeypatch.setattr(probe, "AVAILABLE", False)
    assert exercise.comprobar(torch.mul).ok
    monkeypatch.setattr(calling, "SECONDS", 0.5)
    assert "no terminó en 0.5 segundos" in repr(exercise.comprobar(spins))


def test_in_another_thread(exercise, monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.5)
    results = []

    def work():
        results.extend(exercise.comprobar(f) for f in (torch.mul, sleeps, interrupts_itself))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(BUSY)
    assert [result.status for result in results] == ["correcto", "incorrecto", "incorrecto"]
    assert sys.stdout is not None and "no terminó" in repr(results[1])


def test_an_error_of_the_course_is_not_blamed_on_the_answer(exercise, private_progress):
    def broken(generator):
        raise ZeroDivisionError

    result = Exercise(**{**vars(exercise), "cases": broken}).comprobar(torch.mul)
    assert "un error del curso, no de tu función (ZeroDivisionError en broken" in repr(result)
