"""Record: una tabla de resultados que recuerda cómo se hizo y se puede volver a comprobar.

Todo número grabado del curso (una evaluación, una curva de entrenamiento) se guarda así: filas más
procedencia, en un JSON legible. El cuaderno lo carga, lo muestra y recalcula al menos una fila. Aquí
se lee; lo que graba está en `tools/recording.py`, porque solo lo usan las autoras y los autores.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import show

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ARTIFACTS", "FileChanges", "Record", "Replay", "Row", "artifact_path", "file_hash"]

ARTIFACTS = Path(__file__).parent / "artifacts"
Row = dict[str, Any]
_SHOWN = 12  # filas que se ven en el cuaderno; `to_frame()` las da todas


@dataclass(frozen=True, kw_only=True)
class Record:
    """Filas de resultados con su procedencia.

    >>> record = Record(title="Demo", rows=({"n": 1, "loss": 2.5},), command="python -m demo", seed=0)
    >>> record.one(n=1)["loss"]
    2.5
    """

    title: str
    rows: tuple[Row, ...]
    command: str  # la orden exacta que lo rehace
    seed: int | None
    settings: dict[str, Any] = field(default_factory=dict)  # lo común a todas las filas
    versions: dict[str, str] = field(default_factory=dict)  # python y paquetes
    hashes: dict[str, str] = field(default_factory=dict)  # archivo o modelo -> SHA-256
    date: str = ""
    notes: str = ""
    # la última vez que, tras cambiar el código, se recalculó y coincidió: {"date", "versions"}
    checked: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, name: str | Path) -> Record:
        """Devuelve el Record grabado `name`: un nombre dentro de artifacts/ o una ruta a un JSON.

        Lanza `FileNotFoundError` si no existe y `ValueError` si el archivo no es un Record.
        """
        path = artifact_path(name)
        if not path.exists():
            known = sorted(found.stem for found in ARTIFACTS.glob("*.json"))
            raise FileNotFoundError(f"No hay un registro «{name}». Los que hay: {known}.")
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**data, "rows": tuple(data["rows"])})
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(
                f"{path.name} no es un registro legible ({error}). Vuelve a crearlo con la orden "
                "que lo produjo."
            ) from error

    # --- leer ---

    def where(self, **equal: Any) -> tuple[Row, ...]:
        """Devuelve las filas cuyas columnas valen lo pedido."""
        for column in equal:
            if not any(column in row for row in self.rows):
                raise ValueError(
                    f"«{self.title}» no tiene la columna «{column}». Tiene: {self.columns}."
                )
        return tuple(
            row for row in self.rows if all(row.get(name) == value for name, value in equal.items())
        )

    def one(self, **equal: Any) -> Row:
        """Devuelve la única fila que cumple lo pedido; ninguna o varias es un `ValueError`."""
        found = self.where(**equal)
        if len(found) != 1:
            raise ValueError(
                f"En «{self.title}» hay {len(found)} filas con {equal}, y se esperaba una. "
                "Agrega o quita condiciones."
            )
        return found[0]

    @property
    def columns(self) -> list[str]:
        """Nombres de las columnas, en orden de aparición."""
        return list(dict.fromkeys(name for row in self.rows for name in row))

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con una fila por resultado."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=self.columns)

    # --- comprobar ---

    def changed_files(self) -> FileChanges:
        """Devuelve los archivos del proyecto que ya no son los que produjeron el resultado.

        Los de `course_lib/` deben estar siempre: si falta uno, se dice. Las herramientas de autoría no
        viajan con el paquete instalado: si no están, no se pueden juzgar, y también se dice.
        """
        root = ARTIFACTS.parent.parent
        changed, missing, unseen = [], [], []
        for name in filter(_is_file, self.hashes):
            if (root / name).is_file():
                if file_hash(root / name) != self.hashes[name]:
                    changed.append(name)
            elif name.startswith("course_lib/"):
                missing.append(name)
            else:
                unseen.append(name)
        return FileChanges(tuple(changed), tuple(missing), tuple(unseen))

    def replay(
        self,
        compute: Callable[[Row], Mapping[str, Any]],
        *,
        rtol: float = 1e-6,
        atol: float = 0.0,
        **equal: Any,
    ) -> Replay:
        """Recalcula las filas que cumplen `equal` y devuelve la comparación.

        `compute(fila)` devuelve {columna: valor recalculado}. Dos números coinciden como en
        `math.isclose`: si su distancia no pasa de `atol` o de `rtol` por el mayor de los dos. Dos enteros, solo si
        no pasa de `atol`: de otro modo un id grande valdría por sus vecinos.

        Raises:
            ValueError: no hay filas que cumplan `equal`, o un valor no coincide (y se dice cuál).
        """
        rows = self.where(**equal)
        if not rows:
            raise ValueError(f"«{self.title}» no tiene filas con {equal}: no hay qué recalcular.")
        pairs = tuple(
            (column, row[column], value)
            for row in rows
            for column, value in compute(copy.deepcopy(row)).items()
        )
        for column, recorded, again in pairs:
            if not _agree(recorded, again, rtol, atol):
                raise ValueError(
                    f"«{self.title}»: {column} se grabó como {recorded!r} y ahora da {again!r}. "
                    f"Se grabó el {self.date} con {self.versions}. Si el cambio es a propósito, "
                    f"vuelve a grabar: {self.command}"
                )
        return Replay(self.title, pairs)

    # --- mostrar ---

    def __repr__(self) -> str:
        made = f"{self.date}, semilla {self.seed}" if self.seed is not None else self.date
        return f"Record(«{self.title}», {len(self.rows)} filas, {made}, rehacer: {self.command})"

    def _repr_html_(self) -> str:
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        seed = [] if self.seed is None else [f"semilla {self.seed}"]
        flat = [
            {name: value for name, value in row.items() if not isinstance(value, list | dict)}
            for row in self.rows[:_SHOWN]
        ]
        cut = [f"se ven {_SHOWN} de {len(self.rows)} filas"] if len(self.rows) > _SHOWN else []
        return show.table_html(
            show.table(flat).to_frame(),
            title=self.title,
            note=" · ".join([*cut, self.date, *seed, versions, self.command]),
        )


@dataclass(frozen=True)
class FileChanges:
    """Lo que les pasó a los archivos de un registro; todo vacío si siguen siendo los mismos."""

    changed: tuple[str, ...] = ()  # están, pero ya no son los mismos
    missing: tuple[str, ...] = ()  # son de `course_lib/` y no están
    unseen: tuple[str, ...] = ()  # de fuera del paquete, y no están: no se pueden juzgar

    def __bool__(self) -> bool:
        return bool(self.changed or self.missing or self.unseen)


@dataclass(frozen=True)
class Replay:
    """Lo grabado frente a lo recalculado: ternas (columna, grabado, ahora), todas de acuerdo."""

    title: str
    pairs: tuple[tuple[str, Any, Any], ...]

    def to_frame(self) -> pd.DataFrame:
        """Devuelve una tabla de pandas con una fila por valor recalculado."""
        import pandas as pd

        return pd.DataFrame(self.pairs, columns=["columna", "grabado", "ahora"])


def file_hash(path: str | Path) -> str:
    """Devuelve la SHA-256 de un archivo, en hexadecimal.

    >>> len(file_hash(__file__))
    64
    """
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def artifact_path(name: str | Path) -> Path:
    """Devuelve la ruta del JSON de un registro: un nombre dentro de artifacts/ o una ruta absoluta.

    >>> artifact_path("grupo/familia").relative_to(ARTIFACTS).as_posix()
    'grupo/familia.json'
    """
    path = Path(name)
    if path.suffix != ".json":
        path = path.with_name(path.name + ".json")
    return path if path.is_absolute() else ARTIFACTS / path


def _is_file(name: str) -> bool:
    """Distingue, entre las huellas de un registro, una ruta del nombre de un modelo."""
    return "/" in name


def _agree(recorded: Any, again: Any, rtol: float, atol: float) -> bool:
    if isinstance(recorded, list | tuple) and isinstance(again, list | tuple):
        return len(recorded) == len(again) and all(
            _agree(a, b, rtol, atol) for a, b in zip(recorded, again, strict=True)
        )
    if type(recorded) is type(again) is int:
        return abs(recorded - again) <= atol
    numbers = (isinstance(value, int | float) for value in (recorded, again))
    if all(numbers) and (isinstance(recorded, float) or isinstance(again, float)):
        return math.isclose(recorded, again, rel_tol=rtol, abs_tol=atol)
    return bool(recorded == again)
