"""Construir el libro como lo hace `make book` y saber si ya está construido."""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
SOURCES = ("_config.yml", "_toc.yml", "book/**/*.*", "course_lib/artifacts/stories/*.bin")


def build(source: Path) -> subprocess.CompletedProcess:
    """Construye el libro de `source` y devuelve lo que dijo la orden."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "."]
    options = ["--all", "-W", "-n", "--keep-going"]
    return subprocess.run([*command, *options], cwd=source, capture_output=True, text=True)


def is_current() -> bool:
    """Dice si el sitio es posterior a todo lo que lo forma."""
    index = SITE / "book" / "index.html"
    if not index.exists():
        return False
    sources = (path for pattern in SOURCES for path in ROOT.glob(pattern) if path.is_file())
    return all(path.stat().st_mtime <= index.stat().st_mtime for path in sources)


def copy_book(target: Path) -> Path:
    """Copia en `target` lo que hace falta para construir el libro aparte."""
    target.mkdir()
    for name in ("_config.yml", "_toc.yml"):
        shutil.copy(ROOT / name, target)
    shutil.copytree(ROOT / "book", target / "book")
    return target


def small_book(target: Path, *pages: str) -> Path:
    """Copia la configuración y la portada, sin más páginas que las que se nombran."""
    target.mkdir()
    shutil.copy(ROOT / "_config.yml", target)
    for name in ("_ext", "_static"):
        shutil.copytree(ROOT / "book" / name, target / "book" / name)
    shutil.copy(ROOT / "book" / "referencias.bib", target / "book")
    (target / "book" / "index.md").write_text("# Portada\n", encoding="utf-8")
    chapters = "".join(f"- file: book/{page}\n" for page in pages)
    toc = f"format: jb-book\nroot: book/index\nchapters:\n{chapters}"
    (target / "_toc.yml").write_text(toc, encoding="utf-8")
    return target
