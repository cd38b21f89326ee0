"""Un flujo se dibuja fila por fila y su alternativa dice lo mismo."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from course_lib.diagrams import Box, flow

ROWS = {
    "Como LLaVA": [
        Box("imagen <real>"),
        Box("codificador", "7×7", trained=False),
        Box("proyector", "lineal", trained=True),
    ],
    "Sin nada": [Box("imagen"), Box("texto", "tokens")],
}


def test_every_box_is_drawn_in_its_row():
    page = BeautifulSoup(flow(ROWS, title="Dos maneras")._repr_html_(), "html.parser")
    names = [strong.text for strong in page.find_all("strong")]
    expected = [name for row, boxes in ROWS.items() for name in (row, *(b.name for b in boxes))]
    assert names == expected
    assert page.get_text().count("→") == sum(len(boxes) - 1 for boxes in ROWS.values())


def test_what_is_trained_is_seen_without_color():
    page = BeautifulSoup(flow(ROWS, title="Dos maneras")._repr_html_(), "html.parser")
    styles = {
        box.find("strong").text: box["style"] for box in page.select("div[style*=text-align]")
    }
    assert "dashed" in styles["codificador"] and "solid" in styles["proyector"]
    assert "Punteado: quieto" in page.figcaption.text


def test_without_pieces_there_is_no_legend():
    only_data = flow({"": [Box("imagen"), Box("texto")]}, title="Datos")
    assert "Punteado" not in only_data._repr_html_()


def test_the_alternative_says_it_all():
    said = repr(flow(ROWS, title="Dos maneras"))
    assert "Como LLaVA: imagen <real> → codificador (quieto): 7×7" in said
    assert "proyector (se entrena): lineal." in said and "texto: tokens" in said


@pytest.mark.parametrize("rows", [{}, {"vacía": []}])
def test_without_boxes_there_is_no_drawing(rows):
    with pytest.raises(ValueError, match="al menos una caja"):
        flow(rows, title="Nada")
