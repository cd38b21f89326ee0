"""Paquete del curso: modelos reales, decodificación, prompting y laboratorios.

`import course_lib` es instantáneo: no carga torch, transformers, ipywidgets ni matplotlib.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .notebook import Environment

__version__ = "0.1.0"
__all__ = ["setup_notebook"]


def setup_notebook() -> Environment | None:
    """Prepara el cuaderno. Fuera de Colab no hace nada; en Colab devuelve lo que encontró.

    En Colab activa los controles de terceros y dice qué versiones y qué hardware hay, sin cambiar
    ningún paquete instalado.
    """
    from .notebook import setup

    return setup()
