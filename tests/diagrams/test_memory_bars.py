"""Las barras miden lo que dicen y se cortan donde ya no caben."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import memory_bars

ROWS = {
    "usar": {"pesos": 20.0, "caché": 10.0},
    "entrenar": {"pesos": 20.0, "gradientes": 20.0, "optimizador": 60.0},
    "enorme": {"pesos": 900.0},
}


def bars(rows=ROWS, capacity=80.0):
    page = BeautifulSoup(
        memory_bars(rows, capacity=capacity, title="M")._repr_html_(), "html.parser"
    )
    return page, [r for r in page.find_all("rect") if float(r["height"]) > 12]


def test_widths_are_proportional():
    _, rects = bars()
    widths = [float(r["width"]) for r in rects]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[4] == pytest.approx(3 * widths[3], abs=0.2)


def test_the_limit_is_where_the_memory_ends():
    page, rects = bars()
    unit = float(rects[0]["width"]) / 20
    assert float(page.find("line")["x1"]) == pytest.approx(80 * unit, abs=0.5)


def test_what_does_not_fit_in_the_drawing_is_cut_with_an_arrow():
    page, rects = bars()
    assert len(page.find_all("path")) == 1
    assert float(rects[-1]["width"]) < 400
    assert len(bars({"usar": ROWS["usar"]})[0].find_all("path")) == 0


def test_the_alternative_says_every_part():
    said = repr(memory_bars(ROWS, capacity=80, title="M"))
    assert "usar, 30.0 GB (pesos 20.0, caché 10.0)" in said and "enorme, 900 GB" in said


@pytest.mark.parametrize("rows", [{}, {"usar": {"otra": 1.0}}])
def test_errors_teach(rows):
    with pytest.raises(ValueError, match="optimizador"):
        memory_bars(rows, capacity=80, title="M")
