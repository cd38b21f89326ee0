"""Los colores del curso y qué significa cada uno: los mismos en dibujos, figuras, laboratorios y tarjetas.

Un color nunca es lo único que distingue: cada cosa lleva además su nombre, su forma o su trazo.
"""

from __future__ import annotations

__all__ = ["BLUE", "GREEN", "GREY", "ORANGE", "PINK", "PURPLE", "ROLES", "SLATE", "TEAL", "rgb"]

BLUE, ORANGE, GREY, GREEN = "#1f6fb2", "#d1610a", "#7a7a7a", "#2e8b57"
PINK, TEAL, PURPLE, SLATE = "#b0125f", "#0f8a7e", "#8a63d2", "#64748b"

#: Qué significa cada color en todo el libro.
ROLES = {
    "entrada": BLUE,
    "plantilla": PURPLE,
    "ejemplo": SLATE,
    "pasos": TEAL,
    "respuesta": ORANGE,
    "conservado": GREEN,
    "descartado": GREY,
    "entrenado": PINK,
    "quieto": SLATE,
}


def rgb(color: str) -> str:
    """Devuelve los tres números de un color «#rrggbb», como los pide `rgba(…)` de CSS.

    >>> rgb("#1f6fb2")
    '31, 111, 178'
    """
    if len(color) != 7 or not color.startswith("#"):
        raise ValueError(f"Un color se escribe «#rrggbb» y llegó «{color}».")
    return ", ".join(str(int(color[i : i + 2], 16)) for i in (1, 3, 5))
