"""Las formas del dibujo son las que da la atención de verdad."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from bs4 import BeautifulSoup

from course_lib.diagrams import attention_flow
from course_lib.transformer import attend, causal_mask


def shape(tensor):
    return " × ".join(str(n) for n in tensor.shape[-2:])


def test_the_shapes_are_those_of_attention():
    n, d, d_h = 4, 12, 3
    x, W = torch.randn(1, 1, n, d), torch.randn(d, d_h)
    mixed, weights = attend(x @ W, x @ W, x @ W, causal_mask(n, n))
    page = BeautifulSoup(attention_flow(n, d, d_h, title="Una")._repr_html_(), "html.parser")
    texts = [t.text for t in page.find_all("text")]
    notes = dict(pairwise(texts))
    assert notes["x"] == shape(x) and notes["Wq"] == shape(W)
    assert notes["consultas q"] == notes["valores v"] == shape(x @ W)
    assert notes["pesos w"] == shape(weights) and notes["salida: w · v"] == shape(mixed)


def test_the_alternative_tells_the_way():
    said = repr(attention_flow(4, 12, 3, title="Una"))
    assert said.startswith("Una. De x, 4 × 12") and "los pesos mezclan los valores" in said


def test_sizes_are_positive():
    with pytest.raises(ValueError, match="positivos"):
        attention_flow(0, 4, 2, title="Una")
