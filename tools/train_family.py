"""Entrena la familia de Transformers de «Modelos pequeños y grandes» y graba sus resultados.

    python -m tools.train_family            # todo: unos 18 minutos en un núcleo
    python -m tools.train_family --check    # reentrena el más pequeño y lo compara con lo grabado

Si se interrumpe, al repetir la orden sigue por donde iba.
"""

from __future__ import annotations

from typing import Any

from course_lib.experiments import family
from course_lib.records import Record, Replay, Row

from . import running
from .recording import Recipe

__all__ = ["RECIPES"]

SEEDS = (0, 1, 2)
DATA_STEPS = (375, 750, 3000)  # el mayor de la familia, con menos y con más textos
Key = tuple[int, int, int]  # ancho, semilla y pasos


def rows() -> list[Row]:
    """Devuelve una fila por modelo: toda la familia con cada semilla, y el mayor con más o menos textos."""
    widths = (*family.WIDTHS, family.NEXT_WIDTH)
    plan: list[Key] = [(width, seed, family.STEPS) for seed in SEEDS for width in widths]
    plan += [(family.WIDTHS[-1], SEEDS[0], steps) for steps in DATA_STEPS]
    return running.resume(FAMILY, plan, _key, lambda key: [_train(key)])


def _key(row: Row) -> Key:
    return row["width"], row["seed"], row["steps"]


def _train(key: Key) -> Row:
    width, seed, steps = key
    return family.train_member(width, seed, steps=steps)


def check(record: Record) -> list[Replay]:
    """Reentrena el modelo más pequeño."""
    smallest = {"width": family.WIDTHS[0], "seed": SEEDS[0], "steps": family.STEPS}
    return [record.replay(lambda row: {"loss": _train(_key(row))["loss"]}, atol=0.02, **smallest)]


def settings() -> dict[str, Any]:
    """Devuelve lo común a todas las filas: la gramática y el entrenamiento."""
    grammar = family.GRAMMAR
    test = grammar.sample(family.TEST_TEXTS, family.LENGTH, seed=family.TEST_SEED)
    return {
        "num_symbols": grammar.num_symbols,
        "sharpness": grammar.sharpness,
        "zipf": grammar.zipf,
        "entropy": grammar.entropy,
        "loss_of_the_rules": grammar.loss_of_the_rules(test),
        "steps": family.STEPS,
        "batch": family.BATCH,
        "length": family.LENGTH,
        "widths": list(family.WIDTHS),
        "next_width": family.NEXT_WIDTH,
    }


FAMILY = Recipe(
    name="family",
    title="Familia de Transformers entrenados con la misma gramática",
    command="python -m tools.train_family",
    rows=rows,
    check=check,
    files=(
        *(f"course_lib/experiments/{name}.py" for name in ("family", "grammar", "training")),
        *(
            f"course_lib/transformer/{name}.py"
            for name in ("config", "model", "block", "attention", "mlp", "norm", "rotary")
        ),
    ),
    seed=family.GRAMMAR.seed,
    settings=settings,
    packages=("torch", "numpy"),
    notes="Pérdidas en nats por símbolo sobre textos nunca vistos; seed son los pesos iniciales.",
)
RECIPES = {"family": FAMILY}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
