"""Lo que el texto dice: cada cifra sale de una celda y cada concepto tiene un solo nombre."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
import yaml

from tools import toc

ROOT = Path(__file__).resolve().parents[2]
PATHS = toc.notebooks()
IDS = [str(p.relative_to(ROOT)) for p in PATHS]
CHAPTERS = [p for p in PATHS if p.parent.name == "book"]
QUESTIONS = sorted((ROOT / "course_lib" / "exercises" / "questions").glob("*.yml"))

# Lo que no se escribe y lo que se escribe en su lugar.
TERMS = {
    r"sorte\w+ con repetición|muestr\w+ con repetición": "con reposición",
    r"intervalos? (?:no )?se cruzan?|intervalos? (?:no )?se tocan": "se superponen",
    r"tokenizador\w* se form[óa]": "se entrenó",
    r"\d B\b": "miles de millones",
    r"\b(?:dos|tres|cuatro|cinco|diez) veces menos\b": "la mitad, un tercio, la cuarta parte…",
    r"\blenguas?\b": "idioma",
    r"\bcastellano\b": "español",
    r"\bcalzan?\b": "encaja",
    r"\bbucles?\b": "ciclo",
    r"\bel softmax\b": "la softmax",
    r"\bse examinó\b": "se evaluó",
    r"\bordenador(?:es)?\b|\bcomputadoras?\b": "computador",
}
# una cifra con decimales o un porcentaje; los años y los números de tabla no cuentan
DECIMAL = re.compile(r"(?<![\w.,/])(\d+\.\d+)(?![\w.]*\d)")
PERCENT = re.compile(r"(?<![\w.,/])(\d+(?:\.\d+)?)[\u202f\u00a0 ]?\\?%")
NOT_PROSE = re.compile(
    r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$]*\$|\]\([^)]*\)|https?://\S+|(?:tabla|sección|figura) [A-Z]?\.?\d+\.\d+",
    re.DOTALL,
)


def prose(notebook) -> list[tuple[int, str]]:
    """Los párrafos de un cuaderno con el número de su celda; los que citan un artículo no traen cifras propias."""
    return [
        (i, re.sub(r"(?<=\d)[\u202f\u00a0 ](?=\d{3})", "", NOT_PROSE.sub(" ", paragraph)))
        for i, cell in enumerate(notebook.cells)
        if cell.cell_type == "markdown"
        for paragraph in re.split(r"\n\s*\n|\n(?=[-|*] )", cell.source)
        if "{cite" not in paragraph
    ]


def shown(notebook) -> list[float]:
    """Todos los números que un cuaderno imprime, o que escribe en su código."""
    texts = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            texts.append(cell.source)
            for output in cell.outputs:
                data = output.get("data", {})
                texts += [output.get("text", ""), *(str(v) for k, v in data.items() if "text" in k)]
    joined = re.sub(r"(?<=\d)[\u202f\u00a0](?=\d)", "", " ".join(texts))
    return [float(x) for x in re.findall(r"\d+(?:\.\d+)?", joined)]


def unsupported(notebook) -> list[tuple[int, str]]:
    """Las cifras del texto que ninguna celda muestra, ni redondeando."""
    numbers = shown(notebook)
    shares = [*numbers, *(100 * x for x in numbers), *(100 * (1 - x) for x in numbers)]
    # «un 13 % más» es una razón de 1.13
    shares += [100 * (x - 1) for x in numbers]
    found = []
    for i, text in prose(notebook):
        text = re.sub(r"(?:intervalos?|confianza|nivel) de[ln]? 95 ?\\\\?%", " ", text)
        for pattern, values in ((DECIMAL, numbers), (PERCENT, shares)):
            for said in pattern.findall(text):
                digits = len(said.partition(".")[2])
                if all(abs(x - float(said)) > 0.501 * 10**-digits for x in values):
                    found.append((i, said))
    return found


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_every_figure_of_the_text_was_shown_by_a_cell(path):
    assert unsupported(nbformat.read(path, as_version=4)) == []


def test_an_invented_figure_is_found():
    new = nbformat.v4
    notebook = new.new_notebook(
        cells=[
            new.new_markdown_cell(
                "Acierta 0.72, un 72 %, y no 0.81 ni un 64 %.\n\nEs la tabla 2.1."
            ),
            new.new_code_cell("x", outputs=[new.new_output("stream", text="0.7184 de n = 50")]),
        ]
    )
    assert unsupported(notebook) == [(0, "0.81"), (0, "64")]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda p: p.stem)
def test_an_accuracy_says_of_how_many(path):
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            text = output.get("text", "") + str(output.get("data", {}).get("text/plain", ""))
            if "Predice antes de ver" in text or "Pregunta:" in text:
                continue
            if re.search(r"exactitud|aciertos", text) and re.search(r"0\.\d\d", text):
                assert re.search(
                    r"\bn\b|\bde \d|/\d|\d (?:reseñas|titulares|preguntas|escenas)|reseñas para elegir",
                    text,
                ), text


@pytest.mark.parametrize(
    "path",
    [*PATHS, *QUESTIONS, ROOT / "book/glosario.md", ROOT / "book/mapa.md"],
    ids=lambda p: f"{p.parent.name}/{p.stem}",
)
def test_one_name_for_each_thing(path):
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    elif path.suffix == ".yml":
        text = yaml.safe_dump(
            yaml.safe_load(path.read_text("utf-8")), allow_unicode=True, width=10**6
        )
    else:
        text = path.read_text("utf-8")
    text = re.sub(r"\s+", " ", text)
    found = {m: good for bad, good in TERMS.items() for m in re.findall(bad, text, re.IGNORECASE)}
    assert found == {}


@pytest.mark.parametrize(
    "path", [p for p in PATHS if p.parent.name == "soluciones"], ids=lambda p: p.stem
)
def test_solutions_have_their_own_introduction(path):
    exercises = path.parents[1] / "ejercicios" / path.name
    first, other = (nbformat.read(p, as_version=4).cells[0].source for p in (path, exercises))
    assert first != other
    assert "Aquí las escribes" not in first
