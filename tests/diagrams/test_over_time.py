"""La línea pasa por cada probabilidad, y la franja cae sobre los tokens repetidos."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import over_time

PROBS, OTHER, AGAIN = [0.0, 0.5, 1.0, 0.25], [0.5] * 4, [False, False, True, True]


def soup(drawing):
    return BeautifulSoup(drawing.html, "html.parser")


def test_every_probability_is_at_its_height():
    line = soup(over_time({"a": PROBS}, title="T")).find("path", attrs={"stroke-linejoin": "round"})
    heights = [float(point.split()[1]) for point in line["d"][1:].split(" L")]
    assert heights == pytest.approx([26 + 130 * (1 - p) for p in PROBS], abs=0.05)


def test_the_bands_cover_the_marked_tokens():
    drawn = soup(over_time({"a": PROBS, "b": OTHER}, again=AGAIN, title="T"))
    bands = [float(rect["x"]) for rect in drawn.find_all("rect")]
    step = (420 - 32 - 6) / 3
    assert bands == pytest.approx([32 + step * (i - 0.5) for i in (2, 3)], abs=0.06)
    assert "Franja" in drawn.figcaption.text and "Punteado: b" in drawn.figcaption.text


def test_the_alternative_says_the_means():
    said = repr(over_time({"a": PROBS, "b": OTHER}, again=AGAIN, title="T"))
    assert said == "T. a: media 0.44; 0.25 donde no repite y 0.62 donde repite. b: media 0.50."
    assert "Franja" not in over_time({"a": PROBS}, title="T").html


def test_series_of_other_lengths_are_not_drawn():
    for series, again in [({"a": PROBS, "b": [1.0]}, ()), ({"a": PROBS}, [True]), ({}, ())]:
        with pytest.raises(ValueError, match="una o dos series"):
            over_time(series, again=again, title="T")
