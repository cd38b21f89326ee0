"""Calibrar con una entrada la deja uniforme, y equivale a multiplicar por diag(p_cf)⁻¹."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from course_lib.prompting import Calibration

LABELS = ("a", "b", "c")
probs = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(
    lambda xs: {k: x / sum(xs) for k, x in zip(LABELS, xs, strict=True)}
)


@given(probs)
def test_content_free_input_becomes_uniform(p):
    assert list(Calibration.from_probs([p])(p).values()) == pytest.approx([1 / 3] * 3)


@given(probs, probs)
def test_equals_the_matrix_of_the_paper(p_cf, p):
    w = torch.diag(torch.tensor(list(p_cf.values()), dtype=torch.float64)).inverse()
    q = w @ torch.tensor(list(p.values()), dtype=torch.float64)
    expected = (q / q.sum()).tolist()
    assert list(Calibration(p_cf)(p).values()) == pytest.approx(expected)


def test_several_inputs_are_averaged():
    rows = [{"a": 0.9, "b": 0.1}, {"a": 0.5, "b": 0.5}]
    assert Calibration.from_probs(rows).content_free == pytest.approx({"a": 0.7, "b": 0.3})


def test_zero_probability_teaches():
    with pytest.raises(ValueError, match="no es positiva, y calibrar divide"):
        Calibration({"a": 1.0, "b": 0.0})
    with pytest.raises(ValueError, match="al menos una entrada sin contenido"):
        Calibration.from_probs([])


@pytest.mark.parametrize("probs", [{"a": 1.0}, {"a": 0.5, "c": 0.5}, {"a": 0.0, "b": 0.0}])
def test_other_labels_teach(probs):
    with pytest.raises(ValueError, match="deben ser las mismas etiquetas"):
        Calibration({"a": 0.5, "b": 0.5})(probs)
