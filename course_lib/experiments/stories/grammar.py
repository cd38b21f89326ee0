"""La gramática de los cuentos: plantillas en español que se eligen al azar y se cuentan hacia atrás.

Un cuento es una cadena de elecciones: qué argumento, qué personaje, qué frase. `Grammar.tell` las
sortea y conoce la probabilidad exacta de cada una. `Grammar.logprob` hace el camino inverso: dado
un texto, busca *todas* las maneras en que la gramática pudo escribirlo y suma sus probabilidades. Por eso
la entropía de esta fuente se puede medir, y ningún modelo puede predecirla, en promedio, mejor.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from .lexicon import NAME_OF, Entry, Lexicon
from .templates import CAPITAL, Call, Choice, Option, Slot, lexicon_option, read_plots
from .words import FEMININE, inflect

__all__ = ["Grammar", "Telling"]

Bound = Mapping[str, Entry]
Agenda = tuple[Any, Any] | None  # (lo siguiente, lo demás)
_TOLD_BY_LEXICON = {"costumbre": "a", "torpeza": "s", "maravilla": "t", "escondite": "x"}


@dataclass(frozen=True)
class Telling:
    """Un cuento con lo que se eligió para contarlo y el logaritmo (natural) de su probabilidad.

    `logprob` es la de esa cadena de elecciones, o la suma de todas si viene de `Grammar.logprob`.
    """

    text: str
    logprob: float
    choices: Mapping[str, Entry]


class Grammar:
    """La gramática completa; `lexicon` dice qué palabras hay y qué parejas se evitan.

    >>> grammar = Grammar()
    >>> telling = grammar.tell(random.Random(1))
    >>> again = grammar.read(telling.text)
    >>> again.logprob >= telling.logprob - 1e-9, again.choices["h"] is telling.choices["h"]
    (True, True)
    """

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon or Lexicon()

    @cached_property
    def steps(self) -> dict[str, Choice]:
        """Los pasos, {nombre: opciones}: los de las plantillas y los que cuenta el léxico."""
        steps = read_plots()
        for step, variable in _TOLD_BY_LEXICON.items():
            steps[step] = [
                lexicon_option(variable, entry.text, line)
                for entry in self.lexicon.entries[variable]
                for line in entry.lines
            ]
        if self.lexicon.reserved == "exigir":  # donde nadie desea nada no hay pareja que reservar
            steps["cuento"] = [o for o in steps["cuento"] if Call("amistad") not in o.nodes]
        return {name: Choice(tuple(options)) for name, options in steps.items()}

    def tell(self, rng: random.Random) -> Telling | None:
        """Devuelve un cuento al azar según `rng`, o None si llegó a un callejón sin salida.

        El mismo estado da el mismo cuento. Solo hay callejones cuando se exigen parejas reservadas: alguien ya
        vive donde está todo lo que podría desear.
        """
        agenda: Agenda = (Call("cuento"), None)
        bound: Bound = {}
        logprob, page, pieces = 0.0, _Page(), []
        while agenda is not None:
            node, rest = agenda
            if node is CAPITAL or isinstance(node, str):
                piece, page = page.write(node)
                pieces.append(piece)
                agenda = rest
            else:
                ways = self._ways(node, bound)
                if not ways:
                    return None
                way = rng.choices(ways, [way.probability for way in ways])[0]
                agenda, bound = way.follow(rest, bound)
                logprob += math.log(way.probability)
        return Telling("".join(pieces), logprob, bound)

    def read(self, text: str) -> Telling | None:
        """Devuelve `text` con la probabilidad de que la gramática lo escriba, o None si no puede.

        Recorre todas las cadenas de elecciones que lo producen; `choices` son las de la más
        probable. El trabajo crece con el largo del texto, no con el número de cuentos posibles.
        """
        stack: list[tuple[Any, ...]] = [((Call("cuento"), None), {}, 0.0, _Page(), 0)]
        found: list[tuple[float, Bound]] = []
        while stack:
            agenda, bound, logprob, page, position = stack.pop()
            while agenda is not None:
                node, rest = agenda
                if not (node is CAPITAL or isinstance(node, str)):
                    stack += [
                        (
                            *way.follow(rest, bound),
                            logprob + math.log(way.probability),
                            page,
                            position,
                        )
                        for way in self._ways(node, bound)
                    ]
                    break
                piece, page = page.write(node)
                if not text.startswith(piece, position):
                    break
                agenda, position = rest, position + len(piece)
            else:
                if position == len(text):
                    found.append((logprob, bound))
        if not found:
            return None
        best, choices = max(found, key=lambda pair: pair[0])
        total = best + math.log(sum(math.exp(logprob - best) for logprob, _ in found))
        return Telling(text, total, choices)

    # --- una elección ---

    def _ways(self, node: Slot | Call | Choice, bound: Bound) -> list[_Way]:
        """Las maneras de seguir desde un nodo, con su probabilidad."""
        options: tuple[Option, ...] = ()
        if not isinstance(node, Slot):
            options = (self.steps[node.step] if isinstance(node, Call) else node).options
        for variable in node.needed if isinstance(node, Slot) else _variables_of(options):
            if variable not in bound:  # primero se elige, y después se vuelve a este nodo
                domain = self.lexicon.domain(variable, bound)
                return [_Way(1 / len(domain), (node,), (variable, entry)) for entry in domain]
        if isinstance(node, Slot):
            texts = _render(node, bound)
            return [_Way(1 / len(texts), (text,)) for text in texts]
        possible = [option for option in options if _holds(option, bound)]
        total = sum(option.weight for option in possible)
        return [_Way(option.weight / total, option.nodes) for option in possible]


class _Way(NamedTuple):
    """Una manera de seguir: su probabilidad, los nodos que la forman y la variable que fija."""

    probability: float
    nodes: tuple[Any, ...]
    choice: tuple[str, Entry] | None = None

    def follow(self, rest: Agenda, bound: Bound) -> tuple[Agenda, Bound]:
        """Devuelve lo que queda por escribir y lo elegido después de seguirla."""
        for node in reversed(self.nodes):
            rest = (node, rest)
        return rest, bound if self.choice is None else {**bound, self.choice[0]: self.choice[1]}


class _Page(NamedTuple):
    """Lo que hay que recordar al escribir: mayúscula pendiente y espacio pendiente.

    Un espacio o un salto de línea se escribe cuando llega algo detrás; si hay los dos, gana el salto.
    """

    capital: bool = False
    gap: str = ""
    started: bool = False

    def write(self, node: Any) -> tuple[str, _Page]:
        """Devuelve lo que se escribe de verdad al llegar `node` y la página que queda."""
        if node is CAPITAL:
            return "", self._replace(capital=True)
        if not (body := node.strip(" \n")):
            return "", self._replace(gap=_wider(self.gap, node))
        start = node[: node.index(body)]
        gap = _wider(self.gap, start) if self.started else ""
        end = node[node.index(body) + len(body) :]
        text = body[:1].upper() + body[1:] if self.capital else body
        return gap + text, _Page(False, _wider("", end), True)


def _wider(gap: str, more: str) -> str:
    return "\n" if "\n" in gap + more else (gap + more)[:1]


def _variables_of(options: tuple[Option, ...]) -> tuple[str, ...]:
    """Las variables de las que dependen las condiciones: hay que elegirlas antes."""
    return tuple({variable: None for option in options for variable, _ in option.conditions})


def _holds(option: Option, bound: Bound) -> bool:
    for variable, tag in option.conditions:
        entry = bound[variable]
        if tag.startswith("=") and tag[1:] != entry.text:
            return False
        if tag.startswith("!") and tag[1:] in entry.tags:
            return False
        if tag[0] not in "=!" and tag not in entry.tags:
            return False
    return True


def _render(slot: Slot, bound: Bound) -> list[str]:
    """Los textos posibles de una forma: uno, o dos si el personaje tiene además nombre propio."""
    entries = [bound[variable] for variable in slot.variables]
    if slot.by == ":":
        return [slot.forms[all(entry.gender == FEMININE for entry in entries)]]
    entry = entries[0]
    if slot.by == "#":
        return [slot.forms[entry.is_plural]]
    name = bound.get(NAME_OF.get(slot.variables, ""))
    if slot.form in ("", "a", "de", "y") and name is not None:
        return [name.forms[slot.form], entry.forms[slot.form]]
    if slot.is_adjective:
        other = bound[slot.form]
        return [inflect(entry.text, other.gender, other.is_plural)]
    return [entry.forms[slot.form]]
