"""Comprueba cada ejemplo leyendo solo su instrucción, su entrada y su salida, no cómo se hizo.

Una cuenta se vuelve a calcular, una lista se cuenta, un JSON se lee, una tilde se quita. Lo que no
se puede calcular (un antónimo, una capital) se busca en su tabla. De las respuestas libres solo se
comprueba la forma.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from course_lib.data.instructions import Example

from . import facts, passages, words
from .numerals import from_words
from .rewriting import without_accents
from .sounds import sound
from .vocabulary import CYCLES

__all__ = ["CHECKS", "fault", "source"]

Check = Callable[[Example], bool]
AMOUNTS = {"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5}
LABELS = {
    "emoción": {"alegría", "tristeza", "miedo", "enojo"},
    "intención": {"pregunta", "pedido", "queja", "agradecimiento"},
}
MONTHS = "|".join(CYCLES[1])
FUTURE = re.compile(r"\b\w+(ré|rás|rá|remos|rán)\b")
STEP = re.compile(r"(\d)\. .+\.")


def fault(example: Example) -> str | None:
    """Devuelve qué está mal en `example`, o None si pasa todo lo que se puede comprobar."""
    texts = (example.instruction, example.input, example.output)
    if any(
        text != text.strip() or "  " in text or re.search(r"[{}_]$", text) for text in texts[:2]
    ):
        return "hay espacios de más o un hueco sin llenar"
    if any(text.count(a) != text.count(b) for text in texts for a, b in ("«»", "¿?", "¡!", "()")):
        return "hay signos sin pareja"
    if len(example.output.split()) > 80:
        return "la salida es demasiado larga"
    if example.kind not in CHECKS:
        return f"nadie comprueba el tipo «{example.kind}»"
    try:
        right = CHECKS[example.kind](example)
    except (
        ValueError
    ):  # ni siquiera se puede leer como un número, un JSON o una oración igual de larga
        right = False
    return None if right else f"la salida no sirve: {example.output!r}"


def source(example: Example) -> str:
    """Devuelve el texto sobre el que se trabaja: la entrada o lo último entre comillas."""
    return example.input or (quoted(example) or [""])[-1]


def quoted(example: Example) -> list[str]:
    """Devuelve lo que la instrucción pone entre comillas, en orden."""
    return re.findall(r"«([^»]*)»", example.instruction)


def _integers(example: Example) -> list[int]:
    return [int(n) for n in re.findall(r"\d+", example.instruction)]


def _in_table(table: tuple[tuple[str, ...], ...]) -> Check:
    """La salida es la de la ficha que la instrucción o la entrada nombran."""
    rows = {row[0]: row[1:] for row in table}

    def check(e: Example) -> bool:
        text = source(e)
        if text not in rows:  # sin comillas: la ficha más larga que la instrucción nombre
            whole = f"{e.instruction} {e.input}".lower()
            named = [key for key in rows if key.lower() in whole]
            text = max(named, key=len, default="")
        return text in rows and (e.output, *e.also) == rows[text]

    return check


def _amount(e: Example) -> int:
    return next(
        n for word, n in AMOUNTS.items() if re.search(rf"\b{word}\b", e.instruction.lower())
    )


def _members(e: Example, found: list[str]) -> bool:
    category = max((c for c in words.CATEGORIES if c in e.instruction), key=len)
    return len(set(found)) == len(found) == _amount(e) and set(found) <= set(
        words.CATEGORIES[category]
    )


def _dashes(e: Example) -> bool:
    lines = e.output.split("\n")
    return all(line.startswith("- ") for line in lines) and _members(e, [x[2:] for x in lines])


def _odd_one(e: Example) -> bool:
    group = source(e).split(", ")
    rest = [word for word in group if word != e.output]
    families = [set(members) for members in words.CATEGORIES.values()]
    alike = [f for f in families if len(f & set(group)) > 1]
    return (
        len(group) == 4 and len(alike) == 1 and set(rest) <= alike[0] and e.output not in alike[0]
    )


def _diminutive(e: Example) -> bool:
    stem = re.sub("[aeo]$", "", sound(source(e)))
    return sound(e.output).startswith(stem) and e.output.endswith(("ito", "ita"))


def _sum(e: Example) -> bool:
    a, b = _integers(e)
    minus = "-" in e.instruction or "menos" in e.instruction
    return e.output == str(a - b if minus else a + b)


def _next(e: Example) -> bool:
    terms = source(e).split(", ")
    if terms[0].isdigit():
        a, b, c = map(int, terms)
        return b - a == c - b and e.output == str(c + c - b)
    return any(
        (*terms, e.output) == cycle[i : i + 4] for cycle in CYCLES for i in range(len(cycle))
    )


def _spelling(e: Example) -> bool:
    pairs = list(zip(source(e).split(), e.output.split(), strict=True))
    changed = [(a, b) for a, b in pairs if a != b]
    return len(changed) == 1 and sound(changed[0][0]) == sound(changed[0][1])


def _changed_word(e: Example, wanted: re.Pattern[str]) -> bool:
    """Cambió al menos una palabra, las nuevas son de la forma pedida y el final es el mismo."""
    old, new = source(e).split(), e.output.split()
    fresh = [word.strip(".") for word in new if word not in old]
    return bool(fresh) and any(wanted.fullmatch(word) for word in fresh) and old[-1] == new[-1]


def _alphabetical(e: Example) -> bool:
    found = e.output.split(", ")
    keys = [without_accents(word.lower()) for word in found]
    return keys == sorted(keys) and sorted(found) == sorted(source(e).split(", "))


def _json(e: Example) -> bool:
    data = json.loads(e.output)
    keys = re.findall(r"«(\w+)»", e.instruction)
    return list(data) == keys and all(str(value) in e.input for value in data.values())


def _replaced(e: Example) -> bool:
    old, new = sorted(quoted(e), key=lambda word: word not in e.input)
    return old in e.input and e.output == re.sub(rf"\b{old}\b", new, e.input)


def _removed(e: Example) -> bool:
    (word,) = quoted(e)
    left = re.sub(rf"\s*\b{word}\b", "", e.input).strip()
    return word in e.input and e.output == left[0].upper() + left[1:]


def _steps(e: Example) -> bool:
    found = [STEP.fullmatch(line) for line in e.output.split("\n")]
    return all(found) and [m[1] for m in found if m] == [str(i + 1) for i in range(_amount(e))]


def _numbered(e: Example) -> bool:
    lines = [f"{i}. {word}" for i, word in enumerate(source(e).split(", "), 1)]
    return e.output.split("\n") == lines


def _sentences(e: Example) -> bool:
    return e.output[0] in "¡¿" or (e.output[0].isupper() and e.output[-1] in ".!?")


def _ending(word: str) -> str:
    """Desde la vocal con acento, que aquí es la penúltima o, si termina en otra cosa, la última."""
    plain = without_accents(word)
    vowels = [i for i, c in enumerate(word) if c in "aeiouáéíóú"]
    last = not word.endswith(tuple("aeiouns")) or word[vowels[-1]] in "áéíóú"
    return plain[vowels[-1] if last else vowels[-2] :]


CHECKS: dict[str, Check] = {
    "antónimo": _in_table(words.ANTONYMS),
    "sinónimo": _in_table(words.SYNONYMS),
    "intruso": _odd_one,
    "para qué sirve": _in_table(words.USES),
    "diminutivo": _diminutive,
    "rima": lambda e: source(e) != e.output and _ending(source(e)) == _ending(e.output),
    "suma o resta": _sum,
    "mayor o menor": lambda e: (
        e.output == str((min if "menor" in e.instruction else max)(_integers(e)))
    ),
    "número en letras": lambda e: from_words(e.output) == _integers(e)[0],
    "serie": _next,
    "sí o no": _in_table(facts.YES_NO),
    "una palabra": _in_table(facts.ONE_WORD),
    "dato": _in_table(facts.FACTS),
    "mayúsculas": lambda e: e.output == source(e).upper() != source(e),
    "minúsculas": lambda e: e.output == source(e).lower() != source(e),
    "tildes": lambda e: without_accents(e.output) == source(e) != e.output,
    "puntuación": lambda e: e.output == source(e)[0].upper() + source(e)[1:] + ".",
    "ortografía": _spelling,
    "negar": lambda e: e.output.replace("no ", "", 1) == source(e),
    "futuro": lambda e: _changed_word(e, FUTURE),
    "de yo a nosotros": lambda e: (
        e.output.startswith("Nosotros ") and _changed_word(e, re.compile(r"\w+mos"))
    ),
    "primera o última palabra": lambda e: (
        e.output == source(e).split()[-1 if "última" in e.instruction else 0]
    ),
    "lectura": lambda e: set(sound(e.output).split()) <= set(sound(e.input).split()),
    "extraer nombre": _in_table(passages.NAMES),
    "lista con guiones": _dashes,
    "lista con comas": lambda e: _members(e, e.output.split(", ")),
    "lista numerada": _numbered,
    "orden alfabético": _alphabetical,
    "deletreo": lambda e: e.output == "-".join(source(e)),
    "repetir": lambda e: e.output.split(", ") == quoted(e)[:1] * _amount(e),
    "json": _json,
    "oración con palabra": lambda e: (
        _sentences(e) and re.search(rf"\b{quoted(e)[0]}\b", e.output.lower()) is not None
    ),
    "comienzo dado": lambda e: _sentences(e) and e.output.startswith(quoted(e)[0]),
    "emoción": lambda e: e.output in LABELS["emoción"] and e.output in e.instruction,
    "extraer fecha": lambda e: re.findall(rf"\d+ de (?:{MONTHS})", source(e)) == [e.output],
    "reemplazar palabra": _replaced,
    "oficio": _in_table(words.JOBS),
    "intención": lambda e: e.output in LABELS["intención"],
    "extraer lugar": _in_table(passages.PLACES),
    "quitar palabra": _removed,
    "gentilicio": _in_table(words.DEMONYMS),
    "definición": _sentences,
    "resumen": lambda e: len(e.output) < 0.8 * len(e.input),
    "título": lambda e: len(e.output.split()) <= 10 and not e.output.endswith("."),
    "consejo": _sentences,
    "mensaje": _sentences,
    "pasos": _steps,
    "descripción": _sentences,
    "registro formal": lambda e: _sentences(e) and e.output != e.input,
    "explicación": _sentences,
    "diferencia": _sentences,
    "respuesta cortés": _sentences,
}
