"""Ejercicio: entradas y objetivos del preentrenamiento."""

from __future__ import annotations

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Pair = tuple[Tensor, Tensor]

IGNORED = -100
# (B, T, V): una sola fila, más columnas que filas y al revés, y tantas como columnas
SIZES = ((1, 5, 6), (2, 4, 5), (3, 3, 6), (4, 2, 7), (3, 7, 9), (6, 5, 12))


def _hidden(following: Tensor, pad_id: int) -> Tensor:
    return following.masked_fill(following == pad_id, IGNORED)


def reference(rows: Tensor, pad_id: int) -> Pair:
    """Las filas sin su último token, y las filas sin el primero, con -100 en el relleno."""
    return rows[:, :-1].clone(), _hidden(rows[:, 1:], pad_id)


def cases(generator: torch.Generator) -> list[tuple[Tensor, int]]:
    """Textos de un token, sin relleno, con el id 0 en el texto y el relleno en cualquier id."""
    fixed = [
        (torch.tensor([[3, 1]]), 0),
        (torch.tensor([[2, 9]]), 9),
        (torch.tensor([[5, 6, 7]]), 0),
        (torch.tensor([[4, 0, 9]]), 9),
        (torch.tensor([[5, 6, 7, 8], [9, 6, 0, 0]]), 0),
        (torch.tensor([[1, 0, 0, 2], [0, 1, 3, 3]]), 3),
    ]
    return fixed + [_drawn(generator, *size) for size in SIZES]


def _drawn(
    generator: torch.Generator, texts: int, longest: int, vocabulary: int
) -> tuple[Tensor, int]:
    """Textos de distinto largo; el más largo ocupa toda su fila."""
    pad_id = integer(generator, 0, vocabulary - 1)
    rows = torch.randint(0, vocabulary - 1, (texts, longest), generator=generator)
    rows[rows >= pad_id] += 1  # ningún texto contiene el relleno
    whole = integer(generator, 0, texts - 1)
    for place, row in enumerate(rows):
        if place != whole:
            row[integer(generator, 1, longest) :] = pad_id
    return rows, pad_id


def inputs_are_the_rows(pair: Pair, rows: Tensor, pad_id: int) -> str | None:
    """Cada entrada es su fila sin el último token."""
    return (
        None
        if torch.equal(pair[0], rows[:, :-1])
        else "Las entradas no son las filas sin su último token."
    )


def targets_come_next(pair: Pair, rows: Tensor, pad_id: int) -> str | None:
    """Donde lo que sigue es texto, el objetivo es ese token."""
    following = rows[:, 1:]
    wrong = ((following != pad_id) & (pair[1] != following)).nonzero()
    if not len(wrong):
        return None
    b, t = wrong[0].tolist()
    return (
        f"En la fila {b}, después de la posición {t} viene el token {int(following[b, t])}, y el objetivo es "
        f"{int(pair[1][b, t])}."
    )


def padding_is_ignored(pair: Pair, rows: Tensor, pad_id: int) -> str | None:
    """Donde lo que sigue es relleno, el objetivo es -100, y en ninguna otra parte."""
    hidden, padding = pair[1] == IGNORED, rows[:, 1:] == pad_id
    if torch.equal(hidden, padding):
        return None
    return f"Hay {int(padding.sum())} objetivos de relleno, y {int(hidden.sum())} en −100."


def _whole(rows: Tensor, pad_id: int) -> Pair:
    """Sin quitar ningún token: a la última entrada le falta quien la siga."""
    targets = torch.full_like(rows, IGNORED)
    targets[:, :-1] = _hidden(rows[:, 1:], pad_id)
    return rows.clone(), targets


def _by_inputs(rows: Tensor, pad_id: int) -> Pair:
    return rows[:, :-1].clone(), rows[:, 1:].masked_fill(rows[:, :-1] == pad_id, IGNORED)


def _without_the_last_token(rows: Tensor, pad_id: int) -> Pair:
    inputs, targets = reference(rows, pad_id)
    for row, target in zip(rows, targets, strict=True):
        real = int((row != pad_id).sum())
        target[max(real - 2, 0) :] = IGNORED
    return inputs, targets


def _first_padding_only(rows: Tensor, pad_id: int) -> Pair:
    following = rows[:, 1:].clone()
    padding = following == pad_id
    following[padding & (padding.cumsum(dim=1) == 1)] = IGNORED
    return rows[:, :-1].clone(), following


MISCONCEPTIONS = (
    Misconception(
        "Sin correr",
        "El objetivo de cada posición es el mismo token que está leyendo: no hay nada que predecir. Es el que sigue, "
        "`rows[:, 1:]`.",
        lambda rows, pad_id: (rows[:, :-1].clone(), _hidden(rows[:, :-1], pad_id)),
    ),
    Misconception(
        "Corriste hacia atrás",
        "Diste como objetivo el token anterior, que el modelo ya leyó. La entrada es `rows[:, :-1]`, y el objetivo, "
        "`rows[:, 1:]`.",
        lambda rows, pad_id: (rows[:, 1:].clone(), _hidden(rows[:, :-1], pad_id)),
    ),
    Misconception(
        "El relleno quedó como objetivo",
        "Donde lo que sigue es `pad_id`, el objetivo es −100: si no, el modelo aprende a escribir relleno.",
        lambda rows, pad_id: (rows[:, :-1].clone(), rows[:, 1:].clone()),
    ),
    Misconception(
        "−100 también en las entradas",
        "El modelo lee los ids tal como están, con su relleno: no tiene un vector para −100. Se tapa solo el objetivo, y "
        "sobre una copia, porque `rows[:, 1:]` comparte memoria con `rows`.",
        lambda rows, pad_id: (_hidden(rows[:, :-1], pad_id), _hidden(rows[:, 1:], pad_id)),
    ),
    Misconception(
        "Miraste si la entrada es relleno",
        "Se tapa donde el *objetivo* es relleno. La posición que lee el último token de un texto ya tiene relleno por delante.",
        _by_inputs,
    ),
    Misconception(
        "Perdiste el último token de cada texto",
        "El último token de un texto también se predice: lo predice el anterior. Solo se tapan los objetivos que son `pad_id`.",
        _without_the_last_token,
    ),
    Misconception(
        "Tapaste solo el primer relleno",
        "Todos los objetivos de relleno van en −100, no solo el que sigue al texto.",
        _first_padding_only,
    ),
    Misconception(
        "Tapaste el 0",
        "El relleno es `pad_id`, que puede ser cualquier id, y 0 puede ser un token del texto.",
        lambda rows, pad_id: (rows[:, :-1].clone(), _hidden(rows[:, 1:], 0)),
    ),
    Misconception(
        "−1 en lugar de −100",
        "La entropía cruzada de PyTorch ignora el −100; con −1 falla.",
        lambda rows, pad_id: (
            rows[:, :-1].clone(),
            rows[:, 1:].masked_fill(rows[:, 1:] == pad_id, -1),
        ),
    ),
    Misconception(
        "No quitaste ningún token",
        "Al último token de cada fila no lo sigue nada: no se lee. Entradas y objetivos miden T − 1.",
        _whole,
    ),
    Misconception(
        "El primero persigue al último",
        "`roll` da la vuelta: el primer token de la fila queda como objetivo del último. Corta con `rows[:, 1:]`.",
        lambda rows, pad_id: (rows.clone(), _hidden(rows.roll(-1, dims=1), pad_id)),
    ),
    Misconception(
        "Corriste las filas y no las posiciones",
        "El primer eje es el lote, de textos que no tienen relación. El corrimiento es en el segundo: `rows[:, 1:]`.",
        lambda rows, pad_id: (rows[:-1].clone(), _hidden(rows[1:], pad_id)),
    ),
    Misconception(
        "Dos lugares más allá",
        "Se corre una sola vez: el objetivo es el token siguiente.",
        lambda rows, pad_id: (rows[:, :-2].clone(), _hidden(rows[:, 2:], pad_id)),
    ),
    Misconception(
        "En el orden inverso",
        "Se devuelve (entradas, objetivos).",
        lambda rows, pad_id: reference(rows, pad_id)[::-1],
    ),
)

EXERCISE = Exercise(
    key="shift",
    chapter="03b_preentrenamiento",
    title="Entradas y objetivos",
    objective="Sacar de un texto sin anotar las preguntas y las respuestas con que se entrena.",
    difficulty=1,
    minutes=10,
    section="Predecir el token siguiente",
    hints=(
        "Escribe una fila de cuatro tokens y, debajo de cada uno, el que debe predecir. ¿Cuál se queda sin nada debajo? ¿Y qué "
        "token de la fila no está en la segunda línea?",
        "Las dos salidas son la misma fila: a una le falta la última columna (`[:, :-1]`) y a la otra la primera. En la segunda, "
        "una comparación con `pad_id` dice dónde va −100; `torch.where` o `masked_fill` la aplican sin tocar `rows`.",
    ),
    cases=cases,
    reference=reference,
    idea="Entradas: `rows` sin la última columna. Objetivos: `rows` sin la primera, con −100 donde hay relleno.",
    properties=(
        Property(
            "Las entradas son las filas sin su último token",
            "El modelo lee el texto tal como está, también el relleno.",
            inputs_are_the_rows,
        ),
        Property(
            "Cada objetivo es el token que sigue",
            "La respuesta correcta en la posición t es lo que dice el texto en la t + 1.",
            targets_come_next,
        ),
        Property(
            "Solo el relleno se ignora",
            "Lo que no es texto no se aprende, y todo lo que es texto se aprende.",
            padding_is_ignored,
        ),
    ),
    outputs=("entradas", "objetivos"),
    misconceptions=MISCONCEPTIONS,
)
