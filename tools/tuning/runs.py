"""Las corridas de ajuste, decididas antes de medir: la que se publica y las que comparan."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_lib.instruction import Example, Finetuned, GemmaTemplate, finetune, load_examples

from .. import ROOT
from ..loaded import loaded

__all__ = ["BASE", "RUNS", "SHORT", "Run", "adapter_folder", "trained"]

BASE = "gemma-270m"
SHORT = 100  # lotes de las corridas que comparan


@dataclass(frozen=True)
class Run:
    """Una corrida: con qué ejemplos (`each` por tipo, de `kinds` tipos; None, todos) y con qué ajustes."""

    kinds: int | None = None
    each: int | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    def examples(self) -> tuple[Example, ...]:
        """Devuelve los ejemplos: los tipos y, dentro de cada uno, los ejemplos se sortean una vez."""
        rows = load_examples("train")
        draw = random.Random(0)
        names = sorted({row.kind for row in rows})
        draw.shuffle(names)
        chosen: list[Example] = []
        for name in names[: self.kinds]:
            of_kind = [row for row in rows if row.kind == name]
            chosen += draw.sample(of_kind, min(self.each or len(of_kind), len(of_kind)))
        return tuple(chosen)


def _short(kinds: int | None = None, each: int | None = None, **settings: Any) -> Run:
    run = Run(kinds, each)
    return Run(kinds, each, {"epochs": 8 * SHORT / len(run.examples()), **settings})


RUNS: dict[str, Run] = {
    "publicada": Run(),
    "dos vueltas, peso 1": Run(settings={"epochs": 2, "prompt_loss_weight": 1.0}),
    "1274 ejemplos de 44 tipos": _short(),
    "308 ejemplos de 44 tipos": _short(each=7),
    "88 ejemplos de 44 tipos": _short(each=2),
    "88 ejemplos de 11 tipos": _short(11, 8),
    "88 ejemplos de 4 tipos": _short(4, 22),
    "tasa de aprendizaje 0.001": _short(learning_rate=1e-3),
    "peso del prompt 0.1": _short(prompt_loss_weight=0.1),
    "peso del prompt 1": _short(prompt_loss_weight=1.0),
}


def adapter_folder(name: str) -> Path:
    """Devuelve la carpeta donde queda lo que entrenó la corrida `name`."""
    return ROOT / "_build" / "partial" / "instruction" / name.replace(",", "").replace(" ", "-")


def trained(name: str) -> tuple[Finetuned, Path]:
    """Entrena la corrida `name`, o sigue donde quedó; devuelve el modelo y la carpeta de su adaptador."""
    run, folder = RUNS[name], adapter_folder(name)
    made = finetune(
        loaded(BASE),
        run.examples(),
        GemmaTemplate(),
        checkpoints=folder / "avance",
        **run.settings,
    )
    made.save(folder)
    return made, folder
