"""Llamar a la función de una estudiante con cuidado: copias, límite de tiempo y errores cortos."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import Explained, explain
from .isolation import answer_guard
from .snapshot import snapshot
from .time_limit import TimeLimitExceeded, run_limited, user_interrupts
from .values import copy_value, unchanged

__all__ = ["Call", "Clip", "call_safely", "halted", "quiet", "run_once", "stuck"]

SECONDS = 2.0  # por llamada: de sobra para los ejemplos pequeños que se usan
MAX_PRINTED = 500

# Por qué se detuvo una función: lo que se observó y la idea.
HALTS = {
    "endless": (
        "Tu función no terminó en {seconds} segundos y se detuvo.",
        "Un ciclo que no termina suele ser un `while` cuya condición nunca cambia, o una lista que "
        "crece mientras se recorre.",
    ),
    "crash": (
        "Tu función cerraría Python de golpe. Se ensayó aparte: tu cuaderno sigue en pie.",
        "Pasa con `os._exit`, o con una recursión muy honda tras `sys.setrecursionlimit`.",
    ),
    "memory": (
        "Tu función pide más memoria de la que hay.",
        "Revisa qué lista o tensor crece tanto: los ejemplos son pequeños.",
    ),
    "slow": (
        "Tu función es demasiado lenta: en {seconds} segundos no alcanzó a resolver los ejemplos.",
        "Los ejemplos son pequeños y debería bastar una fracción de segundo: busca un ciclo que da "
        "muchas más vueltas que las necesarias.",
    ),
}


@dataclass(frozen=True)
class Call:
    """Lo que pasó al llamar a la función una vez."""

    args: tuple[Any, ...]  # los argumentos, intactos
    value: Any = None  # fotografía de lo que devolvió
    error: str | None = None  # qué excepción lanzó, con su línea
    idea: str = ""  # qué suele significar esa excepción
    changed: int | None = None  # posición del argumento que la función modificó
    unfinished: bool = False  # hizo `raise NotImplementedError` o devolvió `...`
    halted: bool = False  # no terminó, o habría echado abajo el programa
    no_memory: bool = False
    printed: str = ""


class Clip(io.TextIOBase):
    """Guarda solo el comienzo de lo que se imprime: un ciclo sin fin no llena la memoria.

    `on_write`, si se da, recibe el texto guardado cada vez que crece.
    """

    def __init__(self, on_write: Callable[[str], None] | None = None):
        self.text = ""
        self._on_write = on_write

    def write(self, text: str) -> int:
        """Guarda lo que quepa de `text` y dice, como todo archivo, que lo escribió entero."""
        room = MAX_PRINTED - len(self.text)
        if room > 0:
            self.text += text[:room]
            if self._on_write:
                self._on_write(self.text)
        return len(text)

    def writable(self) -> bool:
        """True: `print` puede escribir aquí."""
        return True


def call_safely(
    function: Callable[..., Any], args: tuple[Any, ...], seconds: float | None = None
) -> Call:
    """`Call` con el resultado de `function(*args)`, que recibe copias de los argumentos.

    `seconds` es el límite de tiempo; por omisión, `SECONDS`. La interrupción de la persona (Ctrl-C)
    es lo único que deja pasar.
    """
    seconds = SECONDS if seconds is None else seconds
    clip = Clip()
    with user_interrupts() as pressed:
        try:
            with quiet(clip), answer_guard():
                call = run_limited(lambda: run_once(function, args, clip), seconds)
        except TimeLimitExceeded:
            call = halted(args, "endless", seconds, clip.text)
        if pressed:
            raise KeyboardInterrupt
    return call


@contextlib.contextmanager
def quiet(clip: Clip) -> Iterator[None]:
    """Lo que se imprime dentro del bloque va a `clip`; lo que va a `stderr` se descarta."""
    with contextlib.redirect_stdout(clip), contextlib.redirect_stderr(Clip()):
        yield


def run_once(function: Callable[..., Any], args: tuple[Any, ...], clip: Clip) -> Call:
    """`Call` de `function`, sin límite de tiempo; en `clip` está lo que ha impreso."""
    copies = copy_value(tuple(args))
    try:
        value = snapshot(function(*copies))
        changed = _first_changed(copies, args)
    except TimeLimitExceeded:
        raise
    except BaseException as error:
        return _failed(args, error, function, clip)
    return Call(
        args, value, changed=changed, unfinished=value is Ellipsis, printed=clip.text.strip()
    )


def halted(args: tuple[Any, ...], reason: str, seconds: float = 0.0, printed: str = "") -> Call:
    """`Call` de una función que hubo que detener.

    `reason` es "endless" (no terminó en `seconds` segundos), "crash" o "memory"; `printed`, lo que
    alcanzó a imprimir.
    """
    message, idea = HALTS[reason]
    message = message.format(seconds=f"{seconds:.2g}")
    return Call(args, error=message, idea=idea, halted=True, printed=printed.strip())


def stuck(calls: Sequence[Call]) -> bool:
    """¿Terminaron las tres últimas llamadas en el mismo error? Entonces no se insiste."""
    errors = [call.error for call in calls[-3:]]
    return len(errors) == 3 and errors[0] is not None and len(set(errors)) == 1


def _failed(
    args: tuple[Any, ...], error: BaseException, function: Callable[..., Any], clip: Clip
) -> Call:
    try:
        said = explain(error, function)
    except Exception:  # una excepción hecha para que no se pueda ni mirar
        said = Explained("Tu función lanzó una excepción que no se puede mostrar.", "")
    return Call(
        args,
        error=None if said.unfinished else said.message,
        idea=said.idea,
        unfinished=said.unfinished,
        no_memory=said.no_memory,
        printed=clip.text.strip(),
    )


def _first_changed(copies: tuple[Any, ...], args: tuple[Any, ...]) -> int | None:
    for place, (after, before) in enumerate(zip(copies, args, strict=True)):
        try:
            if not unchanged(after, before):
                return place
        except Exception:  # quedó algo dentro que ni se deja comparar
            return place
    return None
