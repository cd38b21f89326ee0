"""Cada clave y valor abarca las cabezas que la comparten."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import head_groups


def test_a_group_is_as_wide_as_its_heads():
    page = BeautifulSoup(head_groups(9, 3, 64, title="Cabezas")._repr_html_(), "html.parser")
    boxes = [(float(r["x"]), float(r["width"])) for r in page.find_all("rect")]
    queries, groups = boxes[:9], boxes[9:12]
    for g, (x, width) in enumerate(groups):
        mine = queries[3 * g : 3 * g + 3]
        assert x == pytest.approx(mine[0][0], abs=0.2)
        assert x + width == pytest.approx(mine[-1][0] + mine[-1][1], abs=0.2)
    assert "576 × 576" in page.text


def test_the_alternative_says_who_shares():
    assert "cada uno sirve a 3 cabezas" in repr(head_groups(9, 3, 64, title="Cabezas"))


@pytest.mark.parametrize(("heads", "groups"), [(9, 2), (4, 0), (16, 4), (2, 4)])
def test_groups_divide_heads(heads, groups):
    with pytest.raises(ValueError, match="dividen"):
        head_groups(heads, groups, 8, title="Cabezas")
