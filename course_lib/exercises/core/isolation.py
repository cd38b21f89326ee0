"""Que corregir una función no deje huella: ni en el azar, ni en PyTorch, ni en el kernel."""

from __future__ import annotations

import builtins
import os
import random
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import numpy as np
import torch

__all__ = ["AsksForInput", "answer_guard", "isolated", "settings_restored"]


class AsksForInput(RuntimeError):
    """La respuesta se detuvo a esperar a una persona, con `input()` o `breakpoint()`."""


# Lo que una función puede cambiar para todo el programa: cómo se lee y cómo se repone.
_SETTINGS: tuple[tuple[Callable[[], Any], Callable[[Any], Any]], ...] = (
    (torch.get_default_dtype, torch.set_default_dtype),
    (torch.is_grad_enabled, torch.set_grad_enabled),
    (torch.get_num_threads, torch.set_num_threads),
    (np.geterr, lambda saved: np.seterr(**saved)),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (lambda: dict(os.environ), lambda saved: _set_environment(saved)),
    (torch.get_default_device, lambda saved: _set_device(saved)),
)


@contextmanager
def settings_restored() -> Iterator[None]:
    """Repone al salir los ajustes de PyTorch, NumPy y Python, la carpeta de trabajo y los avisos."""
    before = [read() for read, _ in _SETTINGS]
    folder = _working_folder()
    with warnings.catch_warnings():
        # un aviso convertido en error, o escrito en inglés, no es parte de la respuesta
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            for (read, write), saved in zip(_SETTINGS, before, strict=True):
                if read() != saved:
                    write(saved)
            if folder and _working_folder() != folder:
                with suppress(OSError):
                    os.chdir(folder)


def _set_environment(variables: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(variables)


def _set_device(device: torch.device) -> None:
    # `None` quita el dispositivo por omisión; "cpu" dejaría puesto un modo que hace todo más lento
    torch.set_default_device(None if device.type == "cpu" else device)


def _working_folder() -> str | None:
    try:
        return os.getcwd()
    except OSError:  # la borraron
        return None


@contextmanager
def isolated() -> Iterator[None]:
    """Una corrección entera: azar y ajustes quedan como estaban, y adentro son los de fábrica.

    El azar se repone al final y no tras cada llamada: así, al repetir una llamada, una respuesta
    que sortea números cambia y se nota.
    """
    python, numpy = random.getstate(), np.random.get_state()
    gpus = range(torch.cuda.device_count()) if torch.cuda.is_initialized() else ()  # type: ignore[no-untyped-call]
    try:
        with settings_restored(), torch.random.fork_rng(devices=gpus):
            torch.set_default_dtype(torch.float32)
            if torch.get_default_device().type != "cpu":
                torch.set_default_device(None)
            torch.set_grad_enabled(True)
            np.seterr(all="ignore")
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


@contextmanager
def answer_guard() -> Iterator[None]:
    """Mientras corre la respuesta: ni cierra el kernel, ni pregunta nada, ni cambia los ajustes."""
    replaced: list[tuple[Any, str, Any]] = [
        (builtins, "exit", _leave), (builtins, "quit", _leave), (builtins, "input", _ask),
        (sys, "breakpointhook", _ask), (sys, "unraisablehook", _silent),
        (threading, "excepthook", _silent),
    ]  # fmt: skip
    shell = _ipython_shell()
    keep_kernel = getattr(shell, "keepkernel_on_exit", None)
    if shell is not None:  # su exit() no lanza SystemExit: le pide al kernel que termine
        replaced.append((shell, "ask_exit", _leave))
    with settings_restored():
        missing = object()
        before = [vars(owner).get(name, missing) for owner, name, _ in replaced]
        for owner, name, new in replaced:
            setattr(owner, name, new)
        try:
            yield
        finally:
            for (owner, name, _), old in zip(replaced, before, strict=True):
                if old is missing:
                    delattr(owner, name)
                else:
                    setattr(owner, name, old)
            if hasattr(shell, "keepkernel_on_exit"):
                shell.keepkernel_on_exit = keep_kernel


def _ipython_shell() -> Any:
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None


def _leave(*args: object, **kwargs: object) -> NoReturn:
    raise SystemExit


def _ask(*args: object, **kwargs: object) -> NoReturn:
    raise AsksForInput


def _silent(unraisable: object) -> None:
    """Lo que falla en un hilo o al destruir un objeto no se escribe en inglés en el cuaderno."""
