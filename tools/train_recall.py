"""Entrena GRU y Transformers a recordar a distancias crecientes y graba su exactitud.

    python -m tools.train_recall            # todo: unos 15 minutos en un núcleo
    python -m tools.train_recall --check    # repite lo más corto y lo compara con lo grabado

Si se interrumpe, al repetir la orden sigue por donde iba. A la GRU se le dan tres tasas de
aprendizaje y el cuaderno muestra la mejor; al Transformer le basta una.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from tqdm import tqdm

from course_lib.experiments import recall
from course_lib.records import Record

ROOT = Path(__file__).resolve().parent.parent
PARTIAL = ROOT / "_build" / "train_recall.json"
CODE = ROOT / "course_lib" / "transformer"
FILES = ("recall", "training", "model", "block", "attention", "mlp", "norm", "rotary")
SEEDS = (0, 1, 2)
PEAKS = {"gru": (0.005, 0.01, 0.02), "transformer": (0.005,)}
DISTANCES = {"copia": (4, 8, 16, 32, 64), "clave": (8, 32, 128)}
KEYS = ("task", "model", "distance", "seed", "peak")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="solo compara lo más corto")
    parser.add_argument("--threads", type=int, default=1, help="núcleos que se usan")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    if options.check:
        record = Record.load("recall")
        replay = record.replay(_again, atol=0.1, task="copia", distance=4, seed=0, peak=0.005)
        print(replay.to_frame().to_string(index=False))
        return
    plan = [
        (task, model, distance, seed, peak)
        for seed in SEEDS
        for task, distances in DISTANCES.items()
        for distance in distances
        for model, peaks in PEAKS.items()
        for peak in peaks
    ]
    rows = _resume(plan)
    path = _record([rows[key] for key in plan]).save("recall")
    PARTIAL.unlink()
    print(f"Grabado en {path.relative_to(ROOT)}")


def _again(row: dict) -> dict:
    task, model, distance, seed, peak = (row[name] for name in KEYS)
    found = recall.train_recall(model, task, distance, seed=seed, peak=peak)
    return {"accuracy": found["accuracy"]}


def _resume(plan: list[tuple]) -> dict[tuple, dict]:
    """Entrena lo que falta de `plan`, guardando tras cada modelo."""
    done = json.loads(PARTIAL.read_text()) if PARTIAL.exists() else []
    rows = {tuple(row[name] for name in KEYS): row for row in done}
    for key in tqdm([key for key in plan if key not in rows], unit="modelo"):
        task, model, distance, seed, peak = key
        rows[key] = recall.train_recall(model, task, distance, seed=seed, peak=peak)
        PARTIAL.parent.mkdir(exist_ok=True)
        PARTIAL.write_text(json.dumps(list(rows.values())))
    return rows


def _record(rows: list[dict]) -> Record:
    parameters = {
        kind: sum(p.numel() for p in recall.make_model(kind, 0).parameters()) for kind in PEAKS
    }
    return Record.create(
        "Recordar a distancia: GRU y Transformer del mismo tamaño",
        rows,
        command="python -m tools.train_recall",
        seed=0,
        settings={
            "steps": recall.STEPS,
            "batch": recall.BATCH,
            "chance": recall.CHANCE,
            "parameters": parameters,
        },
        files=[CODE / f"{name}.py" for name in FILES],
        packages=("torch", "numpy"),
        notes="Exactitud sobre 512 textos nuevos; seed son los pesos iniciales y los textos.",
    )


if __name__ == "__main__":
    main()
