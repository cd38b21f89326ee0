"""Ejercicio: el patrón de inducción en una matriz de atención."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Place = tuple[int, int]


def _previous(ids: torch.Tensor, i: int) -> list[int]:
    """Los lugares anteriores a i con el mismo token."""
    tokens = ids.tolist()
    return [j for j in range(i) if tokens[j] == tokens[i]]


def _repeated(ids: torch.Tensor) -> list[Place]:
    """Cada posición repetida, con la vez anterior, la más cercana."""
    found = [(i, _previous(ids, i)) for i in range(len(ids))]
    return [(i, before[-1]) for i, before in found if before]


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _score(attention: torch.Tensor, ids: torch.Tensor, look: Callable[[int, int], Place]) -> float:
    """La media de attention[look(i, j)] sobre los tokens repetidos."""
    return _mean([attention[look(i, j)].item() for i, j in _repeated(ids)])


def reference(attention: torch.Tensor, ids: torch.Tensor) -> float:
    """Media de la atención de cada token repetido al que siguió a su vez anterior; 0.0 si no hay."""
    return _score(attention, ids, lambda i, j: (i, j + 1))


def cases(generator: torch.Generator) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Sin repetidos, un token, repetidos seguidos, tres veces el mismo y secuencias repetidas."""
    fixed = [[3], [1, 2], [4, 4], [5, 6, 5], [1, 2, 3, 4], [7, 7, 7], [2, 8, 2, 8], [0, 1, 1, 0, 9]]
    fixed += [[3, 1, 3, 2, 3, 5], [1000, 7, 1000, 7, 1000]]
    texts = [*fixed, *(_repeated_sequence(generator, length) for length in (3, 4))]
    texts += [
        torch.randint(0, vocabulary, (length,), generator=generator).tolist()
        for length, vocabulary in [(6, 3), (8, 4), (12, 6), (15, 4)]
    ]
    return [(_attention(generator, len(text)), torch.tensor(text)) for text in texts]


def _repeated_sequence(generator: torch.Generator, length: int) -> list[int]:
    """Una secuencia sin repeticiones, dos veces, con otro token antes."""
    half = torch.randperm(50, generator=generator)[:length].tolist()
    return [99] * integer(generator, 0, 1) + half + half


def _attention(generator: torch.Generator, length: int) -> torch.Tensor:
    """Una matriz causal: cada fila suma uno y no mira hacia adelante."""
    scores = torch.randn(length, length, generator=generator)
    return scores.masked_fill(torch.ones(length, length).triu(1).bool(), -torch.inf).softmax(-1)


def is_a_share(value: float, attention: torch.Tensor, ids: torch.Tensor) -> str | None:
    """Una media de números entre 0 y 1."""
    if -1e-6 <= value <= 1 + 1e-6:
        return None
    return f"Salió {value:.4g}, y ninguna atención pasa de 1."


def nothing_repeated(value: float, attention: torch.Tensor, ids: torch.Tensor) -> str | None:
    """Sin tokens repetidos, 0.0."""
    if _repeated(ids) or abs(value) < 1e-6:
        return None
    return f"Ningún token se repite y salió {value:.4g}."


def between_the_extremes(value: float, attention: torch.Tensor, ids: torch.Tensor) -> str | None:
    """Una media está entre el menor y el mayor de los números que promedia."""
    seen = [attention[i, j + 1].item() for i, j in _repeated(ids)]
    if not seen or min(seen) - 1e-5 <= value <= max(seen) + 1e-5:
        return None
    places = ", ".join(f"[{i}, {j + 1}]" for i, j in _repeated(ids)[:4])
    return (
        f"Salió {value:.4g}, y lo que se promedia ({places}{', …' if len(seen) > 4 else ''}) va de "
        f"{min(seen):.4g} a {max(seen):.4g}."
    )


def _over_everything(attention: torch.Tensor, ids: torch.Tensor) -> float:
    return sum(attention[i, j + 1].item() for i, j in _repeated(ids)) / len(ids)


def _sum(attention: torch.Tensor, ids: torch.Tensor) -> float:
    return sum(attention[i, j + 1].item() for i, j in _repeated(ids))


def _first_occurrence(attention: torch.Tensor, ids: torch.Tensor) -> float:
    firsts = [(i, _previous(ids, i)[0]) for i, _ in _repeated(ids)]
    return _mean([attention[i, j + 1].item() for i, j in firsts])


def _every_occurrence(attention: torch.Tensor, ids: torch.Tensor) -> float:
    return _mean([attention[i, j + 1].item() for i in range(len(ids)) for j in _previous(ids, i)])


def _all_of_each(attention: torch.Tensor, ids: torch.Tensor) -> float:
    """Suma, en cada posición, la atención a lo que siguió a todas las veces anteriores."""
    rows = [[attention[i, j + 1].item() for j in _previous(ids, i)] for i, _ in _repeated(ids)]
    return _mean([sum(row) for row in rows])


def _without_adjacent(attention: torch.Tensor, ids: torch.Tensor) -> float:
    return _mean([attention[i, j + 1].item() for i, j in _repeated(ids) if j + 1 < i])


def _keys_are_tensors(attention: torch.Tensor, ids: torch.Tensor) -> float:
    """Un diccionario con tensores como claves nunca encuentra nada."""
    return 0.0


def _nan_without_repeats(attention: torch.Tensor, ids: torch.Tensor) -> float:
    return reference(attention, ids) if _repeated(ids) else float("nan")


def _fails_without_repeats(attention: torch.Tensor, ids: torch.Tensor) -> float:
    values = [attention[i, j + 1].item() for i, j in _repeated(ids)]
    return sum(values) / len(values)


def _once_per_token(attention: torch.Tensor, ids: torch.Tensor) -> float:
    """Solo la última repetición de cada token distinto."""
    last = {ids[i].item(): (i, j) for i, j in _repeated(ids)}
    return _mean([attention[i, j + 1].item() for i, j in last.values()])


def _hits(attention: torch.Tensor, ids: torch.Tensor) -> float:
    return _mean([float(attention[i].argmax().item() == j + 1) for i, j in _repeated(ids)])


def _largest(attention: torch.Tensor, ids: torch.Tensor) -> float:
    return max([attention[i, j + 1].item() for i, j in _repeated(ids)], default=0.0)


MISCONCEPTIONS = (
    Misconception(
        "Miraste la vez anterior y no lo que la siguió",
        "Mirar el mismo token, `attention[i, j]`, dice que se repite. Para copiar hay que mirar lo que "
        "vino después: `attention[i, j + 1]`.",
        lambda attention, ids: _score(attention, ids, lambda i, j: (i, j)),
    ),
    Misconception(
        "Miraste lo que vino antes",
        "Para continuar como la vez anterior hay que mirar lo que la siguió, `j + 1`, no lo que la "
        "precedía.",
        lambda attention, ids: _score(attention, ids, lambda i, j: (i, j - 1)),
    ),
    Misconception(
        "Miraste el token anterior",
        "`attention[i, i - 1]` es el patrón de otra cabeza, la que mira el token anterior. Busca la vez "
        "anterior del mismo token.",
        lambda attention, ids: _score(attention, ids, lambda i, j: (i, i - 1)),
    ),
    Misconception(
        "Fila y columna al revés",
        "`attention[i, j]` es cuánto mira la posición i a la j: la fila es quien mira.",
        lambda attention, ids: _score(attention, ids, lambda i, j: (j + 1, i)),
    ),
    Misconception(
        "Corriste también al que mira",
        "Quien mira es el token repetido, en la fila i; lo mirado está en la columna j + 1.",
        lambda attention, ids: _score(
            attention, ids, lambda i, j: (min(i + 1, len(ids) - 1), j + 1)
        ),
    ),
    Misconception(
        "Dividiste por todas las posiciones",
        "Las posiciones cuyo token no había aparecido no se cuentan: divide por las repetidas.",
        _over_everything,
    ),
    Misconception("Sumaste", "Se pide la media sobre las posiciones repetidas.", _sum),
    Misconception(
        "La primera vez y no la más reciente",
        "Si el token ya apareció varias veces, vale la más cercana antes de i.",
        _first_occurrence,
    ),
    Misconception(
        "Contaste todas las veces anteriores",
        "Cada posición aporta un solo número, el de la vez anterior más reciente.",
        _every_occurrence,
    ),
    Misconception(
        "Sumaste todas las veces anteriores",
        "Cada posición aporta un solo número, el de la vez anterior más reciente.",
        _all_of_each,
    ),
    Misconception(
        "Saltaste los repetidos seguidos",
        "Si la vez anterior está justo antes, lo que la siguió es la propia posición: "
        "`attention[i, i]`, y también se cuenta.",
        _without_adjacent,
    ),
    Misconception(
        "Salió siempre cero",
        "Dos tensores con el mismo número son claves distintas de un diccionario: `seen[ids[i]]` nunca "
        "encuentra nada. Convierte primero con `ids.tolist()`.",
        _keys_are_tensors,
    ),
    Misconception(
        "¿Y si nada se repite?",
        "La media de una lista vacía no existe. En ese caso se devuelve 0.0.",
        _nan_without_repeats,
    ),
    Misconception(
        "¿Y si nada se repite?",
        "Dividir por cero falla. Si ningún token se repite, se devuelve 0.0.",
        _fails_without_repeats,
    ),
    Misconception(
        "Una vez por token distinto",
        "Cada posición repetida cuenta, también la tercera vez que aparece un token.",
        _once_per_token,
    ),
    Misconception(
        "Contaste aciertos",
        "Se pide la media de la atención misma, no en cuántas posiciones es la mayor de la fila.",
        _hits,
    ),
    Misconception("Tomaste la mayor", "Se pide la media, no el máximo.", _largest),
)

EXERCISE = Exercise(
    key="induction_score",
    chapter="04_habilidades",
    title="El patrón de inducción",
    objective="Reconocer en una matriz de atención la cabeza que copia lo que siguió la vez anterior.",
    difficulty=3,
    minutes=20,
    section="Un mecanismo: la inducción",
    hints=(
        "En «A B C A», ¿a qué posición tendría que mirar la última A para adivinar lo que sigue? ¿Y en "
        "«A A»?",
        "Recorre `ids.tolist()` con un diccionario que guarde la última posición de cada token. ¿Qué va "
        "primero, buscar el token o guardarlo? Lo que anotas está una columna a la derecha de la posición "
        "guardada. ¿Y si no anotaste nada?",
    ),
    cases=cases,
    reference=reference,
    idea="La media de attention[i, j + 1], con j la vez anterior más reciente del token i.",
    properties=(
        Property("Es una media de atenciones", "Cada atención está entre 0 y 1.", is_a_share),
        Property(
            "Sin repetidos, cero",
            "Si ningún token había aparecido antes, no hay nada que promediar.",
            nothing_repeated,
        ),
        Property(
            "Está entre las que promedia",
            "Cada posición repetida aporta su `attention[i, j + 1]`, y la media no se sale de ellas.",
            between_the_extremes,
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
