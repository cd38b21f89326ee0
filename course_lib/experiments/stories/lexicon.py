"""El léxico de los cuentos: qué palabras hay, qué forma toma cada una y qué combina con qué.

Cada variable de una plantilla (`h` protagonista, `w` objeto…) se llena con una `Entry`. `Lexicon`
dice cuáles valen según las que ya están elegidas: una rana no quiere aprender a nadar, y algunas
parejas se reservan: nunca aparecen en el entrenamiento, para distinguir copiar de generalizar.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from typing import Any

from .words import FEMININE, MASCULINE, Noun, and_, conjugate

__all__ = [
    "ADJECTIVES",
    "NAME_OF",
    "Entry",
    "Lexicon",
    "is_reserved_place",
    "is_reserved_wish",
    "read_table",
]

NAME_OF = {"h": "n", "f": "m"}  # qué variable guarda el nombre propio de quién
GROUPS = {"niñez": "persona", "oficio": "persona", "vejez": "persona", "fantasía": "fantasía"}
_WISHES, _CHARACTERS, _PLACES = ("w", "s", "t"), ("h", "f", "r"), ("p", "q")
ADJECTIVES = ("a", "b", "c", "d")
_TRAITS, _NAMES = ("a", "b", "d"), ("n", "m")
_TROUBLES = {
    "inmóvil": ("atasco", "espina", "pozo"),
    "móvil": ("perdido", "frío", "hambre", "techo", "fiebre"),
}


@dataclass(frozen=True, eq=False)
class Entry:
    """Una palabra o expresión que puede llenar una variable, con todas sus formas."""

    text: str
    forms: Mapping[str, str] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    gender: str = MASCULINE
    is_plural: bool = False
    index: int = 0  # su puesto en la lista, para repartir las parejas reservadas
    lines: tuple[str, ...] = ()  # lo que el léxico cuenta de ella, como plantillas


def read_table(name: str) -> list[str]:
    """Devuelve las líneas de un archivo del léxico o de los argumentos, sin comentarios.

    >>> len(read_table("lexicon/objetos.txt"))
    8
    """
    text = (files(__package__) / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


class Lexicon:
    """Las entradas de cada variable y las reglas de qué combina con qué.

    `reserved`: con «evitar», las parejas reservadas no salen; con «exigir», quien desea algo forma
    siempre una pareja reservada con lo que desea (y los lugares reservados se evitan); con
    «permitir», todas las parejas valen igual.

    Raises:
        ValueError: `reserved` no es «evitar», «exigir» ni «permitir».

    >>> lexicon = Lexicon()
    >>> len(lexicon.domain("h", {})), len(lexicon.domain("w", {}))
    (100, 54)
    """

    def __init__(self, reserved: str = "evitar") -> None:
        if reserved not in ("evitar", "exigir", "permitir"):
            raise ValueError(f"Llegó reserved={reserved!r}: usa «evitar», «exigir» o «permitir».")
        self.reserved = reserved
        self._cache: dict[tuple[Any, ...], tuple[Entry, ...]] = {}

    @cached_property
    def entries(self) -> dict[str, tuple[Entry, ...]]:
        """Todas las entradas de cada variable."""
        characters, names, places = _characters(), _names(), _places()
        traits, (objects, looks) = _traits(), _objects()
        return {
            **dict.fromkeys(_CHARACTERS, characters),
            **dict.fromkeys(_TRAITS, traits),
            **dict.fromkeys(_NAMES, names),
            "p": tuple(place for place in places if "destino" not in place.tags),
            "q": places,
            "w": objects,
            "c": looks,
            "s": _skills(),
            "t": _trips(),
            "x": _spots(),
            "k": tuple(
                Entry(trouble, tags=frozenset({trouble, kind}))
                for kind, troubles in _TROUBLES.items()
                for trouble in troubles
            ),
        }

    def domain(self, variable: str, bound: Mapping[str, Entry]) -> tuple[Entry, ...]:
        """Devuelve las entradas que `variable` puede tomar con lo ya elegido en `bound`."""
        others = tuple((v, bound[v]) for v in _RELATED[variable] if v in bound)
        key = (variable, *others)
        if key not in self._cache:
            self._cache[key] = tuple(
                entry
                for entry in self.entries[variable]
                if all(self.allowed(variable, entry, v, other) for v, other in others)
            )
        return self._cache[key]

    def allowed(self, variable: str, entry: Entry, other_variable: str, other: Entry) -> bool:
        """Dice si dos entradas pueden estar en el mismo cuento."""
        pair = {variable: entry, other_variable: other}
        kinds = frozenset(pair)
        if kinds <= set(_CHARACTERS) or kinds <= set(_NAMES) or kinds <= set(_TRAITS):
            return entry.text != other.text
        if kinds == {"p", "q"}:
            return entry.text != other.text
        if kinds in ({"h", "n"}, {"f", "m"}):
            return entry.gender == other.gender
        if kinds == {"h", "p"}:
            return bool(pair["h"].tags & pair["p"].tags)
        if kinds in ({"w", "c"}, {"q", "x"}):
            return entry.tags >= other.tags or entry.tags <= other.tags
        if "t" in kinds and kinds & set(_PLACES):
            return not entry.tags & other.tags
        if kinds == {"w", "q"}:
            return self.reserved == "permitir" or not is_reserved_place(pair["w"], pair["q"])
        if "s" in kinds and pair["s"].tags & (pair["h"].tags | {pair["h"].text}):
            return False
        wish = next(pair[v] for v in _WISHES if v in pair)
        if self.reserved == "permitir":
            return True
        return is_reserved_wish(pair["h"], wish) == (self.reserved == "exigir")


def is_reserved_wish(hero: Entry, wish: Entry) -> bool:
    """Dice si la clase de ese protagonista y ese deseo son una pareja reservada (una de diez)."""
    return (7 * hero.index + wish.index) % 10 == 0


def is_reserved_place(thing: Entry, place: Entry) -> bool:
    """Dice si ese objeto y ese lugar al que se va son una pareja reservada (una de diez)."""
    return (3 * place.index + thing.index) % 10 == 0


_RELATED = {
    "h": "frnpwst",
    "f": "hrm",
    "r": "hf",
    "n": "hm",
    "m": "fn",
    "a": "bd",
    "b": "ad",
    "d": "ab",
    "p": "hqt",
    "q": "pwxt",
    "w": "hqc",
    "c": "w",
    "s": "h",
    "t": "hpq",
    "x": "q",
    "k": "",
}


def _noun(words: str) -> Noun:
    """Lee «la rana», «las botas*» (plural) o «el águila*» (femenino con «el»)."""
    starred = words.endswith("*")
    article, _, text = words.rstrip("*").strip().partition(" ")
    if article in ("los", "las"):
        return Noun(text, MASCULINE if article == "los" else FEMININE, is_plural=True)
    stressed_a = starred and article == "el"
    gender = FEMININE if article == "la" or stressed_a else MASCULINE
    return Noun(text, gender, stressed_a=stressed_a)


def _noun_entry(noun: Noun, **more: Any) -> Entry:
    forms = {
        "": noun.the,
        "el": noun.the,
        "a": noun.to_the,
        "al": noun.to_the,
        "de": noun.of_the,
        "del": noun.of_the,
        "y": f"y {noun.the}",
        "un": noun.a,
        "deun": f"de {noun.a}",
        "uno": noun.one,
        "lo": noun.him,
        "él": noun.he,
        "su": noun.his,
        "mi": noun.my,
        "o": noun.him[1:] if noun.him != "lo" else "o",
    }
    forms |= more.pop("forms", {})
    return Entry(noun.text, forms, gender=noun.gender, is_plural=noun.is_plural, **more)


def _characters() -> tuple[Entry, ...]:
    found = []
    for index, line in enumerate(read_table("lexicon/personajes.txt")):
        kind, _, nouns = line.partition(": ")
        tags = frozenset({kind, GROUPS.get(kind, "animal")})
        found += [_noun_entry(_noun(n), tags=tags, index=index) for n in nouns.split(", ")]
    return tuple(found)


def _names() -> tuple[Entry, ...]:
    found = []
    for line in read_table("lexicon/nombres.txt"):
        gender, _, names = line.partition(": ")
        for name in names.split(", "):
            forms = {"": name, "a": f"a {name}", "de": f"de {name}", "y": and_(name)}
            found.append(Entry(name, forms, gender=gender))
    return tuple(found)


def _places() -> tuple[Entry, ...]:
    found = []
    for index, line in enumerate(read_table("lexicon/lugares.txt")):
        noun_text, at, spots, residents, *marks = (part.strip() for part in line.split(";"))
        noun = _noun(noun_text)
        tags = {spots, *residents.split(", "), *" ".join(marks).split()}
        tags = tags - {"-"} if residents != "-" else tags - {"-"} | {"destino"}
        forms = {"en": _at(at, noun), "enun": f"{at} {noun.a}"}
        found.append(_noun_entry(noun, tags=frozenset(tags), index=index, forms=forms))
    return tuple(found)


def _at(preposition: str, noun: Noun) -> str:
    """«en el bosque», «junto al lago», «a orillas del río»."""
    if preposition.endswith(" de"):
        return f"{preposition[:-3]} {noun.of_the}"
    if preposition.endswith(" a"):
        return f"{preposition[:-2]} {noun.to_the}"
    return f"{preposition} {noun.the}"


def _traits() -> tuple[Entry, ...]:
    return tuple(
        Entry(trait, tags=frozenset({trait}), lines=tuple(lines.split(" | ")))
        for trait, lines in (line.split(": ", 1) for line in read_table("lexicon/caracteres.txt"))
    )


def _objects() -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    objects: list[Entry] = []
    looks: list[Entry] = []
    for line in read_table("lexicon/objetos.txt"):
        kind, _, rest = line.partition(": ")
        nouns, _, adjectives = rest.partition(" | ")
        tags = frozenset({kind})
        for noun in nouns.split(", "):
            objects.append(_noun_entry(_noun(noun), tags=tags, index=len(objects)))
        looks += [Entry(adjective, tags=tags) for adjective in adjectives.split(", ")]
    return tuple(objects), tuple(looks)


def _skills() -> tuple[Entry, ...]:
    found = []
    for index, line in enumerate(read_table("lexicon/habilidades.txt")):
        phrase, known_by, lines = line.split("; ")
        tags = frozenset(known_by.split(", ")) - {"-"}
        found.append(
            Entry(phrase, conjugate(phrase), tags, index=index, lines=tuple(lines.split(" | ")))
        )
    return tuple(found)


def _trips() -> tuple[Entry, ...]:
    found = []
    for index, line in enumerate(read_table("lexicon/viajes.txt")):
        phrase, mark, lines = line.split("; ")
        own = tuple(lines.split(" | "))
        found.append(Entry(phrase, {"inf": phrase}, frozenset({mark}), index=index, lines=own))
    return tuple(found)


def _spots() -> tuple[Entry, ...]:
    found = []
    for line in read_table("lexicon/escondites.txt"):
        kind, _, spots = line.partition(": ")
        found += [Entry(spot, lines=(spot,), tags=frozenset({kind})) for spot in spots.split(", ")]
    return tuple(found)
