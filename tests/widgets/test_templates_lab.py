"""El laboratorio de plantillas: el navegador escribe lo mismo que `course_lib.instruction`."""

from __future__ import annotations

import json
import random

import pytest

from course_lib.instruction import ChatMLTemplate
from course_lib.widgets import templates_data, templates_lab
from course_lib.widgets.base import compact
from course_lib.widgets.templates import BOXES, CONVERSATIONS, TEMPLATES, TemplatesView
from course_lib.widgets.templates_mistakes import mistakes
from tests.instruction.published import conversation
from tests.widgets.node import run
from tests.widgets.samples import spelled
from tests.widgets.stored import stored_labs

PIECES = """
const result = data.cases.map(([template, messages]) => {
  try {
    return { pieces: chatPieces(data.templates[template], messages) };
  } catch (error) {
    return { error: error.message };
  }
});
"""
COMPARE = """
const result = data.map(([exact, attempt, marks]) => compareTexts(exact, attempt, marks));
"""
WRITTEN = """
const result = data.cases.map(([template, exact, system]) => data.templates[template].mistakes.map((m) => {
  const attempt = withMistake(exact, m, system);
  return attempt === null ? null
    : [m.name, attempt, compareTexts(exact, attempt, data.templates[template].marks)];
}));
"""
ONE = conversation("Sé breve", [("Hola", "¡Buenas!")], False)
ALONE = " Es la única diferencia."


@pytest.fixture(scope="module")
def models():
    return {"ChatML": spelled()}


@pytest.fixture(scope="module")
def data(models):
    return templates_data(models)


PARTS = (
    *("Hola", "¿qué tal?", " ", "  ", "\n", "\n\n", "\t", "\x0b\x1c\x85", "\u00a0\u2028\u3000"),
    *(
        "\ufeff",
        "😀🎉",
        "$& $1",
        "{system}",
        "<",
        "|im_end|",
        "[INST",
        "user",
        "<b>x</b>",
        "n\u0303",
    ),
)


def sample_text(rng: random.Random, marks: list[str]) -> str:
    """Un texto con espacios de toda clase y, a veces, una marca."""
    parts = [rng.choice(PARTS) for _ in range(rng.randint(1, 5))]
    if rng.random() < 0.05:
        parts.insert(rng.randrange(len(parts)), rng.choice(marks))
    return "".join(parts)


def sample_messages(rng: random.Random, marks: list[str]) -> list[dict]:
    """Lo que dan los tres cuadros, vacíos o no; a veces, varios turnos o los papeles en desorden."""
    roles = [role for role in ("system", "user", "assistant") if rng.random() < 0.75]
    roles += rng.choice(([], [], [], ["user"], ["user", "assistant"], ["assistant"], ["system"]))
    return [{"role": role, "content": sample_text(rng, marks)} for role in roles]


def expected(template, messages: list[dict]) -> dict:
    try:
        return {"pieces": [[piece.text, piece.trained] for piece in template.pieces(messages)]}
    except ValueError as error:
        return {"error": str(error)}


@pytest.mark.parametrize(
    "templates",
    [list(TEMPLATES.values()), [ChatMLTemplate(), ChatMLTemplate(default_system=None)]],
    ids=["las del laboratorio", "otros ChatML"],
)
def test_browser_writes_what_python_writes(templates, data, tmp_path):
    """Trozo por trozo y error por error, en 600 conversaciones al azar por plantilla."""
    rng = random.Random(6)
    described = []
    for template in templates:
        kind = next(i for i, t in enumerate(TEMPLATES.values()) if type(t) is type(template))
        default = getattr(template, "default_system", None)
        described.append(data["templates"][kind] | {"default_system": default})
    marks = [mark for template in described for mark in template["marks"]]
    cases = [(i, sample_messages(rng, marks)) for i in range(len(templates)) for _ in range(600)]
    found = run(tmp_path, TemplatesView, PIECES, {"templates": described, "cases": cases})
    written = [0] * len(templates)
    for (i, messages), got in zip(cases, found, strict=True):
        assert got == expected(templates[i], messages), messages
        written[i] += "pieces" in got
    assert all(200 < n < 560 for n in written), written
    reasons = {got["error"].partition(":")[0][:30] for got in found if "error" in got}
    assert len(reasons) > 5  # vacía, solo el sistema, los papeles y las marcas


SENTENCES = {  # sin «Es la única diferencia.», que sigue a todas menos a dos
    ("Llama 2", "sin <s> al comienzo"): "Falta <s> al comienzo.",
    ("Llama 2", "con dos <s>"): "Sobra <s> al comienzo.",
    ("Llama 2", "sin espacio tras [INST]"): "Falta un espacio después de [INST].",
    ("Llama 2", "con un solo salto tras <</SYS>>"): "Falta un salto de línea después de <</SYS>>.",
    ("Llama 2", "con el sistema fuera de [INST]"): "Falta «[INST]␣» después de <s>.",
    ("Llama 2", "sin </s> al final"): "Falta </s> al final.",
    ("ChatML", "con model en lugar de assistant"): (
        "En el carácter 83 se esperaba «assistant» y hay «model»."
    ),
    ("ChatML", "sin salto tras el papel"): (
        "En el carácter 55 se esperaba un salto de línea y hay un espacio."
    ),
    ("ChatML", "sin salto entre turnos"): "Falta un salto de línea después de <|im_end|>.",
    ("ChatML", "sin el último <|im_end|>"): "Falta <|im_end|> después de «¡Buenas!».",
    ("ChatML", "sin abrir la respuesta"): (
        "Falta «<|im_start|>assistant↵» después de «Hola<|im_end|>↵»."
    ),
    ("Gemma", "sin <bos> al comienzo"): "Falta <bos> al comienzo.",
    ("Gemma", "con dos <bos>"): "Sobra <bos> al comienzo.",
    ("Gemma", "con assistant en lugar de model"): (
        "En el carácter 69 se esperaba «model» y hay «assistant»."
    ),
    ("Gemma", "sin salto tras el papel"): (
        "En el carácter 25 se esperaba un salto de línea y hay un espacio."
    ),
    ("Gemma", "con un turno system"): "En el carácter 21 se esperaba «user» y hay «system».",
    ("Gemma", "sin el último <end_of_turn>"): "Falta <end_of_turn> después de «¡Buenas!».",
    ("Gemma", "sin abrir la respuesta"): (
        "Falta «<start_of_turn>model↵» después de «Hola<end_of_turn>↵»."
    ),
}
SEVERAL = ("con el sistema fuera de [INST]", "con un turno system")


def with_mistakes(data, tmp_path, name: str, messages: list[dict]) -> list:
    """[nombre, texto, comparación] de cada error de la plantilla, o None si ahí no cabe."""
    system = messages[0]["content"] if messages[0]["role"] == "system" else ""
    cases = [(list(TEMPLATES).index(name), TEMPLATES[name].render(messages), system)]
    body = {"templates": data["templates"], "cases": cases}
    (rows,) = run(tmp_path, TemplatesView, WRITTEN, body)
    return rows


@pytest.mark.parametrize("name", TEMPLATES)
def test_each_named_mistake_has_its_sentence(name, data, tmp_path):
    exact = TEMPLATES[name].render(ONE)
    seen = {}
    for row in filter(None, with_mistakes(data, tmp_path, name, ONE)):
        mistake, attempt, found = row
        assert attempt != exact and found["same"] is False
        assert found["before"] + found["missing"] + found["after"] == exact
        assert attempt.startswith(found["before"] + found["surplus"])
        seen[name, mistake] = found["sentence"]
    assert seen == {
        (template, mistake): sentence
        + (" Después hay otras diferencias." if mistake in SEVERAL else ALONE)
        for (template, mistake), sentence in SENTENCES.items()
        if template == name
    }


def test_some_mistakes_need_a_system_or_its_lack(data, tmp_path):
    alone = conversation(None, [("Hola", "")], True)
    for name in TEMPLATES:
        for row, mistake in zip(
            with_mistakes(data, tmp_path, name, alone),
            data["templates"][list(TEMPLATES).index(name)]["mistakes"],
            strict=True,
        ):
            needs = "{system}" in mistake["find"] or "SYS" in mistake["find"]
            needs |= mistake["find"] == "</s>"  # sin respuesta no hay cierre que olvidar
            assert (row is None) == needs, mistake
            if mistake["name"] == "sin el sistema de fábrica":
                assert row[2]["sentence"] == (
                    "Falta «<|im_start|>system↵You are a helpful […] Face<|im_end|>↵» al comienzo."
                    + ALONE
                )


LLAMA = "<s>[INST] Hola [/INST] ¡Buenas! </s>"


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (LLAMA, "Igual, carácter por carácter: es el texto que el modelo espera."),
        ("", f"Falta «{LLAMA}» al comienzo." + ALONE),
        (LLAMA + "\n", "Sobra un salto de línea después de </s>." + ALONE),
        (LLAMA.replace(" [/", "[/"), "Falta un espacio antes de [/INST]." + ALONE),
        (LLAMA.replace("[INST] ", "[INST]   "), "Sobran 2 espacios después de [INST]." + ALONE),
        (
            LLAMA.replace("[INST] ", "[INST\uff3d "),
            "En el carácter 4 se esperaba [INST] y hay «[INST\uff3d»." + ALONE,
        ),
        (
            LLAMA.replace("Hola", "hola"),
            "En el carácter 11 se esperaba «Hola» y hay «hola»." + ALONE,
        ),
        (
            LLAMA.replace("<s>", "").replace(" </s>", ""),
            "Falta <s> al comienzo. Después hay otras diferencias.",
        ),
        (
            LLAMA.replace("¡", "😀"),
            "En el carácter 24 se esperaba «¡» y hay «😀»." + ALONE,
        ),
        ("otra cosa", f"En el carácter 1 se esperaba «{LLAMA}» y hay «otra cosa»." + ALONE),
    ],
)
def test_any_difference_is_told(attempt, sentence, tmp_path):
    marks = ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<s>", "</s>"]
    (found,) = run(tmp_path, TemplatesView, COMPARE, [(LLAMA, attempt, marks)])
    assert found["sentence"] == sentence


def test_whatever_is_changed_the_two_texts_come_back(data, tmp_path):
    """De 300 cambios al azar, ninguno pasa por igual y las partes siempre dan los dos textos."""
    rng = random.Random(1)
    cases = []
    for _ in range(300):
        place = rng.randrange(len(TEMPLATES))
        template, marks = list(TEMPLATES.values())[place], data["templates"][place]["marks"]
        exact, at = template.render(rng.choice(list(CONVERSATIONS.values()))), rng.randrange(60)
        attempt = (
            exact[:at] + rng.choice(("", "x", " ", "\n", marks[0])) + exact[at + rng.randrange(3) :]
        )
        cases.append((exact, attempt, marks))
    same = 0
    for (exact, attempt, _), found in zip(
        cases, run(tmp_path, TemplatesView, COMPARE, cases), strict=True
    ):
        assert found["same"] == (exact == attempt)
        if exact != attempt:
            assert found["before"] + found["missing"] + found["after"] == exact
            assert attempt.startswith(found["before"] + found["surplus"])
            assert found["missing"] or found["surplus"]
            only = found["before"] + found["surplus"] + found["after"] == attempt
            assert found["sentence"].endswith(ALONE) == only
        same += found["same"]
    assert 0 < same < 100


def test_data_is_plain_small_and_the_same_twice(models, data):
    assert json.loads(compact(data)) == data == templates_data(models)
    assert len(compact(data).encode()) < 60_000
    assert [t["name"] for t in data["templates"]] == list(TEMPLATES)
    assert [t["model"] for t in data["templates"]] == [None, models["ChatML"].name, None]
    assert [e["name"] for e in data["examples"]] == list(CONVERSATIONS)


def test_tokens_are_the_ones_encode_gives(models, data):
    """Su texto, su id y si se entrena; de una plantilla sin modelo no viaja ninguno."""
    for example in data["examples"]:
        llama, tokens, gemma = example["tokens"]
        assert llama is None and gemma is None
        encoded = TEMPLATES["ChatML"].encode(models["ChatML"].tokenizer, example["messages"])
        assert tuple(i for _, i, _ in tokens) == encoded.input_ids
        assert tuple(i if t else -100 for _, i, t in tokens) == encoded.labels
        trained = "".join(text for text, _, t in tokens if t).encode("latin-1").decode()
        pieces = TEMPLATES["ChatML"].pieces(example["messages"])
        assert trained == "".join(piece.text for piece in pieces if piece.trained)


def test_repr_links_and_fallback(models, data):
    lab = templates_lab(models)
    assert repr(lab) == (
        "Laboratorio de plantillas: Llama 2, ChatML, Gemma; 6 conversaciones (con tokens: ChatML)"
    )
    assert lab.data == data and set(lab.controls) <= set(lab.view.keys)
    first = {m["role"]: m["content"] for m in data["examples"][0]["messages"]}
    assert {role: getattr(lab.view, trait) for role, trait in BOXES.items()} == first
    page = lab._repr_mimebundle_()[0]["text/html"]
    assert page.count("<table") == 3 and page.count("<tr") == 3 * 7
    assert "&lt;s&gt;[INST]" in page and "Azul&lt;end_of_turn&gt;" in page and "<s>" not in page


@pytest.fixture
def sent(monkeypatch, models):
    """Un laboratorio con Python detrás y los mensajes que manda."""
    lab, messages = templates_lab(models), []
    monkeypatch.setattr(type(lab.view), "send", lambda _self, message: messages.append(message))
    return lab, messages


def ask(lab, messages, template="ChatML") -> None:
    text = json.dumps({"template": template, "messages": messages})
    lab.view._receive(None, {"kind": "prompt", "text": text}, [])


def test_python_answers_with_the_tokens(sent, models):
    lab, messages = sent
    ask(lab, ONE)
    assert [m["kind"] for m in messages] == ["progress", "done"]
    own = json.loads(lab.view.own)
    assert own["template"] == "ChatML" and own["messages"] == ONE
    assert own["tokens"] == templates_data(models, {"uno": ONE})["examples"][0]["tokens"][1]


def test_python_explains_what_it_cannot_divide(sent):
    lab, messages = sent
    ask(lab, conversation(None, [("di <s>", "")], True))
    (error,) = messages
    assert error["kind"] == "error" and "trae «<s>», una marca" in error["text"]
    assert lab.view.own == ""


@pytest.mark.parametrize(
    ("conversations", "reason"),
    [
        ({}, "`conversations` está vacío"),
        ({"a": []}, r"trae los papeles \[\]. Aquí se escribe un solo turno"),
        ({"a": ONE[1:] * 2}, "un solo turno"),
        ({"a": ONE[2:]}, "un solo turno"),
        ({"a": conversation("", [("Hola", "x")], False)}, "«a» trae un mensaje vacío"),
        ({"a": conversation(None, [("</s>", "x")], False)}, "trae «</s>», una marca"),
        ({str(i): ONE for i in range(1000)}, "kB y en la página caben 60: pasa menos"),
    ],
    ids=["ninguna", "vacía", "dos turnos", "sin pregunta", "mensaje vacío", "marca", "muchas"],
)
def test_errors_explain_themselves(conversations, reason):
    with pytest.raises(ValueError, match=reason):
        templates_data({}, conversations)


def test_a_model_for_an_unknown_template(models):
    with pytest.raises(ValueError, match=r"«Qwen», que no es una plantilla\. Hay: Llama 2, ChatML"):
        templates_lab({"Qwen": models["ChatML"]})


def test_mistakes_change_the_text_the_template_writes():
    for name, kind in zip(TEMPLATES, ("llama2", "chatml", "gemma"), strict=True):
        exact = TEMPLATES[name].render(ONE)
        for mistake in mistakes(kind, None):
            assert mistake.find.replace("{system}", "Sé breve") in exact, mistake
            assert mistake.why.endswith(".") and mistake.find != mistake.write


@pytest.mark.models
def test_real_tokens(gemma, smollm):
    """Los que se ven son los del tokenizer, unidos dan el texto, y viajan en pocos kB."""
    data = templates_data({"ChatML": smollm, "Gemma": gemma})
    assert len(compact(data).encode()) < 20_000
    for example in data["examples"]:
        for place, lm in ((1, smollm), (2, gemma)):
            ids = [i for _, i, _ in example["tokens"][place]]
            text = list(TEMPLATES.values())[place].render(example["messages"])
            assert lm.tokenizer.decode(ids) == text
            assert lm.tokenizer(text, add_special_tokens=False)["input_ids"] == ids
    for stored in (lab.data for lab in stored_labs() if lab.kind == "templates"):
        chosen = {e["name"]: e["messages"] for e in stored["examples"]}
        assert templates_data({"ChatML": smollm, "Gemma": gemma}, chosen) == stored
