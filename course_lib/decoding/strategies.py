"""Estrategias: cómo se elige el siguiente token. Cada una es un valor inmutable con sus parámetros.

Los nombres y los valores neutros de los parámetros son los de transformers, salvo `top_k`, que aquí
empieza apagado (0) porque el 50 de transformers recorta sin avisar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from numbers import Integral, Real
from typing import Any, cast

import torch
from torch import Tensor

from .filters import Filter, MinP, NoRepeatNgram, RepetitionPenalty, Temperature, TopK, TopP

__all__ = ["BeamSearch", "Greedy", "Sampling", "Strategy", "nothing_left"]

_LARGEST_PENALTY = 50.0  # más allá, n**length_penalty deja de ser un número finito


@dataclass(frozen=True, kw_only=True)
class Strategy:
    """Lo que comparten todas: los castigos a la repetición y cómo se elige un token."""

    repetition_penalty: float = 1.0
    no_repeat_ngram_size: int = 0

    # lo que vale en las estrategias que no tienen ese parámetro
    num_beams = 1
    num_return_sequences = 1
    length_penalty = 0.0
    early_stopping = cast("bool | str", False)

    def __post_init__(self) -> None:
        _real(self, "repetition_penalty", lambda r: r > 0, "mayor que 0 (1.0 no castiga)")
        _whole(self, "no_repeat_ngram_size", 0, "0 lo apaga")

    def choose(self, scores: Tensor, generator: torch.Generator) -> Tensor:
        """Devuelve el token elegido (N,) de cada fila de `scores` (N, V): el de mayor puntaje.

        `generator` es el azar de quien sortea. Sin ningún token que elegir es un `ValueError`.
        """
        best, token = scores.max(dim=-1)
        _check_best(best)
        return token

    def filters(self) -> list[Filter]:
        """Devuelve los filtros activos, en el orden en que se aplican."""
        active: list[Filter] = []
        if self.repetition_penalty != 1.0:
            active.append(RepetitionPenalty(self.repetition_penalty))
        if self.no_repeat_ngram_size > 0:
            active.append(NoRepeatNgram(self.no_repeat_ngram_size))
        return active


@dataclass(frozen=True, kw_only=True)
class Greedy(Strategy):
    """Búsqueda voraz: en cada paso, el token de mayor puntaje.

    >>> Greedy().filters()
    []
    """


@dataclass(frozen=True, kw_only=True)
class Sampling(Strategy):
    """Muestreo: se sortea el token según su probabilidad, tras pasar los filtros.

    >>> [f.name for f in Sampling(temperature=0.7, top_p=0.9).filters()]
    ['temperature', 'top_p']
    """

    temperature: float = 1.0
    top_k: int = 0
    top_p: float = 1.0
    min_p: float = 0.0
    num_return_sequences: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        _real(
            self,
            "temperature",
            lambda t: t > 0,
            "mayor que 0. T → 0 se acerca a la búsqueda voraz; si es eso lo que buscas, usa Greedy()",
        )
        _whole(self, "top_k", 0, "0 lo apaga")
        _real(self, "top_p", lambda p: 0 < p <= 1, "en (0, 1] (1.0 lo apaga)")
        _real(self, "min_p", lambda p: 0 <= p <= 1, "en [0, 1] (0.0 lo apaga)")
        _whole(self, "num_return_sequences", 1, "cuántos textos quieres")

    def choose(self, scores: Tensor, generator: torch.Generator) -> Tensor:
        """Devuelve un token (N,) sorteado en cada fila de `scores` (N, V) según su softmax."""
        _check_best(scores.amax(dim=-1))
        probs = scores.softmax(dim=-1)  # (N, V)
        return torch.multinomial(probs, num_samples=1, generator=generator).squeeze(1)

    def filters(self) -> list[Filter]:
        """Devuelve los filtros activos, en el orden de transformers."""
        active = super().filters()
        if self.temperature != 1.0:
            active.append(Temperature(self.temperature))
        if self.top_k > 0:
            active.append(TopK(self.top_k))
        if self.top_p < 1.0:
            active.append(TopP(self.top_p))
        if self.min_p > 0.0:
            active.append(MinP(self.min_p))
        return active


@dataclass(frozen=True, kw_only=True)
class BeamSearch(Strategy):
    """Búsqueda en haz: se mantienen `num_beams` hipótesis y gana la de mejor puntaje final.

    Puntaje de una hipótesis terminada: suma de log-probabilidades / longitud**length_penalty. Como
    las log-probabilidades son negativas, `length_penalty` > 0 favorece a las *largas*.
    `early_stopping`: True para al tener `num_beams` terminadas; False, cuando la mejor viva no
    superaría a la peor terminada con su longitud actual; "never", cuando no podría ni al máximo.

    >>> BeamSearch(num_beams=3).num_beams
    3
    """

    num_beams: int = 4
    length_penalty: float = 1.0
    early_stopping: bool | str = False
    num_return_sequences: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        _whole(self, "num_beams", 1, "cuántas hipótesis se mantienen")
        limit = _LARGEST_PENALTY
        _real(
            self, "length_penalty", lambda x: abs(x) <= limit, f"entre −{limit:.0f} y {limit:.0f}"
        )
        if not isinstance(self.early_stopping, bool) and self.early_stopping != "never":
            raise ValueError(
                f"early_stopping={self.early_stopping!r} no existe. Usa True, False o «never»."
            )
        _whole(self, "num_return_sequences", 1, "cuántos textos quieres")
        if self.num_return_sequences > self.num_beams:
            raise ValueError(
                f"Pides num_return_sequences={self.num_return_sequences} con num_beams={self.num_beams}: solo hay tantas "
                "hipótesis como el ancho del haz. Sube num_beams o pide menos."
            )


def nothing_left() -> ValueError:
    """Devuelve el error de cuando los filtros quitaron todos los tokens."""
    return ValueError(
        "Los filtros quitaron todos los tokens y no queda ninguno que elegir. Afloja no_repeat_ngram_size u "
        "otro filtro."
    )


def _check_best(best: Tensor) -> None:
    """Revisa el mayor puntaje de cada fila, (N,): −∞ si no queda ninguno, +∞ o nan si se desbordaron."""
    if (best == -torch.inf).any():
        raise nothing_left()
    if not best.isfinite().all():
        raise ValueError(
            "Los puntajes se desbordaron: una temperatura tan cercana a 0 los vuelve infinitos. Usa Greedy(), "
            "que es su límite, o una temperatura mayor."
        )


def _real(strategy: Strategy, name: str, valid: Callable[[Any], bool], expected: str) -> None:
    value = getattr(strategy, name)
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(
            f"{name}={value!r} debe ser un número {expected}; llegó {type(value).__name__}."
        )
    if value != value or not valid(value):
        raise ValueError(f"{name}={value!r} no vale: debe ser {expected}.")


def _whole(strategy: Strategy, name: str, minimum: int, meaning: str) -> None:
    value = getattr(strategy, name)
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(
            f"{name}={value!r} debe ser un entero ({meaning}); llegó {type(value).__name__}."
        )
    if value < minimum:
        raise ValueError(
            f"{name}={value!r} no vale: debe ser un entero desde {minimum} ({meaning})."
        )
