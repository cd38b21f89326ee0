"""Responder con una plantilla y juzgar: si acertó, si se detuvo y si se limitó a repetir lo que se le pidió."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from ..answers import FirstLine, normalize
from ..data.instructions import Example, Message
from ..decoding import generate
from ..models import LanguageModel
from .templates import ChatTemplate

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Replies", "Reply", "reply", "token_ranks"]


@dataclass(frozen=True)
class Reply:
    """Lo que el modelo contestó a un ejemplo; `stopped`, si lo terminó él (y no el máximo de tokens)."""

    example: Example
    output: str
    stopped: bool

    @property
    def right(self) -> bool:
        """Si la respuesta entera es la deseada."""
        return self.example.accepts(self.output)

    @property
    def first_line_right(self) -> bool:
        """Si lo es su primera línea, aunque después siga."""
        return self.example.accepts(FirstLine().extract(self.output) or "")

    @property
    def repeats(self) -> bool:
        """Si la respuesta trae dentro la instrucción, palabra por palabra."""
        return normalize(self.example.instruction) in normalize(self.output)


class Replies(tuple[Reply, ...]):
    """Respuestas, en orden, que saben mostrarse."""

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con un renglón por ejemplo."""
        import pandas as pd

        columns = ["tipo", "instrucción", "deseada", "respuesta", "acierta", "se detiene"]
        rows = [
            (r.example.kind, r.example.prompt, r.example.output, r.output, r.right, r.stopped)
            for r in self
        ]
        return pd.DataFrame(rows, columns=columns)


def reply(
    lm: LanguageModel,
    examples: Sequence[Example],
    template: ChatTemplate,
    *,
    shots: Sequence[Example] = (),
    max_new_tokens: int = 48,
) -> Replies:
    """Devuelve lo que `lm` contesta a cada ejemplo, sin sorteo.

    `shots`: ejemplos resueltos que van antes, como turnos de la misma conversación. `max_new_tokens`: lo que se
    escribe a lo sumo. Si la plantilla tiene una marca de comienzo de turno y el modelo la escribe, ahí se corta.
    """
    before: list[Message] = [message for shot in shots for message in shot.messages()]
    prompts = [
        list(template.encode(lm.tokenizer, [*before, example.messages()[0]]).input_ids)
        for example in examples
    ]
    found = generate(lm, prompts, max_new_tokens=max_new_tokens, trace=None)
    return Replies(
        Reply(example, _cut(g.text, template), g.sequences[0].finish_reason == "eos")
        for example, g in zip(examples, found, strict=True)
    )


def _cut(text: str, template: ChatTemplate) -> str:
    return (text.split(template.turn)[0] if template.turn else text).strip()


def token_ranks(lm: LanguageModel, prompt: Sequence[int], answer: Sequence[int]) -> list[int]:
    """Devuelve el puesto de cada token de `answer` para `lm` tras `prompt`: 1 es el que él habría escrito.

    Los ids son enteros del vocabulario de `lm`, y ninguno de los dos puede estar vacío. Ref.: Lin et al. 2023,
    arXiv:2312.01552.
    """
    if not prompt or not answer:
        raise ValueError(
            "Faltan tokens: hace falta al menos uno en el prompt y uno en la respuesta."
        )
    state = lm.prefill(torch.tensor([list(prompt)]))
    logits = [state.logits[:, None]]
    if len(answer) > 1:
        logits.append(lm.step(torch.tensor([list(answer[:-1])]), state))
    scores = torch.cat(logits, 1)[0]  # (T, V)
    own = scores.gather(1, torch.tensor(answer, device=scores.device)[:, None])
    return [1 + int(n) for n in (scores > own).sum(1)]
