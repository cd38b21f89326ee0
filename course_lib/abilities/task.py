"""Una tarea: qué se pregunta, con qué ejemplos y cuánto se acierta al azar."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from ..answers import normalize

__all__ = ["Item", "Task"]


@dataclass(frozen=True)
class Item:
    """Una pregunta y su respuesta; `steps`, el desarrollo que lleva a ella, si lo hay."""

    question: str
    answer: str
    steps: str = ""
    id: str = ""

    def __post_init__(self) -> None:
        if not all(isinstance(t, str) and normalize(t) for t in (self.question, self.answer)):
            raise ValueError(f"{self!r:.120}: question y answer son textos con letras o cifras.")


@dataclass(frozen=True)
class Task:
    """Ítems que se preguntan y `pool`, otros ya resueltos de los que salen los ejemplos del prompt.

    Con `labels`, la tarea es cerrada: la respuesta es una de ellas. `question_label` y `answer_label` son las
    palabras que abren la pregunta y la respuesta. Lanza `ValueError` si no hay ítems, si uno se repite o está
    también en `pool`, o si su respuesta no está en `labels`.
    """

    name: str
    title: str
    instruction: str
    items: tuple[Item, ...] = field(repr=False)
    pool: tuple[Item, ...] = field(default=(), repr=False)
    labels: tuple[str, ...] = ()
    question_label: str = "Entrada"
    answer_label: str = "Salida"

    def __post_init__(self) -> None:
        for name in ("items", "pool", "labels"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if problem := self._problem():
            raise ValueError(problem)

    def _problem(self) -> str | None:
        if not self.items:
            return f"«{self.title}» no tiene ítems: no hay nada que medir. Pasa al menos uno."
        if self.labels and len({*map(normalize, self.labels)}) < max(2, len(self.labels)):
            return f"labels={self.labels}: hacen falta al menos dos etiquetas, y todas distintas."
        seen: dict[str, str] = {}
        for where in ("pool", "items"):
            for item in getattr(self, where):
                key, shown = normalize(item.question), f"«{item.question:.60}»"
                if key in seen:
                    return f"{shown} está en {seen[key]} y otra vez en {where}: contaría doble o el modelo leería su respuesta. Quita una."
                if self.labels and item.answer not in self.labels:
                    return f"{shown} tiene la respuesta {item.answer!r}, y labels solo tiene {', '.join(self.labels)}."
                seen[key] = where
        return None

    @property
    def chance(self) -> float:
        """Exactitud de contestar al azar: 1 / etiquetas, o 0 si la respuesta es abierta."""
        return 1 / len(self.labels) if self.labels else 0.0

    def examples(self, k: int, seed: int = 0, order: int = 0) -> tuple[Item, ...]:
        """Devuelve k ejemplos de `pool`, sorteados con `seed`; con más k, los nuevos van al final.

        Un `order` distinto de 0 es la semilla con que se reordenan esos mismos. `ValueError` si no hay k.
        """
        if not isinstance(k, int) or not 0 <= k <= len(self.pool):
            raise ValueError(
                f"k={k!r}, y hay {len(self.pool)} ejemplos en el pool de «{self.title}»: pide un entero entre 0 y esa cantidad."
            )
        drawn = random.Random(seed).sample(self.pool, len(self.pool))[:k]
        return tuple(random.Random(order).sample(drawn, k) if order else drawn)

    def own_part(self, text: str) -> str:
        """Devuelve `text` hasta donde el modelo, en vez de terminar, se inventa otra pregunta."""
        return text.split(f"\n{self.question_label}:")[0]

    def flipped(self) -> Task:
        """Devuelve la tarea con cada respuesta de `pool` cambiada por la siguiente; las de los ítems, no."""
        answers = self._answers()
        following = dict(zip(answers, answers[1:] + answers[:1], strict=True))
        return self._relabelled("al revés", [following[shot.answer] for shot in self.pool])

    def with_random_labels(self, seed: int = 0) -> Task:
        """Devuelve la tarea con cada respuesta de `pool` sorteada entre las posibles, con `seed`."""
        drawn = random.Random(seed).choices(self._answers(), k=len(self.pool))
        return self._relabelled("al azar", drawn)

    def _answers(self) -> list[str]:
        found = list(self.labels or dict.fromkeys(shot.answer for shot in self.pool))
        if len(found) < 2:
            raise ValueError(f"El pool de «{self.title}» no tiene dos respuestas que cambiar.")
        return found

    def _relabelled(self, how: str, answers: list[str]) -> Task:
        # sin desarrollo: el que había llevaba a la respuesta verdadera
        pairs = zip(self.pool, answers, strict=True)
        pool = tuple(replace(shot, answer=answer, steps="") for shot, answer in pairs)
        title = f"{self.title}, respuestas {how}"
        return replace(self, name=f"{self.name}, {how}", title=title, pool=pool)
