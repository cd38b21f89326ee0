"""El laboratorio de prompting: el navegador calcula lo mismo que `course_lib.prompting`."""

from __future__ import annotations

import itertools
import json

import pytest

from course_lib.prompting import AGGREGATES, SCORES, PromptClassifier
from course_lib.widgets.prompt import (
    AGGREGATE_NAMES,
    SCORE_NAMES,
    PromptView,
    prompt_data,
    prompt_lab,
)
from tests.prompting.conftest import make_lm
from tests.widgets.node import run

TEXTS = ["Amé esa película", "Odié esa película.", "Qué historia tan mala, ¿no?"]
TEMPLATES = [
    "[X]. En general la película me pareció [Z].",
    "Reseña: [X]\nEs [Z]",
    "Una película [Z]: [X]",
]
VERBALIZERS = {
    "dos y dos": {"positivo": ["buena", "bacán"], "negativo": ["mala", "terrible"]},
    "dos y una": {"positivo": ["buena", "bacán"], "negativo": ["horrible"]},
}
CLASSIFY = """
const result = data.cases.map(([t, x, s]) => {
  const named = { ...s, verbalizer: data.lab.verbalizers[s.verbalizer] };
  return classify(data.lab, data.lab.prompts[x].cells[t], data.lab.templates[t], named);
});
"""


@pytest.fixture(scope="module")
def lm():
    return make_lm()


@pytest.fixture(scope="module")
def data(lm):
    return prompt_data(lm, TEXTS, TEMPLATES, VERBALIZERS)


def test_javascript_equals_python(lm, data, tmp_path):
    """180 casos: todas las plantillas, textos, puntajes, verbalizadores, agregados y calibración."""
    settings = itertools.product(
        range(3), range(2), SCORE_NAMES, range(2), AGGREGATE_NAMES, (False, True)
    )
    cases = [
        (t, x, {"score": score, "verbalizer": v, "aggregate": aggregate, "calibrate": calibrate})
        for t, x, score, v, aggregate, calibrate in settings
    ]
    results = run(tmp_path, PromptView, CLASSIFY, {"lab": data, "cases": cases})
    assert len(results) >= 180
    known = {}
    for (t, x, s), got in zip(cases, results, strict=True):
        key = (t, s["score"], s["verbalizer"], s["aggregate"], s["calibrate"])
        if key not in known:
            table = list(VERBALIZERS.values())[s["verbalizer"]]
            options = {
                "score": SCORES[s["score"]],
                "aggregate": AGGREGATES[s["aggregate"]],
                "calibrate": s["calibrate"],
            }
            known[key] = PromptClassifier(lm, TEMPLATES[t], table, **options).predict_many(TEXTS)
        expected = known[key][x]
        assert dict(zip(got["labels"], got["final"], strict=True)) == pytest.approx(
            expected.label_probs, abs=1e-4
        )
        assert got["labels"][got["winner"]] == expected.label
        assert got["words"][got["best"]] == expected.answer
        found = dict(zip(got["words"], got["scores"], strict=True))
        assert found == pytest.approx(expected.answer_scores, abs=1e-4)


def test_data_is_the_same_each_time_and_small(lm, data):
    assert prompt_data(lm, TEXTS, TEMPLATES, VERBALIZERS) == data
    assert json.loads(json.dumps(data)) == data
    assert len(json.dumps(data)) < 60_000


def test_parts_show_the_origin(data):
    cell = data["prompts"][0]["cells"][0]
    assert "".join(text for text, _ in cell["parts"]) == TEMPLATES[0].replace("[X]", TEXTS[0])
    assert [source for _, source in cell["parts"]] == [
        "entrada",
        "plantilla",
        "respuesta",
        "plantilla",
    ]
    bacan = cell["answers"][data["answers"].index("bacán")]
    assert bacan["units"] == {"token": len(bacan["tokens"]), "char": 6, "byte": 7}  # y el punto
    assert bacan["own"][-1] is False  # el punto que sigue a [Z]


@pytest.fixture
def lab(lm):
    return prompt_lab(lm, TEXTS, TEMPLATES, VERBALIZERS)


def test_repr_bundle_and_links(lab):
    assert repr(lab) == "Laboratorio de prompting: LlamaForCausalLM, 3 textos, 3 plantillas"
    bundle, _ = lab._repr_mimebundle_()
    assert bundle["text/html"].count("<table") == 3 and "bacán" in bundle["text/html"]
    assert set(lab.controls) <= set(lab.view.keys)
    assert all(control.description for control in lab.controls.values())


def test_own_text_and_template(lab, monkeypatch):
    sent = []
    monkeypatch.setattr(type(lab.view), "send", lambda _self, message: sent.append(message))
    lab.view._receive(None, {"kind": "pattern", "text": "Dijo [X] y es [Z]"}, [])
    lab.view._receive(None, {"kind": "prompt", "text": "que no"}, [])
    assert sent[-1] == {"kind": "done"}
    own = json.loads(lab.view.own)
    assert own["base"]["pattern"] == "Dijo [X] y es [Z]"
    assert "".join(text for text, _ in own["cells"][0]["parts"]) == "Dijo que no y es [Z]"
    lab.view._receive(None, {"kind": "pattern", "text": ""}, [])
    lab.view._receive(None, {"kind": "prompt", "text": "que no"}, [])
    assert json.loads(lab.view.own)["base"]["pattern"] == TEMPLATES[0]


def test_a_wrong_template_is_explained(lab, monkeypatch):
    sent = []
    monkeypatch.setattr(type(lab.view), "send", lambda _self, message: sent.append(message))
    lab.view._receive(None, {"kind": "pattern", "text": "sin casilleros"}, [])
    lab.view._receive(None, {"kind": "prompt", "text": "hola"}, [])
    assert sent[-1]["kind"] == "error" and "no tiene el casillero [X]" in sent[-1]["text"]
    assert lab.view.own == ""


def test_bad_arguments_teach(lm):
    with pytest.raises(ValueError, match="está vacía"):
        prompt_data(lm, [], TEMPLATES, VERBALIZERS)
    with pytest.raises(ValueError, match="`templates` está vacío"):
        prompt_lab(lm, TEXTS, [], VERBALIZERS)
    with pytest.raises(ValueError, match="`verbalizers` está vacío"):
        prompt_lab(lm, TEXTS, TEMPLATES, {})
    with pytest.raises(ValueError, match="espacios al borde"):
        prompt_data(lm, TEXTS, TEMPLATES, {"una": {"+": ["buena ", "buena"], "-": ["mala"]}})
    with pytest.raises(ValueError, match="al menos dos etiquetas"):
        prompt_data(lm, TEXTS, TEMPLATES, {"una": {"positivo": ["buena"]}})
