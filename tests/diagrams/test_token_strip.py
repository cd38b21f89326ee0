"""La tira dice, con subrayado y con palabras, qué tokens se aprenden y cuánto cuesta cada uno."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import token_strip

TOKENS, TRAINED = ["<bos>", "\n", "Hola", "<fin>"], [False, False, True, True]


def spans(drawing):
    return BeautifulSoup(drawing._repr_html_(), "html.parser").find_all("span")


def test_every_token_is_there_and_those_that_count_are_underlined():
    found = spans(token_strip(TOKENS, TRAINED, title="Tira"))
    assert [span.text for span in found] == ["<bos>", "↵", "Hola", "<fin>"]
    assert ["solid" in span["style"] for span in found] == TRAINED


def test_the_dearest_token_is_the_darkest():
    found = spans(token_strip(TOKENS, TRAINED, values=[None, None, 0.5, 4.0], title="Tira"))
    assert [span.small.text if span.small else None for span in found] == [None, None, "0.5", "4.0"]
    alpha = [float(span["style"].split("rgba(")[1].split(")")[0].split(",")[-1]) for span in found]
    assert alpha[3] > alpha[2]


def test_the_alternative_says_it_all():
    said = repr(token_strip(TOKENS, TRAINED, values=[None, None, 0.5, 4.0], title="Tira"))
    assert said == "Tira. Se lee: «<bos>» «↵». Se aprende: «Hola» 0.5 «<fin>» 4.0."
    assert "Se aprende" not in repr(token_strip(["a"], [False], title="Tira"))


def test_lists_of_other_lengths_are_not_drawn():
    with pytest.raises(ValueError, match="deben ser los mismos"):
        token_strip(TOKENS, TRAINED[:2], title="Tira")
    with pytest.raises(ValueError, match="deben ser los mismos"):
        token_strip(TOKENS, TRAINED, values=[1.0], title="Tira")
