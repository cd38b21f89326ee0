"""La escala pone cada modelo en la potencia de diez que le toca."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import size_scale

SIZES = {"chico": 1e8, "medio <real>": 1e9, "grande": 1e11}


def drawn(**options):
    return BeautifulSoup(size_scale(SIZES, title="Tres", **options)._repr_html_(), "html.parser")


def test_each_power_of_ten_is_the_same_step():
    x = [float(dot["cx"]) for dot in drawn().find_all("circle")]
    assert x[2] - x[1] == pytest.approx(2 * (x[1] - x[0]), abs=0.2)


def test_names_and_sizes_are_written():
    texts = [text.text for text in drawn().find_all("text")]
    assert {"chico", "medio <real>", "grande"} <= set(texts)
    assert {"0.1e9", "1.0e9", "100e9"} <= set(texts)


def test_hollow_dots_are_seen_without_color():
    dots = drawn(hollow={"chico": True}).find_all("circle")
    assert [dot["fill"] for dot in dots] == ["none", "currentColor", "currentColor"]


def test_the_ratio_is_said_and_drawn():
    page = drawn(compare=("chico", "grande"))
    assert any(text.text == "× 1000" for text in page.find_all("text"))
    said = repr(size_scale(SIZES, compare=("chico", "grande"), title="Tres"))
    assert "grande / chico: 1000 veces" in said and "medio <real>: 1.0e9 parámetros" in said


@pytest.mark.parametrize("sizes", [{}, {"uno": 1e9}, {"uno": 1e9, "nada": 0}])
def test_a_scale_needs_two_sizes(sizes):
    with pytest.raises(ValueError, match="al menos dos"):
        size_scale(sizes, title="Nada")
