"""Lo que solo usan autoras, autores y docentes: `python -m tools.NOMBRE`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]  # la raíz del proyecto
