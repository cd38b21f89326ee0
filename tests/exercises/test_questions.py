"""Las preguntas cerradas: el archivo, el control y lo que se lee sin él."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from course_lib.exercises import quiz
from course_lib.exercises.core import questions
from course_lib.exercises.core.questions import FOLDER, load_questions, select

CHAPTERS = sorted(path.stem for path in FOLDER.glob("*.yml"))
GOOD = {
    "id": "una",
    "kind": "repaso",
    "section": "Temperatura",
    "prompt": "¿Qué?",
    "options": [
        {"text": "Sí", "feedback": "Porque sí.", "correct": True},
        {"text": "No", "feedback": "Porque no."},
    ],
}


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_file_is_valid(chapter):
    loaded = load_questions(chapter)  # cada pregunta se valida al crearse
    assert len(loaded) >= 8
    assert len({question.prompt for question in loaded}) == len(loaded)
    for question in loaded:
        feedback = [option.feedback for option in question.options]
        assert len(set(feedback)) == len(feedback), question.id
        assert all(len(text) > 30 for text in feedback), question.id
        assert question.prompt.count("`") % 2 == 0


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_right_option_does_not_give_itself_away(chapter):
    loaded = load_questions(chapter)
    right = [[option.correct for option in question.options].index(True) for question in loaded]
    assert max(Counter(right).values()) <= len(loaded) / 2, "la correcta está casi siempre igual"
    longest = [
        max(range(len(q.options)), key=lambda i: len(q.options[i].text)) == place
        for q, place in zip(loaded, right, strict=True)
    ]
    assert sum(longest) <= 0.6 * len(loaded), "la correcta es casi siempre la más larga"


def broken(**changes):
    return {**GOOD, **changes}


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([GOOD, GOOD], "repite el identificador 'una'"),
        ([broken(options=GOOD["options"][1:] * 2)], "exactamente una"),
        ([broken(options=GOOD["options"][:1])], "al menos dos"),
        ([broken(kind="otra")], "es de clase 'otra'"),
        ([broken(options=[GOOD["options"][0], {"text": "No"}])], "está mal escrita"),
        ([broken(options=[GOOD["options"][0], {"text": "No", "feedback": " "}])], "texto vacío"),
        ([broken(options=[GOOD["options"][0], {"text": 2, "feedback": "f"}])], "entre comillas"),
        ([broken(prompt=None)], "texto vacío"),
        ([{"id": "sola"}], "está mal escrita"),
        (["suelta"], "está mal escrita"),
    ],
)
def test_bad_files_are_explained(monkeypatch, tmp_path, entries, said):
    monkeypatch.setattr(questions, "FOLDER", tmp_path)
    (tmp_path / "demo.yml").write_text(yaml.safe_dump(entries), encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        load_questions("demo")


def test_unknown_chapter_and_question():
    with pytest.raises(ValueError, match="08_generacion"):
        load_questions("no-existe")
    with pytest.raises(ValueError, match="voraz-repite"):
        quiz("08_generacion", "no-existe")


def test_select_keeps_the_order_asked():
    loaded = load_questions("08_generacion")
    chosen = select(loaded, ["suma-baja", "voraz-repite"])
    assert [question.id for question in chosen] == ["suma-baja", "voraz-repite"]
    assert select(loaded, []) == loaded


def test_widget_reads_well_as_text_and_as_html():
    control = quiz("08_generacion", "top-p-cruza")
    data, _ = control._repr_mimebundle_()
    assert data["text/plain"] == repr(control)
    assert repr(control).startswith("Predice antes de ver: Las probabilidades son")
    assert "\n  a) " in repr(control)
    assert data["text/html"].count("<details") == len(control.questions[0]["options"])
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == control.model_id


def test_colab_gets_only_the_widget(monkeypatch):
    import sys

    control = quiz("08_generacion", "top-p-cruza")
    monkeypatch.setitem(sys.modules, "google.colab", object())
    assert "text/html" not in control._repr_mimebundle_()[0]


def test_the_exercises_ask_notebook_what_colab_is():
    package = Path(questions.__file__).parents[1]
    assert [p.name for p in package.rglob("*.py") if "colab." in p.read_text("utf-8")] == []


def test_view_never_parses_html():
    source = quiz("08_generacion")._esm
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "fetch(", "http"):
        assert forbidden not in str(source)


def test_importing_the_package_is_light():
    import subprocess
    import sys

    code = (
        "import sys, course_lib.exercises as e; e.CHAPTERS; "
        "print([m for m in ('torch', 'ipywidgets', 'anywidget', 'yaml') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
