"""El progreso, en un archivo de este computador. No se envía a ninguna parte.

El archivo está en la carpeta de datos del usuario; la variable de entorno `COURSE_LIB_PROGRESS`
da otra ruta, y con el valor `off` el progreso solo dura lo que dure el programa.
"""

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from html import escape
from pathlib import Path

from course_lib.exercises.core import report
from course_lib.exercises.core.result import CORRECT, ICONS, PENDING

__all__ = ["Progress", "record", "summarize"]

_memory = {}  # el progreso cuando no hay archivo


def _path():
    """Ruta del archivo, o None si el progreso no se guarda."""
    setting = os.environ.get("COURSE_LIB_PROGRESS", "")
    if setting == "off":
        return None
    if setting:
        return Path(setting)
    from platformdirs import user_data_dir

    return Path(user_data_dir("course_lib", appauthor=False)) / "progreso.json"


def _read():
    path = _path()
    if path is None:
        return _memory
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # no existe todavía, o quedó dañado: se empieza de nuevo
        return {}
    return stored if isinstance(stored, dict) else {}


def record(chapter, key, status):
    """Anota el estado de un ejercicio; lo que ya estuvo correcto sigue correcto.

    Si el archivo no se puede escribir, el resultado de `comprobar` vale igual.
    """
    name = f"{chapter}/{key}"
    stored = _read()
    if status == PENDING or stored.get(name) in (status, CORRECT):
        return
    stored[name] = status
    path = _path()
    if path is not None:
        _write(path, stored)


def _write(path, stored):
    """Escribe en un archivo aparte y lo cambia de nombre: nunca queda a medias."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".json")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(stored, file, ensure_ascii=False, indent=1, sort_keys=True)
        os.replace(temporary, path)


@dataclass(frozen=True, repr=False)
class Progress:
    """Filas (capítulo, título, minutos, estado) de los ejercicios, con su cuenta."""

    rows: tuple[tuple[str, str, int, str], ...]

    @property
    def done(self):
        """Cuántos ejercicios están correctos."""
        return sum(status == CORRECT for *_, status in self.rows)

    def _title(self):
        left = sum(minutes for _, _, minutes, status in self.rows if status != CORRECT)
        rest = f" · quedan unos {left} minutos" if left else ""
        return f"Progreso: {self.done} de {len(self.rows)} ejercicios correctos{rest}"

    def __repr__(self):
        lines = [
            ("", f"{ICONS[status]} {title} ({minutes} min): {status}")
            for _, title, minutes, status in self.rows
        ]
        return report.plain(self._title(), *lines)

    def _repr_html_(self):
        cell = 'style="text-align:left;padding:.1rem .9rem .1rem 0"'
        head = "".join(
            f'<th scope="col" {cell}>{name}</th>'
            for name in ("Capítulo", "Ejercicio", "Minutos", "Estado")
        )
        body = "".join(
            f"<tr><td {cell}>{escape(chapter)}</td><td {cell}>{escape(title)}</td>"
            f"<td {cell}>{minutes}</td><td {cell}>{ICONS[status]} {status}</td></tr>"
            for chapter, title, minutes, status in self.rows
        )
        table = (
            '<table style="margin:.4rem 0 0;color:inherit;background:transparent">'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        )
        return report.box("info", self._title(), table)


def summarize(chapters):
    """`Progress` de un diccionario de capítulo a ejercicios."""
    stored = _read()
    return Progress(
        tuple(
            (
                chapter,
                exercise.title,
                exercise.minutes,
                stored.get(f"{chapter}/{exercise.key}", PENDING),
            )
            for chapter, exercises in chapters.items()
            for exercise in exercises
        )
    )
