"""Las comprobaciones de `constraints`: una función por clase, y la tabla que las reúne.

Cada una recibe el texto ya sin espacios en los extremos, con alguna letra o cifra, y devuelve None
o la oración que dice en qué falla.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

__all__ = ["RULES", "WORD", "Rule"]

CHAR = r"[^\W_]"  # una letra o una cifra
WORD = re.compile(rf"{CHAR}+(?:[-'’]{CHAR}+)*")
LETTER = re.compile(r"[^\W\d_]")
MARKED = re.compile(rf"^[ \t]*(?:[-*•–—]|\d+[.)]-?)[ \t]+(.*{CHAR}.*)$", re.MULTILINE)
FENCED = re.compile(r"```(?:json)?\s*\n(.*)\n\s*```", re.DOTALL | re.IGNORECASE)
SPACE = " \u00a0\u202f"  # el corriente, y los dos que no se parten
NUMERAL = re.compile(rf"[-−+]?(?:[0-9]+|[0-9]{{1,3}}(?:[.,{SPACE}][0-9]{{3}})+)(?:[.,][0-9]+)?")
OPENING, CLOSING = "«“‘\"'*_¿¡([—… ", "»”’\"'*_?!.;:)]…\n "


class Rule(NamedTuple):
    """Qué valor pide una clase, si un valor lo es, y cómo se comprueba un texto."""

    wanted: str
    takes: Callable[[Any], bool]
    check: Callable[[str, Any], str | None]


def _key(text: str) -> str:
    """`text` sin diferencias de mayúsculas ni de espacios."""
    return _line(text.casefold())


def _line(text: str) -> str:
    return " ".join(text.split())


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"«{word}»" for word in words)


def _one_word(text: str, _: None) -> str | None:
    count = len(WORD.findall(text))
    if count > 1:
        return f"Se pedía una sola palabra y hay {count}."
    return None if LETTER.search(text) else f"«{text}» no es una palabra: no tiene letras."


def _upper(text: str, _: None) -> str | None:
    return _cased(text, next((c for c in text if c != c.upper()), None), "minúscula")


def _lower(text: str, _: None) -> str | None:
    return _cased(text, next((c for c in text if c != c.lower()), None), "mayúscula")


def _cased(text: str, intruder: str | None, name: str) -> str | None:
    if intruder is not None:
        return f"Hay una {name}: «{intruder}»."
    return None if LETTER.search(text) else "No hay ninguna letra."


def _list(text: str, n: int) -> str | None:
    items = [_key(item) for item in MARKED.findall(text)]
    if len(items) != n:
        return f"Los renglones con marca de lista debían ser {n} y son {len(items)}."
    repeated = next((item for item in items if items.count(item) > 1), None)
    return None if repeated is None else f"Un elemento está repetido: «{repeated}»."


def _begins(text: str, start: str) -> str | None:
    rest = re.match(
        rf"{re.escape(_key(start))}(?![-'’]?{CHAR})(.*)", _key(text.lstrip(OPENING)), re.DOTALL
    )
    if rest is None:
        return f"No empieza por «{start}», sino así: «{_line(text)[:40]}»."
    return None if WORD.search(rest[1]) else f"Después de «{start}» no hay nada más."


def _ends(text: str, end: str) -> str | None:
    rest = re.match(
        rf"(.*)(?<!{CHAR})(?<!{CHAR}[-'’]){re.escape(_key(end))}$",
        _key(text.rstrip(CLOSING)),
        re.DOTALL,
    )
    if rest is None:
        return f"No termina con «{end}», sino así: «{_line(text)[-40:]}»."
    return None if WORD.search(rest[1]) else f"Antes de «{end}» no hay nada más."


def _json(text: str, keys: tuple[str, ...]) -> str | None:
    fenced = FENCED.fullmatch(text)
    body = (fenced[1] if fenced else text).strip()
    try:
        # un objeto llega como lista de pares: así se ven las claves repetidas
        pairs = json.loads(body, object_pairs_hook=list, parse_constant=_not_json)
    except (ValueError, RecursionError):
        return "No es JSON: hay texto de más, o faltan comillas, comas o llaves."
    if not body.startswith("{"):
        return "Es JSON, pero no un objeto: debe empezar con «{»."
    found = [key for key, _ in pairs]
    if sorted(found) == sorted(keys):
        return None
    return f"Se pedían las claves {_quoted(keys)} y hay {_quoted(found) or 'ninguna'}."


def _not_json(name: str) -> None:
    raise ValueError(f"{name} no existe en JSON.")


def _without(text: str, letter: str) -> str | None:
    for word in WORD.findall(text):
        if any(_base(c) == letter for c in word.casefold()):
            return f"Aparece la letra «{letter}»: en «{word}»."
    return None


def _base(c: str) -> str:
    return c if c == "ñ" else unicodedata.normalize("NFKD", c)[0]


def _at_most(text: str, n: int) -> str | None:
    count = len(WORD.findall(text))
    return None if count <= n else f"Se pedían como mucho {n} palabras y hay {count}."


def _exactly(text: str, n: int) -> str | None:
    count = len(WORD.findall(text))
    return None if count == n else f"Se pedían exactamente {n} palabras y hay {count}."


def _twice(text: str, word: str) -> str | None:
    count = [w.casefold() for w in WORD.findall(text)].count(word.casefold())
    times = "1 vez" if count == 1 else f"{count} veces"
    return None if count == 2 else f"«{word}» debía aparecer 2 veces y aparece {times}."


def _numeral(text: str, _: None) -> str | None:
    plain = text.lstrip(OPENING).rstrip(CLOSING)
    return (
        None
        if NUMERAL.fullmatch(plain)
        else f"No es solo un número en cifras: «{_line(text)[:40]}»."
    )


def _yes_no(text: str, _: None) -> str | None:
    plain = text.lstrip(OPENING).rstrip(CLOSING).casefold()
    return None if plain in {"sí", "si", "no"} else f"No es solo «sí» o «no»: «{_line(text)[:40]}»."


def _no_commas(text: str, _: None) -> str | None:
    count = sum(unicodedata.normalize("NFKC", c) == "," for c in text)
    return None if count == 0 else f"Hay {count} {'coma' if count == 1 else 'comas'}."


def _one_line(text: str, _: None) -> str | None:
    count = len(text.splitlines())
    return None if count == 1 else f"Se pedía una sola línea y hay {count}."


def _nothing(value: Any) -> bool:
    return value is None


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _text(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(rf"{CHAR}(.*{CHAR})?", value))


def _word(value: Any) -> bool:
    return isinstance(value, str) and bool(WORD.fullmatch(value))


def _letter(value: Any) -> bool:
    return isinstance(value, str) and bool(re.fullmatch("[a-zñ]", value))


def _keys(value: Any) -> bool:
    if not isinstance(value, tuple) or not all(isinstance(key, str) for key in value):
        return False
    return 0 < len(set(value)) == len(value)


RULES = {
    "una palabra": Rule("None", _nothing, _one_word),
    "mayúsculas": Rule("None", _nothing, _upper),
    "minúsculas": Rule("None", _nothing, _lower),
    "lista": Rule("un entero positivo", _count, _list),
    "empieza": Rule("un texto que empiece y acabe en letra o cifra", _text, _begins),
    "termina": Rule("un texto que empiece y acabe en letra o cifra", _text, _ends),
    "json": Rule("una tupla con las claves, sin repetir", _keys, _json),
    "sin letra": Rule("una letra minúscula, sin tilde", _letter, _without),
    "máximo de palabras": Rule("un entero positivo", _count, _at_most),
    "palabras exactas": Rule("un entero positivo", _count, _exactly),
    "repite": Rule("una sola palabra", _word, _twice),
    "número": Rule("None", _nothing, _numeral),
    "sí o no": Rule("None", _nothing, _yes_no),
    "sin comas": Rule("None", _nothing, _no_commas),
    "una línea": Rule("None", _nothing, _one_line),
}
