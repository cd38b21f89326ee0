"""`python -m course_lib models` lista el catálogo; `python -m course_lib fetch NOMBRE` descarga un modelo."""

from __future__ import annotations

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    del sys.path[0]  # la carpeta actual: un random.py que haya en ella no es el de Python

from collections.abc import Sequence

from .models.adapters import ADAPTERS
from .models.catalogue import CATALOGUE, ENCODERS, card
from .models.fetch import FetchError, ensure, is_cached

__all__ = ["main", "table"]

HELP = """\
uso: python -m course_lib ORDEN

  models             lista los modelos, su tamaño, su licencia y si están en la caché
  fetch NOMBRE ...   descarga y convierte uno o varios modelos; si ya están, no hace nada

La caché es la carpeta COURSE_LIB_CACHE o, si no está definida, la de tu usuario.
"""


def main(argv: Sequence[str]) -> int:
    """Obedece `argv`, los argumentos de la línea de órdenes, y devuelve el código de salida.

    0 si todo fue bien; 1 si un modelo no se pudo traer o no se sabe dónde está la caché; 2 si la orden no se entiende; 130 si se
    interrumpió con Ctrl+C.
    """
    match list(argv):
        case ["models"]:
            return _list()
        case ["fetch", _, *_]:
            return _fetch(argv[1:])
        case ["-h" | "--help"]:
            sys.stdout.write(HELP)
        case _:
            sys.stderr.write(HELP)
            return 2
    return 0


def _list() -> int:
    try:
        sys.stdout.write(table())
    except FetchError as error:  # no se sabe dónde está la caché
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _fetch(names: Sequence[str]) -> int:
    try:
        bases = [ADAPTERS[name].base if name in ADAPTERS else name for name in names]
        for model in [card(name) for name in bases]:  # primero se revisan todos los nombres
            sys.stdout.write(f"{model.name}: {ensure(model.name)}\n")
    except (FetchError, ValueError, MemoryError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(
            "Interrumpido. Lo ya descargado se conserva: repite la orden para seguir.\n"
        )
        return 130
    return 0


def table() -> str:
    """Devuelve el catálogo como una tabla de texto.

    «En caché» mira los tamaños de los archivos; sus bytes los comprueban `fetch` y `models.load`.
    """
    rows = [("modelo", "parámetros", "descarga", "en disco", "licencia", "en caché")]
    rows += [
        (
            c.name,
            f"{c.parameters / 1e6:.0f} M",
            f"{c.download_bytes / 1e6:.0f} MB",
            f"{c.cache_bytes / 1e9:.2g} GB",
            c.license,
            "sí" if is_cached(c.name, thorough=False) else "no",
        )
        for c in (*CATALOGUE.values(), *ENCODERS.values())
    ]
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return "".join(
        "  ".join(v.ljust(w) for v, w in zip(r, widths, strict=True)).rstrip() + "\n" for r in rows
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
