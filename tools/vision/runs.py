"""Las corridas que entrenan el proyector, decididas antes de medir: la que se publica y las que comparan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_lib.experiments.alignment import Aligned, align
from course_lib.experiments.warm_start import warm_start
from course_lib.models import HuggingFaceLM
from course_lib.multimodal import (
    LinearProjector,
    MLPProjector,
    VisionLanguageModel,
    load_encoder,
    make_scenes,
)

from .. import ROOT
from ..loaded import loaded

__all__ = ["BASE", "PUBLISHED", "RUNS", "Run", "folder_of", "language_model", "trained"]

BASE, PUBLISHED = "gemma-270m", "publicada"
WARM, WARM_SEED = 400, 500  # escenas de la regresión con que se empieza, y su semilla
SHORT = 30  # lotes de las corridas que comparan, con una figura por escena


_SHORT = {"captions": SHORT, "things": 1}


@dataclass(frozen=True)
class Run:
    """Una corrida: cómo mira el codificador, qué proyector se entrena y con qué ajustes."""

    projector: type[LinearProjector] = LinearProjector
    encoder: Mapping[str, Any] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=lambda: dict(_SHORT))
    warm: bool = True  # si empieza cerca (warm_start) o de pesos al azar

    def model(self) -> VisionLanguageModel:
        """Devuelve el modelo con el proyector listo para entrenar."""
        encoder, lm = load_encoder(**self.encoder), language_model()
        vlm = VisionLanguageModel(encoder, self.projector(encoder.width, lm.hidden_size), lm)
        if self.warm:
            scenes = make_scenes(WARM, seed=WARM_SEED)
            warm_start(vlm, scenes, shuffled=self.settings.get("shuffled", False))
        return vlm


RUNS: dict[str, Run] = {
    PUBLISHED: Run(settings={"captions": 60, "steps": 200}),
    "lineal, 49 tokens": Run(),
    "lineal, 49 tokens, desde el azar": Run(warm=False),
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
