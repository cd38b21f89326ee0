"""Entrena GRU y Transformers a recordar a distancias crecientes y graba su exactitud.

    python -m tools.train_recall            # todo: unos 15 minutos en un núcleo
    python -m tools.train_recall --check    # repite lo más corto y lo compara con lo grabado

Si se interrumpe, al repetir la orden sigue por donde iba. A la GRU se le dan tres tasas de
aprendizaje y el cuaderno muestra la mejor; al Transformer le basta una.
"""

from __future__ import annotations

from typing import Any

from course_lib.experiments import recall
from course_lib.records import Record, Replay, Row

from . import running
from .recording import Recipe

__all__ = ["RECIPES"]

SEEDS = (0, 1, 2)
PEAKS = {"gru": (0.005, 0.01, 0.02), "transformer": (0.005,)}
DISTANCES = {"copia": (4, 8, 16, 32, 64), "clave": (8, 32, 128)}
Key = tuple[str, str, int, int, float]  # tarea, modelo, distancia, semilla y tasa


def rows() -> list[Row]:
    """Devuelve una fila por tarea, distancia, modelo, tasa de aprendizaje y semilla."""
    plan = [
        (task, model, distance, seed, peak)
        for seed in SEEDS
        for task, distances in DISTANCES.items()
        for distance in distances
        for model, peaks in PEAKS.items()
        for peak in peaks
    ]
    return running.resume(RECALL, plan, _key, lambda key: [_train(key)])


def _key(row: Row) -> Key:
    return row["task"], row["model"], row["distance"], row["seed"], row["peak"]


def _train(key: Key) -> Row:
    task, model, distance, seed, peak = key
    return recall.train_recall(model, task, distance, seed=seed, peak=peak)


def check(record: Record) -> list[Replay]:
    """Repite lo más corto: copiar cuatro símbolos, con cada modelo."""
    shortest: dict[str, Any] = {"task": "copia", "distance": 4, "seed": 0, "peak": 0.005}
    again = record.replay(
        lambda row: {"accuracy": _train(_key(row))["accuracy"]}, atol=0.1, **shortest
    )
    return [again]


def settings() -> dict[str, Any]:
    """Devuelve lo común a todas las filas: el entrenamiento, el azar y los parámetros."""
    return {
        "steps": recall.STEPS,
        "batch": recall.BATCH,
        "chance": recall.CHANCE,
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
