"""Entrena modelos de una y de dos capas a continuar repeticiones y graba qué aprendió cada cabeza.

    python -m tools.train_induction            # todo: unos 5 minutos en un núcleo
    python -m tools.train_induction --check    # vuelve a medir los pesos guardados y reentrena uno

Si se interrumpe, al repetir la orden sigue por donde iba. Los pesos de la primera semilla quedan en
`course_lib/artifacts/induction/`.
"""

from __future__ import annotations

from typing import Any

from course_lib.experiments import induction
from course_lib.experiments.heads import chance_scores
from course_lib.records import Record, Replay, Row

from . import running
from .recording import Recipe
from .weights import hashes_of_weights, save_weights

__all__ = ["RECIPES"]

LAYERS, SEEDS = (1, 2), (0, 1, 2)
Key = tuple[int, int]  # capas y semilla


def rows() -> list[Row]:
    """Devuelve una fila por modelo y semilla."""
    plan = [(layers, seed) for seed in SEEDS for layers in LAYERS]
    return running.resume(INDUCTION, plan, _key, lambda key: [_train(key, save=key[1] == SEEDS[0])])


def _key(row: Row) -> Key:
    return row["layers"], row["seed"]


def _train(key: Key, *, save: bool = False) -> Row:
    model, row = induction.train_member(*key)
    if save:
        save_weights(model, "induction", induction.weights_name(key[0]))
    return row


def check(record: Record) -> list[Replay]:
    """Vuelve a medir los dos modelos guardados, y reentrena el de una capa."""

    def again(row: Row) -> dict[str, Any]:
        return induction.measure(induction.load(row["layers"]))

    def retrained(row: Row) -> dict[str, Any]:
        return {"second": _train(_key(row))["second"]}

    return [
        record.replay(again, atol=1e-3, seed=SEEDS[0]),
        record.replay(retrained, atol=0.05, layers=1, seed=SEEDS[0]),
    ]


def settings() -> dict[str, Any]:
    """Devuelve lo común a todas las filas: los textos, el entrenamiento y con qué comparar."""
    return {
        "vocab": induction.VOCAB,
        "periods": list(induction.PERIODS),
        "period": induction.PERIOD,
        "test_texts": induction.TEST_TEXTS,
        "early": induction.EARLY,
        "late": induction.LATE,
        "steps": induction.STEPS,
        "batch": induction.BATCH,
        "peak": induction.PEAK,
        "references": induction.references(),
        "chance": chance_scores(induction.PERIOD),
        "weights": hashes_of_weights("induction", map(induction.weights_name, LAYERS)),
    }


INDUCTION = Recipe(
    name="induction",
    title="Continuar una repetición: una capa frente a dos",
    command="python -m tools.train_induction",
    rows=rows,
    check=check,
    files=(
        *(
            f"course_lib/experiments/{name}.py"
            for name in ("induction", "heads", "moments", "training")
        ),
        *(
            f"course_lib/transformer/{name}.py"
            for name in ("config", "model", "block", "attention", "mlp", "norm", "rotary")
        ),
    ),
    seed=0,
    settings=settings,
    packages=("torch", "numpy"),
    notes="Pérdidas en nats por símbolo; seed son los pesos iniciales y los textos.",
)
RECIPES = {"induction": INDUCTION}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
