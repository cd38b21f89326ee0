"""Los ejemplos no se dan vuelta, y uno del prompt no se evalúa aunque cambie su puntuación."""

from __future__ import annotations

from collections import namedtuple
from dataclasses import dataclass

import numpy as np
import pytest

from course_lib.data import load_headlines, load_reviews
from course_lib.prompting import PromptClassifier, Template
from course_lib.prompting.examples import text_key

SLIDE = Template("[X]. En general la película me pareció [Z].")
TABLE = {"positivo": ["buena"], "negativo": ["mala"]}
SHOTS = [("¡Amé esa historia!", "positivo"), ("Odié esa historia.", "negativo")]
Backwards = namedtuple("Backwards", ["label", "text"])


@dataclass
class Example:
    label: str
    text: str


@pytest.fixture(scope="module")
def classifier(lm):
    return PromptClassifier(lm, SLIDE, TABLE, shots=SHOTS)


@pytest.mark.parametrize(
    "example",
    [
        ("Bien", "positivo"),
        ["Bien", "positivo"],
        Backwards(label="positivo", text="Bien"),
        Example(label="positivo", text="Bien"),
        {"label": "positivo", "text": "Bien", "id": 3},
    ],
    ids=repr,
)
def test_each_form_of_an_example_keeps_its_order(lm, classifier, example):
    result = classifier.evaluate([example])
    assert result.texts == ("Bien",) and result.truth == ("positivo",)
    assert PromptClassifier(lm, SLIDE, TABLE, shots=[example]).shots == (("Bien", "positivo"),)


@pytest.mark.parametrize("example", [("positivo", "Bien"), Example("Bien", "positivo")])
def test_a_swapped_example_suggests_the_order(lm, classifier, example):
    message = r"está al revés: 'positivo' es una etiqueta.*Escribe \('Bien', 'positivo'\)"
    with pytest.raises(ValueError, match=message):
        classifier.evaluate([example])
    with pytest.raises(ValueError, match=message):
        PromptClassifier(lm, SLIDE, TABLE, shots=[example])


def test_a_text_that_is_a_label_is_a_text(classifier):
    assert classifier.evaluate([("positivo", "negativo")]).truth == ("negativo",)


@pytest.mark.parametrize(
    ("examples", "error", "message"),
    [
        ("hola", TypeError, r"evaluate: va una lista.*\['hola'\]"),
        ([(3, "positivo")], TypeError, r"texto de un ejemplo.*llegó 3 \(int\)"),
        ([("Bien", ["positivo"])], ValueError, "No existe la etiqueta"),
        ([("Bien", None)], ValueError, "No existe la etiqueta None"),
        ([("  ", "positivo")], ValueError, "'positivo' tiene el texto vacío"),
        ([("a", "b", "c")], TypeError, r"par \(texto, etiqueta\)"),
        ({"Bien": "positivo"}, TypeError, "evaluate: va una lista y llegó dict"),
    ],
)
def test_wrong_examples_teach(classifier, examples, error, message):
    with pytest.raises(error, match=message):
        classifier.evaluate(examples)


def test_predict_many_wants_a_list(classifier):
    with pytest.raises(TypeError, match=r"predict_many: va una lista y.*Escribe \['hola'\]"):
        classifier.predict_many("hola")
    with pytest.raises(TypeError, match="conjunto, que no tiene orden"):
        classifier.predict_many({"hola", "chao"})
    with pytest.raises(TypeError, match="Se predice la etiqueta de un texto; llegó 3"):
        classifier.predict(3)
    assert classifier.predict_many([]) == []
    texts = ["Bien", "Mal"]
    assert classifier.predict_many(t for t in texts) == classifier.predict_many(texts)


def test_an_empty_text_gets_what_the_model_prefers(classifier):
    assert classifier.predict("").label_probs == classifier.predict(" \n").label_probs


@pytest.mark.parametrize(
    "text",
    [
        "¡Amé esa historia!",
        "¡Amé esa historia! ",
        "\n¡amé ESA historia!",
        "Amé esa historia",
        "Amé  esa\u00a0historia...",
        "«Amé esa historia»",
        "Ame\u0301 esa historia",
        "odié esa historia",
    ],
)
def test_a_shot_is_found_among_what_is_evaluated(classifier, text):
    with pytest.raises(ValueError, match="está entre los ejemplos del prompt"):
        classifier.evaluate([("Bien", "positivo"), (text, "positivo")])


def test_another_text_is_not_a_shot(lm, classifier):
    for text in ("Ame esa historia", "Amé esa historia y más", "historia esa Amé"):
        assert classifier.evaluate([(text, "positivo")]).n == 1
    shots = [("👍", "positivo"), ("...", "negativo"), ("Bien 🙂", "positivo")]
    faces = PromptClassifier(lm, SLIDE, TABLE, shots=shots)
    assert faces.evaluate([("👎", "negativo"), ("!!!", "positivo"), ("Bien 🙁", "negativo")]).n == 3


@pytest.mark.parametrize("load", [load_reviews, load_headlines])
def test_the_texts_of_the_course_do_not_repeat(load):
    keys = [text_key(example.text) for example in load()]
    assert len(keys) == len(set(keys))


def test_integer_labels_are_kept(lm):
    classifier = PromptClassifier(lm, SLIDE, {1: ["buena"], 0: ["mala"]}, shots=[("Qué mal", 0)])
    named = PromptClassifier(lm, SLIDE, TABLE, shots=[("Qué mal", "negativo")])
    rows = [{"text": "Bien", "label": 1}, {"text": "Mal", "label": np.int64(0)}]
    result = classifier.evaluate(rows)
    same = named.evaluate([("Bien", "positivo"), ("Mal", "negativo")])
    assert result.hits == same.hits and result.truth == (1, 0) and type(result.truth[1]) is int
    assert {type(p.label) for p in result.predictions} == {int}
    assert [list(p.label_probs.values()) for p in result.predictions] == [
        list(p.label_probs.values()) for p in same.predictions
    ]
    assert result.confusion.keys() == {0, 1} and list(result.to_frame()["etiqueta"]) == [1, 0]
    assert repr(result.predictions[0]).startswith(f"Prediction({result.predictions[0].label},")
    with pytest.raises(ValueError, match=r"No existe la etiqueta '1'\. Las hay: 1, 0"):
        classifier.evaluate([("Bien", "1")])
    with pytest.raises(ValueError, match=r"está al revés: 1 es una etiqueta.*\('Bien', 1\)"):
        classifier.evaluate([(1, "Bien")])


@pytest.mark.parametrize(
    ("table", "error", "message"),
    [
        ({0.5: ["buena"], 1.5: ["mala"]}, TypeError, "texto o un entero; llegó 0.5"),
        ({None: ["buena"], "-": ["mala"]}, TypeError, "texto o un entero; llegó None"),
        ({1: ["buena"], "1": ["mala"]}, ValueError, "1 y '1' se escriben igual"),
    ],
)
def test_other_labels_are_refused(lm, table, error, message):
    with pytest.raises(error, match=message):
        PromptClassifier(lm, SLIDE, table)
