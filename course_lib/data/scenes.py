"""Escenas dibujadas con semilla: figuras de colores sobre un fondo claro, con su descripción, preguntas y respuestas.

Todo está en español y concuerda («una estrella roja»). Algunas combinaciones de figura y color no aparecen nunca en
«train»: unas están en «choose», para elegir ajustes, y otras en «final», que se abre una sola vez.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["COLORS", "COMBINATIONS", "KINDS", "SHAPES", "Question", "Scene", "Thing", "make_scenes"]

SHAPES = ("círculo", "cuadrado", "triángulo", "corazón", "estrella", "cruz")
COLORS = {
    "rojo": "#d62728",
    "azul": "#1f4fd6",
    "verde": "#2ca02c",
    "amarillo": "#f2d21b",
    "negro": "#1a1a1a",
    "blanco": "#ffffff",
    "morado": "#8e3ccf",
    "naranja": "#f58518",
}
#: Las clases de preguntas.
KINDS = ("contenido", "color", "figura", "posición", "tamaño", "cuántas")
_SIZES = {"grande": 0.19, "pequeño": 0.11}  # radio, como parte del ancho de la imagen
_FEMININE = {"estrella", "cruz"}
_COUNTS = ("una", "dos", "tres", "cuatro")
_BACKGROUNDS = ("#e4e4e4", "#e9dfd0", "#d5e3ea", "#dde8d3")
_PAIRS = [(shape, color) for shape in SHAPES for color in COLORS]
_HELD = {
    "choose": {(shape, list(COLORS)[i]) for i, shape in enumerate(SHAPES)},
    "final": {(shape, list(COLORS)[(i + 3) % 8]) for i, shape in enumerate(SHAPES)},
}
#: Qué combinaciones de figura y color usa cada parte.
COMBINATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "train": tuple(p for p in _PAIRS if p not in _HELD["choose"] | _HELD["final"]),
    "choose": tuple(p for p in _PAIRS if p in _HELD["choose"]),
    "final": tuple(p for p in _PAIRS if p in _HELD["final"]),
}


@dataclass(frozen=True)
class Thing:
    """Una figura: `size` es «grande» o «pequeño»; `x` e `y`, su centro, de 0 a 1 desde arriba a la izquierda."""

    shape: str
    color: str
    size: str
    x: float
    y: float

    @property
    def radius(self) -> float:
        """Radio del círculo que la contiene, como parte del ancho de la imagen."""
        return _SIZES[self.size]

    @property
    def name(self) -> str:
        """La figura con su artículo y su color.

        >>> Thing("estrella", "rojo", "grande", 0.5, 0.5).name
        'una estrella roja'
        """
        return f"{_agree('un', self.shape)} {self.shape} {_agree(self.color, self.shape)}"


@dataclass(frozen=True)
class Question:
    """Una pregunta de la clase `kind` (una de `KINDS`) y su única respuesta correcta."""

    kind: str
    text: str
    answer: str


@dataclass(frozen=True)
class Scene:
    """Unas figuras, en el orden en que se nombran, sobre un fondo."""

    things: tuple[Thing, ...]
    background: str = _BACKGROUNDS[0]

    @property
    def caption(self) -> str:
        """Lo que se ve, de izquierda a derecha; si una figura está sobre la otra, de arriba abajo.

        >>> red, blue = Thing("cruz", "rojo", "grande", 0.2, 0.5), Thing("círculo", "azul", "grande", 0.8, 0.5)
        >>> Scene((red, blue)).caption
        'una cruz roja y un círculo azul'
        """
        *first, last = [thing.name for thing in self.things]
        return f"{', '.join(first)} y {last}" if first else last

    def questions(self) -> tuple[Question, ...]:
        """Devuelve todas las preguntas que se pueden hacer, en el orden de `KINDS`."""
        found = [Question("contenido", "¿Qué hay en la imagen?", self.caption)]
        for kind in KINDS[1:]:
            if kind == "cuántas":
                count = _COUNTS[len(self.things) - 1]
                found.append(Question(kind, "¿Cuántas figuras hay?", count))
            elif kind == "posición":
                found += self._positions()
            else:
                found += [_about(kind, thing) for thing in self.things]
        return tuple(found)

    def _positions(self) -> list[Question]:
        if len(self.things) != 2:
            return []
        return [
            Question(
                "posición",
                f"¿Dónde está {_the(one)} respecto {_of(other)}?",
                _where(one, other),
            )
            for one, other in (self.things, self.things[::-1])
        ]

    def draw(self, size: int = 224) -> Image:
        """Devuelve la imagen, RGB y cuadrada, de `size` píxeles de lado."""
        from PIL import Image, ImageDraw

        wide = 3 * size  # se dibuja más grande y se reduce: los bordes quedan suaves
        image = Image.new("RGB", (wide, wide), self.background)
        pencil = ImageDraw.Draw(image)
        for thing in self.things:
            outline = [
                ((thing.x + thing.radius * dx) * wide, (thing.y + thing.radius * dy) * wide)
                for dx, dy in _OUTLINES[thing.shape]
            ]
            pencil.polygon(outline, fill=COLORS[thing.color])
        return image.resize((size, size), Image.Resampling.BOX)


def make_scenes(
    number: int, split: str = "train", *, seed: int = 0, things: int | None = None
) -> tuple[Scene, ...]:
    """Devuelve `number` escenas con las combinaciones de `split`, siempre las mismas con la misma `seed`.

    `things`: cuántas figuras tiene cada una, de 1 a 4; sin él, se sortea. En una escena no se repite ni la figura
    ni el color, para que toda pregunta tenga una sola respuesta.

    Raises:
        ValueError: `split` no existe, o `number` o `things` no caben.

    >>> make_scenes(1, seed=1)[0].caption
    'una cruz verde y un cuadrado rojo'
    """
    if split not in COMBINATIONS:
        raise ValueError(f"No hay una parte «{split}». Las que hay: {', '.join(COMBINATIONS)}.")
    if number < 0 or not (things is None or 1 <= things <= len(_COUNTS)):
        raise ValueError(
            f"Se piden {number} escenas de {things} figuras: pide de 0 en adelante, y de 1 a {len(_COUNTS)} figuras."
        )
    draw = random.Random(f"{split} {seed}")
    return tuple(_scene(draw, COMBINATIONS[split], things) for _ in range(number))


def _scene(draw: random.Random, pairs: Sequence[tuple[str, str]], number: int | None) -> Scene:
    count = number or draw.choices((1, 2, 3, 4), (3, 6, 2, 1))[0]
    chosen = list[tuple[str, str]]()
    while len(chosen) < count:
        pair = draw.choice(pairs)
        if all(pair[0] != shape and pair[1] != color for shape, color in chosen):
            chosen.append(pair)
    while not (things := _placed(draw, chosen)):
        pass
    return Scene(tuple(things), draw.choice(_BACKGROUNDS))


def _placed(draw: random.Random, pairs: Sequence[tuple[str, str]]) -> list[Thing]:
    """Las figuras con un tamaño y un lugar al azar, en el orden en que se nombran; vacío si no cabe o no hay orden."""
    things = list[Thing]()
    for pair in pairs:
        size = draw.choice(list(_SIZES))
        low, high = _SIZES[size], 1 - _SIZES[size]
        x, y = (round(draw.uniform(low, high), 3) for _ in "xy")
        things.append(Thing(*pair, size, x, y))
    for i, one in enumerate(things):
        for other in things[:i]:
            near = 1.1 * (one.radius + other.radius)
            if math.dist((one.x, one.y), (other.x, other.y)) < near:
                return []
    across = sorted(things, key=lambda thing: thing.x)
    if len(things) != 2:
        apart = all(b.x - a.x > 0.08 for a, b in itertools.pairwise(across))
        return across if apart else []
    dx, dy = (abs(getattr(across[0], axis) - getattr(across[1], axis)) for axis in "xy")
    if max(dx, dy) < 2 * min(dx, dy):  # en diagonal no está claro dónde queda cada una
        return []
    return across if dx > dy else sorted(things, key=lambda thing: thing.y)


def _about(kind: str, thing: Thing) -> Question:
    if kind == "color":
        return Question(kind, f"¿De qué color es {_the(thing)}?", _agree(thing.color, thing.shape))
    if kind == "tamaño":
        return Question(kind, f"¿De qué tamaño es {_the(thing)}?", _agree(thing.size, thing.shape))
    return Question(kind, f"¿Qué figura es de color {thing.color}?", thing.shape)


def _where(one: Thing, other: Thing) -> str:
    dx, dy = one.x - other.x, one.y - other.y
    if abs(dx) > abs(dy):
        return "a la izquierda" if dx < 0 else "a la derecha"
    return "arriba" if dy < 0 else "abajo"


def _agree(word: str, shape: str) -> str:
    """La palabra en el género de la figura.

    >>> _agree("rojo", "cruz"), _agree("azul", "cruz"), _agree("un", "cruz")
    ('roja', 'azul', 'una')
    """
    if shape not in _FEMININE:
        return word
    return "una" if word == "un" else f"{word[:-1]}a" if word.endswith("o") else word


def _the(thing: Thing) -> str:
    return f"la {thing.shape}" if thing.shape in _FEMININE else f"el {thing.shape}"


def _of(thing: Thing) -> str:
    return f"de la {thing.shape}" if thing.shape in _FEMININE else f"del {thing.shape}"


def _turns(number: int, radii: tuple[float, ...] = (1.0,)) -> list[tuple[float, float]]:
    """Los vértices de un polígono regular, o de una estrella si hay dos radios; el primero, arriba."""
    turn = [2 * math.pi * i / (number * len(radii)) for i in range(number * len(radii))]
    sizes = radii * number
    return [(r * math.sin(a), -r * math.cos(a)) for r, a in zip(sizes, turn, strict=True)]


def _heart() -> list[tuple[float, float]]:
    turn = [2 * math.pi * i / 60 for i in range(60)]
    xs = [math.sin(t) ** 3 for t in turn]
    ys = [
        13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t) for t in turn
    ]
    return [(x, -y / 16.5 - 0.1) for x, y in zip(xs, ys, strict=True)]


_ARM = 0.33  # medio ancho de los brazos de la cruz
_OUTLINES: dict[str, list[tuple[float, float]]] = {
    "círculo": _turns(60),
    "cuadrado": [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
    "triángulo": [(0, -0.95), (1, 0.8), (-1, 0.8)],
    "corazón": _heart(),
    "estrella": _turns(5, (1.0, 0.42)),
    "cruz": [
        *((_ARM, -1), (_ARM, -_ARM), (1, -_ARM), (1, _ARM), (_ARM, _ARM), (_ARM, 1)),
        *((-_ARM, 1), (-_ARM, _ARM), (-1, _ARM), (-1, -_ARM), (-_ARM, -_ARM), (-_ARM, -1)),
    ],
}
