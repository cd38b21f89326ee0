"""El dibujo dice lo mismo con colores, con palabras y sin verse."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import Piece, prompt_flow

READ = [Piece("instrucción", "Di la capital."), Piece("entrada", "País: Chile\nCapital:")]
WRITTEN = [Piece("respuesta", " <Santiago> ")]


def test_every_piece_is_written_with_its_origin():
    page = BeautifulSoup(prompt_flow(READ, WRITTEN, title="Capitales")._repr_html_(), "html.parser")
    spans = [span.get_text("|") for span in page.find_all("span")]
    assert spans == [
        "instrucción|Di la capital.",
        "entrada|País: Chile\nCapital:",
        "respuesta| <Santiago> ",
    ]
    assert page.find("figcaption").text == "Capitales."


def test_the_alternative_says_it_all():
    said = repr(prompt_flow(READ, WRITTEN, title="Capitales"))
    for piece in (*READ, *WRITTEN):
        assert piece.origin in said and piece.text.split("\n")[0] in said


def test_what_is_not_a_drawing_is_explained():
    with pytest.raises(ValueError, match="no es un origen"):
        Piece("final", "x")
    with pytest.raises(ValueError, match="al menos un trozo"):
        prompt_flow([], WRITTEN, title="Capitales")
