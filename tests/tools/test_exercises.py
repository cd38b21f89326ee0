"""De la solución al cuaderno de ejercicios: sin diferencias, sin respuestas y sin tropiezos."""

from __future__ import annotations

import nbformat
import pytest

from course_lib.exercises import CHAPTERS, chapter_exercises
from tests.exercises.conftest import BOOK
from tools import exercises as tool

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS)


def read(folder, chapter):
    return nbformat.read(BOOK / folder / f"{chapter}.ipynb", as_version=4)


def test_derived_notebooks_match_their_masters():
    assert tool.main(["--check"]) == 0


@each_chapter
def test_every_exercise_has_its_cells(chapter):
    for folder in ("soluciones", "ejercicios"):
        notebook = read(folder, chapter)
        sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        for exercise in chapter_exercises(chapter):
            key = exercise.key
            assert f"ej.{key}" in sources, "falta la ficha"
            assert f"ej.{key}.comprobar({key})" in sources, "falta la comprobación"
            assert any(f"def {key}(" in source for source in sources), "falta la función"
        ids = [cell.id for cell in notebook.cells]
        assert len(set(ids)) == len(ids)
        nbformat.validate(notebook)


@each_chapter
def test_no_answer_is_left(chapter):
    text = "\n".join(cell.source for cell in read("ejercicios", chapter).cells)
    assert "# region" not in text and "Discusión" not in text
    for region in tool.REGION.findall(
        "\n".join(c.source for c in read("soluciones", chapter).cells)
    ):
        assert region not in text or not region.strip()
    for cell in read("ejercicios", chapter).cells:
        assert not {"solucion", "solo-ejercicios"} & set(cell.metadata.get("tags", []))


@each_chapter
def test_solutions_are_folded_in_the_site(chapter):
    for cell in read("soluciones", chapter).cells:
        if "# region solución" in cell.source:
            assert "hide-input" in cell.metadata.tags
        if "Discusión" in cell.source:
            assert cell.source.startswith("<details>")
    for cell in read("ejercicios", chapter).cells:
        assert "hide-input" not in cell.metadata.get("tags", []), "el código se escribe ahí"


@each_chapter
def test_section_to_reread_exists(chapter):
    path = BOOK / f"{chapter}.ipynb"
    if not path.exists():
        pytest.skip("el capítulo todavía no está escrito")
    notebook = nbformat.read(path, as_version=4)
    lines = [
        line for c in notebook.cells if c.cell_type == "markdown" for line in c.source.split("\n")
    ]
    titles = {line.lstrip("#").strip() for line in lines if line.startswith("#")}
    wanted = {exercise.section for exercise in chapter_exercises(chapter)}
    assert wanted <= titles, f"no hay secciones con estos títulos: {sorted(wanted - titles)}"


def master(*cells):
    notebook = nbformat.v4.new_notebook(cells=list(cells))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"celda-{number}"
    return notebook


SOLVED = "def f(x):\n    # region solución\n    y = x\n    return y\n    # endregion"


def write(folder, notebook):
    folder.mkdir(exist_ok=True)
    nbformat.write(notebook, folder / "demo.ipynb")
    return folder / "demo.ipynb"


def test_drift_is_found_and_repaired(tmp_path):
    source = write(tmp_path / "s", master(nbformat.v4.new_code_cell(SOLVED)))
    target = tmp_path / "e" / "demo.ipynb"
    assert tool.update(source, target, check=True) and not target.exists()
    assert tool.update(source, target)
    assert not tool.update(source, target, check=True)

    edited = nbformat.read(target, as_version=4)
    edited.cells[0].source += "\n    return 3"
    nbformat.write(edited, target)
    assert tool.update(source, target, check=True)


def test_stub_keeps_signature_and_indentation():
    cell = nbformat.v4.new_code_cell(SOLVED, metadata={"tags": ["hide-input"]})
    derived = tool.derive(master(cell)).cells[0]
    assert derived.source == "def f(x):\n    # Escribe aquí tu solución.\n    ..."
    assert "tags" not in derived.metadata


def test_two_regions_in_one_cell():
    source = SOLVED + "\n\n\n" + SOLVED.replace("f(x)", "g(x)")
    derived = tool.derive(master(nbformat.v4.new_code_cell(source))).cells[0].source
    assert derived.count("...") == 2 and "return" not in derived


@pytest.mark.parametrize("source", [SOLVED.replace("    # endregion", ""), "# endregion"])
def test_broken_region_is_an_error(source):
    with pytest.raises(ValueError, match="celda-0"):
        tool.derive(master(nbformat.v4.new_code_cell(source)))


def test_tags_choose_the_cells():
    new = nbformat.v4.new_markdown_cell
    derived = tool.derive(
        master(
            new("# Soluciones: demo"),
            new("discusión", metadata={"tags": ["solucion"]}),
            new("aviso", metadata={"tags": ["solo-ejercicios", "remove-cell"]}),
        )
    )
    assert [cell.source for cell in derived.cells] == ["# Ejercicios: demo", "aviso"]
    assert [cell.id for cell in derived.cells] == ["celda-000", "celda-001"]
    assert "tags" not in derived.cells[1].metadata


def test_outputs_of_unchanged_cells_survive(tmp_path):
    new = nbformat.v4.new_code_cell
    source = write(tmp_path / "s", master(new("1 + 1"), new("2 + 2")))
    target = tmp_path / "e" / "demo.ipynb"
    tool.update(source, target)
    executed = nbformat.read(target, as_version=4)
    for cell in executed.cells:
        cell.outputs = [nbformat.v4.new_output("stream", text="salida")]
    nbformat.write(executed, target)

    write(tmp_path / "s", master(new("1 + 1"), new("2 + 3")))
    tool.update(source, target)
    kept, changed = nbformat.read(target, as_version=4).cells
    assert kept.outputs and not changed.outputs


def test_orphans_are_reported(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(tool, "MASTERS", tmp_path / "s")
    monkeypatch.setattr(tool, "DERIVED", tmp_path / "e")
    write(tmp_path / "e", master(nbformat.v4.new_code_cell("1")))
    (tmp_path / "s").mkdir()
    assert tool.main(["--check"]) == 1
    assert "no tiene maestro" in capsys.readouterr().out
