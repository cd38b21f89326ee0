"""Un reloj que no cuenta lo que el programa esperó a que se desocupara un procesador.

En un equipo muy ocupado una función inmediata puede tardar segundos sin haber corrido casi nada: no
por eso es lenta. Linux dice cuánto esperó cada hilo; donde no se sabe, este reloj es el de siempre.
"""

from __future__ import annotations

import time

__all__ = ["now"]


def now() -> float:
    """Segundos, desde un origen cualquiera, en que este hilo corrió o durmió por su cuenta.

    >>> start = now()
    >>> now() - start < 60
    True
    """
    return time.monotonic() - _queued()


def _queued() -> float:
    """Segundos que este hilo estuvo listo para correr y sin procesador."""
    try:
        with open("/proc/thread-self/schedstat", encoding="ascii") as file:
            return int(file.read().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
