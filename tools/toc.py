"""Lista los cuadernos que publica _toc.yml, uno por línea: los mismos que prueba `make test`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from . import ROOT

__all__ = ["ROOT", "notebooks", "pages"]


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """Devuelve las páginas del libro en su orden, sin extensión y relativas a la raíz."""
    return list(_files(yaml.safe_load(toc.read_text(encoding="utf-8"))))


def notebooks(toc: Path = ROOT / "_toc.yml") -> list[Path]:
    """Devuelve los cuadernos del libro en su orden, como rutas absolutas."""
    paths = (toc.parent / f"{page}.ipynb" for page in pages(toc))
    return [path for path in paths if path.exists()]


def _files(entry: dict[str, Any]) -> Iterator[str]:
    for key in ("root", "file"):
        if key in entry:
            yield entry[key]
    for key in ("parts", "chapters", "sections"):
        for child in entry.get(key, []):
            yield from _files(child)


if __name__ == "__main__":
    print(*(path.relative_to(ROOT) for path in notebooks()), sep="\n")
