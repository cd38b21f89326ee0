"""Entrena la familia que suma, con pasos escritos y sin ellos, y graba lo que pasó con cada semilla.

    python -m tools.train_addition            # todo: unos 40 minutos en un núcleo
    python -m tools.train_addition --check    # vuelve a medir los pesos guardados y reentrena el menor

Si se interrumpe, al repetir la orden sigue por donde iba. Donde unas semillas lo logran y otras no, se
entrenan diez; en lo demás, tres. Los pesos de un ancho, de las dos maneras, quedan en
`course_lib/artifacts/addition/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from course_lib.experiments import addition, sums
from course_lib.records import Record, Replay, Row

from . import running
from .recording import Recipe
from .weights import hashes_of_weights, save_weights

__all__ = ["RECIPES", "is_split"]

SEEDS, MORE_SEEDS = (0, 1, 2), tuple(range(3, 10))
Key = tuple[int, str, int]  # ancho, manera y semilla


def rows() -> list[Row]:
    """Devuelve una fila por ancho, manera y semilla: tres semillas, o diez donde no se ponen de acuerdo."""
    cells = [(width, way) for width in addition.WIDTHS for way in sums.WAYS]
    plan = [(width, way, seed) for seed in SEEDS for width, way in cells]
    first = running.resume(ADDITION, plan, _key, _compute)
    for width, way in cells:
        exact = [row["exact"] for row in first if (row["width"], row["way"]) == (width, way)]
        if is_split(exact):
            plan += [(width, way, seed) for seed in MORE_SEEDS]
    return running.resume(ADDITION, plan, _key, _compute)


def is_split(exact: Sequence[float]) -> bool:
    """Dice si unas semillas lo logran y otras no: a los dos lados de 0.5, o alguna cerca de él.

    >>> is_split([0.9, 0.1]), is_split([0.4, 0.1]), is_split([0.1, 0.2])
    (True, True, False)
    """
    return min(exact) < 0.5 < max(exact) or any(0.25 <= value <= 0.75 for value in exact)


def _key(row: Row) -> Key:
    return row["width"], row["way"], row["seed"]


def _compute(key: Key) -> list[Row]:
    width, way, seed = key
    model, row = addition.train_member(width, way, seed)
    if (width, seed) == (addition.SAVED, SEEDS[0]):
        save_weights(model, "addition", addition.weights_name(way))
    return [row]


def check(record: Record) -> list[Replay]:
    """Vuelve a medir los modelos guardados, y reentrena el más pequeño con respuesta directa."""

    def again(row: Row) -> dict[str, Any]:
        model = addition.load(row["way"])
        return addition.measure(model, sums.held_out(), row["way"])[0]

    def retrained(row: Row) -> dict[str, Any]:
        return {"loss": _compute(_key(row))[0]["loss"]}

    smallest: dict[str, Any] = {"width": addition.WIDTHS[0], "way": "directa", "seed": SEEDS[0]}
    return [
        record.replay(again, atol=0.005, width=addition.SAVED, seed=SEEDS[0]),
        record.replay(retrained, atol=0.05, **smallest),
    ]


def settings() -> dict[str, Any]:
    """Devuelve lo común a todas las filas: el entrenamiento, las sumas de prueba y el azar."""
    return {
        "steps": addition.STEPS,
        "batch": sums.BATCH,
        "peak": {str(width): addition.peak(width) for width in addition.WIDTHS},
        "widths": list(addition.WIDTHS),
        "seeds": len(SEEDS),
        "seeds_where_split": len(SEEDS) + len(MORE_SEEDS),
        "curve_pairs": addition.CURVE_PAIRS,
        "pairs": [list(pair) for pair in sums.held_out()],
        "chance": sums.chance(),
        "weights": hashes_of_weights("addition", map(addition.weights_name, sums.WAYS)),
    }


ADDITION = Recipe(
    name="addition",
    title="Sumar tres cifras, con pasos escritos y sin ellos: una familia y sus semillas",
    command="python -m tools.train_addition",
    rows=rows,
    check=check,
    files=(
        *(
            f"course_lib/experiments/{name}.py"
            for name in ("addition", "moments", "sums", "training")
        ),
        *(
            f"course_lib/transformer/{name}.py"
            for name in ("cache", "config", "model", "block", "attention", "mlp", "norm", "rotary")
        ),
    ),
    seed=0,
    settings=settings,
    packages=("torch", "numpy"),
    notes=(
        "Sobre 500 sumas nunca vistas (200 en la curva). seed son los pesos iniciales y las sumas de "
        "entrenamiento; answers, las 500 respuestas escritas, separadas por un espacio."
    ),
)
RECIPES = {"addition": ADDITION}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
