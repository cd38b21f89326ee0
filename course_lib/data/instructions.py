"""El ejemplo: una instrucción, una entrada opcional y la salida deseada, como en la lámina.

    instruction  Di qué emoción expresa la frase: alegría, tristeza, miedo o enojo.
    input        Se me cayó el helado recién comprado.
    output       Tristeza

Los del curso viven en `course_lib/data`, con su ficha, `instrucciones.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypedDict

from ..answers import normalize
from ._jsonl import read_rows

__all__ = ["SPLITS", "Example", "Message", "load_examples"]

SPLITS = ("train", "choose", "final")
_FILES = {"instrucciones_curadas.jsonl": True, "instrucciones_generadas.jsonl": False}


class Message(TypedDict):
    """Un turno de una conversación: quién habla y qué dice. Es el mismo diccionario que en transformers."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Example:
    """Una instrucción, su entrada (`input`, vacía si no hace falta) y la salida deseada.

    Los del curso traen además `kind`, la clase de tarea; `id`; `curated`, si se escribió uno a uno, y
    `also`, otras salidas igual de correctas. Lanza `ValueError` si falta la instrucción o la salida.

    >>> Example("Escribe el antónimo.", "bajo", input="alto").prompt
    'Escribe el antónimo.\\n\\nalto'
    """

    instruction: str
    output: str
    input: str = ""
    kind: str = ""
    id: str = ""
    curated: bool = False
    also: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, text in (("instrucción", self.instruction), ("salida", self.output)):
            if not text.strip():
                raise ValueError(
                    f"Un ejemplo necesita una instrucción y una salida, y la {name} llegó vacía. Sin ellas "
                    "no hay qué pedir o no hay qué aprender."
                )

    @property
    def prompt(self) -> str:
        """Lo que dice el usuario: la instrucción y, si la hay, la entrada tras una línea en blanco."""
        return f"{self.instruction}\n\n{self.input}" if self.input else self.instruction

    def messages(self, system: str = "") -> list[Message]:
        """Devuelve la conversación del ejemplo; `system`, si no está vacío, es su primer mensaje."""
        start: list[Message] = [{"role": "system", "content": system}] if system else []
        return [
            *start,
            {"role": "user", "content": self.prompt},
            {"role": "assistant", "content": self.output},
        ]

    def accepts(self, answer: str) -> bool:
        """Dice si `answer` es la salida deseada u otra de `also`, sin mirar mayúsculas ni los signos de
        los extremos (`answers.normalize`).

        >>> Example("¿Qué emoción es?", "Tristeza", input="Lloré.").accepts("tristeza.")
        True
        """
        return normalize(answer) in {normalize(text) for text in (self.output, *self.also)}


def load_examples(split: str | None = None) -> tuple[Example, ...]:
    """Devuelve los ejemplos del curso, o solo los de un `split`; ningún tipo de tarea está en dos.

    «train» es para entrenar; «choose», para elegir entre entrenamientos; «final» se mide una vez.
    Lanza `ValueError` si `split` no es uno de ellos. Fuente: textos del curso, `instrucciones.md`.

    >>> sorted({example.kind for example in load_examples("choose")})
    ['emoción', 'extraer fecha', 'oficio', 'reemplazar palabra']
    """
    if split is not None and split not in SPLITS:
        raise ValueError(
            f"Llegó split={split!r}, pero los ejemplos solo tienen tres partes: «train», para entrenar; "
            "«choose», para elegir, y «final», para medir una vez. Usa una de ellas, o None para todos."
        )
    return tuple(example for part, example in _rows() if split in (None, part))


def _rows() -> Iterator[tuple[str, Example]]:
    for name, curated in _FILES.items():
        for row in read_rows(name):
            part, also = row.pop("split"), tuple(row.pop("also", ()))
            yield part, Example(**row, curated=curated, also=also)
