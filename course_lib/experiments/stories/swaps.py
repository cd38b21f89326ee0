"""¿Mira quién desea? El mismo cuento con otro protagonista, y cuánto cambia lo que cuesta predecir el objeto.

Que una pareja nunca leída no cueste más tiene dos lecturas: el modelo combina las partes, o no mira al personaje. Para
distinguirlas se cambia solo al personaje.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from ...transformer.lm import TransformerLM
from .grammar import Telling
from .lexicon import Entry, Lexicon, is_reserved_wish
from .measures import span_cost

__all__ = ["swap_costs"]


def swap_costs(
    lm: TransformerLM, tellings: Sequence[Telling], *, reserved: bool, seed: int = 0
) -> list[float]:
    """Devuelve cuántos nats más cuesta la primera mención del objeto al cambiar al protagonista, cuento por cuento.

    El otro es del mismo género y se sortea con `seed` entre los que forman con el objeto una pareja reservada, o una que no lo
    es si `reserved` es falso. Se saltan los cuentos sin objeto, los que lo nombran antes que al protagonista y aquellos
    en que no hay a quién poner.
    """
    draw, found = random.Random(seed), []
    for telling in tellings:
        hero, thing = telling.choices["h"], telling.choices.get("w")
        if thing is None:
            continue
        before = telling.text[: telling.text.index(thing.text)]
        named = re.compile(rf"\b{re.escape(hero.text)}\b")
        others = [one for one in _alike(hero) if is_reserved_wish(one, thing) == reserved]
        if not named.search(before) or not others:
            continue
        swapped = named.sub(draw.choice(others).text, before)
        found.append(_last(lm, swapped, thing.text) - _last(lm, before, thing.text))
    return found


def _last(lm: TransformerLM, before: str, thing: str) -> float:
    """Los nats de `thing` cuando va justo después de `before`."""
    return span_cost(lm, before + thing, len(before), len(before + thing))


def _alike(hero: Entry) -> list[Entry]:
    """Los personajes que caben en el mismo lugar: mismo género y artículo, y persona si lo es."""
    return [
        one
        for one in Lexicon().entries["h"]
        if one.text != hero.text
        and one.gender == hero.gender
        and one.forms["el"].split()[0] == hero.forms["el"].split()[0]
        and ("persona" in one.tags) == ("persona" in hero.tags)
    ]
