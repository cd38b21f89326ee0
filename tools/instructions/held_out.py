"""Los ocho tipos de tarea que nunca se entrenan: cuatro para elegir y cuatro para medir al final.

En cada grupo hay uno de clasificar, uno de extraer, uno de editar y uno de saber una palabra.
"""

from __future__ import annotations

from .kind import Case, Kind, pairs
from .passages import DATES, EMOTIONS, INTENTS, PLACES, REMOVED, REPLACED
from .words import DEMONYMS, JOBS

__all__ = ["KINDS"]


def _mixed(table: tuple[tuple[str, ...], ...], groups: int) -> tuple[Case, ...]:
    """Los casos con las etiquetas alternadas: la tabla las trae por grupos del mismo tamaño."""
    size = len(table) // groups
    return pairs(table[g * size + i] for i in range(size) for g in range(groups))


def _without(sentence: str, word: str) -> str:
    rest = " ".join(part for part in sentence.split() if part.strip(".") != word)
    rest = rest if rest.endswith(".") else rest + "."
    return rest[0].upper() + rest[1:]


KINDS = (
    Kind(
        "emoción",
        "emo",
        (
            "¿Qué emoción expresa la frase: alegría, tristeza, miedo o enojo?",
            "Clasifica la emoción de la frase como alegría, tristeza, miedo o enojo.",
            "Di con una palabra qué siente quien habla: alegría, tristeza, miedo o enojo.",
            "Lee la frase y elige la emoción: alegría, tristeza, miedo o enojo.",
            "Quien dice «{input}», ¿siente alegría, tristeza, miedo o enojo?",
            "Elige una opción (alegría, tristeza, miedo, enojo) para la emoción del texto.",
        ),
        _mixed(EMOTIONS, 4),
        "choose",
    ),
    Kind(
        "extraer fecha",
        "fec",
        (
            "Escribe la fecha que aparece en el texto.",
            "¿Qué fecha se menciona? Copia solo la fecha.",
            "Extrae la fecha: «{input}»",
            "Busca el día y el mes en el texto y cópialos.",
            "Encuentra la fecha y escríbela.",
            "Lee el texto y responde solo con la fecha.",
        ),
        pairs(DATES),
        "choose",
    ),
    Kind(
        "reemplazar palabra",
        "ree",
        (
            "Cambia «{old}» por «{new}» en la oración.",
            "Reemplaza la palabra «{old}» por «{new}».",
            "Copia la oración, pero escribe «{new}» donde dice «{old}».",
            "En el texto, pon «{new}» en lugar de «{old}».",
            "Sustituye «{old}» por «{new}» y devuelve la oración completa.",
            "Reescribe la oración con «{new}» en vez de «{old}».",
        ),
        tuple(
            Case(text.replace(old, new), text, {"old": old, "new": new})
            for text, old, new in REPLACED
        ),
        "choose",
    ),
    Kind(
        "oficio",
        "ofi",
        (
            "¿Cómo se llama la persona que {input}?",
            "Di qué oficio tiene quien {input}.",
            "¿Qué nombre recibe el oficio de una persona que {input}?",
            "Escribe el nombre del oficio: persona que {input}.",
            "Con una palabra, ¿cómo se llama quien {input}?",
            "Si alguien {input}, ¿cuál es su oficio?",
        ),
        pairs(JOBS),
        "choose",
    ),
    Kind(
        "intención",
        "int",
        (
            "Clasifica el mensaje: pregunta, pedido, queja o agradecimiento.",
            "¿El mensaje es una pregunta, un pedido, una queja o un agradecimiento?",
            "Di con una palabra la intención del mensaje: pregunta, pedido, queja o agradecimiento.",
            "Elige la intención de quien escribe (pregunta, pedido, queja, agradecimiento).",
            "Alguien escribió «{input}» ¿Es pregunta, pedido, queja o agradecimiento?",
            "Etiqueta este mensaje como pregunta, pedido, queja o agradecimiento.",
        ),
        _mixed(INTENTS, 4),
        "final",
    ),
    Kind(
        "extraer lugar",
        "lug",
        (
            "Escribe el nombre de la ciudad o el lugar que se menciona.",
            "¿Qué lugar aparece en el texto? Copia solo su nombre.",
            "Extrae el nombre del lugar: «{input}»",
            "¿En qué ciudad o lugar ocurre? Responde solo con el nombre.",
            "Encuentra el lugar y escríbelo.",
            "Copia el nombre de lugar que hay en la oración.",
        ),
        pairs(PLACES),
        "final",
    ),
    Kind(
        "quitar palabra",
        "qui",
        (
            "Quita la palabra «{word}» de la oración.",
            "Copia la oración sin la palabra «{word}».",
            "Borra «{word}» y devuelve la oración.",
            "Elimina «{word}» del texto.",
            "Reescribe la oración sin usar «{word}».",
            "Devuelve la misma oración, pero sin «{word}».",
        ),
        tuple(Case(_without(text, word), text, {"word": word}) for text, word in REMOVED),
        "final",
    ),
    Kind(
        "gentilicio",
        "gen",
        (
            "¿Cómo se le dice a una persona de {input}?",
            "Escribe el gentilicio de {input}.",
            "¿Cuál es el gentilicio de {input}?",
            "Una persona nacida en {input} es… Completa con una palabra.",
            "¿Qué gentilicio corresponde a {input}? Responde con una palabra.",
            "Gentilicio de {input}:",
        ),
        pairs(DEMONYMS),
        "final",
    ),
)
