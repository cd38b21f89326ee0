"""Una receta se dibuja en orden y su alternativa dice lo mismo."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import Stage, stages

STEPS = [
    Stage("Leer", "textos <libres>", "adivinar", "un modelo base"),
    Stage("Ajustar", "ejemplos", "responder", "otro", here=True),
]


def test_every_stage_says_what_goes_in_and_out():
    page = BeautifulSoup(stages(STEPS, title="Receta")._repr_html_(), "html.parser")
    assert [strong.text for strong in page.find_all("strong")] == ["1. Leer", "2. Ajustar"]
    text = page.get_text(" ")
    for step in STEPS:
        assert step.data in text and step.goal in text and step.result in text
    assert [em.text for em in page.find_all("em")] == ["este capítulo"]
    borders = [box["style"].split(";") for box in page.select("figure > div > div:has(> strong)")]
    assert [any("209, 97, 10" in rule for rule in rules) for rules in borders] == [False, True]


def test_the_alternative_says_it_all():
    said = repr(stages(STEPS, title="Receta"))
    for step in STEPS:
        assert step.data in said and step.goal in said and step.result in said
    assert "2. Ajustar (este capítulo)" in said


def test_without_stages_there_is_no_drawing():
    with pytest.raises(ValueError, match="al menos una"):
        stages([], title="Receta")
