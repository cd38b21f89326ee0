"""Los procesos hijos: encuentran lo instalado, y nada de lo que haya junto al cuaderno."""

from __future__ import annotations

import json
import os
import site
import sys
import zipfile
from pathlib import Path

import pytest

from course_lib.models.child import run_module
from tests.local_wheels import NAME

# módulos de la biblioteca estándar y paquetes instalados que alguien puede llamar igual a un archivo suyo
NAMES = (
    *("random", "calendar", "tokenize", "string", "types", "json", "email", "queue", "platform"),
    *("pip", "torch", "transformers", "tokenizers", "numpy", "gguf", "requests", "filelock"),
    *("site", "sitecustomize", "usercustomize", "runpy", "course_lib", "flash_attn", "pandas"),
)


@pytest.fixture
def beside(tmp_path, monkeypatch) -> Path:
    """La carpeta de un cuaderno con archivos de nombres desafortunados; es la actual y la primera."""
    folder = tmp_path / "cuadernos del curso"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.py").write_text("raise SystemExit('archivo del alumno')\n")
    monkeypatch.chdir(folder)
    return folder


def run(*arguments: str, folder: Path, **environment: str) -> tuple[int, str]:
    return run_module(arguments, folder / "log.txt", lambda: None, {**os.environ, **environment})


def asks(folder: Path, monkeypatch, code: str, name: str = "pregunta") -> str:
    """Corre `code` en un hijo, como un módulo de una carpeta que está al final de `sys.path`."""
    home = folder / "final"
    home.mkdir(exist_ok=True)
    (home / f"{name}.py").write_text(code)
    monkeypatch.setattr(sys, "path", [*sys.path, str(home)])
    status, said = run(name, folder=folder)
    assert status == 0, said
    return said.strip()


WAYS = {
    "carpeta actual": lambda folder: "",
    "punto": lambda folder: ".",
    "ruta completa": str,
    "con barra": lambda folder: f"{folder}/",
}


FIND = f"""
import importlib.util, json
print(json.dumps({{n: getattr(importlib.util.find_spec(n), "origin", None) for n in {NAMES!r}}}))
"""


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("position", [0, 1], ids=["primera", "segunda"])
def test_files_beside_the_notebook_are_not_imported(way, position, beside, tmp_path, monkeypatch):
    path = [p for p in sys.path if p]
    path.insert(position, WAYS[way](beside))
    monkeypatch.setattr(sys, "path", path)
    monkeypatch.setenv("PYTHONPATH", str(beside))
    found = json.loads(asks(tmp_path, monkeypatch, FIND))
    assert [n for n, origin in found.items() if str(beside) in str(origin)] == []
    absent = [n for n, origin in found.items() if origin is None]
    assert set(absent) <= {"sitecustomize", "usercustomize", "flash_attn"}


def test_pip_runs_beside_unlucky_files(beside, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", ["", str(beside), *sys.path])
    status, said = run("pip", "--version", folder=tmp_path)
    assert status == 0 and said.startswith("pip "), said


def test_files_beside_the_main_program(beside, tmp_path, monkeypatch):
    """`python cuadernos/mi_programa.py` pone su carpeta en sys.path, esté donde esté."""
    monkeypatch.chdir(tmp_path)
    program = str(beside / "mi_programa.py")
    monkeypatch.setattr(sys.modules["__main__"], "__file__", program, raising=False)
    monkeypatch.setattr(sys, "path", [*sys.path, str(beside)])
    code = "import importlib.util; print(importlib.util.find_spec('flash_attn'))"
    assert asks(tmp_path, monkeypatch, code) == "None"


def test_the_whole_path_beside_unlucky_files(beside, served, tmp_path):
    """pip y transformers, de verdad, desde un kernel que ya importó lo suyo."""
    body = (
        "import calendar, filelock, os, packaging.utils, psutil, random, sys, tempfile, tokenize\n"
        "import tqdm.auto\n"
        "from pathlib import Path\n"
        "from course_lib.__main__ import main\n"
        f"os.chdir({str(beside)!r})\n"
        "first = sys.path\n"
        f"first[:0] = ['', {str(beside)!r}, Path({str(beside)!r}), None, b'bytes', 3]\n"
        f"sys.exit(main(['fetch', {NAME!r}]))"
    )
    result = served.run(tmp_path / "cache", body, extra={"PYTHONWARNINGS": "error"})
    assert result.returncode == 0, result.stderr
    assert "alumno" not in result.stderr


@pytest.mark.parametrize("odd", [Path("/nada"), b"/nada", None, 3, ["lista"]], ids=repr)
def test_odd_objects_in_the_path(odd, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [odd, *sys.path, odd])
    status, said = run("pip", "--version", folder=tmp_path)
    assert status == 0, said


def package(folder: Path, name: str, value: str) -> Path:
    """Un paquete de un archivo, instalado en `folder` como lo haría `pip install --target`."""
    (folder / f"{name}-1.0.dist-info").mkdir(parents=True)
    (folder / f"{name}.py").write_text(f"value = {value!r}\n")
    return folder


def test_packages_are_found_wherever_they_are(tmp_path, monkeypatch):
    """Una carpeta de `pip install --target`, un zip y una carpeta suelta con dos puntos en el nombre."""
    target = package(tmp_path / "paquetes", "en_carpeta", "carpeta")
    with zipfile.ZipFile(tmp_path / "paquetes.zip", "w") as archive:
        archive.writestr("en_zip.py", "value = 'zip'\n")
    loose = tmp_path / "suelta: sin instalar"
    loose.mkdir()
    (loose / "suelto.py").write_text("value = 'suelto'\n")
    places = [str(target), str(tmp_path / "paquetes.zip"), *sys.path, str(loose)]
    monkeypatch.setattr(sys, "path", places)
    code = "import en_carpeta, en_zip, suelto\nprint(en_carpeta.value, en_zip.value, suelto.value)"
    assert asks(tmp_path, monkeypatch, code) == "carpeta zip suelto"


def test_a_newer_copy_put_first_is_the_one_used(tmp_path, monkeypatch):
    """Así se instala en el Drive de Colab: una carpeta con paquetes, antes que los del sistema."""
    usual = list(sys.path)
    monkeypatch.setattr(sys, "path", [str(package(tmp_path / "mía", "tqdm", "la mía")), *usual])
    assert asks(tmp_path, monkeypatch, "import tqdm; print(tqdm.value)") == "la mía"
    monkeypatch.setattr(sys, "path", usual)
    code = "import tqdm; print(hasattr(tqdm, 'value'))"
    assert asks(tmp_path, monkeypatch, code, "otra") == "False"


def test_packages_in_the_users_site(tmp_path, monkeypatch):
    """`pip install --user`, con un paquete editable (un archivo .pth) dentro."""
    monkeypatch.setenv("PYTHONUSERBASE", str(tmp_path / "usuario"))
    monkeypatch.setattr(site, "USER_BASE", None)
    monkeypatch.setattr(site, "USER_SITE", None)
    mine = package(Path(site.getusersitepackages()), "del_usuario", "usuario")
    source = tmp_path / "fuentes"
    source.mkdir()
    (source / "editable.py").write_text("value = 'editable'\n")
    (mine / "editable.pth").write_text(f"{source}\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(mine), str(source)])
    code = "import del_usuario, editable; print(del_usuario.value, editable.value)"
    assert asks(tmp_path, monkeypatch, code) == "usuario editable"


def test_the_child_runs_this_course_lib(beside, tmp_path, monkeypatch):
    import course_lib

    code = (
        "import course_lib, importlib.util\n"
        "print(course_lib.__file__, importlib.util.find_spec('catalogue'))"  # ni sus módulos, sueltos
    )
    assert asks(tmp_path, monkeypatch, code) == f"{course_lib.__file__} None"


def test_a_folder_that_no_longer_exists(tmp_path, monkeypatch):
    gone = tmp_path / "borrada"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    status, said = run("pip", "--version", folder=tmp_path)
    assert status == 0, said


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PYTHONWARNINGS", "error"),
        ("PYTHONINSPECT", "1"),
        ("PYTHONSTARTUP", "/nada"),
        ("PYTHONOPTIMIZE", "2"),
    ],
)
def test_settings_of_python_that_would_change_the_child(variable, value, tmp_path):
    status, said = run("pip", "no-existe", folder=tmp_path, **{variable: value})
    assert status == 1 and "unknown command" in said
    status, said = run("pip", "--version", folder=tmp_path, **{variable: value})
    assert status == 0 and said.count("\n") == 1, said
