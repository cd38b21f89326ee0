"""Entrena la familia de Transformers de «Modelos pequeños y grandes» y graba sus resultados.

    python -m tools.train_family            # todo: unos 40 minutos en un núcleo
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
QUARTER, TWENTIETH = family.STEPS // 4, family.STEPS // 20
FACTORS = (0.5, 2.0)  # la mitad y el doble de la tasa de aprendizaje, con una semilla
FEWER, GRID = (188, QUARTER, 2 * QUARTER), (12, 20, 32, 80)  # menos pasos, y con qué anchos
LONGER = 4 * family.STEPS  # y más, con el menor de esos
Key = tuple[int, int, int, int, float]  # ancho, semilla, pasos, lotes distintos y factor de la tasa


def plan() -> list[Key]:
    """Devuelve qué modelos se entrenan.

    La familia con cada semilla; el sexto con pocos textos, repetidos hasta igualar los pasos; la familia con otra
    tasa de aprendizaje; y algunos anchos con menos pasos o más.
    """
    every, full = (*family.WIDTHS, family.NEXT_WIDTH), family.STEPS
    keys: list[Key] = [(width, seed, full, full, 1.0) for seed in SEEDS for width in every]
    few = (QUARTER, TWENTIETH)
    keys += [(family.WIDTHS[-1], seed, full, distinct, 1.0) for distinct in few for seed in SEEDS]
    keys += [(width, SEEDS[0], full, full, factor) for factor in FACTORS for width in every]
    keys += [(w, seed, less, less, 1.0) for less in FEWER for seed in SEEDS for w in GRID]
    keys += [(GRID[0], seed, LONGER, LONGER, 1.0) for seed in SEEDS]
    return keys


def rows() -> list[Row]:
    """Devuelve una fila por modelo de `plan()`."""
    return running.resume(FAMILY, plan(), _key, lambda key: [_train(key)])


def _key(row: Row) -> Key:
    return row["width"], row["seed"], row["steps"], row["distinct"], row["rate_factor"]


def _train(key: Key) -> Row:
    width, seed, steps, distinct, factor = key
    return family.train_member(width, seed, steps=steps, distinct=distinct, rate_factor=factor)


def check(record: Record) -> list[Replay]:
    """Reentrena el modelo más pequeño."""
    smallest = {
        "width": family.WIDTHS[0],
        "seed": SEEDS[0],
        "steps": family.STEPS,
        "rate_factor": 1.0,
    }
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
        "rate": family.RATE,
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
    notes="Pérdidas en nats por símbolo sobre textos nunca vistos; seed son los pesos iniciales; distinct, "
    "cuántos lotes distintos hubo (los demás los repiten); rate_factor multiplica la tasa de la regla.",
)
RECIPES = {"family": FAMILY}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
