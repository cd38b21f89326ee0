"""El laboratorio de cuentos: sus datos, lo que guarda la página y los mensajes con Python."""

from __future__ import annotations

import hashlib

import pytest

from course_lib.decoding import Greedy, generate
from course_lib.experiments.stories.export import export
from course_lib.widgets import story_data, story_lab
from course_lib.widgets.base import compact
from course_lib.widgets.story import PREVIEW, StoryView
from course_lib.widgets.story_model import WEB_MODEL, read_story_model
from tests.widgets.node import run
from tests.widgets.samples import storyteller

OPENINGS = ["Había una vez", "¿De qué color"]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return export(storyteller(), tmp_path_factory.mktemp("cuentos") / "cuentos.bin")


@pytest.fixture(scope="module")
def lab(path):
    return story_lab(OPENINGS, path=path)


def test_the_file_comes_back_as_the_same_model(path):
    lm, original = read_story_model(path), storyteller()
    text = "Ñandú 🦊 <fin> y  más\n"
    assert lm.encode(text) == original.encode(text) and lm.decode(lm.encode(text)) == text
    assert lm.eos_token_ids == original.eos_token_ids == (1,) and lm.bos_token_id == 0
    assert lm.model.config == original.model.config


def test_data_says_what_the_page_needs(path, lab):
    data, lm = lab.data, read_story_model(path)
    assert data == story_data(OPENINGS, path=path)
    assert data["bytes"] == path.stat().st_size
    assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(data["version"])
    assert data["parameters"] == sum(p.numel() for p in lm.model.parameters())
    assert (data["file"], data["context"], data["eos"]) == ("cuentos.bin", 96, 1)
    for entry, text in zip(data["openings"], OPENINGS, strict=True):
        expected = generate(lm, text, Greedy(), max_new_tokens=PREVIEW)
        assert (entry["text"], entry["greedy"]) == (text, expected.text)
        first = expected.sequences[0].steps[0]
        assert entry["next"][0][1] == round(1000 * first.model_prob)
        probs = [p for _, p in entry["next"]]
        assert len(probs) == 3 and probs == sorted(probs, reverse=True)


def test_repr_links_and_fallback(lab):
    assert repr(lab) == "Laboratorio de cuentos (cuentos.bin; comienzos: 2)"
    assert set(lab.controls) == {"opening", "temperature", "top_k", "top_p", "seed"}
    assert set(lab.controls) <= set(lab.view.keys)
    page = lab._repr_mimebundle_()[0]["text/html"]
    assert page.count("<table") == 1 and all(text in page for text in OPENINGS)


def test_the_page_is_light(lab):
    """La página no lleva los pesos, y los datos caben en una línea."""
    assert len(lab.view.data) < 3000 and compact(lab.data) == lab.view.data
    assert len(lab.view._esm.encode()) < 60_000


def listen(lab, monkeypatch) -> list[tuple]:
    sent: list[tuple] = []
    monkeypatch.setattr(
        StoryView, "send", lambda _self, message, buffers=None: sent.append((message, buffers))
    )
    return sent


def test_python_hands_over_the_bytes_when_asked(path, lab, monkeypatch):
    sent = listen(lab, monkeypatch)
    lab.view._receive(None, {"kind": "ping"}, [])
    lab.view._receive(None, {"kind": "weights"}, [])
    assert sent == [({"kind": "pong"}, None), ({"kind": "weights"}, [path.read_bytes()])]


def test_a_file_that_went_away_is_told(tmp_path, monkeypatch):
    copy = export(storyteller(), tmp_path / "otro.bin")
    lab = story_lab(["Había"], path=copy)
    copy.unlink()
    sent = listen(lab, monkeypatch)
    lab.view._receive(None, {"kind": "weights"}, [])
    ((message, _),) = sent
    assert message["kind"] == "error" and "no pudo leer el modelo, otro.bin" in message["text"]


def test_inputs_that_cannot_be(path, tmp_path, monkeypatch):
    with pytest.raises(TypeError, match="llegó uno solo"):
        story_lab("Había una vez", path=path)
    with pytest.raises(ValueError, match="está vacía"):
        story_lab([], path=path)
    with pytest.raises(ValueError, match="al menos una palabra"):
        story_lab([" "], path=path)
    with pytest.raises(ValueError, match="tiene 96 tokens y pides 24 más"):
        story_lab(["ñ" * 95], path=path)
    with pytest.raises(FileNotFoundError, match=r"No está el modelo de los cuentos, falta\.bin"):
        story_lab(path=tmp_path / "falta.bin")
    (tmp_path / "x.bin").write_bytes(b"otra cosa")
    with pytest.raises(ValueError, match="CLM1"):
        story_lab(path=tmp_path / "x.bin")
    monkeypatch.setattr("course_lib.widgets.story_model.LARGEST", 10_000)
    with pytest.raises(ValueError, match="una página puede pedir 0: exporta con bits=8"):
        story_lab(path=path)


@pytest.mark.skipif(not WEB_MODEL.exists(), reason="los pesos aún no se publicaron")
def test_the_shipped_model_fits_a_page():
    assert story_data()["bytes"] < 2_000_000


def test_sentences(tmp_path):
    body = """
    const result = [chosenSentence({ p: 0.25 }, 0), chosenSentence({ p: 0.5, forced: true }, 2),
      pace({ tokens: 120, seconds: 0.5 }), pace({ tokens: 1, seconds: 0.01 }), pace({ tokens: 0, seconds: 0 }),
      megabytes(1486412), WORKER.includes("storyWorker")];
    """
    said = run(tmp_path, StoryView, body, None)
    assert said == [
        "Token 1: el modelo le daba 25.0\u202f%.",
        "Token 3, elegido por ti: el modelo le daba 50.0\u202f%.",
        " 120 tokens en 0.50\u202fs de cálculo (240 por segundo).",
        " 1 token en 0.01\u202fs de cálculo (100 por segundo).",
        "",
        "1.5\u202fMB",
        True,
    ]
