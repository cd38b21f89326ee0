"""Lo que cambia entre Colab y un Jupyter local, en un solo lugar."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from dataclasses import dataclass

__all__ = ["Environment", "describe", "in_colab", "setup"]


def in_colab() -> bool:
    """Dice si este proceso es un kernel de Colab."""
    return "google.colab" in sys.modules


@dataclass(frozen=True)
class Environment:
    """Lo que hay en la máquina donde corre el cuaderno; se muestra como una línea de texto."""

    gpu: str | None
    versions: dict[str, str]

    def __repr__(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        hardware = f"GPU {self.gpu}" if self.gpu else "sin GPU (todo funciona en CPU, más despacio)"
        return f"Colab: {hardware}. {versions}."


def setup() -> Environment | None:
    """Fuera de Colab no hace nada (None); en Colab devuelve el entorno encontrado."""
    if not in_colab():
        return None
    from google.colab import output

    output.enable_custom_widget_manager()
    return describe()


def describe() -> Environment:
    """Devuelve la GPU, si la hay, y las versiones de los paquetes que el curso usa."""
    import torch

    gpu = torch.cuda.get_device_name(0) if torch.cuda.is_available() else None
    names = [n for n in ("torch", "transformers", "ipywidgets") if importlib.util.find_spec(n)]
    return Environment(gpu, {name: importlib.metadata.version(name) for name in names})
