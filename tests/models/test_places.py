"""Dónde vive la caché: otros discos, enlaces, archivos en medio, `~` y quien no tiene carpeta personal."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course_lib import models
from course_lib.__main__ import main
from course_lib.models import disk, fetch
from tests.local_wheels import NAME, ROOT

SHM = Path("/dev/shm")


@pytest.fixture
def other_disk(tmp_path, monkeypatch):
    """Una carpeta de otro disco: de verdad si lo hay; si no, el sistema se niega a renombrar."""
    if SHM.is_dir() and os.access(SHM, os.W_OK) and SHM.stat().st_dev != tmp_path.stat().st_dev:
        with tempfile.TemporaryDirectory(dir=SHM) as name:
            yield Path(name)
        return
    folder = tmp_path / "otro disco"
    folder.mkdir()
    refuse_to_rename(monkeypatch)
    yield folder


def refuse_to_rename(monkeypatch):
    """Entre carpetas distintas, como si fueran discos distintos."""

    def refusing(real):
        def rename(source, target, **options):
            if Path(source).parent != Path(target).parent:
                raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), str(source), None, str(target))
            return real(source, target, **options)

        return rename

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name)))


def link(place: Path, target: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(target, target_is_directory=True)


LINKED = ["", "models", "downloads", f"models/{NAME}", f"downloads/{NAME}"]


@pytest.mark.parametrize("linked", LINKED)
@pytest.mark.parametrize("exists", [True, False], ids=["carpeta", "por crear"])
def test_a_link_to_another_disk(linked, exists, other_disk, here, converted, same_files):
    target = other_disk / "destino"
    if exists:
        target.mkdir()
        (target / "tesis.txt").write_text("no es del curso")
    link(here / linked, target)
    folder = fetch.ensure(NAME, progress=False)
    assert folder == here / "models" / NAME and fetch.is_cached(NAME)
    assert (here / linked).is_symlink() and (here / linked).resolve() == target
    if exists:
        assert (target / "tesis.txt").read_text() == "no es del curso"
        (target / "tesis.txt").unlink()
    assert same_files(folder)
    assert [*(here / "downloads").rglob("*.gguf"), *other_disk.rglob("*.gguf")] == []
    assert [*here.rglob(".*"), *other_disk.rglob(".*")] == []  # nada a medias


def test_the_whole_path_through_links(other_disk, served, tmp_path):
    """En otro proceso y con la conversión de verdad: los dos enlaces a la vez."""
    for name in ("models", "downloads"):
        (other_disk / name).mkdir()
        link(tmp_path / "cache" / name, other_disk / name)
    result = served.run(tmp_path / "cache")
    assert result.returncode == 0, result.stderr
    assert (other_disk / "models" / NAME / "model.safetensors").stat().st_size > 0
    assert list((other_disk / "downloads").iterdir()) == []


def test_a_system_that_refuses_to_rename(here, converted, same_files, monkeypatch):
    """Como con un volumen de Docker: el mismo disco, pero no se puede mover de un lado al otro."""
    refuse_to_rename(monkeypatch)
    assert same_files(fetch.ensure(NAME, progress=False))


def test_a_damaged_copy_behind_a_link_is_replaced(my_copy, other_disk, same_files):
    target = other_disk / "destino"
    shutil.move(my_copy, target)
    link(my_copy, target)
    (target / "model.safetensors").write_bytes(b"corto")
    fetch.ensure(NAME, progress=False)
    assert my_copy.is_symlink() and same_files(target)


@pytest.mark.parametrize("linked", LINKED)
@pytest.mark.parametrize("target", ["sin/montar", "archivo", "bucle"])
def test_a_link_that_leads_nowhere(linked, target, at_hand, tmp_path):
    (tmp_path / "archivo").write_text("no soy una carpeta")
    place = at_hand / linked
    if place.exists():
        shutil.rmtree(place)
    link(place, place if target == "bucle" else tmp_path / target)
    with pytest.raises(fetch.FetchError) as info:
        models.load(NAME, device="cpu")
    message = str(info.value)
    assert f"«{place}» es un " in message and "Errno" not in message
    assert ("enlace" in message and "Conecta" in message) or target == "archivo"
    assert not (tmp_path / "sin").exists()  # no se llena el disco del sistema por un disco ausente


@pytest.mark.parametrize("place", LINKED[1:])
def test_a_file_where_a_folder_goes(place, at_hand):
    path = at_hand / place
    shutil.rmtree(path, ignore_errors=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("no soy una carpeta")
    with pytest.raises(fetch.FetchError, match=f"«{path}» es un archivo y ahí va una carpeta"):
        models.load(NAME, device="cpu")
    assert path.read_text() == "no soy una carpeta"


def test_each_disk_needs_its_own_space(here, served, converted, other_disk, monkeypatch):
    """Con `models` en otro disco, el de las descargas no tiene que caber en él ni al revés."""
    link(here / "models", other_disk)
    monkeypatch.setattr(fetch, "_same_disk", lambda one, other: one == other)
    real, small = shutil.disk_usage, served.card.cache_bytes - 1

    def usage(path):
        free = small if str(path).startswith(str(other_disk)) else real(path).free
        return real(path)._replace(free=free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    with pytest.raises(fetch.FetchError, match=f"donde está «{other_disk}"):
        fetch.ensure(NAME, progress=False)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=small + 1))
    assert 2 * served.card.file_bytes <= small + 1 < served.card.disk_bytes
    fetch.ensure(NAME, progress=False)


# --- qué carpeta ---------------------------------------------------------------------------------

NOBODY = 54_321  # un usuario sin cuenta en el sistema
ORPHAN = f"""
import filelock, os, platformdirs, psutil, pwd, sys
from course_lib import models
from course_lib.__main__ import main
from course_lib.models import disk
models.load
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
else:
    def absent(uid): raise KeyError(uid)
    pwd.getpwuid = absent
codes = [main(["models"]), main(["fetch", "gemma-270m"])]
for ask in (lambda: models.load(device="cpu"), lambda: models.is_cached("gemma-270m"),
            lambda: disk.user_folder("data")):
    try:
        ask()
    except disk.FetchError as error:
        print(error, file=sys.stderr)
    else:
        codes.append("no falló")
print(codes)
"""


def test_without_a_home(tmp_path):
    """Como en un contenedor: sin HOME y con un número de usuario que nadie conoce."""
    environment = {
        k: v
        for k, v in os.environ.items()
        if k not in ("HOME", "USERPROFILE") and not k.startswith(("XDG_", "COURSE_LIB_"))
    }
    out = subprocess.run(
        [sys.executable, "-c", ORPHAN], capture_output=True, text=True, cwd=ROOT, env=environment
    )
    assert (out.returncode, out.stdout.strip()) == (0, "[1, 1]"), out.stderr
    lines = out.stderr.strip().splitlines()
    assert len(lines) == 5 and all(li.startswith("No se sabe cuál es tu carpeta") for li in lines)
    assert all("Define COURSE_LIB_CACHE con la ruta" in line for line in lines[:4])
    assert "Define COURSE_LIB_PROGRESS con la ruta" in lines[4]


def test_a_platformdirs_that_leaves_the_tilde_is_not_believed(monkeypatch):
    import platformdirs

    monkeypatch.delenv("COURSE_LIB_CACHE", raising=False)
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *a, **k: "~/.cache/course_lib")
    with pytest.raises(fetch.FetchError, match="carpeta personal"):
        disk.cache_dir()


@pytest.mark.parametrize("variable", ["COURSE_LIB_CACHE", "COURSE_LIB_MODELS"])
def test_a_tilde_is_the_home(variable, monkeypatch, tmp_path):
    import pwd

    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(variable, "~/mis modelos")
    assert disk.folder_from_variable(variable) == tmp_path / "mis modelos"
    root = pwd.getpwuid(0)
    monkeypatch.setenv(variable, f"~{root.pw_name}/modelos")
    assert disk.folder_from_variable(variable) == Path(root.pw_dir, "modelos")
    for empty in ("", "  "):
        monkeypatch.setenv(variable, empty)
        assert disk.folder_from_variable(variable) is None


def test_a_tilde_finds_the_users_copy(served, here, converted, tmp_path, monkeypatch, same_files):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("COURSE_LIB_CACHE", "~/la caché")
    monkeypatch.setenv("COURSE_LIB_MODELS", "~")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nada"))
    shutil.copy(served.gguf, tmp_path)
    assert fetch.ensure(NAME, progress=False) == tmp_path / "la caché" / "models" / NAME
    assert same_files(tmp_path / "la caché" / "models" / NAME)


@pytest.mark.parametrize("variable", ["COURSE_LIB_CACHE", "COURSE_LIB_MODELS"])
def test_the_home_of_nobody(variable, here, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv(variable, "~quien_no_existe/modelos")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nada"))
    with pytest.raises(fetch.FetchError, match=rf"ruta de {variable} \(«~quien_no_existe/modelos»"):
        fetch.ensure(NAME, progress=False)
    if variable == "COURSE_LIB_CACHE":
        assert main(["models"]) == 1
        assert "Escribe la ruta completa" in capsys.readouterr().err


@pytest.mark.parametrize("given", ["archivo", "el GGUF", "sin el GGUF", "no existe"])
def test_what_the_users_folder_may_be(given, served, at_hand, tmp_path, monkeypatch):
    shutil.rmtree(at_hand / "downloads")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "nada"))
    mine = tmp_path / "mía"
    if given == "archivo":
        mine.write_text("no soy una carpeta")
    elif given == "el GGUF":
        mine = served.gguf
    elif given == "sin el GGUF":
        mine.mkdir()
    monkeypatch.setenv("COURSE_LIB_MODELS", str(mine))
    if given == "el GGUF":
        assert fetch.ensure(NAME, progress=False).is_dir()
        return
    with pytest.raises(fetch.FetchError) as info:
        fetch.ensure(NAME, progress=False)
    message = str(info.value)
    assert message.startswith("No se pudo descargar") and f"COURSE_LIB_MODELS («{mine}»)" in message
    cause = "no es una carpeta" if given == "archivo" else f"falta «{served.gguf.name}»"
    assert cause in message
