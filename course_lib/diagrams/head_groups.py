"""Las cabezas de una capa: muchas consultas, menos claves y valores, y una matriz que las junta."""

from __future__ import annotations

from .base import Diagram, picture
from .pen import arrow, box, label

__all__ = ["head_groups"]

_WIDTH = 400


def head_groups(heads: int, groups: int, head_dim: int, *, title: str) -> Diagram:
    """Devuelve el dibujo de `heads` cabezas de consulta que se reparten `groups` claves y valores; `title`, al pie.

    `head_dim` es el ancho de cada cabeza. Si `groups` no divide a `heads`, o hay más de 12 cabezas, `ValueError`.

    >>> head_groups(4, 2, 8, title="Cabezas")
    Cabezas. 4 cabezas de consulta de ancho 8; 2 claves y 2 valores por token: cada uno sirve a 2 cabezas. Las 4 mezclas, una al lado de la otra, miden 32.
    """
    if not 1 <= groups <= heads <= 12 or heads % groups:
        raise ValueError(
            f"Con {heads} cabezas y {groups} grupos no hay dibujo: los grupos dividen a las cabezas, que son "
            "12 como mucho."
        )
    each, shared, total = _WIDTH / heads, heads // groups, heads * head_dim
    rows = [
        label(0, 14, f"consultas: {heads} × {head_dim}", anchor="start", bold=True),
        *_row(22, heads, 1, "q", "pasos"),
        label(
            0, 82, f"claves y valores: {groups} × {head_dim} cada uno", anchor="start", bold=True
        ),
        *_row(90, groups, shared, "k, v", "pasos"),
        label(0, 158, f"mezclas: {heads} × {head_dim}", anchor="start", bold=True),
        *_row(166, heads, 1, "", "conservado"),
        *(arrow(each * (i + 0.5), 50, each * (i + 0.5), 68) for i in range(heads)),
        *(arrow(each * (i + 0.5), 120, each * (i + 0.5), 142) for i in range(heads)),
        arrow(_WIDTH / 2, 194, _WIDTH / 2, 216),
        box(60, 217, 280, 30, f"Wₒ: {total} × {total}", role="entrenado"),
    ]
    alt = (
        f"{heads} cabezas de consulta de ancho {head_dim}; {groups} claves y {groups} valores por token: cada "
        f"uno sirve a {shared} cabezas. Las {heads} mezclas, una al lado de la otra, miden {total}."
    )
    return picture("".join(rows), width=_WIDTH, height=252, title=title, alt=alt)


def _row(top: float, count: int, span: int, name: str, role: str) -> list[str]:
    """Una fila de `count` cajas; cada una abarca `span` cabezas."""
    width = _WIDTH / count
    return [
        box(
            width * i + 2,
            top,
            width - 4,
            28,
            f"{name}{i}" if span == 1 else f"{name} {i}",
            role=role,
        )
        for i in range(count)
    ]
