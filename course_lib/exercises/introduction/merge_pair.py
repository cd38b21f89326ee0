"""Ejercicio: unir un par de tokens."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import torch

from ..core.exercise import Exercise, Misconception, Property
from .draws import choose, integer

__all__ = ["EXERCISE"]

Pair = tuple[str, str]


def _merge(tokens: list[str], found: Callable[[str, str], bool]) -> list[str]:
    """De izquierda a derecha, une los vecinos que cumplen `found` y los salta."""
    merged, i = [], 0
    while i < len(tokens):
        if i + 1 < len(tokens) and found(tokens[i], tokens[i + 1]):
            merged.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


def reference(tokens: list[str], pair: Pair) -> list[str]:
    """De izquierda a derecha, cada aparición del par pasa a ser un token."""
    return _merge(tokens, lambda first, second: (first, second) == pair)


def cases(generator: torch.Generator) -> list[tuple[list[str], Pair]]:
    """Sin tokens, apariciones superpuestas, al final, casi iguales, y tokens largos o con espacios."""
    fixed: list[tuple[list[str], Pair]] = [
        ([], ("s", "i")),
        (["s"], ("s", "i")),
        (["n", "o"], ("s", "i")),
        (["l", "a"], ("l", "a")),
        (["a", "l"], ("l", "a")),
        (["la", "l", "a"], ("l", "a")),
        (["ma", "l"], ("m", "al")),
        (["ca", "sa"], ("a", "sa")),
        (["ca", "sas"], ("ca", "sa")),
        (["oca", "sas"], ("ca", "sa")),
        (["c.", "o"], ("c", "o")),
        (["s", "l"], (".", "l")),
        (list("aaa"), ("a", "a")),
        (["na"] * 4, ("na", "na")),
        (list("nasana"), ("n", "a")),
        (["ca", "sa", "c", "as", "a"], ("ca", "sa")),
        (list("solos"), ("s", "o")),
        (list("la bola "), ("l", "a")),
        ([" la", " ", "casa", "\n", " la", " "], (" la", " ")),
        (["s|o", "s", "o", "|", "l,", "s", "o"], ("s", "o")),
    ]
    pools = [("ab", ("a", "b"), 5), ("ab", ("b", "b"), 9), (TOKENS, ("sa", "s"), 12)]
    pools += [(TOKENS, ("na", "na"), 14), (TOKENS, ("a", "sa"), 18)]
    random = [(choose(generator, pool, size), pair) for pool, pair, size in pools]
    return fixed + random + [_found_twice(generator)]


TOKENS = ("a", "s", "sa", "na", "n", "ana", "sas", " ")


def _found_twice(generator: torch.Generator) -> tuple[list[str], Pair]:
    """Un par al azar, puesto en dos lugares al azar y también al final."""
    first, second = choose(generator, TOKENS, 2)
    tokens = choose(generator, TOKENS, 8)
    for _ in range(2):
        place = integer(generator, 0, len(tokens))
        tokens[place:place] = [first, second]
    return [*tokens, first, second], (first, second)


def keeps_the_text(merged: list[str], tokens: list[str], pair: Pair) -> str | None:
    """Al juntar los tokens se lee el mismo texto."""
    before, after = "".join(tokens), "".join(merged)
    return None if before == after else f"El texto era «{before}» y ahora se lee «{after}»."


def only_that_pair(merged: list[str], tokens: list[str], pair: Pair) -> str | None:
    """Cada token es uno de los que había o la unión de ese par."""
    i = 0
    for token in merged:
        if tokens[i : i + 1] == [token]:
            i += 1
        elif tuple(tokens[i : i + 2]) == pair and token == "".join(pair):
            i += 2
        else:
            expected = ", ".join(repr(one) for one in tokens[i : i + 2]) or "nada"
            return f"Devolviste el token {token!r} donde había {expected}; el par es {pair!r}."
    return None


def no_pair_left(merged: list[str], tokens: list[str], pair: Pair) -> str | None:
    """No queda ninguna aparición del par (los dos tokens son distintos)."""
    if pair[0] != pair[1] and pair in pairwise(merged):
        return f"Todavía se ve el par {pair!r} sin unir."
    return None


def _only_first(tokens: list[str], pair: Pair) -> list[str]:
    for i in range(len(tokens) - 1):
        if (tokens[i], tokens[i + 1]) == pair:
            return [*tokens[:i], tokens[i] + tokens[i + 1], *tokens[i + 2 :]]
    return list(tokens)


def _keeps_second(tokens: list[str], pair: Pair) -> list[str]:
    """Une, pero no salta el segundo token."""
    merged = []
    for i, token in enumerate(tokens):
        found = i + 1 < len(tokens) and (token, tokens[i + 1]) == pair
        merged.append(token + tokens[i + 1] if found else token)
    return merged


def _right_to_left(tokens: list[str], pair: Pair) -> list[str]:
    mirrored = pair[1][::-1], pair[0][::-1]
    backwards = reference([token[::-1] for token in tokens[::-1]], mirrored)
    return [token[::-1] for token in backwards[::-1]]


def _by_text(tokens: list[str], pair: Pair) -> list[str]:
    joined = "".join(pair)
    before, *rest = "".join(tokens).split(joined)
    found = list(before)
    for part in rest:
        found += [joined, *part]
    return found


def _joined_with_spaces(tokens: list[str], pair: Pair) -> str:
    return " ".join(tokens).replace(" ".join(pair), "".join(pair))


def _without_the_last(tokens: list[str], pair: Pair) -> list[str]:
    merged, i = [], 0
    while i < len(tokens) - 1:
        step = 2 if (tokens[i], tokens[i + 1]) == pair else 1
        merged.append("".join(tokens[i : i + step]))
        i += step
    return merged


MISCONCEPTIONS = (
    Misconception(
        "Uniste solo la primera aparición",
        "Hay que unir todas las apariciones del par, no solo la primera.",
        _only_first,
    ),
    Misconception(
        "El segundo token quedó repetido",
        "Al unir dos tokens, el segundo ya está dentro del nuevo: el recorrido debe saltárselo y avanzar "
        "dos lugares.",
        _keeps_second,
    ),
    Misconception(
        "De derecha a izquierda",
        "Cuando dos apariciones se superponen (a, a, a), se une primero la de la izquierda.",
        _right_to_left,
    ),
    Misconception(
        "Buscaste en el texto y no en los tokens",
        "Juntar todo y partir el texto de nuevo deshace las uniones anteriores: «c» + «as» + «a» se lee "
        "«casa», pero ahí no están los tokens «ca» y «sa».",
        _by_text,
    ),
    *(
        Misconception(
            "Uniste los tokens con espacios",
            "Al buscar «ca sa» dentro de un texto también calza «oca sas», y un token puede tener "
            "espacios. Compara los tokens de la lista, de a dos.",
            wrong,
        )
        for wrong in (
            lambda tokens, pair: _joined_with_spaces(tokens, pair).split(" "),
            lambda tokens, pair: _joined_with_spaces(tokens, pair).split(),
        )
    ),
    Misconception(
        "Comparaste los textos ya unidos",
        "«ma» + «l» y «m» + «al» se escriben igual, pero no son el mismo par: compara cada token con el "
        "suyo.",
        lambda tokens, pair: _merge(tokens, lambda a, b: a + b == "".join(pair)),
    ),
    Misconception(
        "Comparaste solo una parte de cada token",
        "«oca» termina en «ca» y «sas» comienza con «sa», pero no son los tokens del par: deben ser "
        "iguales.",
        lambda tokens, pair: _merge(
            tokens, lambda a, b: a.endswith(pair[0]) and b.startswith(pair[1])
        ),
    ),
    Misconception(
        "Olvidaste el orden del par",
        "Uniste también el par al revés. (a, b) no es (b, a): cada token se compara con el suyo.",
        lambda tokens, pair: _merge(tokens, lambda a, b: (a, b) in (pair, pair[::-1])),
    ),
    Misconception(
        "Perdiste el último token",
        "El recorrido llega hasta el penúltimo: si el último token no forma parte de un par, también se "
        "copia.",
        _without_the_last,
    ),
    Misconception(
        "No uniste nada",
        "Devolviste los mismos tokens. Revisa la comparación: `pair` es una tupla, y una lista nunca es "
        "igual a una tupla.",
        lambda tokens, pair: list(tokens),
    ),
)

EXERCISE = Exercise(
    key="merge_pair",
    chapter="01_introduccion",
    title="Unir un par",
    objective="Reemplazar cada aparición de dos tokens seguidos por uno solo.",
    difficulty=2,
    minutes=20,
    section="Cómo se aprende un vocabulario",
    hints=(
        "Recorre con un índice `i`. ¿Cuánto avanza `i` cuando encuentra el par y cuánto cuando no?",
        "Un `for` no sirve, porque a veces hay que saltar: usa `while` y una lista nueva. Compara los dos tokens "
        "siguientes, como tupla, con `pair`; cerca del final `tokens[i:i + 2]` tiene uno solo y no falla. Prueba "
        "con a, a, a y el par (a, a).",
    ),
    cases=cases,
    reference=reference,
    idea="De izquierda a derecha, cada par encontrado pasa a ser un token y el recorrido salta dos.",
    properties=(
        Property(
            "El texto no cambia",
            "Unir tokens cambia cómo se parte el texto, no lo que dice.",
            keeps_the_text,
        ),
        Property(
            "Solo se une ese par",
            "Un token se une con el que le sigue si son los dos del par, enteros y en ese orden; los "
            "demás quedan como llegaron.",
            only_that_pair,
        ),
        Property(
            "No queda ningún par",
            "Después de unir, esos dos tokens ya no pueden estar juntos.",
            no_pair_left,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
