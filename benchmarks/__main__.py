"""`python -m benchmarks [nombre …]`: corre las mediciones y las imprime a medida que salen."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
from pathlib import Path

_NOT_BENCHMARKS = {"__main__", "timing"}
NAMES = sorted(
    m.name
    for m in pkgutil.iter_modules([str(Path(__file__).parent)])
    if m.name not in _NOT_BENCHMARKS
)


def main() -> None:
    """Imprime las líneas que produce `run()` de cada medición pedida."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="nombre", help=", ".join(NAMES))
    names = parser.parse_args().names or NAMES
    if unknown := set(names) - set(NAMES):
        parser.error(
            f"no existe {', '.join(sorted(unknown))}; las mediciones son {', '.join(NAMES)}"
        )
    for name in names:
        print(f"== {name}", flush=True)
        for line in importlib.import_module(f"benchmarks.{name}").run():
            print(line, flush=True)


if __name__ == "__main__":
    main()
