"""La Declaración Universal de Derechos Humanos en español y en inglés: un texto que no se escribió para el curso."""

from __future__ import annotations

from dataclasses import dataclass

from ._jsonl import read_rows

__all__ = ["Article", "load_declaration"]


@dataclass(frozen=True)
class Article:
    """Un artículo de la Declaración: su número y su texto oficial en español y en inglés."""

    article: int
    es: str
    en: str


def load_declaration() -> list[Article]:
    """Devuelve los 30 artículos de la Declaración. Fuente: Naciones Unidas, 1948; ver `declaracion.md`.

    >>> load_declaration()[2].es
    'Todo individuo tiene derecho a la vida, a la libertad y a la seguridad de su persona.'
    """
    return [Article(**row) for row in read_rows("declaracion.jsonl")]
