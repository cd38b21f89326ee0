"""Lo que acepta el laboratorio de imágenes: escenas, y la que dibuja quien lee con los controles."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from ..data.scenes import COLORS, SHAPES, Scene, Thing

__all__ = ["SIZES", "check_scenes", "read_scene"]

SIZES = ("grande", "pequeño")
CHOICES: dict[str, tuple[str, Sequence[str]]] = {
    "shape": ("figura", SHAPES),
    "color": ("color", tuple(COLORS)),
    "size": ("tamaño", SIZES),
}
APART = 1.1  # como en `make_scenes`: entre dos figuras queda algo de fondo


def check_scenes(scenes: Sequence[Scene]) -> list[Scene]:
    """Devuelve `scenes` como lista, o explica por qué no sirve."""
    if isinstance(scenes, Scene):
        raise TypeError("`scenes` es una lista de escenas; llegó una sola. Escribe [escena].")
    found = list(scenes)
    if not found:
        raise ValueError(
            "La lista `scenes` está vacía: el laboratorio necesita al menos una escena."
        )
    for scene in found:
        if not isinstance(scene, Scene):
            raise TypeError(
                f"`scenes` lleva escenas, como las de make_scenes; llegó {type(scene).__name__}."
            )
    return found


def read_scene(text: str) -> tuple[Scene, str | None]:
    """Devuelve la escena y la pregunta que manda el navegador; sin pregunta (None), solo se quiere ver el dibujo.

    `text` es el JSON {"things": una o dos figuras con los campos de `Thing`, "question": un texto o null}.

    Raises:
        ValueError: una figura no existe o no cabe en la imagen, o las dos se parecen o se tocan.
    """
    sent = json.loads(text)
    things = [_thing(fields) for fields in sent["things"]]
    if not 1 <= len(things) <= 2:
        raise ValueError(f"Aquí se dibujan una o dos figuras, y llegaron {len(things)}.")
    if len(things) == 2:
        _check_pair(*things)
        across, down = (abs(getattr(things[0], a) - getattr(things[1], a)) for a in "xy")
        things.sort(key=lambda thing: thing.x if across >= down else thing.y)
    return Scene(tuple(things)), sent["question"]


def _thing(fields: Mapping[str, Any]) -> Thing:
    for field, (name, choices) in CHOICES.items():
        if fields[field] not in choices:
            raise ValueError(f"No hay {name} «{fields[field]}». Elige: {', '.join(choices)}.")
    thing = Thing(**fields)
    low, high = thing.radius, 1 - thing.radius
    for axis in "xy":
        value = getattr(thing, axis)
        if not low <= value <= high:
            raise ValueError(
                f"{thing.name[0].upper()}{thing.name[1:]} de tamaño {thing.size} no cabe entera con {axis} = "
                f"{value:.2f}: lleva su centro a un valor de {low:.2f} a {high:.2f}."
            )
    return thing


def _check_pair(one: Thing, other: Thing) -> None:
    for field, name in (("shape", "la misma figura"), ("color", "el mismo color")):
        if getattr(one, field) == getattr(other, field):
            raise ValueError(
                f"Las dos tienen {name}, «{getattr(one, field)}», y no se sabría por cuál se pregunta: cambia una."
            )
    if math.dist((one.x, one.y), (other.x, other.y)) < APART * (one.radius + other.radius):
        raise ValueError(f"{one.name} y {other.name} se tocan o casi: sepáralos con x o con y.")
