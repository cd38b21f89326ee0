"""Laboratorio de plantillas: el texto exacto que lee un modelo, y qué le falta a uno hecho a mano.

Se escribe una conversación y se ve su texto, con lo que solo se lee y lo que se entrena. El navegador sigue
las reglas de `instruction/templates.py`; los tokens son de Python: viajan los de unas conversaciones, y con un
kernel se calculan los de cualquiera.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import traitlets

from ..data.instructions import Message
from ..instruction.encoded import MASKED
from ..instruction.templates import ChatMLTemplate, ChatTemplate, GemmaTemplate, Llama2Template
from ..models import LanguageModel
from .base import Lab, Progress, View, compact, dropdown, source, table
from .templates_mistakes import mistakes

__all__ = ["CONVERSATIONS", "TEMPLATES", "TemplatesView", "templates_data", "templates_lab"]

SMOLLM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
TEMPLATES: Mapping[str, ChatTemplate] = {
    "Llama 2": Llama2Template(),
    "ChatML": ChatMLTemplate(default_system=SMOLLM),
    "Gemma": GemmaTemplate(),
}
KINDS = {Llama2Template: "llama2", ChatMLTemplate: "chatml", GemmaTemplate: "gemma"}
BOXES = {"system": "system", "user": "user", "assistant": "answer"}  # papel: rasgo de su cuadro
LARGEST = 60_000  # bytes


def _conversation(user: str, answer: str = "", system: str = "") -> list[Message]:
    said: list[Message] = [
        {"role": "system", "content": system},
        {"role": "user", "content": user},
        {"role": "assistant", "content": answer},
    ]
    return [message for message in said if message["content"]]


CONVERSATIONS: Mapping[str, Sequence[Message]] = {
    "con sistema": _conversation(
        "¿De qué color es el cielo despejado?", "Azul", "Responde con una sola palabra."
    ),
    "sin sistema": _conversation("¿Cuál es la capital de Perú?", "Lima"),
    "sin respuesta: le toca al modelo": _conversation("Escribe el antónimo de «bajo»."),
    "instrucción y entrada": _conversation(
        "Di qué emoción expresa la frase: alegría, tristeza, miedo o enojo.\n\n"
        "Se me cayó el helado recién comprado.",
        "Tristeza",
    ),
    "respuesta de varias líneas": _conversation(
        "Nombra tres frutas, una por línea.", "manzana\npera\nuva"
    ),
    "espacios de sobra": _conversation("  ¡Hola!  ", " ¡Hola! ¿En qué te ayudo? ", " Sé amable. "),
}


def templates_data(
    models: Mapping[str, LanguageModel],
    conversations: Mapping[str, Sequence[Message]] = CONVERSATIONS,
) -> dict[str, Any]:
    """Devuelve los datos del laboratorio: con ellos el navegador escribe y compara sin Python.

    `models`: {plantilla: modelo cuyo tokenizer da sus tokens}, con los nombres de `TEMPLATES`; de una que no
    esté solo se cuentan caracteres. `conversations`: {nombre: conversación de un turno}. De cada una y cada
    modelo viajan sus tokens, [texto, id, 1 si se entrena o 0], como los da `Template.encode`.

    Raises:
        ValueError: no hay conversaciones, una no es de un turno o trae una marca, un nombre de `models` no es
            de una plantilla, o los datos pesan más de 60 kB.
    """
    unknown = [name for name in models if name not in TEMPLATES]
    if unknown:
        raise ValueError(
            f"`models` trae «{unknown[0]}», que no es una plantilla. Hay: {', '.join(TEMPLATES)}."
        )
    if not conversations:
        raise ValueError("`conversations` está vacío: el laboratorio necesita al menos una.")
    for name, messages in conversations.items():
        _check(name, messages)
    data = {
        "templates": [_described(name, models.get(name)) for name in TEMPLATES],
        "examples": [
            {"name": name, "messages": list(messages)}
            | {"tokens": [_tokens(key, models, messages) for key in TEMPLATES]}
            for name, messages in conversations.items()
        ],
    }
    size = len(compact(data).encode())
    if size > LARGEST:
        raise ValueError(
            f"Los datos ocupan {size // 1000} kB y en la página caben {LARGEST // 1000}: pasa menos "
            "conversaciones, o más cortas."
        )
    return data


def _check(name: str, messages: Sequence[Message]) -> None:
    roles = [message["role"] for message in messages]
    if roles not in (["user"], ["user", "assistant"]) and (
        roles not in (["system", "user"], ["system", "user", "assistant"])
    ):
        raise ValueError(
            f"La conversación «{name}» trae los papeles {roles}. Aquí se escribe un solo turno: un system "
            "opcional, un user y un assistant opcional."
        )
    if not all(message["content"] for message in messages):
        raise ValueError(
            f"La conversación «{name}» trae un mensaje vacío: quítalo, que un cuadro vacío ya es no decir nada."
        )
    for template in TEMPLATES.values():
        template.render(messages)


def _described(name: str, lm: LanguageModel | None) -> dict[str, Any]:
    template = TEMPLATES[name]
    kind = KINDS[type(template)]
    default = template.default_system if isinstance(template, ChatMLTemplate) else None
    return {
        "name": name,
        "kind": kind,
        "bos": template.bos,
        "eos": template.eos,
        "marks": [mark for mark in (*template.marks, template.bos, template.eos) if mark],
        "default_system": default,
        "model": lm and lm.name,
        "mistakes": [mistake._asdict() for mistake in mistakes(kind, default)],
    }


def _tokens(
    name: str, models: Mapping[str, LanguageModel], messages: Sequence[Message]
) -> list[list[Any]] | None:
    """Los tokens de la conversación con la plantilla `name`, o None si no hay modelo para ella."""
    lm = models.get(name)
    if lm is None:
        return None
    encoded = TEMPLATES[name].encode(lm.tokenizer, messages)
    texts = lm.token_strings(encoded.input_ids)
    trained = [int(label != MASKED) for label in encoded.labels]
    return [list(row) for row in zip(texts, encoded.input_ids, trained, strict=True)]


class TemplatesView(View):
    """Vista del laboratorio. Solo le pide a Python, si lo hay, los tokens de lo que se escribe."""

    _esm = source("chat_text.js", "templates.js")
    _css = source("templates.css")
    template = traitlets.Int(0).tag(sync=True)
    example = traitlets.Int(0).tag(sync=True)
    system = traitlets.Unicode("").tag(sync=True)
    user = traitlets.Unicode("").tag(sync=True)
    answer = traitlets.Unicode("").tag(sync=True)
    mistake = traitlets.Int(0).tag(sync=True)
    attempt = traitlets.Unicode(None, allow_none=True).tag(sync=True)  # None: la del error elegido


def templates_lab(
    models: Mapping[str, LanguageModel],
    conversations: Mapping[str, Sequence[Message]] = CONVERSATIONS,
) -> Lab:
    """Devuelve el laboratorio de plantillas; `models` y `conversations` son los de `templates_data`.

    Muestra el texto exacto de una conversación, por trozos, y compara con él uno escrito a mano.
    """
    data = templates_data(models, conversations)

    def answer(text: str) -> Iterator[Progress]:
        asked = json.loads(text)  # {"template": su nombre, "messages": la conversación}
        tokens = _tokens(asked["template"], models, asked["messages"])
        yield Progress(1, 1, asked | {"tokens": tokens})

    view = TemplatesView(data, answer)
    for message in data["examples"][0]["messages"]:
        setattr(view, BOXES[message["role"]], message["content"])
    controls = {
        "template": dropdown("plantilla", list(TEMPLATES)),
        "example": dropdown("ejemplo", list(conversations)),
    }
    with_tokens = ", ".join(models) or "ninguna"
    summary = (
        f"Laboratorio de plantillas: {', '.join(TEMPLATES)}; {len(conversations)} conversaciones "
        f"(con tokens: {with_tokens})"
    )
    return Lab(view, controls, _fallback(conversations), summary)


def _fallback(conversations: Mapping[str, Sequence[Message]]) -> str:
    """Devuelve las tablas que se leen sin JavaScript: cada conversación con cada plantilla."""
    parts = []
    for name, template in TEMPLATES.items():
        rows = []
        for title, messages in conversations.items():
            pieces = template.pieces(messages)
            trained = "".join(piece.text for piece in pieces if piece.trained) or "—"
            whole = "".join(piece.text for piece in pieces)
            rows.append((title, whole.replace("\n", "↵"), trained.replace("\n", "↵")))
        parts.append(table(f"Plantilla {name}", ("ejemplo", "texto exacto", "se entrena"), rows))
    return "".join(parts)
