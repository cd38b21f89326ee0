"""Ejercicio: la plantilla de Llama 2."""

from __future__ import annotations

from ..core.exercise import Exercise, Misconception, Property
from .conversations import Messages, Rule, cases

__all__ = ["EXERCISE"]


def reference(messages: Messages) -> str:
    """Cada pregunta entre <s>[INST] y [/INST], cada respuesta cerrada por </s>."""
    return Rule().write(messages)


def _count(messages: Messages, role: str) -> int:
    return sum(message["role"] == role for message in messages)


def one_start_per_question(text: str, messages: Messages) -> str | None:
    """Cada pregunta abre con <s> y cada respuesta cierra con </s>."""
    for mark, role, name in (("<s>", "user", "Preguntas"), ("</s>", "assistant", "Respuestas")):
        found, wanted = text.count(mark), _count(messages, role)
        if found != wanted:
            return f"{name}: {wanted}; «{mark}» en tu texto: {found}."
    return None


def ends_where_it_should(text: str, messages: Messages) -> str | None:
    """Termina en [/INST] si falta responder, y en </s> si no."""
    role = messages[-1]["role"]
    end = " [/INST]" if role == "user" else " </s>"
    if text.endswith(end):
        return None
    return f"El último mensaje es de {role} y el texto termina en {text[-12:]!r}, no en {end!r}."


def says_everything_in_order(text: str, messages: Messages) -> str | None:
    """Todos los mensajes están, en orden."""
    place = 0
    for number, message in enumerate(messages):
        found = text.find(message["content"].strip(), place)
        if found < 0:
            return f"No encuentro el mensaje {number} ({message['role']}) en su lugar."
        place = found + len(message["content"].strip())
    return None


def _last_question_only(messages: Messages) -> str:
    """Sin historia: el sistema y lo que sigue a la última pregunta."""
    last = max(i for i, message in enumerate(messages) if message["role"] == "user")
    return reference([m for m in messages[:last] if m["role"] == "system"] + messages[last:])


def _closes_an_open_one(messages: Messages) -> str:
    open_ended = messages[-1]["role"] == "user"
    return reference(messages) + (" </s>" if open_ended else "")


def _opens_another(messages: Messages) -> str:
    closed = messages[-1]["role"] == "assistant"
    return reference(messages) + ("<s>[INST] " if closed else "")


def _wrong(name: str, explanation: str, rule: Rule) -> Misconception:
    return Misconception(name, explanation, rule.write)


MISCONCEPTIONS = (
    _wrong(
        "Falta el espacio antes de `</s>`",
        "La respuesta lleva un espacio a cada lado: ` respuesta </s>`.",
        Rule(close_turn="</s>"),
    ),
    _wrong(
        "Falta el espacio antes de la respuesta",
        "Entre `[/INST]` y la respuesta va un espacio, que es parte de la respuesta: si falta "
        "responder, el texto termina justo en `[/INST]`.",
        Rule(before_answer=""),
    ),
    _wrong(
        "Un espacio después de `[/INST]`",
        "Ese espacio se escribe junto con la respuesta. Si aún no la hay, el texto termina justo en "
        "`[/INST]`: en la mayoría de los tokenizadores el espacio es parte de la palabra que viene.",
        Rule(close_question=" [/INST] ", before_answer=""),
    ),
    _wrong(
        "Algo entre `</s>` y `<s>`",
        "Entre el cierre de una respuesta y el comienzo de la pregunta siguiente no hay nada, ni un "
        "salto de línea.",
        Rule(between="\n"),
    ),
    _wrong(
        "Algo entre `</s>` y `<s>`",
        "Entre el cierre de una respuesta y el comienzo de la pregunta siguiente no hay nada, ni un "
        "espacio.",
        Rule(between=" "),
    ),
    _wrong(
        "Un solo `<s>`",
        "Cada pregunta, con su respuesta, va entre su propio `<s>` y su `</s>`: también la segunda.",
        Rule(next_turn="[INST] "),
    ),
    _wrong(
        "Sin `<s>`",
        "Cada pregunta empieza con `<s>`, el token de comienzo.",
        Rule(open_turn="[INST] ", next_turn="[INST] "),
    ),
    _wrong(
        "Sin `</s>`",
        "Cada respuesta se cierra con ` </s>`: es lo que enseña al modelo a detenerse.",
        Rule(close_turn=""),
    ),
    _wrong(
        "Faltan los espacios de `[INST]`",
        "Dentro de `[INST]` y `[/INST]` la pregunta lleva un espacio a cada lado.",
        Rule(open_turn="<s>[INST]", next_turn="<s>[INST]", close_question="[/INST]"),
    ),
    _wrong(
        "Nada se limpió",
        "A cada pregunta y a cada respuesta se le quitan los espacios de los extremos, con `strip`.",
        Rule(strip_question=False, strip_answer=False),
    ),
    _wrong(
        "La pregunta no se limpió",
        "También a las preguntas se les quitan los espacios de los extremos.",
        Rule(strip_question=False),
    ),
    _wrong(
        "La respuesta no se limpió",
        "También a las respuestas se les quitan los espacios de los extremos.",
        Rule(strip_answer=False),
    ),
    _wrong(
        "Limpiaste antes de pegar el sistema",
        "Primero se pega el bloque de sistema a la primera pregunta y después se limpia la suma: los "
        "espacios que abren esa pregunta quedan adentro, y se conservan.",
        Rule(strip_first=True),
    ),
    _wrong(
        "Limpiaste el mensaje de sistema",
        "El mensaje de sistema se copia tal cual, con sus espacios: lo que se limpia es la suma, y él "
        "queda adentro.",
        Rule(strip_system=True),
    ),
    _wrong(
        "Limpiaste cada parte",
        "Ni el mensaje de sistema ni la primera pregunta se limpian por separado, sino su suma: los "
        "espacios que quedan adentro se conservan.",
        Rule(strip_first=True, strip_system=True),
    ),
    _wrong(
        "Falta una línea en blanco tras `<</SYS>>`",
        "Después de `<</SYS>>` van dos saltos de línea, y uno antes.",
        Rule(block="<<SYS>>\n{}\n<</SYS>>\n"),
    ),
    _wrong(
        "El sistema quedó fuera de `[INST]`",
        "El bloque de sistema va dentro de la primera pregunta, después de `[INST] `.",
        Rule(outside=True),
    ),
    _wrong(
        "El sistema en todas las preguntas",
        "El bloque de sistema se escribe una sola vez, en la primera pregunta.",
        Rule(every_turn=True),
    ),
    _wrong(
        "Perdiste el mensaje de sistema",
        "Si lo hay, el mensaje de sistema va dentro de la primera pregunta, entre `<<SYS>>` y "
        "`<</SYS>>`.",
        Rule(block=""),
    ),
    _wrong(
        "El sistema sin sus marcas",
        "El mensaje de sistema va entre `<<SYS>>` y `<</SYS>>`, cada marca en su línea.",
        Rule(block="{}\n\n"),
    ),
    Misconception(
        "Solo la última pregunta",
        "El modelo no recuerda nada: toda la conversación se escribe de nuevo en cada turno.",
        _last_question_only,
    ),
    Misconception(
        "Cerraste una respuesta que no está",
        "Si la conversación termina en el usuario, el texto termina en `[/INST]`: el `</s>` lo "
        "escribirá el modelo.",
        _closes_an_open_one,
    ),
    Misconception(
        "Abriste una pregunta de más",
        "Si la conversación termina en el asistente, el texto termina en `</s>`.",
        _opens_another,
    ),
)

EXERCISE = Exercise(
    key="llama2_prompt",
    chapter="06_instrucciones",
    title="La plantilla de Llama 2",
    objective="Convertir una conversación en el texto exacto que un modelo aprendió a leer.",
    difficulty=2,
    minutes=25,
    section="La plantilla",
    hints=(
        "¿Qué escribe cada papel? ¿Qué cambia en la segunda pregunta? ¿Y dónde guardas el mensaje de "
        "sistema hasta que llega la primera?",
        "Recorre los mensajes y agrega al texto. El de sistema no escribe nada: deja en una variable "
        '`f"<<SYS>>\\n{content}\\n<</SYS>>\\n\\n"`. El del usuario escribe '
        '`f"<s>[INST] {(system + content).strip()} [/INST]"` y vacía esa variable. ¿Y el del asistente?',
    ),
    cases=cases,
    reference=reference,
    idea="<s>[INST] pregunta [/INST] respuesta </s>, una vez por pregunta, con el sistema en la primera.",
    properties=(
        Property(
            "Un `<s>` por pregunta y un `</s>` por respuesta",
            "Cada pregunta se abre con su `<s>`, y se cierra cuando ya tiene respuesta.",
            one_start_per_question,
        ),
        Property(
            "Termina donde debe",
            "El texto acaba en `[/INST]` si le toca escribir al modelo, y en `</s>` si ya escribió.",
            ends_where_it_should,
        ),
        Property(
            "Están todos los mensajes",
            "También el de sistema y los de los turnos anteriores, en su orden.",
            says_everything_in_order,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
