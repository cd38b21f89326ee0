"""El clasificador junta las piezas: mismas predicciones que un bucle ingenuo, con menos lecturas."""

from __future__ import annotations

import math

import pytest

from course_lib.data import Review
from course_lib.prompting import (
    CONTENT_FREE,
    MaxOf,
    MeanOf,
    Pmi,
    PromptClassifier,
    SumOf,
    Template,
    Verbalizer,
)
from course_lib.prompting.scores import softmax

from .conftest import by_hand

PATTERN = "[X]. En general la película me pareció [Z]."
TABLE = {"positivo": ["buena", "bacán"], "negativo": ["mala", "terrible"]}
SHOTS = [("Amé esa historia", "positivo"), ("Odié esa historia.", "negativo")]
TEXTS = ["Qué película", "Una historia mala, mala.", "Bien", "No me gustó nada", "Sí"]


def naive_scores(lm, text: str, shots=()) -> dict[str, float]:
    """Lo mismo, escrito sin la biblioteca: un prompt de texto y una pasada por candidata."""
    words = {"positivo": "buena", "negativo": "mala"}
    head = "".join(
        f"{x.rstrip('.')}. En general la película me pareció {words[y]}.\n\n" for x, y in shots
    )
    context = f"{head}{text.rstrip('.')}. En general la película me pareció"
    scores = {}
    for z in ("buena", "bacán", "mala", "terrible"):
        whole = lm.encode(f"{context} {z}.")
        n = len(lm.encode(context))
        scores[z] = by_hand(lm, whole[:n], whole[n:])
    return scores


@pytest.mark.parametrize("shots", [(), SHOTS])
def test_equals_a_naive_loop(lm, shots):
    classifier = PromptClassifier(lm, PATTERN, TABLE, shots=shots)
    for text, prediction in zip(TEXTS, classifier.predict_many(TEXTS), strict=True):
        scores = naive_scores(lm, text, shots)
        assert prediction.answer_scores == pytest.approx(scores, abs=1e-5)
        probs = softmax(scores)
        positive = probs["buena"] + probs["bacán"]
        assert prediction.label_probs["positivo"] == pytest.approx(positive, abs=1e-5)
        assert prediction.label == ("positivo" if positive > 0.5 else "negativo")
        assert prediction.answer == max(scores, key=scores.get)


@pytest.mark.parametrize("options", [{}, {"score": Pmi()}, {"calibrate": True}, {"shots": SHOTS}])
def test_one_by_one_equals_all_together(lm, options):
    classifier = PromptClassifier(lm, PATTERN, TABLE, **options)
    for text, together in zip(TEXTS, classifier.predict_many(TEXTS), strict=True):
        alone = classifier.predict(text)
        assert alone.label == together.label
        assert alone.label_probs == pytest.approx(together.label_probs, abs=1e-5)


def test_shots_are_read_once(lm):
    """Los tokens leídos son los ejemplos una vez y, por texto, lo suyo y las colas de las candidatas."""
    read = []
    forward = lm.model.forward
    lm.model.forward = lambda *a, **k: read.append(k["input_ids"].numel()) or forward(*a, **k)
    try:
        classifier = PromptClassifier(lm, PATTERN, TABLE, shots=SHOTS * 4)
        classifier.predict_many(TEXTS)
    finally:
        del lm.model.forward
    head = len(lm.encode("".join(part.text for part in classifier.prompt("").parts[:8])))
    own = sum(len(lm.encode(Template(PATTERN).fill(text, "terrible").text)) for text in TEXTS)
    tails = 4 * 6 * len(TEXTS)
    assert sum(read) <= head + own + tails
    assert head > 3 * own / len(TEXTS)  # si no, la prueba no diría nada


def test_calibration_uses_shots_and_content_free_inputs(lm):
    plain = PromptClassifier(lm, PATTERN, TABLE, shots=SHOTS)
    calibrated = PromptClassifier(lm, PATTERN, TABLE, shots=SHOTS, calibrate=True)
    rows = [p.label_probs for p in plain.predict_many(CONTENT_FREE)]
    mean = sum(row["positivo"] for row in rows) / 3
    assert calibrated.calibration.content_free["positivo"] == pytest.approx(mean, abs=1e-6)
    for text in TEXTS:
        p = plain.predict(text).label_probs["positivo"]
        odds = p / (1 - p) * (1 - mean) / mean
        q = calibrated.predict(text).label_probs["positivo"]
        assert q == pytest.approx(odds / (1 + odds), abs=1e-5)


def test_aggregate_changes_the_decision_it_should(lm):
    found = [
        PromptClassifier(lm, PATTERN, TABLE, aggregate=a).predict("Bien").label_probs
        for a in (SumOf(), MeanOf(), MaxOf())
    ]
    scores = softmax(naive_scores(lm, "Bien"))
    best = {"positivo": max(scores["buena"], scores["bacán"])}
    best["negativo"] = max(scores["mala"], scores["terrible"])
    assert found[0] == pytest.approx(found[1], abs=1e-6)  # dos respuestas por etiqueta
    assert found[2]["positivo"] == pytest.approx(best["positivo"] / sum(best.values()), abs=1e-5)


def test_evaluation(lm):
    classifier = PromptClassifier(lm, PATTERN, TABLE)
    examples = [(text, "positivo") for text in TEXTS[:3]] + [
        (text, "negativo") for text in TEXTS[3:]
    ]
    result = classifier.evaluate(examples)
    labels = [p.label for p in classifier.predict_many(TEXTS)]
    assert result.hits == tuple(a == b for a, (_, b) in zip(labels, examples, strict=True))
    assert result.accuracy == sum(result.hits) / 5 and result.n == 5 and result.chance == 0.5
    assert result.accuracy in result.interval
    assert sum(sum(row.values()) for row in result.confusion.values()) == 5
    assert sum(result.confusion[label][label] for label in result.labels) == sum(result.hits)
    assert list(result.to_frame()["predicha"]) == labels
    assert "azar 0.50" in repr(result) and "n = 5" in repr(result)
    assert result.confusion_frame().loc["positivo"].sum() == 3


def test_evaluation_accepts_reviews(lm):
    review = Review("r", "Bien", "positivo", "prueba", "prensa", "neutro", "directa")
    assert PromptClassifier(lm, PATTERN, TABLE).evaluate([review]).truth == ("positivo",)


def test_what_is_cut_is_said(short_lm):
    prediction = PromptClassifier(short_lm, PATTERN, TABLE).predict("palabra " * 50)
    assert prediction.prompt.cut > 0 and f"sin {prediction.prompt.cut} palabras" in repr(prediction)
    assert math.isfinite(sum(prediction.answer_scores.values()))


def test_wrong_uses_teach(lm):
    classifier = PromptClassifier(lm, PATTERN, TABLE, shots=SHOTS)
    with pytest.raises(ValueError, match="No hay ejemplos"):
        classifier.evaluate([])
    with pytest.raises(ValueError, match="No existe la etiqueta 'neutro'"):
        classifier.evaluate([("Bien", "neutro")])
    with pytest.raises(ValueError, match="está entre los ejemplos del prompt"):
        classifier.evaluate([SHOTS[0]])
    with pytest.raises(TypeError, match="usa evaluate"):
        classifier.predict_many([("Bien", "positivo")])
    with pytest.raises(TypeError, match=r"par \(texto, etiqueta\)"):
        classifier.evaluate(["Bien"])
    with pytest.raises(TypeError, match="No existe aggregate='suma'"):
        PromptClassifier(lm, PATTERN, TABLE, aggregate="suma")
    with pytest.raises(ValueError, match="No existe la etiqueta 'bueno'"):
        PromptClassifier(lm, PATTERN, TABLE, shots=[("Bien", "bueno")])


def test_repr_says_what_it_is(lm):
    shown = repr(PromptClassifier(lm, PATTERN, Verbalizer(TABLE), shots=SHOTS, calibrate=True))
    assert "positivo ← buena, bacán" in shown and "2 ejemplos, calibrado" in shown


@pytest.mark.models
def test_calibrated_content_free_input_is_uniform_in_gemma(gemma, monkeypatch):
    monkeypatch.setattr("course_lib.prompting.classifier.CONTENT_FREE", ("N/A",))
    classifier = PromptClassifier(gemma, PATTERN, TABLE, calibrate=True)
    assert list(classifier.predict("N/A").label_probs.values()) == pytest.approx(
        [0.5, 0.5], abs=1e-4
    )
