"""Ajusta gemma-270m con las instrucciones del curso y graba la corrida publicada y las que comparan.

    python -m tools.train_instruction            # todo: unas dos horas en un núcleo
    python -m tools.train_instruction --check    # vuelve a preguntar al modelo publicado

Si se interrumpe, al repetir la orden sigue por donde iba. Las corridas que comparan ven 800 ejemplos; la
publicada, 3822. Se juzgan con los tipos de «choose», que no se entrenan; los de «final», en
`python -m tools.evaluate_instruction`. El adaptador queda en `course_lib/artifacts/gemma/instruct-es/`.
"""

from __future__ import annotations

import shutil

from course_lib.instruction import GemmaTemplate, load_examples, reply
from course_lib.models.adapters import ADAPTERS, WEIGHTS
from course_lib.records import Record, Replay, Row, file_hash

from . import running
from .loaded import loaded
from .recording import Recipe, same_outputs, sources
from .tuning.measuring import TUNED, judged, surprise
from .tuning.runs import BASE, RUNS, SHORT, trained

__all__ = ["RECIPES"]

PUBLISHED = next(iter(RUNS))


def rows() -> list[Row]:
    """Devuelve una fila por corrida; la publicada deja su adaptador con los artefactos."""
    return running.resume(RUNS_RECIPE, list(RUNS), lambda row: row["run"], lambda name: [one(name)])


def one(name: str) -> Row:
    """Entrena la corrida `name` y devuelve su fila: con qué, su curva y cómo contesta."""
    made, folder = trained(name)
    if name == PUBLISHED:
        for file in (WEIGHTS, "adapter_config.json"):
            shutil.copy(folder / file, ADAPTERS[TUNED].folder / file)
    found = reply(made.lm, load_examples("choose"), GemmaTemplate())
    run = RUNS[name]
    return {
        "run": name,
        "examples": len(run.examples()),
        "kinds": len({example.kind for example in run.examples()}),
        "settings": dict(made.settings),
        "curve": [[step, round(loss, 4)] for step, loss in made.curve],
        **surprise(made.lm, load_examples("choose")),
        **judged(found),
    }


def check(record: Record) -> list[Replay]:
    """Vuelve a preguntar al modelo publicado los primeros ejemplos."""
    found = reply(loaded(TUNED), load_examples("choose")[:16], GemmaTemplate())
    return [same_outputs(record, [one.output for one in found], run=PUBLISHED)]


RUNS_RECIPE = Recipe(
    name="instruction_runs",
    title="Ajustar gemma-270m: la corrida publicada y las que comparan",
    command="python -m tools.train_instruction",
    rows=rows,
    check=check,
    files=(
        *sources("course_lib/instruction", "course_lib/trainer.py", "tools/tuning/runs.py"),
        "course_lib/data/instructions.py",
        "course_lib/data/instrucciones_curadas.jsonl",
        "course_lib/data/instrucciones_generadas.jsonl",
    ),
    models=(BASE,),
    seed=0,
    settings=lambda: {
        "short_steps": SHORT,
        "batch_size": 8,
        "split": "choose",
        "adapter_sha256": file_hash(ADAPTERS[TUNED].folder / WEIGHTS),
    },
    packages=("torch", "transformers", "peft", "numpy"),
    notes="right: la respuesta entera es la deseada; first_line: lo es su primera línea.",
)
RECIPES = {"runs": RUNS_RECIPE}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
