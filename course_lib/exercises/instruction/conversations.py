"""Conversaciones para escribir con la plantilla de Llama 2, y la regla con sus partes sueltas."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from ..core.draws import choose, integer

__all__ = ["Messages", "Rule", "cases"]

Messages = list[dict[str, str]]

SYSTEMS = ("Sé breve.", "  Responde en español.  ", "\nEres guía.\nNo inventes. ", "Usa  voseo")
QUESTIONS = (
    "Hola",
    "  ¿Qué hora es?",
    "¿Y mañana?  ",
    "\nTraduce:\n\n  luz \n",
    "Suma 2  +  2\n",
    " Di «sí»",
)
ANSWERS = ("¡Hola!", " Son las 3. ", "No  sé\n", "\n- uno\n- dos", "Light", "4  ")


@dataclass(frozen=True)
class Rule:
    """La regla; cambiar un campo es equivocarse en una de sus partes."""

    open_turn: str = "<s>[INST] "
    next_turn: str = "<s>[INST] "
    close_question: str = " [/INST]"
    before_answer: str = " "
    close_turn: str = " </s>"
    between: str = ""
    block: str = "<<SYS>>\n{}\n<</SYS>>\n\n"
    outside: bool = False  # el bloque de sistema, delante de la marca que abre la pregunta
    every_turn: bool = False  # el bloque de sistema, en todas las preguntas
    strip_question: bool = True
    strip_answer: bool = True
    strip_first: bool = False  # se limpia la pregunta antes de pegarle el sistema
    strip_system: bool = False

    def write(self, messages: Messages) -> str:
        """El texto de una conversación con esta regla."""
        system = [m["content"] for m in messages if m["role"] == "system"]
        block = "".join(self.block.format(s.strip() if self.strip_system else s) for s in system)
        turns = [message for message in messages if message["role"] != "system"]
        text = ""
        for place, turn in enumerate(turns):
            if turn["role"] == "user":
                here = block if self.every_turn or place == 0 else ""
                text += self._question(turn["content"], here, place == 0)
            else:
                answer = turn["content"].strip() if self.strip_answer else turn["content"]
                text += self.before_answer + answer + self.close_turn
        return text

    def _question(self, question: str, block: str, first: bool) -> str:
        opening = self.open_turn if first else self.between + self.next_turn
        question = question.strip() if self.strip_first else question
        if self.outside:
            return block + opening + question.strip() + self.close_question
        content = (block + question).strip() if self.strip_question else block + question
        return opening + content + self.close_question


def cases(generator: torch.Generator) -> list[tuple[Messages]]:
    """Con y sin sistema, abiertas y cerradas, de una a cuatro preguntas, con espacios en los extremos."""
    fixed = [
        _talk("", "Hola"),
        _talk("", " Hola\n"),
        _talk("", "Hola", " ¡Hola! "),
        _talk("Sé breve.", "Hola"),
        _talk(" Sé breve. ", "  Hola"),
        _talk("", "Hola", "¡Hola!", "¿Qué hora es?"),
        _talk("Sé breve.", "Hola", "¡Hola!", "  ¿Qué hora es?", "Las 3."),
    ]
    sizes = [(0, 1), (1, 2), (1, 3), (0, 4), (1, 5), (1, 6), (0, 7)]
    return [(talk,) for talk in [*fixed, *(_drawn(generator, *size) for size in sizes)]]


def _talk(system: str, *texts: str) -> Messages:
    start = [{"role": "system", "content": system}] if system else []
    roles = ("user", "assistant")
    return start + [{"role": roles[i % 2], "content": text} for i, text in enumerate(texts)]


def _drawn(generator: torch.Generator, system: int, turns: int) -> Messages:
    pools = (QUESTIONS, ANSWERS)
    texts = [choose(generator, pools[i % 2]) for i in range(turns + integer(generator, 0, 1))]
    return _talk(choose(generator, SYSTEMS) if system else "", *texts)
