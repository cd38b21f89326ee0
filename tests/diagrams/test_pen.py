"""Los trazos de un SVG: lo que se escribe va escapado y una flecha termina donde debe."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import color
from course_lib.diagrams.pen import arrow, box, label


def read(drawn):
    return BeautifulSoup(drawn, "html.parser")


def test_texts_are_escaped():
    assert read(label(0, 0, "<b>&")).text == "<b>&"
    assert read(box(0, 0, 9, 9, "<x>", note="<y>")).find_all("text")[1].text == "<y>"


def test_a_box_has_the_color_of_its_role():
    assert read(box(0, 0, 9, 9, "x", role="entrada")).rect["stroke"] == color("entrada")
    assert read(box(0, 0, 9, 9, "x")).rect["fill"] == "none"


@pytest.mark.parametrize("end", [(30, 40), (-30, 0), (0, -25)])
def test_an_arrow_points_at_its_end(end):
    drawn = read(arrow(0, 0, *end))
    tip = [float(x) for x in drawn.polygon["points"].split()[0].split(",")]
    assert tip == [float(x) for x in end]
    shaft = (float(drawn.line["x2"]), float(drawn.line["y2"]))
    assert shaft[0] ** 2 + shaft[1] ** 2 < end[0] ** 2 + end[1] ** 2
