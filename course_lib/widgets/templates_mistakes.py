"""Los errores con que se suele escribir a mano una plantilla, para el laboratorio de plantillas."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Mistake", "mistakes"]


class Mistake(NamedTuple):
    """Un error: donde el texto exacto dice `find` (con `last`, la última vez), dice `write`.

    `{system}` es el mensaje de sistema; `why`, la consecuencia. Sin `find` en el texto no puede cometerse.
    """

    name: str
    find: str
    write: str
    why: str
    last: bool = False


NO_BOS = (
    "Si el tokenizer tampoco la agrega, falta el token con que empezaban todos los textos del entrenamiento, y "
    "algunos modelos, como Gemma, escriben sin sentido."
)
TWO_BOS = (
    "Pasa cuando la plantilla escribe la marca y el tokenizer agrega otra: tokeniza con "
    "add_special_tokens=False."
)
NO_CLOSING = "Nada dice dónde termina ese mensaje. Si es la respuesta que se entrena, el modelo no aprende a detenerse."
WRONG_ROLE = "El modelo aprendió a responder tras otra palabra: ese papel no es de su plantilla."
NO_BREAK = (
    "Los tokens cambian: el modelo siempre vio el papel, un salto de línea y después el mensaje."
)
NOT_OPENED = "Nada dice que es el turno del modelo: puede seguir escribiendo la pregunta."

LLAMA2 = (
    Mistake("sin <s> al comienzo", "<s>", "", NO_BOS),
    Mistake("con dos <s>", "<s>", "<s><s>", TWO_BOS),
    Mistake(
        "sin espacio tras [INST]",
        "[INST] ",
        "[INST]",
        "La primera palabra suele dividirse en otros tokens que con el espacio.",
    ),
    Mistake(
        "con un solo salto tras <</SYS>>",
        "<</SYS>>\n\n",
        "<</SYS>>\n",
        "El sistema y la pregunta iban siempre separados por una línea en blanco.",
    ),
    Mistake(
        "con el sistema fuera de [INST]",
        "[INST] <<SYS>>\n{system}\n<</SYS>>\n\n",
        "<<SYS>>\n{system}\n<</SYS>>\n\n[INST] ",
        "En Llama 2 el sistema es parte de la primera pregunta, no un turno aparte.",
    ),
    Mistake("sin </s> al final", "</s>", "", NO_CLOSING, last=True),
)
GEMMA = (
    Mistake("sin <bos> al comienzo", "<bos>", "", NO_BOS),
    Mistake("con dos <bos>", "<bos>", "<bos><bos>", TWO_BOS),
    Mistake(
        "con assistant en lugar de model",
        "<start_of_turn>model",
        "<start_of_turn>assistant",
        WRONG_ROLE,
    ),
    Mistake("sin salto tras el papel", "<start_of_turn>user\n", "<start_of_turn>user ", NO_BREAK),
    Mistake(
        "con un turno system",
        "<start_of_turn>user\n{system}\n\n",
        "<start_of_turn>system\n{system}<end_of_turn>\n<start_of_turn>user\n",
        "Gemma 3 no tiene ese papel: el sistema va delante de la primera pregunta.",
    ),
    Mistake("sin el último <end_of_turn>", "<end_of_turn>", "", NO_CLOSING, last=True),
    Mistake("sin abrir la respuesta", "<start_of_turn>model\n", "", NOT_OPENED),
)


def mistakes(kind: str, default_system: str | None = None) -> tuple[Mistake, ...]:
    """Devuelve los errores de la plantilla `kind`: «llama2», «chatml» o «gemma».

    `default_system`: el sistema de fábrica, que también se olvida; None, no lo tiene.

    >>> [mistake.name for mistake in mistakes("llama2")][0]
    'sin <s> al comienzo'
    """
    return {"llama2": LLAMA2, "chatml": _chatml(default_system), "gemma": GEMMA}[kind]


def _chatml(default_system: str | None) -> tuple[Mistake, ...]:
    forgotten = Mistake(
        "sin el sistema de fábrica",
        f"<|im_start|>system\n{default_system}<|im_end|>\n",
        "",
        "La plantilla publicada lo pone siempre que no hay otro.",
    )
    return (
        Mistake(
            "con model en lugar de assistant",
            "<|im_start|>assistant",
            "<|im_start|>model",
            WRONG_ROLE,
        ),
        Mistake("sin salto tras el papel", "<|im_start|>user\n", "<|im_start|>user ", NO_BREAK),
        Mistake(
            "sin salto entre turnos",
            "<|im_end|>\n<|im_start|>assistant",
            "<|im_end|><|im_start|>assistant",
            "Tras cada cierre el modelo vio siempre un salto de línea.",
        ),
        *([forgotten] if default_system is not None else []),
        Mistake("sin el último <|im_end|>", "<|im_end|>", "", NO_CLOSING, last=True),
        Mistake("sin abrir la respuesta", "<|im_start|>assistant\n", "", NOT_OPENED),
    )
