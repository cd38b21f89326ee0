"""Dentro de un kernel de verdad: los ciclos sin fin terminan y las líneas son las de la celda."""

import os

import nbformat
import pytest
from nbclient import NotebookClient

SETUP = "from course_lib.exercises import generation as ej"
ENDLESS = """def greedy_search(next_logits, input_ids, max_new_tokens, eos_token_id):
    while True:
        pass

ej.greedy_search.comprobar(greedy_search)"""
BROKEN = """def entropy_bits(probs):
    # una línea cualquiera
    return probs.sumar()

ej.entropy_bits.comprobar(entropy_bits)"""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Los textos que muestra cada celda, ejecutadas en un kernel nuevo."""
    folder = tmp_path_factory.mktemp("kernel")
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, ENDLESS, BROKEN, "1 + 1")]
    notebook = nbformat.v4.new_notebook(cells=cells)
    env = {**os.environ, "COURSE_LIB_PROGRESS": str(folder / "progreso.json")}
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute(env=env)
    return [cell.outputs[0].data["text/plain"] if cell.outputs else "" for cell in cells]


def test_endless_loop_ends_and_the_kernel_goes_on(outputs):
    assert "no terminó en 2 segundos" in outputs[1]
    assert outputs[3] == "2"


def test_the_line_is_the_one_in_the_cell(outputs):
    assert "AttributeError" in outputs[2]
    assert "En la línea 3: `return probs.sumar()`" in outputs[2]
    assert "Traceback" not in outputs[2]
