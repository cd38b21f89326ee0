"""`python -m course_lib models` lista el catálogo; `python -m course_lib fetch NOMBRE` descarga un modelo."""

from __future__ import annotations

import argparse
import sys

from .catalogue import CATALOGUE, card
from .fetch import FetchError, ensure, is_cached


def main(argv: list[str] | None = None) -> int:
    """Devuelve el código de salida: 0 si todo fue bien, 1 si el modelo no se pudo traer."""
    parser = argparse.ArgumentParser(prog="python -m course_lib", description="Modelos del curso.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="ORDEN")
    commands.add_parser(
        "models", help="lista los modelos, su tamaño, su licencia y si están en la caché"
    )
    fetch = commands.add_parser("fetch", help="descarga y convierte modelos")
    fetch.add_argument("names", nargs="+", metavar="NOMBRE")
    options = parser.parse_args(argv)
    if options.command == "models":
        sys.stdout.write(table())
        return 0
    try:
        for model in [card(name) for name in options.names]:  # primero se revisan todos los nombres
            sys.stdout.write(f"{model.name}: {ensure(model.name)}\n")
    except (FetchError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def table() -> str:
    """Devuelve el catálogo como una tabla de texto."""
    rows = [("modelo", "parámetros", "descarga", "en disco", "licencia", "en caché")]
    for c in CATALOGUE.values():
        rows.append(
            (
                c.name,
                f"{c.parameters / 1e6:.0f} M",
                f"{c.download_bytes / 1e6:.0f} MB",
                f"{c.cache_bytes / 1e9:.1f} GB",
                c.license,
                "sí" if is_cached(c.name) else "no",
            )
        )
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return "".join(
        "  ".join(v.ljust(w) for v, w in zip(r, widths, strict=True)).rstrip() + "\n" for r in rows
    )


if __name__ == "__main__":
    sys.exit(main())
