"""Entrena el proyector que une imagen y texto y graba la corrida publicada y las que comparan.

    python -m tools.train_vision             # todo: una hora en dos núcleos
    python -m tools.train_vision positions   # o solo una de: runs, positions
    python -m tools.train_vision --check     # vuelve a preguntar al modelo publicado

Si se interrumpe, al repetir la orden sigue por donde iba. Las corridas que comparan ven una figura por escena y se
juzgan con combinaciones de «train» y de «choose»; las de «final», en `python -m tools.evaluate_vision`. El proyector
publicado queda en `course_lib/artifacts/gemma/vision-es/`.
"""

from __future__ import annotations

from course_lib.experiments.alignment import RECORD, WEIGHTS, ask, load
from course_lib.multimodal import VisionLanguageModel
from course_lib.records import Record, Replay, Row, file_hash

from . import running
from .recording import Recipe, same_outputs, sources
from .vision.drilling import AFTER, BEFORE, DRILL, SPLITS, drilled, positions
from .vision.measuring import SEED, asked, judged
from .vision.runs import BASE, PUBLISHED, RUNS, language_model, trained
from .weights import save_weights

__all__ = ["RECIPES"]

SCENES = 60  # por parte


def rows() -> list[Row]:
    """Devuelve una fila por corrida; la publicada deja su proyector con los artefactos."""
    return running.resume(RUNS_RECIPE, list(RUNS), lambda row: row["run"], lambda name: [one(name)])


def one(name: str) -> Row:
    """Entrena la corrida `name` y devuelve su fila: con qué, su curva y cómo contesta."""
    made, run = trained(name), RUNS[name]
    if name == PUBLISHED:
        save_weights(made.vlm.projector, "gemma/vision-es", "projector")
    return {
        "run": name,
        "projector": run.projector.__name__,
        "tokens": made.vlm.encoder.num_tokens,
        "parameters": sum(p.numel() for p in made.vlm.projector.parameters()),
        "settings": dict(made.settings),
        "curve": [[step, round(loss, 4)] for step, loss in made.curve],
        **{split: _captions(made.vlm, split, SCENES) for split in ("train", "choose")},
    }


def _captions(vlm: VisionLanguageModel, split: str, number: int) -> Row:
    """Qué dice de escenas nuevas de una figura, que es lo que todas las corridas aprenden."""
    pairs = [pair for pair in asked(split, number, things=1) if pair[1].kind == "contenido"]
    outputs = ask(vlm, [(scene.draw(), question.text) for scene, question in pairs])
    expected = [question.answer for _, question in pairs]
    return {**judged(pairs, outputs), "expected": expected, "outputs": outputs}


def check(record: Record) -> list[Replay]:
    """Vuelve a preguntar al modelo publicado por las primeras escenas."""
    recorded = record.one(run=PUBLISHED)["train"]
    few = Record(title=record.title, rows=(recorded,), command=record.command, seed=0)
    again = _captions(load(language_model()), "train", 12)
    return [same_outputs(few, again["outputs"])]


def position_rows() -> list[Row]:
    """Devuelve, antes y después de practicar, qué contesta de escenas de dos figuras; después, también la curva."""
    return running.resume(
        POSITIONS,
        [(moment, split) for moment in (BEFORE, AFTER) for split in SPLITS],
        lambda row: (row["run"], row["split"]),
        lambda key: [_position_row(*key)],
    )


def _position_row(moment: str, split: str) -> Row:
    made = drilled() if moment == AFTER else None
    vlm = made.vlm if made else load(language_model())
    curve = [[step, round(loss, 4)] for step, loss in made.curve] if made else []
    return {"run": moment, "split": split, "curve": curve, **positions(vlm, split, SCENES)}


def check_positions(record: Record) -> list[Replay]:
    """Vuelve a preguntar al modelo publicado por las primeras escenas de dos figuras."""
    again = positions(load(language_model()), "train", 4)
    return [same_outputs(record, again["outputs"], run=BEFORE, split="train")]


RUNS_RECIPE = Recipe(
    name=RECORD,
    title="Entrenar el proyector: la corrida publicada y las que comparan",
    command="python -m tools.train_vision --threads 2",
    rows=rows,
    check=check,
    files=(
        *sources("course_lib/multimodal", "course_lib/trainer.py", "tools/vision/runs.py"),
        "course_lib/data/scenes.py",
        "course_lib/experiments/alignment.py",
        "course_lib/experiments/warm_start.py",
    ),
    models=(BASE, "efficientnet-lite0"),
    seed=0,
    settings=lambda: {"scenes": SCENES, "projector_sha256": file_hash(WEIGHTS)},
    packages=("torch", "transformers", "numpy", "pillow"),
    notes="right: la respuesta es exactamente la correcta.",
)
POSITIONS = Recipe(
    name="vision_positions",
    title="La posición, antes y después de practicar solo escenas de dos figuras",
    command="python -m tools.train_vision positions --threads 2",
    rows=position_rows,
    check=check_positions,
    files=(*RUNS_RECIPE.files, "tools/vision/drilling.py"),
    models=(BASE, "efficientnet-lite0"),
    seed=SEED,
    settings=lambda: {"scenes": SCENES, "projector_sha256": file_hash(WEIGHTS), **DRILL},
    packages=("torch", "transformers", "numpy", "pillow"),
    notes="De cada escena, qué hay y dónde está cada figura respecto de la otra.",
)
RECIPES = {"runs": RUNS_RECIPE, "positions": POSITIONS}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
