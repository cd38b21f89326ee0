"""Un límite de tiempo para código ajeno: un ciclo sin fin no debe colgar el cuaderno."""

import ctypes
import signal
import threading

__all__ = ["TimeLimitExceeded", "run_limited"]

REPEAT_SECONDS = 0.05  # se insiste: el código puede atrapar la primera interrupción


class TimeLimitExceeded(BaseException):
    """La función no terminó a tiempo. No es `Exception`: un `except Exception` no la detiene."""


def run_limited(function, seconds):
    """Resultado de `function()`, o `TimeLimitExceeded` si tarda más de `seconds` segundos.

    En el hilo principal (el de un cuaderno) usa la alarma del sistema; en otro hilo, o donde no
    hay alarma, ejecuta la función en un hilo aparte.

    >>> run_limited(lambda: 2 + 2, seconds=1)
    4
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if in_main_thread and hasattr(signal, "setitimer"):
        return _run_with_alarm(function, seconds)
    return _run_in_thread(function, seconds)


def _run_with_alarm(function, seconds):
    armed = True

    def interrupt(signum, frame):
        if armed:
            raise TimeLimitExceeded

    previous = signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, REPEAT_SECONDS)
        try:
            return function()
        finally:
            armed = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


def _run_in_thread(function, seconds):
    outcome = {}

    def target():
        try:
            outcome["value"] = function()
        except BaseException as error:
            outcome["error"] = error

    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _interrupt(thread)
        raise TimeLimitExceeded
    if "error" in outcome:
        raise outcome["error"]
    return outcome["value"]


def _interrupt(thread, attempts=20):
    """Pide al hilo que se detenga; si está dentro de una llamada larga, puede no hacer caso."""
    for _ in range(attempts):
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(TimeLimitExceeded)
        )
        thread.join(REPEAT_SECONDS)
        if not thread.is_alive():
            return
