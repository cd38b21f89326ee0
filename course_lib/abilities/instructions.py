"""Seguir instrucciones: pedir algo con una restricción y comprobar, con código, si se cumplió."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..data import ConstrainedPrompt
from ..decoding import generate
from ..models import LanguageModel
from .styles import Prompt

__all__ = ["Followed", "follow"]

_ASK, _ANSWER = "Instrucción:", "Respuesta:"


@dataclass(frozen=True)
class Followed:
    """Lo que el modelo contestó a una instrucción y en qué falla (`problem`; None si cumple)."""

    asked: ConstrainedPrompt
    output: str
    problem: str | None

    @property
    def kept(self) -> bool:
        """Si cumple la restricción."""
        return self.problem is None


def follow(
    lm: LanguageModel,
    prompts: Sequence[ConstrainedPrompt],
    *,
    chat: bool,
    max_new_tokens: int = 64,
) -> list[Followed]:
    """Devuelve lo que `lm` contesta a cada instrucción, sin sorteo, y si cumple su restricción.

    Con `chat`, la instrucción va sola en la plantilla de conversación del modelo; sin él, entre «Instrucción:» y
    «Respuesta:», y se corta donde el modelo inventa otra. `max_new_tokens`: lo que se escribe a lo sumo.
    """
    texts = [
        Prompt("", p.prompt).chat_text(lm) if chat else f"{_ASK} {p.prompt}\n{_ANSWER}"
        for p in prompts
    ]
    found = generate(lm, texts, max_new_tokens=max_new_tokens, trace=None)
    written = [g.text if chat else g.text.split(f"\n{_ASK}")[0] for g in found]
    outputs = [text.strip() for text in written]
    return [
        Followed(asked, output, asked.constraint.check(output))
        for asked, output in zip(prompts, outputs, strict=True)
    ]
