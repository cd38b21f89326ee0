"""Evaluar: preguntar cada ítem, guardar lo que el modelo escribió y contar los aciertos."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ..answers import majority_vote
from ..decoding import Greedy, Strategy, generate
from ..metrics import Measurement, proportion
from ..models import LanguageModel
from ..show import number
from .measures import Texts, check
from .styles import Direct, Outputs
from .task import Item, Task

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Evaluation", "Row", "evaluate", "grade"]


@dataclass(frozen=True)
class Row:
    """Un ítem: su prompt, lo que se escribió (uno o más textos), la respuesta de cada uno y la más votada."""

    item: Item
    prompt: str = field(repr=False)
    outputs: tuple[str, ...]
    answers: tuple[str | None, ...]
    answer: str | None
    right: bool


@dataclass(frozen=True, repr=False)
class Evaluation(Measurement):
    """La exactitud en una tarea y lo que pasó con cada ítem. `settings` dice cómo se preguntó."""

    task: Task
    style: Direct
    rows: tuple[Row, ...]
    settings: Mapping[str, Any]

    @property
    def accuracy(self) -> float:
        """Exactitud: proporción de aciertos."""
        return self.value

    @property
    def without_answer(self) -> float:
        """Proporción de textos en los que no se halló ninguna respuesta."""
        answers = [answer for row in self.rows for answer in row.answers]
        return answers.count(None) / len(answers)

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con una fila por texto escrito."""
        import pandas as pd

        columns = ["id", "pregunta", "correcta", "respuesta", "acierto", "salida", "prompt"]
        rows = [
            (row.item.id, row.item.question, row.item.answer, answer, row.right, text, row.prompt)
            for row in self.rows
            for text, answer in zip(row.outputs, row.answers, strict=True)
        ]
        return pd.DataFrame(rows, columns=columns)

    def __repr__(self) -> str:
        kind = "" if self.chance else " (respuesta abierta)"
        how = ", ".join(f"{name} = {value}" for name, value in self.settings.items())
        missing = number(self.without_answer, 2)
        return f"Evaluation({self.task.title}: {super().__repr__()}{kind}, sin respuesta {missing}; {how})"


def evaluate(
    lm: LanguageModel,
    task: Task,
    style: Direct = Direct(),  # noqa: B008  (es un valor inmutable)
    k: int = 0,
    *,
    items: Iterable[Item] | None = None,
    instruction: bool = True,
    chat: bool = False,
    strategy: Strategy = Greedy(),  # noqa: B008
    max_new_tokens: int | None = None,
    seed: int = 0,
    order: int = 0,
    strict: bool = True,
) -> Evaluation:
    """Devuelve la evaluación de `lm` en `task`, preguntando con `style` y k ejemplos, los mismos para todos.

    `items`: los que se preguntan (todos, si se omite). `instruction`: si se dice qué hacer. `seed`: de los ejemplos
    y del sorteo; `order`, el de `Task.examples`. `chat`: si se pregunta en la plantilla de conversación. Con
    `strategy=Sampling(num_return_sequences=n)`, cada ítem se contesta n veces y gana la mayoría. `max_new_tokens`:
    los del estilo, si se omite. `strict`: el de `grade`.
    """
    task = task if items is None else replace(task, items=tuple(items))
    shots = task.examples(k, seed, order)
    prompts = [style.prompt(task, item, shots, instruction) for item in task.items]
    texts = [prompt.chat_text(lm) if chat else prompt.text for prompt in prompts]
    new = style.max_new_tokens if max_new_tokens is None else max_new_tokens

    def writer(given: Texts) -> Outputs:
        found = generate(lm, list(given), strategy, max_new_tokens=new, seed=seed, trace=None)
        return [tuple(one.text for one in generation.sequences) for generation in found]

    settings = {"modelo": lm.name, "style": style, "k": k, "instruction": instruction, "seed": seed}
    settings |= {"order": order, "chat": chat}
    settings |= {"strategy": strategy, "max_new_tokens": new} if style.writes else {}
    outputs = style.write(lm, task, texts, writer)
    return grade(task, texts, outputs, style, strict=strict, settings=settings)


def grade(
    task: Task,
    prompts: Texts,
    outputs: Sequence[Texts],
    style: Direct = Direct(),  # noqa: B008
    *,
    strict: bool = True,
    settings: Mapping[str, Any] | None = None,
) -> Evaluation:
    """Devuelve la evaluación de textos ya escritos con `style`, uno o más por ítem, sin usar ningún modelo.

    La respuesta se busca en `task.own_part(texto)`. Con `strict`, que no esté en ninguno es un `ValueError`.
    `settings` se guarda tal cual.
    """
    check(outputs, task.items)
    rows = []
    for item, prompt, texts in zip(task.items, prompts, outputs, strict=True):
        answers = tuple(style.extract.extract(task.own_part(text)) for text in texts)
        answer = majority_vote(answers)
        rows.append(Row(item, prompt, tuple(texts), answers, answer, item.accepts(answer)))
    if strict and all(row.answer is None for row in rows):
        raise ValueError(
            f"{style.extract!r} no halló ninguna respuesta. La primera salida es {outputs[0][0]!r:.120}: mira qué se escribe y "
            "cambia extract o max_new_tokens; o, si no contestar también es un resultado, usa strict=False."
        )
    exact = proportion("exactitud", [row.right for row in rows], task.chance)
    given = settings or {}
    return Evaluation(**vars(exact), task=task, style=style, rows=tuple(rows), settings=given)
