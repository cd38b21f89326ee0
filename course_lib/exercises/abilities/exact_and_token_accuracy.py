"""Ejercicio: dos medidas de las mismas salidas."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from itertools import takewhile

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Lists = list[list[int]]
Score = Callable[[list[int], list[int]], int]


def _exact(outputs: Lists, targets: Lists) -> float:
    return sum(o == t for o, t in zip(outputs, targets, strict=True)) / len(targets)


def _hits(output: list[int], target: list[int]) -> int:
    return sum(one == other for one, other in zip(output, target, strict=False))


def _token(outputs: Lists, targets: Lists) -> float:
    hits = sum(map(_hits, outputs, targets))
    return hits / sum(map(len, targets))


def reference(outputs: Lists, targets: Lists) -> tuple[float, float]:
    """Proporción de salidas idénticas y proporción de tokens del objetivo acertados en su lugar."""
    return _exact(outputs, targets), _token(outputs, targets)


def cases(generator: torch.Generator) -> list[tuple[Lists, Lists]]:
    """Salidas idénticas, cortas, largas, vacías, corridas y al azar, de objetivos desiguales."""
    fixed: list[tuple[Lists, Lists]] = [
        ([[1]], [[1]]),
        ([[2]], [[1]]),
        ([[]], [[1]]),
        ([[1, 2]], [[1]]),
        ([[1]], [[1, 2]]),
        ([[2, 1]], [[1, 2]]),
        ([[3, 1, 2]], [[1, 2]]),
        ([[9, 2, 3]], [[1, 2, 3]]),
        ([[1], [4, 4, 4]], [[1], [4, 5, 6]]),
        ([[1, 2, 3], [4, 5]], [[1, 2, 3], [4, 5]]),
        ([[0, 0], [0, 7]], [[0, 0], [0, 0]]),
    ]
    sizes = [(3, 4), (4, 3), (5, 6), (8, 8)]
    return fixed + [_random_case(generator, *size) for size in sizes]


def _random_case(generator: torch.Generator, items: int, longest: int) -> tuple[Lists, Lists]:
    """Objetivos de uno a `longest` tokens; cada salida los copia con errores, cortes o agregados."""
    outputs, targets = [], []
    for place in range(items):
        length = integer(generator, 1, longest)
        target = torch.randint(0, 10, (length,), generator=generator).tolist()
        wrong = (
            (torch.rand(length, generator=generator) < 0.3).tolist() if place else [False] * length
        )
        output = [(t + 1) % 10 if bad else t for t, bad in zip(target, wrong, strict=True)]
        change = integer(generator, 0, 3) if place else 0
        if change == 1:
            output = output[: integer(generator, 0, length)]
        if change == 2:
            output += torch.randint(0, 10, (2,), generator=generator).tolist()
        outputs.append(output)
        targets.append(target)
    return outputs, targets


def are_proportions(pair: tuple[float, float], outputs: Lists, targets: Lists) -> str | None:
    """Las dos están entre 0 y 1."""
    if all(0 <= value <= 1 for value in pair):
        return None
    return f"Salió {pair[0]:.4g} y {pair[1]:.4g}."


def exact_is_harder(pair: tuple[float, float], outputs: Lists, targets: Lists) -> str | None:
    """Si todas las salidas son idénticas las dos valen 1; si no, ninguna."""
    if outputs == targets:
        return (
            None
            if pair == (1, 1)
            else f"Todas son idénticas y salió {pair[0]:.3g} y {pair[1]:.3g}."
        )
    if pair[0] > 1 - 1e-6:
        return "La coincidencia exacta salió 1, y no todas las salidas son idénticas a su objetivo."
    return None


def counts_every_target_token(
    pair: tuple[float, float], outputs: Lists, targets: Lists
) -> str | None:
    """La exactitud por token es una fracción con los tokens del objetivo como total."""
    total, hits = sum(map(len, targets)), sum(map(_hits, outputs, targets))
    if abs(pair[1] - hits / total) < 1e-5:
        return None
    return (
        f"De los {total} tokens de los objetivos hay {hits} acertados en su lugar, y devolviste "
        f"{pair[1]:.4g}."
    )


def _mean_of_means(outputs: Lists, targets: Lists) -> float:
    shares = [_hits(o, t) / len(t) for o, t in zip(outputs, targets, strict=True)]
    return sum(shares) / len(shares)


def _over(lengths: list[int], outputs: Lists, targets: Lists) -> float:
    hits = sum(map(_hits, outputs, targets))
    return hits / sum(lengths) if sum(lengths) else 0.0


def _bag(output: list[int], target: list[int]) -> int:
    return sum((Counter(output) & Counter(target)).values())


def _prefix(output: list[int], target: list[int]) -> int:
    pairs = zip(output, target, strict=False)
    return len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))


def _from_the_end(output: list[int], target: list[int]) -> int:
    return _hits(output[::-1], target[::-1])


def _common_part(outputs: Lists, targets: Lists) -> float:
    pairs = zip(outputs, targets, strict=True)
    return sum(_hits(o, t) == min(len(o), len(t)) for o, t in pairs) / len(targets)


def _starts_well(outputs: Lists, targets: Lists) -> float:
    pairs = zip(outputs, targets, strict=True)
    return sum(o[: len(t)] == t for o, t in pairs) / len(targets)


def _same_tokens(outputs: Lists, targets: Lists) -> float:
    pairs = zip(outputs, targets, strict=True)
    return sum(sorted(o) == sorted(t) for o, t in pairs) / len(targets)


def _power(outputs: Lists, targets: Lists) -> float:
    length = sum(map(len, targets)) / len(targets)
    return math.pow(_token(outputs, targets), length)


def _per_token(score: Score, outputs: Lists, targets: Lists) -> float:
    """La exactitud por token con otra manera de contar los aciertos de una salida."""
    hits = [score(output, target) for output, target in zip(outputs, targets, strict=True)]
    return sum(hits) / sum(map(len, targets))


MISCONCEPTIONS = (
    Misconception(
        "Promediaste promedios",
        "Promediar la exactitud de cada salida da el mismo peso a una respuesta de un token que a una de "
        "diez. Suma los aciertos de todas y divide por los tokens de todos los objetivos.",
        lambda o, t: (_exact(o, t), _mean_of_means(o, t)),
    ),
    Misconception(
        "Dividiste por lo que escribió el modelo",
        "El total son los tokens de los objetivos: si no, callar después de un acierto daría 1.",
        lambda o, t: (_exact(o, t), _over([len(one) for one in o], o, t)),
    ),
    Misconception(
        "Lo que falta no contó como error",
        "`zip` corta en la más corta. Divide por los tokens del objetivo: los que la salida no alcanzó a "
        "escribir también son errores.",
        lambda o, t: (
            _exact(o, t),
            _over([min(len(a), len(b)) for a, b in zip(o, t, strict=True)], o, t),
        ),
    ),
    Misconception(
        "Lo que sobra contó como error",
        "En la exactitud por token lo que sobra no cuenta: el total son los tokens de los objetivos.",
        lambda o, t: (
            _exact(o, t),
            _over([max(len(a), len(b)) for a, b in zip(o, t, strict=True)], o, t),
        ),
    ),
    Misconception(
        "La exacta comparó solo la parte común",
        "`zip` no ve lo que falta ni lo que sobra. Una salida es exacta si las dos listas son iguales: "
        "`output == target`.",
        lambda o, t: (_common_part(o, t), _token(o, t)),
    ),
    Misconception(
        "La exacta aceptó lo que sobra",
        "Empezar igual que el objetivo no basta: con tokens de más ya no es idéntica.",
        lambda o, t: (_starts_well(o, t), _token(o, t)),
    ),
    Misconception(
        "Comparaste sin mirar el lugar",
        "21 no es 12: cada token se compara con el que está en su misma posición.",
        lambda o, t: (_exact(o, t), _per_token(_bag, o, t)),
    ),
    Misconception(
        "Ni la exacta miró el lugar",
        "21 no es 12: cada token se compara con el que está en su misma posición, también para decir si "
        "la salida es idéntica.",
        lambda o, t: (_same_tokens(o, t), _per_token(_bag, o, t)),
    ),
    Misconception(
        "Dejaste de contar en el primer error",
        "Cada posición se compara por separado: después de un error puede haber más aciertos.",
        lambda o, t: (_exact(o, t), _per_token(_prefix, o, t)),
    ),
    Misconception(
        "Alineaste por el final",
        "Se compara la posición 0 con la 0, la 1 con la 1, y así.",
        lambda o, t: (_exact(o, t), _per_token(_from_the_end, o, t)),
    ),
    Misconception(
        "En el orden inverso",
        "Se devuelve (coincidencia exacta, exactitud por token).",
        lambda o, t: (_token(o, t), _exact(o, t)),
    ),
    Misconception(
        "Contaste, sin dividir",
        "Se piden proporciones: divide por el número de salidas y por el de tokens.",
        lambda o, t: (_exact(o, t) * len(t), _token(o, t) * sum(map(len, t))),
    ),
    Misconception(
        "Calculaste la exacta en vez de medirla",
        "p elevado al largo es lo que se *espera* si los tokens se aciertan con independencia. Aquí se "
        "cuenta cuántas salidas son idénticas.",
        lambda o, t: (_power(o, t), _token(o, t)),
    ),
    Misconception(
        "En porcentaje",
        "Se piden proporciones entre 0 y 1.",
        lambda o, t: (100 * _exact(o, t), 100 * _token(o, t)),
    ),
)

EXERCISE = Exercise(
    key="exact_and_token_accuracy",
    chapter="04_habilidades",
    title="Dos medidas de las mismas salidas",
    objective="Medir las mismas salidas con una regla de todo o nada y con otra que cuenta de a poco.",
    difficulty=1,
    minutes=15,
    section="Emergencia o espejismo",
    hints=(
        "Si el objetivo es 12 y la salida es 125, ¿es idéntica? ¿Cuántos de los dos tokens del objetivo "
        "acertó? ¿Y si la salida es 1?",
        "La exacta es una media de `output == target`. Para la otra lleva dos sumas sobre todos los "
        "casos: los aciertos, recorriendo `zip(output, target)`, y `len(target)`. Divide una sola vez, "
        "al final.",
    ),
    cases=cases,
    reference=reference,
    idea="Salidas idénticas / salidas, y tokens del objetivo acertados en su lugar / tokens de los objetivos.",
    properties=(
        Property("Son proporciones", "Las dos se dividen por un total.", are_proportions),
        Property(
            "La exacta no perdona",
            "Una salida es exacta solo si es idéntica al objetivo, con el mismo largo.",
            exact_is_harder,
        ),
        Property(
            "Cada token del objetivo cuenta una vez",
            "Lo que falta es un error y lo que sobra no cuenta; el total son los tokens de los objetivos.",
            counts_every_target_token,
        ),
    ),
    outputs=("exacta", "por token"),
    misconceptions=MISCONCEPTIONS,
)
