"""Ejercicio: cuándo parar de entrenar, según la pérdida en textos reservados."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ..core.draws import integer
from ..core.exercise import Exercise, Misconception, Property

__all__ = ["EXERCISE"]

Answer = tuple[int, int]
Case = tuple[list[float], int]

# cuántas evaluaciones y con qué paciencia
SIZES = ((4, 1), (5, 2), (6, 2), (7, 3), (9, 2), (10, 3), (12, 4))


def _stopped(
    losses: list[float],
    patience: int,
    improves: Callable[[float, list[float]], bool] = lambda loss, seen: loss < min(seen),
) -> Answer:
    """Dónde se para y cuál fue la última que mejoró, con otra idea de qué es mejorar."""
    best = 0
    for now in range(1, len(losses)):
        if improves(losses[now], losses[:now]):
            best = now
        if now - best == patience:
            return now, best
    return len(losses) - 1, best


def reference(losses: list[float], patience: int) -> Answer:
    """La evaluación en que se completan `patience` sin mejorar (o la última), y la mejor hasta ahí."""
    return _stopped(losses, patience)


def cases(generator: torch.Generator) -> list[Case]:
    """Una sola evaluación, empates, una mejora que llega tarde y pérdidas muy grandes o muy chicas."""
    fixed: list[Case] = [
        ([2.5], 1),
        ([2.0, 1.0], 1),
        ([1.0, 2.0], 1),
        ([1.0, 1.0, 0.5], 1),
        ([2.0, 1.0, 1.0, 1.0], 2),
        ([3.0, 2.0, 1.5, 1.6, 1.7, 0.1], 2),
        ([2.0, 2.3, 2.2, 2.1, 1.0], 3),
        ([3.0, 3.1, 2.0, 2.1, 1.0, 1.1], 2),
        ([30.0, 25.0, 26.0, 24.0], 2),
        ([0.03, 0.01, 0.02], 5),
    ]
    return fixed + [_drawn(generator, *size) for size in SIZES]


def _drawn(generator: torch.Generator, length: int, patience: int) -> Case:
    """Una curva que baja, a tropezones, y vuelve a subir; con algún empate exacto."""
    turn = integer(generator, 1, length - 1)
    curve = [2.0 + 0.1 * abs(place - turn) for place in range(length)]
    noisy = [round(value + 0.05 * integer(generator, -5, 5), 2) for value in curve]
    place = integer(generator, 1, length - 1)
    noisy[place] = noisy[integer(generator, 0, place - 1)]
    return noisy, patience


def the_best_of_those_seen(answer: Answer, losses: list[float], patience: int) -> str | None:
    """Se guarda la de menor pérdida entre las vistas."""
    stop, best = answer
    if not 0 <= stop < len(losses):
        return f"Se para en la {stop}, y las evaluaciones van de la 0 a la {len(losses) - 1}."
    if not 0 <= best <= stop:
        return f"Se guarda la {best}, y al parar en la {stop} se vieron de la 0 a la {stop}."
    lowest = min(losses[: stop + 1])
    if losses[best] == lowest:
        return None
    return f"Se guarda la {best}, con pérdida {losses[best]:g}, y antes de parar se vio {lowest:g}."


def stops_in_time(answer: Answer, losses: list[float], patience: int) -> str | None:
    """Ni antes de agotar la paciencia ni después."""
    stop, best = answer
    waited = stop - best
    if stop == len(losses) - 1 and waited <= patience:
        return None
    if waited == patience:
        return None
    many = f"{waited} evaluaciones" if waited != 1 else "1 evaluación"
    return f"Entre la que se guarda y aquella en que se para hay {many}, con paciencia {patience}."


def _not_in_a_row(losses: list[float], patience: int) -> Answer:
    best = bad = 0
    for now in range(1, len(losses)):
        if losses[now] < losses[best]:
            best = now
        else:
            bad += 1
        if bad == patience:
            return now, best
    return len(losses) - 1, best


def _last_tie(losses: list[float], patience: int) -> Answer:
    stop, best = reference(losses, patience)
    return stop, max(place for place in range(stop + 1) if losses[place] == losses[best])


def _to_the_end(losses: list[float], patience: int) -> Answer:
    best = losses.index(min(losses))
    return len(losses) - 1, best


def _peeked(losses: list[float], patience: int) -> Answer:
    return reference(losses, patience)[0], losses.index(min(losses))


def _after_the_minimum(losses: list[float], patience: int) -> Answer:
    best = losses.index(min(losses))
    return min(best + patience, len(losses) - 1), best


def _past_the_end(losses: list[float], patience: int) -> Answer:
    stop, best = reference(losses, patience)
    return (len(losses), best) if stop - best < patience else (stop, best)


def _window(losses: list[float], patience: int) -> Answer:
    """Compara con la de hace `patience` evaluaciones."""
    for now in range(patience, len(losses)):
        if losses[now] >= losses[now - patience]:
            seen = losses[: now + 1]
            return now, seen.index(min(seen))
    return _to_the_end(losses, patience)


def _kept_the_last(losses: list[float], patience: int) -> Answer:
    stop, _ = reference(losses, patience)
    return stop, stop


MISCONCEPTIONS = (
    Misconception(
        "Comparaste con la evaluación anterior",
        "Mejorar es bajar de *todas* las anteriores. Una pérdida que sube mucho y después baja un poco no ha mejorado.",
        lambda losses, patience: _stopped(losses, patience, lambda loss, seen: loss < seen[-1]),
    ),
    Misconception(
        "No reiniciaste la cuenta",
        "Son evaluaciones *seguidas* sin mejorar: cada mejora vuelve la cuenta a 0.",
        _not_in_a_row,
    ),
    Misconception(
        "Un empate no es una mejora",
        "Para mejorar hay que ser estrictamente menor: `<`, no `<=`.",
        lambda losses, patience: _stopped(losses, patience, lambda loss, seen: loss <= min(seen)),
    ),
    Misconception(
        "Una evaluación tarde",
        "Se para en cuanto se completan `patience` sin mejorar, no en la que sigue.",
        lambda losses, patience: _stopped(losses, patience + 1),
    ),
    Misconception(
        "Guardaste la última",
        "Los parámetros de la evaluación en que se para son los que ya no mejoraban. Se guarda la de menor pérdida.",
        _kept_the_last,
    ),
    Misconception(
        "Miraste el futuro",
        "Elegiste la mejor de toda la lista. Después de parar no se entrena más: lo que venía no se llega a ver.",
        _peeked,
    ),
    Misconception(
        "No paraste nunca",
        "Recorriste todas las evaluaciones. Falta parar cuando se completan `patience` sin mejorar.",
        _to_the_end,
    ),
    Misconception(
        "Partiste de la mejor de toda la lista",
        "Quien entrena no sabe cuál será la mejor: puede agotar la paciencia antes de llegar a ella.",
        _after_the_minimum,
    ),
    Misconception(
        "Comparaste con la de hace `patience` evaluaciones",
        "Se cuenta cuántas van seguidas sin mejorar a la *mejor*; la de hace `patience` evaluaciones no importa.",
        _window,
    ),
    Misconception(
        "Guardaste la última de las empatadas",
        "Si dos tienen la misma pérdida, se guarda la primera: la segunda no mejoró.",
        _last_tie,
    ),
    Misconception(
        "Te saliste de la lista",
        "Si la paciencia no se agota, se para en la última evaluación, `len(losses) - 1`.",
        _past_the_end,
    ),
    Misconception(
        "Contaste desde 1",
        "La primera evaluación es la número 0.",
        lambda *args: tuple(place + 1 for place in reference(*args)),
    ),
    Misconception(
        "En el orden inverso",
        "Se devuelve (en cuál se para, cuál se guarda).",
        lambda *args: reference(*args)[::-1],
    ),
    Misconception(
        "Buscaste la mayor",
        "Es una pérdida: mejorar es bajar.",
        lambda losses, patience: _stopped([-loss for loss in losses], patience),
    ),
)


def _impatient(losses: list[float], patience: int) -> Answer:
    """Se para un lugar antes."""
    return reference(losses, max(patience - 1, 1))


def _low_start(start: float, losses: list[float], patience: int) -> Answer:
    """La mejor pérdida parte de un número inventado, y no de la primera."""
    stop, best = _stopped([start, *losses], patience)
    return max(stop - 1, 0), max(best - 1, 0)


EXERCISE = Exercise(
    key="early_stopping",
    chapter="03b_preentrenamiento",
    title="Cuándo parar",
    objective="Decidir, mientras se entrena, cuándo seguir ya no sirve y qué parámetros guardar.",
    difficulty=2,
    minutes=15,
    section="Cuándo parar",
    hints=(
        "Tapa la lista con la mano y descúbrela de a una evaluación. ¿Qué dos cosas tienes que recordar para decidir si sigues?",
        "Recorre con `enumerate` y recuerda el número de la mejor. Tras ponerla al día, lo que llevas sin mejorar es la distancia "
        "entre la evaluación en que vas y la mejor; cuando iguala a `patience`, ya tienes las dos respuestas. ¿Y si la lista se acaba antes?",
    ),
    cases=cases,
    reference=reference,
    idea="Se para en la primera evaluación que está `patience` lugares después de la mejor vista, que es la que se guarda.",
    properties=(
        Property(
            "Se guarda la mejor de las que se vieron",
            "Ni una peor, ni una que todavía no había ocurrido.",
            the_best_of_those_seen,
        ),
        Property(
            "Se para cuando se agota la paciencia",
            "Hay `patience` evaluaciones sin mejorar después de la mejor, o se acabó la lista.",
            stops_in_time,
        ),
    ),
    outputs=("en cuál se para", "cuál se guarda"),
    misconceptions=MISCONCEPTIONS,
    distinguish=(
        _impatient,
        lambda *args: _low_start(0.0, *args),
        lambda *args: _low_start(10.0, *args),
    ),
)
