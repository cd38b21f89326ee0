"""Dentro de un kernel de verdad: nada lo cierra ni lo cuelga, y las líneas son las de la celda."""

from __future__ import annotations

import os

import nbformat
import pytest
from nbclient import NotebookClient

from course_lib.exercises.core import probe
from tests.exercises.conftest import BUSY

CELLS = {
    "setup": "import torch\nfrom course_lib.exercises import generation as ej",
    "endless": """def greedy_search(next_logits, input_ids, max_new_tokens, eos_token_id):
    while True:
        pass

ej.greedy_search.comprobar(greedy_search)""",
    "broken": """def entropy_bits(probs):
    # una línea cualquiera
    return probs.sumar()

ej.entropy_bits.comprobar(entropy_bits)""",
    "exits": "def entropy_bits(probs):\n    exit()\n\nej.entropy_bits.comprobar(entropy_bits)",
    "quits": "def entropy_bits(probs):\n    quit(True)\n\nej.entropy_bits.comprobar(entropy_bits)",
    "asks": "def entropy_bits(probs):\n    return input('?')\n\nej.entropy_bits.comprobar(entropy_bits)",
    "c_loop": """def entropy_bits(probs):
    return sum(range(10**10))

ej.entropy_bits.comprobar(entropy_bits)""",
    "dies": """def entropy_bits(probs):
    import os
    os._exit(1)

ej.entropy_bits.comprobar(entropy_bits)""",
    "coroutine": """async def entropy_bits(probs):
    return probs

ej.entropy_bits.comprobar(entropy_bits)""",
    "decorated": """@torch.no_grad()
def entropy_bits(probs):
    return probs[99]

ej.entropy_bits.comprobar(entropy_bits)""",
    "helper": """def helper(probs):
    return probs.nada""",
    "uses_helper": """def entropy_bits(probs):
    return helper(probs)

ej.entropy_bits.comprobar(entropy_bits)""",
    "again": "def entropy_bits(probs):\n    return probs.sum(-1)\n\n"
    "resultado = ej.entropy_bits.comprobar(entropy_bits)\n"
    "entropy_bits(*resultado.ejemplo)",
    "alive": "shell = get_ipython()\n[1 + 1, type(exit).__name__, 'ask_exit' in vars(shell)]",
}
SURVIVES_ONLY_ON_LINUX = {"c_loop", "dies"}


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """Lo que muestra cada celda, ejecutadas en un kernel nuevo: {nombre: texto}."""
    folder = tmp_path_factory.mktemp("kernel")
    names = [n for n in CELLS if probe.AVAILABLE or n not in SURVIVES_ONLY_ON_LINUX]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(CELLS[n]) for n in names])
    env = {**os.environ, "COURSE_LIB_PROGRESS": str(folder / "progreso.json")}
    NotebookClient(notebook, timeout=BUSY, kernel_name="python3").execute(env=env)
    shown = {}
    for name, cell in zip(names, notebook.cells, strict=True):
        assert len(cell.outputs) <= 1, "solo el resultado: ni avisos ni nada en stderr"
        shown[name] = cell.outputs[0].data["text/plain"] if cell.outputs else ""
    return shown


def test_endless_loop_ends_and_the_kernel_goes_on(outputs):
    assert "no terminó en 2 segundos" in outputs["endless"]
    assert outputs["alive"].startswith("[2, ")


@pytest.mark.skipif(not probe.AVAILABLE, reason="el ensayo aparte solo existe en Linux")
def test_what_no_program_survives_is_tried_apart(outputs):
    assert "no terminó en 2 segundos" in outputs["c_loop"]
    assert "cerraría Python de golpe" in outputs["dies"]


@pytest.mark.parametrize("name", ["exits", "quits"])
def test_exit_does_not_end_the_kernel(outputs, name):
    assert "usa `return`, no `exit()`" in outputs[name]
    assert outputs["alive"] == "[2, 'ZMQExitAutocall', False]", "y después todo está como antes"


def test_a_question_does_not_hang_the_kernel(outputs):
    assert "`input()`" in outputs["asks"]


def test_a_coroutine_is_explained(outputs):
    assert "sin `async`" in outputs["coroutine"]


def test_the_line_is_the_one_in_the_cell(outputs):
    assert "AttributeError" in outputs["broken"]
    assert "En la línea 3: `return probs.sumar()`" in outputs["broken"]
    assert "En la línea 3: `return probs[99]`" in outputs["decorated"]
    assert "En la línea 2: `return probs.nada`" in outputs["uses_helper"]
    assert not any("Traceback" in text for text in outputs.values())


def test_the_failing_example_can_be_tried_again(outputs):
    assert outputs["again"].startswith("tensor(")
