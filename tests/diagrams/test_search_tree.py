"""El árbol señala la rama voraz, la mejor y las que un haz descarta."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import Branch, search_tree

BRANCHES = [
    Branch(" sal", 0.5, ".", 0.4),
    Branch(" ajo", 0.3, "\n", 0.5),
    Branch(" aceite", 0.2, " de", 0.9),
    Branch(" ir", 0.1, " a", 0.75),
]


def soup(kept):
    return BeautifulSoup(search_tree(BRANCHES, kept=kept, title="T").html, "html.parser")


@pytest.mark.parametrize("kept", [1, 2, 4])
def test_the_discarded_are_dashed(kept):
    dashed = [path.has_attr("stroke-dasharray") for path in soup(kept).find_all("path")]
    # dos trazos por rama: al primer token y al segundo
    assert dashed == [False] * 2 * kept + [True] * 2 * (len(BRANCHES) - kept)


def test_the_best_is_the_largest_product_wherever_it_is():
    said = repr(search_tree(BRANCHES, kept=2, title="T"))
    assert "«sal» 0.5 → «.» 0.4 = 0.2 (voraz; la mejor)." in said
    assert "«ajo» 0.3 → «↵» 0.5 = 0.15." in said
    assert "«aceite» 0.2 → «de» 0.9 = 0.18 (se descarta)." in said
    better = [*BRANCHES[:2], Branch(" aceite", 0.3, " de", 0.9)]
    said = repr(search_tree(better, kept=2, title="T"))
    assert "(voraz)." in said and "(se descarta; la mejor)" in said


def test_everything_fits_in_the_picture():
    svg = soup(3).find("svg")
    width, height = (float(x) for x in svg["viewbox"].split()[2:])
    assert width <= 420
    assert all(
        0 <= float(t["x"]) <= width and 0 < float(t["y"]) < height for t in svg.find_all("text")
    )


def test_an_empty_tree_is_not_drawn():
    with pytest.raises(ValueError, match="al menos una rama"):
        search_tree([], kept=1, title="T")
    with pytest.raises(ValueError, match="ancho 1"):
        search_tree(BRANCHES, kept=0, title="T")
