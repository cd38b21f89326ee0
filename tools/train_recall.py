"""Entrena GRU y Transformers a recordar varios símbolos a distancia y graba su exactitud.

    python -m tools.train_recall            # todo: unos 18 minutos de CPU en un núcleo
    python -m tools.train_recall --check    # repite lo más corto y lo compara con lo grabado

Si se interrumpe, al repetir la orden sigue por donde iba. Se cambia una cosa por vez: cuántos símbolos, a
la misma distancia; o la distancia, con los mismos símbolos. A la GRU se le dan cuatro tasas de aprendizaje (cinco
a distancia 8, donde la menor de cuatro era la mejor) y el cuaderno muestra la mejor; al Transformer le basta una.
"""

from __future__ import annotations

from typing import Any

from course_lib.experiments import recall
from course_lib.records import Record, Replay, Row

from . import running
from .recording import Recipe

__all__ = ["RECIPES"]

SEEDS = (0, 1, 2)
PEAKS = {"gru": (0.01, 0.02, 0.04, 0.08), "transformer": (0.005,)}
LOWER = (0.005,)  # a distancia 8, para que la mejor tasa no quede en el borde
SAME_DISTANCE = tuple((items, 32) for items in (1, 2, 4, 8, 16))
SAME_ITEMS = tuple((items, distance) for items in (1, 4) for distance in (8, 128))
LONGER = ("gru", 8, 32, 4 * recall.STEPS, 0.02)  # ¿le faltó entrenamiento a la GRU?
Key = tuple[str, int, int, int, float, int]  # modelo, símbolos, distancia, pasos, tasa y semilla


def rows() -> list[Row]:
    """Devuelve una fila por modelo, cantidad de símbolos, distancia, pasos, tasa de aprendizaje y semilla."""
    cases = [
        (model, items, distance, recall.STEPS, peak)
        for items, distance in (*SAME_DISTANCE, *SAME_ITEMS)
        for model, peaks in PEAKS.items()
        for peak in (*(LOWER if (model, distance) == ("gru", 8) else ()), *peaks)
    ]
    plan = [(*case, seed) for seed in SEEDS for case in (*cases, LONGER)]
    return running.resume(RECALL, plan, _key, lambda key: [_train(key)])


def _key(row: Row) -> Key:
    return (
        row["model"],
        row["items"],
        row["distance"],
        row["steps"],
        row["peak"],
        row["seed"],
    )


def _train(key: Key) -> Row:
    model, items, distance, steps, peak, seed = key
    return recall.train_recall(model, items, distance, steps=steps, peak=peak, seed=seed)


def check(record: Record) -> list[Replay]:
    """Repite lo más corto: recordar cuatro símbolos a distancia 8, con cada modelo y cada tasa."""
    shortest: dict[str, Any] = {"items": 4, "distance": 8, "seed": 0}
    again = record.replay(
        lambda row: {"accuracy": _train(_key(row))["accuracy"]}, atol=0.1, **shortest
    )
    return [again]


def settings() -> dict[str, Any]:
    """Devuelve lo común a todas las filas: el lote, el azar, los textos de prueba y los parámetros."""
    return {
        "batch": recall.BATCH,
        "chance": recall.CHANCE,
        "test_texts": recall.TEST_TEXTS,
        "parameters": {
            kind: sum(p.numel() for p in recall.make_model(kind, 0).parameters()) for kind in PEAKS
        },
    }


RECALL = Recipe(
    name="recall",
    title="Recordar a distancia: GRU y Transformer del mismo tamaño",
    command="python -m tools.train_recall",
    rows=rows,
    check=check,
    files=(
        *(f"course_lib/experiments/{name}.py" for name in ("recall", "training")),
        *(
            f"course_lib/transformer/{name}.py"
            for name in ("config", "model", "block", "attention", "mlp", "norm", "rotary")
        ),
    ),
    seed=0,
    settings=settings,
    packages=("torch", "numpy"),
    notes="Exactitud sobre 512 textos nuevos; seed son los pesos iniciales y los textos.",
)
RECIPES = {"recall": RECALL}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
