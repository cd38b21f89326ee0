"""Escribe la ruta de un Chromium para las pruebas del sitio y, si puede, lo instala.

El orden es $CHROMIUM, el que esté en PATH y el paquete `chromium` de apt (solo como root).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
HELP = (
    "Las pruebas del sitio necesitan un Chromium y no se encontró ninguno. Instálalo con el gestor "
    "de paquetes de tu sistema (en Debian: sudo apt-get install chromium) o indica dónde está, por "
    "ejemplo: make test CHROMIUM=/opt/chromium/chrome"
)


def main() -> None:
    """Escribe la ruta o termina con un mensaje que dice qué hacer."""
    chosen = os.environ.get("CHROMIUM")
    if chosen and not _runs(chosen):
        sys.exit(f"CHROMIUM apunta a «{chosen}», que no se puede ejecutar. Corrígelo o bórralo.")
    path = chosen or _find() or _install()
    if path is None:
        sys.exit(HELP)
    print(path)


def _find() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and _runs(path)), None)


def _runs(path: str) -> bool:
    """Descarta los atajos que solo invitan a instalar el navegador por otra vía."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install() -> str | None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return None
    for command in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        subprocess.run(["apt-get", *command], check=True, stdout=sys.stderr)
    return _find()


if __name__ == "__main__":
    main()
