"""Cada casilla lleva su peso, o una cruz si está prohibida."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import color, mask_grid

WEIGHTS = [[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.5, 0.3, 0.2]]
CAUSAL = [[j <= i for j in range(3)] for i in range(3)]


def test_what_is_forbidden_is_crossed_out_and_has_no_number():
    drawn = mask_grid(WEIGHTS, CAUSAL, ["Ana", "<ve>", "sol"], title="Pesos")
    page = BeautifulSoup(drawn._repr_html_(), "html.parser")
    crossed = [p for p in page.find_all("path") if p["stroke"] == color("descartado")]
    texts = [t.text for t in page.find_all("text")]
    assert len(crossed) == 3 and len(page.find_all("rect")) == 9
    assert [t for t in texts if t[0].isdigit()] == ["1.00", "0.25", "0.75", "0.50", "0.30", "0.20"]
    assert "<ve> mira a Ana 0.25, <ve> 0.75." in repr(drawn)


@pytest.mark.parametrize(
    ("weights", "tokens"), [(WEIGHTS, ["a", "b"]), (WEIGHTS[:2], list("abc")), ([], [])]
)
def test_tables_are_square(weights, tokens):
    with pytest.raises(ValueError, match="cuadradas"):
        mask_grid(weights, CAUSAL, tokens, title="Pesos")
