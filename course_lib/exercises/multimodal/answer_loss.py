"""Ejercicio: la pérdida de la respuesta, con una imagen delante."""

from __future__ import annotations

import math

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Tensor = torch.Tensor
Case = tuple[Tensor, Tensor, int, int]

# (N, T, V, dónde empieza la respuesta): con imagen y sin ella, sin pregunta, y de uno a cinco tokens de respuesta
SIZES = (
    (0, 3, 4, 1),
    (1, 3, 5, 2),
    (2, 4, 4, 0),
    (3, 5, 6, 3),
    (4, 6, 5, 2),
    (2, 7, 8, 4),
    (9, 6, 7, 1),
)


def _each(logits: Tensor, ids: Tensor) -> Tensor:
    """La sorpresa de cada id con los logits de su fila."""
    return -torch.log_softmax(logits, dim=-1).gather(1, ids[:, None])[:, 0]


def _losses(logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int) -> Tensor:
    first = num_visual + answer_start
    return _each(logits[first - 1 : -1], input_ids[answer_start:])


def reference(logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int) -> Tensor:
    """Media de la pérdida de la respuesta: al token t del texto lo predice la posición N + t - 1."""
    return _losses(logits, input_ids, num_visual, answer_start).mean()


def cases(generator: torch.Generator) -> list[Case]:
    """Una respuesta de un token, sin pregunta, sin imagen, y logits enormes."""
    fixed = [
        (torch.tensor([[0.0, 1.0], [3.0, 0.0]]), torch.tensor([1]), 1, 0),
        (torch.tensor([[2.0, 1.0], [0.0, 4.0]]), torch.tensor([1, 0]), 0, 1),
        (torch.tensor([[1.0, 0.0], [0.0, 3.0], [2.0, 1.0]]), torch.tensor([1, 0]), 1, 1),
        _drawn(generator, 2, 5, 6, 3, scale=200.0),
    ]
    return fixed + [_drawn(generator, *size) for size in SIZES]


def _drawn(
    generator: torch.Generator,
    image: int,
    text: int,
    vocabulary: int,
    start: int,
    scale: float = 2.0,
) -> Case:
    logits = scale * torch.randn(image + text, vocabulary, generator=generator)
    ids = [integer(generator, 0, vocabulary - 1) for _ in range(text)]
    return logits, torch.tensor(ids), image, start


def is_not_negative(
    loss: Tensor, logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> str | None:
    """Una probabilidad es a lo más 1, y su logaritmo cambiado de signo no es negativo."""
    return None if loss >= -1e-5 else f"Salió {loss:.4g}."


def between_the_extremes(
    loss: Tensor, logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> str | None:
    """Una media está entre el menor y el mayor de lo que promedia."""
    losses = _losses(logits, input_ids, num_visual, answer_start)
    low, high = losses.min(), losses.max()
    slack = 1e-4 * (1 + float(high))
    if low - slack <= loss <= high + slack:
        return None
    return f"Las pérdidas de los tokens de la respuesta van de {low:.4g} a {high:.4g}, y salió {loss:.4g}."


def _moved(
    step: int, logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> Tensor:
    """Con las filas de los logits corridas `step` lugares."""
    first, ids = num_visual + answer_start - 1 + step, input_ids[answer_start:]
    rows = logits[max(first, 0) : first + len(ids)]
    return _each(rows, ids[len(ids) - len(rows) :] if first < 0 else ids[: len(rows)]).mean()


def _without_the_image(
    logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> Tensor:
    return _moved(-num_visual, logits, input_ids, num_visual, answer_start)


def _from(start: int, logits: Tensor, input_ids: Tensor, num_visual: int) -> Tensor:
    """La pérdida desde otro token; si nadie predice el primero, desde el siguiente."""
    return reference(logits, input_ids, num_visual, max(start, 1 - min(num_visual, 1)))


def _whole_text(logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int) -> Tensor:
    return _from(0, logits, input_ids, num_visual)


def _last_of_the_question(
    logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> Tensor:
    return _from(answer_start - 1, logits, input_ids, num_visual)


def _without_the_first(
    logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> Tensor:
    return reference(logits, input_ids, num_visual, answer_start + 1)


def _without_the_last(
    logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> Tensor:
    return _losses(logits, input_ids, num_visual, answer_start)[:-1].mean()


def _start_in_the_sequence(
    logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int
) -> Tensor:
    return _from(answer_start - num_visual, logits, input_ids, num_visual)


def _question(logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int) -> Tensor:
    ids = input_ids[1:answer_start]
    return _each(logits[num_visual : num_visual + len(ids)], ids).mean()


def _over(length: int, *args: object) -> Tensor:
    return _losses(*args).sum() / length  # type: ignore[arg-type]


def _softmax_twice(logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int) -> Tensor:
    return reference(logits.softmax(-1), input_ids, num_visual, answer_start)


def _overflows(logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int) -> Tensor:
    """La exponencial desborda, y el logaritmo de 0 da infinito."""
    exponentials = logits[num_visual + answer_start - 1 : -1].exp()
    probs = exponentials / exponentials.sum(dim=-1, keepdim=True)
    return -probs.gather(1, input_ids[answer_start:, None]).log().mean()


def _raw_logit(logits: Tensor, input_ids: Tensor, num_visual: int, answer_start: int) -> Tensor:
    rows = logits[num_visual + answer_start - 1 : -1]
    return -rows.gather(1, input_ids[answer_start:, None]).mean()


MISCONCEPTIONS = (
    Misconception(
        "La imagen también ocupa lugares",
        "Los logits empiezan por los de la imagen: el token t del texto está en la posición N + t de la secuencia, y "
        "lo predice la N + t − 1. Tomaste los logits como si el texto fuera primero.",
        _without_the_image,
    ),
    Misconception(
        "Sin el desfase de uno",
        "Cada posición predice el token siguiente: al token t del texto lo predice la posición N + t − 1.",
        lambda *args: _moved(1, *args),
    ),
    Misconception(
        "Un lugar antes",
        "Corriste los logits dos lugares: al token t del texto lo predice la posición N + t − 1.",
        lambda *args: _moved(-1, *args),
    ),
    Misconception(
        "Contaste también la pregunta",
        "La pregunta se lee y no se aprende: la media es solo de los tokens desde `answer_start`.",
        _whole_text,
    ),
    Misconception(
        "Contaste la pregunta y no la respuesta",
        "La respuesta empieza en `answer_start` y llega hasta el final.",
        _question,
    ),
    Misconception(
        "Contaste el último token de la pregunta",
        "La respuesta empieza justo en `answer_start`, y ese es el primer token que se cuenta.",
        _last_of_the_question,
    ),
    Misconception(
        "Perdiste el primer token de la respuesta",
        "Lo predice la posición anterior, que es de la pregunta o de la imagen: también se cuenta.",
        _without_the_first,
    ),
    Misconception(
        "Perdiste el último token de la respuesta",
        "La respuesta llega hasta el final de `input_ids`. Los que sobran son los últimos *logits*, que predicen lo "
        "que viene después.",
        _without_the_last,
    ),
    Misconception(
        "`answer_start` se cuenta en el texto",
        "Es una posición de `input_ids`, que no tiene la imagen: no le restes `num_visual`.",
        _start_in_the_sequence,
    ),
    Misconception(
        "Dividiste por toda la secuencia",
        "Ni la imagen ni la pregunta se cuentan en el denominador: divide por los tokens de la respuesta.",
        lambda *args: _over(len(args[0]), *args),
    ),
    Misconception(
        "Dividiste por todo el texto",
        "La pregunta tampoco se cuenta en el denominador: divide por los tokens de la respuesta.",
        lambda *args: _over(len(args[1]), *args),
    ),
    Misconception(
        "Sumaste",
        "Se pide la media: divide por los tokens de la respuesta.",
        lambda *args: _losses(*args).sum(),
    ),
    Misconception(
        "En bits",
        "El logaritmo es natural: la pérdida se pide en nats.",
        lambda *args: reference(*args) / math.log(2),
    ),
    Misconception(
        "Con el signo cambiado",
        "El logaritmo de una probabilidad es negativo, y la pérdida lleva el signo menos.",
        lambda *args: -reference(*args),
    ),
    Misconception(
        "Dos veces softmax",
        "La entropía cruzada recibe logits y hace la softmax por dentro: no la apliques antes.",
        _softmax_twice,
    ),
    Misconception(
        "La exponencial se desborda",
        "`exp` de un logit grande es infinito, y el logaritmo de 0 también. Usa `torch.log_softmax`, que "
        "antes resta el máximo.",
        _overflows,
    ),
    Misconception(
        "Falta el logaritmo",
        "Promediaste probabilidades. La pérdida es la media de sus logaritmos, con el signo cambiado.",
        lambda *args: _losses(*args).neg().exp().mean(),
    ),
    Misconception(
        "Falta la softmax",
        "Un logit no es un logaritmo de probabilidad: falta `log_softmax` sobre el vocabulario.",
        _raw_logit,
    ),
    Misconception(
        "Devolviste la perplejidad",
        "La exponencial de la pérdida es otra medida.",
        lambda *args: reference(*args).exp(),
    ),
)

EXERCISE = Exercise(
    key="answer_loss",
    chapter="07_multimodalidad",
    title="La pérdida de la respuesta, con una imagen delante",
    objective="Medir el error solo en la respuesta cuando la imagen también ocupa posiciones.",
    difficulty=2,
    minutes=20,
    section="Entrenar solo el proyector",
    hints=(
        "Dibuja la secuencia con 3 tokens visuales y 4 de texto, y numera las posiciones. ¿En cuál está el token 2 del "
        "texto? ¿Qué fila de los logits lo predice?",
        "El token t del texto está en la posición N + t, y lo predice la fila N + t − 1. La primera fila que hace falta es "
        "`num_visual + answer_start - 1`, y la última sobra, porque predice lo que viene después: `logits[primera:-1]`. "
        "Falta `log_softmax`, elegir de cada fila una columna (`gather`) y promediar.",
    ),
    cases=cases,
    reference=reference,
    idea="La media, en los tokens de la respuesta, de −log softmax(logits[N + t − 1]) en el token t del texto.",
    properties=(
        Property(
            "No es negativa",
            "Es el logaritmo de una probabilidad, con el signo cambiado.",
            is_not_negative,
        ),
        Property(
            "Está entre las que promedia",
            "Cada token de la respuesta aporta una pérdida, y la media no se sale de ellas.",
            between_the_extremes,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
