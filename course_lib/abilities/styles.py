"""Los estilos de prompt: cómo se pide la respuesta y dónde se la busca en lo que el modelo escribe."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from ..answers import AfterMark, Extraction, FirstLine, normalize
from ..decoding import generate
from ..models import LanguageModel
from .measures import Texts, joined, score_answers
from .task import Item, Task

__all__ = ["Direct", "Prompt", "RankLabels", "TwoCalls", "WorkedSteps", "few_shot_prompt"]

Outputs: TypeAlias = list[tuple[str, ...]]  # por prompt, uno o más textos
Writer: TypeAlias = Callable[[Texts], Outputs]


@dataclass(frozen=True)
class Prompt:
    """Lo que el modelo lee; `cue` son las palabras con que ya empieza su respuesta."""

    prefix: str
    own: str
    cue: str = ""

    @property
    def text(self) -> str:
        """El prompt entero."""
        return joined(self.prefix + self.own, self.cue)

    def chat_text(self, lm: LanguageModel) -> str:
        """Devuelve el prompt en la plantilla de conversación de `lm` (sin ella, `ValueError`), con un solo BOS."""
        if not getattr(lm.tokenizer, "chat_template", None):
            raise ValueError(f"{lm.name} no tiene plantilla de conversación: usa chat=False.")
        turn = [{"role": "user", "content": self.prefix + self.own}]
        text = lm.tokenizer.apply_chat_template(turn, tokenize=False, add_generation_prompt=True)
        if lm.encode(text)[:2] == [lm.bos_token_id] * 2:  # la plantilla y el tokenizer lo escriben
            text = text.removeprefix(lm.tokenizer.bos_token)
        return joined(text, self.cue)


@dataclass(frozen=True)
class Direct:
    """La respuesta, sin más. `extract` la busca; se escriben hasta `max_new_tokens` tokens tras `cue`."""

    extract: Extraction = FirstLine()  # noqa: RUF009  (es un valor inmutable)
    max_new_tokens: int = 16
    cue: str = ""
    writes = True  # si genera texto, y con qué estrategia importa

    def prompt(
        self, task: Task, item: Item, shots: Sequence[Item], instruction: bool = True
    ) -> Prompt:
        """Devuelve el prompt de `item` con los ejemplos `shots` y, si `instruction`, con lo que hay que hacer.

        Que el ítem sea uno de sus propios ejemplos es un `ValueError`.
        """
        if normalize(item.question) in {normalize(shot.question) for shot in shots}:
            raise ValueError(
                f"«{item.question:.60}» es uno de sus propios ejemplos, y el modelo leería su respuesta: quítalo."
            )
        blocks = [task.instruction] if instruction and task.instruction else []
        blocks += [f"{_ask(task, shot)} {self._solve(shot)}" for shot in shots]
        return Prompt("".join(f"{block}\n\n" for block in blocks), _ask(task, item), self.cue)

    def _solve(self, shot: Item) -> str:
        return shot.answer

    def write(self, lm: LanguageModel, task: Task, prompts: Texts, writer: Writer) -> Outputs:
        """Devuelve lo que se contesta a cada prompt; `writer` es quien genera textos."""
        return writer(prompts)


@dataclass(frozen=True)
class RankLabels(Direct):
    """La etiqueta de mayor log P(etiqueta | prompt): el modelo elige y no escribe."""

    writes = False

    def write(self, lm: LanguageModel, task: Task, prompts: Texts, writer: Writer) -> Outputs:
        """Devuelve la etiqueta de cada prompt; una tarea sin etiquetas es un `ValueError`."""
        if not (labels := task.labels):
            raise ValueError(
                f"«{task.title}» no tiene etiquetas entre las que elegir: usa Direct()."
            )
        scores = score_answers(lm, [p for p in prompts for _ in labels], labels * len(prompts))
        values = iter(score.sum_logprob for score in scores)
        return [(max(labels, key=lambda _: next(values)),) for _ in prompts]


@dataclass(frozen=True)
class WorkedSteps(Direct):
    """El desarrollo y, tras la marca de `extract`, la respuesta, como en los ejemplos. Ref.: arXiv:2201.11903."""

    extract: AfterMark = AfterMark("Respuesta:")  # noqa: RUF009
    max_new_tokens: int = 160

    def _solve(self, shot: Item) -> str:
        if not shot.steps:
            raise ValueError(f"A «{shot.question:.60}» le falta el desarrollo: escríbelo en steps.")
        return f"{shot.steps} {self.extract.mark} {shot.answer}"


@dataclass(frozen=True)
class TwoCalls(Direct):
    """Se piensa tras `cue` y una segunda llamada, sin sorteo, sigue tras la marca. Ref.: arXiv:2205.11916."""

    extract: AfterMark = AfterMark("Por lo tanto, la respuesta es")  # noqa: RUF009
    max_new_tokens: int = 160
    cue: str = "Pensemos paso a paso."

    def write(self, lm: LanguageModel, task: Task, prompts: Texts, writer: Writer) -> Outputs:
        """Devuelve, por prompt, cada desarrollo seguido de la marca y de lo que se escribió tras ella."""
        mark = f"\n{self.extract.mark}"
        thoughts = [[task.own_part(t).strip() + mark for t in texts] for texts in writer(prompts)]
        again = [joined(p, t) for p, texts in zip(prompts, thoughts, strict=True) for t in texts]
        ends = iter(generate(lm, again, max_new_tokens=Direct.max_new_tokens, trace=None))
        return [tuple(thought + next(ends).text for thought in texts) for texts in thoughts]


def few_shot_prompt(task: Task, item: Item, k: int, seed: int = 0, order: int = 0) -> Prompt:
    """Devuelve el prompt directo con k ejemplos, los de `Task.examples` con `seed` y `order`."""
    return Direct().prompt(task, item, task.examples(k, seed, order))


def _ask(task: Task, item: Item) -> str:
    return f"{task.question_label}: {item.question}\n{task.answer_label}:"
