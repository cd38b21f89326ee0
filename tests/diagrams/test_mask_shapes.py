"""Las casillas permitidas son las de cada máscara."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import color, mask_shapes


def test_each_mask_allows_what_it_should():
    page = BeautifulSoup(mask_shapes(5, 4, title="Tres")._repr_html_(), "html.parser")
    allowed = [
        sum(cell["stroke"] == color("conservado") for cell in grid.find_all("rect"))
        for grid in page.find_all("svg")
    ]
    assert allowed == [25, 10, 25, 10, 20]
    assert [len(grid.find_all("rect")) for grid in page.find_all("svg")] == [25, 16, 25, 16, 20]


def test_the_alternative_explains_cross_attention():
    said = repr(mask_shapes(3, 3, title="Tres"))
    assert "la atención cruzada" in said and "hacia atrás" in said


@pytest.mark.parametrize("sizes", [(1, 4), (4, 8)])
def test_only_what_fits(sizes):
    with pytest.raises(ValueError, match="de 2 a 7"):
        mask_shapes(*sizes, title="Tres")
