"""Problemas de enunciado de uno, dos y tres pasos, generados con semilla y resueltos por escrito.

Un problema sale de una plantilla de `problemas.jsonl` (una historia, con huecos) y de un sorteo de
nombres, objetos y números. Se guardan la solución en palabras y la expresión que la calcula, de modo
que cualquiera puede comprobar la respuesta. La ficha es `problemas.md`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from ._jsonl import read_rows

__all__ = ["Problem", "word_problems"]

NAMES = (
    *("Ana", "Luis", "Marta", "Julio", "Elena", "Diego", "Sofía", "Tomás", "Lucía", "Pablo"),
    *(
        "Carmen",
        "Andrés",
        "Valentina",
        "Mateo",
        "Rosa",
        "Hugo",
        "Camila",
        "Nora",
        "Felipe",
        "Clara",
    ),
)
SIGNS = {"+": "+", "-": "-", "*": "×", "/": "÷"}
# Desde 2, para que todo sustantivo vaya en plural; hasta 500, para que el cálculo no sea lo difícil.
SMALLEST, LARGEST = 2, 500
TRIES = 2000


@dataclass(frozen=True)
class Problem:
    """Un problema: su pregunta, su respuesta entera y cómo se llega a ella.

    `steps` es la solución en palabras, una operación por oración, y acaba en «Respuesta: N».
    `expression` es el mismo cálculo como expresión de Python. `story` dice de qué plantilla salió y
    `num_steps`, cuántas operaciones hacen falta.
    """

    id: str
    question: str
    answer: int
    steps: str
    expression: str
    story: str
    num_steps: int


def word_problems(n: int, steps: int, seed: int = 0) -> tuple[Problem, ...]:
    """Devuelve `n` problemas distintos de `steps` pasos (1, 2 o 3), repartidos entre diez historias.

    Con la misma semilla `seed` salen los mismos, y los primeros no cambian al pedir más.

    Raises:
        ValueError: `n` no es positivo o pide más problemas de los que se pueden formar, o `steps`
            no es 1, 2 ni 3.

    >>> problem = word_problems(1, steps=2)[0]
    >>> problem.steps.endswith(f"Respuesta: {problem.answer}")
    True
    """
    if n < 1:
        raise ValueError(f"Llegó n={n}: pide al menos un problema.")
    stories = [row for row in read_rows("problemas.jsonl") if row["steps"] == steps]
    if not stories:
        raise ValueError(f"Llegó steps={steps!r}: los problemas son de 1, 2 o 3 pasos.")
    rng = random.Random(f"{steps} pasos, semilla {seed}")
    rng.shuffle(stories)
    problems: dict[str, Problem] = {}
    for i in range(n):
        problem = _new(stories[i % len(stories)], f"prob-{steps}-{seed}-{i + 1:03}", problems, rng)
        problems[problem.question] = problem
    return tuple(problems.values())


def _new(
    story: dict[str, Any], name: str, known: dict[str, Problem], rng: random.Random
) -> Problem:
    """Sortea hasta que los números sirven y la pregunta no ha salido antes."""
    for _ in range(TRIES):
        numbers = {name: rng.randint(*ends) for name, ends in story["numbers"].items()}
        words = _words(story["things"], rng)
        solved = _solve(story["moves"], numbers)
        if solved is None:
            continue
        answer, expression, operations = solved
        blanks = {**words, **{name: str(value) for name, value in numbers.items()}}
        question = _fill(story["story"], blanks)
        if question in known:
            continue
        moves = zip(story["moves"], operations, strict=True)
        told = [_fill(move["text"], {**blanks, "=": done}) for move, done in moves]
        steps = " ".join([*told, f"Respuesta: {answer}"])
        return Problem(name, question, answer, steps, expression, story["id"], len(operations))
    raise ValueError(
        f"No se encuentran más problemas distintos con la historia «{story['id']}»: pide un n menor."
    )


def _words(things: dict[str, str], rng: random.Random) -> dict[str, str]:
    """Dos nombres, un objeto y las palabras que concuerdan con él."""
    first, second = rng.sample(NAMES, 2)
    words = {"A": first, "B": second}
    if things:
        thing = rng.choice(list(things))
        ending = "as" if things[thing] == "f" else "os"
        words |= {"x": thing, "Cuantos": f"Cuánt{ending}", "los": f"l{ending}", "Los": f"L{ending}"}
    return words


def _solve(
    moves: list[dict[str, str]], numbers: dict[str, int]
) -> tuple[int, str, list[str]] | None:
    """La respuesta, la expresión y cada operación escrita; None si algún número no sirve.

    Cada operando es un dato («a») o el resultado de un paso anterior («1»).
    """
    values = dict(numbers)
    written = {name: str(value) for name, value in numbers.items()}
    operations = []
    for place, move in enumerate(moves, 1):
        left, right, op = values[move["left"]], values[move["right"]], move["op"]
        if op == "/" and left % right:
            return None
        result = {"+": left + right, "-": left - right, "*": left * right, "/": left // right}[op]
        if not SMALLEST <= result <= LARGEST:
            return None
        values[str(place)] = result
        written[str(place)] = f"({written[move['left']]} {op} {written[move['right']]})"
        operations.append(f"{left} {SIGNS[op]} {right} = {result}")
    last = str(len(moves))
    return values[last], written[last][1:-1], operations


def _fill(text: str, blanks: dict[str, str]) -> str:
    for name, value in blanks.items():
        text = text.replace("{" + name + "}", value)
    return text
