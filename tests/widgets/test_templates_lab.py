"""El laboratorio de plantillas: el navegador escribe lo mismo que `course_lib.instruction`."""

from __future__ import annotations

import json
import random

import pytest

from course_lib.instruction import ChatMLTemplate
from course_lib.models import LanguageModel
from course_lib.widgets import templates_data, templates_lab
from course_lib.widgets.base import compact
from course_lib.widgets.templates import BOXES, CONVERSATIONS, TEMPLATES, TemplatesView
from course_lib.widgets.templates_mistakes import mistakes
from tests.instruction.published import conversation
from tests.tiny import tiny
from tests.widgets.node import run
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


class Bytes:
    """Un tokenizer donde cada byte es un token, y `<s>` el de comienzo."""

    bos_token, bos_token_id, eos_token, all_special_tokens = "<s>", 256, None, ("<s>",)

    def __call__(self, text, add_special_tokens=True):
        return {"input_ids": [256] * add_special_tokens + list(text.encode())}

    def convert_ids_to_tokens(self, ids):
        return [self.decode([i]) for i in ids]

    def decode(self, ids, **_options):
        return "".join("<s>" if i == 256 else bytes([i]).decode("latin-1") for i in ids)


@pytest.fixture(scope="module")
def models():
    return {"ChatML": LanguageModel(tiny("llama").model, Bytes())}


@pytest.fixture(scope="module")
def data(models):
    return templates_data(models)


PARTS = (
    *("Hola", "¿qué tal?", " ", "  ", "\n", "\n\n", "\t", "\x0b\x1c\x85", "\u00a0\u2028\u3000"),
    *("\ufeff", "😀🎉", "$& $1", "{system}", "<", "|im_end|", "[INST", "user", "<b>x</b>", "n\u0303"),
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
    cases = [
        (i, sample_messages(rng, marks)) for i in range(len(templates)) for _ in range(600)
    ]
    found = run(tmp_path, TemplatesView, PIECES, {"templates": described, "cases": cases})
    written = [0] * len(templates)
    for (i, messages), got in zip(cases, found, strict=True):
        assert got == expected(templates[i], messages), messages
        written[i] += "pieces" in got
    assert all(200 < n < 560 for n in written), written
    reasons = {got["error"].partition(":")[0][:30] for got in found if "error" in got}
    assert len(reasons) > 5  # vacía, solo el sistema, los papeles y las marcas


@pytest.mark.parametrize(
    ("template", "mistake", "sentence"),
    [
        ("Llama 2", "sin <s> al comienzo", "Falta <s> al comienzo."),
        ("Llama 2", "con dos <s>", "Sobra <s> al comienzo."),
        ("Llama 2", "sin espacio tras [INST]", "Falta un espacio después de [INST]."),
        (
            "Llama 2",
            "con un solo salto tras <</SYS>>",
            "Falta un salto de línea después de <</SYS>>.",
        ),
        (
            "Llama 2",
            "con el sistema fuera de [INST]",
            "Falta «[INST]␣» después de <s>.",
        ),
        ("Llama 2", "sin </s> al final", "Falta </s> al final."),
        (
            "ChatML",
            "con model en lugar de assistant",
            "En el carácter 83 se esperaba «assistant» y hay «model».",
        ),
        (
            "ChatML",
            "sin salto tras el papel",
            "En el carácter 55 se esperaba un salto de línea y hay un espacio.",
        ),
        ("ChatML", "sin salto entre turnos", "Falta un salto de línea después de <|im_end|>."),
        ("ChatML", "sin el último <|im_end|>", "Falta <|im_end|> después de «¡Buenas!»."),
        (
            "ChatML",
            "sin abrir la respuesta",
            "Falta «<|im_start|>assistant↵» después de «Hola<|im_end|>↵».",
        ),
        ("Gemma", "sin <bos> al comienzo", "Falta <bos> al comienzo."),
        ("Gemma", "con dos <bos>", "Sobra <bos> al comienzo."),
        (
            "Gemma",
            "con assistant en lugar de model",
            "En el carácter 69 se esperaba «model» y hay «assistant».",
        ),
        (
            "Gemma",
            "sin salto tras el papel",
            "En el carácter 25 se esperaba un salto de línea y hay un espacio.",
        ),
        ("Gemma", "con un turno system", "En el carácter 21 se esperaba «user» y hay «system»."),
        ("Gemma", "sin el último <end_of_turn>", "Falta <end_of_turn> después de «¡Buenas!»."),
        ("Gemma", "sin abrir la respuesta", "Falta «<start_of_turn>model↵» después de «Hola<end_of_turn>↵»."),
    ],
)
def test_each_named_mistake_has_its_sentence(template, mistake, sentence, data, tmp_path):
    exact = TEMPLATES[template].render(ONE)
    place = list(TEMPLATES).index(template)
    cases = {"templates": data["templates"], "cases": [(place, exact, "Sé breve")]}
    (rows,) = run(tmp_path, TemplatesView, WRITTEN, cases)
    (found,) = (row[2] for row in rows if row and row[0] == mistake)
    more = " Después hay otras diferencias." if "afuera" in mistake or "turno" in mistake else ALONE
    assert found["sentence"] in (sentence + ALONE, sentence + more)
    assert found["before"] + found["missing"] + found["after"] == exact


def test_every_mistake_is_tried(data):
    """Cada error de la lista tiene su frase arriba, menos el del sistema de fábrica, que no cabe en `ONE`."""
    tried = {mark.args[1][i][:2] for mark in SENTENCES for i in range(len(mark.args[1]))}
    every = {(t["name"], m["name"]) for t in data["templates"] for m in t["mistakes"]}
    assert every - tried == {("ChatML", "sin el sistema de fábrica")}
