"""Las palabras y cómo cambian: artículos, concordancia, contracciones y conjugaciones.

Aquí vive la morfología que la gramática de cuentos necesita, y solo esa: quien escribe una plantilla
elige la palabra, y estas funciones ponen la forma. Ref.: Real Academia Española, «Nueva gramática de
la lengua española» (2009), capítulos 2 (género), 3 (número), 4 (verbo) y 14 (artículo).
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FEMININE", "MASCULINE", "Noun", "and_", "conjugate", "inflect", "plural"]

MASCULINE, FEMININE = "m", "f"
VOWELS = "aeiouáéíóú"

_ARTICLES = {  # (género, plural) -> el, un, lo, su, él
    ("m", False): ("el", "un", "lo", "su", "él"),
    ("f", False): ("la", "una", "la", "su", "ella"),
    ("m", True): ("los", "unos", "los", "sus", "ellos"),
    ("f", True): ("las", "unas", "las", "sus", "ellas"),
}


@dataclass(frozen=True)
class Noun:
    """Un sustantivo con lo que decide su concordancia.

    `stressed_a` marca los femeninos que empiezan por «a» tónica y llevan «el»: el águila, el hada.

    >>> Noun("águila", FEMININE, stressed_a=True).the, Noun("zorro", MASCULINE).of_the
    ('el águila', 'del zorro')
    """

    text: str
    gender: str
    is_plural: bool = False
    stressed_a: bool = False

    @property
    def the(self) -> str:
        """«el zorro», «la rana», «las botas»."""
        article = "el" if self.stressed_a else self._forms[0]
        return f"{article} {self.text}"

    @property
    def a(self) -> str:
        """«un zorro», «una rana», «unas botas»."""
        article = "un" if self.stressed_a else self._forms[1]
        return f"{article} {self.text}"

    @property
    def to_the(self) -> str:
        """«al zorro», «a la rana»: con la contracción donde toca."""
        return f"al {self.the[3:]}" if self.the.startswith("el ") else f"a {self.the}"

    @property
    def of_the(self) -> str:
        """«del zorro», «de la rana»: con la contracción donde toca."""
        return f"del {self.the[3:]}" if self.the.startswith("el ") else f"de {self.the}"

    @property
    def one(self) -> str:
        """El numeral solo, sin el sustantivo: «uno», «una», «unos», «unas»."""
        return "uno" if (self.gender, self.is_plural) == ("m", False) else self._forms[1]

    @property
    def him(self) -> str:
        """El pronombre átono de complemento directo: «lo», «la», «los», «las»."""
        return self._forms[2]

    @property
    def his(self) -> str:
        """Con posesivo: «su farol», «sus botas»."""
        return f"{self._forms[3]} {self.text}"

    @property
    def my(self) -> str:
        """Con posesivo de primera persona: «mi farol», «mis botas»."""
        return f"{'mis' if self.is_plural else 'mi'} {self.text}"

    @property
    def he(self) -> str:
        """El pronombre tónico: «él», «ella», «ellos», «ellas»."""
        return self._forms[4]

    @property
    def _forms(self) -> tuple[str, ...]:
        return _ARTICLES[self.gender, self.is_plural]


def inflect(adjective: str, gender: str, is_plural: bool = False) -> str:
    """Devuelve el adjetivo, dado en masculino singular, concordado con un género.

    `is_plural` pide además el plural. Las locuciones como «de plata» no cambian.

    >>> inflect("soñador", FEMININE), inflect("dormilón", FEMININE), inflect("azul", FEMININE, True)
    ('soñadora', 'dormilona', 'azules')
    """
    if adjective.startswith(("de ", "para ", "sin ")):
        return adjective
    if gender == FEMININE:
        if adjective.endswith("o"):
            adjective = adjective[:-1] + "a"
        elif adjective.endswith("dor"):
            adjective += "a"
        elif adjective.endswith("ón"):
            adjective = adjective[:-2] + "ona"
    return plural(adjective) if is_plural else adjective


def plural(word: str) -> str:
    """Devuelve el plural regular de una palabra.

    >>> plural("rojo"), plural("azul"), plural("dormilón"), plural("feliz")
    ('rojos', 'azules', 'dormilones', 'felices')
    """
    if word[-1] in VOWELS:
        return word + "s"
    if word.endswith("z"):
        return word[:-1] + "ces"
    if word.endswith("ón"):
        return word[:-2] + "ones"
    return word + "es"


def and_(word: str) -> str:
    """Devuelve «y» más la palabra, o «e» si esta empieza por el sonido «i».

    >>> and_("Inés"), and_("Hierro"), and_("Ana")
    ('e Inés', 'y Hierro', 'y Ana')
    """
    start = word.lower().replace("í", "i")
    sounds_i = start.startswith(("i", "hi")) and not start.startswith(("hie", "ia", "ie", "io"))
    return f"{'e' if sounds_i else 'y'} {word}"


_ENDINGS = {  # presente, imperfecto, pretérito, gerundio, participio (tercera persona del singular)
    "ar": ("a", "aba", "ó", "ando", "ado"),
    "er": ("e", "ía", "ió", "iendo", "ido"),
    "ir": ("e", "ía", "ió", "iendo", "ido"),
}
_TENSES = ("pres", "imp", "pret", "ger", "part")
_IRREGULAR = {
    "hacer": {"pret": "hizo", "part": "hecho"},
    "leer": {"pret": "leyó", "ger": "leyendo", "part": "leído"},
    "escribir": {"part": "escrito"},
    "contar": {"pres": "cuenta"},
    "jugar": {"pres": "juega"},
}


def conjugate(phrase: str) -> dict[str, str]:
    """Devuelve las formas de «verbo» o «verbo + complemento» en tercera persona del singular.

    Claves: `inf`, `pres`, `imp` (imperfecto), `pret` (pretérito), `ger`, `part` y `fut`.

    >>> forms = conjugate("leer mapas")
    >>> forms["pret"], forms["imp"], forms["ger"]
    ('leyó mapas', 'leía mapas', 'leyendo mapas')
    """
    verb, _, rest = phrase.partition(" ")
    if verb[-2:] not in _ENDINGS:
        raise ValueError(f"«{verb}» no es un infinitivo: debe terminar en -ar, -er o -ir.")
    forms = {
        tense: verb[:-2] + ending
        for tense, ending in zip(_TENSES, _ENDINGS[verb[-2:]], strict=True)
    }
    forms |= {"inf": verb, "fut": f"{verb}á"} | _IRREGULAR.get(verb, {})
    if verb == "hacer":
        forms["fut"] = "hará"
    return {tense: f"{form} {rest}".strip() for tense, form in forms.items()}
