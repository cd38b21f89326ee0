"""El formato de las plantillas: cómo se lee un argumento escrito en texto plano.

Las plantillas (`plots/*.txt`) se leen así:

    == paso                una línea por cada manera de contar ese paso
    <paso>  <Paso>         lo que diga ese paso; con mayúscula inicial
    {h.un}  {H.un}         una forma de una variable: «un zorro»; con mayúscula inicial
    {a.h}                  el adjetivo `a` concordado con `h`
    {h:él/ella}            según el género; {hf:juntos/juntas}, femenino solo si las dos lo son
    {w#era/eran}           según el número
    [uno|otro|]            uno de los trozos, al azar; el último, vacío
    (h:orilla)  (h:!orilla) al principio de una línea o un trozo: solo si `h` tiene esa marca, o si no
    *2                     al principio de una línea o un trozo: el doble de probable
    ¶                      párrafo aparte (los que empiezan por raya, siempre)
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from .lexicon import ADJECTIVES, read_table

__all__ = [
    "CAPITAL",
    "Call",
    "Choice",
    "Option",
    "Slot",
    "lexicon_option",
    "parse_option",
    "read_plots",
]

CAPITAL = object()  # marca: lo siguiente empieza con mayúscula


@dataclass(frozen=True)
class Slot:
    """Una forma de una variable: `{h.un}`."""

    variables: str
    form: str
    forms: tuple[str, ...] = ()  # para {h:él/ella} y {w#era/eran}
    by: str = "."

    @property
    def is_adjective(self) -> bool:
        """Si es un adjetivo, su forma es la variable con la que concuerda: `{a.h}`."""
        return self.variables in ADJECTIVES

    @property
    def needed(self) -> str:
        """Las variables que tienen que estar elegidas para poder escribirla."""
        return self.variables + self.form if self.is_adjective else self.variables


@dataclass(frozen=True)
class Call:
    """Lo que diga otro paso: `<clima>`."""

    step: str


@dataclass(frozen=True)
class Option:
    """Una manera de contar un paso: cuándo vale, con qué peso y de qué está hecha."""

    nodes: tuple[Any, ...]
    weight: float = 1.0
    conditions: tuple[tuple[str, str], ...] = ()  # (variable, marca o «!marca»)


@dataclass(frozen=True)
class Choice:
    """Una de varias opciones: `[uno|otro]`."""

    options: tuple[Option, ...]


def read_plots() -> dict[str, list[Option]]:
    """Devuelve todos los pasos de los argumentos: {nombre: sus opciones}.

    Raises:
        ValueError: una línea mal escrita (dice cuál y por qué) o un paso que nadie define.

    >>> len(read_plots()["cuento"])
    6
    """
    steps: dict[str, list[Option]] = {}
    for path in sorted((files(__package__) / "plots").iterdir(), key=lambda path: path.name):
        options: list[Option] = []
        for line in read_table(f"plots/{path.name}"):
            if line.startswith("== "):
                options = steps.setdefault(line[3:].strip(), [])
            else:
                options.append(parse_option(line))
    return steps


def lexicon_option(variable: str, value: str, line: str) -> Option:
    """Devuelve la opción `line` que solo vale si `variable` es la entrada `value`.

    >>> lexicon_option("a", "tímido", "hablaba bajo").conditions
    (('a', '=tímido'),)
    """
    return Option(parse_option(line).nodes, conditions=((variable, f"={value}"),))


_CONDITION = re.compile(r"\((\w):(!?\w+)\) ?")
_WEIGHT = re.compile(r"\*(\d+) ")
_HEAD = re.compile(rf"(?:{_WEIGHT.pattern})?(?:{_CONDITION.pattern})*")
_TOKEN = re.compile(r"\{[^{}]*\}|<\w+>|[\[\]|¶]|[^\[\]{}<>|¶]+")
_SLOT = re.compile(r"(\w)(\w?)(?:\.(\w+)|:([^/]*)/([^/]*)|#([^/]*)/([^/]*))?")


def parse_option(line: str) -> Option:
    """Devuelve la opción escrita en una línea, con su peso y sus condiciones.

    Raises:
        ValueError: corchetes que no se cierran, o una variable o un signo que no se entienden.

    >>> option = parse_option("*2 (h:orilla) {H.un} [nadaba|dormía].")
    >>> option.weight, option.conditions
    (2.0, (('h', 'orilla'),))
    """
    text = _own_paragraph(line)
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text:
        raise ValueError(f"No se entiende la plantilla «{line}»: revisa sus signos {{}} <> [].")
    option, position = _sequence(tokens, 0, line)
    if position != len(tokens):
        raise ValueError(f"En la plantilla «{line}» sobra un corchete o una barra.")
    return option


def _head(text: str) -> re.Match[str]:
    found = _HEAD.match(text)
    assert found  # también encaja con nada
    return found


def _own_paragraph(line: str) -> str:
    """Pone en párrafo aparte lo que es diálogo: lo que empieza por raya."""
    head = _head(line)[0]
    body = line[len(head) :]
    before = "¶" if body.startswith("—") else ""
    after = "¶" if body.rsplit("¶", 1)[-1].startswith("—") else ""
    return f"{head}{before}{body}{after}"


def _sequence(tokens: list[str], position: int, line: str) -> tuple[Option, int]:
    """Lee nodos hasta una barra, un cierre o el final; lo primero, su peso y sus condiciones."""
    nodes: list[Any] = []
    weight, conditions = 1.0, tuple[tuple[str, str], ...]()
    while position < len(tokens) and tokens[position] not in "|]":
        token, position = tokens[position], position + 1
        if token == "[":
            choice, position = _choice(tokens, position, line)
            nodes.append(choice)
        elif token == "¶":
            nodes.append("\n")
        elif token.startswith("{"):
            nodes += _slot(token, line)
        elif token.startswith("<"):
            nodes += [CAPITAL] * token[1].isupper() + [Call(token[1:-1].lower())]
        elif nodes:
            nodes.append(token)
        else:
            head = _head(token)
            weight = float(head[1] or 1)
            conditions = tuple(_CONDITION.findall(head[0]))
            nodes.append(token[head.end() :])
    return Option(tuple(nodes), weight, conditions), position


def _choice(tokens: list[str], position: int, line: str) -> tuple[Choice, int]:
    options = []
    while True:
        option, position = _sequence(tokens, position, line)
        options.append(option)
        if position == len(tokens):
            raise ValueError(f"En la plantilla «{line}» falta cerrar un corchete.")
        position += 1
        if tokens[position - 1] == "]":
            return Choice(tuple(options)), position


def _slot(token: str, line: str) -> list[Any]:
    found = _SLOT.fullmatch(token[1:-1])
    if not found:
        raise ValueError(f"En la plantilla «{line}» no se entiende {token}.")
    first, second, form, masculine, feminine, singular, plural = found.groups()
    variables = (first + second).lower()
    capital = [CAPITAL] * first.isupper()
    if masculine is not None:
        return [*capital, Slot(variables, "", (masculine, feminine), by=":")]
    if singular is not None:
        return [*capital, Slot(variables, "", (singular, plural), by="#")]
    return [*capital, Slot(variables, form or "")]
