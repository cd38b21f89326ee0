"""Cada vuelta lee lo escrito antes, y la elegida se distingue con algo más que un color."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import Prediction, predict_loop

TURNS = [
    Prediction(((" té", 0.4), (" <b>", 0.1))),
    Prediction(((".", 0.2), (" verde", 0.1)), chosen=1),
]


def page(drawing):
    return BeautifulSoup(drawing._repr_html_(), "html.parser")


def test_each_turn_reads_what_the_others_wrote():
    drawn = predict_loop("Una taza de", TURNS, title="Dos vueltas")
    turns = [box for box in page(drawn).find_all("div") if "border-radius:.6rem" in box["style"]]
    read = [
        "".join(span.text for span in turn.div.find_all("span", recursive=False)) for turn in turns
    ]
    assert read == ["Una taza de", "Una taza de té"]
    assert [strong.text for turn in turns for strong in turn.find_all("strong")] == [
        "« té» ✓",
        "« verde» ✓",
    ]


def test_bars_share_a_scale():
    bars = [
        float(span["style"].split("width:")[1].split("%")[0])
        for span in page(predict_loop("Una", TURNS, title="T")).find_all("span")
        if "height:.75em" in span.get("style", "")
    ]
    assert bars == [100, 25, 50, 25]


def test_the_alternative_says_it_all():
    assert repr(predict_loop("Una taza de", TURNS, title="Dos vueltas")) == (
        "Dos vueltas. Lee «Una taza de»: « té» 0.40, « <b>» 0.10; agrega « té». "
        "Lee «Una taza de té»: «.» 0.20, « verde» 0.10; agrega « verde»."
    )


def test_nothing_to_draw_is_explained():
    with pytest.raises(ValueError, match="al menos una predicción"):
        predict_loop("Una", [], title="T")
