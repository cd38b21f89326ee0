"""La cadena tiene una flecha por paso; el grafo, una por cada par que se mira."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import color, reading_order


@pytest.mark.parametrize("count", [3, 6, 7])
def test_every_pair_has_its_arrow(count):
    tokens = [f"t{i}" for i in range(count)]
    page = BeautifulSoup(reading_order(tokens, title="Leer")._repr_html_(), "html.parser")
    marked = [line for line in page.find_all("line") if line["stroke"] == color("conservado")]
    assert len(marked) == (count - 1) + 1  # la cadena, y un solo paso en el grafo
    assert len(page.find_all("line")) == count + (count - 1) + count * (count + 1) // 2
    assert [t.text for t in page.find_all("text")].count("t0") == 2


def test_the_alternative_counts_the_steps():
    said = repr(reading_order(list("abcd"), title="Leer"))
    assert "hay 3 pasos" in said and "hay 1 paso." in said


@pytest.mark.parametrize("count", [2, 8])
def test_only_what_can_be_read(count):
    with pytest.raises(ValueError, match="de 3 a 7"):
        reading_order(["x"] * count, title="Leer")
