"""Escribe en constraints.txt la versión de todo lo instalado en el entorno, también lo indirecto.

    python -m tools.lock            # o `make lock`, después de cambiar requirements.txt

`make env` instala con esas versiones, y así el entorno es el mismo en otra máquina y otro día. Solo hay
nombres y versiones: ni direcciones, ni huellas, ni la variante de torch (+cpu, +cu130), que depende del
índice desde el que se instala.
"""

from __future__ import annotations

import importlib.metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from . import ROOT
from .recording import write_atomically

__all__ = ["CONSTRAINTS", "REQUIREMENTS", "installed", "main", "pinned"]

REQUIREMENTS, CONSTRAINTS = ROOT / "requirements.txt", ROOT / "constraints.txt"
HEADER = (
    "# La versión de cada paquete del entorno, también los indirectos. Lo escribe `make lock`.\n"
)
# el proyecto mismo y lo que trae todo entorno
OURS = {"course-lib", "pip", "setuptools", "wheel"}


def installed() -> dict[str, str]:
    """Devuelve {paquete: versión} de lo instalado en este entorno, en orden alfabético."""
    found = {
        canonicalize_name(distribution.name): Version(distribution.version).public
        for distribution in importlib.metadata.distributions()
    }
    return {name: found[name] for name in sorted(found) if name not in OURS}


def pinned(path: Path = REQUIREMENTS) -> dict[str, str]:
    """Devuelve {paquete: versión} de un archivo, `path`, en el que cada línea es «paquete==versión».

    Raises:
        ValueError: una línea pide otra cosa, como una cota o una dirección.
    """
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        requirement = Requirement(text)
        versions = [s.version for s in requirement.specifier if s.operator == "=="]
        if len(versions) != 1 or str(requirement.specifier) != f"=={versions[0]}":
            raise ValueError(
                f"«{text}» no fija una versión en {path.name}: escribe «paquete==versión»."
            )
        found[canonicalize_name(requirement.name)] = versions[0]
    return found


def main() -> None:
    """Escribe constraints.txt y dice cuántos paquetes fija."""
    versions = installed()
    lines = "".join(f"{name}=={version}\n" for name, version in versions.items())
    write_atomically(CONSTRAINTS, HEADER + lines)
    print(f"{CONSTRAINTS.name}: {len(versions)} paquetes")


if __name__ == "__main__":
    main()
