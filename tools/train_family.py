"""Entrena la familia de Transformers de «Modelos pequeños y grandes» y graba sus resultados.

    python -m tools.train_family            # todo: unos 18 minutos en un núcleo
    python -m tools.train_family --check    # reentrena el más pequeño y lo compara con lo grabado

Si se interrumpe, al repetir la orden sigue por donde iba.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from tqdm import tqdm

from course_lib.experiments import family
from course_lib.records import Record

ROOT = Path(__file__).resolve().parent.parent
PARTIAL = ROOT / "_build" / "train_family.json"
CODE = ROOT / "course_lib" / "transformer"
FILES = ("family", "source", "training", "model", "block", "attention", "mlp", "norm", "rotary")
SEEDS = (0, 1, 2)
DATA_STEPS = (375, 750, 3000)  # el mayor de la familia, con menos y con más textos


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="solo compara el más pequeño")
    parser.add_argument("--threads", type=int, default=1, help="núcleos que se usan")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.check:
        record = Record.load("family")
        smallest = {"width": family.WIDTHS[0], "seed": SEEDS[0], "steps": family.STEPS}
        replay = record.replay(_again, atol=0.02, **smallest)
        print(replay.to_frame().to_string(index=False))
        return
    widths = (*family.WIDTHS, family.NEXT_WIDTH)
    plan = [(width, seed, family.STEPS) for seed in SEEDS for width in widths]
    plan += [(family.WIDTHS[-1], SEEDS[0], steps) for steps in DATA_STEPS]
    rows = _resume(plan)
    path = _record([rows[key] for key in plan]).save("family")
    PARTIAL.unlink()
    print(f"Grabado en {path.relative_to(ROOT)}")


def _again(row: dict) -> dict:
    return {"loss": family.train_member(row["width"], row["seed"])["loss"]}


def _resume(plan: list[tuple]) -> dict[tuple, dict]:
    """Entrena lo que falta de `plan`, guardando tras cada modelo."""
    done = json.loads(PARTIAL.read_text()) if PARTIAL.exists() else []
    rows = {(row["width"], row["seed"], row["steps"]): row for row in done}
    for width, seed, steps in plan:
        if (width, seed, steps) in rows:
            continue
        with tqdm(total=steps, desc=f"ancho {width}, semilla {seed}", unit="paso") as bar:
            row = family.train_member(width, seed, steps=steps, on_step=bar.update)
        rows[width, seed, steps] = row
        PARTIAL.parent.mkdir(exist_ok=True)
        PARTIAL.write_text(json.dumps(list(rows.values())))
    return rows


def _record(rows: list[dict]) -> Record:
    grammar = family.GRAMMAR
    test = grammar.sample(family.TEST_TEXTS, family.LENGTH, seed=family.TEST_SEED)
    return Record.create(
        "Familia de Transformers entrenados con la misma gramática",
        rows,
        command="python -m tools.train_family",
        seed=grammar.seed,
        settings={
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
        },
        files=[CODE / f"{name}.py" for name in FILES],
        packages=("torch", "numpy"),
        notes="Pérdidas en nats por símbolo sobre textos nunca vistos; seed son los pesos iniciales.",
    )


if __name__ == "__main__":
    main()
