"""Ajuste fino de instrucciones: del ejemplo al texto de la plantilla, y de ahí a ids y etiquetas.

Orden de lectura: el ejemplo (`data/instructions`), templates y encoded.
"""

from ..data.instructions import SPLITS, Example, Message, load_examples
from .encoded import MASKED, Encoded, pad
from .finetune import Finetuned, answer_loss, finetune
from .templates import ChatMLTemplate, ChatTemplate, GemmaTemplate, Llama2Template, Piece

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
    "answer_loss",
    "finetune",
    "load_examples",
    "pad",
]
