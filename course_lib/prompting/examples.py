"""Los ejemplos con etiqueta: pares (texto, etiqueta), en ese orden, y cuándo dos textos son el mismo.

Un par al revés o un ejemplo del prompt que se evalúa también falsean la exactitud sin que nada falle:
aquí se detectan.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from numbers import Integral
from typing import Protocol, TypeAlias

from .candidates import as_list

__all__ = ["Example", "Label", "Labelled", "as_pairs", "check_label", "text_key"]

Label: TypeAlias = str | int


class Labelled(Protocol):
    """Un objeto con `text` y `label`, como `Review` y `Headline`."""

    @property
    def text(self) -> str:
        """El texto que se clasifica."""

    @property
    def label(self) -> Label:
        """Su etiqueta verdadera."""


Example: TypeAlias = tuple[str, Label] | Labelled | Mapping[str, str | int]


def as_pairs(
    examples: Iterable[Example], labels: Collection[Label], name: str
) -> tuple[tuple[str, Label], ...]:
    """Devuelve cada ejemplo como (texto, etiqueta), con una etiqueta de `labels`.

    Un ejemplo es un par (texto, etiqueta), un objeto con `text` y `label`, que se leen por su nombre
    y no por su orden, o un diccionario con esas claves. `name` dice en el error qué lista es.

    Raises:
        TypeError: un ejemplo no es nada de eso, o su texto no es un texto.
        ValueError: una etiqueta no existe, el par está al revés o el texto está vacío.
    """
    return tuple(_checked(*_pair(example), labels) for example in as_list(examples, name))


def check_label(label: object, labels: Collection[Label]) -> Label:
    """Devuelve la etiqueta de `labels` igual a `label`; si no hay, `ValueError` con las que hay."""
    if not _is_label(label, labels):
        known = ", ".join(map(repr, labels))
        raise ValueError(f"No existe la etiqueta {label!r:.60}. Las hay: {known}.")
    return next(known for known in labels if known == label)


def text_key(text: str) -> str:
    """Devuelve lo que dos textos iguales comparten: sin mayúsculas, puntuación ni espacios de más.

    >>> text_key("¡Me  encantó! ") == text_key("me encantó.")
    True
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = "".join(" " if unicodedata.category(c).startswith("P") else c for c in plain).split()
    return " ".join(words or plain.split())  # un texto de puros signos vale por sus signos


def _pair(example: object) -> tuple[object, object]:
    if hasattr(example, "text") and hasattr(example, "label"):
        return example.text, example.label
    if isinstance(example, Mapping) and {"text", "label"} <= example.keys():
        return example["text"], example["label"]
    if isinstance(example, tuple | list) and len(example) == 2:
        text, label = example
        return text, label
    raise TypeError(
        f"Un ejemplo es un par (texto, etiqueta) o tiene .text y .label; llegó {example!r:.60}."
    )


def _checked(text: object, label: object, labels: Collection[Label]) -> tuple[str, Label]:
    if _is_label(text, labels) and not _is_label(label, labels):
        raise ValueError(
            f"El ejemplo ({text!r}, {label!r:.60}) está al revés: {text!r} es una etiqueta y va después del texto. "
            f"Escribe ({label!r:.60}, {text!r})."
        )
    if not isinstance(text, str):
        raise TypeError(
            f"El texto de un ejemplo es un texto; llegó {text!r:.60} ({type(text).__name__})."
        )
    known = check_label(label, labels)
    if not text.strip():
        raise ValueError(f"Un ejemplo con la etiqueta {label!r} tiene el texto vacío: quítalo.")
    return text, known


def _is_label(value: object, labels: Collection[Label]) -> bool:
    return isinstance(value, str | Integral) and value in labels
