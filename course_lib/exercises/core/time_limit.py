"""Un límite de tiempo para código ajeno: un ciclo sin fin no debe colgar el cuaderno.

Qué se puede y qué no:

* En el hilo principal (el de un cuaderno) una alarma del sistema interrumpe el código Python donde
  esté, aunque atrape excepciones, y las llamadas que esperan (`time.sleep`, leer de la red).
  El tiempo que el equipo, ocupado en otra cosa, no le dio a la función no cuenta (`clock`).
* En otro hilo, o en Windows, la función corre en un hilo aparte que se abandona: se le pide que
  pare, y si no hace caso sigue gastando procesador hasta que el programa termine.
* Un ciclo escrito en C que no vuelve a Python (`sum(range(10**10))`) no atiende ni a la alarma ni a
  otros hilos. Solo se detiene desde otro proceso: es lo que hace `probe`, en Linux.
"""

from __future__ import annotations

import ctypes
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from . import clock

__all__ = ["TimeLimitExceeded", "Timer", "run_limited", "user_interrupts"]

REPEAT_SECONDS = 0.05  # se insiste: el código puede atrapar la primera interrupción

PATIENCE_SECONDS = 6.0  # lo que se espera de más, como mucho, a un equipo muy ocupado

T = TypeVar("T")


class TimeLimitExceeded(BaseException):
    """La función no terminó a tiempo. No es `Exception`: un `except Exception` no la detiene."""


class Timer:
    """Cuenta atrás de las llamadas de una corrección.

    >>> Timer(4).left() <= 4
    True
    """

    def __init__(self, seconds: float):
        self._end = clock.now() + seconds

    def left(self) -> float:
        """Segundos que quedan; nunca menos de 0."""
        return max(0.0, self._end - clock.now())


def run_limited(function: Callable[[], T], seconds: float) -> T:
    """Resultado de `function()`, o `TimeLimitExceeded` si tarda más de `seconds` segundos.

    En el hilo principal usa la alarma del sistema; en otro hilo, o donde no hay alarma, ejecuta la
    función en un hilo aparte.

    >>> run_limited(lambda: 2 + 2, seconds=1)
    4
    """
    if _in_main_thread() and hasattr(signal, "setitimer"):
        return _run_with_alarm(function, seconds)
    return _run_in_thread(function, seconds)


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _run_with_alarm(function: Callable[[], T], seconds: float) -> T:
    armed = True
    timer, start, pending = Timer(seconds), time.monotonic(), (0.0, 0.0)

    def interrupt(signum: int, frame: FrameType | None) -> None:
        starved = time.monotonic() - start > seconds + PATIENCE_SECONDS
        if armed and (starved or not timer.left()):
            raise TimeLimitExceeded

    previous = signal.signal(signal.SIGALRM, interrupt)
    try:
        pending = signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-3), REPEAT_SECONDS)
        try:
            return function()
        finally:
            armed = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        if pending[0]:  # había otra alarma puesta: le queda lo que le quedaba
            rest = max(pending[0] - (time.monotonic() - start), 1e-3)
            signal.setitimer(signal.ITIMER_REAL, rest, pending[1])


def _run_in_thread(function: Callable[[], T], seconds: float) -> T:
    values: list[T] = []
    errors: list[BaseException] = []

    def target() -> None:
        try:
            values.append(function())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    _wait(thread, seconds)
    if thread.is_alive():
        _interrupt(thread)
        raise TimeLimitExceeded
    if errors:
        raise errors[0]
    return values[0]


def _wait(thread: threading.Thread, seconds: float) -> None:
    """Espera a que el hilo termine, o a que corra `seconds` segundos, con la misma paciencia."""
    task = f"self/task/{thread.native_id}"
    start, began = time.monotonic(), clock.now(task)
    spent = 0.0
    while spent < seconds and time.monotonic() - start <= seconds + PATIENCE_SECONDS:
        thread.join(max(seconds - spent, 1e-3))
        spent = clock.now(task) - began
        if not thread.is_alive():  # y entonces lo que diga el reloj de ese hilo ya no vale
            return


def _interrupt(thread: threading.Thread, attempts: int = 20) -> None:
    """Pide al hilo que se detenga; si está dentro de una llamada larga, puede no hacer caso."""
    for _ in range(attempts):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeLimitExceeded)
        )
        thread.join(REPEAT_SECONDS)
        if not thread.is_alive():
            return


@contextmanager
def user_interrupts() -> Iterator[list[int]]:
    """Lista que deja de estar vacía si, dentro del bloque, la persona interrumpe (Ctrl-C, ■).

    Distingue esa interrupción de un `raise KeyboardInterrupt` escrito en la respuesta.
    """
    pressed: list[int] = []
    previous = signal.getsignal(signal.SIGINT)
    if not _in_main_thread() or not callable(previous):
        yield pressed
        return
    handler = previous

    def note(signum: int, frame: FrameType | None) -> None:
        pressed.append(signum)
        handler(signum, frame)

    signal.signal(signal.SIGINT, note)
    try:
        yield pressed
    finally:
        signal.signal(signal.SIGINT, handler)
