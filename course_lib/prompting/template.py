"""La plantilla: el paso de un texto a un *prompt* con un hueco para la respuesta.

    [X]. En general la película me pareció [Z].      la plantilla, con sus dos casilleros
    Amé esa película. En general ... pareció [Z].    el prompt: se llenó [X]
    Amé esa película. En general ... pareció buena.  el prompt con una respuesta candidata

Un `Prompt` recuerda de qué parte viene cada letra: plantilla, entrada, respuesta o ejemplo.
Ref.: Liu et al. 2021, arXiv:2107.13586, sección 2.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

__all__ = ["Part", "Prompt", "Template"]

SLOT = re.compile(r"\[([^\[\]\s]+)\]")
SEPARATOR = "\n\n"  # entre un ejemplo y el siguiente
_STRONG = "!?…"


@dataclass(frozen=True)
class Part:
    """Un trozo del prompt y su origen: «plantilla», «entrada», «respuesta» o «ejemplo»."""

    text: str
    source: str


@dataclass(frozen=True)
class Template:
    """Una plantilla con dos casilleros: [X], la entrada, y [Z], la respuesta.

    [Z] puede ir al final, en medio o al principio. Cada casillero aparece una vez.

    Raises:
        ValueError: falta un casillero, sobra o se repite, o [Z] quedó pegado a una palabra.

    >>> Template("[X]. En general la película me pareció [Z].").fill("Amé esa película").text
    'Amé esa película. En general la película me pareció [Z].'
    """

    pattern: str

    def __post_init__(self) -> None:
        if not isinstance(self.pattern, str):
            raise TypeError(
                f"Una plantilla es un texto con [X] y [Z]; llegó {type(self.pattern).__name__}."
            )
        names = SLOT.findall(self.pattern)
        unknown = [name for name in names if name not in ("X", "Z")]
        if unknown:
            raise ValueError(
                f"La plantilla «{self.pattern}» tiene el casillero [{unknown[0]}], que no existe. Solo hay "
                "[X], para el texto de entrada, y [Z], para la respuesta (en mayúscula)."
            )
        for name, what in (("X", "el texto de entrada"), ("Z", "la respuesta")):
            if (count := names.count(name)) != 1:
                problem = "no tiene" if count == 0 else f"repite {count} veces"
                raise ValueError(
                    f"La plantilla «{self.pattern}» {problem} el casillero [{name}]. Debe estar exactamente "
                    f"una vez: ahí va {what}."
                )
        before = self.pattern[: self.pattern.index("[Z]")]
        if before and (before[-1].isalnum() or before.endswith("[X]")):
            raise ValueError(
                f"En «{self.pattern}», [Z] está pegado a lo que lo precede: la respuesta se juntaría con esa "
                "palabra en un mismo token. Deja un espacio antes de [Z]."
            )

    def fill(self, x: str, z: str | None = None) -> Prompt:
        """Devuelve el prompt con `x` en [X] y, si se da, `z` en [Z].

        No duplica la puntuación: «Amé esa película.» en «[X]. En general» deja un solo punto.
        """
        prompt = Prompt(self, _clean(x, "[X]"))
        return prompt if z is None else prompt.answered(z)

    def pieces(self) -> list[str]:
        """Devuelve la plantilla partida en literales y casilleros, en orden.

        >>> Template("Reseña: [X] Es [Z].").pieces()
        ['Reseña: ', '[X]', ' Es ', '[Z]', '.']
        """
        return [piece for piece in re.split(r"(\[[XZ]\])", self.pattern) if piece]

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True)
class Prompt:
    """Una plantilla con su entrada, la respuesta si ya se puso y los ejemplos que la preceden.

    `cut`: cuánto se quitó del final de la entrada para que cupiera en el modelo (0 si nada), en
    `cut_unit`: «palabras», o «letras» donde no hay espacios. `parts`: los trozos con su origen;
    `text`: todo junto, con [Z] si no hay respuesta.
    """

    template: Template
    x: str
    answer: str | None = None
    shots: tuple[Prompt, ...] = ()
    cut: int = 0
    cut_unit: str = "palabras"

    def answered(self, z: str) -> Prompt:
        """Devuelve el mismo prompt con `z` en el casillero [Z]."""
        z = _clean(z, "[Z]")
        if not z:
            raise ValueError("La respuesta está vacía: [Z] necesita al menos una palabra.")
        return replace(self, answer=z)

    def with_input(self, x: str, cut: int = 0, cut_unit: str = "palabras") -> Prompt:
        """Devuelve el mismo prompt (plantilla y ejemplos) con otra entrada.

        Si `x` es una entrada acortada, `cut` dice cuánto se le quitó y `cut_unit`, si son «palabras»
        o «letras».
        """
        return replace(self, x=_clean(x, "[X]"), cut=cut, cut_unit=cut_unit)

    @property
    def removed(self) -> str:
        """Lo que se quitó de la entrada, como «3 palabras»; vacío si nada."""
        if not self.cut:
            return ""
        return f"{self.cut} {self.cut_unit if self.cut > 1 else self.cut_unit.removesuffix('s')}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """Trozos del prompt en orden, cada uno con su origen."""
        examples = tuple(Part(shot.text + SEPARATOR, "ejemplo") for shot in self.shots)
        return examples + tuple(part for part in self._own_parts() if part.text)

    @property
    def text(self) -> str:
        """El prompt completo."""
        return "".join(part.text for part in self.parts)

    def _own_parts(self) -> list[Part]:
        texts = self.template.pieces()
        sources = [{"[X]": "entrada", "[Z]": "respuesta"}.get(t, "plantilla") for t in texts]
        for i, source in enumerate(sources):
            slot = self.x if source == "entrada" else self.answer
            if source == "plantilla" or slot is None:
                continue
            following = texts[i + 1] if i + 1 < len(texts) else ""
            texts[i], following = _meet(slot, following)
            if i + 1 < len(texts):
                texts[i + 1] = following
            if not slot and i > 0 and following[:1] in ("", "\n"):
                texts[i - 1] = texts[i - 1].rstrip(" ")
        return [Part(text, source) for text, source in zip(texts, sources, strict=True)]

    def __repr__(self) -> str:
        note = f", {self.removed} menos" if self.cut else ""
        return f"Prompt({self.text!r}{note})"


def _clean(text: str, slot: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"En el casillero {slot} va un texto; llegó {type(text).__name__}.")
    return text.strip()


def _meet(slot: str, following: str) -> tuple[str, str]:
    """Acuerda la puntuación entre lo que llena un casillero y el literal que lo sigue.

    Gana el signo más fuerte: «bien.» + «.» deja un punto; «¡bien!» + «.», la exclamación; «bien,» +
    «.», el punto. Tras «!», «?» o «…» sí puede ir una coma. Sin texto, el literal pierde su signo.
    """
    if not slot:
        return "", following.lstrip(".,;: ")
    mark = following[:1]
    if not mark or mark not in ".,;:" + _STRONG:
        return slot, following
    last = "…" if slot.endswith("...") else slot[-1]
    if last in _STRONG:
        return slot, following[1:] if mark == "." or mark == last else following
    if last == "." and mark == ".":
        return slot, following[1:]
    return slot.rstrip(".,;:") if last in ".,;:" else slot, following
