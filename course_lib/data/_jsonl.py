"""Lectura de los JSONL del curso: una línea, un ejemplo."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

__all__ = ["read_rows"]


def read_rows(name: str) -> list[dict[str, Any]]:
    """Devuelve las filas del archivo `name` de esta carpeta, en su orden."""
    lines = (files(__package__) / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
