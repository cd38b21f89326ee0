"""Las preguntas cerradas de un capítulo, escritas en un archivo YAML de `questions/`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

__all__ = ["Option", "Question", "load_questions", "select"]

FOLDER = Path(__file__).parents[1] / "questions"
KINDS = ("prediccion", "repaso")


@dataclass(frozen=True)
class Option:
    """Una alternativa y lo que se le dice a quien la elige."""

    text: str
    feedback: str
    correct: bool = False


@dataclass(frozen=True)
class Question:
    """Una pregunta con una sola alternativa correcta."""

    id: str
    kind: str  # "prediccion" (antes de ver el experimento) o "repaso"
    section: str  # sección del capítulo que la responde
    prompt: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        where = f"La pregunta {self.id!r}"
        if self.kind not in KINDS:
            raise ValueError(f"{where} es de clase {self.kind!r}; debe ser una de {KINDS}.")
        if len(self.options) < 2:
            raise ValueError(f"{where} necesita al menos dos alternativas.")
        if sum(option.correct for option in self.options) != 1:
            raise ValueError(f"{where} debe tener exactamente una alternativa con `correct: true`.")
        if len({option.text for option in self.options}) < len(self.options):
            raise ValueError(f"{where} repite una alternativa.")
        texts = [self.prompt, self.section]
        texts += [text for option in self.options for text in (option.text, option.feedback)]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise ValueError(
                f"{where} tiene un texto vacío o que no es texto: cada alternativa lleva `text` y "
                "`feedback`. Si el texto es un número, escríbelo entre comillas."
            )

    def as_dict(self) -> dict[str, Any]:
        """Diccionario con tipos simples, para la vista del navegador."""
        return {**asdict(self), "options": [asdict(option) for option in self.options]}


def load_questions(chapter: str) -> tuple[Question, ...]:
    """Tupla de `Question` del capítulo, en el orden del archivo.

    Lanza `ValueError` si no hay archivo o si una pregunta está mal escrita.

    >>> load_questions("08_generacion")[0].kind
    'prediccion'
    """
    path = FOLDER / f"{chapter}.yml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.yml")))
        raise ValueError(f"No hay preguntas del capítulo {chapter!r}. Los capítulos son: {known}.")
    import yaml

    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    questions = tuple(_question(entry, path.name) for entry in entries)
    ids = [question.id for question in questions]
    repeated = sorted({name for name in ids if ids.count(name) > 1})
    if repeated:
        raise ValueError(f"{path.name} repite el identificador {repeated[0]!r}.")
    return questions


def _question(entry: Any, file_name: str) -> Question:
    try:
        options = tuple(Option(**option) for option in entry["options"])
        return Question(**{**entry, "options": options})
    except (KeyError, TypeError) as error:
        name = entry.get("id", "sin id") if isinstance(entry, dict) else entry
        raise ValueError(
            f"La pregunta {name!r} de {file_name} está mal escrita ({error}). Lleva `id`, `kind`, "
            "`section`, `prompt` y `options`, y cada opción lleva `text`, `feedback` y, si es la "
            "correcta, `correct: true`."
        ) from error


def select(questions: Sequence[Question], ids: Iterable[str]) -> tuple[Question, ...]:
    """Las preguntas con esos identificadores, en ese orden; sin identificadores, todas."""
    ids = list(ids)
    by_id = {question.id: question for question in questions}
    for name in ids:
        if name not in by_id:
            known = ", ".join(by_id)
            raise ValueError(f"No hay una pregunta {name!r}. Las del capítulo son: {known}.")
    return tuple(by_id[name] for name in ids) if ids else tuple(questions)
