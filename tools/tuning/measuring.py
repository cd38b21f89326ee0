"""Cómo se mide un modelo antes y después de ajustarlo: una función por tabla, que devuelve sus filas."""

from __future__ import annotations

from collections.abc import Sequence

from course_lib.abilities import Direct, evaluate, follow
from course_lib.data import load_constrained_prompts
from course_lib.instruction import (
    MASKED,
    ChatMLTemplate,
    ChatTemplate,
    Example,
    GemmaTemplate,
    Llama2Template,
    PlainTemplate,
    Replies,
    load_examples,
    reply,
    token_ranks,
)
from course_lib.models import LanguageModel
from course_lib.records import Row
from course_lib.scoring import score_ids

from ..abilities.choices import task
from ..loaded import loaded
from .runs import BASE

__all__ = [
    "BASE",
    "CONTEXT_WAYS",
    "SHOTS",
    "TUNED",
    "WAYS",
    "constraints",
    "context",
    "judged",
    "ranks",
    "replies",
    "surprise",
]

TUNED = "gemma-270m-instruct-es"
SMOLLM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
SHOTS = ("nom-01", "neg-01", "pal-13")  # de tres tipos de tarea: extraer, transformar y responder

# Cada manera de preguntar: el modelo, la plantilla y si van antes los tres ejemplos.
WAYS: dict[str, tuple[str, ChatTemplate, bool]] = {
    "base": (BASE, PlainTemplate(), False),
    "base con tres ejemplos": (BASE, PlainTemplate(), True),
    "base con la plantilla": (BASE, GemmaTemplate(), False),
    "ajustado": (TUNED, GemmaTemplate(), False),
    "ajustado sin plantilla": (TUNED, PlainTemplate(), False),
    "ajustado con la de Llama 2": (TUNED, Llama2Template(), False),
    "smollm2-135m-instruct": (
        "smollm2-135m-instruct",
        ChatMLTemplate(default_system=SMOLLM),
        False,
    ),
    "qwen2.5-coder-0.5b-instruct": ("qwen2.5-coder-0.5b-instruct", ChatMLTemplate(), False),
    "qwen2.5-coder-1.5b-instruct": ("qwen2.5-coder-1.5b-instruct", ChatMLTemplate(), False),
}
CONTEXT_WAYS = (False, True)  # el mismo prompt que el base, o en su plantilla


def shots() -> tuple[Example, ...]:
    """Devuelve los tres ejemplos que van antes de la pregunta."""
    by_id = {example.id: example for example in load_examples("train")}
    return tuple(by_id[name] for name in SHOTS)


def judged(found: Replies) -> Row:
    """Devuelve las columnas con que se juzga cada respuesta."""
    return {
        "n": len(found),
        "right": [int(r.right) for r in found],
        "first_line": [int(r.first_line_right) for r in found],
        "stopped": [int(r.stopped) for r in found],
        "repeats": [int(r.repeats) for r in found],
        "outputs": [r.output for r in found],
    }


def surprise(lm: LanguageModel, asked: Sequence[Example]) -> Row:
    """Devuelve lo que le cuesta a `lm` la respuesta deseada de cada ejemplo: nats en total y número de tokens."""
    pairs = []
    for example in asked:
        whole = GemmaTemplate().encode(lm.tokenizer, example.messages())
        ids = list(whole.input_ids)
        trained = [i for i, label in enumerate(whole.labels) if label != MASKED]
        pairs.append((ids[: trained[0]], ids[trained[0] : trained[-1] + 1]))
    scores = score_ids(lm, pairs)
    return {
        "nats": [round(-score.sum_logprob, 3) for score in scores],
        "tokens": [len(answer) for _, answer in pairs],
    }


def replies(way: str, split: str, count: int | None = None) -> Row:
    """Devuelve lo que se contesta de la manera `way` a los ejemplos de `split`, o a los `count` primeros."""
    model, template, with_shots = WAYS[way]
    asked = load_examples(split)[:count]
    before = shots() if with_shots else ()
    found = reply(loaded(model), asked, template, shots=before)
    ids = [example.id for example in asked]
    return {"way": way, "model": model, "split": split, "ids": ids, **judged(found)}


def constraints(count: int | None = None) -> list[Row]:
    """Devuelve lo que el modelo ajustado contesta a las instrucciones del capítulo 4 y en qué falla."""
    lm = loaded(TUNED)
    return [
        {
            "id": one.asked.id,
            "kind": one.asked.constraint.kind,
            "output": one.output,
            "kept": one.kept,
            "problem": one.problem,
        }
        for one in follow(lm, load_constrained_prompts()[:count], chat=True)
    ]


def context(model: str, name: str, k: int, chat: bool) -> Row:
    """Devuelve los aciertos en una tarea del capítulo 4 con `k` ejemplos; `chat`, si va en la plantilla."""
    lm = loaded(model)
    found = evaluate(lm, task(name), Direct(max_new_tokens=8), k, chat=chat, strict=False)
    return {
        "model": model,
        "task": name,
        "k": k,
        "chat": chat,
        "n": found.n,
        "right": [int(row.right) for row in found.rows],
        "outputs": [row.outputs[0] for row in found.rows],
    }


def ranks(ids: Sequence[str], outputs: Sequence[str]) -> list[Row]:
    """Devuelve el puesto que da el modelo base a cada token de lo que escribió el ajustado, con su cierre."""
    base, template = loaded(BASE), GemmaTemplate()
    by_id = {example.id: example for example in load_examples("choose") + load_examples("final")}
    rows = []
    for name, output in zip(ids, outputs, strict=True):
        asked = by_id[name].messages()[:1]
        prompt = template.encode(base.tokenizer, asked).input_ids
        answer = base.encode(f"{output}<end_of_turn>", add_bos=False)
        found = token_ranks(base, prompt, answer)
        rows.append({"id": name, "tokens": base.token_strings(answer), "ranks": found})
    return rows
