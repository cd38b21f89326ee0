"""Los laboratorios que guardan los cuadernos del libro."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml

ROOT = Path(__file__).resolve().parents[2]
STATE = "application/vnd.jupyter.widget-state+json"
KINDS = {
    "course_lib.widgets.attention.AttentionView": "attention",
    "course_lib.widgets.temperature.TemperatureView": "temperature",
    "course_lib.widgets.beam.BeamView": "beam",
    "course_lib.widgets.before_after.BeforeAfterView": "before_after",
    "course_lib.widgets.size.SizeView": "size",
    "course_lib.widgets.emergence.EmergenceView": "emergence",
    "course_lib.widgets.image.ImageView": "image",
    "course_lib.widgets.prompt.PromptView": "prompting",
    "course_lib.widgets.story.StoryView": "story",
    "course_lib.widgets.templates.TemplatesView": "templates",
    "course_lib.widgets.training.TrainingView": "training",
}


@dataclass(frozen=True)
class StoredLab:
    """Un laboratorio: su página, su clase y los rasgos con que se guardó la vista."""

    page: str  # «book/08_generacion», como en _toc.yml
    kind: str
    traits: dict

    @property
    def data(self) -> dict:
        """Los datos que viajan con la página."""
        return json.loads(self.traits["data"])

    def __str__(self) -> str:
        return f"{self.page}:{self.kind}"


def stored_labs() -> list[StoredLab]:
    """Los laboratorios de todos los cuadernos de _toc.yml, en orden."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    found = []
    for page in _files(toc):
        path = ROOT / f"{page}.ipynb"
        if not path.exists():
            continue
        widgets = nbformat.read(path, as_version=4).metadata.get("widgets", {})
        for model in widgets.get(STATE, {}).get("state", {}).values():
            kind = KINDS.get(model["state"].get("_anywidget_id"))
            if kind:
                found.append(StoredLab(page, kind, model["state"]))
    return found


def _files(node) -> list[str]:
    if isinstance(node, list):
        return [page for item in node for page in _files(item)]
    if not isinstance(node, dict):
        return []
    own = [node[key] for key in ("root", "file") if key in node]
    return own + [page for value in node.values() for page in _files(value)]
