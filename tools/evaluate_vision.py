"""Mide el modelo que ve con escenas nuevas, y comprueba que mira, y graba la tabla.

    python -m tools.evaluate_vision             # un cuarto de hora en dos núcleos
    python -m tools.evaluate_vision --check     # vuelve a preguntar unas pocas

Si se interrumpe, al repetir la orden sigue por donde iba.
"""

from __future__ import annotations

from course_lib.experiments.alignment import RECORD, WEIGHTS, load
from course_lib.records import Record, Replay, Row, file_hash

from . import running
from .recording import Recipe, same_outputs, sources
from .vision.measuring import SEED, SPLITS, WAYS, answers
from .vision.runs import BASE, language_model

__all__ = ["RECIPES"]

SCENES = 60  # por parte
_OWN = "con su imagen"


def rows() -> list[Row]:
    """Devuelve una fila por parte con su imagen y, en lo conocido, una por cada otra manera de preguntar."""
    plan = [(_OWN, split) for split in SPLITS] + [(way, "train") for way in WAYS if way != _OWN]
    vlm = load(language_model())
    return running.resume(
        ANSWERS,
        plan,
        lambda row: (row["way"], row["split"]),
        lambda key: [answers(vlm, *key, SCENES)],
    )


def check(record: Record) -> list[Replay]:
    """Vuelve a preguntar por las primeras escenas de «train»."""
    again = answers(load(language_model()), _OWN, "train", 4)
    return [same_outputs(record, again["outputs"], way=_OWN, split="train")]


ANSWERS = Recipe(
    name="vision_answers",
    title="Qué contesta el modelo que ve, con su imagen y sin ella",
    command="python -m tools.evaluate_vision --threads 2",
    rows=rows,
    check=check,
    files=(
        *sources("course_lib/multimodal", "tools/vision/measuring.py"),
        *sources("course_lib/models/huggingface.py", "course_lib/models/state.py"),
        "course_lib/data/scenes.py",
        "course_lib/experiments/alignment.py",
        "course_lib/images.py",
    ),
    models=(BASE, "efficientnet-lite0"),
    seed=SEED,
    settings=lambda: {"scenes": SCENES, "projector_sha256": file_hash(WEIGHTS), "run": RECORD},
    packages=("torch", "transformers", "numpy", "pillow"),
    notes="right: la respuesta es exactamente la correcta.",
)
RECIPES = {"answers": ANSWERS}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
