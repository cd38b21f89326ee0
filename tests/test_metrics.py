"""Los intervalos son los de la literatura y cubren lo que dicen cubrir."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.metrics import Interval, bootstrap_interval, wilson_interval


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_solves_its_equation(case):
    """Los extremos son las p0 con |p − p0| = z·√(p0(1 − p0)/n), y contienen a p."""
    successes, n = case
    found = wilson_interval(successes, n)
    p = successes / n
    assert found.low <= p <= found.high and 0 <= found.low < found.high <= 1
    for bound in (found.low, found.high):
        if 0 < bound < 1:
            margin = 1.959964 * math.sqrt(bound * (1 - bound) / n)
            assert abs(p - bound) == pytest.approx(margin, rel=1e-4, abs=1e-7)


def test_wilson_known_value_and_coverage():
    found = wilson_interval(8, 10)  # valores de las tablas: 0.490 y 0.943
    assert (found.low, found.high) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    draws = np.random.default_rng(0).binomial(100, 0.7, size=2000)
    covered = np.mean([0.7 in wilson_interval(int(k), 100) for k in draws])
    assert 0.93 <= covered <= 0.97


def test_wilson_extremes_have_width():
    assert wilson_interval(0, 20).low == 0 and wilson_interval(0, 20).high > 0.1
    assert wilson_interval(20, 20).high == 1 and wilson_interval(20, 20).low < 0.9


def test_more_confidence_is_wider():
    assert wilson_interval(5, 10, 0.99).width > wilson_interval(5, 10, 0.8).width


def test_bootstrap_of_a_mean_is_near_the_normal_one():
    values = np.random.default_rng(1).normal(size=400)
    found = bootstrap_interval(values)
    half = 1.96 * values.std() / 20
    assert found.low == pytest.approx(values.mean() - half, abs=0.02)
    assert found.high == pytest.approx(values.mean() + half, abs=0.02)
    assert bootstrap_interval(values) == found  # con semilla, siempre igual
    assert bootstrap_interval(values, seed=1) != found


def test_bootstrap_keeps_pairs_together():
    hits = np.array([[1, 0]] * 30 + [[1, 1]] * 30 + [[0, 0]] * 40)
    found = bootstrap_interval(hits, lambda sample: sample[:, 0].mean() - sample[:, 1].mean())
    assert 0.3 in found and found.width < 0.2


def test_errors_teach():
    with pytest.raises(ValueError, match="3 aciertos de 2 casos"):
        wilson_interval(3, 2)
    with pytest.raises(ValueError, match="al menos un caso"):
        wilson_interval(0, 0)
    with pytest.raises(ValueError, match="No hay valores"):
        bootstrap_interval([])
    with pytest.raises(ValueError, match="confidence=95"):
        wilson_interval(1, 2, 95)


def test_interval_reads_well():
    assert repr(Interval(0.6714, 0.816)) == "[0.67, 0.82]"
