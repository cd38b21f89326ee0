"""Una caja por token, con su número si se pide, y lo que no es una letra entera se distingue."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import token_boxes

ROWS = {"Grande": ["La", " niña", "\n"], "Chico": ["La", " ni", "�", "�", "a"]}


def boxes(drawing):
    return BeautifulSoup(drawing._repr_html_(), "html.parser").find_all("span")


def test_there_is_a_box_for_each_token():
    found = boxes(token_boxes(ROWS, title="Cajas"))
    assert [box.text for box in found] == ["La", "␣niña", "↵", "La", "␣ni", "�", "�", "a"]
    assert ["dashed" in box["style"] for box in found] == [False] * 5 + [True, True, False]


def test_neighbours_have_another_tint():
    found = boxes(token_boxes({"A": ["a", "b", "c"]}, title="Cajas"))
    tints = [box["style"].split("background:")[1].split(";")[0] for box in found]
    assert tints[0] == tints[2] != tints[1]


def test_numbers_go_below_their_token():
    found = boxes(token_boxes({"A": ["La", " ni"]}, ids={"A": [5, 77]}, title="Cajas"))
    assert [box.small.text for box in found] == ["5", "77"]
    with pytest.raises(ValueError, match="En A hay 2 tokens y 1 números"):
        token_boxes({"A": ["La", " ni"]}, ids={"A": [5]}, title="Cajas")


def test_the_alternative_says_it_all():
    drawn = token_boxes(ROWS, title="Cajas")
    assert repr(drawn) == "Cajas. Grande, 3 tokens: La|␣niña|↵. Chico, 5 tokens: La|␣ni|�|�|a."
    assert "parte de una letra" in drawn._repr_html_()
    assert "parte de una letra" not in token_boxes({"A": ["a"]}, title="Cajas")._repr_html_()


def test_nothing_to_draw_is_explained():
    for rows in ({}, {"A": []}):
        with pytest.raises(ValueError, match="al menos un token"):
            token_boxes(rows, title="Cajas")
