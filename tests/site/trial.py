"""Un libro de una sola página con un laboratorio, servido en esta máquina."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
import pytest
from ipywidgets.embed import dependency_state

from tests.site.browser import home_of, serve
from tests.site.building import build, small_book
from tests.widgets.stored import STATE

TRIAL = "book/prueba"

# las cuatro pantallas; las dos que más se distinguen son las rápidas
every_screen = pytest.mark.parametrize(
    ("width", "theme"),
    [
        (390, "dark"),
        (1280, "light"),
        pytest.param(390, "light", marks=pytest.mark.slow),
        pytest.param(1280, "dark", marks=pytest.mark.slow),
    ],
)


def places(chapters: Iterable[str]) -> list[Any]:
    """Dónde se prueba un laboratorio: en el primer capítulo que lo lleva y, si ninguno lo lleva, en la página de prueba.

    Los demás capítulos y la de prueba quedan entre las pruebas lentas.
    """
    return first_quick([*chapters, TRIAL])


def first_quick(values: Sequence[Any]) -> list[Any]:
    """Los valores de una prueba: el primero es rápido, y los demás, lentos."""
    return [values[0], *(pytest.param(value, marks=pytest.mark.slow) for value in values[1:])]


def place_of(request: Any, name: str, chapters: dict[str, dict]) -> tuple[str, str, dict]:
    """(dirección, página, datos) de donde está un laboratorio: la página de prueba, que da `trial`, o un capítulo."""
    if name == TRIAL:
        home, data = request.getfixturevalue("trial")
        return home, f"{TRIAL}.html", data
    return request.getfixturevalue("home"), f"{name}.html", chapters[name]


@contextmanager
def built(book: Path) -> Iterator[str]:
    """La dirección de un libro, construido y servido en esta máquina."""
    done = build(book)
    assert done.returncode == 0, done.stderr[-4000:]
    server = serve(book / "_build" / "html")
    yield home_of(server)
    server.shutdown()
    server.server_close()


@contextmanager
def served(lab: Any, folder: Path, files: Mapping[str, Path] | None = None) -> Iterator[str]:
    """La dirección de un libro, construido en `folder`, cuya página `TRIAL` solo lleva `lab` (uno, o una lista).

    `files`: qué más hay en el libro antes de construirlo, {lugar: archivo}.
    """
    labs = lab if isinstance(lab, list) else [lab]
    state = dependency_state(labs, drop_defaults=False)
    page = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Prueba"), *map(_cell, labs)],
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "widgets": {STATE: {"version_major": 2, "version_minor": 0, "state": state}},
        },
    )
    book = small_book(folder / "libro", "prueba")
    nbformat.write(page, book / f"{TRIAL}.ipynb")
    for place, path in (files or {}).items():
        (book / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, book / place)
    with built(book) as home:
        yield home


def _cell(lab: Any) -> nbformat.NotebookNode:
    data, metadata = lab._repr_mimebundle_()
    output = nbformat.v4.new_output("display_data", data, metadata=metadata)
    return nbformat.v4.new_code_cell("laboratorio", outputs=[output])
