"""Las corridas que entrenan el proyector, decididas antes de medir: la que se publica y las que comparan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_lib.experiments.alignment import Aligned, align
from course_lib.models import HuggingFaceLM
from course_lib.multimodal import (
    LinearProjector,
    MLPProjector,
    VisionLanguageModel,
    load_encoder,
)

from .. import ROOT
from ..loaded import loaded

__all__ = ["BASE", "PUBLISHED", "RUNS", "Run", "folder_of", "language_model", "trained"]

BASE, PUBLISHED = "gemma-270m", "publicada"
SHORT = 80  # lotes de las corridas que comparan, con una figura por escena


_SHORT = {"captions": SHORT, "things": 1, "learning_rate": 2e-3}


@dataclass(frozen=True)
class Run:
    """Una corrida: cómo mira el codificador, qué proyector se entrena y con qué ajustes."""

    projector: type[LinearProjector] = LinearProjector
    encoder: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=lambda: dict(_SHORT))

    def model(self) -> VisionLanguageModel:
        """Devuelve el modelo con el proyector sin entrenar."""
        encoder, lm = load_encoder(**self.encoder), language_model()
        return VisionLanguageModel(encoder, self.projector(encoder.width, lm.hidden_size), lm)


RUNS: dict[str, Run] = {
    PUBLISHED: Run(settings={"captions": 150, "steps": 300, "learning_rate": 2e-3}),
    "lineal, 49 tokens": Run(),
    "dos capas, 49 tokens": Run(MLPProjector),
    "lineal, 16 tokens": Run(encoder={"grid": 4}),
    "lineal, 4 tokens": Run(encoder={"grid": 2}),
    "lineal, 1 token": Run(encoder={"grid": 1}),
    "lineal, 49 tokens de la última capa": Run(encoder={"layers": (16,)}),
    "lineal, 49 tokens sin marca de lugar": Run(encoder={"places": False}),
    "lineal, 49 tokens, imágenes barajadas": Run(settings={**_SHORT, "shuffled": True}),
}


def language_model() -> HuggingFaceLM:
    """Devuelve el modelo de lenguaje, en CPU y float32."""
    lm = loaded(BASE)
    assert isinstance(lm, HuggingFaceLM)
    return lm


def folder_of(name: str) -> Path:
    """Devuelve la carpeta donde queda lo que entrenó la corrida `name`."""
    return ROOT / "_build" / "partial" / "vision" / name.replace(",", "").replace(" ", "-")


def trained(name: str) -> Aligned:
    """Entrena la corrida `name`, o sigue donde quedó."""
    run = RUNS[name]
    return align(run.model(), checkpoints=folder_of(name) / "avance", **run.settings)
