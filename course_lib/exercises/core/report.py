"""Cómo se muestra lo que dice un ejercicio: en texto y en una caja que sirve en claro y oscuro.

La caja solo usa estilos en línea, hereda el color del texto y pinta un fondo translúcido: se ve
igual en Jupyter, en Colab y en el sitio, en modo claro u oscuro.
"""

from __future__ import annotations

import re
from html import escape

__all__ = ["box", "details", "inline", "plain", "section"]

BOX = (
    "border-left:.35rem solid {color};background:rgba(128,128,128,.1);border-radius:.3rem;"
    "padding:.6rem 1rem;margin:.3rem 0;max-width:46rem;line-height:1.5;color:inherit"
)
CODE = "font-family:ui-monospace,monospace;font-size:.92em"
BLOCK = f"{CODE};white-space:pre-wrap;overflow-wrap:anywhere;margin:.15rem 0 0;display:block"
COLORS = {"correcto": "#15803d", "incorrecto": "#c2410c", "pendiente": "#64748b", "info": "#2563eb"}


def inline(text: str) -> str:
    """HTML seguro de un texto, con `código` entre acentos graves.

    >>> inline("usa `a < b`")
    'usa <span style="font-family:ui-monospace,monospace;font-size:.92em">a &lt; b</span>'
    """
    return re.sub(r"`([^`]+)`", rf'<span style="{CODE}">\1</span>', escape(text))


def box(kind: str, title: str, *parts: str) -> str:
    """Caja HTML de un tipo (`correcto`, `incorrecto`, `pendiente`, `info`) con título y partes."""
    style = BOX.format(color=COLORS[kind])
    head = f'<div style="font-weight:600">{inline(title)}</div>'
    return f'<div class="lm-box" style="{style}">{head}{"".join(parts)}</div>'


def section(label: str, text: str, *, code: bool = False) -> str:
    """Párrafo con rótulo; con `code`, el texto va tal cual, en letra de máquina."""
    style = BLOCK if code else ""
    body = escape(text) if code else inline(text).replace("\n", "<br>")
    open_tag = f'<span style="{style}">' if style else "<span>"
    head = f"<strong>{escape(label)}.</strong> " if label else ""
    return f'<div style="margin-top:.45rem">{head}{open_tag}{body}</span></div>'


def details(summary: str, text: str) -> str:
    """Texto que se abre con un clic y no necesita Python detrás."""
    return (
        f'<details style="margin-top:.45rem"><summary style="cursor:pointer">{inline(summary)}'
        f'</summary><div style="margin:.25rem 0 0 1rem">{inline(text)}</div></details>'
    )


def plain(title: str, *parts: tuple[str, str]) -> str:
    """El mismo contenido en texto: el título y, debajo, cada par (rótulo, texto) sangrado.

    >>> print(plain("Título", ("Idea", "una línea")))
    Título
      Idea: una línea
    """
    lines = [title]
    for label, text in parts:
        first, *rest = text.split("\n")
        lines.append(f"  {label}: {first}".rstrip() if label else f"  {first}")
        lines += [f"    {line}" for line in rest]
    return "\n".join(lines)
