"""Los tipos de tarea que transforman un texto o copian algo de él."""

from __future__ import annotations

import unicodedata

from . import sentences as s
from .kind import Case, Kind, pairs
from .passages import NAMES, READING
from .verbs import FUTURE, WE

__all__ = ["KINDS", "without_accents"]


def without_accents(text: str) -> str:
    """Devuelve `text` sin tildes ni diéresis; la «ñ» queda."""
    parts = (c if c in "ñÑ" else unicodedata.normalize("NFD", c)[0] for c in text)
    return "".join(parts)


def _word_at() -> tuple[Case, ...]:
    cases = []
    for i, sentence in enumerate(s.WORD_AT):
        which, place = (("última", -1), ("primera", 0))[i % 2]
        cases.append(Case(sentence.split()[place], sentence, {"which": which}))
    return tuple(cases)


KINDS = (
    Kind(
        "mayúsculas",
        "mys",
        (
            "Escribe todo el texto en mayúsculas.",
            "Pasa a mayúsculas: «{input}»",
            "Reescribe la oración usando solo letras mayúsculas.",
            "Convierte este texto a mayúsculas.",
            "Necesito este aviso con todas las letras mayúsculas.",
            "Pon en mayúsculas la frase «{input}»",
        ),
        tuple(Case(text.upper(), text) for text in s.UPPER),
    ),
    Kind(
        "minúsculas",
        "mns",
        (
            "Escribe todo en minúsculas.",
            "Pasa a minúsculas: «{input}»",
            "Reescribe el texto sin ninguna mayúscula.",
            "Convierte la oración a letras minúsculas.",
            "Alguien escribió con las mayúsculas trabadas. Ponlo en minúsculas.",
            "Quiero «{input}» en minúsculas.",
        ),
        tuple(Case(text.lower(), text.upper()) for text in s.LOWER),
    ),
    Kind(
        "tildes",
        "til",
        (
            "Agrega las tildes que faltan.",
            "Pon las tildes en la oración: «{input}»",
            "Corrige la acentuación del texto.",
            "Este texto no tiene tildes. Escríbelo con ellas.",
            "Reescribe la oración con todas sus tildes.",
            "Acentúa bien esta oración.",
        ),
        tuple(Case(text, without_accents(text)) for text in s.ACCENTS),
    ),
    Kind(
        "puntuación",
        "pun",
        (
            "Pon la mayúscula inicial y el punto final.",
            "Escribe bien esta oración: le faltan la mayúscula y el punto.",
            "Corrige la mayúscula y el punto de «{input}»",
            "Arregla el comienzo y el final de la oración.",
            "A esta oración le falta empezar con mayúscula y terminar con punto. Corrígela.",
            "Devuelve el texto con mayúscula al comienzo y punto al final.",
        ),
        tuple(Case(text, text[0].lower() + text[1:-1]) for text in s.PUNCTUATION),
    ),
    Kind(
        "ortografía",
        "ort",
        (
            "Corrige la falta de ortografía.",
            "Hay una palabra mal escrita. Reescribe la oración sin el error.",
            "Corrige: «{input}»",
            "Revisa la ortografía y devuelve la oración corregida.",
            "Escribe correctamente esta oración.",
            "Una palabra tiene un error. Copia la oración con la palabra bien escrita.",
        ),
        tuple(
            Case(text.replace("_", right), text.replace("_", wrong))
            for text, wrong, right in s.SPELLING
        ),
    ),
    Kind(
        "negar",
        "neg",
        (
            "Pasa la oración a forma negativa.",
            "Escribe la oración diciendo que no.",
            "Convierte «{input}» en una oración negativa.",
            "Niega la siguiente oración.",
            "Di lo contrario agregando la palabra «no».",
            "Transforma esta afirmación en una negación.",
        ),
        tuple(Case(text.replace("*", "no "), text.replace("*", "")) for text in s.NEGATED),
    ),
    Kind(
        "futuro",
        "fut",
        (
            "Pasa la oración al futuro.",
            "Escribe en tiempo futuro: «{input}»",
            "Cambia el verbo al futuro.",
            "Esto ocurre hoy. Escríbelo como algo que ocurrirá.",
            "Reescribe la oración con el verbo en futuro simple.",
            "¿Cómo se dice «{input}» en futuro?",
        ),
        pairs(FUTURE),
    ),
    Kind(
        "de yo a nosotros",
        "nos",
        (
            "Cambia el sujeto de «yo» a «nosotros».",
            "Reescribe la oración con «nosotros».",
            "Pasa la oración a la primera persona del plural.",
            "Escribe lo mismo, pero hablando en nombre de varias personas.",
            "Cambia yo por nosotros en esta oración: «{input}»",
            "Pon en plural el sujeto y el verbo.",
        ),
        pairs(WE),
    ),
    Kind(
        "primera o última palabra",
        "pup",
        (
            "Escribe la {which} palabra de la oración.",
            "¿Cuál es la {which} palabra de «{input}»?",
            "Copia solo la {which} palabra.",
            "Di la {which} palabra del texto y nada más.",
            "Extrae la {which} palabra de esta oración.",
            "Lee la oración y responde: ¿cuál es su {which} palabra?",
        ),
        _word_at(),
    ),
    Kind(
        "lectura",
        "lec",
        (
            "Responde la pregunta según el texto.",
            "Lee y contesta con pocas palabras.",
            "Lee el texto y responde lo que se pregunta.",
            "Contesta usando solo lo que dice el texto.",
            "Busca la respuesta en el texto.",
            "Responde brevemente la pregunta del final.",
        ),
        pairs(READING),
    ),
    Kind(
        "extraer nombre",
        "nom",
        (
            "Escribe el nombre de la persona que se menciona.",
            "¿Qué persona aparece en el texto? Escribe solo su nombre.",
            "Extrae el nombre propio de persona: «{input}»",
            "¿De quién habla la oración? Copia solo el nombre.",
            "Encuentra el nombre de la persona y escríbelo.",
            "Copia el nombre de persona que hay en el texto.",
        ),
        pairs(NAMES),
    ),
)
