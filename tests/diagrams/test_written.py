"""Los textos lado a lado dicen quién escribió qué, y marcan justo lo que se repite."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.decoding import repetition
from course_lib.diagrams import Written, repeated, side_by_side


def test_a_token_is_repeated_if_its_group_was_already_there():
    assert repeated([7, 1, 2, 3, 4, 1, 2, 3, 4, 5]) == [False] * 5 + [True] * 4 + [False]
    assert repeated([1] * 6) == [False] + [True] * 5  # grupos que se superponen
    assert repeated([1, 2], n=4) == [False, False]


@pytest.mark.parametrize("ids", [[1, 2, 3, 4, 1, 2, 3, 4], [5] * 9, list(range(12))])
def test_there_is_a_mark_when_and_only_when_the_measure_sees_it(ids):
    assert any(repeated(ids)) == (repetition(ids) > 0)


def test_what_is_repeated_is_underlined_and_nothing_else():
    text = Written("voraz", [" a", " b", " <c>", " a"], [False, False, True, True], "log P −1")
    soup = BeautifulSoup(side_by_side("Uno\ndos", [text], title="T")._repr_html_(), "html.parser")
    assert [span.text for span in soup.find_all("span")] == [" <c> a"]
    assert "underline" in soup.find("span")["style"]
    assert "log P −1" in soup.text and "Subrayado" in soup.figcaption.text


def test_without_repetition_there_is_no_legend():
    drawing = side_by_side("Uno", [Written("τ = 1", ["x"], [False])], title="T")
    assert "Subrayado" not in drawing.html


def test_the_alternative_has_every_text():
    texts = [Written("A", [" sí\n"], [False]), Written("B", [" no", " no"], [False, True], "n")]
    said = repr(side_by_side("Di\nalgo", texts, title="Dos"))
    assert said == (
        "Dos. Después de «Di↵algo»: A: «sí↵». B: «no no» (n), con 1 de 2 tokens repetidos."
    )


def test_what_cannot_be_drawn_is_said():
    with pytest.raises(ValueError, match="2 tokens y 1 marcas"):
        Written("A", ["a", "b"], [True])
    with pytest.raises(ValueError, match="al menos uno"):
        side_by_side("Uno", [], title="T")
    with pytest.raises(ValueError, match="al menos un token"):
        repeated([1], n=0)
