"""El mapeo de la respuesta: de la palabra que ganó a la etiqueta de la tarea.

    positivo ← {buena, bacán}        negativo ← {mala, horrible}

Varias respuestas pueden valer por la misma etiqueta; hay que decir cómo se juntan (`aggregate`). Un
conjunto mal elegido falla en silencio: aquí se detecta y se explica.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Integral

from ..models import LanguageModel
from .aggregates import AGGREGATES, Aggregate, SumOf
from .candidates import as_list, check_answer, check_answers, same_letters
from .examples import Label, check_label
from .rules import apply, check_rule, shown
from .template import Template
from .tokens import encode_prompt

__all__ = ["Collision", "Verbalizer"]


@dataclass(frozen=True)
class Collision:
    """Dos respuestas que se estorban, y por qué."""

    kind: str  # «mismo primer token», «una empieza por la otra» o «casi iguales»
    answers: tuple[str, str]
    labels: tuple[Label, Label]
    explanation: str

    def __repr__(self) -> str:
        return f"Collision({self.kind}: «{self.answers[0]}» y «{self.answers[1]}»)"


class Verbalizer:
    """Tabla de etiquetas y sus respuestas; la primera de cada una se usa en los ejemplos.

    Una etiqueta es un texto o un entero. `candidates`: si se da, las respuestas que se van a buscar;
    deben ser las mismas de la tabla.

    Raises:
        TypeError: las respuestas no están en una lista, o una etiqueta no es un texto ni un entero.
        ValueError: una etiqueta sin respuestas, una respuesta con dos etiquetas, repetida, vacía o
            con espacios al borde, una candidata sin etiqueta o una palabra que no es candidata.

    >>> verbalizer = Verbalizer({"positivo": ["buena", "bacán"], "negativo": ["mala"]})
    >>> verbalizer.label_of("bacán"), verbalizer.answers
    ('positivo', ('buena', 'bacán', 'mala'))
    """

    def __init__(
        self,
        mapping: Mapping[Label, Iterable[str]],
        candidates: Iterable[str] | None = None,
    ):
        if not isinstance(mapping, Mapping) or len(mapping) < 2:
            raise ValueError(
                "Un verbalizador es un diccionario con al menos dos etiquetas, como "
                "{'positivo': ['buena'], 'negativo': ['mala']}."
            )
        _check_labels(mapping)
        self.mapping = {label: _checked(label, answers) for label, answers in mapping.items()}
        self._labels: dict[str, Label] = {}
        owners: dict[str, Label] = {}
        for label, answers in self.mapping.items():
            for answer in answers:
                if (same := same_letters(answer)) in owners:
                    raise ValueError(_twice(answer, owners[same], label))
                owners[same] = self._labels[answer] = label
        if candidates is not None:
            self._check_candidates(check_answers(candidates))

    def _check_candidates(self, candidates: tuple[str, ...]) -> None:
        unmapped = [z for z in candidates if z not in self._labels]
        unsearched = [z for z in self._labels if z not in candidates]
        if unmapped or unsearched:
            problems = [f"«{z}» es candidata y no tiene etiqueta" for z in unmapped]
            problems += [f"«{z}» tiene etiqueta y no es candidata" for z in unsearched]
            raise ValueError(
                f"El verbalizador y las candidatas no coinciden: {'; '.join(problems)}. Si gana una respuesta sin "
                "etiqueta no hay qué predecir, y una que no se busca nunca gana: usa las mismas en los dos."
            )

    @property
    def labels(self) -> tuple[Label, ...]:
        """Etiquetas, en el orden de la tabla."""
        return tuple(self.mapping)

    @property
    def answers(self) -> tuple[str, ...]:
        """Todas las respuestas: el conjunto de candidatas."""
        return tuple(self._labels)

    def label_of(self, answer: str) -> Label:
        """Devuelve la etiqueta de una respuesta; `ValueError` si no tiene."""
        if answer not in self._labels:
            known = ", ".join(self.answers)
            raise ValueError(f"«{answer}» no tiene etiqueta en este verbalizador. Tienen: {known}.")
        return self._labels[answer]

    def first_answer(self, label: Label) -> str:
        """Devuelve la primera respuesta de una etiqueta, la que se escribe en los ejemplos."""
        return self.mapping[check_label(label, self.mapping)][0]

    def label_probs(
        self,
        probs: Mapping[str, float],
        aggregate: Aggregate = SumOf(),  # noqa: B008  (es un valor inmutable)
    ) -> dict[Label, float]:
        """Devuelve {etiqueta: probabilidad}, que suma 1, a partir de las de las respuestas.

        `aggregate`: `SumOf()` trata a las respuestas como maneras distintas de decir lo mismo y
        favorece a la etiqueta que tiene más; `MeanOf()` lo compensa; `MaxOf()` mira solo la mejor.
        También vale una función que reciba la lista de probabilidades de una etiqueta.

        Raises:
            TypeError: `aggregate` no es un agregado.
            ValueError: falta la probabilidad de una respuesta, o las de todas las etiquetas son 0.

        >>> verbalizer = Verbalizer({"+": ["buena", "bacán"], "-": ["mala"]})
        >>> verbalizer.label_probs({"buena": 0.4, "bacán": 0.1, "mala": 0.5}, max)
        {'+': 0.4444444444444445, '-': 0.5555555555555556}
        """
        check_rule(aggregate, "aggregate", AGGREGATES)
        if missing := [z for z in self.answers if z not in probs]:
            raise ValueError(f"Falta la probabilidad de «{missing[0]}»: pasa las de todas.")
        joined = {
            label: apply(aggregate, [probs[z] for z in answers])
            for label, answers in self.mapping.items()
        }
        total = sum(joined.values())
        if not total > 0 or min(joined.values()) < 0:
            raise ValueError(
                f"{shown(aggregate)} dio {joined} por etiqueta, que no se puede convertir en probabilidades: ninguna debe ser "
                "negativa, y alguna debe ser mayor que 0."
            )
        return {label: value / total for label, value in joined.items()}

    def collisions(self, lm: LanguageModel, template: Template) -> list[Collision]:
        """Devuelve los pares de respuestas que se estorban en este modelo y esta plantilla.

        No impiden usarlas, porque el puntaje lee las respuestas completas; pero conviene saberlo.
        """
        prompt = template.fill("Texto")
        encoded = {z: encode_prompt(lm, prompt.answered(z)) for z in self.answers}
        tokens = {z: e.continuation[: e.n_answer] for z, e in encoded.items()}
        pairs = [(a, b) for i, a in enumerate(self.answers) for b in self.answers[i + 1 :]]
        found = ((a, b, _clash(a, b, tokens[a], tokens[b])) for a, b in pairs)
        return [
            Collision(clash[0], (a, b), (self._labels[a], self._labels[b]), clash[1])
            for a, b, clash in found
            if clash
        ]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verbalizer) and self.mapping == other.mapping

    def __hash__(self) -> int:
        return hash(tuple(self.mapping.items()))

    def __repr__(self) -> str:
        table = "; ".join(f"{label} ← {', '.join(zs)}" for label, zs in self.mapping.items())
        return f"Verbalizer({table})"


def _check_labels(labels: Iterable[Label]) -> None:
    written: dict[str, Label] = {}
    for label in labels:
        if not isinstance(label, str | Integral):
            raise TypeError(
                f"Una etiqueta es un texto o un entero; llegó {label!r} ({type(label).__name__})."
            )
        if (name := str(label)) in written:
            raise ValueError(
                f"Las etiquetas {written[name]!r} y {label!r} se escriben igual: deja una sola."
            )
        written[name] = label


def _checked(label: Label, answers: Iterable[str]) -> tuple[str, ...]:
    if isinstance(answers, str):
        raise TypeError(
            f"Las respuestas de «{label}» van en una lista: escribe [{answers!r}] en lugar de {answers!r}."
        )
    found = as_list(answers, f"Respuestas de «{label}»")
    if not found:
        raise ValueError(f"La etiqueta «{label}» no tiene ninguna respuesta: nunca se predeciría.")
    return tuple(check_answer(answer, f" en «{label}»") for answer in found)


def _twice(answer: str, first: Label, second: Label) -> str:
    if first == second:
        return f"La respuesta «{answer}» está dos veces en «{first}»: quita una."
    return (
        f"La respuesta «{answer}» está en «{first}» y en «{second}»: si gana, no se sabría qué etiqueta predecir. "
        "Déjala en una sola."
    )


def _clash(a: str, b: str, ids_a: list[int], ids_b: list[int]) -> tuple[str, str] | None:
    if _plain(a) == _plain(b):
        return "casi iguales", (
            f"«{a}» y «{b}» solo difieren en mayúsculas o tildes: se reparten la misma probabilidad."
        )
    short, long = sorted((ids_a, ids_b), key=len)
    if long[: len(short)] == short:
        return "una empieza por la otra", (
            f"Todos los tokens de una son el comienzo de la otra («{a}», «{b}»): sin texto después de [Z], la "
            "probabilidad de la corta incluye la de la larga."
        )
    if ids_a[0] == ids_b[0]:
        return "mismo primer token", (
            f"«{a}» y «{b}» empiezan por el mismo token: quien mire solo el primero no las distingue."
        )
    return None


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in letters if not unicodedata.combining(c))
