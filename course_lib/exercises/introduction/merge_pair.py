"""Ejercicio: unir un par de tokens."""

from itertools import pairwise

import torch

from course_lib.exercises.core.exercise import Exercise, Misconception, Property


def reference(tokens, pair):
    """De izquierda a derecha, cada aparición del par pasa a ser un token."""
    merged, i = [], 0
    while i < len(tokens):
        if i + 1 < len(tokens) and (tokens[i], tokens[i + 1]) == pair:
            merged.append(tokens[i] + tokens[i + 1])
            i += 2
        else:
            merged.append(tokens[i])
            i += 1
    return merged


def cases(generator):
    """Ninguna aparición, una, varias, superpuestas, y un par que solo se lee al juntar otros."""
    fixed = [
        (["n", "o"], ("s", "i")),
        (["l", "a"], ("l", "a")),
        (["a", "a", "a"], ("a", "a")),
        (["n", "a", "s", "a", "n", "a"], ("n", "a")),
        (["ca", "sa", "c", "as", "a"], ("ca", "sa")),
        (["s", "o", "l", "o", "s"], ("s", "o")),
    ]
    random = []
    for size in (5, 8, 12):
        letters = torch.randint(0, 2, (size,), generator=generator).tolist()
        random.append((["ab"[letter] for letter in letters], ("a", "b")))
    return fixed + random


def keeps_the_text(merged, tokens, pair):
    """Al juntar los tokens se lee el mismo texto."""
    before, after = "".join(tokens), "".join(merged)
    return None if before == after else f"El texto era «{before}» y ahora se lee «{after}»."


def no_pair_left(merged, tokens, pair):
    """No queda ninguna aparición del par (los dos tokens son distintos)."""
    if pair[0] != pair[1] and pair in pairwise(merged):
        return f"Todavía se ve el par {pair!r} sin unir."
    return None


def _only_first(tokens, pair):
    for i in range(len(tokens) - 1):
        if (tokens[i], tokens[i + 1]) == pair:
            return [*tokens[:i], tokens[i] + tokens[i + 1], *tokens[i + 2 :]]
    return list(tokens)


def _keeps_second(tokens, pair):
    """Une, pero no salta el segundo token."""
    merged = []
    for i, token in enumerate(tokens):
        found = i + 1 < len(tokens) and (token, tokens[i + 1]) == pair
        merged.append(token + tokens[i + 1] if found else token)
    return merged


def _right_to_left(tokens, pair):
    backwards = reference(tokens[::-1], pair[::-1])[::-1]
    joined = "".join(pair)
    return [joined if token == "".join(pair[::-1]) else token for token in backwards]


def _by_text(tokens, pair):
    joined = "".join(pair)
    before, *rest = "".join(tokens).split(joined)
    found = list(before)
    for part in rest:
        found += [joined, *part]
    return found


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
        "Mientras `i < len(tokens)`: si `tuple(tokens[i:i + 2]) == pair`, agrega la unión y suma 2 a `i`; "
        "si no, agrega `tokens[i]` y suma 1. Escribe en una lista nueva.",
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
            "No queda ningún par",
            "Después de unir, esos dos tokens ya no pueden estar juntos.",
            no_pair_left,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
