"""Record: una tabla de resultados que recuerda cómo se hizo y se puede volver a comprobar.

Todo número grabado del curso (una evaluación, una curva de entrenamiento) se guarda así: filas más
procedencia, en un JSON legible. El cuaderno lo carga, lo muestra y recalcula al menos una fila.
"""

from __future__ import annotations

import hashlib
import html
import importlib.metadata
import json
import math
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

__all__ = ["ARTIFACTS", "Record", "Replay", "file_hash"]

ARTIFACTS = Path(__file__).parent / "artifacts"
_PACKAGES = ("torch", "transformers", "numpy")


@dataclass(frozen=True, kw_only=True)
class Record:
    """Filas de resultados con su procedencia.

    >>> record = Record.create("Demo", [{"n": 1, "loss": 2.5}], command="python demo.py", seed=0)
    >>> record.one(n=1)["loss"]
    2.5
    """

    title: str
    rows: tuple[dict[str, Any], ...]
    command: str  # la orden exacta que lo rehace
    seed: int | None
    settings: dict[str, Any] = field(default_factory=dict)  # lo común a todas las filas
    versions: dict[str, str] = field(default_factory=dict)  # python y paquetes
    hashes: dict[str, str] = field(default_factory=dict)  # archivo o modelo -> SHA-256
    date: str = ""
    notes: str = ""

    @classmethod
    def create(
        cls,
        title: str,
        rows: Iterable[Mapping[str, Any]],
        *,
        command: str,
        seed: int | None = None,
        settings: Mapping[str, Any] | None = None,
        files: Iterable[str | Path] = (),
        hashes: Mapping[str, str] | None = None,
        packages: Sequence[str] = _PACKAGES,
        notes: str = "",
    ) -> Record:
        """Devuelve un Record con versiones, fecha y huellas ya anotadas.

        `settings` son los parámetros con que se obtuvo; `files`, los archivos del proyecto (código,
        datos) de los que depende; `hashes`, otras huellas que ya se conocen, como las de un modelo;
        `packages`, las bibliotecas cuya versión se anota; y `notes`, lo que haya que advertir.
        """
        root = ARTIFACTS.parent.parent
        found = {
            Path(file).resolve().relative_to(root).as_posix(): file_hash(file) for file in files
        }
        return cls(
            title=title,
            rows=tuple(dict(row) for row in rows),
            command=command,
            seed=seed,
            settings=dict(settings or {}),
            versions=_versions(packages),
            hashes=found | dict(hashes or {}),
            date=date.today().isoformat(),
            notes=notes,
        )

    @classmethod
    def load(cls, name: str | Path) -> Record:
        """Devuelve el Record grabado `name`: un nombre dentro de artifacts/ o una ruta a un JSON.

        Lanza `FileNotFoundError` si no existe y `ValueError` si el archivo no es un Record.
        """
        path = _path(name)
        if not path.exists():
            known = sorted(
                p.relative_to(ARTIFACTS).with_suffix("").as_posix()
                for p in ARTIFACTS.rglob("*.json")
            )
            raise FileNotFoundError(f"No hay un registro «{name}». Los que hay: {known}.")
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            return cls(**{**data, "rows": tuple(data["rows"])})
        except (TypeError, KeyError, ValueError) as error:
            raise ValueError(
                f"{path.name} no es un registro legible ({error}). Vuelve a crearlo con la orden "
                "que lo produjo."
            ) from error

    def save(self, name: str | Path) -> Path:
        """Escribe el JSON completo o nada, y devuelve su ruta."""
        path = _path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
        return path

    # --- leer ---

    def where(self, **equal: Any) -> tuple[dict[str, Any], ...]:
        """Devuelve las filas cuyas columnas valen lo pedido."""
        for column in equal:
            if not any(column in row for row in self.rows):
                raise ValueError(
                    f"«{self.title}» no tiene la columna «{column}». Tiene: {self.columns}."
                )
        return tuple(
            row for row in self.rows if all(row.get(name) == value for name, value in equal.items())
        )

    def one(self, **equal: Any) -> dict[str, Any]:
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

    def to_frame(self):
        """Devuelve una tabla de pandas con una fila por resultado."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=self.columns)

    # --- comprobar ---

    def changed_files(self) -> list[str]:
        """Devuelve los archivos del proyecto que ya no son los que produjeron el resultado.

        Solo mira los que están aquí: las herramientas de autoría no viajan con el paquete.
        """
        root = ARTIFACTS.parent.parent
        return [
            name
            for name, recorded in self.hashes.items()
            if (root / name).is_file() and file_hash(root / name) != recorded
        ]

    def replay(
        self,
        compute: Callable[[dict[str, Any]], Mapping[str, Any]],
        *,
        rtol: float = 1e-6,
        atol: float = 0.0,
        **equal: Any,
    ) -> Replay:
        """Recalcula las filas que cumplen `equal` y devuelve la comparación.

        `compute(fila)` devuelve {columna: valor recalculado}. Si algún valor se aleja del grabado
        más de `atol + rtol·|grabado|`, lanza un `ValueError` con los dos valores.
        """
        rows = self.where(**equal)
        if not rows:
            raise ValueError(f"«{self.title}» no tiene filas con {equal}: no hay qué recalcular.")
        pairs = tuple(
            (column, row[column], value)
            for row in rows
            for column, value in compute(dict(row)).items()
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
        origin = f"{self.date} · semilla {self.seed} · {versions} · {self.command}"
        frame = self.to_frame()
        short = frame.drop(columns=[c for c in frame if isinstance(frame[c].iloc[0], list | dict)])
        table = short.to_html(index=False, escape=True, border=0, float_format="{:.3g}".format)
        return (
            f"<p><strong>{html.escape(self.title)}</strong></p>{table}"
            f"<p><small>{html.escape(origin)}</small></p>"
        )


@dataclass(frozen=True)
class Replay:
    """Lo grabado frente a lo recalculado: ternas (columna, grabado, ahora), todas de acuerdo."""

    title: str
    pairs: tuple[tuple[str, Any, Any], ...]

    def to_frame(self):
        """Devuelve una tabla de pandas con una fila por valor recalculado."""
        import pandas as pd

        return pd.DataFrame(self.pairs, columns=["columna", "grabado", "ahora"])


def file_hash(path: str | Path) -> str:
    """Devuelve la SHA-256 de un archivo, en hexadecimal.

    >>> len(file_hash(__file__))
    64
    """
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def _path(name: str | Path) -> Path:
    path = Path(name)
    if path.suffix != ".json":
        path = path.with_name(path.name + ".json")
    return path if path.is_absolute() else ARTIFACTS / path


def _versions(packages: Sequence[str]) -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found


def _agree(recorded: Any, again: Any, rtol: float, atol: float) -> bool:
    if isinstance(recorded, list | tuple) and isinstance(again, list | tuple):
        return len(recorded) == len(again) and all(
            _agree(a, b, rtol, atol) for a, b in zip(recorded, again, strict=True)
        )
    if isinstance(recorded, float) or isinstance(again, float):
        return math.isclose(recorded, again, rel_tol=rtol, abs_tol=atol)
    return recorded == again
