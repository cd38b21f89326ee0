"""Lo que comparten los dibujos del libro: el marco, el color de cada papel y cómo se escribe un SVG.

Un dibujo hereda el color del texto (`currentColor`) y pinta fondos translúcidos, así que sirve en claro y
en oscuro; se angosta con la página, y lleva siempre un texto que dice lo mismo.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from ..palette import ROLES, rgb

__all__ = ["Diagram", "color", "fill", "frame", "picture"]


@dataclass(frozen=True, repr=False)
class Diagram:
    """Un dibujo: el HTML que se muestra y el texto que dice lo mismo sin verlo."""

    html: str
    alt: str

    def __repr__(self) -> str:
        return self.alt

    def _repr_html_(self) -> str:
        return self.html


def color(role: str) -> str:
    """Devuelve el color de un papel (`palette.ROLES`) para un borde o un trazo: «rgb(…)»."""
    return f"rgb({rgb(_known(role))})"


def fill(role: str, alpha: float = 0.14) -> str:
    """Devuelve el fondo translúcido de un papel, con esa opacidad (`alpha`, de 0 a 1): «rgba(…)»."""
    return f"rgba({rgb(_known(role))}, {alpha:g})"


def frame(body: str, *, title: str, alt: str) -> Diagram:
    """Devuelve un dibujo con el HTML de `body`, `title` al pie y `alt` como su texto: «title. alt».

    >>> frame("<b>x</b>", title="Una equis", alt="Hay una x.")
    Una equis. Hay una x.
    """
    caption = escape(title if title.endswith(("?", "!", "…")) else f"{title}.")
    html = (
        '<figure class="lm-diagram" style="margin:.6rem 0;max-width:46rem;color:inherit;line-height:1.4">'
        f'{body}<figcaption style="margin-top:.4rem">{caption}</figcaption></figure>'
    )
    return Diagram(html, f"{title}. {alt}")


def picture(body: str, *, width: int, height: int, title: str, alt: str) -> Diagram:
    """Devuelve un dibujo con un SVG de `width` por `height` unidades cuyo contenido es `body`.

    Se ve a su tamaño donde cabe y se angosta donde no: con `width` ≤ 420 y letra de 13 unidades se lee en un
    teléfono; uno más ancho se desliza dentro de su marco. El texto toma el color de la página.
    """
    least = "" if width <= 420 else f"min-width:{min(width, 560)}px;"
    drawn = (
        '<div style="overflow-x:auto" tabindex="0">'
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(f"{title}. {alt}", quote=True)}" '
        f'style="width:{width}px;max-width:100%;{least}height:auto;color:inherit" fill="currentColor" '
        f'font-size="13" font-family="inherit">{body}</svg></div>'
    )
    return frame(drawn, title=title, alt=alt)


def _known(role: str) -> str:
    if role not in ROLES:
        raise ValueError(f"«{role}» no es un papel. Los que hay: {', '.join(ROLES)}.")
    return ROLES[role]
