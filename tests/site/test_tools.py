"""Las herramientas con que las órdenes de make preparan el sitio."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site.building import ROOT
from tools import toc


def find_chromium(**environment: str) -> subprocess.CompletedProcess:
    command = [sys.executable, ROOT / "tools" / "chromium.py"]
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def executable(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_chromium_comes_first_from_the_variable(tmp_path):
    chosen = executable(tmp_path / "mi-navegador", "exit 0")
    executable(tmp_path / "chromium", "exit 0")
    done = find_chromium(CHROMIUM=str(chosen), PATH=str(tmp_path))
    assert done.stdout.strip() == str(chosen)


def test_chromium_is_found_in_path_and_impostors_are_not(tmp_path):
    executable(tmp_path / "chromium", "exit 1")
    real = executable(tmp_path / "chromium-browser", "exit 0")
    assert find_chromium(PATH=str(tmp_path)).stdout.strip() == str(real)


@pytest.mark.parametrize(
    ("environment", "said"),
    [({"CHROMIUM": "/no/existe"}, "CHROMIUM apunta a"), ({}, "make test CHROMIUM=")],
)
def test_a_missing_chromium_is_explained(tmp_path, environment, said):
    done = find_chromium(PATH=str(tmp_path), **environment)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_toc_lists_the_pages_in_order(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "dos.ipynb").touch()
    listed = tmp_path / "_toc.yml"
    listed.write_text(
        "root: book/index\nparts:\n- chapters:\n  - file: book/uno\n    sections:\n"
        "    - file: book/dos\n- chapters:\n  - file: book/tres\n",
        encoding="utf-8",
    )
    assert toc.pages(listed) == ["book/index", "book/uno", "book/dos", "book/tres"]
    assert toc.notebooks(listed) == [tmp_path / "book" / "dos.ipynb"]


def test_every_page_in_the_toc_exists():
    assert [page for page in toc.pages() if not list(ROOT.glob(f"{page}.*"))] == []


def test_lock_pins_what_package_asks_and_names_no_address():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    locked = json.loads(text)["packages"]
    asked = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    wanted = asked["dependencies"] | asked["devDependencies"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("integrity" in entry for name, entry in locked.items() if name)
    assert "resolved" not in text and "http" not in text
