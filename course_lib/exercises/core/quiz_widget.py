"""El control de preguntas: en la página publicada y en el cuaderno, desde el mismo archivo."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from ...notebook import in_colab
from . import report
from .questions import load_questions, select

__all__ = ["Quiz"]

HERE = Path(__file__).parent
LABELS = {"prediccion": "Predice antes de ver", "repaso": "Pregunta"}


class Quiz(anywidget.AnyWidget):
    """Una o varias preguntas cerradas. La vista (`quiz.js`) no necesita Python detrás."""

    _esm = (HERE / "quiz.js").read_text(encoding="utf-8")
    _css = (HERE / "quiz.css").read_text(encoding="utf-8")
    _ipython_display_ = None  # ipywidgets 7 mostraría el control sin pasar por _repr_mimebundle_
    chapter = traitlets.Unicode("").tag(sync=True)
    questions = traitlets.List(traitlets.Dict()).tag(sync=True)

    @classmethod
    def from_chapter(cls, chapter: str, *question_ids: str) -> Quiz:
        """Control con esas preguntas del capítulo, o con todas si no se nombra ninguna."""
        chosen = select(load_questions(chapter), question_ids)
        return cls(chapter=chapter, questions=[question.as_dict() for question in chosen])

    def __repr__(self) -> str:
        return "\n".join(_as_text(question) for question in self.questions)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        bundle: Any = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle
        if not in_colab():  # Colab mostraría el HTML en lugar del control
            data["text/html"] = "".join(_as_html(question) for question in self.questions)
        return data, metadata


def _as_text(question: Mapping[str, Any]) -> str:
    lines = [("", f"{letter}) {text}") for letter, text in _lettered(question)]
    return report.plain(f"{LABELS[question['kind']]}: {question['prompt']}", *lines)


def _as_html(question: Mapping[str, Any]) -> str:
    """Lo que se ve donde no corre el control: cada alternativa se abre y muestra su comentario."""
    items = [
        report.details(f"{letter}) {text}", _verdict(option))
        for (letter, text), option in zip(_lettered(question), question["options"], strict=True)
    ]
    title = f"{LABELS[question['kind']]}: {question['prompt']}"
    return report.box("info", title, *items)


def _lettered(question: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(chr(ord("a") + i), option["text"]) for i, option in enumerate(question["options"])]


def _verdict(option: Mapping[str, Any]) -> str:
    return f"{'Sí' if option['correct'] else 'No'}. {option['feedback']}"
