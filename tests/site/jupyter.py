"""Un JupyterLab con los laboratorios en un cuaderno, sin nada de la configuración de quien corre las pruebas."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Page

from tests.widgets.test_training_lab import FLOOR, sample_points

ROOT = Path(__file__).resolve().parents[2]
LETTERED = """
from course_lib.widgets import attention_lab, beam_lab, temperature_lab
from tests.widgets.samples import lettered
{kind}_lab(lettered("llama", 0), ["abc", "def"])
"""
WRITTEN = """
from course_lib.widgets import templates_lab
from tests.widgets.samples import spelled
templates_lab({"ChatML": spelled()})
"""
SEEN = """
from course_lib.data.scenes import make_scenes
from course_lib.widgets import image_lab
from tests.widgets.samples import seeing
image_lab(seeing(), make_scenes(1, seed=2))
"""
ANSWERED = """
from course_lib.instruction import GemmaTemplate, PlainTemplate
from course_lib.records import Record
from course_lib.widgets import before_after_lab
from tests.widgets.samples import seeing
lms = {"sin marcas": (seeing().lm, PlainTemplate()), "con marcas": (seeing().lm, GemmaTemplate())}
before_after_lab(Record.load("instruction_replies"), shown=1, lms=lms)
"""
TRAINED = f"""
from course_lib.widgets import training_lab
training_lab({sample_points()!r}, floor={FLOOR!r})
"""
TOLD = """
from course_lib.experiments.stories.export import export
from course_lib.widgets import story_lab
from tests.widgets.samples import storyteller
story_lab(["abc"], path=export(storyteller(), "cuentos.bin"))
"""
# Cada celda, y lo que aparece cuando su laboratorio está listo.
CELLS = {
    LETTERED.format(kind=kind): f".lm-{kind} .lm-own:visible"
    for kind in ("temperature", "beam", "attention")
} | {
    WRITTEN: ".lm-templates[data-text]",
    SEEN: ".lm-image-lab[data-scene]",
    ANSWERED: ".lm-before-after .lm-own:visible",
    TRAINED: ".lm-training[data-moment]",
    TOLD: ".lm-view.lm-story[data-state]",
}


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """La dirección del cuaderno, aún sin ejecutar; el servidor guarda lo suyo en `folder`."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "labs.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = folder / "casa"
    environment = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(home), "IPYTHONDIR": str(home)}
    for name in ("CONFIG", "DATA", "RUNTIME"):
        environment[f"JUPYTER_{name}_DIR"] = str(home / name.lower())
    log = folder / "lab.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            _command(port, folder), env=environment, stdout=file, stderr=file, cwd=folder
        )
        try:
            url = f"http://127.0.0.1:{port}/"
            _wait(url, process, log)
            yield url + "lab/tree/labs.ipynb"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _command(port: int, folder: Path) -> list[str]:
    options = {
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "ServerApp.allow_root": True,
        "ServerApp.open_browser": False,
        "IdentityProvider.token": "",
        "LabApp.expose_app_in_browser": True,
        "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    return [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())]


def _wait(url: str, process: subprocess.Popen, log: Path) -> None:
    """Espera a que el servidor conteste; si se cae o no llega a contestar, muestra lo que dijo."""
    for _ in range(120):
        try:
            urllib.request.urlopen(url + "api", timeout=2).close()
            return
        except (urllib.error.URLError, TimeoutError):
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
    raise AssertionError(log.read_text())


def run_all(page: Page, url: str) -> None:
    """Abre el cuaderno, lo ejecuta entero y espera a que todos los laboratorios estén listos."""
    page.goto(url)
    page.wait_for_selector(".jp-Notebook-cell", timeout=90_000)
    page.wait_for_function(
        "jupyterapp.shell.currentWidget?.context?.sessionContext?.session?.kernel?.status === 'idle'",
        timeout=90_000,
    )
    page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")
    for ready in CELLS.values():
        page.wait_for_selector(ready, timeout=120_000)
