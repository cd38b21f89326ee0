"""Ejercicio: un prompt con k ejemplos."""

from __future__ import annotations

import torch

from ..core.draws import choose, integer, shuffled
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Examples = list[tuple[str, str]]

INSTRUCTIONS = (
    "",
    "Escribe el plural.",
    "Di la capital de cada país",
    "Responde solo «bueno» o «malo»:",
    "Sigue el patrón {entrada} → {salida}.",
)
POOL: Examples = [
    ("luz", "luces"),
    ("Chile", "Santiago"),
    ("¡Qué final!", "bueno"),
    ("¡Qué final!", "malo"),
    ("el pez", "los peces"),
    ("100 %", "cien por ciento"),
    ("{x}", "{y}"),
    ("Costa Rica", "San José"),
    ("sí", "no"),
    ("no", "sí"),
]
QUESTIONS = ("Perú", "¿lápiz?", "luz", "{0}", "Me aburrí. Mucho.", "50 %s")


def reference(instruction: str, examples: Examples, question: str, k: int) -> str:
    """La instrucción, los primeros k ejemplos y la pregunta, separados por líneas en blanco."""
    return _join(instruction, [_block(*pair) for pair in examples[:k]], question)


def _block(text: str, answer: str) -> str:
    return f"Entrada: {text}\nSalida: {answer}"


def _join(
    instruction: str, blocks: list[str], question: str, gap: str = "\n\n", end: str = ""
) -> str:
    last = f"Entrada: {question}\nSalida:{end}"
    return gap.join([*([instruction] if instruction else []), *blocks, last])


def cases(generator: torch.Generator) -> list[tuple[str, Examples, str, int]]:
    """Sin ejemplos, con uno, con todos, sin instrucción, con entradas repetidas y con llaves."""
    fixed: list[tuple[str, Examples, str, int]] = [
        ("Plural.", [("luz", "luces")], "pez", 1),
        ("Plural.", [("luz", "luces")], "pez", 0),
        ("", [("luz", "luces")], "pez", 0),
        ("", [("luz", "luces"), ("sol", "soles")], "pez", 1),
        ("Plural.", [("luz", "luces"), ("sol", "soles")], "pez", 2),
        ("Plural.", [], "pez", 0),
        ("Repite.", [("a", "b"), ("a", "b"), ("c", "d")], "a", 2),
        ("Repite.", [("a", "b"), ("a", "c"), ("d", "e")], "a", 3),
    ]
    random = []
    for size in (3, 4, 6, 8):
        examples = shuffled(generator, POOL)[:size]
        k = integer(generator, 1, size - 1)
        random.append((choose(generator, INSTRUCTIONS), examples, choose(generator, QUESTIONS), k))
    whole = shuffled(generator, POOL)[:5]
    random.append((choose(generator, INSTRUCTIONS[1:]), whole, choose(generator, QUESTIONS), 5))
    return fixed + random


def waits_for_the_answer(
    text: str, instruction: str, examples: Examples, question: str, k: int
) -> str | None:
    """El prompt termina donde debe empezar a escribir el modelo."""
    if text.endswith("\nSalida:"):
        return None
    return f"Termina en {text[-20:]!r}."


def asks_the_question(
    text: str, instruction: str, examples: Examples, question: str, k: int
) -> str | None:
    """Lo último que hay antes de «Salida:» es la entrada que se pregunta."""
    lines = text.rstrip().split("\n")
    if len(lines) >= 2 and lines[-2] == f"Entrada: {question}":
        return None
    return f"Justo antes del último «Salida:» debía decir «Entrada: {question}»."


def shows_k_examples(
    text: str, instruction: str, examples: Examples, question: str, k: int
) -> str | None:
    """Hay k ejemplos con su respuesta, y la pregunta."""
    shown = sum(line.startswith("Entrada:") for line in text.split("\n")) - 1
    return None if shown == k else f"Ejemplos que se ven: {max(shown, 0)}; pedidos: {k}."


def keeps_the_order(
    text: str, instruction: str, examples: Examples, question: str, k: int
) -> str | None:
    """Los ejemplos son los primeros k, en su orden."""
    wanted = [line for pair in examples[:k] for line in _block(*pair).split("\n")]
    lines = [line for line in text.split("\n") if line.startswith(("Entrada: ", "Salida: "))]
    found = lines[: len(wanted)]
    if found == wanted or len(found) < len(wanted):
        return None
    place = next(
        i for i, (one, other) in enumerate(zip(found, wanted, strict=True)) if one != other
    )
    return f"En el ejemplo {place // 2 + 1} dice «{found[place]}» y debía decir «{wanted[place]}»."


def separates_the_parts(
    text: str, instruction: str, examples: Examples, question: str, k: int
) -> str | None:
    """Entre las partes hay justo una línea en blanco, y ninguna al comienzo."""
    if text.startswith("\n"):
        return "El texto empieza con una línea en blanco."
    if "\n\n\n" in text:
        return "Quedó más de una línea en blanco seguida."
    parts = k + 1 + bool(instruction)
    found = len(text.strip().split("\n\n"))
    return (
        None if found == parts else f"Hay {parts} partes, y las líneas en blanco separan {found}."
    )


def _last_k(instruction: str, examples: Examples, question: str, k: int) -> str:
    return reference(instruction, examples[len(examples) - k :], question, k)


def _negative_slice(instruction: str, examples: Examples, question: str, k: int) -> str:
    return reference(instruction, examples[-k:], question, len(examples))


def _space(instruction: str, examples: Examples, question: str, k: int) -> str:
    return _join(instruction, [_block(*pair) for pair in examples[:k]], question, end=" ")


def _final_newline(instruction: str, examples: Examples, question: str, k: int) -> str:
    return reference(instruction, examples, question, k) + "\n"


def _no_blank_line(instruction: str, examples: Examples, question: str, k: int) -> str:
    return _join(instruction, [_block(*pair) for pair in examples[:k]], question, gap="\n")


def _glued_instruction(instruction: str, examples: Examples, question: str, k: int) -> str:
    start = f"{instruction}\n" if instruction else ""
    return start + reference("", examples, question, k)


def _blank_instruction(instruction: str, examples: Examples, question: str, k: int) -> str:
    return f"{instruction}\n\n" + reference("", examples, question, k)


def _swapped(instruction: str, examples: Examples, question: str, k: int) -> str:
    return reference(instruction, [(b, a) for a, b in examples], question, k)


def _repeated_instruction(instruction: str, examples: Examples, question: str, k: int) -> str:
    start = f"{instruction}\n\n" if instruction else ""
    return "\n\n".join(start + part for part in reference("", examples, question, k).split("\n\n"))


def _unique_inputs(instruction: str, examples: Examples, question: str, k: int) -> str:
    return reference(instruction, list(dict(examples[:k]).items()), question, k)


def _without_the_slot(instruction: str, examples: Examples, question: str, k: int) -> str:
    return reference(instruction, examples, question, k).removesuffix("\nSalida:")


MISCONCEPTIONS = (
    Misconception(
        "Un espacio después de «Salida:»",
        "Termina en «Salida:», sin espacio. En la mayoría de los tokenizadores el espacio va al "
        "comienzo de la palabra siguiente: si ya lo escribiste, el modelo tiene que empezar a medias.",
        _space,
    ),
    Misconception(
        "Un salto de línea después de «Salida:»",
        "En los ejemplos la respuesta va en la misma línea. Si terminas con un salto de línea, el "
        "formato de la pregunta ya no es el de los ejemplos.",
        _final_newline,
    ),
    Misconception(
        "Sin líneas en blanco",
        'Entre la instrucción, cada ejemplo y la pregunta va una línea en blanco: `"\\n\\n"`.',
        _no_blank_line,
    ),
    Misconception(
        "La instrucción quedó pegada",
        "También entre la instrucción y lo que sigue va una línea en blanco.",
        _glued_instruction,
    ),
    Misconception(
        "Líneas en blanco sin instrucción",
        "Si la instrucción está vacía, el prompt empieza directamente en el primer «Entrada:».",
        _blank_instruction,
    ),
    Misconception(
        "Usaste todos los ejemplos",
        "Se muestran solo los primeros `k`: `examples[:k]`.",
        lambda instruction, examples, question, k: reference(
            instruction, examples, question, len(examples)
        ),
    ),
    Misconception(
        "Tomaste los últimos",
        "Se piden los primeros `k` ejemplos, `examples[:k]`.",
        _last_k,
    ),
    Misconception(
        "`examples[-k:]` con k = 0",
        "Con k = 0, `examples[-0:]` es la lista entera. Y se piden los primeros: `examples[:k]`.",
        _negative_slice,
    ),
    Misconception(
        "Invertiste los ejemplos",
        "Van en el orden en que llegan: el orden también cambia lo que responde el modelo.",
        lambda instruction, examples, question, k: reference(
            instruction, examples[:k][::-1], question, k
        ),
    ),
    Misconception(
        "Intercambiaste entrada y salida",
        "Cada ejemplo es una pareja (entrada, salida), en ese orden.",
        _swapped,
    ),
    Misconception(
        "Repetiste la instrucción",
        "La instrucción va una sola vez, al comienzo.",
        _repeated_instruction,
    ),
    Misconception(
        "Perdiste ejemplos repetidos",
        "Un diccionario guarda una sola respuesta por entrada. Recorre la lista de parejas.",
        _unique_inputs,
    ),
    Misconception(
        "Falta el «Salida:» de la pregunta",
        "El prompt termina en «Salida:»: así el modelo sabe que lo que sigue es la respuesta.",
        _without_the_slot,
    ),
)

EXERCISE = Exercise(
    key="few_shot_prompt",
    chapter="04_habilidades",
    title="Un prompt con k ejemplos",
    objective="Escribir, con un formato exacto, un prompt que muestra la tarea en vez de explicarla.",
    difficulty=1,
    minutes=10,
    section="Aprendizaje en contexto",
    hints=(
        "¿Qué partes tiene el prompt con k = 0? ¿Y si además la instrucción está vacía? La pregunta es "
        "un ejemplo más, al que le falta la respuesta.",
        "Reúne las partes en una lista: la instrucción (si no está vacía), un "
        '`f"Entrada: {x}\\nSalida: {y}"` por cada pareja de los primeros k ejemplos, y la pregunta '
        'con su «Salida:» abierto. Todas se unen igual, con `"\\n\\n".join(...)`.',
    ),
    cases=cases,
    reference=reference,
    idea="Instrucción, k ejemplos resueltos y la pregunta abierta, con una línea en blanco entre cada parte.",
    properties=(
        Property(
            "Termina en «Salida:»",
            "El prompt se corta justo donde el modelo debe seguir, sin espacio ni salto de línea.",
            waits_for_the_answer,
        ),
        Property(
            "Pregunta lo que se pidió",
            "La pregunta va al final, con el mismo formato que los ejemplos.",
            asks_the_question,
        ),
        Property(
            "Muestra k ejemplos",
            "k puede ser 0: entonces solo quedan la instrucción y la pregunta.",
            shows_k_examples,
        ),
        Property(
            "Los primeros, en su orden",
            "Los mismos ejemplos en otro orden son otro prompt.",
            keeps_the_order,
        ),
        Property(
            "Una línea en blanco entre las partes",
            "El modelo reconoce el patrón porque todas las partes se separan igual.",
            separates_the_parts,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
