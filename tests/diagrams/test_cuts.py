"""El dibujo de los recortes: lo verde acaba donde dice el recorte, y los números son los de la distribución."""

from __future__ import annotations

import math
import re

import pytest

from course_lib.diagrams import Cut, color, cuts

TOTAL = 1000
FLAT = [1 / TOTAL] * TOTAL
PEAKED = [0.9, *[0.1 / (TOTAL - 1)] * (TOTAL - 1)]


def edges(drawing):
    """Dónde está la línea de corte de cada panel, medida desde su borde izquierdo."""
    found = re.findall(r'<path d="M([\d.]+) [\d.]+ V', drawing.html)
    return [float(x) - 145 * (i % 3) for i, x in enumerate(found)]


def test_the_edge_is_at_the_rank_of_the_cut():
    kept = {"top-k 10": 10, "top-p 0.9": 900, "min-p 0.05": TOTAL}
    found = edges(cuts([Cut("plano", FLAT, kept)], title="T"))
    assert found == pytest.approx([130 * math.log(k, TOTAL) for k in kept.values()], abs=0.1)


def test_the_alternative_says_how_many_and_how_much():
    rows = [
        Cut("seguro", PEAKED, {"top-k 10": 10, "min-p 0.05": 1}),
        Cut("abierto", FLAT, {"top-k 10": 10, "min-p 0.05": TOTAL}),
    ]
    assert repr(cuts(rows, title="T")) == (
        "T. seguro: top-k 10 conserva 10 de 1000 tokens (masa 0.90), "
        "min-p 0.05 conserva 1 de 1000 tokens (masa 0.90). "
        "abierto: top-k 10 conserva 10 de 1000 tokens (masa 0.010), "
        "min-p 0.05 conserva 1000 de 1000 tokens (masa 1.0)."
    )


def test_both_colours_are_there_and_it_is_light():
    long = [1 / (i * 13) for i in range(1, 262145)]
    kept = {"a": 1, "b": 100, "c": 262144}
    drawing = cuts([Cut("x", long, kept), Cut("y", long, kept)], title="T")
    assert color("conservado") in drawing.html and color("descartado") in drawing.html
    assert len(drawing.html.encode()) <= 30_000


def test_rows_with_other_cuts_are_not_drawn():
    with pytest.raises(ValueError, match="los mismos recortes"):
        cuts([Cut("x", FLAT, {"a": 1}), Cut("y", FLAT, {"b": 1})], title="T")
    with pytest.raises(ValueError, match="entre uno y tres"):
        cuts([], title="T")
