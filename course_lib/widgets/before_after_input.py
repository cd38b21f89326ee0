"""Lo que acepta el laboratorio «Antes y después»: las mismas preguntas a todas las maneras, juzgadas una por una."""

from __future__ import annotations

from functools import cache

from ..instruction import load_examples
from ..records import Record, Row

__all__ = ["JUDGED", "check_splits"]

JUDGED = ("right", "first_line", "stopped", "repeats")  # en este orden, los bits de cada cifra
COLUMNS = ("way", "model", "split", "ids", *JUDGED, "outputs")


def check_splits(record: Record) -> dict[str, list[Row]]:
    """Devuelve {parte: sus filas, una por manera de preguntar}, o explica qué le falta a `record`."""
    if not record.rows:
        raise ValueError(f"«{record.title}» no tiene filas: el laboratorio necesita al menos una.")
    splits: dict[str, list[Row]] = {}
    for i, row in enumerate(record.rows):
        _check_row(f"La fila {i} de «{record.title}»", row)
        splits.setdefault(row["split"], []).append(row)
    first = next(iter(splits.values()))
    for split, rows in splits.items():
        names = [row["way"] for row in rows]
        if len(set(names)) < len(names) or names != [row["way"] for row in first]:
            raise ValueError(
                f"En «{split}» se preguntó de estas maneras: {', '.join(names)}. Cada parte lleva una fila por manera, "
                "las mismas y en el mismo orden en todas."
            )
        for row in rows:
            if row["ids"] != rows[0]["ids"]:
                raise ValueError(
                    f"En «{split}», «{row['way']}» y «{names[0]}» no contestaron a los mismos ejemplos: sin eso no se "
                    "pueden comparar."
                )
    return splits


def _check_row(where: str, row: Row) -> None:
    missing = [name for name in COLUMNS if name not in row]
    if missing:
        raise ValueError(f"{where} no tiene «{missing[0]}». Cada una lleva: {', '.join(COLUMNS)}.")
    for name in (*JUDGED, "outputs"):
        if len(row[name]) != len(row["ids"]):
            raise ValueError(
                f"{where} lleva {len(row['ids'])} ejemplos y {len(row[name])} valores de «{name}»: hace falta uno por "
                "ejemplo."
            )
    for name in JUDGED:
        odd = [value for value in row[name] if value not in (0, 1)]
        if odd:
            raise ValueError(f"{where}: {name}={odd[0]!r} no vale: es 0 o 1.")
    unknown = set(row["ids"]) - _ids(row["split"])
    if unknown:
        raise ValueError(
            f"{where} contesta a «{min(unknown)}», que no está entre los ejemplos de «{row['split']}»: vuelve a grabarla."
        )


@cache
def _ids(split: str) -> frozenset[str]:
    return frozenset(example.id for example in load_examples(split))
