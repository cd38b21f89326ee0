"""Los colores del curso y qué significa cada uno: los mismos en dibujos, figuras, laboratorios y tarjetas.

Un color nunca es lo único que distingue: cada cosa lleva además su nombre, su forma o su trazo. Los ocho colores
sirven de relleno y de trazo sobre cualquier fondo; para letras hay un tono más oscuro y uno más claro de cada uno.
"""

from __future__ import annotations

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ON_DARK",
    "ON_LIGHT",
    "ORANGE",
    "PINK",
    "PURPLE",
    "ROLES",
    "SLATE",
    "TEAL",
    "rgb",
]

BLUE, ORANGE, GREY, GREEN = "#1f6fb2", "#d1610a", "#7a7a7a", "#2e8b57"
PINK, TEAL, PURPLE, SLATE = "#b0125f", "#0f8a7e", "#8a63d2", "#64748b"

#: El tono de cada color con que se escribe sobre blanco o sobre el gris claro de una tarjeta.
ON_LIGHT = {
    BLUE: "#1a6099",
    ORANGE: "#954607",
    GREY: "#5d5d5d",
    GREEN: "#226942",
    PINK: "#b0125f",
    TEAL: "#0c685f",
    PURPLE: "#6f3ec7",
    SLATE: "#505e70",
}

#: El tono de cada color con que se escribe en el modo oscuro.
ON_DARK = {
    BLUE: "#72b1e6",
    ORANGE: "#f69346",
    GREY: "#acacac",
    GREEN: "#42c17a",
    PINK: "#f389bd",
    TEAL: "#15bfae",
    PURPLE: "#b8a0e4",
    SLATE: "#a1acbb",
}

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
