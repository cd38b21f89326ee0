"""Crea `.venv` e instala en él lo que fijan requirements.txt y, para lo indirecto, constraints.txt.

Se ejecuta con el Python del sistema, así que solo usa la biblioteca estándar. La llama `make env`; con
`--unlocked`, como la llama `make lock`, lo indirecto queda libre.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "instalado"
OLDEST = (3, 11)  # el que pide transformers


def main() -> None:
    """Deja el entorno al día, o termina con un mensaje que dice qué hacer."""
    if sys.version_info < OLDEST:
        sys.exit(
            f"El curso necesita Python {OLDEST[0]}.{OLDEST[1]} o posterior y este es "
            f"{sys.version.split()[0]}. Indica otro así: make env PYTHON=python3.12"
        )
    if not _works():
        _create()
    locked = () if "--unlocked" in sys.argv else ("--constraint", "constraints.txt")
    _pip("install", *locked, "--requirement", "requirements.txt")
    _pip("install", "--no-deps", "--editable", str(ROOT))
    STAMP.touch()


def _works() -> bool:
    """Dice si ya hay un entorno con pip: uno a medio crear se vuelve a crear."""
    if not PYTHON.exists():
        return False
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def _create() -> None:
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command).returncode == 0:
        return
    # Debian y Ubuntu reparten `venv` en un paquete aparte.
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(
            "No se pudo crear el entorno .venv: a este Python le falta el módulo venv. "
            f"Instálalo (en Debian y Ubuntu: sudo apt-get install {package}) y repite la orden."
        )
    subprocess.run(["apt-get", "update", "-qq"], check=True)
    subprocess.run(["apt-get", "install", "-y", "-qq", package], check=True)
    subprocess.run(command, check=True)


def _pip(*arguments: str) -> None:
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, cwd=ROOT)
    if done.returncode:
        sys.exit("pip no pudo instalar el entorno; el motivo está en las líneas anteriores.")


if __name__ == "__main__":
    main()
