"""Lista los cuadernos que publica _toc.yml, uno por línea: los mismos que prueba `make test`."""

from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]


def pages(toc: Path = ROOT / "_toc.yml") -> list[str]:
    """Devuelve las páginas del libro en su orden, sin extensión y relativas a la raíz."""
    return list(_files(yaml.safe_load(toc.read_text(encoding="utf-8"))))


def notebooks(toc: Path = ROOT / "_toc.yml") -> list[Path]:
    """Devuelve los cuadernos del libro en su orden, como rutas absolutas."""
    paths = (toc.parent / f"{page}.ipynb" for page in pages(toc))
    return [path for path in paths if path.exists()]


def _files(entry: dict) -> Iterator[str]:
    for key in ("root", "file"):
        if key in entry:
            yield entry[key]
    for key in ("parts", "chapters", "sections"):
        for child in entry.get(key, []):
            yield from _files(child)


if __name__ == "__main__":
    print(*(path.relative_to(ROOT) for path in notebooks()), sep="\n")
