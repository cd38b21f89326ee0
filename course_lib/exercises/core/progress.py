"""El progreso, en un archivo de este computador. No se envía a ninguna parte.

El archivo está en la carpeta de datos del usuario; la variable de entorno `COURSE_LIB_PROGRESS`
da otra ruta (`~` es tu carpeta personal), y con el valor `off` el progreso solo dura lo que dure el
programa. Si el archivo no se puede usar, un aviso dice por qué, una sola vez, y todo lo demás sigue.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ... import show
from . import report, storage
from .result import CORRECT, ICONS, PENDING, STATUSES
from .storage import DamagedFile, StorageProblem
from .values import describe

if TYPE_CHECKING:
    import pandas as pd

    from .exercise import Exercise

__all__ = ["Progress", "ProgressWarning", "record", "summarize"]

PACKAGE = str(Path(__file__).parents[2])
ADVICE = (
    "Los ejercicios se corrigen igual. (La variable COURSE_LIB_PROGRESS elige dónde se anotan.)"
)

_memory: dict[str, Any] = {}  # el progreso cuando no hay archivo
_said: set[str] = set()  # los avisos que ya se dieron


class ProgressWarning(UserWarning):
    """El progreso no se pudo leer o anotar; los ejercicios se corrigen igual."""


def _path() -> Path | None:
    """Ruta del archivo, o None si el progreso no se guarda."""
    setting = os.environ.get("COURSE_LIB_PROGRESS", "").strip()
    if setting.lower() == "off":
        return None
    homeless = StorageProblem("No se sabe cuál es tu carpeta personal (HOME).")
    needs_home = not setting or setting.startswith("~")
    if needs_home and os.environ.get("HOME") == "":
        raise homeless
    if not setting:
        from platformdirs import user_data_dir

        try:
            setting = os.path.join(user_data_dir("course_lib", appauthor=False), "progreso.json")
        except RuntimeError:
            raise homeless from None
    path = os.path.expanduser(setting)
    if path.startswith("~"):
        raise homeless
    return Path(path)


def _say(problem: str) -> None:
    """Un aviso en la línea de quien llamó a `comprobar` o `progreso`, la primera vez."""
    if problem in _said:
        return
    _said.add(problem)
    level, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        level, frame = level + 1, frame.f_back
    warnings.warn(f"{problem} {ADVICE}", ProgressWarning, stacklevel=level)


def _stored(path: Path) -> dict[str, Any]:
    """Lo anotado en el archivo; si está dañado, lo aparta y parte de nuevo."""
    try:
        return storage.read(path)
    except DamagedFile:
        aside = storage.keep_aside(path)
        _say(f"El progreso estaba dañado: quedó en {aside} y se empezó uno nuevo.")
        return {}


def record(chapter: str, key: str, status: str) -> None:
    """Anota el estado de un ejercicio; lo que ya estuvo correcto sigue correcto.

    Si el archivo no se puede escribir, el resultado de `comprobar` vale igual.
    """
    if status == PENDING:
        return
    name = f"{chapter}/{key}"
    try:
        path = _path()
        if path is None:
            _improve(_memory, name, status)
            return
        with storage.locked(path):
            stored = _stored(path)
            if _improve(stored, name, status):
                storage.write(path, stored)
    except StorageProblem as problem:
        _say(f"Tu progreso no se puede guardar. {problem}")


def _improve(stored: dict[str, Any], name: str, status: str) -> bool:
    """Anota `status`, si mejora lo anotado; devuelve si hubo un cambio."""
    if stored.get(name) in (status, CORRECT):
        return False
    stored[name] = status
    return True


@dataclass(frozen=True, repr=False)
class Progress:
    """Filas (capítulo, título, minutos, estado) de los ejercicios, con su cuenta."""

    rows: tuple[tuple[str, str, int, str], ...]

    @property
    def done(self) -> int:
        """Cuántos ejercicios están correctos."""
        return sum(status == CORRECT for *_, status in self.rows)

    def _title(self) -> str:
        left = sum(minutes for _, _, minutes, status in self.rows if status != CORRECT)
        rest = f" · quedan unos {left} minutos" if left else ""
        return f"Progreso: {self.done} de {len(self.rows)} ejercicios correctos{rest}"

    def __repr__(self) -> str:
        lines = [
            ("", f"{ICONS[status]} {title} ({minutes} min): {status}")
            for _, title, minutes, status in self.rows
        ]
        return report.plain(self._title(), *lines)

    def to_frame(self) -> pd.DataFrame:
        """Tabla de pandas con una fila por ejercicio."""
        import pandas as pd

        rows = [(*row, f"{ICONS[status]} {status}") for *row, status in self.rows]
        return pd.DataFrame(rows, columns=["Capítulo", "Ejercicio", "Minutos", "Estado"])

    def _repr_html_(self) -> str:
        return report.box("info", self._title(), show.table_html(self.to_frame()))


def summarize(chapters: Mapping[str, Iterable[Exercise]]) -> Progress:
    """`Progress` de un diccionario de capítulo a ejercicios."""
    stored: dict[str, Any] = {}
    try:
        path = _path()
        if path is None:
            stored = _memory
        else:
            with storage.locked(path):
                stored = _stored(path)
    except StorageProblem as problem:
        _say(f"Tu progreso no se puede guardar. {problem}")
    unknown = [name for name, status in stored.items() if not _is_status(status)]
    if unknown:
        found = describe(stored[unknown[0]]) if isinstance(stored[unknown[0]], str) else "otra cosa"
        _say(f"El progreso tiene un estado que no existe ({unknown[0]}: {found}) y se ignora.")
    rows = []
    for chapter, exercises in chapters.items():
        for exercise in exercises:
            status = stored.get(f"{chapter}/{exercise.key}", PENDING)
            known = status if _is_status(status) else PENDING
            rows.append((chapter, exercise.title, exercise.minutes, known))
    return Progress(tuple(rows))


def _is_status(status: Any) -> bool:
    return isinstance(status, str) and status in STATUSES
