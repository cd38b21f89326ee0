"""El dibujo de los tres pasos lleva los números que recibe, y su alternativa los dice."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import three_steps

PARTS = [
    ("Amé <esa>", "entrada"),
    (". Es ", "plantilla"),
    ("[Z]", "respuesta"),
    (".", "plantilla"),
]
PROBS = {"buena": 0.6, "bacán": 1e-6, "mala": 0.4}
LABELS = {"positivo": ["buena", "bacán"], "negativo": ["mala"]}


def drawn(**changes):
    given = {"parts": PARTS, "probs": PROBS, "labels": LABELS, "title": "Tres pasos"} | changes
    return three_steps(**given)


def page(**changes):
    return BeautifulSoup(drawn(**changes)._repr_html_(), "html.parser")


def test_the_prompt_is_read_whole_and_each_piece_has_its_own_line():
    boxes = page().select("figure > div > div:has(> strong)")
    assert [box.strong.text for box in boxes] == [
        "Texto",
        "1. Prompt",
        "2. Respuesta",
        "3. Etiqueta",
    ]
    pieces = boxes[1].div.select("span")
    assert [span.text for span in pieces] == [text for text, _ in PARTS]
    lines = [span["style"].split("border-bottom:")[1].split(";")[0] for span in pieces]
    assert len(set(lines)) == 3 and lines[1] == lines[3]  # se distinguen también sin color
    assert [span.text for span in boxes[1].small.select("span")] == [
        "entrada",
        "plantilla",
        "respuesta",
    ]


def test_what_wins_is_marked_and_the_bars_measure_the_probability():
    boxes = page().select("figure > div > div:has(> strong)")
    answers, labels = boxes[2].get_text(" "), boxes[3].get_text(" ")
    assert "✓ buena" in answers and answers.count("✓") == 1
    assert "✓ positivo" in labels and "= buena + bacán" in labels
    widths = [
        float(bar["style"].split("width:")[1].split("%")[0])
        for bar in boxes[2].select("div")
        if "height:.45rem" in bar.get("style", "")
    ]
    assert widths == [60.0, 0.5, 40.0]  # la más pequeña se ve
    assert boxes[2].sup.text == "−6"


def test_a_label_wins_by_the_sum_of_its_answers():
    probs = {"buena": 0.3, "bacán": 0.3, "mala": 0.4}
    assert "gana mala. 3. Etiqueta: positivo 0.600, negativo 0.400; gana positivo." in repr(
        drawn(probs=probs)
    )


def test_the_alternative_says_it_all():
    said = repr(drawn())
    for text, source in PARTS:
        assert f"{source} «{text}»" in said
    assert "buena 0.600" in said and "bacán 1.00·10^−6" in said


@pytest.mark.parametrize(
    "changes",
    [{"labels": {"positivo": ["buena"], "negativo": ["mala"]}}, {"parts": []}],
    ids=["sin etiqueta", "sin prompt"],
)
def test_what_cannot_be_drawn_teaches(changes):
    with pytest.raises(ValueError, match="deben ser las mismas"):
        drawn(**changes)
