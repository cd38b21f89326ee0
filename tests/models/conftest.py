"""El modelo diminuto de `local_wheels`, servido, convertido una sola vez y puesto en una caché propia."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from course_lib.models import catalogue, fetch, manifest
from tests.local_wheels import NAME, Served, serve


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Served:
    return serve(tmp_path_factory.mktemp("servido") / "origen", notice=catalogue.GEMMA_NOTICE)


@pytest.fixture(scope="session")
def complete(served, tmp_path_factory) -> tuple[Path, subprocess.CompletedProcess]:
    """Una caché hecha por el camino normal, y el proceso que la hizo."""
    cache = tmp_path_factory.mktemp("completa")
    return cache, served.run(cache)


@pytest.fixture
def here(served, tmp_path, monkeypatch) -> Path:
    """Este mismo proceso ve el modelo diminuto y una caché vacía; devuelve la caché."""
    cache = tmp_path / "cache"
    for name in [n for n in os.environ if n.startswith(("PIP_", "COURSE_LIB_"))]:
        monkeypatch.delenv(name)
    for name, value in served.environment(cache).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(catalogue.CATALOGUE, NAME, served.card)
    return cache


@pytest.fixture
def finished(complete, here, monkeypatch) -> Path:
    """Como `here`, con la caché ya hecha; devuelve la carpeta del modelo."""
    monkeypatch.setenv("COURSE_LIB_CACHE", str(complete[0]))
    return complete[0] / "models" / NAME


@pytest.fixture
def converted(complete, monkeypatch) -> None:
    """La conversión, que tarda segundos, copia lo que la de verdad dejó en `complete`."""

    def copy(card: catalogue.ModelCard, gguf: Path, target: Path, progress: bool) -> None:
        assert gguf.stat().st_size == card.file_bytes
        for file in (complete[0] / "models" / NAME).iterdir():
            if file.name != manifest.MANIFEST:
                shutil.copyfile(file, target / file.name)

    monkeypatch.setattr(fetch, "convert", copy)


@pytest.fixture
def at_hand(served, here, converted) -> Path:
    """Como `here`, con el GGUF ya bajado: traer el modelo es instantáneo. Devuelve la caché."""
    downloads = here / "downloads" / NAME
    downloads.mkdir(parents=True)
    shutil.copy(served.gguf, downloads)
    return here


@pytest.fixture
def my_copy(complete, at_hand) -> Path:
    """Como `at_hand`, con una copia entera del modelo en la caché, lista para dañarla."""
    folder = at_hand / "models" / NAME
    shutil.copytree(complete[0] / "models" / NAME, folder)
    return folder


@pytest.fixture
def same_files(complete) -> Callable[[Path], bool]:
    """Dice si una carpeta tiene exactamente los archivos del modelo, byte a byte."""

    def compare(folder: Path) -> bool:
        return contents(folder) == contents(complete[0] / "models" / NAME)

    return compare


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}
