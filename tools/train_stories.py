"""Entrena desde cero el modelo de los cuentos y graba sus pesos, su curva y sus medidas.

    python -m tools.train_stories            # todo: alrededor de una hora en dos núcleos
    python -m tools.train_stories curva      # o solo una de: curva, muestras, perdidas, escritura, web
    python -m tools.train_stories --check    # recalcula parte de lo grabado, sin entrenar

Cada parte necesita las anteriores. Si se corta, al repetir la orden sigue por donde iba: el
entrenamiento guarda un punto de control cada cien pasos en `_build/stories`. «web» escribe además el archivo con
que el modelo funciona en la página, `course_lib/artifacts/stories/cuentos.bin`.
"""

from __future__ import annotations

from typing import Any

from course_lib.experiments.stories import recipe, shipped

from . import ROOT, running
from .recording import Recipe, sources
from .stories import curve, losses, samples, web, writing

__all__ = ["RECIPES"]

CODE = "course_lib/experiments/stories"
TRAINING = (
    "words",
    "lexicon",
    "templates",
    "grammar",
    "corpus",
    "tokenizer",
    "model",
    "training",
    "recipe",
)
DATA = tuple(
    path.relative_to(ROOT).as_posix()
    for folder in ("lexicon", "plots")
    for path in sorted((ROOT / CODE / folder).glob("*.txt"))
)
TRAINED = (
    *(f"{CODE}/{name}.py" for name in TRAINING),
    *DATA,
    *(
        f"course_lib/transformer/{name}.py"
        for name in ("cache", "config", "model", "block", "attention", "mlp", "norm", "rotary")
    ),
    "course_lib/experiments/training.py",
)
MEASURED = tuple(dict.fromkeys((*TRAINED, *sources(CODE))))
COMMON: dict[str, Any] = {
    "packages": ("torch", "transformers", "tokenizers", "accelerate", "safetensors"),
}
RECIPES = {
    "curva": Recipe(
        name=shipped.RECORD,
        title="Preentrenamiento del modelo de los cuentos",
        command="python -m tools.train_stories curva",
        rows=curve.rows,
        check=curve.check,
        settings=curve.settings,
        seed=recipe.PLAN.seed,
        notes="Pérdidas en nats por token; heldout_loss, en 100 cuentos de «desarrollo».",
        files=TRAINED,
        **COMMON,
    ),
    "muestras": Recipe(
        name=samples.NAME,
        title="Cuentos que escribió el modelo, sin elegir",
        command="python -m tools.train_stories muestras",
        rows=samples.rows,
        check=samples.check,
        seed=samples.SEED,
        notes="Los escribió el modelo de los cuentos, desde «<inicio>»; ninguno se descartó.",
        files=(*MEASURED, "tools/stories/samples.py"),
        **COMMON,
    ),
    "perdidas": Recipe(
        name="stories_losses",
        title="Pérdida de cada predictor en cuentos nunca vistos",
        command="python -m tools.train_stories perdidas",
        rows=losses.rows,
        check=losses.check,
        seed=losses.SEED,
        notes="«gramática» es la entropía de la fuente: ningún modelo puede bajar de ella en promedio.",
        files=(*MEASURED, "tools/stories/losses.py"),
        **COMMON,
    ),
    "escritura": Recipe(
        name="stories_writing",
        title="Lo que escribe el modelo: copias, generalización y errores",
        command="python -m tools.train_stories escritura",
        rows=writing.rows,
        check=writing.check,
        settings=writing.settings,
        seed=samples.SEED,
        notes="«gramática» son cuentos nuevos de la propia gramática: el punto de comparación.",
        files=(*MEASURED, "tools/stories/writing.py"),
        **COMMON,
    ),
    "web": Recipe(
        name="stories_web",
        title="El modelo que escribe en la página: qué cambia al guardarlo con menos bits",
        command="python -m tools.train_stories web",
        rows=web.rows,
        check=web.check,
        settings=web.settings,
        seed=losses.SEED,
        notes="Diferencias de logits frente a los pesos en float32, en 50 cuentos de «prueba».",
        files=(*MEASURED, "tools/stories/web.py"),
        **COMMON,
    ),
}

if __name__ == "__main__":
    running.main(RECIPES, __doc__)
