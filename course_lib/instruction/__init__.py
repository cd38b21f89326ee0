"""Ajuste fino de instrucciones: del ejemplo a la plantilla, a los ids y etiquetas, al ajuste y a las respuestas.

Orden de lectura: el ejemplo (`data/instructions`), templates, encoded, finetune y replies.
"""

from ..data.instructions import SPLITS, Example, Message, load_examples
from .encoded import MASKED, Encoded, pad
from .finetune import Finetuned, answer_loss, finetune
from .replies import Replies, Reply, reply, token_ranks
from .templates import (
    ChatMLTemplate,
    ChatTemplate,
    GemmaTemplate,
    Llama2Template,
    Piece,
    PlainTemplate,
)

__all__ = [
    "MASKED",
    "SPLITS",
    "ChatMLTemplate",
    "ChatTemplate",
    "Encoded",
    "Example",
    "Finetuned",
    "GemmaTemplate",
    "Llama2Template",
    "Message",
    "Piece",
    "PlainTemplate",
    "Replies",
    "Reply",
    "answer_loss",
    "finetune",
    "load_examples",
    "pad",
    "reply",
    "token_ranks",
]
