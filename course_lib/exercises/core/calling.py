"""Llamar a la función de una estudiante con cuidado: copias, límite de tiempo y errores cortos."""

import contextlib
import io
import linecache
import os
import traceback
from dataclasses import dataclass
from typing import Any

from course_lib.exercises.core.time_limit import TimeLimitExceeded, run_limited
from course_lib.exercises.core.values import copy_value, same_value

__all__ = ["Call", "call_safely"]

SECONDS = 2.0  # de sobra para los ejemplos pequeños que se usan
MAX_PRINTED = 500


@dataclass(frozen=True)
class Call:
    """Lo que pasó al llamar a la función una vez."""

    args: tuple  # los argumentos, intactos
    value: Any = None
    error: str | None = None  # qué excepción lanzó, con su línea
    idea: str = ""  # qué suele significar esa excepción
    changed: int | None = None  # posición del argumento que la función modificó
    unfinished: bool = False  # lanzó NotImplementedError o devolvió `...`
    timed_out: bool = False
    printed: str = ""


class _Clip(io.StringIO):
    """Guarda solo el comienzo de lo que se imprime: un ciclo sin fin no llena la memoria."""

    def write(self, text):
        room = MAX_PRINTED - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)


def call_safely(function, args):
    """`Call` con el resultado de `function(*args)`, que recibe copias de los argumentos.

    La interrupción del usuario (`KeyboardInterrupt`) es lo único que deja pasar.
    """
    copies = copy_value(tuple(args))
    printed = _Clip()
    try:
        with contextlib.redirect_stdout(printed):
            value = run_limited(lambda: function(*copies), SECONDS)
    except NotImplementedError:
        return Call(args, unfinished=True)
    except TimeLimitExceeded:
        message = f"Tu función no terminó en {SECONDS:g} segundos y se detuvo."
        return Call(args, error=message, idea=_ENDLESS, timed_out=True, printed=printed.getvalue())
    except (Exception, SystemExit) as error:
        message, idea = _explain(error, function)
        return Call(args, error=message, idea=idea, printed=printed.getvalue())
    changed = next(
        (i for i, (a, b) in enumerate(zip(copies, args, strict=True)) if not same_value(a, b)), None
    )
    unfinished = value is Ellipsis
    return Call(
        args, value, changed=changed, unfinished=unfinished, printed=printed.getvalue().strip()
    )


_ENDLESS = (
    "Un ciclo que no termina suele ser un `while` cuya condición nunca cambia, o una lista que "
    "crece mientras se recorre."
)

# Qué suele haber detrás de cada excepción; se busca por orden.
_IDEAS = (
    (
        NameError,
        "Usas un nombre que no existe: revisa si está bien escrito o si falta un `import`.",
    ),
    (RecursionError, "La función se llama a sí misma sin llegar nunca a un caso final."),
    (ZeroDivisionError, "Divides por cero: piensa para qué entradas ocurre."),
    (IndexError, "Pides una posición que no existe: revisa los límites y los tamaños."),
    (KeyError, "Pides una clave que no está en el diccionario."),
    (AttributeError, "Pides un método o atributo que ese objeto no tiene: revisa su tipo."),
    (TypeError, "Una operación recibió un tipo que no esperaba: revisa qué le pasas."),
    (RuntimeError, "PyTorch no pudo operar: casi siempre las formas de los tensores no calzan."),
    (SystemExit, "La función cierra el programa: usa `return`, no `exit()`."),
)


def _explain(error, function):
    """Mensaje corto con el error, la línea y su código; y la idea que suele haber detrás."""
    name = type(error).__name__
    text = str(error).strip().split("\n")[0][:200]
    message = f"Tu función lanzó {name}: {text}" if text else f"Tu función lanzó {name}"
    line = _student_line(error, function)
    idea = next((idea for kind, idea in _IDEAS if isinstance(error, kind)), "")
    return message + line, idea


def _student_line(error, function):
    """La última línea del error que está en el código de la función (o junto a él)."""
    code = getattr(function, "__code__", None)
    if code is None:
        return ""
    folder = os.path.dirname(code.co_filename)  # las celdas de un cuaderno comparten carpeta
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if os.path.dirname(frame.filename) == folder
    ]
    if not frames:
        return ""
    source = linecache.getline(frames[-1].filename, frames[-1].lineno).strip()
    shown = f": `{source}`" if source else ""
    return f"\nEn la línea {frames[-1].lineno}{shown}"
