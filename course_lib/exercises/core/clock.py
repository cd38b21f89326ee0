"""Un reloj que no cuenta lo que el programa esperó a que se desocupara un procesador.

En un equipo muy ocupado una función inmediata puede tardar segundos sin haber corrido casi nada: no
por eso es lenta. Linux dice cuánto esperó cada hilo; donde no se sabe, este reloj es el de siempre.
"""

from __future__ import annotations

import time

__all__ = ["now"]


def now(task: str = "thread-self") -> float:
    """Segundos, desde un origen cualquiera, en que un hilo corrió o durmió por su cuenta.

    `task` es la carpeta del hilo dentro de `/proc`; por omisión, la de este.

    >>> start = now()
    >>> now() - start < 60
    True
    """
    return time.monotonic() - _queued(task)


def _queued(task: str) -> float:
    """Segundos que el hilo estuvo listo para correr y sin procesador."""
    try:
        with open(f"/proc/{task}/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
