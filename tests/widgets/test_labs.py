"""Los laboratorios por el lado de Python: qué guardan, qué contestan y cómo explican un error."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from course_lib.widgets import (
    attention,
    beam,
    beam_data,
    beam_lab,
    before_after,
    emergence,
    image,
    prompt,
    size,
    temperature,
    temperature_data,
    temperature_lab,
    templates,
    training,
)
from course_lib.widgets.base import HERE
from tests.tiny import tiny
from tests.widgets.samples import RandomLogits, lettered
from tests.widgets.test_stored_state import paths

LABS = [temperature_lab, beam_lab]
VIEWS = {
    "attention": attention.AttentionView,
    "temperature": temperature.TemperatureView,
    "beam": beam.BeamView,
    "before_after": before_after.BeforeAfterView,
    "prompt": prompt.PromptView,
    "size": size.SizeView,
    "emergence": emergence.EmergenceView,
    "image": image.ImageView,
    "templates": templates.TemplatesView,
    "training": training.TrainingView,
}
FAST = {temperature_lab: {"num_texts": 1, "max_new_tokens": 2}, beam_lab: {"max_steps": 3}}


def make(lab, prompts=("abc", "de")):
    return lab(lettered(), list(prompts), **FAST[lab])


@pytest.fixture
def listen(monkeypatch):
    """Los mensajes que la vista manda al navegador."""

    def attach(lab):
        sent = []
        monkeypatch.setattr(type(lab.view), "send", lambda _self, message: sent.append(message))
        return sent

    return attach


def test_importing_is_light():
    """`course_lib.widgets` no carga ipywidgets ni torch hasta que se pide un laboratorio."""
    code = (
        "import sys, course_lib.widgets; "
        "print([m for m in ('torch', 'ipywidgets', 'anywidget') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("lab", LABS)
def test_repr_and_bundle(lab):
    """El repr no cambia de una ejecución a otra; la salida señala la caja y lleva su tabla."""
    made = make(lab)
    assert repr(made) == repr(make(lab)) and "0x" not in repr(made)
    data, _ = made._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == made.model_id
    assert data["text/plain"] == repr(made)
    assert data["text/html"].count("<table") == 2 and "abc" in data["text/html"]


@pytest.mark.parametrize("lab", LABS)
def test_controls_are_linked_in_the_browser(lab):
    """Cada rasgo que se mueve tiene un control, y ninguno necesita Python."""
    made = make(lab)
    controls = made.controls
    assert all(control.description for control in controls.values())
    assert set(controls) <= set(made.view.keys)
    for trait, control in controls.items():
        start = control.index if hasattr(control, "index") else control.value
        assert getattr(made.view, trait) == start, f"{trait} no empieza donde su control"


@pytest.mark.parametrize("lab", LABS)
def test_ping(lab, listen):
    made = make(lab)
    sent = listen(made)
    made.view._receive(None, {"kind": "ping"}, [])
    assert sent == [{"kind": "pong"}]


@pytest.mark.parametrize("lab", LABS)
def test_own_prompt(lab, listen):
    """Python contesta con avance y con los mismos datos que la función pura."""
    made = make(lab)
    sent = listen(made)
    made.view._receive(None, {"kind": "prompt", "text": "zorro"}, [])
    assert [m["kind"] for m in sent[:-1]] == ["progress"] * (len(sent) - 1)
    assert sent[-2]["done"] == sent[-2]["total"] and sent[-1] == {"kind": "done"}
    own = json.loads(made.view.own)
    pure = temperature_data if lab is temperature_lab else beam_data
    data = pure(lettered(), ["zorro"], **FAST[lab])
    expected = data["prompts"][0]
    if lab is beam_lab:
        expected |= {"ids": data["ids"], "tokens": data["tokens"]}
    assert own == expected


@pytest.mark.parametrize("lab", LABS)
@pytest.mark.parametrize(
    ("text", "reason"), [("  ", "está vacío"), ("a" * 400, "tiene 401 tokens y aquí caben 256")]
)
def test_own_prompt_errors_reach_the_screen(lab, text, reason, listen):
    made = make(lab)
    sent = listen(made)
    made.view._receive(None, {"kind": "prompt", "text": text}, [])
    assert sent[-1]["kind"] == "error" and reason in sent[-1]["text"]
    assert made.view.own == ""


@pytest.mark.parametrize("pure", [temperature_data, beam_data])
def test_bad_prompts(pure):
    with pytest.raises(TypeError, match="es una lista"):
        pure(lettered(), "abc")
    with pytest.raises(ValueError, match="está vacía"):
        pure(lettered(), [])
    with pytest.raises(ValueError, match="está vacío"):
        pure(lettered(), ["abc", " "])


def test_stop_must_be_one_token():
    with pytest.raises(ValueError, match="son 2 tokens"):
        beam_data(lettered(), ["abc"], stop="ab")
    assert beam_data(lettered(), ["abc"], stop="b")["eos"] == lettered().encode("b", add_bos=False)


def test_beam_data_opens_what_every_width_keeps():
    """Ningún nodo sobra: todo prefijo abierto sigue vivo con algún número de haces."""
    from course_lib.decoding import BeamSearch, generate

    lm = lettered("llama", 4, None)
    data = beam_data(lm, ["hola"], max_steps=4)
    opened = {(): 0.0} | {
        path: value
        for path, value in paths(data, data["prompts"][0]["nodes"]).items()
        if any(other[:-1] == path for other in paths(data, data["prompts"][0]["nodes"]))
    }
    alive = {()}
    for num_beams in range(1, 7):
        strategy = BeamSearch(num_beams=num_beams)
        steps = generate(lm, "hola", strategy, max_new_tokens=4).steps
        if num_beams == 1:
            tokens = [step.token_id for step in steps]
            alive |= {tuple(tokens[:n]) for n in range(1, 4)}
        else:
            alive |= {c.ids for step in steps[:-1] for c in step.candidates if c.status == "kept"}
    assert set(opened) == alive


def test_data_is_the_same_twice():
    """Misma entrada, mismos bytes: volver a ejecutar un cuaderno no cambia nada."""
    for lab in LABS:
        assert make(lab).view.data == make(lab).view.data


def test_fallback_escapes_the_model():
    """Un token con HTML no se cuela en la tabla que se lee sin JavaScript."""
    from course_lib.widgets.temperature import _distribution, _fallback

    class Hostile(RandomLogits):
        def token_strings(self, ids):
            return ["<img src=x onerror=alert(1)>" for _ in ids]

    entry = {"text": "<b>x</b>", **_distribution(Hostile(40, 1.0, 0), "x")}
    page = _fallback({"prompts": [entry]})
    assert "<img" not in page and "<b>" not in page and "&lt;img" in page


def test_views_never_write_html():
    """Todo texto entra en la página como texto."""
    for path in HERE.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|eval\(", path.read_text("utf-8")
        )


def test_each_script_is_read_in_one_sitting():
    """Y cada laboratorio lleva sus cuentas, no las de otro."""
    assert all(len(p.read_text("utf-8").splitlines()) <= 300 for p in HERE.glob("*.js"))
    own = {"nextToken": "temperature", "beamSearch": "beam", "headWeights": "attention"}
    own |= {"classify": "prompt", "countParameters": "size"}
    own |= {"familyCurves": "emergence", "chatPieces": "templates", "tally": "before_after"}
    own |= {"cellWords": "image", "stepAxis": "training"}
    for function, home in own.items():
        found = [name for name in own.values() if f"function {function}(" in VIEWS[name]._esm]
        assert found == [home], function


@pytest.mark.parametrize("value", [0, -1, 2.5, True, "3"], ids=repr)
def test_a_number_of_steps_that_makes_no_sense(value):
    with pytest.raises(ValueError, match="max_steps"):
        beam_data(tiny("llama"), ["hola"], max_steps=value)
