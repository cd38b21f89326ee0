"""El plano: dónde cae cada modelo, la recta de la proporción y las de igual cómputo."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import compute_plane

MODELS = {"justo": (1e9, 20e9), "poco <leído>": (1e11, 1e11), "mucho": (1e8, 1e12)}


def drawn(**options):
    drawing = compute_plane(MODELS, ratio=20, title="Plano", **options)
    return BeautifulSoup(drawing._repr_html_(), "html.parser")


def side(line, x, y):
    """De qué lado de la línea está un punto: positivo, por debajo (la y de un SVG crece hacia abajo)."""
    x1, y1, x2, y2 = (float(line[name]) for name in ("x1", "y1", "x2", "y2"))
    return (y - y1) - (y2 - y1) * (x - x1) / (x2 - x1)


def test_the_line_separates_who_read_more():
    page = drawn()
    dots = [(float(c["cx"]), float(c["cy"])) for c in page.find_all("circle")]
    found = [side(page.find("line"), *dot) for dot in dots]
    assert found[0] == pytest.approx(0, abs=0.5)
    assert found[1] > 5 and found[2] < -5


def test_a_budget_passes_through_the_models_that_spend_it():
    page = drawn(budgets=[6 * 1e9 * 20e9])
    _, budget = page.find_all("line")
    dot = page.find("circle")
    assert side(budget, float(dot["cx"]), float(dot["cy"])) == pytest.approx(0, abs=0.5)


def test_lines_stay_inside():
    for line in drawn(budgets=[1e19, 1e21, 1e23]).find_all("line"):
        assert all(40 <= float(line[x]) <= 384 for x in ("x1", "x2"))
        assert all(9 <= float(line[y]) <= 291 for y in ("y1", "y2"))


def test_a_budget_out_of_the_plane_is_not_drawn():
    assert len(drawn(budgets=[1e3]).find_all("line")) == 1


def test_the_alternative_says_the_ratios():
    said = repr(compute_plane(MODELS, ratio=20, title="Plano"))
    assert "justo: 20.0 tokens por parámetro" in said and "poco <leído>: 1.00" in said


def test_the_plane_needs_a_model():
    with pytest.raises(ValueError, match="al menos un modelo"):
        compute_plane({}, ratio=20, title="Nada")
