"""Ensayar la función en un proceso aparte, antes de llamarla en el kernel.

Hay fallas que un programa no puede sobrevivir desde dentro: un ciclo escrito en C que no vuelve a
Python (`sum(range(10**10))`), un `os._exit`, una violación de memoria, una lista que pide 80 GB.
Por eso la función corre primero en un hijo (`os.fork`), que no devuelve valores: solo muestra en
una página compartida por dónde va. Si termina, como casi siempre, se la llama en el kernel; si no,
se mata al hijo y el kernel queda intacto.

Solo en Linux: en macOS y Windows no se puede ramificar con seguridad un proceso que ya usó PyTorch,
y ahí esos casos quedan a lo que pueda `time_limit`. El hijo no hereda los hilos del kernel: si se
duerme esperando a uno, o si la referencia tampoco sobrevive en un hijo, la culpa no es de la
respuesta y el ensayo no dice nada.
"""

from __future__ import annotations

import faulthandler
import mmap
import os
import select
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, NoReturn

import torch

from .calling import MAX_PRINTED, Call, Clip, quiet, run_once, stuck
from .isolation import answer_guard

__all__ = ["Halt", "find_halt"]

AVAILABLE = sys.platform == "linux" and hasattr(os, "fork")
PROGRESS_SECONDS = 0.75  # si al cabo de esto avanza, ya se probó bastante
ENOUGH_SECONDS = 0.3  # de procesador en un solo ejemplo, para llamarlo «sin fin»
PATIENCE_SECONDS = 10.0  # lo que se espera, como mucho, a un equipo muy ocupado
MEMORY = 2 * 2**30  # bytes que la función puede pedir además de los que ya usa el programa
# cuándo empezó el ejemplo actual, cuánto procesador llevaba el hijo, qué ejemplo es y si ya terminó
HEADER = struct.Struct("ddii")
RUNNING, FINISHED, NO_MEMORY = 0, 1, 2


@dataclass(frozen=True)
class Halt:
    """En qué ejemplo la función no termina o echa abajo el proceso."""

    index: int
    reason: str  # "endless", "crash" o "memory"
    printed: str = ""


def find_halt(
    function: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    seconds: float,
    reference: Callable[..., Any],
) -> Halt | None:
    """`Halt` si la función, en algún ejemplo, pasa de `seconds` o echa abajo el proceso.

    `reference` es una función que sabemos buena: si tampoco sobrevive en un hijo, no se dice nada.
    """
    if not AVAILABLE or not cases:
        return None
    halt = _rehearse(function, cases, seconds)
    if halt and _rehearse(reference, cases[halt.index : halt.index + 1], PROGRESS_SECONDS):
        return None
    return halt


def _rehearse(
    function: Callable[..., Any], cases: Sequence[tuple[Any, ...]], seconds: float
) -> Halt | None:
    with mmap.mmap(-1, HEADER.size + 4 * MAX_PRINTED) as board:
        reading, writing = os.pipe()
        try:
            child = _fork()
        except OSError:
            os.close(reading)
            os.close(writing)
            return None
        if child == 0:
            _child(function, cases, seconds, board)
        os.close(writing)  # al terminar el hijo, `reading` se queda sin quien escriba
        try:
            return _watch(child, reading, board, seconds)
        finally:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(child, 0)
            os.close(reading)


def _fork() -> int:
    """`os.fork` sin avisos: los de Python por los hilos, y el de tokenizers por los suyos."""
    silenced = "TOKENIZERS_PARALLELISM" not in os.environ
    if silenced:
        os.environ["TOKENIZERS_PARALLELISM"] = "false"
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return os.fork()
    finally:
        if silenced:
            del os.environ["TOKENIZERS_PARALLELISM"]


def _watch(child: int, reading: int, board: mmap.mmap, seconds: float) -> Halt | None:
    start = time.monotonic()
    while not select.select([reading], [], [], 0.02)[0]:
        began, before, index, _ = HEADER.unpack_from(board)
        now = time.monotonic()
        current = now - began if began else 0.0
        if now - start < 0.9 * min(PROGRESS_SECONDS, seconds):
            continue
        if index and current < PROGRESS_SECONDS / 3:
            return None  # avanza: se la puede llamar en el kernel
        if began and _is_asleep(child):
            return None  # espera algo: en el kernel, la alarma la puede interrumpir
        if current > seconds and _used(child) - before > min(ENOUGH_SECONDS, seconds / 2):
            return Halt(index, "endless", _printed(board))
        if now - start > PATIENCE_SECONDS:
            return None
    began, _, index, state = HEADER.unpack_from(board)
    if state == FINISHED or not began:
        return None
    return Halt(index, "memory" if state == NO_MEMORY else "crash", _printed(board))


def _is_asleep(child: int, looks: int = 10) -> bool:
    """¿Está el hijo esperando algo que quizá no llegue (estado S), en vez de calculando?"""
    asleep = 0
    for _ in range(looks):
        asleep += _stat(child)[0] == "S"
        time.sleep(0.01)
    return 2 * asleep > looks


def _used(child: int) -> float:
    """Segundos de procesador que ha tenido el hijo: en una máquina muy ocupada, pocos."""
    fields = _stat(child)
    ticks = sum(int(field) for field in fields[11:13])  # utime y stime
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(child: int) -> list[str]:
    """Los campos de /proc/PID/stat desde el estado; uno vacío si el proceso ya no está."""
    try:
        with open(f"/proc/{child}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return [""]


def _printed(board: mmap.mmap) -> str:
    return board[HEADER.size :].split(b"\0")[0].decode("utf-8", errors="ignore")


def _child(
    function: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    seconds: float,
    board: mmap.mmap,
) -> NoReturn:
    """El hijo entero; nunca vuelve."""
    try:
        _prepare(seconds)
        calls: list[Call] = []
        with answer_guard():
            for index, args in enumerate(cases):
                board[HEADER.size :] = bytes(len(board) - HEADER.size)
                HEADER.pack_into(board, 0, time.monotonic(), time.process_time(), index, RUNNING)
                clip = Clip(lambda text: _show(board, text))
                with quiet(clip):
                    call = run_once(function, args, clip)
                calls.append(call)
                if call.no_memory or stuck(calls):
                    break
        state = NO_MEMORY if calls[-1].no_memory else FINISHED
        HEADER.pack_into(board, 0, time.monotonic(), 0.0, len(calls) - 1, state)
    finally:
        os._exit(0)


def _show(board: mmap.mmap, text: str) -> None:
    encoded = text.encode("utf-8", errors="replace")
    board[HEADER.size : HEADER.size + len(encoded)] = encoded


def _prepare(seconds: float) -> None:
    """Nada del hijo llega a la pantalla, y ninguno queda huérfano gastando procesador o memoria."""
    import resource

    faulthandler.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 0)
    torch.set_num_threads(1)  # los hilos de cálculo del padre no existen aquí
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    limit = int(2 * seconds) + 2
    with open("/proc/self/statm", encoding="ascii") as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    limits = {
        resource.RLIMIT_CPU: limit,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: used + MEMORY,
    }
    for kind, value in limits.items():
        with suppress(ValueError, OSError):  # ya había un límite menor
            resource.setrlimit(kind, (value, value))
