"""Contar errores de concordancia con el léxico: quién es masculino, quién femenino, quién plural.

Solo se mira lo que el léxico puede decidir sin entender la frase: el artículo delante de un sustantivo
conocido, el adjetivo que lo sigue y el nombre propio que lo acompaña. Un error que dependa de quién habla
(«estaba cansado») no se ve aquí; `Grammar.read` sí lo ve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from .lexicon import Entry, Lexicon
from .words import FEMININE, MASCULINE, inflect

__all__ = ["Check", "agreement_checks", "errors_per_hundred_words"]

_DETERMINERS = {
    **dict.fromkeys(("el", "un", "al", "del", "ningún", "otro"), (MASCULINE, False)),
    **dict.fromkeys(("la", "una", "ninguna", "otra"), (FEMININE, False)),
    **dict.fromkeys(("los", "unos", "otros"), (MASCULINE, True)),
    **dict.fromkeys(("las", "unas", "otras"), (FEMININE, True)),
}
_STRESSED_A = {"el", "un", "al", "del", "ningún"}  # también van con «águila» y «hada»


@dataclass(frozen=True)
class Check:
    """Una concordancia comprobada: las palabras y si concuerdan."""

    words: str
    agrees: bool


def agreement_checks(text: str) -> list[Check]:
    """Devuelve todas las concordancias que el léxico puede comprobar en el texto.

    >>> [c.words for c in agreement_checks("Vio una zorro y un águila valiente.") if not c.agrees]
    ['una zorro']
    >>> [c.words for c in agreement_checks("La rana curioso y Nina, un oso.") if not c.agrees]
    ['rana curioso', 'Nina, un oso']
    """
    nouns, adjectives, names, pattern = _tables()
    found = []
    for match in pattern.finditer(text):
        determiner, noun, adjective = match["det"], match["noun"], match["adj"]
        entry = nouns[noun.lower()]
        kind = (entry.gender, entry.is_plural)
        if determiner:
            found.append(Check(f"{determiner} {noun}", _fits(determiner.lower(), entry)))
        if adjective:
            found.append(Check(f"{noun} {adjective}", kind in adjectives[adjective.lower()]))
        before, after = match["name"], match["called"]
        if before and determiner in ("un", "una"):  # una aposición: «Nina, una rana»
            found.append(Check(f"{before}, {determiner} {noun}", names[before] == entry.gender))
        if after:
            found.append(Check(f"{noun} {after}", names[after.split()[-1]] == entry.gender))
    return found


def errors_per_hundred_words(texts: list[str]) -> dict[str, float]:
    """Devuelve los errores por cien palabras, con cuántos hubo y cuántas concordancias se miraron."""
    checks = [check for text in texts for check in agreement_checks(text)]
    errors = sum(not check.agrees for check in checks)
    words = sum(len(text.split()) for text in texts)
    return {
        "errors_per_100": 100 * errors / words,
        "errors": errors,
        "checks": len(checks),
        "words": words,
    }


def _fits(determiner: str, entry: Entry) -> bool:
    if determiner in _STRESSED_A and entry.forms["el"].startswith("el "):
        return not entry.is_plural
    # Con «la águila» o «una hada» el género está bien, pero la forma no.
    starts_with_el = entry.forms["el"].startswith("el ")
    if entry.gender == FEMININE and starts_with_el and determiner in ("la", "una"):
        return False
    return _DETERMINERS[determiner] == (entry.gender, entry.is_plural)


@cache
def _tables() -> tuple[
    dict[str, Entry], dict[str, set[tuple[str, bool]]], dict[str, str], re.Pattern[str]
]:
    entries = Lexicon().entries
    nouns = {e.text: e for variable in "qwh" for e in entries[variable]}
    adjectives: dict[str, set[tuple[str, bool]]] = {}
    for entry in (*entries["a"], *entries["c"]):
        for gender in (MASCULINE, FEMININE):
            for is_plural in (False, True):
                form = inflect(entry.text, gender, is_plural)
                adjectives.setdefault(form, set()).add((gender, is_plural))
    names = {entry.text: entry.gender for entry in entries["n"]}
    pattern = re.compile(
        rf"(?:\b(?P<name>{_any(names)}), )?(?:\b(?P<det>(?i:{_any(_DETERMINERS)})) )?"
        rf"\b(?P<noun>{_any(nouns)})\b"
        rf"(?: (?P<adj>{_any(adjectives)})\b)?"
        rf"(?:(?: que se llamaba| llamad[oa]) (?P<called>{_any(names)})\b)?"
    )
    return nouns, adjectives, names, pattern


def _any(options: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, options), key=len, reverse=True))
